"""One request's share of an upload that was cut into many requests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

BITS_OF_A_NAME: Final = 64
"""Of the position of a part with a name: they tell parts of one number apart, and the number stands above them."""


@dataclass(frozen=True, slots=True)
class UploadPart:
    """Where the content of a request belongs in an upload.

    Attributes:
        protocol: how the upload is cut: ``tus``, ``s3``, ``content-range``, ``form-chunks``, ...
        upload: what names the upload at its site; together with the user and the site it is unique.
        position: of the content: bytes from the upload's start, or the part's number when `numbered`.
        numbered: parts have numbers; how long those before are is not said.
        total: bytes of the whole upload, or number of its parts when `numbered`; None when not said.
        span: first and last+1 byte of the content in the request's body; None when the body is the content.
        completes: the request only says that the upload is complete; it has no content.
        whole_of: names of other uploads at the site that it says are one, in this order.
        sparse: the numbers say which part is before which, and not which comes next. Parts with
            names have `BITS_OF_A_NAME` below the number; those of one number are in the order of their coming.
        appends: the content goes behind what is there; its position is not said.
        ends: it is the last one, by its own word.
        order: positions of the parts that the upload consists of, where the request that completes it says so.
    """

    protocol: str
    upload: str
    position: int = 0
    numbered: bool = False
    total: int | None = None
    span: tuple[int, int] | None = None
    completes: bool = False
    whole_of: tuple[str, ...] = ()
    sparse: bool = False
    appends: bool = False
    ends: bool = False
    order: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class UploadState:
    """How far an upload in many requests has come when one of them is judged.

    Attributes:
        protocol: how it is cut.
        parts: requests of it so far, this one included.
        bytes: of it that are here, without a hole from its start.
        released: bytes of it that had left before this request.
    """

    protocol: str
    parts: int
    bytes: int
    released: int
