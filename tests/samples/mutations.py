"""Random damage to samples: what networks, disks and attackers do to files."""

from __future__ import annotations

import random

_KINDS = ("set", "flip", "cut", "drop", "insert", "repeat", "number", "swap")
_NUMBERS = (0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF)


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Return the data with one to six places damaged."""
    broken = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        if not broken:
            break
        at, size = chance.randrange(len(broken)), chance.choice((1, 2, 4, 16, 300))
        kind = chance.choices(_KINDS, (6, 6, 1, 2, 2, 1, 4, 1))[0]
        if kind == "set":
            broken[at] = chance.randrange(256)
        elif kind == "flip":
            broken[at] ^= 1 << chance.randrange(8)
        elif kind == "cut":
            del broken[at:]
        elif kind == "drop":
            del broken[at : at + size]
        elif kind == "insert":
            broken[at:at] = chance.randbytes(size)
        elif kind == "repeat":
            broken[at:at] = broken[at : at + size] * chance.randint(1, 50)
        elif kind == "number":  # a length, an offset or a count that lies
            width = chance.choice((1, 2, 4, 8))
            number = chance.choice(_NUMBERS) & (1 << 8 * width) - 1
            broken[at : at + width] = number.to_bytes(width, chance.choice(("little", "big")))
        else:
            other = chance.randrange(len(broken))
            broken[at : at + size], broken[other : other + size] = broken[other : other + size], broken[at : at + size]
    return bytes(broken)
