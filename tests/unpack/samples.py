"""Messages and archives built in code for the tests of unpacking."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

from dlp_proxy.model.limits import LIMITS, Limits
from dlp_proxy.model.message import Destination, Message, Principal
from dlp_proxy.unpack.unpack import Unpacked, unpack

TABLE = "姓名,电话,地址\n张三,13800138000,深圳市南山区科技园路1号\n李四,13900139000,北京市朝阳区建国路2号\n"


def message(
    body: bytes = b"",
    target: str = "/",
    headers: Mapping[str, str] | None = None,
    channel: Literal["http", "websocket"] = "http",
) -> Message:
    return Message(
        uid="01",
        time=0.0,
        channel=channel,
        principal=Principal("zhang.wei", "declared", "weak"),
        destination=Destination("https", "drop.example", 443),
        method="POST",
        target=target,
        headers=tuple((name.encode(), value.encode()) for name, value in (headers or {}).items()),
        body=body,
    )


def unpack_body(body: bytes, label: str = "", limits: Limits = LIMITS) -> Unpacked:
    return unpack(message(body, headers={"Content-Type": label} if label else None), limits)


def gaps_of(unpacked: Unpacked) -> list[tuple[str, str]]:
    return [(gap.reason, str(gap.location)) for gap in unpacked.gaps]


def text_of(unpacked: Unpacked) -> str:
    return "\n".join(part.text for part in unpacked.parts)


def zipped(members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED, comment: bytes = b"") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
        archive.comment = comment
    return buffer.getvalue()


def tight(**changes: Any) -> Limits:
    return replace(LIMITS, **changes)
