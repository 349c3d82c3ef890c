"""How fast Presidio and the matcher of phonenumbers are, in their own environment: JSON in and out, for `detect`."""

from __future__ import annotations

import json
import logging
import sys
import time

import phonenumbers
from peers import presidio


def main() -> None:
    logging.disable(logging.CRITICAL)
    analyzer = presidio()
    analyzer.analyze(text="warm", language="en")
    rates = []
    for corpus, (short, longer) in json.load(sys.stdin).items():
        began = time.process_time()
        analyzer.analyze(text=short, language="en")
        rates.append(("Presidio", corpus, len(short.encode()) / 1e6 / (time.process_time() - began)))
        began = time.process_time()
        for region in ("CN", "US"):
            list(phonenumbers.PhoneNumberMatcher(longer, region))
        rates.append(("phonenumbers", corpus, len(longer.encode()) / 1e6 / (time.process_time() - began)))
    print(json.dumps(rates))


if __name__ == "__main__":
    main()
