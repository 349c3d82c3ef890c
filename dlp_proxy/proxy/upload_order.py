"""In which order the parts of an upload stand, what of it is whole, and when it is looked at."""

from __future__ import annotations

from typing import Final

from dlp_proxy.model.upload import BITS_OF_A_NAME, UploadPart
from dlp_proxy.proxy.upload_files import Upload
from dlp_proxy.unpack.uploads import s3

_EVERY_PART: Final = 8 * 1024 * 1024
"""Up to this size what is there is inspected with every part."""
_GROWTH: Final = 1.25


def positions_of(upload: Upload, part: UploadPart) -> list[int]:
    """Return the numbers of the parts that are here, in the upload's order."""
    if part.order:
        return [position for position in part.order if position in upload.pieces]
    return sorted(upload.pieces, key=lambda position: position >> BITS_OF_A_NAME or position)


def in_order(upload: Upload, part: UploadPart) -> list[tuple[int, int]]:
    """Return where the pieces without a hole from the start on lie, in the upload's order.

    Numbers of an upload that is complete may have holes: none but the sender's choice.
    """
    positions = positions_of(upload, part)
    if part.numbered and (part.completes or part.sparse):
        return [upload.pieces[position] for position in positions]
    if part.numbered:
        return _following(upload, positions)
    end = 0
    for position in positions:
        if position > end:
            break
        end = max(end, position + upload.pieces[position][1])
    return [(0, end)] if end else []


def _following(upload: Upload, positions: list[int]) -> list[tuple[int, int]]:
    if not positions or positions[0] > 1:
        return []
    return [upload.pieces[position] for count, position in enumerate(positions, positions[0]) if position == count]


def is_last(upload: Upload, part: UploadPart, size: int) -> bool:
    if part.total is None:
        return False
    return len(upload.pieces) >= part.total if part.numbered else size >= part.total


def is_whole(upload: Upload, part: UploadPart) -> bool:
    return upload.total is not None and (len(upload.pieces) if part.numbered else upload.size) >= upload.total


def is_another(upload: Upload, part: UploadPart) -> bool:
    """Tell whether a first part begins another upload of the same name.

    So it does where the one before was whole, or was stopped and has another length. A store's name is of one upload,
    and what completes one begins none.
    """
    if part.completes or not upload.pieces or part.position > min(upload.pieces) or part.protocol == s3.NAME:
        return False
    if is_whole(upload, part):
        return True
    return upload.stopped and part.total is not None and part.total != upload.total


def without_hole(upload: Upload, part: UploadPart, size: int, *, last: bool) -> bool:
    """Tell whether nothing is missing that should be here by now; parts with numbers may overtake each other."""
    if part.sparse:
        return bool(upload.pieces) and all(position in upload.pieces for position in part.order)
    if part.numbered:
        return not last or len(_following(upload, sorted(upload.pieces))) == len(upload.pieces) > 0
    return size >= part.position


def due(upload: Upload, part: UploadPart, size: int, *, last: bool) -> bool:
    if len(upload.pieces) == 1 and not part.completes:
        return False  # the part is the upload so far
    if part.completes:
        return True  # also when it was stopped before: what completes it must be stopped too
    if size <= upload.looked_at:
        return False
    return last or size <= _EVERY_PART or size >= upload.looked_at * _GROWTH
