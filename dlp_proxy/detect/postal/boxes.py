"""Where the post leaves things on the continent of Europe, without a street: boxes, lockers, houses of a village."""

from __future__ import annotations

from typing import Final

_NAMES: Final = (
    # German, Dutch, of the north
    "Postfach", "Packstation", "Postfiliale", "Paketbox", "POSTFACH", "PACKSTATION", "Postbus", "Antwoordnummer",
    "POSTBUS",
    "Postboks", "Pakkeboks", "POSTBOKS", "Box", "BOX", "PL",
    # French: box, courrier spécial, tri service arrivée
    "BP", "CS", "TSA", "Boîte postale", "Boite postale",
    # Romance
    "Apartado de Correos", "Apartado de correos", "Apdo. de Correos", "Apartado Postal", "Apartado", "Apdo.", "Apdo",
    "APARTADO", "Casella postale", "Casella Postale", "Caixa Postal",
    # of the east
    "skr. poczt.", "skrytka pocztowa", "skr. pocztowa", "Skrytka pocztowa", "Paczkomat", "poštovní přihrádka",
    "Poštovní přihrádka",
    "Poštanski pretinac", "poštni predal", "Postafiók",
    # numbers of houses in villages without streets
    "č.p.", "č. p.", "č.e.",
)  # fmt: skip

BOX: Final = (
    rf"(?<![\p{{L}}0-9])(?:{'|'.join(name.replace('.', '[.]') for name in sorted(_NAMES, key=len, reverse=True))})"
    r"[ :.]{1,3}(?:[A-Z]{2,3}[0-9]{1,2}[A-Z]?|[0-9]{1,6}(?P<more>(?: [0-9]{2,3}){1,3})?)(?![0-9])"
)
PLACES: Final = (
    r"(?:ostfach|ckstation|ostbus|oordnummer|stboks|keboks|OSTFACH|STATION|OSTBUS|aketbox|filiale)[ :.]{1,3}[0-9]",
    r"(?:partado|Correos|correos|Postal|postal|postale|pdo\.?|PARTADO)[ :.]{1,3}[0-9]",
    r"(?:oczt\.|ocztowa|czkomat|retinac|ihrádka|predal|afiók)[ :.]{1,3}[A-Z0-9]",
    r"č\.? ?[pe]\.[ :.]{1,3}[0-9]",
    r"\b(?:BP|CS|TSA)[ :.]{1,3}[0-9]",
    r"PL [0-9]{1,6}(?:, ?|\n)[0-9]{5} \p{Lu}",
)
"""Where to look for one: the end of its name and its number."""

VILLAGE: Final = r"(?<![\p{L}])(?:[Ll]ieu-?[ -]?[Dd]it|LIEU-DIT)[ ]\p{Lu}"
"""A place in the country that has no street."""
SWEDISH: Final = r"[0-9]{3} [0-9]{2} |[A-Z]{2}-"
"""What the postcode is like where a box is called no more than box."""

WITHOUT_NUMBER: Final = (
    r"(?:s/n|S/N|snc|SNC)(?: ?- ?|,? |\r?\n[ ]{0,8})(?:[0-9]{5} \p{Lu}|\p{Lu}[\p{L} -]{2,30},? \(?[0-9]{5})"
)
"""What stands in the place of a number where a house has none, in Italy and Spain, with its postcode."""
