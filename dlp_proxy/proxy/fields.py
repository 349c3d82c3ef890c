"""Header fields looked up in one pass: mitmproxy decodes and compares through five calls, some forty times a request.

The answers are mitmproxy's: names in any case, values that come several times joined by commas.
"""

from __future__ import annotations

from typing import Any, Final

from mitmproxy.http import Headers, Request

_NOTHING: Final = object()


def get_all(headers: Headers, name: str | bytes) -> list[str]:
    key = (name if isinstance(name, bytes) else name.encode("utf-8", "surrogateescape")).lower()
    size = len(key)
    return [
        value.decode("utf-8", "surrogateescape")
        for one, value in headers.fields
        if len(one) == size and one.lower() == key
    ]


def get(headers: Headers, name: str | bytes, default: Any = None) -> Any:  # noqa: ANN401 - as in any mapping
    found = get_all(headers, name)
    return ", ".join(found) if found else default


def get_item(headers: Headers, name: str | bytes) -> str:
    found = get_all(headers, name)
    if not found:
        raise KeyError(name)
    return ", ".join(found)


def contains(headers: Headers, name: object) -> bool:
    return isinstance(name, str | bytes) and bool(get_all(headers, name))


def pop(headers: Headers, name: str | bytes, default: Any = _NOTHING) -> Any:  # noqa: ANN401 - same
    found = get(headers, name)
    if found is not None:
        del headers[name]
        return found
    if default is _NOTHING:
        raise KeyError(name)
    return default


def take_off(request: Request, name: bytes) -> list[bytes]:
    """Take all fields of a name off a request, and the name off its Connection field; return their values.

    An underscore counts as a hyphen: some destinations cannot tell them apart.
    """
    fields = request.headers.fields
    size = len(name)
    found = [value for key, value in fields if len(key) == size and key_of(key) == name]
    if found:
        request.headers.fields = tuple(one for one in fields if len(one[0]) != size or key_of(one[0]) != name)
    if "connection" in request.headers:
        named = request.headers["connection"].split(",")
        kept = [one for one in named if key_of(one.strip().encode("utf-8", "surrogateescape")) != name]
        if len(kept) != len(named):
            request.headers.pop("connection", None)
            if kept:
                request.headers["connection"] = ",".join(kept).strip()
    return found


def key_of(name: bytes) -> bytes:
    """Return what a name is to a reader that cannot tell an underscore from a hyphen."""
    return name.lower().replace(b"_", b"-")


def take_off_trailers(request: Request, name: bytes) -> None:
    """Take all fields of a name, by its key, off a request's trailers."""
    if request.trailers is not None:
        kept = tuple(one for one in request.trailers.fields if key_of(one[0]) != name)
        request.trailers = Headers(kept) if kept else None


def install() -> None:
    """Have mitmproxy's headers looked up here. Doing it twice changes nothing."""
    for name, function in (
        ("get_all", get_all),
        ("get", get),
        ("__getitem__", get_item),
        ("__contains__", contains),
        ("pop", pop),
    ):
        setattr(Headers, name, function)
