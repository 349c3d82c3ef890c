"""English texts with streets, towns and numbers in which nobody's address stands."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

from tests.quality.case import Family
from tests.quality.chance import GOODS_EN, LAST, clock, day, hexes, name_en, number, price, word

_TOWNS: Final = [
    "London",
    "Paris",
    "Austin",
    "Denver",
    "Chicago",
    "Boston",
    "Leeds",
    "Toronto",
    "Sydney",
    "Berlin",
    "Seattle",
    "Dublin",
    "Houston",
    "Bristol",
    "Lyon",
    "Perth",
]
_STATES: Final = ["Texas", "Ohio", "California", "Oregon", "Florida", "Nevada", "Georgia", "Maine", "Kansas", "Utah"]


def _n(chance: Random, most: int = 99) -> int:
    return chance.randint(2, most)


def _town(chance: Random) -> str:
    return chance.choice(_TOWNS)


def _news(chance: Random) -> str:
    return chance.choice(
        (
            f"{_town(chance).upper()} ({day(chance)}) - The prime minister spoke outside 10 Downing Street on Monday, {_n(chance)} days after the vote.",
            f"Wall Street fell {_n(chance, 900)} points; Main Street has yet to notice, analysts in {_town(chance)} said.",
            f"Police closed Oak Street and {_n(chance)}th Avenue for {_n(chance, 9)} hours after a crash involving {_n(chance, 9)} cars in {_town(chance)}.",
            f"The {_n(chance)}-year-old senator from {chance.choice(_STATES)} won {_n(chance)} of {_n(chance, 120)} counties.",
            f"A spokesman at 1600 Pennsylvania Avenue declined to comment on the {_n(chance)} appointments.",
            f"Fire crews from {_town(chance)}, {chance.choice(_STATES)} fought the blaze for {_n(chance)} hours; {_n(chance, 900)} homes lost power.",
            f"The company will close {_n(chance, 400)} stores, {_n(chance)} of them in {_town(chance)}, and cut {_n(chance, 9000)} jobs.",
            f"Heavy rain is expected from {_town(chance)} to {_town(chance)}, with {_n(chance, 9)} inches by {_n(chance, 12)} p.m.",
            f"In {chance.randint(1950, 2025)} the State Road Commission widened Route {_n(chance, 300)} to {_n(chance, 8)} lanes.",
        )
    )


def _chat(chance: Random) -> str:
    return chance.choice(
        (
            f"meet at {_n(chance, 12)} by the corner of Main and {_n(chance)}th?",
            f"I parked {_n(chance, 9)} blocks down the street, be there in {_n(chance)} min",
            f"lol {_n(chance)} people on the road today, drive safe",
            f"we walked {_n(chance, 20)} miles along the lake, court case is on the {_n(chance, 28)}th",
            f"take the {_n(chance, 60)} bus to Park Square and text me",
            f"ok see you in {_town(chance)} on the {_n(chance, 28)}th, flight lands {clock(chance)[:5]}",
            f"our room is {_n(chance, 900)} on floor {_n(chance, 30)}, come up",
            f"he plays in {_n(chance, 9)} bands on Beale Street every {_n(chance, 9)} weeks",
        )
    )


def _reviews(chance: Random) -> str:
    goods = chance.choice(GOODS_EN)
    return chance.choice(
        (
            f"Bought {_n(chance, 9)} of these for our place in {_town(chance)}. The {goods} broke after {_n(chance)} days. 2 stars.",
            f"Great {goods}! Way better than the ${price(chance)} one. Arrived in {_n(chance, 9)} days from {_town(chance)}.",
            f"Room {_n(chance, 900)} faced the street; {_n(chance, 40)} minutes' drive to the lake. Would stay again.",
            f"Ordered {_n(chance, 9)}, got {_n(chance, 9)}. Customer service said {_n(chance)} business days. Court of last resort: my bank.",
            f"The trail is {_n(chance, 20)} km, park at lot {_n(chance, 9)}, drive up the hill road, way too steep for kids under {_n(chance, 12)}.",
        )
    )


def _code(chance: Random) -> str:
    return chance.choice(
        (
            f"def {word(chance)}(street: str, city: str, zip_code: int = {number(chance, 5)}) -> Address:\n    return Address(street, city, zip_code)",
            f"const {word(chance)} = {{ street: '', apt: null, state: 'TX', zip: '' }}; // line {_n(chance, 900)}",
            f"{_n(chance, 900)} Error: cannot drive {word(chance)} way {_n(chance)} in place {hexes(chance, 8)}",
            f"git checkout {hexes(chance, 7)} && make -j{_n(chance, 16)} {word(chance)} # road to {_n(chance, 9)}.{_n(chance, 9)}",
            f"SELECT street, city, state FROM addresses WHERE id = {number(chance, 6)} LIMIT {_n(chance)};",
            f'<input name="street" maxlength="{_n(chance)}" placeholder="Street address"> <!-- {_n(chance, 900)} -->',
            f"import {word(chance)}  # see section {_n(chance, 9)}.{_n(chance, 9)}, court {_n(chance)}\nassert lane[{_n(chance)}] == {number(chance, 5)}",
        )
    )


def _readme(chance: Random) -> str:
    return chance.choice(
        (
            f"## Install\n\nRequires Python {_n(chance, 4)}.{_n(chance, 14)}. Run `make {word(chance)}` in place; {_n(chance, 900)} tests pass.\n\n### Road map\n\n{_n(chance, 9)}. Drive support",
            f"Copyright (c) {chance.randint(1990, 2026)} {name_en(chance)}. Permission is hereby granted, free of charge, in no way limited.",
            f"* {word(chance)} {_n(chance, 9)}.{_n(chance, 20)}.0 - {_n(chance, 300)} commits, {_n(chance, 40)} contributors, see CHANGES\n* fix #{number(chance, 4)} way of {word(chance)}",
            f"| {word(chance)} | {number(chance, 5)} | {price(chance)} |\n|---|---|---|\n| suite {_n(chance)} | unit {_n(chance)} | floor {_n(chance)} |",
            f"The test suite {_n(chance)} runs {_n(chance, 9000)} unit tests; apt install {word(chance)} first.",
        )
    )


def _fiction(chance: Random) -> str:
    return chance.choice(
        (
            f"It was {_n(chance, 12)} o'clock when {name_en(chance)} turned into the lane. {_n(chance)} windows, all dark, looked upon the square.",
            f"“Second star to the right,” she said, “and straight on for {_n(chance)} miles, past the mill on Hill Road.”",
            f"The old man had lived on the street for {_n(chance)} years and knew all {_n(chance)} of its doors.",
            f"Chapter {_n(chance, 40)}. The {_n(chance, 9)} brothers left the court at dawn and took the north road to {_town(chance)}.",
            f"They drove {_n(chance, 900)} miles through {chance.choice(_STATES)}, sleeping in the van and counting {_n(chance)} stars.",
        )
    )


def _history(chance: Random) -> str:
    year = chance.randint(1500, 1990)
    return chance.choice(
        (
            f"In {year} the {_n(chance)}th Street bridge was opened; {_n(chance, 9000)} people crossed it on the first day.",
            f"The Treaty of {_town(chance)} ({year}) ended {_n(chance)} years of war and moved the court to {_town(chance)}.",
            f"From {year} to {year + 9}, {_n(chance, 900)} ships left the port, {_n(chance)} of them for {_town(chance)}.",
            f"Fleet Street was home to {_n(chance)} newspapers in {year}, and Savile Row to {_n(chance)} tailors.",
            f"The {_n(chance, 20)}th Regiment marched by way of Church Road and camped {_n(chance, 20)} miles from {_town(chance)}.",
        )
    )


def _sports(chance: Random) -> str:
    return chance.choice(
        (
            f"{_town(chance)} {_n(chance, 130)}, {_town(chance)} {_n(chance, 130)}: {name_en(chance)} scored {_n(chance, 40)} on {_n(chance, 20)} of {_n(chance, 40)} from the field, {_n(chance, 9)} from center court.",
            f"Lane {_n(chance, 8)}: {name_en(chance)} {_n(chance, 59)}.{_n(chance)}; Lane {_n(chance, 8)}: {name_en(chance)} {_n(chance, 59)}.{_n(chance)}",
            f"The {_n(chance)}-yard drive took {_n(chance, 15)} plays; {_n(chance, 900)} fans made their way to the park.",
        )
    )


def _law(chance: Random) -> str:
    return chance.choice(
        (
            f"Section {_n(chance, 400)}({_n(chance, 9)}) of the Road Traffic Act {chance.randint(1960, 2020)} applies to every way to which the public has access.",
            f"{_n(chance, 900)} U.S.C. § {number(chance, 4)}; see {chance.choice(LAST)} v. {chance.choice(LAST)}, {_n(chance, 900)} F.3d {number(chance, 4)} ({_n(chance, 11)}th Cir. {chance.randint(1950, 2024)}).",
            f"The tenant shall pay ${price(chance)} on or before the {_n(chance, 28)}th of each month; notice must be given {_n(chance, 90)} days ahead.",
            f"Rule {_n(chance, 80)}. The court may order service by mail to the last known address of the party within {_n(chance, 90)} days.",
        )
    )


def _towns(chance: Random) -> str:
    return chance.choice(
        (
            f"{_town(chance)}, {chance.choice(('TX', 'CA', 'OH', 'NY', 'WA'))}",
            f"Offices in {_town(chance)}, {_town(chance)} and {_town(chance)}; {_n(chance, 900)} staff.",
            f'{{"city": "{_town(chance)}", "country": "{chance.choice(("US", "GB", "FR", "DE"))}", "population": {number(chance, 7)}}}',
            f"city,state,count\n{_town(chance)},{chance.choice(_STATES)},{number(chance, 4)}",
            f"Flights {_town(chance)} - {_town(chance)} from ${price(chance)}",
            f"{chance.choice(LAST)} {chance.choice(('Street', 'Road', 'Avenue'))}, {_town(chance)}",
        )
    )


def _recipes(chance: Random) -> str:
    return chance.choice(
        (
            f"Bake at {_n(chance, 450)} degrees for {_n(chance)} minutes. Add {_n(chance, 9)} cups flour and {_n(chance, 9)} tbsp sugar; drop by spoonfuls, {_n(chance, 9)} inches apart.",
            f"Serves {_n(chance, 12)}. Place {_n(chance, 9)} chicken breasts in a pan, cover with {_n(chance, 9)} oz. stock, cook {_n(chance)} min a side.",
        )
    )


def _orders(chance: Random) -> str:
    goods = chance.choice(GOODS_EN)
    return chance.choice(
        (
            f"Your order #{number(chance, 7)} of {_n(chance, 9)} x {goods} (${price(chance)}) has left our warehouse in {_town(chance)} and arrives in {_n(chance, 9)} days.",
            f"Please confirm your shipping address so that we can send the {goods}. Order {number(chance, 6)} is on hold until {day(chance)}.",
            f"Qty {_n(chance)} {goods}, {_n(chance, 900)} ct, color: park green, size {_n(chance, 12)}, unit price ${price(chance)}",
            f"Invoice {number(chance, 6)}: {_n(chance)} units at ${price(chance)}, total ${price(chance)}, due in {_n(chance, 90)} days.",
        )
    )


def _papers(chance: Random) -> str:
    return chance.choice(
        (
            f"We sampled {_n(chance, 9000)} drivers at {_n(chance)} road crossings; {_n(chance)}% stopped (p < 0.0{_n(chance, 9)}), as in {chance.choice(LAST)} et al. {chance.randint(1990, 2026)}.",
            f"Table {_n(chance, 9)}. Mean {price(chance)} (SD {_n(chance, 9)}.{_n(chance)}), n = {_n(chance, 900)}, {_town(chance)} cohort, {_n(chance, 9)} lanes of gel.",
            f"{chance.choice(LAST)}, {chance.choice('ABCDE')}. ({chance.randint(1970, 2026)}). The way of {word(chance)}. Journal of {word(chance).title()}, {_n(chance)}({_n(chance, 12)}), {_n(chance, 400)}-{_n(chance, 900)}.",
        )
    )


MAKERS: Final[dict[str, Callable[[Random], str]]] = {
    "news-en": _news,
    "chat-en": _chat,
    "reviews-en": _reviews,
    "code-en": _code,
    "readmes-en": _readme,
    "fiction-en": _fiction,
    "history-en": _history,
    "sports-en": _sports,
    "law-en": _law,
    "towns-en": _towns,
    "recipes-en": _recipes,
    "order-talk-en": _orders,
    "papers-en": _papers,
}
KINDS: Final = ("address", "phone")
FAMILIES: Final = tuple(Family(f"address/not/{name}", make, KINDS, 0.05) for name, make in MAKERS.items())
