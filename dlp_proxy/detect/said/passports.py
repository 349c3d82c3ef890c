"""What stands before the number of a passport, by language."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from dlp_proxy.detect.said.languages import Labels


def _of(noun: str, before: str = "", behind: str = "") -> tuple[str, ...]:
    """Return `noun`, and it with each word for number, written with `|` between, before it or behind it."""
    return (
        noun,
        *(f"{number} {noun}" for number in before.split("|") if number),
        *(f"{noun} {number}" for number in behind.split("|") if number),
    )


PASSPORTS: Final[Labels] = MappingProxyType({
    "de": ("reisepass", "reisepassnummer", "reisepass nr", "reisepassnr", "passnummer", "pass nr", "passnr",
        "pass nummer", "ausweisnummer", "reisepass no"),
    "nl": ("paspoort", "paspoortnummer", "paspoort nr", "paspoortnr"),
    "af": ("paspoort", "paspoortnommer"),
    "sv": ("passnummer", "passnr", "pass nr"),
    "da": ("pasnummer", "pasnr", "pas nr"),
    "nb": ("passnummer", "passnr"),
    "is": ("vegabréf", "vegabréfsnúmer"),
    "fi": ("passin numero", "passinumero", "passinro"),
    "fr": (*_of("passeport", "", "n°|nº|no|numéro"), *_of("de passeport", "n°|nº|no|numéro|num")[1:]),
    "es": (*_of("pasaporte", "", "n°|nº|no|número|nro|n"), *_of("de pasaporte", "n°|nº|no|número|núm|nro")[1:]),
    "ca": ("passaport", "número de passaport"),
    "pt": (*_of("passaporte", "", "n°|nº|no|número|n.º"), *_of("do passaporte", "n°|nº|número|n.º")[1:],
        "número de passaporte"),
    "it": (*_of("passaporto", "n|numero|n°|nº", "n|numero|n°|nº|nr"), "numero di passaporto", "numero del passaporto"),
    "ro": _of("pașaport", "nr|număr|seria", "nr|seria"),
    "pl": (*_of("paszport", "", "nr|numer"), *_of("paszportu", "nr|numer|seria i numer")[1:]),
    "cs": ("cestovní pas", "číslo pasu", "pas č", "číslo cestovního pasu", "č. pasu"),
    "sk": ("cestovný pas", "číslo pasu"),
    "sl": ("potni list", "številka potnega lista"),
    "hr": ("putovnica", "broj putovnice", "pasoš", "broj pasoša", "putovnica br"),
    "hu": ("útlevél", "útlevélszám", "útlevél száma"),
    "et": ("passi number", "passi nr"),
    "lv": ("pases numurs", "pase nr"),
    "lt": ("paso numeris", "paso nr"),
    "sq": ("pasaporta", "numri i pasaportës"),
    "tr": ("pasaport", "pasaport no", "pasaport numarası"),
    "az": ("pasport", "pasportun nömrəsi"),
    "uz": ("pasport raqami",),
    "el": ("διαβατήριο", "αριθμός διαβατηρίου", "αρ. διαβατηρίου"),
    "ru": ("паспорт", "загранпаспорт", "номер паспорта", "паспорт №", "паспорт серия", "серия и номер паспорта",
        "паспорт серии", "паспортные данные"),
    "uk": ("номер паспорта", "паспорт №", "закордонний паспорт"),
    "be": ("пашпарт", "нумар пашпарта"),
    "bg": ("номер на паспорт", "паспорт №"),
    "sr": ("пасош", "број пасоша"),
    "mk": ("пасош", "број на пасош"),
    "kk": ("паспорт нөмірі",),
    "ky": ("паспорт номери",),
    "tg": ("рақами шиноснома",),
    "mn": ("паспортын дугаар",),
    "hy": ("անձնագիր", "անձնագրի համար"),
    "ka": ("პასპორტი", "პასპორტის ნომერი"),
    "ar": ("رقم جواز السفر", "جواز السفر", "رقم الجواز", "جواز سفر رقم"),
    "fa": ("شماره گذرنامه", "گذرنامه", "شماره پاسپورت"),
    "ur": ("پاسپورٹ نمبر",),
    "he": ("מספר דרכון", "דרכון"),
    "hi": ("पासपोर्ट नंबर", "पासपोर्ट संख्या", "पासपोर्ट"),
    "bn": ("পাসপোর্ট নম্বর", "পাসপোর্ট"),
    "ne": ("राहदानी नम्बर",),
    "si": ("ගමන් බලපත්‍ර අංකය",),
    "ta": ("கடவுச்சீட்டு எண்",),
    "te": ("పాస్‌పోర్ట్ నంబర్",),
    "kn": ("ಪಾಸ್ಪೋರ್ಟ್ ಸಂಖ್ಯೆ",),
    "ml": ("പാസ്പോർട്ട് നമ്പർ",),
    "gu": ("પાસપોર્ટ નંબર",),
    "pa": ("ਪਾਸਪੋਰਟ ਨੰਬਰ",),
    "th": ("หมายเลขหนังสือเดินทาง", "เลขที่หนังสือเดินทาง", "หนังสือเดินทาง", "เลขพาสปอร์ต", "พาสปอร์ต"),
    "lo": ("ເລກທີໜັງສືຜ່ານແດນ",),
    "km": ("លេខលិខិតឆ្លងដែន",),
    "my": ("နိုင်ငံကူးလက်မှတ်",),
    "vi": ("hộ chiếu", "số hộ chiếu", "hộ chiếu số"),
    "id": ("paspor", "no paspor", "no. paspor", "nomor paspor"),
    "ms": ("pasport", "no pasport", "no. pasport", "nombor pasport"),
    "sw": ("nambari ya pasipoti", "pasipoti"),
    "am": ("የፓስፖርት ቁጥር",),
    "ja": ("旅券番号", "パスポート番号", "パスポート", "旅券", "パスポートno"),
    "ko": ("여권번호", "여권 번호", "여권"),
})  # fmt: skip
