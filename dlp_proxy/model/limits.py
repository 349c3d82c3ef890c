"""Every limit that keeps inspection bounded, in one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one inspection. Reaching one is a `Gap`, never an exception and never silence.

    Attributes:
        body_bytes: largest request body that is inspected, before decoding.
        long_bytes: a longer content is read piece by piece where its format allows: texts in windows, forms and
            archives file by file.
        whole_bytes: largest document or archive inside one another that is read as a whole, being of another format.
        window_bytes: about so much of a long text, or of long binary data, is read at a time.
        streamed_bytes: sum of everything unpacked from one long body, piece by piece.
        websocket_bytes: largest WebSocket message that is inspected.
        grpc_bytes: largest message of a gRPC stream that is inspected.
        expanded_bytes: sum of everything unpacked from one message.
        ratio: unpacked bytes for each packed byte of one container, once past `ratio_floor`.
        ratio_floor: unpacked bytes up to which the ratio is not looked at.
        depth: containers inside containers.
        members: files over all containers of one message.
        parts: parts over the whole message.
        values: rows of one table, or leaves of one document; one with more is read as plain text, without its layout.
        header_bytes: sum of names and values of the request's headers.
        seconds: wall time of one inspection in the pool.
        pattern_seconds: time of one pattern over one part.
        work_seconds: processor time of one look at a message, or at one window of a long one: half of it for unpacking,
            what is left for all patterns over all parts. Where the driver brings a clock.
        work_bytes: bytes of what is looked at as one, sent or unpacked, for which there is a second more.
        disguises: encodings and disguises inside each other in one text (a Base64 text in percent-encoding is two).
        read_again: characters of one part that are read again without their disguises, all readings together.
        patches: stretches of one text that are read again in one disguise; each takes some hundreds of bytes.
        findings: findings kept for one message; the count goes on, the details stop.
        pictures: pictures of one message that are looked at.
        frames: pages or frames of one picture that are looked at.
        picture_pixels: pixels of one frame that are decoded; its header says how many there are.
        picture_seconds: time of looking at all pictures of one message: of CPU, over how many programs read at once.
        program_seconds: CPU time of all programs that open containers of one message.
        decoders: decoders in C, and others that may take long, run here; where not, unpacking stops at them.
    """

    body_bytes: int = 1024 * 1024 * 1024
    long_bytes: int = 16 * 1024 * 1024
    whole_bytes: int = 64 * 1024 * 1024
    window_bytes: int = 8 * 1024 * 1024
    streamed_bytes: int = 4 * 1024 * 1024 * 1024
    websocket_bytes: int = 4 * 1024 * 1024
    grpc_bytes: int = 8 * 1024 * 1024
    expanded_bytes: int = 128 * 1024 * 1024
    ratio: int = 200
    ratio_floor: int = 8 * 1024 * 1024
    depth: int = 10
    members: int = 10_000
    parts: int = 20_000
    values: int = 1_000_000
    header_bytes: int = 256 * 1024
    seconds: float = 30.0
    pattern_seconds: float = 2.0
    work_seconds: float = 6.0
    work_bytes: int = 8 * 1024 * 1024
    disguises: int = 6
    read_again: int = 64 * 1024 * 1024
    patches: int = 400_000
    findings: int = 100_000
    pictures: int = 50
    frames: int = 20
    picture_pixels: int = 40_000_000
    picture_seconds: float = 20.0
    program_seconds: float = 8.0
    decoders: bool = True


LIMITS: Final = Limits()
