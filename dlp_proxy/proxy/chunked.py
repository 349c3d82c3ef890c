"""Bodies in chunks, read so that no other reader could read them in another way."""

from __future__ import annotations

import re
from typing import Final

import h11
from h11._receivebuffer import ReceiveBuffer

from dlp_proxy.proxy.framing import fault_of_trailers


class ChunkedReader:
    """Reads a chunked body (RFC 9112, 7.1) and takes nothing that another reader could take for something else.

    Chunk extensions are refused: no client of ours sends any, and the next hop would not get them. Trailers are kept,
    so that they are judged.

    Attributes:
        trailers: what stood behind the last chunk.
    """

    _SIZE = re.compile(rb"[0-9A-Fa-f]{1,15}\r\n")
    _LINE: Final = 17
    _TRAILER_BYTES: Final = 16 * 1024

    def __init__(self) -> None:
        self._left = 0
        self._ending = b""
        self._last = False
        self.trailers: tuple[tuple[bytes, bytes], ...] = ()

    def __call__(self, buffer: ReceiveBuffer) -> h11.Data | h11.EndOfMessage | None:
        """Return the next piece, the end, or None when more must come first.

        Raises:
            h11.RemoteProtocolError: it is not chunked as it must be.
        """
        if self._last:
            return self._read_trailers(buffer)
        if self._ending and not self._read_ending(buffer):
            return None
        if not self._left:
            line = buffer.maybe_extract_next_line()
            if line is None:
                if len(buffer) > self._LINE:
                    raise h11.RemoteProtocolError("malformed chunk")
                return None
            if not self._SIZE.fullmatch(line):
                raise h11.RemoteProtocolError("malformed chunk")
            self._left = int(line[:-2], 16)
            if not self._left:
                self._last = True
                return self._read_trailers(buffer)
        data = buffer.maybe_extract_at_most(self._left)
        if data is None:
            return None
        self._left -= len(data)
        if not self._left:
            self._ending = b"\r\n"
        return h11.Data(data=bytes(data))

    def read_eof(self) -> h11.Data | h11.EndOfMessage:
        raise h11.RemoteProtocolError("the body is not complete")

    def _read_ending(self, buffer: ReceiveBuffer) -> bool:
        got = buffer.maybe_extract_at_most(len(self._ending))
        if got is None:
            return False
        if not self._ending.startswith(got):
            raise h11.RemoteProtocolError("malformed chunk")
        self._ending = self._ending[len(got) :]
        return not self._ending

    def _read_trailers(self, buffer: ReceiveBuffer) -> h11.EndOfMessage | None:
        data = bytes(buffer)
        end = 2 if data.startswith(b"\r\n") else data.find(b"\r\n\r\n") + 4
        whole = end >= 4 or data.startswith(b"\r\n")
        if (end if whole else len(data)) > self._TRAILER_BYTES:
            raise h11.RemoteProtocolError("too many trailers")
        if fault := fault_of_trailers(data[:end] if whole else data, whole=whole):
            raise h11.RemoteProtocolError(fault)
        if not whole:
            return None
        buffer.maybe_extract_at_most(end)
        lines = [line.partition(b":") for line in data[:end].split(b"\r\n") if line]
        self.trailers = tuple((name, value.strip(b" \t")) for name, _, value in lines)
        return h11.EndOfMessage()
