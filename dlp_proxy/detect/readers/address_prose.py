"""Whether words that look like a street are a sentence."""

from __future__ import annotations

from typing import Final

import regex

from dlp_proxy.detect.alternatives import tree
from dlp_proxy.detect.late import late
from dlp_proxy.detect.postal.suffixes import MODEST, USUAL

SURE: Final = late(rf"(?<![\p{{L}}]){tree((*USUAL, *MODEST))}(?![\p{{L}}])")
_YEARS: Final = late(r"(?:19|20)[0-9]{2} ?- ?(?:19|20)?[0-9]{2}(?![0-9])")
_MEASURE: Final = late(
    r"(?:(?:more|other|different|of|in|to|and|or|for|is|are|was|were|hundred|thousand|million|billion|percent|dollars?|euros?"
    r"|points?|times|people|men|women|lanes?|roads?|streets?|courts?|places?|circles?|drives?"
    r"|(?:second|minute|min|hour|hr|day|week|month|year|mile|block|meter|metre|foot|feet|inch|yard|lap)s?|km|kms|ft|x"
    r"|am|pm|a\.m|p\.m|mph|gb|mb|kb|ms|large|small|big|man|way|step|star|stop|hp|cm|mm|kg|lbs?|oz)(?![\p{L}])"
    r"|.*\b(?:the|a|an|is|are|was|were|that|this|it|you|we|they|i|to|for|with|from|his|her|their|my|your|our)\b)"
)
_PARTICLE: Final = late(
    r"(?:[nsew][ew]?|north|south|east|west|de|la|le|van|der|den|del|du|st|rue|o|d)(?![\p{L}])|[0-9]"
)
_CLAUSE: Final = late(
    r"(?<!\p{L})(?:in|near|was|were|is|are|that|along|across|through|towards?|into|around|behind|outside|inside)"
    r"(?!\p{L})(?!-)"
)
# Only abbreviations have a point inside a street's name: 12 St. James Street, 7 Soldiers. They walked down Main Street.
_SENTENCE_END: Final = late(r"(?<!\p{L})\p{L}{6,}\.[ ]")


def is_prose(street: regex.Match[str]) -> bool:
    """Say whether words that look like a street are a sentence: 3 men in Hyde Park, a 5 minutes drive, 1991-2020 L."""
    words = street["street"]
    if _YEARS.match(street[0]):
        return True
    if words == words.lower():
        return _MEASURE.match(words) is not None or (words[-1] == "." and not SURE.search(words))
    if _SENTENCE_END.search(words) or _CLAUSE.search(words):
        return True
    return words[0].islower() and _PARTICLE.match(words) is None
