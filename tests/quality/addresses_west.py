"""Postal addresses of the United States, the United Kingdom, Canada, Australia, Germany and France, in their texts.

Formats: USPS Publication 28 (suffixes, units, military mail), Royal Mail's Postcode Address File (forms of postcodes),
Canada Post's addressing guidelines, AS 4590, DIN 5008, AFNOR XP Z10-011. Streets and most towns are put together.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import Final

from tests.quality.case import Family, mark
from tests.quality.chance import FIRST, GOODS_EN, LAST, digits, email, name_en, number, price

_STATES: Final = [
    "AL",
    "AK",
    "AZ",
    "AR",
    "CA",
    "CO",
    "CT",
    "DE",
    "FL",
    "GA",
    "HI",
    "ID",
    "IL",
    "IN",
    "IA",
    "KS",
    "KY",
    "LA",
    "ME",
    "MD",
    "MA",
    "MI",
    "MN",
    "MS",
    "MO",
    "MT",
    "NE",
    "NV",
    "NH",
    "NJ",
    "NM",
    "NY",
    "NC",
    "ND",
    "OH",
    "OK",
    "OR",
    "PA",
    "RI",
    "SC",
    "SD",
    "TN",
    "TX",
    "UT",
    "VT",
    "VA",
    "WA",
    "WV",
    "WI",
    "WY",
    "DC",
]
_STATE_NAMES: Final = (
    "California",
    "Texas",
    "New York",
    "Florida",
    "Illinois",
    "Ohio",
    "Oregon",
    "Washington",
    "North Carolina",
    "Georgia",
    "Colorado",
    "Massachusetts",
    "Michigan",
    "New Jersey",
)
_REAL: Final = (
    ("Springfield", "IL", "627"),
    ("Austin", "TX", "787"),
    ("Portland", "OR", "972"),
    ("San Francisco", "CA", "941"),
    ("New York", "NY", "100"),
    ("Brooklyn", "NY", "112"),
    ("Los Angeles", "CA", "900"),
    ("Chicago", "IL", "606"),
    ("Seattle", "WA", "981"),
    ("Boston", "MA", "021"),
    ("Denver", "CO", "802"),
    ("Miami", "FL", "331"),
    ("Atlanta", "GA", "303"),
    ("Salt Lake City", "UT", "841"),
    ("St. Louis", "MO", "631"),
    ("Ann Arbor", "MI", "481"),
    ("Fort Worth", "TX", "761"),
    ("Honolulu", "HI", "968"),
    ("Winston-Salem", "NC", "271"),
    ("Coeur d'Alene", "ID", "838"),
    ("Lake Oswego", "OR", "970"),
    ("Des Moines", "IA", "503"),
    ("Washington", "DC", "200"),
    ("Cambridge", "MA", "021"),
    ("Anchorage", "AK", "995"),
)
_STEMS: Final = [
    "Oak",
    "Maple",
    "Cedar",
    "Pine",
    "Elm",
    "Washington",
    "Lincoln",
    "Park",
    "Lake",
    "Hill",
    "Walnut",
    "Spring",
    "North",
    "Ridge",
    "Church",
    "Willow",
    "Mill",
    "Sunset",
    "Railroad",
    "Jackson",
    "Cherry",
    "Highland",
    "Dogwood",
    "Franklin",
    "River",
    "Meadow",
    "Forest",
    "Broad",
    "Chestnut",
    "Birch",
    "Juniper",
    "Sycamore",
    "Magnolia",
    "Prospect",
]
_SUFFIXES: Final = [
    "Street",
    "Street",
    "St",
    "St.",
    "Avenue",
    "Ave",
    "Ave.",
    "Road",
    "Rd",
    "Rd.",
    "Drive",
    "Dr",
    "Dr.",
    "Lane",
    "Ln",
    "Boulevard",
    "Blvd",
    "Court",
    "Ct",
    "Place",
    "Pl",
    "Way",
    "Circle",
    "Cir",
    "Terrace",
    "Trail",
    "Parkway",
    "Pkwy",
    "Highway",
    "Square",
    "Loop",
    "Crossing",
    "Point",
]
_ODD_SUFFIXES: Final = [
    "Forge",
    "Forges",
    "Ford",
    "Fords",
    "Mews",
    "Shoals",
    "Throughway",
    "Stravenue",
    "Burgs",
    "Underpass",
    "Ramp",
    "Isle",
    "Rapids",
    "Locks",
    "Plains",
    "Grove",
    "Field",
    "Knolls",
    "Estates",
    "Union",
    "Plaza",
    "Spurs",
    "Track",
    "Viaduct",
    "Via",
    "Walks",
    "Ville",
    "Wells",
    "Turnpike",
    "Station",
    "Skyway",
]
_UNITS: Final = (
    "Apt {n}",
    "Apt. {n}{l}",
    "Suite {n}",
    "Ste {n}",
    "Unit {n}",
    "#{n}",
    "# {n}",
    "Floor {f}",
    "Apartment {n}",
    "Bldg {l}",
    "Rm {n}",
    "Apt {l}",
)


def _street(chance: Random, suffixes: list[str]) -> str:
    before = chance.choice(("", "", "", "N ", "South ", "NW ", "E. ", "West "))
    after = chance.choice(("", "", "", "", " NE", " SW", " North"))
    ordinal = chance.randint(1, 190)
    end = "th" if 10 <= ordinal % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(ordinal % 10, "th")
    stem = chance.choice(
        (
            chance.choice(_STEMS),
            chance.choice(_STEMS),
            chance.choice(LAST),
            f"{ordinal}{end}",
            f"{chance.choice(FIRST)} {chance.choice(LAST)}",
        )
    )
    return f"{before}{stem} {chance.choice(suffixes)}{after}"


def _unit(chance: Random) -> str:
    return chance.choice(_UNITS).format(n=chance.randint(1, 999), l=chance.choice("ABCDEFG"), f=chance.randint(2, 40))


def _town(chance: Random) -> str:
    last = chance.choice(LAST)
    return chance.choice(
        (
            f"{last}ville",
            f"North {last}",
            f"Lake {chance.choice(FIRST)}",
            f"{last}ton",
            f"Port {chance.choice(FIRST)}",
            f"{last} Springs",
            f"East {last}",
            f"{last}burgh",
            f"New {last}",
            f"West {chance.choice(FIRST)}mouth",
            f"{last} City",
        )
    )


def us(chance: Random) -> str:
    """Return an address with a town, state and ZIP code that belong together."""
    city, state, zip3 = chance.choice(_REAL)
    shown = chance.choice((state, state, state, state, chance.choice(_STATE_NAMES) if chance.random() < 0.3 else state))
    code = zip3 + digits(chance, 2) + (f"-{digits(chance, 4)}" if chance.random() < 0.2 else "")
    return _us(chance, _street(chance, _SUFFIXES), city, shown, code)


def us_invented(chance: Random) -> str:
    """Return an address of a town on no list, with any suffix of Publication 28; ZIP code and state need not agree."""
    state = chance.choice([*_STATES, "PR", "GU", "VI", "AS", "FM", "MH", "MP", "PW"])
    return _us(
        chance, _street(chance, [*_SUFFIXES, *_ODD_SUFFIXES, *_ODD_SUFFIXES]), _town(chance), state, number(chance, 5)
    )


def _us(chance: Random, street: str, city: str, state: str, code: str) -> str:
    house = chance.choice(
        (str(chance.randint(1, 99999)), str(chance.randint(1, 9999)), f"{chance.randint(1, 99)}{chance.choice('AB')}")
    )
    unit = _unit(chance) if chance.random() < 0.35 else ""
    joined = chance.choice((", ", " ")) if unit else ""
    break_ = chance.choice((", ", ", ", "\n", " "))
    text = f"{house} {street}{joined}{unit}{break_}{city}, {state} {code}"
    country = chance.choice(("", "", "", ", USA", ", United States", "\nUSA"))
    text = text + country if chance.random() < 0.3 else text
    form = chance.random()
    return text.upper() if form < 0.08 else text.lower() if form < 0.12 else text


def us_short(chance: Random) -> str:
    """Return an address without a ZIP code or without a comma."""
    city, state, zip3 = chance.choice(_REAL)
    street = f"{chance.randint(1, 9999)} {_street(chance, _SUFFIXES)}"
    return chance.choice(
        (
            f"{street}, {city}, {state}",
            f"{street} {city} {state} {zip3}{digits(chance, 2)}",
            f"{street}, {city} {state}, {zip3}{digits(chance, 2)}",
            f"{street}, {_unit(chance)}, {city}, {state}",
        )
    )


def us_box(chance: Random) -> str:
    """Return a post office box or a military address."""
    city, state, zip3 = chance.choice(_REAL)
    code = zip3 + digits(chance, 2)
    military = chance.choice(("APO AE", "APO AP", "FPO AP", "DPO AE", "APO AA", "FPO AE"))
    zip_ = {"AE": "09", "AP": "96", "AA": "34"}[military[-2:]] + digits(chance, 3)
    return chance.choice(
        (
            f"P.O. Box {number(chance, 4)}, {city}, {state} {code}",
            f"PO Box {number(chance, 3)}\n{city}, {state} {code}",
            f"PSC {number(chance, 4)}, Box {number(chance, 4)}\n{military} {zip_}",
            f"Unit {number(chance, 4)} Box {number(chance, 4)}\n{military} {zip_}",
        )
    )


_UK_TOWNS: Final = (
    ("London", "SW1A"),
    ("London", "EC2V"),
    ("London", "N7"),
    ("Manchester", "M14"),
    ("Leeds", "LS6"),
    ("Bristol", "BS8"),
    ("Edinburgh", "EH3"),
    ("Glasgow", "G12"),
    ("Cardiff", "CF10"),
    ("Brighton", "BN1"),
    ("York", "YO10"),
    ("Oxford", "OX4"),
    ("Cambridge", "CB2"),
    ("Liverpool", "L18"),
    ("Sheffield", "S11"),
    ("Birmingham", "B15"),
    ("Milton Keynes", "MK9"),
    ("Stoke-on-Trent", "ST4"),
)
_UK_SUFFIXES: Final = [
    "Road",
    "Street",
    "Lane",
    "Avenue",
    "Close",
    "Gardens",
    "Crescent",
    "Terrace",
    "Drive",
    "Way",
    "Grove",
    "Place",
    "Square",
    "Mews",
    "Court",
    "Hill",
    "Row",
    "Walk",
    "Park",
    "Green",
    "Rise",
]


def uk(chance: Random) -> str:
    town, outward = chance.choice(_UK_TOWNS)
    code = f"{outward}{chance.choice((' ', ' ', ' ', ''))}{chance.randint(1, 9)}{''.join(chance.choices('ABDEFGHJLNPQRSTUWXYZ', k=2))}"
    flat = chance.choice(
        (
            "",
            "",
            "",
            f"Flat {chance.randint(1, 90)}, ",
            f"Unit {chance.randint(1, 20)}, ",
            f"{chance.randint(1, 40)} {chance.choice(_STEMS)} House, ",
        )
    )
    stem = chance.choice(
        (chance.choice(_STEMS), chance.choice(LAST), "High", "Station", "Victoria", "Queen's", "St John's")
    )
    house = chance.choice((str(chance.randint(1, 400)), f"{chance.randint(1, 90)}{chance.choice('ABC')}"))
    sign = chance.choice((", ", ", ", "\n"))
    end = chance.choice(("", "", "", f"{sign}UK", f"{sign}United Kingdom"))
    return f"{flat}{house} {stem} {chance.choice(_UK_SUFFIXES)}{sign}{town}{chance.choice((sign, ' '))}{code}{end}"


_CA_TOWNS: Final = (
    ("Toronto", "ON", "M"),
    ("Ottawa", "ON", "K"),
    ("Vancouver", "BC", "V"),
    ("Calgary", "AB", "T"),
    ("Montréal", "QC", "H"),
    ("Halifax", "NS", "B"),
    ("Winnipeg", "MB", "R"),
    ("Regina", "SK", "S"),
    ("Québec", "QC", "G"),
    ("Moncton", "NB", "E"),
    ("Charlottetown", "PE", "C"),
)


def canada(chance: Random) -> str:
    town, province, letter = chance.choice(_CA_TOWNS)
    letters = "ABCEGHJKLMNPRSTVXY"
    code = f"{letter}{chance.randint(1, 9)}{chance.choice(letters)}{chance.choice((' ', ' ', ''))}{chance.randint(0, 9)}{chance.choice(letters)}{chance.randint(0, 9)}"
    house = f"{chance.choice(('', '', f'{chance.randint(1, 900)}-'))}{chance.randint(1, 9999)}"
    street = (
        f"{chance.choice((chance.choice(_STEMS), chance.choice(LAST), 'Yonge', 'King'))} {chance.choice(_SUFFIXES)}"
    )
    if province == "QC" and chance.random() < 0.5:
        street = f"rue {chance.choice(('Sainte-Catherine', 'Saint-Denis', 'Sherbrooke'))} {chance.choice(('Ouest', 'Est', ''))}".rstrip()
    unit = f", {chance.choice(('Unit', 'Apt', 'Suite'))} {chance.randint(1, 999)}" if chance.random() < 0.3 else ""
    return f"{house} {street}{unit}{chance.choice((', ', chr(10)))}{town}{chance.choice((', ', ' '))}{province}{chance.choice((' ', '  ', ', '))}{code}"


_AU_TOWNS: Final = (
    ("Sydney", "NSW", "20"),
    ("Melbourne", "VIC", "30"),
    ("Brisbane", "QLD", "40"),
    ("Perth", "WA", "60"),
    ("Adelaide", "SA", "50"),
    ("Hobart", "TAS", "70"),
    ("Canberra", "ACT", "26"),
    ("Surry Hills", "NSW", "20"),
    ("Fitzroy", "VIC", "30"),
    ("Darwin City", "NT", "08"),
)


def australia(chance: Random) -> str:
    town, state, start = chance.choice(_AU_TOWNS)
    house = chance.choice(
        (
            str(chance.randint(1, 900)),
            f"{chance.randint(1, 40)}/{chance.randint(1, 900)}",
            f"Unit {chance.randint(1, 40)}, {chance.randint(1, 900)}",
            f"Level {chance.randint(1, 40)}, {chance.randint(1, 900)}",
        )
    )
    street = f"{chance.choice((chance.choice(_STEMS), chance.choice(LAST), 'George', 'Collins'))} {chance.choice(['Street', 'St', 'Road', 'Rd', 'Avenue', 'Parade', 'Crescent', 'Drive', 'Place', 'Terrace', 'Esplanade', 'Way', 'Lane'])}"
    return f"{house} {street}{chance.choice((', ', ', ', chr(10)))}{town}{chance.choice((' ', ', '))}{state} {start}{digits(chance, 2)}"


_DE_TOWNS: Final = (
    "Berlin",
    "Hamburg",
    "München",
    "Köln",
    "Frankfurt am Main",
    "Stuttgart",
    "Leipzig",
    "Dresden",
    "Nürnberg",
    "Halle (Saale)",
    "Bad Homburg",
    "Freiburg im Breisgau",
    "Castrop-Rauxel",
    "Ulm",
)


def germany(chance: Random) -> str:
    stem = chance.choice(
        ("Linden", "Haupt", "Bahnhof", "Schiller", "Garten", "Goethe", "Berg", "Kirch", "Birken", "Mozart", "Rosen")
    )
    street = chance.choice(
        (
            stem
            + chance.choice(("straße", "strasse", "str.", "weg", "allee", "platz", "gasse", "ring", "ufer", "damm")),
            f"Am {stem}feld",
            f"{stem} Straße",
            "Unter den Linden",
            f"Karl-{chance.choice(('Marx', 'Liebknecht'))}-Straße",
            "Alte Landstraße",
        )
    )
    house = chance.choice(
        (
            str(chance.randint(1, 200)),
            f"{chance.randint(1, 200)}{chance.choice('abc')}",
            f"{chance.randint(1, 90)}-{chance.randint(91, 99)}",
            f"{chance.randint(1, 90)} {chance.choice('ab')}",
        )
    )
    code = chance.choice(("", "", "", "D-")) + f"{chance.randint(1067, 99998):05}"
    return f"{street} {house}{chance.choice((', ', chr(10)))}{code} {chance.choice(_DE_TOWNS)}"


_FR_TOWNS: Final = (
    "Paris",
    "Lyon",
    "Marseille",
    "Toulouse",
    "Nantes",
    "Aix-en-Provence",
    "Saint-Étienne",
    "Clermont-Ferrand",
    "Le Havre",
    "Rennes",
    "La Rochelle",
    "Bourg-en-Bresse",
)


def france(chance: Random) -> str:
    kind = chance.choice(
        (
            "rue",
            "rue",
            "rue",
            "avenue",
            "boulevard",
            "place",
            "impasse",
            "allée",
            "chemin",
            "quai",
            "cours",
            "Rue",
            "bd",
            "av.",
        )
    )
    name = chance.choice(
        (
            "de la République",
            "Victor Hugo",
            "des Lilas",
            "du Général de Gaulle",
            "de l'Église",
            "Pasteur",
            "Saint-Michel",
            "d'Alsace",
            "du Moulin",
            "Jean Jaurès",
            "des Écoles",
        )
    )
    house = chance.choice(
        (
            str(chance.randint(1, 300)),
            f"{chance.randint(1, 300)} bis",
            f"{chance.randint(1, 300)},",
            f"{chance.randint(1, 99)} ter",
        )
    )
    end = chance.choice(("", "", "", " Cedex", f" Cedex {chance.randint(1, 20):02}"))
    code = f"{chance.randint(1, 95):02}{chance.choice(('000', '100', digits(chance, 3)))}"
    return f"{house} {kind} {name}{chance.choice((', ', chr(10)))}{code} {chance.choice(_FR_TOWNS)}{end}"


def in_mail(chance: Random, value: str) -> str:
    """Put a marked address into a mail about an order."""
    name, goods = name_en(chance), chance.choice(GOODS_EN)
    return chance.choice(
        (
            f"Hi,\n\nplease ship my {goods} to {value}.\n\nThanks,\n{name}",
            f"Ship to:\n{name}\n{value}\n",
            f"Order #{number(chance, 7)}\nItem: {goods}\nTotal: ${price(chance)}\nShipping address: {value}",
            f"Your order of {goods} will be delivered to {value} by Friday.",
            f"Billing address\n{name}\n{value}\n\n{email(chance)}",
            f"I moved. My new address is {value}. Could you change order {number(chance, 6)}?",
            f"The package for {name} at {value} was returned to sender.",
            f"Deliver to {name}, {value}. Leave at the door.",
            f"Customer: {name}\nAddress: {value}\nPhone: on file",
            f"We tried to deliver your {goods} to {value} today but nobody was home.",
        )
    )


def in_chat(chance: Random, value: str) -> str:
    return chance.choice(
        (
            f"hey can you drop it at {value} ?",
            f"I live at {value}",
            f"meet me at {value} around 6",
            f"the office is at {value}, buzz 4",
            f"sure! {value}",
            f"send it to {value} pls",
            f"my mom's place: {value}",
            f"{name_en(chance)}: my address is {value}",
        )
    )


def in_json(chance: Random, value: str) -> str:
    key = chance.choice(
        ("address", "ship_to", "shippingAddress", "street_address", "addr", "delivery_address", "billing")
    )
    row = {"order": number(chance, 6), "customer": name_en(chance), key: value, "total": float(price(chance))}
    return json.dumps(chance.choice((row, [row])), ensure_ascii=False, indent=chance.choice((None, 2)))


def in_csv(chance: Random, value: str) -> str:
    head = chance.choice(
        ("order_id,name,address,total", "id,customer,shipping_address,amount", "no,recipient,ship_to,price")
    )
    return f'{head}\n{number(chance, 5)},{name_en(chance)},"{value}",{price(chance)}'


_AROUND: Final = (in_mail, in_mail, in_chat, in_json, in_csv)


def _family(make: Callable[[Random], str], *around: Callable[[Random, str], str]) -> Callable[[Random], str]:
    places = around or _AROUND
    return lambda chance: chance.choice(places)(chance, mark("address", make(chance)))


KIND: Final = ("address",)
FAMILIES: Final = (
    Family("address/us/mail", _family(us, in_mail), KIND, 0.85),
    Family("address/us/chat", _family(us, in_chat), KIND, 0.85),
    Family("address/us/json", _family(us, in_json), KIND, 0.85),
    Family("address/us/csv", _family(us, in_csv), KIND, 0.85),
    Family("address/us/invented", _family(us_invented), KIND, 0.85),
    Family("address/us/short", _family(us_short), KIND, 0.85),
    Family("address/us/boxes", _family(us_box), KIND, 0.85),
    Family("address/us/bare", _family(us, lambda _, value: value), KIND),
    Family("address/west/uk", _family(uk), KIND, 0.8),
    Family("address/west/canada", _family(canada), KIND, 0.8),
    Family("address/west/australia", _family(australia), KIND, 0.8),
    Family("address/west/germany", _family(germany), KIND, 0.8),
    Family("address/west/france", _family(france), KIND, 0.8),
)
