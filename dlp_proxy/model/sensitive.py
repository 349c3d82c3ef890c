"""Values that are born masked."""

from __future__ import annotations

from typing import Final, NoReturn, final

import regex

_KEEP: Final = 2
_DIGITS: Final = regex.compile(r"\d(?:[ .\-]?\d){6,}")
_EMAIL: Final = regex.compile(r"[\w.+-]{1,64}@[\w.-]{3,190}")


def mask(value: str) -> str:
    """Return the shape of `value`: its first and last characters and its length, e.g. ``1*********0``.

    At most a third of the characters survive, so short values keep none.
    """
    keep = min(_KEEP, len(value) // 6)
    if keep == 0:
        return "*" * len(value)
    return value[:keep] + "*" * (len(value) - 2 * keep) + value[-keep:]


def scrub(text: str) -> str:
    """Mask whatever looks like a number of a person or an address in a name we did not choose.

    For file names, URL paths and field names, which can hold customers' data too. A net below the
    detectors, not a detector: any run of seven digits and any e-mail address goes.
    """
    text = _DIGITS.sub(lambda found: mask(found.group()), text)
    return _EMAIL.sub(lambda found: mask(found.group()), text)


@final
class Sensitive:
    """A plain value that shows only its mask in `repr`, `str`, `format`, JSON and pickles.

    `reveal` is the one way to the plain value; `tests/tree` lists the places that may call it.
    Pickling keeps the mask and loses the value, so a value cannot leave the process it was found in.
    """

    __slots__ = ("_masked", "_plain")
    _masked: str | None
    _plain: str | None

    def __init__(self, plain: str) -> None:
        _put_plain(self, plain)
        _put_masked(self, None)

    @property
    def masked(self) -> str:
        masked = self._masked
        if masked is None:
            # Most values are only counted: their mask is made when somebody asks for it.
            masked = mask(self._plain or "")
            _put_masked(self, masked)
        return masked

    def reveal(self) -> str:
        """Return the plain value.

        Raises:
            ValueError: the value went through a pickle and only its mask is left.
        """
        if self._plain is None:
            raise ValueError("only the mask of this value is left: it was found in another process")
        return self._plain

    def __repr__(self) -> str:
        return f"Sensitive({self.masked})"

    def __str__(self) -> str:
        return self.masked

    def __format__(self, spec: str) -> str:
        return format(self.masked, spec)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sensitive):
            return NotImplemented
        return self._plain == other._plain and self.masked == other.masked

    def __hash__(self) -> int:
        return hash((self._plain, self.masked))

    def __reduce__(self) -> tuple[object, ...]:
        return (_masked_only, (self.masked,))

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("a Sensitive value does not change")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError("a Sensitive value does not change")


# The only ways in: `__setattr__` refuses, and `object.__setattr__` is slower.
_put_plain: Final = vars(Sensitive)["_plain"].__set__
_put_masked: Final = vars(Sensitive)["_masked"].__set__


def _masked_only(masked: str) -> Sensitive:
    value = object.__new__(Sensitive)
    _put_plain(value, None)
    _put_masked(value, masked)
    return value
