"""Whether a photograph shows lines of text at all: seconds of reading are not spent on faces and landscapes."""

from __future__ import annotations

from typing import Final

import numpy as np
from PIL import Image, ImageFilter

from dlp_proxy.pictures.prepare import Grey

_PLAIN: Final = 0.35  # share of neighbours that are equal: screens, scans and drawings have more, photographs less
_WIDTH: Final = 1200
_CONTRAST: Final = 18
_COLUMNS: Final = 12
_INK, _NONE = 0.08, 0.035  # share of a row's pixels in a column of the picture that are ink: in a line, between two
_HIGHEST: Final = 90
_LINES: Final = 5  # lines one above the other; five customers need as many


def is_photograph(grey: Grey) -> bool:
    """Tell whether most of it is texture: letters stand on ground that does not change from pixel to pixel."""
    some = grey[:: max(1, grey.shape[0] // 400)]
    return float((some[:, 1:] == some[:, :-1]).mean()) < _PLAIN


def has_lines(grey: Grey) -> bool:
    """Tell whether some column of the picture has ink and no ink in turns, as lines of text have."""
    image = Image.fromarray(grey)
    if image.width > _WIDTH:
        image = image.resize((_WIDTH, max(1, image.height * _WIDTH // image.width)), Image.Resampling.BOX)
    ground = image.filter(ImageFilter.BoxBlur(12))
    away = np.abs(np.asarray(image, dtype=np.int16) - np.asarray(ground, dtype=np.int16)) > _CONTRAST
    edges = np.zeros_like(away)
    edges[:, 1:] = away[:, 1:] ^ away[:, :-1]
    return any(
        _turns(part.mean(axis=1)) >= _LINES for part in np.array_split(edges, min(_COLUMNS, edges.shape[1]), axis=1)
    )


def _turns(ink: np.ndarray[tuple[int], np.dtype[np.float64]]) -> int:
    """Return the longest run of lines of like height, each below the last."""
    best = run = height = 0
    last_height = 0
    since = 0
    inside = False
    for share in ink:
        if not inside and share > _INK:
            run = run if since <= _HIGHEST else 0
            inside, height = True, 0
        elif inside and share < _NONE:
            inside, since = False, 0
            alike = 4 <= height <= _HIGHEST and (not run or 0.5 <= height / max(1, last_height) <= 2)
            run = run + 1 if alike else int(4 <= height <= _HIGHEST)
            last_height = height
            best = max(best, run)
        height += 1
        since += 1
    return best
