"""Lines of writing made level: a sheet is seldom laid straight on a scanner, and lines that climb are read badly.

Where lines are level, rows of the picture are full of ink and empty in turns. So columns of it are moved up or down as
a turn by a small angle would, and the angle at which their rows differ most is the one by which the sheet is askew.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from PIL import Image

from dlp_proxy.pictures.prepare import Grey

_SIDE: Final = 1200  # pixels that the longer side is looked at with: a tenth of a degree is two of them
_COLUMNS: Final = 40
_MOST: Final = 6.0
_STEP: Final = 0.1
_LEAST: Final = 0.3
"""Degrees that are left as they are: lines so little askew are read as well."""
_INK: Final = 40
_SURE: Final = 1.05
"""How much more the rows must differ than as they are."""


def level(grey: Grey) -> Grey:
    """Return a picture turned by the few degrees that its lines are askew; as it is where they are level."""
    climb = _askew(grey)
    if abs(climb) < _LEAST:
        return grey
    ground = int(np.median(grey))
    turned = Image.fromarray(grey).rotate(-climb, Image.Resampling.BICUBIC, expand=True, fillcolor=ground)
    return np.asarray(turned)


def _askew(grey: Grey) -> float:
    """Return by how many degrees lines climb to the right."""
    scale = _SIDE / max(grey.shape)
    image = Image.fromarray(grey)
    if scale < 1:
        size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
        image = image.resize(size, Image.Resampling.BOX)
    small = np.asarray(image, dtype=np.int16)
    ink = np.abs(small - np.int16(np.median(small))) > _INK
    columns = np.stack([part.sum(axis=1) for part in np.array_split(ink, _COLUMNS, axis=1)]).astype(np.float32)
    middles = (np.arange(_COLUMNS) + 0.5 - _COLUMNS / 2) * (ink.shape[1] / _COLUMNS)
    angles = np.arange(-_MOST, _MOST + _STEP / 2, _STEP)
    differ = [_differ(columns, np.rint(np.tan(np.radians(angle)) * middles).astype(int)) for angle in angles]
    best = int(np.argmax(differ))
    as_it_is = differ[len(angles) // 2]
    return float(angles[best]) if differ[best] > _SURE * as_it_is else 0.0


def _differ(columns: np.ndarray[tuple[int, int], np.dtype[np.float32]], moves: np.ndarray) -> float:
    rows = np.zeros(columns.shape[1], dtype=np.float32)
    for column, move in zip(columns, moves, strict=True):
        rows += np.roll(column, int(move))
    return float(np.square(np.diff(rows)).sum())
