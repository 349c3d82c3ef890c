"""The words of Chinese addresses: what streets, estates, houses and rooms end with, and what no name of them holds.

The kinds are those of GB/T 23705-2009 (rules of coding for digital city geo-code: place names and addresses). All
patterns are for simplified characters and for the standard library's `re`, which is the faster one here.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

_HAN: Final = "\u3400-\u4dbf\u4e00-\u9fff"

PARTICLES: Final = frozenset(
    "的了是我你他她您请昨寄给把被已没就也还说叫让这那在到去往从址与或但而且却很要问吧吗呢啊哦嗯么搬们些个并它谁仅均"
)
"""No street or estate is named with these (divisions are read before), and they stand before addresses."""


def _any(words: str, *patterns: str) -> str:
    """Return a pattern for any of `words` and `patterns`, the longest word first."""
    return "(?:" + "|".join([*sorted(words.split(), key=lambda word: (-len(word), word)), *patterns]) + ")"


def _without(characters: frozenset[str]) -> str:
    """Return the inside of a character class: Han but for `characters`."""
    edges = [0x4DFF, *sorted(map(ord, characters)), 0xA000]
    return "".join(f"{chr(low + 1)}-{chr(high - 1)}" for low, high in pairwise(edges) if high - low > 1)


_COUNT: Final = "一二三四五六七八九十百千零〇两壹贰叁肆伍陆柒捌玖拾"
_LATIN: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
NUMBER_SIGNS: Final = f"0123456789{_LATIN}{_COUNT}甲乙丙丁-—~/"
"""What the number of a house may be written with."""

_NUMBER: Final = (
    r"(?:[A-Za-z]{0,2}-?(?<![0-9.])[0-9]{1,5}(?:[-~/][0-9A-Za-z]{1,4}){0,3}[A-Za-z甲乙丙丁]?"
    rf"|[{_COUNT}]{{1,7}}[甲乙丙丁]?|[A-Za-z东西南北甲乙丙丁](?=[座栋幢区馆塔楼室房铺户档]|单元))"
)
_BUILDINGS: Final = "(?:大厦|小区|中心|广场|公寓|公司|[0-9A-Z楼座栋幢层园苑城府庭村阁轩湾都郡邸])"
# 5号线, 12号文件, 2号航站楼, 3号选手 are no houses; 88号文景大厦 is.
_NOT_A_HOUSE: Final = (
    rf"(?!(?:[线文令桥井球码坑矿船舰病牌]|地块|种子|人物)(?![{_HAN}]{{0,7}}?{_BUILDINGS})|"
    + _any(
        """
        站台 机组 选手 航站 高地 展馆 展区 出口 出入口 入口 窗口 样品 产品 隧道 字头 召集 称 标段 令 贴 上午 中午
        下午 晚 凌晨 早上 起 至 公告 通知 文件 决定 楼梯 泊位 码头 机场 台风 球员 嘉宾 店员 技师 员工
        """,
        "车[^间]",
        "前[^门面]",
        "门(?![面店市诊卫口0-9])",
    )
    + ")"
)
HOUSE_UNIT: Final = re.compile("[号弄院巷#之]")
"""Units of what stands along a street."""

_BLOCKS: Final = "(?:宿舍|公寓|住宅|教学|办公|综合|实验)楼"
_STALLS: Final = "(?:商铺|店面|铺面|门面|档口|铺位|摊位)"
STRONG: Final = re.compile(rf"号院|号楼|号{_BLOCKS}|号{_STALLS}|#|栋|幢|座|单元|弄|室|房|[0-9][舍斋]|[0-9]{{2}}档")
"""Units that nothing but buildings have."""

# 一连几天, 3连胜 are no companies of a regiment.
_NO_COMPANY: Final = "(?![续锁接连胜败冠环体衣夜忙通带任日年天跌涨板阳阴降升载号几数同发拍击杯中平负鸣问三五四七八])"
_END: Final = f"(?![{_HAN}])"
_UNIT: Final = (
    rf"(?:号院|号楼|号{_BLOCKS}|号{_STALLS}|#楼?|栋|幢|座|单元|弄|室(?![0-9一两二三四]厅)|(?<![一二两三四五六七八九])房间?(?![价屋子地东产租源客])|号(?:厂房|仓库?|库){_END}|号{_NOT_A_HOUSE}|号公馆|楼(?!主|盘|市|上的|梯)"
    r"|层(?!次|面|级)|户(?!外|型)|(?:村民)?小组(?!长)|[组社队](?!织|会|长|员)|分场|铺位?|商铺|档口?|排|门(?!诊|票)|区(?!别|间|域)|期|巷|[Ff](?![A-Za-z])"
    rf"|号?摊位?|展位|梯|馆|段|舍(?!得|不|弃|友)|(?<=[0-9])斋(?=[0-9])|连{_NO_COMPANY})"
)
# 一座, 一户, 两幢 count things; they name a building only when its next number follows.
_OBJECTS: Final = "[一二两三四五六七八九十几]{1,2}[座户幢栋]"
_NO_COUNT: Final = rf"(?!{_OBJECTS}(?:(?![{_COUNT}0-9A-Z])|(?=(?:19|20)[0-9]{{2}}年)))"

HOUSE: Final = re.compile(rf"{_NO_COUNT}(?:附|甲|乙|丙|#)?{_NUMBER} ?{_UNIT}")

_ROAD: Final = _any(
    "大街 大道 公路 胡同 国道 省道 县道 环路 步行街 马路 斜巷",
    r"前地(?=[ 0-9])",
    r"(?<![铁道思网线链电出半之套回弯走上同这条某问])路(?![线桥过由人面灯障径程])",
    r"(?<![铁管渠频通报知味轨街隧0-9])道(?![路教理德具歉])",
    r"街(?![道坊区上头])",
    r"巷(?!道)",
    "堤",
    r"(?<![直半田途口捷曲])径(?=[ 0-9])",
    r"(?<=[一二三四五六七八九十])条(?=[ 0-9])",
)
_AFTER_ROAD: Final = (
    rf"(?:[东南西北中](?:[一二三四五六七八九十]?[段路街]|(?![{_HAN}])|(?=[0-9])))?(?:[一二三四五六七八九十0-9]段)?"
)
# A short ending is no ending when a longer name goes on behind it: 学院路, 城南街, 新村小区.
_GOES_ON: Final = rf"(?![{_HAN}]{{0,3}}?(?:[路街巷道镇乡]|小区|大厦|广场|花园|公寓|社区|中心))"
_IN_A_ROAD: Final = "(?![东西南北中新老一二三四五六七八九十]{0,2}(?:路|[大小]?街|巷|大?道))"
_ESTATES: Final = """
小区 花园 花苑 公寓 家园 新村 山庄 大厦 广场 大楼 写字楼 中心 公馆 名苑 名都 丽都 世家 名邸 锦园 新城 华庭 尚城
学府 豪庭 华府 国际 雅苑 佳苑 嘉园 工业园 工业园区 科技园 科技园区 产业园 产业园区 创意园 创业园 软件园 物流园
工业区 开发区 高新区 园区 校区 厂区 院区 家属院 宿舍 宿舍楼 公租房 安置房 安置区 商城 市场 商场 教学楼 实验楼
办公楼 综合楼 住宅楼 社区
SOHO Soho soho MOMA LOFT Loft loft CBD SKP IFC ICC WTC MALL Mall CITY City PLAZA Plaza TOWER Tower PARK Park
"""
_ESTATE: Final = (
    _any(
        _ESTATES,
        rf"(?:[苑城庭府湾园里坊轩阁郡邸寓墅院塔楼邨]|(?<![一二两三四五整群定邻移隐故旧宜0-9])居|厦(?!门)){_GOES_ON}",
    )
    + _IN_A_ROAD
)
_VILLAGE: Final = (
    rf"(?:(?:(?:村(?!民(?!委|小组))|[庄屯寨](?![{_HAN}]{{1,2}}村))(?:[村庄屯寨](?!民|委|口|里|头|部|小学|卫生))?(?:村?民?委员?会)?"
    rf"|农场|林场|牧场|渔场|茶场|嘎查|独贵龙|牧业点|营子|组){_GOES_ON})"
)
_TOWN: Final = (
    r"(?:街道(?:办事处|办)?|街办(?:处)?|苏木乡?|[镇乡县]|(?<![扇分盘])区|(?<=[前中后左右])旗)"
    rf"(?!政|村(?!委)|亲|人(?!民)|长(?![{_HAN}]{{0,4}}[村路街社])|[{_HAN}]?[路街])"
)
_SHOPS: Final = """
驿站 丰巢 丰巢柜 丰巢快递柜 快递柜 快递点 快递站 快递中心 快递超市 代收点 自提点 自提柜 邮局 传达室 收发室 门卫 门卫室
代办点 代办所 供销社 保安室 保安亭 妈妈驿站 蜂巢柜 智能柜 小卖部
卫生室 卫生院 卫生所 护士站 检验科 物业 物业中心 物业处 物业管理处 前台
便利店 超市 药店 药房 饭店 酒店 宾馆 餐厅 网吧 理发店 大学 学院
中学 小学 幼儿园 学校 医院 公司 银行 车间 仓库 基地
"""
_SHOP: Final = _any(_SHOPS, "[店铺馆厂站场库部](?![镇乡村庄])") + _IN_A_ROAD
PARCEL: Final = re.compile(
    "驿站|丰巢|蜂巢|智能柜|快递[柜点站超中]|代收|代办[点所]|自提|门卫|传达室|收发室|保安[室亭]|物业|前台|便利店|小卖部"
    "|超市|供销社|药店"
)
"""Where parcels are left for people."""

PARCEL_POINT: Final = re.compile("驿站|[丰蜂]巢|智能柜|快递[柜点站超]|代收|自提")
"""The places among them that have no other use."""

PARK: Final = re.compile("(?:工业|科技|产业|创业|软件|物流|创意|电商)园区?|工业区|保税区|开发区")
"""Parks that are known by their town alone."""

_CROSS: Final = (
    r"(?:交叉路?口|交汇处|交界处|交叉处|[十丁]字路口|路口|红绿灯|桥头|桥下)"
    r"(?:[往向]?[东南西北]{1,2}(?:侧|面|边|角|行|走)?(?:约?[0-9]{1,4}(?:米|m|公里))?(?:路?[东南西北]|[东南西北]侧)?)?"
)
_BESIDE: Final = (
    r"(?:附近|旁边?|村口|斜?对面|对过|隔壁|门口|楼[上下]|[东南西北]门|后面|院?(?<!境)内(?!大?街|路)|边上"
    r"|[往向]?[东南西北]{1,2}[0-9]{1,4}米(?:路[东南西北])?)"
)
_BUILT: Final = (
    "涉及|包括|包含|规划|新建|拟建|在建|续建|扩建|建成|建设|建造|兴建|建有|设有|设站|现有|拥有|共有|共计|总计|合计|一共|总共|达到|超过|拆除"
    "|拆迁|征收|改造|加装|整治|维修|翻修|完成|竣工|交付|提供|推出|惠及|覆盖|分为|容纳|受损|倒塌|烧毁|腾退|封顶"
)
_NUMBERED: Final = "座位|席位|车位|床位|工位|考场|柜台|窗口|编号|序号|考号|登机口|泊位|球衣|赛道|泳道|展台"
COUNTED: Final = re.compile(
    rf"(?:{_BUILT})了?近?[约达]?\Z"
    rf"|(?:{_NUMBERED}) ?第?\Z"
    # The number of a case or of a document: (2023)民终142号, 〔2021〕5号.
    r"|[(（\[〔【](?:19|20)[0-9]{2}[)）\]〕】].{0,16}\Z"
    r"|(?:[政部院会委局署][府]?令|公告|通告|批复|提案|议案)(?:(?:19|20)[0-9]{2}年)?第?\Z"
)
"""Verbs before a count of buildings or households, and what has numbers besides: 改造涉及30栋, 设站4座, 座位2号."""

COUNTED_ENDS: Final = frozenset(word[-2:] for word in f"{_BUILT}|{_NUMBERED}".split("|"))
COUNTED_LAST: Final = frozenset("了近约达 第令告复案年")
"""What `COUNTED` ends with: two characters, or one; but for numbers of documents, which have their year in brackets."""

ABROAD: Final = re.compile(
    "巴黎|伦敦|纽约|东京|大阪|柏林|慕尼黑|莫斯科|华盛顿|罗马|米兰|首尔|悉尼|墨尔本|洛杉矶|旧金山|芝加哥|波士顿|多伦多|温哥华|马德里"
    "|巴塞罗那|维也纳|日内瓦|布鲁塞尔|阿姆斯特丹|曼谷|新加坡|吉隆坡|迪拜|孟买|唐宁街|华尔街|宾夕法尼亚|百老汇|第五大道"
)
"""Places abroad, and streets that stand for a government or a trade: news has their numbers more often than parcels."""

_SUB_DOOR: Final = "[0-9]{1,4}之(?:[0-9]{1,3}(?![0-9.])|[一二三四五六七八九十]{1,2})"
DASHED: Final = re.compile(rf"[0-9]{{1,4}}-[0-9]{{1,4}}|{_SUB_DOOR}")
"""Doors that have no unit: 人民路17-5, 团结路160之二."""

# 人民路10-12月, 5-6公里, 8-10点 are spans of something else; 人民路17-5 is a door, and 160之二 is no span.
_DASHED: Final = (
    rf"(?<=[{_HAN}])(?<=[路街道巷同里段条])(?:{_SUB_DOOR}|[0-9]{{1,4}}-[0-9]{{1,4}}"
    r"(?![0-9A-Za-z.,:~-]|[ ]?[月日点时米公千里人名元个年岁%次折号分万亿度级层楼项户座辆条站标期周天小]))"
)
_PLACE_WITH_PARTICLE: Final = (
    rf"(?:(?<=[县旗州镇乡道木区市村])(?:[那让往从且把](?!条|个|里|边|家)|[{_HAN}][从往那让且与并](?=[镇乡村]))"
    rf"|[{_HAN}]从(?=[镇乡](?![上里下中长]))|[{_HAN}]{{1,3}}也(?=[克木尔里提力拉格斯台买]))?"
)
"""那, 往, 把 and 让 begin names of many towns and villages of the south and the west; 乐从镇 has one inside, and 也 is
in many names out of Uyghur and Kazakh: 喀拉也木勒镇."""

CORPS_TOWNS: Final = re.compile(
    "新疆|兵团|阿拉尔|铁门关|图木舒克|可克达拉|双河|五家渠|胡杨河|石河子|白杨|北屯|昆玉|新星"
)
"""Behind these alone a division or regiment is a place: elsewhere it is one of an army."""

CORPS: Final = re.compile(
    rf"(?:新疆)?(?:生产建设)?兵团|[ ]?第?(?:[0-9]{{1,2}}|[{_COUNT}]{{1,3}})师"
    rf"|[ ]?(?:[0-9]{{1,3}}|[{_COUNT}]{{1,4}})团(?:团部|场部|部|场)?(?![员队体购伙长圆聚建])"
)
"""The levels of the Xinjiang Production and Construction Corps: division and regiment; its companies are villages."""

_NAME_SIGNS: Final = _without(PARTICLES) + rf"\u3400-\u4dbf{_LATIN}·()（）'&.\-"
_FIRST: Final = "".join(
    sorted(
        {word[0] for word in (_ESTATES + _SHOPS).split()}
        | set(
            "大公胡国省县环步马斜前路道街巷堤径条苑城庭府湾园里坊居轩阁郡邸寓墅厦院塔楼邨村庄屯寨农林牧渔茶独嘎营组苏镇乡区旗店铺馆厂站场库部"
        )
        | set(f"交十丁路红桥附旁斜对隔门楼东南西北后院内边往向甲乙丙丁0123456789{_COUNT}{_LATIN}")
    )
)
"""What any ending of a name begins with: one look at a bitmap for each character of a name."""

SUITE: Final = re.compile(
    r"(?<![码号话机价分比])(?:T?[0-9]{1,2}-[0-9]{1,2}|(?:T|#|[A-H](?=[0-9]{1,2}-[0-9]{3}))[0-9]{1,2})-[0-9]{3,4}(?![0-9A-Za-z.,:~-])"
)
"""Building, staircase and room behind the name of an estate that may end like no other: 26-2-3311, T3-1104, C4-892."""

PIECE: Final = re.compile(
    rf"[ ,，、/.·;_-]{{0,3}}(?:{_NO_COUNT}(?P<number>(?:附|甲|乙|丙|#|之|自编|地下|负|第|[东西南北])?{_NUMBER} ?{_UNIT}"
    r"(?:之[0-9一二三四五六七八九十]{1,3})?|[0-9]{1,3}/F(?![A-Za-z])|(?<=[0-9]楼)[A-Z](?![0-9A-Za-z])|[T塔][0-9]{1,2}(?![0-9A-Za-z.-])"
    rf"|{_DASHED})"
    r"|(?<![,，、;0-9])#?(?!(?:19|20)[0-9]{2}-[01]?[0-9]-|0[0-9]{2,3}-[0-9]{3}"
    r"|1[3-9][0-9](?:[0-9]?[ .-][0-9]{3,4}[ .-][0-9]{4}|[ .-][0-9]{4}[ .-]?[0-9]{4})(?![0-9]))"
    r"(?P<room>(?:[A-Za-z]{1,2}-?[0-9]{1,4}|[0-9]{3,5}|[0-9]{1,3}-[0-9]{1,4})(?:-[0-9A-Za-z]{1,4}){0,2}[A-Za-z]?"
    rf"(?![0-9A-Za-z.]|[ -][0-9]|/[01]?[0-9]/|[{_HAN}])"
    # A room behind its building: 31栋17D, and 40栋1303了 in the middle of a sentence.
    rf"|(?<=[栋幢座元楼])(?:[0-9]{{1,2}}[A-H](?![0-9A-Za-z.])|[0-9]{{3,4}}(?=[{_HAN}])(?![年月日户元个米平万人套块号层])))"
    rf"|(?:(?<=[路街道巷同东西南北中段])[与和及])?"
    rf"(?P<name>{_PLACE_WITH_PARTICLE}[{_NAME_SIGNS}]{{0,16}}?(?:(?<![0-9])[0-9]{{1,4}}(?![0-9])[{_NAME_SIGNS}]{{0,8}}?)??)"
    rf"(?: (?=[0-9]{{1,3}}(?:栋|幢|座|号楼)))?(?=[{_FIRST}])"
    rf"(?:(?P<cross>{_CROSS})|(?P<town>{_TOWN})|(?P<road>{_ROAD}{_AFTER_ROAD})|(?P<shop>{_SHOP})"
    rf"|(?P<estate>{_ESTATE})|(?P<village>{_VILLAGE})|(?P<beside>{_BESIDE})"
    rf"|{_NO_COUNT}(?![{_COUNT}]{{1,3}}[巷弄段])(?P<inner>{_NUMBER} ?{_UNIT}|{SUITE.pattern})))"
)
"""One step of an address behind its divisions; the group's name is its kind, `inner` a number behind a bare name."""

GENERIC: Final = re.compile(
    r".*(?:转运|分拨|集散|分拣|处理|配送|集运|营业|揽投|服务|集配)(?:中心|部|点|站|场|所)"
    r"|(?:这|那|该|本|我们|咱们|某|每|各|哪|一|条|个|的|老|整|全|半)?"
    + _any(
        """
        小区 公路 马路 大街 大道 胡同 街道 道路 楼 社区 院 村 宿舍 宿舍楼 教学楼 实验楼 办公楼 综合楼 大楼 大厦
        广场 学校 医院 公司 酒店 中心 城 里 园 店 站 厂 馆 场 部 庄 组 镇 乡 区 县
        """
    )
)
"""A kind without a name: 我们小区, 这条街; and what parcels pass through."""

PLAIN_ESTATE: Final = re.compile(r"..|苑$")
"""What two characters say, 小区 or 大厦, is an estate; a single 城 or 院 may be anything."""

VERB: Final = re.compile("[寄送发派放存投迁换][到往至去给达在成]|配送|派送|住(?!所)|已到")
"""Labels that news and parcel tracking have too: 图书送到…, 快件发往…."""

LABEL: Final = re.compile(
    _any(
        """
        住址 收件 寄到 寄往 寄去 寄给 寄至 邮寄 寄送 送到 送至 送去 送往 送货 配送 发到 发往 发去 发至 派送 派到
        寄件 包裹到 快递到 住所 送达 放至 放到 放在 存放在 投至 投到 投放至 迁至 迁到 迁往 换到 换成 改到
        寄回 退回 退到 退至 送回 补发 补寄 到付寄 请寄 帮寄 代寄 改寄 重寄 回寄 改派到 改派至
        地点 位置 Address address ADDRESS Addr addr
        """,
        # 地址解析失败: is one label.
        "地址(?:[\u4e00-\u9fff]{2,6}(?=[:：]))?",
        "收货(?!很|快|时|后|了)",
        "(?:现在?|目前|暂)住在?",
        "家住",
        "我(?:们|家|爸|妈|爸妈|公司)?家?(?:现在|目前|就|也)?住在?",
        r"[Ss]hip(?:ping|[ _]?[Tt]o)?",
        r"[Dd]eliver\w*",
        "[Ss]treet",
        "(?<=东西|货物|外卖|蛋糕|麻烦|直接|帮忙|师傅)送[到去至]?",
        "(?:(?<=骑手|快件|包裹|快递|师傅|司机)|(?<=配送员)|(?<=[0-9]{6}))已到达?",
    )
)
BEFORE_A_NAME: Final = re.compile(".*(?:位于|坐落|地处|家住|我住|就住|发货|收货)")
"""Words before an address that have no particle at their end."""

LABEL_GAP: Final = re.compile(
    r"(?:[填写弄发]错了?[,，。!！ ]{0,2}(?:应该?|改[成为])?|[能可][\u4e00-\u9fff]{0,3}[吗么嘛不]"
    r"|[一二两三几0-9][件个份箱盒]|信息|详情|[、/和及]?(?:电话|联系方式|手机)|人|方|货|件|详细|大家|您|我|一下|(?:请|麻烦)?帮[我忙])?"
    r"(?:填的|[改写换]成|[是为写改填到在给下至往去]|[*:：=>\s\"'“”【】\[\])）-]){0,6}"
)
"""What may stand between a label and its address."""

MOBILE: Final = re.compile(r"(?<![0-9])(?:\+?86[- ]?)?1[3-9][0-9][- ]?[0-9*]{4}[- ]?[0-9]{4}(?![0-9])")
"""A mobile number of a receiver, masked or not, as a sign of delivery; not a check of it."""

RECEIVER: Final = re.compile(
    r"[ ,，、]{1,2}(?!评分|人均|均价|总价|精装|近地铁|月租|营业)"
    r"(?:[\u4e00-\u9fff]{2,4}|[0-9+])(?:[ ,，\t\n0-9(]|收|$)|[\u4e00-\u9fff]{2,4}收"
    r"|[(（][\u4e00-\u9fff]{2,4} ?收"
)
SENDER: Final = re.compile(r"(?:^|[\n\t])[\u4e00-\u9fff]{2,4}[ ,，:：]{1,2}$")

ITEM: Final = re.compile(r"(?:^|\n)[ \t]{0,3}(?:[0-9]{1,3}[.、)）]|[-*•·]) ?$")
"""The mark of a list at the beginning of a line."""

NAMING: Final = frozenset(
    ["雅苑", "佳苑", "嘉园", "名苑", "名都", "丽都", "世家", "名邸", "锦园", "华庭", "尚城", "华府", "豪庭"]
)
"""Ends of estates that are no word by themselves."""
