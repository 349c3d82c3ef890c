# mypy: disable-error-code="attr-defined, no-untyped-call"
"""TLS without asking for what is not there: mitmproxy reads until OpenSSL says by an exception that nothing is left.

How many bytes wait in the memory of a connection is known (BIO_get_mem_data(3), SSL_pending(3)), so the last question
is spared each time: it costs a tenth of a small request. OpenSSL takes no more from that memory than the record it
reads, as long as nobody turns its reading ahead on.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any, Final

from mitmproxy.connection import ConnectionState
from mitmproxy.proxy import commands, events
from mitmproxy.proxy.layer import CommandGenerator
from mitmproxy.proxy.layers.tls import TLSLayer
from OpenSSL import SSL

_PIECE: Final = 65535
_RECORD: Final = 16 * 1024
"""Bytes of the longest record of TLS."""
_PLACE: Final = SSL._ffi.new("char **")  # noqa: SLF001 - as mitmproxy does; pinned in test_mitmproxy_pins

STOCK: Final = (TLSLayer.tls_interact, TLSLayer.receive_data)
"""What is replaced, for those who compare."""


def waiting(memory: Any) -> int:  # noqa: ANN401 - a pointer
    """Return how many bytes are in one of a connection's two memories."""
    return int(SSL._lib.BIO_get_mem_data(memory, _PLACE))  # noqa: SLF001 - same


def sealed(tls: Any, most: int = _PIECE) -> Iterator[bytes]:  # noqa: ANN401 - a connection of OpenSSL
    """Yield what OpenSSL has to send, in pieces."""
    while waiting(tls._from_ssl):  # noqa: SLF001 - same
        yield tls.bio_read(most)


def sealed_whole(tls: Any) -> bytearray:  # noqa: ANN401 - same
    """Return all that OpenSSL has to send, copied once; pyOpenSSL's own way copies it twice, piece by piece."""
    whole = bytearray(waiting(tls._from_ssl))  # noqa: SLF001 - same
    if whole:
        with SSL._ffi.from_buffer(whole) as place:  # noqa: SLF001 - same
            SSL._lib.BIO_read(tls._from_ssl, place, len(whole))  # noqa: SLF001 - same
    return whole


def opened(tls: Any, room: memoryview) -> tuple[int, bool]:  # noqa: ANN401 - same
    """Decrypt what is there into `room`. Return how many bytes came, and whether no more will.

    pyOpenSSL's own way makes a buffer for each record, and copies it.
    """
    count, most = 0, len(room)
    with SSL._ffi.from_buffer(room, require_writable=True) as place:  # noqa: SLF001 - same
        while count < most:
            got = SSL._lib.SSL_read(tls._ssl, place + count, min(most - count, _RECORD))  # noqa: SLF001 - same
            if got <= 0:
                return count, _is_over(tls, got)
            count += got
    return count, False


def _is_over(tls: Any, result: int) -> bool:  # noqa: ANN401 - same
    """Tell whether a read that gave nothing was the last one."""
    try:
        tls._raise_ssl_error(tls._ssl, result)  # noqa: SLF001 - same
    except SSL.WantReadError:
        return False
    except SSL.Error:
        pass  # its end, or nonsense
    return True


def tls_interact(layer: TLSLayer) -> CommandGenerator[None]:
    """Send what OpenSSL has to send."""
    for piece in sealed(layer.tls):
        yield commands.SendData(layer.conn, piece)


def receive_data(layer: TLSLayer, data: bytes) -> CommandGenerator[None]:
    """Give what was encrypted to the layer inside, then a close; sent is what reading may have given rise to."""
    tls: Any = layer.tls
    if data:
        tls.bio_write(data)
    plain, closed = bytearray(), False
    while True:
        try:
            plain += tls.recv(_PIECE)
        except SSL.WantReadError:
            break
        except SSL.ZeroReturnError:
            closed = True
            break
        except SSL.Error as error:  # an alert of the other side
            yield commands.Log(f"TLS Error: {error}", logging.WARNING)
            break
        if not (tls.pending() or waiting(tls._into_ssl)):  # noqa: SLF001 - same
            break
    yield from layer.tls_interact()
    if plain:
        yield from layer.event_to_child(events.DataReceived(layer.conn, bytes(plain)))
    if closed:
        layer.conn.state &= ~ConnectionState.CAN_READ
        yield from layer.event_to_child(events.ConnectionClosed(layer.conn))


def install() -> None:
    """Have mitmproxy's TLS layers do so. Doing it twice changes nothing."""
    TLSLayer.tls_interact = tls_interact  # type: ignore[method-assign, assignment]
    TLSLayer.receive_data = receive_data  # type: ignore[method-assign, assignment]
