"""Decompression in small steps, so that a limit stops it and a broken stream gives what it has.

Sources: RFC 1950, 1951 (deflate), RFC 7932 (brotli), RFC 8878 (zstd), xz-file-format.txt (xz, LZMA).
"""

from __future__ import annotations

import bz2
import io
import lzma
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, Protocol

import brotli
import inflate64
import zstandard

from dlp_proxy.unpack.budget import Exhausted, Meter

type Codec = Literal["deflate", "deflate64", "zlib", "gzip", "bzip2", "br", "zstd", "xz", "lzma"]

PIECE: Final = 256 * 1024
_WINDOW: Final = 128 * 1024 * 1024  # memory one zstd frame may ask for
_WIDEST: Final = 17
"""The exponent of that window, less ten."""
_LZMA_MEMORY: Final = 128 * 1024 * 1024
BROKEN: Final = (zlib.error, brotli.error, zstandard.ZstdError, lzma.LZMAError, OSError, EOFError, ValueError)


@dataclass(frozen=True, slots=True)
class Inflated:
    """What one compressed stream gave.

    Attributes:
        data: everything up to the end, the break, or the limit.
        end: offset in the input after the stream, or after the byte it broke at.
        problem: what is broken, for people; empty when nothing.
        exhausted: to be raised once `data` was passed on.
    """

    data: bytes
    end: int
    problem: str = ""
    exhausted: Exhausted | None = None


class _Decoder(Protocol):
    """One stream. `hungry` says that it has no more to give without input; `rest` is input after its end."""

    step: int
    hungry: bool
    done: bool
    rest: bytes

    def feed(self, data: bytes, most: int) -> bytes: ...


class _Zlib:
    step = 32 * 1024

    def __init__(self, wbits: int) -> None:
        self._stream = zlib.decompressobj(wbits)
        self.hungry, self.done, self.rest = True, False, b""

    def feed(self, data: bytes, most: int) -> bytes:
        output = self._stream.decompress(self._stream.unconsumed_tail + data, most)
        self.hungry = not self._stream.unconsumed_tail and len(output) < most
        self.done, self.rest = self._stream.eof, self._stream.unused_data
        return output


class _Block:
    """bzip2 and LZMA: the standard library gives both one interface."""

    step = 32 * 1024

    def __init__(self, stream: bz2.BZ2Decompressor | lzma.LZMADecompressor) -> None:
        self._stream = stream
        self.hungry, self.done, self.rest = True, False, b""

    def feed(self, data: bytes, most: int) -> bytes:
        output = self._stream.decompress(data, most)
        self.hungry, self.done = self._stream.needs_input, self._stream.eof
        self.rest = self._stream.unused_data if self.done else b""
        return output


class _Brotli:
    step = 4 * 1024
    rest = b""  # the library fails on bytes after the end; stepwise feeding then finds the end

    def __init__(self) -> None:
        self._stream = brotli.Decompressor()
        self.hungry, self.done = True, False

    def feed(self, data: bytes, most: int) -> bytes:
        output: bytes = self._stream.process(data, output_buffer_limit=most)
        self.done = self._stream.is_finished()
        self.hungry = self._stream.can_accept_more_data()
        return output


class _Deflate64:
    # The library has no output limit and does not say where the stream ends: short steps, of bounded input.
    step = 512
    hungry = True
    rest = b""

    def __init__(self) -> None:
        self._stream = inflate64.Inflater()
        self.done = False

    def feed(self, data: bytes, _most: int) -> bytes:
        output: bytes = self._stream.inflate(data)
        self.done = self._stream.eof
        return output


def _narrowed(frame: bytes) -> bytes:
    """Return the begin of a zstd frame with a window of no more than may be asked for (RFC 8878, 3.1.1.1.2).

    What was written from a pipe with a large window says so however short it is. Nothing in the first 128 MiB can refer
    to more than these.
    """
    if len(frame) > 5 and not frame[4] & 0x20 and frame[5] >> 3 > _WIDEST:
        return frame[:5] + bytes([_WIDEST << 3]) + frame[6:]
    return frame


class _Zstd:
    # The library has no output limit here; a block is 4 bytes at least and gives 128 KiB at most.
    step = 64
    hungry = True

    def __init__(self) -> None:
        self._stream = zstandard.ZstdDecompressor(max_window_size=_WINDOW).decompressobj()
        self._begun = False
        self.done, self.rest = False, b""

    def feed(self, data: bytes, most: int) -> bytes:
        output = self._stream.decompress(data if self._begun else _narrowed(data))
        self._begun = True
        self.done, self.rest = self._stream.eof, self._stream.unused_data
        return output


DECODERS: Final[dict[Codec, Callable[[], _Decoder]]] = {
    "deflate": lambda: _Zlib(-15),
    "deflate64": _Deflate64,
    "zlib": lambda: _Zlib(15),
    "gzip": lambda: _Zlib(31),
    "bzip2": lambda: _Block(bz2.BZ2Decompressor()),
    "xz": lambda: _Block(lzma.LZMADecompressor(lzma.FORMAT_XZ, _LZMA_MEMORY)),
    "lzma": lambda: _Block(lzma.LZMADecompressor(lzma.FORMAT_ALONE, _LZMA_MEMORY)),
    "br": _Brotli,
    "zstd": _Zstd,
}


def inflate(codec: Codec, data: bytes, start: int, meter: Meter) -> Inflated:
    """Decompress one stream that begins at `start`. Never raises for broken input."""
    run = _Run(DECODERS[codec], data, start, meter)
    return run.finish(run.advance())


class _Run:
    """One pass over one stream; on an error the last step is taken again byte by byte to save what it holds."""

    def __init__(self, make: Callable[[], _Decoder], data: bytes, start: int, meter: Meter) -> None:
        self._make, self._data, self._start, self._meter = make, data, start, meter
        self._out = io.BytesIO()  # gives its buffer away without a copy
        self._made = 0

    def advance(self) -> Inflated | int:
        """Decompress to the end. Return what is known then, or the offset of a step that failed."""
        decoder, at = self._make(), self._start
        while not decoder.done:
            room = self._meter.room
            if not room:
                return Inflated(b"", len(self._data), exhausted=self._meter.overrun())
            before = at
            chunk = self._data[at : at + decoder.step] if decoder.hungry else b""
            if decoder.hungry and not chunk:
                return Inflated(b"", at, "ends too early")
            at += len(chunk)
            try:
                output = decoder.feed(chunk, min(room, PIECE))
            except BROKEN:
                return before
            self._keep(output[:room])
            if len(output) > room:
                return Inflated(b"", len(self._data), exhausted=self._meter.overrun())
        return Inflated(b"", at - len(decoder.rest))

    def finish(self, outcome: Inflated | int) -> Inflated:
        """Put the pieces together, after saving what a failed step still holds."""
        if isinstance(outcome, int):
            outcome = self._save(outcome)
        return Inflated(self._out.getvalue(), outcome.end, outcome.problem, outcome.exhausted)

    def _save(self, failed: int) -> Inflated:
        decoder, at, skip = self._make(), self._start, self._made
        try:
            while not decoder.done:
                step = decoder.step if at < failed else 1
                chunk = self._data[at : min(at + step, failed) if at < failed else at + 1] if decoder.hungry else b""
                at += len(chunk)
                if decoder.hungry and not chunk:
                    break
                output = decoder.feed(chunk, PIECE)
                fresh = output[skip:] if skip < len(output) else b""
                skip -= min(skip, len(output))
                room = self._meter.room
                self._keep(fresh[:room])
                if len(fresh) > room:
                    return Inflated(b"", len(self._data), "is broken", self._meter.overrun())
        except BROKEN:
            return Inflated(b"", at, "is broken")
        return Inflated(b"", at - len(decoder.rest))

    def _keep(self, output: bytes) -> None:
        if output:
            self._meter.charge(len(output), packed=True)
            self._made += len(output)
            self._out.write(output)
