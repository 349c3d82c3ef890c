"""Bodies that benchmarks send: what ordinary programs post, with no customer in it, the same each time."""

from __future__ import annotations

import json
import random


def ordinary_json(size: int) -> bytes:
    """Return about `size` bytes of JSON such as web applications post: items, prices, times, numbers, some prose."""
    chance = random.Random(size)
    words = "order item price stock colour blue large cotton shipped pending store review customer basket total".split()
    items: list[dict[str, object]] = []
    while len(json.dumps(items)) < size - 120:
        items.append(
            {
                "id": chance.randrange(10**5, 10**7),
                "sku": f"{chance.choice('ABCDEF')}{chance.randrange(1000, 9999)}-{chance.randrange(10, 99)}",
                "title": " ".join(chance.choices(words, k=6)),
                "price": round(chance.uniform(1, 900), 2),
                "created": f"2026-{chance.randrange(1, 13):02}-{chance.randrange(1, 28):02}T08:15:00Z",
                "tags": chance.sample(words, 3),
                "stock": {"warehouse": chance.choice(("north", "south")), "count": chance.randrange(400)},
                "active": chance.random() > 0.5,
            }
        )
    body = json.dumps({"page": 1, "items": items})
    return body.encode()


def megabyte_json() -> bytes:
    """Return a megabyte of such documents in one list, no two alike."""
    documents = [ordinary_json(10_000 + 7 * number) for number in range(104)]
    return b"[" + b",".join(documents) + b"]"
