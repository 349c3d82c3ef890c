"""Whose account at the destination a message goes to, where the message says so itself.

Only the name that the destination is told is read: who logs in there, or which key signs. Passwords, tokens and cookies
are not names. A host may have many accounts; three people who fill the same one are not three people at a mail service.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from dlp_proxy.model.event import ACCOUNT
from dlp_proxy.model.inspection import AtAccount
from dlp_proxy.model.message import Fingerprint, LatePart, Message, Part
from dlp_proxy.model.sensitive import Sensitive
from dlp_proxy.unpack.formats.form import pairs
from dlp_proxy.unpack.percent import decode


class Account(NamedTuple):
    """A name at the destination, and what told it: ``basic``, ``digest``, ``access-key``, ``webdav``, ``form``."""

    by: str
    name: Sensitive

    @property
    def normalised(self) -> str:
        """Return the name as its fingerprint is made."""
        return normal_account(self.name.reveal())


_LONGEST: Final = 256
_BASIC: Final = re.compile(r"(?i)basic +([A-Za-z0-9+/=_-]+)")
_DIGEST: Final = re.compile(r'(?i)digest\b.*?\busername="([^"]+)"')
# Signatures of object stores (AWS, Google, Alibaba, Tencent, Huawei, Azure): scheme, key id, signature.
_SIGNED: Final = re.compile(
    r"(?i)[a-z0-9-]+ +credential=([^/,\s]+)|(?:aws|oss|obs|goog1|sharedkey(?:lite)?) +([^:\s]+):"
)
_KEYS: Final = re.compile(r"(?i)(?:x-(?:amz|goog|oss)-credential|(?:aws|oss|)accesskeyid|googleaccessid|q-ak)")
_WEBDAV: Final = re.compile(r"/(?:remote\.php/(?:dav|webdav)|dav|webdav)/(?:files|uploads)/([^/]+)/")
_NAMES: Final = re.compile(r"(?i)(?:login|log_?in_?name|user_?name|user_?id|account(?:_?(?:name|id))?|uin)")
_MAILS: Final = re.compile(r"(?i)(?:user_?)?e-?mail")
_SECRETS: Final = re.compile(r"(?i)pass(?:wd|word|code)?|pwd|(?:access_?|auth_?|csrf_?)?token")


def account_of(message: Message, parts: Sequence[Part]) -> Account | None:
    """Return the account that a message tells of; None where it tells of none, or of several by the same sign."""
    for by, names in (("", _of_head(message)), ("form", _of_forms(parts))):
        found = {normal_account(name): (how or by, name) for how, name in names if name.strip()}
        if len(found) == 1:
            (how, name), *_ = found.values()
            return Account(how, Sensitive(name.strip()[:_LONGEST]))
    return None


def account_at(message: Message, parts: Sequence[Part], fingerprint: Fingerprint) -> AtAccount | None:
    """Return the same without the name: its mask and its fingerprint."""
    found = account_of(message, parts)
    if found is None:
        return None
    return AtAccount(found.by, found.name.masked, fingerprint(ACCOUNT, found.normalised).hex())


def normal_account(name: str) -> str:
    """Return the spelling that names of the same account have in common."""
    return name.strip()[:_LONGEST].casefold()


def _of_head(message: Message) -> Iterator[tuple[str, str]]:
    said = message.header("authorization")
    if basic := _BASIC.fullmatch(said.strip()):
        yield "basic", _user(basic[1])
    elif digest := _DIGEST.match(said):
        yield "digest", digest[1]
    elif signed := _SIGNED.match(said):
        yield "access-key", signed[1] or signed[2]
    path, _, query = message.target.partition("?")
    for name, value in pairs(query.encode(errors="replace")) if query else ():
        if _KEYS.fullmatch(name):
            yield "access-key", value.partition("/")[0]
    if not said and (dav := _WEBDAV.match(path)):
        yield "webdav", decode(dav[1])


def _user(packed: str) -> str:
    try:
        user, colon, _ = binascii.a2b_base64(packed).partition(b":")
    except binascii.Error:
        return ""
    return user.decode("utf-8", "replace") if colon else ""


def _of_forms(parts: Sequence[Part]) -> Iterator[tuple[str, str]]:
    """Yield the names in forms. A mail address is one only where somebody logs in or sends a file: many forms ask for
    the address of a customer.
    """
    sends_file = any(part.location.area == "filename" for part in parts)
    for part in parts:
        if isinstance(part, LatePart) or not part.units or part.units[0].kind != "form":
            continue
        names = [(one.name, part.text[one.start : one.end]) for one in part.fields]
        own = [value for name, value in names if _NAMES.fullmatch(name)]
        keys = [value.partition("/")[0] for name, value in names if _KEYS.fullmatch(name)]
        mails = [value for name, value in names if _MAILS.fullmatch(name)]
        if keys:
            yield from (("access-key", one) for one in keys)
        elif own:
            yield from (("", one) for one in own)
        elif mails and (sends_file or any(_SECRETS.fullmatch(name) for name, _ in names)):
            yield from (("", one) for one in mails)
