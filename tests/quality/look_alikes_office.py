"""Texts of offices, shops and papers with numbers that are no telephone numbers."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

from tests.quality.case import Family
from tests.quality.chance import GOODS_EN, GOODS_ZH, clock, day, digits, name_en, name_zh, number, price


def luhn(body: str) -> str:
    """Return `body` with its Luhn check digit (ISO/IEC 7812)."""
    total = sum(sum(divmod(int(one) * (2 if place % 2 == 0 else 1), 10)) for place, one in enumerate(reversed(body)))
    return body + str(-total % 10)


def card(chance: Random) -> str:
    prefix = chance.choice(("622202", "621700", "622848", "4", "51", "52", "53", "37", "3530", "6011", "625912"))
    length = 15 if prefix == "37" else 19 if prefix in {"622202", "621700", "622848"} else 16
    return luhn(prefix + digits(chance, length - 1 - len(prefix)))


def fours(value: str, sign: str) -> str:
    """Return digits in fours as on a card; fifteen of them in the groups of their issuer, 4-6-5."""
    if len(value) == 15 and value.startswith("37"):
        return sign.join((value[:4], value[4:10], value[10:]))
    return sign.join(value[at : at + 4] for at in range(0, len(value), 4))


def _cards(chance: Random) -> str:
    value = card(chance)
    shown = chance.choice((value, fours(value, " "), fours(value, "-")))
    return chance.choice(
        (
            f"银行卡号：{shown}",
            f"Card {shown} exp 09/28",
            f"{shown}",
            f"请转账至 {shown} 工商银行",
            f'{{"card":"{shown}"}}',
            f"卡号{shown}户名{name_zh(chance)}",
        )
    )


def _accounts(chance: Random) -> str:
    value = number(chance, chance.choice((9, 12, 15, 17, 19, 20)))
    return chance.choice(
        (
            f"开户行：农业银行 账号：{value}",
            f"账号 {fours(value, ' ')}",
            f"Account number {value}, sort code {digits(chance, 2)}-{digits(chance, 2)}-{digits(chance, 2)}",
            f"对公账户{value}",
            f"Routing {digits(chance, 9)} Account {value}",
            f"对方户名：{name_zh(chance)}\n对方账号：{value}\n金额：{price(chance)}",
        )
    )


def _prices_en(chance: Random) -> str:
    return "; ".join(
        f"{chance.choice(GOODS_EN)} {chance.choice(('$', '€', '£', 'USD '))}{chance.randint(1, 9999):,}.{digits(chance, 2)}"
        for _ in range(chance.randint(1, 8))
    )


def _prices_zh(chance: Random) -> str:
    return "，".join(
        f"{chance.choice(GOODS_ZH)}{chance.choice(('￥', '¥', '', '仅售'))}{price(chance)}元"
        for _ in range(chance.randint(1, 8))
    )


def _sums(chance: Random) -> str:
    return chance.choice(
        (
            f"Revenue was ${chance.randint(10**9, 10**12):,} against {chance.randint(10**8, 10**11):,} a year before.",
            f"合计人民币{chance.randint(10**6, 10**11):,}.{digits(chance, 2)}元",
            f"population {chance.randint(10**6, 10**9):,}",
            f"总资产{number(chance, 12)}.{digits(chance, 2)}元，净利润{number(chance, 10)}.{digits(chance, 2)}元",
            f"Balance: {number(chance, 8)}.{digits(chance, 2)} Debit: {number(chance, 7)}.{digits(chance, 2)}",
            f"{number(chance, 3)} {digits(chance, 3)} {digits(chance, 3)} Kč",
        )
    )


def ean13(body: str) -> str:
    """Return twelve digits with their check digit (ISO/IEC 15420)."""
    return body + str(-sum(int(one) * (1 if place % 2 == 0 else 3) for place, one in enumerate(body)) % 10)


def _isbn(chance: Random) -> str:
    value = ean13("978" + chance.choice("01237") + digits(chance, 8))
    ten = chance.choice("0123679") + digits(chance, 8) + chance.choice("0123456789X")
    shown = chance.choice(
        (
            value,
            f"{value[:3]}-{value[3]}-{value[4:8]}-{value[8:12]}-{value[12]}",
            ten,
            f"{ten[0]}-{ten[1:4]}-{ten[4:9]}-{ten[9]}",
            f"{value[:3]} {value[3]} {value[4:6]} {value[6:12]} {value[12]}",
            f"{value[:3]}-7-{value[4:7]}-{value[7:12]}-{value[12]}",
        )
    )
    return chance.choice(
        (
            f"ISBN {shown}",
            f"ISBN: {shown}",
            f"国际标准书号 {shown}",
            f"see {shown}, 2nd ed.",
            f"ISBN-13：{shown}，定价{price(chance)}元",
        )
    )


def _barcodes(chance: Random) -> str:
    value = chance.choice(
        (ean13("69" + digits(chance, 10)), ean13(digits(chance, 12)), digits(chance, 12), digits(chance, 8))
    )
    return chance.choice(
        (
            f"条形码：{value}",
            f"EAN {value}",
            f"{value},{chance.choice(GOODS_ZH)},{price(chance)}",
            f"barcode={value}",
            f"UPC {value[0]} {value[1:6]} {value[6:11]} {value[-1]}",
            f"69码 {value}",
        )
    )


def _tracking(chance: Random) -> str:
    value = chance.choice(
        (
            f"SF{digits(chance, 13)}",
            f"YT{digits(chance, 13)}",
            f"JD{digits(chance, 13)}",
            "77" + digits(chance, 13),
            "43" + digits(chance, 13),
            f"1Z{digits(chance, 3)}{hexes_upper(chance, 5)}{digits(chance, 8)}",
            f"EE{digits(chance, 9)}CN",
            "9400" + digits(chance, 18),
            digits(chance, 12),
            f"JVGL{digits(chance, 16)}",
            "7" + digits(chance, 12),
        )
    )
    return chance.choice(
        (
            f"运单号：{value}",
            f"快递单号{value}",
            f"Tracking number: {value}",
            f"中通快递 {value} 已签收",
            f"tracking_no={value}",
            f"Track your parcel {value} online",
            f"单号 {value}",
        )
    )


def hexes_upper(chance: Random, count: int) -> str:
    return "".join(chance.choices("0123456789ABCDEF", k=count))


def _dates(chance: Random) -> str:
    a, b = day(chance), day(chance)
    y, m, d = a.split("-")
    return chance.choice(
        (
            f"{a} {clock(chance)}",
            f"{y}{m}{d}{clock(chance).replace(':', '')}",
            f"{y}/{m}/{d} - {b.replace('-', '/')}",
            f"{d}.{m}.{y} {clock(chance)[:5]}",
            f"{y}年{int(m)}月{int(d)}日{clock(chance)}",
            f"{m}/{d}/{y} to {m}/{d}/{y}",
            f"{y}.{m}.{d}-{b.replace('-', '.')}",
            f"from {a} to {b}",
            f"{y}-{m}-{d}-{y}-{m}-{d}",
            f"({y}-{int(y) + 5}) {y}–{int(y) + 1}",
            f"{y}{m}{d}-{b.replace('-', '')}",
            f"{d}-{m}-{y}, {d}-{m}-{y}",
            f"{y} {m} {d} {clock(chance).replace(':', ' ')}",
            f"有效期：{a.replace('-', '.')}-{b.replace('-', '.')}",
        )
    )


def _qq(chance: Random) -> str:
    value = number(chance, chance.choice((6, 7, 8, 9, 10)))
    return chance.choice(
        (
            f"QQ：{value}",
            f"加QQ群{value}交流",
            f"扣扣{value}",
            f"QQ号是{value}，备注来意",
            f"企业QQ: {value}",
            f"qq群：{value}（满）{number(chance, 9)}",
        )
    )


def _tax(chance: Random) -> str:
    return chance.choice(
        (
            f"统一社会信用代码：91{digits(chance, 6)}{hexes_upper(chance, 9)}X",
            f"纳税人识别号 91{digits(chance, 15)}X",
            f"税号：{digits(chance, 15)}",
            f"EIN {digits(chance, 2)}-{digits(chance, 7)}",
            f"USt-IdNr. DE{digits(chance, 9)}",
            f"VAT GB{digits(chance, 9)}",
            f"SSN {digits(chance, 3)}-{digits(chance, 2)}-{digits(chance, 4)}",
            f"发票代码 {digits(chance, 12)} 发票号码 {digits(chance, 8)}",
            f"发票号码：{digits(chance, 20)}",
        )
    )


def _orders(chance: Random) -> str:
    value = chance.choice(
        (
            number(chance, 18),
            number(chance, 19),
            f"SO-{day(chance).replace('-', '')}-{digits(chance, 6)}",
            f"{digits(chance, 3)}-{digits(chance, 7)}-{digits(chance, 7)}",
            number(chance, 12),
            f"{day(chance).replace('-', '')}{digits(chance, 10)}",
            number(chance, 16),
            f"DD{digits(chance, 12)}",
            f"#{number(chance, 7)}",
        )
    )
    return chance.choice(
        (
            f"订单号：{value}",
            f"Order {value} has shipped",
            f"订单编号 {value} 已付款",
            f"order_id={value}",
            f"您的订单{value}已发货",
            f"单号:{value}，{chance.choice(GOODS_ZH)}",
            f"PO number {value}",
        )
    )


def _resident_ids(chance: Random) -> str:
    value = f"{chance.choice(('110101', '310115', '440305', '510104', '330106'))}{chance.randint(1950, 2008)}{chance.randint(1, 12):02}{chance.randint(1, 28):02}{digits(chance, 3)}{chance.choice('0123456789X')}"
    return chance.choice(
        (f"身份证号：{value}", f"{name_zh(chance)} {value}", f"证件号码{value}", f'{{"idNo":"{value}"}}')
    )


def _lottery(chance: Random) -> str:
    balls = [f"{chance.randint(1, 33):02}" for _ in range(7)]
    return chance.choice(
        (
            f"双色球第{number(chance, 7)}期开奖号码：{' '.join(balls[:6])} + {balls[6]}",
            f"大乐透 {'-'.join(balls)}",
            f"福彩3D第{number(chance, 7)}期：{' '.join(digits(chance, 3))}",
            f"排列五 {' '.join(digits(chance, 5))}",
            f"Powerball {' '.join(balls[:5])} PB {balls[5]}",
            f"{''.join(balls)}",
        )
    )


def _sports(chance: Random) -> str:
    return chance.choice(
        (
            f"{chance.randint(60, 140)}-{chance.randint(60, 140)} ({chance.randint(10, 40)}-{chance.randint(10, 40)}, {chance.randint(10, 40)}-{chance.randint(10, 40)}, {chance.randint(10, 40)}-{chance.randint(10, 40)})",
            f"6-{chance.randint(0, 4)} {chance.randint(0, 6)}-6 7-6 (7-{chance.randint(1, 5)}) 6-2",
            f"得分{chance.randint(10, 40)}分{chance.randint(1, 15)}篮板{chance.randint(1, 15)}助攻，全场{chance.randint(80, 130)}-{chance.randint(80, 130)}",
            f"{chance.randint(9, 59)}:{digits(chance, 2)}.{digits(chance, 2)} {chance.randint(9, 59)}:{digits(chance, 2)}.{digits(chance, 2)}",
            f"4x100m: 37.{digits(chance, 2)} 37.{digits(chance, 2)} 38.{digits(chance, 2)}",
            f"比分{chance.randint(0, 9)}:{chance.randint(0, 9)} 半场{chance.randint(0, 9)}:{chance.randint(0, 9)} 赔率1.{digits(chance, 2)} 3.{digits(chance, 2)} 5.{digits(chance, 2)}",
        )
    )


def _stocks(chance: Random) -> str:
    return "\n".join(
        f"{chance.choice(('600', '000', '300', '688', '002'))}{digits(chance, 3)} {price(chance)} {chance.uniform(-10, 10):+.2f}% {number(chance, 9)} {number(chance, 11)}"
        for _ in range(chance.randint(1, 8))
    )


def _parts(chance: Random) -> str:
    return chance.choice(
        (
            f"CAS {number(chance, chance.randint(2, 6))}-{digits(chance, 2)}-{digits(chance, 1)}",
            f"P/N {digits(chance, 3)}-{digits(chance, 4)}-{digits(chance, 3)}",
            f"型号：GB/T {number(chance, 4)}-{chance.randint(1990, 2024)}",
            f"Art.-Nr. {digits(chance, 3)}.{digits(chance, 3)}.{digits(chance, 2)}",
            f"NSN {digits(chance, 4)}-{digits(chance, 2)}-{digits(chance, 3)}-{digits(chance, 4)}",
            f"料号 {digits(chance, 4)}-{digits(chance, 6)}-{digits(chance, 2)}",
            f"IKEA {digits(chance, 3)}.{digits(chance, 3)}.{digits(chance, 2)}",
            f"NDC {digits(chance, 5)}-{digits(chance, 4)}-{digits(chance, 2)}",
            f"part no. {digits(chance, 10)}",
        )
    )


def _serials(chance: Random) -> str:
    return chance.choice(
        (
            f"IMEI {luhn('35' + digits(chance, 12))}",
            f"ICCID: 8986{digits(chance, 16)}",
            f"SN: {hexes_upper(chance, 4)}{digits(chance, 8)}",
            f"IMSI 46000{digits(chance, 10)}",
            f"序列号 {digits(chance, 14)}",
            f"VIN LSVA{hexes_upper(chance, 7)}{digits(chance, 6)}",
            f"设备号：{digits(chance, 12)}",
        )
    )


def _law(chance: Random) -> str:
    year = chance.randint(2008, 2026)
    return chance.choice(
        (
            f"（{year}）京{digits(chance, 2)}民终{number(chance, 4)}号",
            f"国发〔{year}〕{number(chance, 2)}号",
            f"依据第{number(chance, 2)}条第{chance.randint(1, 9)}款，罚款{number(chance, 5)}元",
            f"专利号 ZL{year}1{digits(chance, 7)}.{chance.choice('0123456789X')}",
            f"U.S. Pat. No. {chance.randint(1, 12)},{digits(chance, 3)},{digits(chance, 3)}",
            f"{number(chance, 3)} U.S. {number(chance, 3)} ({year}); {number(chance, 3)} F.3d {number(chance, 4)}",
            f"备案号：京ICP备{digits(chance, 8)}号-{chance.randint(1, 9)}",
            f"京公网安备 11{digits(chance, 12)}号",
            f"准考证号 {digits(chance, 12)}",
        )
    )


def _papers(chance: Random) -> str:
    return chance.choice(
        (
            f"Phys. Rev. Lett. {number(chance, 3)}, {digits(chance, 6)} (2019)",
            f"doi:10.{number(chance, 4)}/j.{hexes_upper(chance, 6)}.{chance.randint(2000, 2026)}.{digits(chance, 2)}.{digits(chance, 3)}",
            f"arXiv:{digits(chance, 4)}.{digits(chance, 5)}",
            f"ISSN {digits(chance, 4)}-{digits(chance, 3)}X",
            f"pp. {number(chance, 4)}-{number(chance, 4)}, vol. {number(chance, 2)}({chance.randint(1, 12)})",
            f"PMID {number(chance, 8)} PMC{number(chance, 7)}",
            f"[J]. 计算机学报, 2019, 42({chance.randint(1, 12)}): {number(chance, 4)}-{number(chance, 4)}.",
            f"ORCID 0000-000{digits(chance, 1)}-{digits(chance, 4)}-{digits(chance, 4)}",
        )
    )


def _statistics(chance: Random) -> str:
    return chance.choice(
        (
            f"同比增长{chance.uniform(0, 90):.1f}%，其中出口{number(chance, 5)}.{digits(chance, 1)}亿元，进口{number(chance, 5)}.{digits(chance, 1)}亿元",
            f"The index fell {chance.uniform(0, 9):.2f}% to {number(chance, 5)}.{digits(chance, 2)} on volume of {number(chance, 10)} shares",
            f"n={number(chance, 5)}, p<0.{digits(chance, 4)}, 95% CI {chance.uniform(0, 3):.3f}-{chance.uniform(3, 9):.3f}",
            f"全国人口{number(chance, 6)}万人，城镇{number(chance, 5)}万人，占{chance.uniform(10, 90):.2f}%",
            f"粮食总产量{number(chance, 5)}万吨，比上年增加{number(chance, 3)}万吨",
        )
    )


def _meetings(chance: Random) -> str:
    return chance.choice(
        (
            f"腾讯会议：{digits(chance, 3)}-{digits(chance, 3)}-{digits(chance, 3)}",
            f"会议号 {digits(chance, 3)} {digits(chance, 3)} {digits(chance, 4)}，密码{digits(chance, 6)}",
            f"Meeting ID: {number(chance, 3)} {digits(chance, 4)} {digits(chance, 4)}",
            f"Webinar ID {number(chance, 3)} {digits(chance, 4)} {digits(chance, 4)} Passcode {digits(chance, 6)}",
            f"验证码{digits(chance, 6)}，5分钟内有效",
            f"Your code is {digits(chance, 3)}-{digits(chance, 3)}",
        )
    )


def _students(chance: Random) -> str:
    return chance.choice(
        (
            f"学号：{chance.randint(2008, 2026)}{digits(chance, chance.choice((4, 6, 7, 8)))}",
            f"工号 {digits(chance, 8)} {name_zh(chance)}",
            f"Student ID {number(chance, 8)}, {name_en(chance)}",
            f"会员卡号{number(chance, 10)}",
            f"{name_zh(chance)}\t{chance.randint(2008, 2026)}{digits(chance, 6)}\t{chance.randint(40, 100)}\t{chance.randint(40, 100)}",
            f"病历号：{number(chance, 8)}",
            f"车牌 沪A{digits(chance, 5)} 保单号 {number(chance, 15)}",
        )
    )


def _transport(chance: Random) -> str:
    return chance.choice(
        (
            f"G{number(chance, 4)}次 {clock(chance)[:5]}-{clock(chance)[:5]} {number(chance, 2)}车{number(chance, 2)}A",
            f"Flight CA{number(chance, 4)} {clock(chance)[:5]} gate {number(chance, 2)}, ticket 999-{digits(chance, 10)}",
            f"首班车{clock(chance)[:5]} 末班车{clock(chance)[:5]} 票价{chance.randint(1, 9)}元",
            f"{' '.join(clock(chance)[:5].replace(':', '') for _ in range(6))}",
            f"电子客票号 {digits(chance, 3)}-{digits(chance, 10)}",
            f"取票号E{digits(chance, 9)}",
        )
    )


def _specs(chance: Random) -> str:
    return chance.choice(
        (
            f"{chance.randint(1000, 4000)}x{chance.randint(1000, 4000)} {chance.randint(8, 64)}GB+{chance.choice((256, 512, 1024))}GB {chance.randint(1000, 9999)}mAh",
            f"尺寸{chance.randint(100, 999)}*{chance.randint(100, 999)}*{chance.randint(100, 999)}mm 重量{chance.randint(100, 9999)}g 额定功率{chance.randint(100, 3000)}W",
            f"f/1.{digits(chance, 1)} 1/{number(chance, 4)}s ISO{number(chance, 4)} {chance.randint(10, 300)}mm",
            f"DDR5-{number(chance, 4)} {chance.randint(10, 50)}-{chance.randint(10, 50)}-{chance.randint(10, 50)}-{chance.randint(50, 99)}",
            f"R{number(chance, 3)} C{number(chance, 2)} {chance.uniform(0, 99):.2f}kΩ ±1% {number(chance, 4)}",
        )
    )


def _maths(chance: Random) -> str:
    a, b = chance.randint(10**3, 10**6), chance.randint(10**3, 10**6)
    return chance.choice(
        (
            f"{a} x {b} = {a * b}",
            f"{a * b} / {b} = {a}",
            f"{a}+{b}-{a}={b}",
            "π ≈ 3.14159265358979",
            f"2^{chance.randint(30, 60)} = {2 ** chance.randint(30, 60)}",
            f"{a}² + {b}² = {a * a + b * b}",
            f"({a}) - ({b}) {number(chance, 3)} {number(chance, 4)}",
            f"{a / b:.12f}",
            f"斐波那契 {' '.join(str(one) for one in (610, 987, 1597, 2584, 4181, 6765, 10946, 17711))}",
            f"x = {a}/{b}, y = -{number(chance, 11)}",
        )
    )


def _receipts(chance: Random) -> str:
    return "\n".join(
        (
            f"流水号 {number(chance, 12)}",
            f"终端号 {digits(chance, 8)} 商户号 {digits(chance, 15)}",
            f"参考号 {digits(chance, 12)} 批次号 {digits(chance, 6)}",
            f"{day(chance)} {clock(chance)}  {price(chance)}",
        )
    )


def _postcodes(chance: Random) -> str:
    return chance.choice(
        (
            f"邮编：{digits(chance, 6)}",
            f"ZIP {digits(chance, 5)}-{digits(chance, 4)}",
            " ".join(digits(chance, 6) for _ in range(6)),
            f"邮政编码 {digits(chance, 6)} 区划代码 {digits(chance, 12)}",
            f"{digits(chance, 5)} {digits(chance, 5)} {digits(chance, 5)}",
        )
    )


def _meters(chance: Random) -> str:
    return chance.choice(
        (
            f"电表 {number(chance, 10)} 上月 {number(chance, 5)} 本月 {number(chance, 5)}",
            f"户号：{number(chance, 10)} 欠费{price(chance)}元",
            f"meter {digits(chance, 3)}-{digits(chance, 3)}-{digits(chance, 4)} reading {number(chance, 6)}",
            f"宽带账号 {number(chance, 12)}",
            f"odometer {number(chance, 6)} km",
        )
    )


def _ranges(chance: Random) -> str:
    low = chance.randint(1, 9000)
    return chance.choice(
        (
            f"pages {low}-{low + 40}, {low + 90}-{low + 200}",
            f"Nos. {low}–{low + 9}",
            f"{low}-{low + 1}-{low + 2}",
            f"第{low}-{low + 30}行",
            f"({low}) {low + 1}-{low + 2}",
            f"rows {low} .. {low + 999999}",
            f"{low} {low + 10} {low + 20} {low + 30} {low + 40}",
        )
    )


def _prose_numbers(chance: Random) -> str:
    return chance.choice(
        (
            f"In {chance.randint(1500, 2020)} some {number(chance, 5)} men marched {chance.randint(10, 900)} miles, losing {number(chance, 4)}.",
            f"公元{chance.randint(200, 1900)}年，{number(chance, 5)}人迁居，{chance.randint(3, 300)}里外筑城",
            f"Chapter {chance.randint(1, 60)} verses {chance.randint(1, 40)}-{chance.randint(41, 80)}",
            f"We tested {number(chance, 6)} samples at {chance.randint(10, 99)} degrees for {number(chance, 3)} hours.",
            f"第{chance.randint(1, 99)}届，{chance.randint(100, 999)}家企业参展，观众{number(chance, 6)}人次",
            f"episode {chance.randint(1, 400)} has {number(chance, 7)} views and {number(chance, 5)} likes",
        )
    )


MAKERS: Final[dict[str, Callable[[Random], str]]] = {
    "bank-cards": _cards,
    "bank-accounts": _accounts,
    "prices-en": _prices_en,
    "prices-zh": _prices_zh,
    "sums": _sums,
    "isbn": _isbn,
    "barcodes": _barcodes,
    "tracking-numbers": _tracking,
    "dates": _dates,
    "qq-numbers": _qq,
    "tax-ids": _tax,
    "order-numbers": _orders,
    "resident-ids": _resident_ids,
    "lottery": _lottery,
    "sports": _sports,
    "stock-tables": _stocks,
    "part-numbers": _parts,
    "serial-numbers": _serials,
    "law-and-patents": _law,
    "papers": _papers,
    "statistics": _statistics,
    "meetings-and-codes": _meetings,
    "student-numbers": _students,
    "transport": _transport,
    "specifications": _specs,
    "maths": _maths,
    "receipts": _receipts,
    "postcodes": _postcodes,
    "meters": _meters,
    "ranges": _ranges,
    "prose-numbers": _prose_numbers,
}
FAMILIES: Final = tuple(Family(f"phone/not/{name}", make, ("phone",), 0.05) for name, make in MAKERS.items())
