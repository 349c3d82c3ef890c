"""What stands before the number of an order, by language, as shops and marketplaces there write it."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from dlp_proxy.detect.said.languages import Labels


def _either(nouns: str, numbers: str, joint: str = "") -> tuple[str, ...]:
    """Return each noun with each word for number behind it, both written with `|` between."""
    return tuple(f"{noun}{joint}{number}" for noun in nouns.split("|") for number in numbers.split("|"))


_ROMANCE: Final = "n°|nº|n.º|n.°|no|nr"

NUMBERED: Final[Labels] = MappingProxyType({
    "de": (
        *_either("bestell|auftrags|order|einkaufs|kauf", "nummer|nr|no|id|code|referenz"),
        *_either("bestellung|auftrag", "nr|nummer|no|n°|id", " "), "vorgangsnummer", "vorgangsnr",
    ),
    "nl": (*_either("bestel|order", "nummer|nr"), *_either("bestelling|order", "nr|nummer|no", " "), "ordercode"),
    "af": ("bestelnommer", "bestelling nr", "bestelling nommer"),
    "sv": (*_either("order|beställnings", "nummer|nr|id"), *_either("beställning|order", "nr|nummer", " ")),
    "da": (*_either("ordre|bestillings|købs", "nummer|nr|id"), *_either("bestilling|ordre", "nr|nummer", " ")),
    "nb": (*_either("ordre|bestillings|kjøps", "nummer|nr|id"), *_either("bestilling|ordre", "nr|nummer", " ")),
    "is": ("pöntunarnúmer", "pöntun nr", "pöntun númer"),
    "fi": ("tilausnumero", "tilausnro", "tilaus nro", "tilaustunnus", "tilauksen numero", "tilaus numero"),
    "fr": (
        *_either("commande", f"{_ROMANCE}|numéro|num|réf", " "), *_either(f"{_ROMANCE}|numéro|num|id", "commande", " "),
        *_either(f"{_ROMANCE}|numéro|num|réf|référence|code", "de commande", " "), "numéro de votre commande",
        "numéro de la commande", "référence commande",
    ),
    "es": (
        *_either("pedido|orden|compra", f"{_ROMANCE}|núm|número|nro|n|id|#", " "),
        *_either(f"{_ROMANCE}|núm|número|num|nro|n|id|código|referencia", "de pedido", " "),
        *_either(f"{_ROMANCE}|núm|número|nro|código", "de orden", " "), "número del pedido", "id del pedido",
        "número pedido", "número de su pedido", "número de compra", "orden de compra",
    ),
    "ca": ("número de comanda", "comanda núm", "comanda número", "núm de comanda"),
    "pt": (
        *_either("pedido|encomenda", f"{_ROMANCE}|número|núm|n|#", " "),
        *_either(f"{_ROMANCE}|número|núm|n|código|id|ref", "do pedido", " "),
        *_either(f"{_ROMANCE}|número|núm|código|id|ref|referência", "da encomenda", " "),
        *_either(f"{_ROMANCE}|número", "de encomenda", " "), "número de pedido", "número pedido",
    ),
    "it": (
        *_either("ordine", f"{_ROMANCE}|n|num|numero|#", " "), *_either(f"{_ROMANCE}|n|num|numero|id|codice|rif",
        "ordine", " "),
        "numero d'ordine", "numero dell'ordine", "numero dell’ordine", "numero di ordine", "codice dell'ordine",
    ),
    "ro": ("număr comandă", "numărul comenzii", "nr comandă", "nr comenzii", "comanda nr", "comandă nr",
        "număr de comandă", "comanda numărul", "id comandă"),
    "pl": (*_either("zamówienie|zamówienia|zlecenie", "nr|numer|no|id", " "),
        *_either("nr|numer|id", "zamówienia", " "), "nr zlecenia", "numer zlecenia"),
    "cs": ("číslo objednávky", "č. objednávky", "č objednávky", "objednávka č", "objednávky č", "objednávka číslo",
        "objednávka nr", "obj. č", "číslo obj", "id objednávky", "kód objednávky"),
    "sk": ("číslo objednávky", "objednávka č", "č. objednávky"),
    "sl": ("številka naročila", "št naročila", "št. naročila", "naročilo št", "naročilo številka"),
    "hr": (*_either("narudžba|narudžbe|porudžbina|porudžbine", "br|broj|no", " "), "broj narudžbe",
        "br narudžbe", "br. narudžbe", "broj narudžbine", "broj porudžbine", "br. porudžbine"),
    "hu": ("rendelésszám", "rendelési szám", "rendelés száma", "megrendelés száma", "megrendelésszám",
        "rendelésazonosító", "rendelés azonosító", "rendelési azonosító"),
    "et": ("tellimuse number", "tellimuse nr", "tellimus nr", "tellimusnumber", "tellimuse id"),
    "lv": ("pasūtījuma numurs", "pasūtījums nr", "pasūtījuma nr", "pasūtījuma id"),
    "lt": ("užsakymo numeris", "užsakymas nr", "užsakymo nr", "užsakymo kodas", "užsakymo id"),
    "sq": ("numri i porosisë", "porosia nr", "porosi nr", "nr i porosisë"),
    "tr": (*_either("sipariş", "no|numarası|nr|kodu|id|numaranız", " "), "sipariş numaram"),
    "az": ("sifariş nömrəsi", "sifariş no", "sifariş №", "sifarişin nömrəsi"),
    "uz": ("buyurtma raqami", "buyurtma №"),
    "el": ("αριθμός παραγγελίας", "αρ. παραγγελίας", "αρ παραγγελίας", "αριθμος παραγγελιας", "κωδικός παραγγελίας",
        "παραγγελία αρ", "παραγγελία νο", "παραγγελία #", "αρ. παραγγ"),
    "ru": ("номер заказа", "№ заказа", "заказ №", "заказа №", "заказу №", "заказ номер", "номер вашего заказа",
        "заказ n", "n заказа", "id заказа", "код заказа"),
    "uk": ("номер замовлення", "замовлення №", "№ замовлення", "замовлення номер", "код замовлення"),
    "be": ("нумар заказу", "замова №", "заказ нумар", "нумар замовы"),
    "bg": ("номер на поръчка", "номер на поръчката", "поръчка №", "поръчка номер", "№ на поръчка"),
    "sr": ("број поруџбине", "поруџбина бр", "број наруџбе", "наруџба бр", "поруџбина број"),
    "mk": ("број на нарачка", "нарачка бр", "нарачка број"),
    "kk": ("тапсырыс нөмірі", "тапсырыс №"),
    "ky": ("буйрутма номери", "буйрутма №", "заказдын номери"),
    "tg": ("рақами фармоиш", "фармоиш №"),
    "mn": ("захиалгын дугаар", "захиалга №", "захиалгын №"),
    "hy": ("պատվերի համար", "պատվերի համարը"),
    "ka": ("შეკვეთის ნომერი",),
    "ar": ("رقم الطلب", "رقم الطلبية", "طلب رقم", "الطلب رقم", "رقم الأوردر", "رقم الاوردر", "رقم طلبي"),
    "fa": ("شماره سفارش", "کد سفارش", "سفارش شماره", "شمارهٔ سفارش"),
    "ur": ("آرڈر نمبر", "آرڈر آئی ڈی"),
    "he": ("מספר הזמנה", "הזמנה מספר", "מס' הזמנה", "מס הזמנה", "מספר ההזמנה"),
    "hi": ("ऑर्डर नंबर", "ऑर्डर संख्या", "ऑर्डर आईडी", "आदेश संख्या", "ऑर्डर क्रमांक"),
    "bn": ("অর্ডার নম্বর", "অর্ডার নং", "অর্ডার আইডি"),
    "ne": ("अर्डर नं", "अर्डर नम्बर", "अर्डर नंबर"),
    "si": ("ඇණවුම් අංකය", "ඇණවුම් අංක"),
    "ta": ("ஆர்டர் எண்", "ஆர்டர் ஐடி"),
    "te": ("ఆర్డర్ నంబర్", "ఆర్డర్ సంఖ్య"),
    "kn": ("ಆರ್ಡರ್ ಸಂಖ್ಯೆ",),
    "ml": ("ഓർഡർ നമ്പർ",),
    "gu": ("ઓર્ડર નંબર",),
    "pa": ("ਆਰਡਰ ਨੰਬਰ",),
    "th": ("หมายเลขคำสั่งซื้อ", "เลขที่คำสั่งซื้อ", "เลขคำสั่งซื้อ", "หมายเลขออเดอร์", "เลขที่ออเดอร์",
        "รหัสคำสั่งซื้อ"),
    "lo": ("ໝາຍເລກສັ່ງຊື້", "ເລກທີສັ່ງຊື້", "ເລກທີ່ສັ່ງຊື້", "ໝາຍເລກຄຳສັ່ງຊື້"),
    "km": ("លេខបញ្ជាទិញ", "លេខកម្មង់"),
    "my": ("အော်ဒါနံပါတ်", "အော်ဒါ နံပါတ်", "မှာယူမှုနံပါတ်"),
    "vi": ("mã đơn hàng", "số đơn hàng", "mã đơn", "đơn hàng số", "mã đặt hàng"),
    "id": ("no pesanan", "no. pesanan", "nomor pesanan", "nomor order", "kode pesanan", "id pesanan", "no. order"),
    "ms": ("nombor pesanan", "no tempahan", "no. tempahan"),
    "sw": ("nambari ya oda", "namba ya oda", "oda na", "oda namba", "nambari ya agizo"),
    "am": ("የትዕዛዝ ቁጥር", "ትዕዛዝ ቁጥር"),
    "ja": ("注文番号", "オーダー番号", "受注番号", "注文no", "注文id", "注文no.", "注文コード"),
    "ko": ("주문번호", "주문 번호", "오더번호", "주문코드"),
})  # fmt: skip
"""A noun for an order with a word for number: enough for any number behind it."""

BARE: Final[Labels] = MappingProxyType({
    "de": ("bestellung", "auftrag"), "nl": ("bestelling",), "sv": ("beställning",), "da": ("ordre", "bestilling"),
    "fi": ("tilaus", "tilauksen", "tilauksesta"), "fr": ("commande",), "es": ("pedido", "orden"), "ca": ("comanda",),
    "pt": ("encomenda",), "it": ("ordine",), "ro": ("comanda", "comandă"),
    "pl": ("zamówienie", "zamówienia", "zamówieniu"), "cs": ("objednávka", "objednávky", "objednávku"),
    "sl": ("naročilo", "naročila"), "hr": ("narudžba", "narudžbe", "narudžbu", "porudžbina", "porudžbinu"),
    "hu": ("rendelés", "megrendelés"), "et": ("tellimus",), "lv": ("pasūtījums",), "lt": ("užsakymas", "užsakymo"),
    "tr": ("sipariş", "siparişim"), "el": ("παραγγελία", "παραγγελίας"), "ru": ("заказ", "заказа", "заказу", "заказом"),
    "uk": ("замовлення",), "bg": ("поръчка",), "ar": ("الطلب",), "fa": ("سفارش",), "he": ("הזמנה",),
    "hi": ("ऑर्डर",), "th": ("คำสั่งซื้อ", "ออเดอร์"), "vi": ("đơn hàng",), "id": ("pesanan",), "ja": ("注文", "ご注文"),
    "ko": ("주문",),
})  # fmt: skip
"""The noun alone: only a long number, or one with the letters of a shop before it, is an order's."""
