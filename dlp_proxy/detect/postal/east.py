"""Names of the first divisions of Japan, South Korea, Taiwan and Hong Kong, and what in a text says that it is there.

Sources: ISO 3166-2:JP (47 prefectures), the ordinances on designated cities (Local Autonomy Act, article 252-19) and
the special wards of Tokyo; ISO 3166-2:KR with the official romanisation of 2000 and the short names in use; ISO
3166-2:TW; the districts of ISO 3166-2:HK's only division.
"""

from __future__ import annotations

from typing import Final

from dlp_proxy.detect.alternatives import tree

_PREFECTURES: Final = """
北海道 Hokkaido|青森県 Aomori|岩手県 Iwate|宮城県 Miyagi|秋田県 Akita|山形県 Yamagata|福島県 Fukushima|茨城県 Ibaraki
|栃木県 Tochigi|群馬県 Gunma|埼玉県 Saitama|千葉県 Chiba|東京都 Tokyo|神奈川県 Kanagawa|新潟県 Niigata|富山県 Toyama
|石川県 Ishikawa|福井県 Fukui|山梨県 Yamanashi|長野県 Nagano|岐阜県 Gifu|静岡県 Shizuoka|愛知県 Aichi|三重県 Mie
|滋賀県 Shiga|京都府 Kyoto|大阪府 Osaka|兵庫県 Hyogo|奈良県 Nara|和歌山県 Wakayama|鳥取県 Tottori|島根県 Shimane
|岡山県 Okayama|広島県 Hiroshima|山口県 Yamaguchi|徳島県 Tokushima|香川県 Kagawa|愛媛県 Ehime|高知県 Kochi
|福岡県 Fukuoka|佐賀県 Saga|長崎県 Nagasaki|熊本県 Kumamoto|大分県 Oita|宮崎県 Miyazaki|鹿児島県 Kagoshima
|沖縄県 Okinawa
"""
_PAIRS: Final = [pair.split() for pair in _PREFECTURES.replace("\n", "").split("|") if pair]
PREFECTURE: Final = tree(han for han, _ in _PAIRS)
PREFECTURE_ROMAN: Final = tree({name for _, roman in _PAIRS for name in (roman, roman.upper())})

_CITIES: Final = """
札幌市 仙台市 さいたま市 千葉市 横浜市 川崎市 相模原市 新潟市 静岡市 浜松市 名古屋市 京都市 大阪市 堺市 神戸市 岡山市
広島市 北九州市 福岡市 熊本市
"""
_WARDS: Final = """
千代田区 新宿区 文京区 台東区 墨田区 江東区 品川区 目黒区 大田区 世田谷区 渋谷区 中野区 杉並区 豊島区 荒川区 板橋区
練馬区 足立区 葛飾区 江戸川区
"""
CITY_ALONE: Final = tree([*_CITIES.split(), *_WARDS.split()])
"""Large enough to be written without the prefecture; none is a place of China too."""

_PROVINCES: Final = """
서울특별시 서울시 서울 부산광역시 부산시 부산 대구광역시 대구시 대구 인천광역시 인천시 인천 광주광역시 광주시 광주
대전광역시 대전시 대전 울산광역시 울산시 울산 세종특별자치시 세종시 세종 경기도 경기 강원특별자치도 강원도 강원
충청북도 충북 충청남도 충남 전북특별자치도 전라북도 전북 전라남도 전남 경상북도 경북 경상남도 경남 제주특별자치도
제주도 제주
"""
PROVINCE: Final = tree(_PROVINCES.split())
_ROMAN: Final = """
Seoul Busan Daegu Incheon Gwangju Daejeon Ulsan Sejong Gyeonggi-do Gangwon-do Chungcheongbuk-do Chungcheongnam-do
Jeollabuk-do Jeollanam-do Gyeongsangbuk-do Gyeongsangnam-do Jeju-do Jeju Gyeonggi Gangwon
"""
PROVINCE_ROMAN: Final = tree({form for name in _ROMAN.split() for form in (name, name.upper())})

_JAPANESE_LEVELS: Final = "ku|shi|cho|chome|machi|mura|gun"
_KOREAN_LEVELS: Final = "gu|si|dong|ro|gil|eup|myeon|do"
LEVELS: Final = f"{_JAPANESE_LEVELS}|{_KOREAN_LEVELS}"
"""What stands behind a hyphen and the name of a division, in small letters."""
_TAIWANESE: Final = ("taipei", "taichung", "tainan", "kaohsiung", "taoyuan", "hsinchu")
_HONG_KONG: Final = (
    "kowloon", "new territories", "wan chai", "wanchai", "tsim sha tsui", "mong kok", "kwun tong", "sha tin", "shatin",
    "tsuen wan", "causeway bay", "north point", "yuen long", "tuen mun", "tai po", "sheung wan",
)  # fmt: skip
TOWNS: Final = (*_TAIWANESE, *_HONG_KONG)
"""Towns and districts in Latin letters, in small ones."""

JAPAN: Final = (
    rf"〒[ ]?[0-9]{{3}}|{PREFECTURE}|{CITY_ALONE}"
    rf"|(?<=\p{{L}})-(?i:{_JAPANESE_LEVELS})(?![\p{{L}}-])"
    rf"|(?<!\p{{L}}){PREFECTURE_ROMAN}(?:-(?i:ken|fu|to))?,? [0-9]{{3}}-[0-9]{{4}}(?![0-9])"
)
KOREA: Final = (
    rf"(?<![\uac00-\ud7a3]){PROVINCE}[ ][\uac00-\ud7a3]{{1,4}}[시군구](?![\uac00-\ud7a3])"
    r"|[\uac00-\ud7a3][로길] ?[0-9]{1,4}(?![0-9])"
    rf"|(?<=\p{{L}})-(?i:{_KOREAN_LEVELS})(?![\p{{L}}-])"
)
TAIWAN: Final = (
    "[台臺][北中南東][市縣]|新北市|桃園[市縣]|高雄[市縣]|基隆市|新竹[市縣]|嘉義[市縣]|苗栗縣|彰化縣|南投縣|雲林縣|屏東縣"
    rf"|宜蘭縣|花蓮縣|澎湖縣|金門縣|連江縣|(?i:(?<!\p{{L}}){tree(_TAIWANESE)}(?!\p{{L}}))"
)
HONG_KONG: Final = rf"香港[仔中上九新灣]|九龍|新界|港島|(?i:(?<!\p{{L}}){tree(_HONG_KONG)}(?!\p{{L}}))"
"""What stands in addresses there."""
