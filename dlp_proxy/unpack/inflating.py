"""Compressed streams as tapes: what they unpack to is never there as a whole."""

from __future__ import annotations

import zlib
from typing import Final

from dlp_proxy.unpack.budget import Meter
from dlp_proxy.unpack.inflate import BROKEN, DECODERS, PIECE, Codec
from dlp_proxy.unpack.tape import Tape, Waiting

_STEPS: Final = {"zstd": 512}
"""Bytes that a decoder is fed with at once, where that of short streams is too slow for long ones."""


class Inflating:
    """One compressed stream.

    Attributes:
        problem: what is broken, for people; empty when nothing. Nothing is read beyond it.
        rest: input that was read and lies behind the stream's end.
        taken: bytes of the input that belong to the stream, once it has ended.
        size: bytes that were unpacked so far.
        checksum: their CRC-32.
    """

    def __init__(self, codec: Codec, tape: Tape, meter: Meter) -> None:
        self._tape = tape
        self._meter = meter
        self._decoder = DECODERS[codec]()
        self._step = _STEPS.get(codec, self._decoder.step)
        self._made = Waiting()
        self._ended = False
        self.problem = ""
        self.rest = b""
        self.taken = 0
        self.size = 0
        self.checksum = 0

    def read(self, count: int) -> bytes:
        """Return the next bytes.

        Raises:
            Exhausted: there is more than may be unpacked.
        """
        while len(self._made) < count and not self._ended:
            self._advance()
        return self._made.take(count)

    def skip(self) -> None:
        """Go to its end.

        Raises:
            Exhausted: there is more than may be unpacked.
        """
        while self.read(PIECE):
            pass

    def _advance(self) -> None:
        room = self._meter.room
        if not room:
            raise self._meter.overrun()
        chunk = self._tape.read(self._step) if self._decoder.hungry else b""
        if self._decoder.hungry and not chunk:
            self.problem, self._ended = "ends too early", True
            return
        self.taken += len(chunk)
        try:
            output = self._decoder.feed(chunk, min(room, PIECE))
        except BROKEN:
            self.problem, self._ended = "is broken", True
            return
        if len(output) > room:
            raise self._meter.overrun()
        self._meter.charge(len(output), packed=True)
        self.size += len(output)
        self.checksum = zlib.crc32(output, self.checksum)
        if output:
            self._made.add(output)
        if self._decoder.done:
            self._ended, self.rest = True, self._decoder.rest
            self.taken -= len(self.rest)
