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

    def __init__(self, plain: str) -> None:
        self._plain: str | None = plain
        self._masked = mask(plain)

    @property
    def masked(self) -> str:
        return self._masked

    def reveal(self) -> str:
        """Return the plain value.

        Raises:
            ValueError: the value went through a pickle and only its mask is left.
        """
        if self._plain is None:
            raise ValueError("only the mask of this value is left: it was found in another process")
        return self._plain

    def __repr__(self) -> str:
        return f"Sensitive({self._masked})"

    def __str__(self) -> str:
        return self._masked

    def __format__(self, spec: str) -> str:
        return format(self._masked, spec)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sensitive):
            return NotImplemented
        return self._plain == other._plain and self._masked == other._masked

    def __hash__(self) -> int:
        return hash((self._plain, self._masked))

    def __reduce__(self) -> tuple[object, ...]:
        return (_masked_only, (self._masked,))

    def __setattr__(self, name: str, value: object) -> None:
        if hasattr(self, "_masked"):
            raise AttributeError("a Sensitive value does not change")
        object.__setattr__(self, name, value)

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError("a Sensitive value does not change")


def _masked_only(masked: str) -> Sensitive:
    value = object.__new__(Sensitive)
    object.__setattr__(value, "_plain", None)
    object.__setattr__(value, "_masked", masked)
    return value
