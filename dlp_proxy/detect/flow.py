"""Where one customer ends and the next begins in a run of findings: where a value of a known kind comes again."""

from __future__ import annotations

from collections.abc import Sequence

from dlp_proxy.detect.membership import Membership


def cut(held: Sequence[int], member: Membership, gaps: Sequence[int] = (), window: int = 0) -> list[tuple[int, int]]:
    """Return `held` in stretches (first, one past the last), one for each customer.

    A new one begins where a detector finds another value than it has found here, and what came before is complete.
    Between the two values the cut is at the widest gap that leaves a complete customer before it; of several as wide,
    the last. Customers of different countries have different detectors: there a new one begins where the kind that the
    customer before began with comes again, and behind it another kind that it had. A stretch is incomplete only where
    nothing came to complete it: the last one, or one before a gap over the window.

    Args:
        held: findings, ascending.
        gaps: for each finding how far it is set apart from the one before, as `vicinity` weighs it; none for all alike.
        window: characters over which nothing reaches; 0 for no such bound.
    """
    bits, findings, complete = member.bits, member.findings, member.complete
    stretches: list[tuple[int, int]] = []
    first = mask = end = again = 0
    masks: list[int] = []
    seen: set[bytes] = set()
    for place, index in enumerate(held):
        finding, bit = findings[index], bits[index]
        begin = first
        if window and finding.start - end > window and place:
            begin = place
        elif again and finding.kind != findings[held[again]].kind and _comes_again(held, member, first, again, place):
            begin = again
        elif mask & bit and complete(mask) and finding.fingerprint not in seen:
            begin = _widest(held, member, masks, gaps, place) if gaps else place
        if begin > first:
            stretches.append((first, begin))
            first, mask, again = begin, 0, 0
            seen = set()
            for earlier in range(begin, place):
                masks[earlier] = mask
                mask |= bits[held[earlier]]
                seen.add(findings[held[earlier]].fingerprint)
        if not again and not mask & bit and place > first and finding.kind == findings[held[first]].kind:
            again = place if finding.fingerprint not in seen and complete(mask) else 0
        masks.append(mask)
        mask |= bit
        seen.add(finding.fingerprint)
        end = max(end, finding.end)
    if held:
        stretches.append((first, len(held)))
    return stretches


def _comes_again(held: Sequence[int], member: Membership, first: int, again: int, place: int) -> bool:
    """Tell whether the kind at `place` stands from `first` up to `again` with another value, and not behind it."""
    findings = member.findings
    one = findings[held[place]]
    before = {findings[index].fingerprint for index in held[first:again] if findings[index].kind == one.kind}
    behind = any(findings[index].kind == one.kind for index in held[again:place])
    return bool(before) and one.fingerprint not in before and not behind


def _widest(held: Sequence[int], member: Membership, masks: Sequence[int], gaps: Sequence[int], place: int) -> int:
    """Return the place of the cut before `place`; `masks` say which detectors stand before each finding."""
    bits, complete = member.bits, member.complete
    bit = bits[held[place]]
    best = place
    for back in range(place - 1, -1, -1):
        if bits[held[back]] == bit or not complete(masks[back]):
            break
        if gaps[back] > gaps[best]:
            best = back
    return best
