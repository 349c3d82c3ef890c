"""Names of people: a Chinese surname and one or two characters, names with a middle dot, two to four western words,
and what `east_names.py` knows of Japan and Korea.

It says what cannot be a name as well: words of business and of places that begin with a character that is a surname
too.
"""

from __future__ import annotations

from typing import Final

import regex

from dlp_proxy.detect import east_names
from dlp_proxy.detect.place_nouns import PLACE_NOUNS
from dlp_proxy.detect.surnames import COMPOUND, GIVEN, SURNAMES, WORDS

TITLES: Final = (
    "先生", "女士", "小姐", "太太", "老师", "師傅", "师傅", "总", "经理", "主任", "医生", "同学", "阿姨", "叔叔",
    "老板", "收",
)  # fmt: skip
_TITLE: Final = regex.compile(rf"\s?(?:\(?(?:{'|'.join(TITLES)})\)?)$")
_DOTTED: Final = regex.compile(r"[\p{Han}]{1,8}(?:[·•・‧][\p{Han}]{1,8}){1,4}")
_HAN: Final = regex.compile(r"[\p{Han}]{1,4}")
_SPACED: Final = regex.compile(r"(?<=^\p{Han}) {1,4}(?=\p{Han}$)")
# No word of a person's name: companies, streets, things, forms.
_NO_PERSON: Final = regex.compile(
    r"(?i)\b(?:inc|corp|corporation|ltd|llc|gmbh|company|co|group|team|support|service|services|department|dept|street|st|road"
    r"|rd|avenue|ave|order|number|no|not|none|null|unknown|undefined|name|address|phone|email|mail|id|type|test|true|false"
    r"|customer|receiver|recipient|consignee|contact|buyer|shipping|billing|delivery|please|thank|thanks|dear|hello|the|and"
    r"|for|with|from|your|our|this|that|new|date|city|state|country|zip|code|status"
    r"|details|information|info|data|list|account|relations|states|kingdom|republic|united|county|island|islands|success|management|care|experience|manager"
    r"|value|string|object|function|class|error|default|required|optional|first|last|full|user|admin|system|api|http|json"
    rf"|{'|'.join(PLACE_NOUNS)}"
    # of other languages: firms, streets, things of an order, forms
    r"|ag|kg|ohg|ug|sarl|sas|sasu|sa|srl|spa|bv|nv|oy|ab|aps|asa|kft|zrt|doo|gbr|e\.v|sàrl|slu|eirl|ltda|lda"
    r"|bank|banque|banco|banca|sparkasse|volksbank|verein|gesellschaft|société|sociedad|società|sociedade|firma|université"
    r"|universität|universidad|universidade|università|université|uniwersytet|hotel|hôtel|apotheke|pharmacie|farmacia"
    r"|rue|boulevard|chemin|impasse|via|viale|piazza|calle|avenida|plaza|rua|praça|ulica|straße|strasse|weg|platz|gasse|straat"
    r"|bestellung|bestellnummer|adresse|anschrift|telefon|nummer|produkt|artikel|projekt|projet|produit|commande|téléphone"
    r"|numéro|courriel|correo|pedido|dirección|teléfono|número|producto|artículo|proyecto|ordine|indirizzo|telefono|prodotto"
    r"|progetto|encomenda|endereço|morada|telefone|projeto|zamówienie|adres|numer|objednávka|adresa|beställning|ordre"
    r"|ооо|оао|зао|пао|ип|ао|тов|банк|улица|заказ|адрес|телефон|проект|номер|товар)\b"
)
_WESTERN: Final = regex.compile(r"\p{L}[\p{L}'’.-]{0,20}(?:,? \p{L}[\p{L}'’.-]{0,20}){1,5}")


_ENDS_OF_TITLES: Final = frozenset(title[-1] for title in TITLES) | {")"}


def holds(value: str) -> bool:
    value = value.strip()
    bare = _TITLE.sub("", value) if value[-1:] in _ENDS_OF_TITLES else value
    titled = bare != value
    if not bare.isalpha():
        if _DOTTED.fullmatch(bare):
            return True
        bare = _SPACED.sub("", bare)
    if _HAN.fullmatch(bare) and _chinese(bare, titled=titled):
        return True
    if bare[:1] > "\u3000":
        return east_names.holds(value)
    return _WESTERN.fullmatch(bare) is not None and _NO_PERSON.search(bare) is None


def _chinese(name: str, *, titled: bool) -> bool:
    if name in WORDS or name[:3] in WORDS or (name[:2] in WORDS and name[1] not in GIVEN):
        return False
    if name[:2] in COMPOUND:
        return len(name) > 2 or titled
    return name[0] in SURNAMES and (1 if titled else 2) <= len(name) <= 3
