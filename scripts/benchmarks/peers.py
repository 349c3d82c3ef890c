"""Other tools on the texts of `quality`, in their own environment (`requirements/bench.txt`): JSON lines in and out.

Presidio runs with a blank spaCy model, since its trained ones cannot be fetched here: its pattern recognisers work, the
ones that need a language model find nothing. Its phone recogniser gets China beside its own regions. The matcher of
phonenumbers runs for China and for the United States, and what either finds counts.
"""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

import phonenumbers
import spacy
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import SpacyNlpEngine
from presidio_analyzer.predefined_recognizers import PhoneRecognizer

KINDS = {
    "PHONE_NUMBER": "phone",
    "LOCATION": "address",
    "EMAIL_ADDRESS": "email",
    "CREDIT_CARD": "card",
    "IBAN_CODE": "iban",
    "PERSON": "name",
}


class Blank(SpacyNlpEngine):
    """spaCy without a trained model."""

    def __init__(self) -> None:
        super().__init__()
        self.nlp = {"en": spacy.blank("en")}


def presidio() -> AnalyzerEngine:
    registry = RecognizerRegistry(supported_languages=["en"])
    registry.load_predefined_recognizers(languages=["en"])
    registry.remove_recognizer("PhoneRecognizer")
    registry.add_recognizer(PhoneRecognizer(supported_regions=(*PhoneRecognizer.DEFAULT_SUPPORTED_REGIONS, "CN")))
    return AnalyzerEngine(registry=registry, nlp_engine=Blank(), supported_languages=["en"])


def main() -> None:
    logging.disable(logging.CRITICAL)
    analyzer = presidio()
    for line in sys.stdin:
        text = json.loads(line)
        answers: dict[str, list[Any]] = {
            "Presidio": [
                (one.start, one.end, KINDS[one.entity_type])
                for one in analyzer.analyze(text=text, language="en", entities=list(KINDS))
            ],
            "phonenumbers": list(
                {
                    (one.start, one.end, "phone")
                    for region in ("CN", "US")
                    for one in phonenumbers.PhoneNumberMatcher(text, region)
                }
            ),
        }
        print(json.dumps(answers), flush=True)


if __name__ == "__main__":
    main()
