"""What stands before the number of a parcel, by language: words of the posts and couriers there."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from dlp_proxy.detect.said.languages import Labels


def _each(before: str, behind: str) -> tuple[str, ...]:
    """Return each of `before` with each of `behind`, both written with `|` between; what joins them stands in them."""
    return tuple(f"{first}{last}" for first in before.split("|") for last in behind.split("|"))


WAYBILLS: Final[Labels] = MappingProxyType({
    "de": (
        *_each("sendungs|paket|tracking|frachtbrief|paketschein|lieferschein|sendungsverfolgungs", "nummer|nr|id|code"),
        "sendungsverfolgung", "tracking nr", "sendung nr", "paket nr", "sendung",
    ),
    "nl": (*_each("zending|pakket|verzend|tracking", "nummer|code|nr"), "track & trace", "track en trace",
        "track&trace",
        "track and trace", "track & trace code", "track and trace code"),
    "af": ("opsporingsnommer", "pakkienommer"),
    "sv": (*_each("sändnings|spårnings|paket|kolli|försändelse|frakt", "nummer|id|nr"), "spårnings id", "kolli id"),
    "da": (*_each("sporings|pakke|forsendelses|kolli|fragtbrevs", "nummer|nr|id|kode"), "track & trace nr"),
    "nb": (*_each("sporings|pakke|sendings|forsendelses|kolli", "nummer|nr|id|kode"),),
    "is": ("sendingarnúmer", "rakningarnúmer"),
    "fi": ("seurantakoodi", "seurantanumero", "seurantatunnus", "lähetystunnus", "lähetysnumero", "paketin numero"),
    "fr": (
        *_each("numéro |n° |nº |num |no |code |n.º ",
        "de suivi|suivi|de colis|colis|d'envoi|d’envoi|d'expédition|du colis"),
        *_each("colis |suivi |expédition |envoi ", "n°|nº|no|numéro"), "suivi colissimo", "suivi chronopost", "suivi",
        "lettre suivie", "bordereau n°", "bordereau",
    ),
    "es": (
        *_each("número |nº |n° |núm |no |código |nro |n.º ",
        "de seguimiento|de envío|de guía|de rastreo|de tracking|seguimiento"),
        "guía", "guía n°", "guía nº", "localizador de envío", "localizador", "albarán", "expedición", "seguimiento",
        "guía no", "envío nº", "envío n°",
    ),
    "ca": ("número de seguiment", "codi de seguiment"),
    "pt": (
        *_each("código |número |nº |n° |n.º ",
        "de rastreio|de rastreamento|de envio|do envio|de seguimento|do objeto|rastreio"),
        "rastreio", "rastreamento", "objeto", "envio nº",
    ),
    "it": (
        *_each("numero |n. |n° |nº |codice |num ",
        "di spedizione|spedizione|di tracking|tracking|di tracciamento|tracciamento"),
        "lettera di vettura", "ldv", "lettera di vettura n", "numero di tracciatura", "spedizione n", "spedizione n°",
        "colli n", "codice di monitoraggio",
    ),
    "ro": ("număr awb", "nr awb", "cod de urmărire", "număr de urmărire", "awb nr", "număr colet"),
    "pl": (*_each("numer |nr |kod ", "przesyłki|paczki|listu przewozowego|śledzenia|nadania"), "list przewozowy",
        "list przewozowy nr", "przesyłka nr", "paczka nr"),
    "cs": ("číslo zásilky", "číslo balíku", "sledovací číslo", "zásilka č", "č. zásilky", "podací číslo", "balík č"),
    "sk": ("číslo zásielky", "podacie číslo", "zásielka č", "sledovacie číslo"),
    "sl": ("številka pošiljke", "sledilna številka", "št. pošiljke", "številka paketa"),
    "hr": ("broj pošiljke", "broj paketa", "broj za praćenje", "pošiljka br", "tovarni list", "kod za praćenje"),
    "hu": ("csomagszám", "nyomkövetési szám", "küldeményazonosító", "fuvarlevélszám", "követési szám",
        "csomagazonosító"),
    "et": ("jälgimisnumber", "saadetise number", "saadetise nr", "pakikood"),
    "lv": ("sūtījuma numurs", "izsekošanas numurs"),
    "lt": ("siuntos numeris", "sekimo numeris", "siuntos nr"),
    "sq": ("numri i gjurmimit",),
    "tr": ("kargo takip no", "takip no", "takip numarası", "gönderi no", "kargo no", "kargo takip numarası",
        "gönderi numarası", "takip kodu", "kargo takip kodu"),
    "az": ("izləmə nömrəsi", "bağlama nömrəsi"),
    "uz": ("kuzatuv raqami",),
    "el": ("αριθμός αποστολής", "κωδικός αποστολής", "αριθμός παρακολούθησης", "αρ. αποστολής", "αριθμός δέματος"),
    "ru": ("трек-номер", "трек номер", "трекномер", "номер отправления", "номер накладной", "накладная", "накладная №",
        "накладной №", "трек", "трек-код", "рпо", "шпи", "код отслеживания", "номер отслеживания", "номер посылки"),
    "uk": ("ттн", "номер ттн", "ттн №", "номер накладної", "накладна", "накладна №", "номер відправлення",
        "трек-номер", "номер посилки"),
    "be": ("нумар адпраўлення", "трэк-нумар"),
    "bg": ("товарителница", "номер на товарителница", "товарителница №", "номер на пратка", "номер за проследяване"),
    "sr": ("број пошиљке", "број за праћење"),
    "mk": ("број на пратка",),
    "kk": ("трек нөмірі", "жөнелтілім нөмірі"),
    "ky": ("трек номери",),
    "tg": ("рақами пайгирӣ",),
    "mn": ("илгээмжийн дугаар", "трак дугаар"),
    "hy": ("առաքանու համար", "հետագծման համար"),
    "ka": ("თვალთვალის ნომერი", "ამანათის ნომერი"),
    "ar": ("رقم التتبع", "رقم الشحنة", "رقم البوليصة", "بوليصة الشحن", "رقم بوليصة الشحن", "كود التتبع"),
    "fa": ("کد رهگیری", "شماره رهگیری", "کد مرسوله", "شماره بارنامه"),
    "ur": ("ٹریکنگ نمبر",),
    "he": ("מספר מעקב", "מספר משלוח", "מספר חבילה"),
    "hi": ("ट्रैकिंग नंबर", "ट्रैकिंग आईडी", "ट्रैकिंग संख्या"),
    "bn": ("ট্র্যাকিং নম্বর", "ট্র্যাকিং আইডি"),
    "ne": ("ट्र्याकिङ नम्बर",),
    "si": ("ලුහුබැඳීමේ අංකය",),
    "ta": ("கண்காணிப்பு எண்",),
    "te": ("ట్రాకింగ్ నంబర్",),
    "kn": ("ಟ್ರ್ಯಾಕಿಂಗ್ ಸಂಖ್ಯೆ",),
    "ml": ("ട്രാക്കിംഗ് നമ്പർ",),
    "gu": ("ટ્રેકિંગ નંબર",),
    "pa": ("ਟਰੈਕਿੰਗ ਨੰਬਰ",),
    "th": ("เลขพัสดุ", "หมายเลขพัสดุ", "เลขติดตามพัสดุ", "หมายเลขติดตาม", "เลขแทรค", "หมายเลขติดตามพัสดุ"),
    "lo": ("ເລກພັດສະດຸ", "ໝາຍເລກຕິດຕາມ"),
    "km": ("លេខតាមដាន",),
    "my": ("ခြေရာခံနံပါတ်",),
    "vi": ("mã vận đơn", "số vận đơn", "mã vận chuyển", "mã theo dõi", "mã bưu gửi", "vận đơn"),
    "id": ("no resi", "no. resi", "nomor resi", "resi", "kode resi", "nomor pelacakan"),
    "ms": ("nombor penjejakan", "no. penjejakan", "no penjejakan", "no tracking", "no. tracking"),
    "sw": ("nambari ya ufuatiliaji",),
    "am": ("የመከታተያ ቁጥር",),
    "ja": ("追跡番号", "送り状番号", "お問い合わせ番号", "お問い合せ番号", "お問合せ番号", "お問合わせ番号", "伝票番号",
        "配送番号", "荷物番号", "ゆうパック", "ヤマト運輸", "佐川急便", "クロネコヤマト", "レターパック"),
    "ko": ("송장번호", "송장 번호", "운송장번호", "운송장 번호", "운송장", "등기번호", "택배 송장"),
})  # fmt: skip
