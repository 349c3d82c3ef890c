"""Every family of the suite. A generator module that has no line here fails a test."""

from __future__ import annotations

from typing import Final

from tests.quality import (
    addresses_cn,
    addresses_west,
    disguises,
    look_alikes_machine,
    look_alikes_office,
    phones_cn,
    phones_world,
    prose_en,
    prose_zh,
    row,
)
from tests.quality.case import Family

FAMILIES: Final[tuple[Family, ...]] = (
    *phones_cn.FAMILIES,
    *phones_world.FAMILIES,
    *look_alikes_machine.FAMILIES,
    *look_alikes_office.FAMILIES,
    *addresses_cn.FAMILIES,
    *addresses_west.FAMILIES,
    *prose_zh.FAMILIES,
    *prose_en.FAMILIES,
    *row.FAMILIES,
    *disguises.FAMILIES,
)
