"""One request's share of an upload that was cut into many requests."""

from __future__ import annotations

from dataclasses import dataclass


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
    """

    protocol: str
    upload: str
    position: int = 0
    numbered: bool = False
    total: int | None = None
    span: tuple[int, int] | None = None
    completes: bool = False
    whole_of: tuple[str, ...] = ()


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
