"""Every way of cutting an upload into requests that is known, in the order of trial."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Protocol

from dlp_proxy.model.message import Message
from dlp_proxy.model.upload import UploadPart
from dlp_proxy.unpack.uploads import (
    appended,
    azure,
    content_range,
    counted,
    form_chunks,
    oci,
    offsets,
    raw_chunks,
    s3,
    sharepoint,
    tus,
)


class Protocoller(Protocol):
    """What a file of this folder offers."""

    @property
    def NAME(self) -> str:  # noqa: N802 - a constant of the module
        """The word for it in events."""

    def part_of(self, message: Message, /) -> UploadPart | None:
        """Return which part of which upload a request is, None when it is none of this kind."""


PROTOCOLS: Final[tuple[Protocoller, ...]] = (
    form_chunks,  # before s3: Baidu's parts name an upload in the query and come as a form
    tus,
    oci,  # before content_range: its ranges are of an upload that its path names
    azure,
    sharepoint,
    appended,
    offsets,  # before content_range: what names its own offset is surer
    content_range,
    s3,  # behind these: what names an upload and no part of it completes it, unless it says where it belongs
    raw_chunks,
    counted,  # last: its names are the least sure
)

_METHODS: Final = frozenset({"POST", "PUT", "PATCH", "MOVE"})


def part_of(message: Message) -> UploadPart | None:
    """Return which part of which upload a message is, None for a message that is whole."""
    if message.channel != "http" or (message.method not in _METHODS and not message.size):
        return None
    if message.method not in _METHODS:
        message = replace(message, method="PUT")  # a body rides on any method
    for protocol in PROTOCOLS:
        if (found := protocol.part_of(message)) is not None:
            return found
    return None
