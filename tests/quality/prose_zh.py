"""Chinese texts with places, floors, lines and numbers in which nobody's address stands."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

from tests.quality.addresses_cn import Division, coined, division, road, short
from tests.quality.case import Family
from tests.quality.chance import GOODS_ZH, clock, name_zh, price


def _n(chance: Random, most: int = 99) -> int:
    return chance.randint(1, most)


def _place(chance: Random) -> Division:
    return division(chance)


def _news(chance: Random) -> str:
    p, q = _place(chance), _place(chance)
    return chance.choice(
        (
            f"新华社{short(p.city)}{_n(chance, 12)}月{_n(chance, 28)}日电（记者{name_zh(chance)}）{p.province}日前出台措施，支持{p.district}等{_n(chance)}个县区发展特色产业，全年产值增长{_n(chance)}.{_n(chance, 9)}%。",
            f"记者从{p.city}交通运输局获悉，{short(p.city)}至{short(q.city)}高速公路预计{_n(chance, 12)}月底通车，全长{_n(chance, 400)}公里，设{_n(chance, 20)}处互通立交。",
            f"{p.city}{p.district}人民法院昨日公开审理此案，被告人{name_zh(chance)}当庭认罪。{p.city}市场监管局表示将加强检查。",
            f"据{p.province}气象台预报，{short(p.city)}、{short(q.city)}等地今夜有{_n(chance, 40)}毫米降水，{p.district}局部大风{_n(chance, 9)}级。",
            f"{short(p.city)}队以{_n(chance, 5)}比{_n(chance, 5)}战胜{short(q.city)}队，第{_n(chance)}分钟{name_zh(chance)}头球破门。",
            f"{p.province}{p.city}市委书记{name_zh(chance)}在{p.district}调研时强调，要把{_n(chance)}项民生实事办好，{_n(chance)}个项目要按时开工。",
            f"北京市场{_n(chance)}号起供应充足，上海市民消费热情不减，广东省内{_n(chance)}家企业参展，{short(p.city)}馆面积{_n(chance, 9000)}平方米。",
            f"{p.city}{_n(chance)}路公交车因道路施工临时改道，{road(chance)}、{road(chance)}站暂停停靠，恢复时间另行通知。",
            f"昨天下午{clock(chance)[:5]}，{p.city}{road(chance)}发生一起交通事故，{_n(chance, 9)}人受伤，{_n(chance)}号车主{name_zh(chance)}已送医。",
            f"国务院批复同意{p.city}为国家历史文化名城，{p.district}片区规划面积{_n(chance)}平方公里，涉及{_n(chance, 20)}个街道{_n(chance, 200)}个社区。",
            f"{p.district}公安分局通报：{_n(chance, 12)}月{_n(chance, 28)}日，{name_zh(chance)}（男，{_n(chance)}岁）在{road(chance)}一家超市内盗窃，现已被刑拘。",
            f"{p.province}{p.city}{p.district}今年第{_n(chance, 9)}季度财政收入{_n(chance, 900)}亿元，位居全省第{_n(chance)}位，比{short(q.city)}多{_n(chance)}亿元。",
            f"本报{short(p.city)}讯 {p.district}{coined(chance)}镇的{_n(chance, 900)}户果农迎来丰收，村里{_n(chance)}号冷库全部投入使用。",
        )
    )


def _chatter(chance: Random) -> str:
    p = _place(chance)
    return chance.choice(
        (
            f"今天{_n(chance, 28)}号了，{_n(chance, 20)}楼的电梯又坏了，爬得我腿疼",
            f"我在{_n(chance, 9)}号口等你，带把伞，{short(p.city)}这边下雨了",
            f"{_n(chance, 30)}楼会议室被占了，换到{_n(chance, 30)}层吧，{_n(chance, 12)}点开始",
            f"{_n(chance, 30)}号楼今天停水，大家存点水，物业说{_n(chance, 23)}点恢复",
            f"你坐{_n(chance, 20)}号线转{_n(chance, 20)}号线，{coined(chance)}站下，C口出来走{_n(chance, 900)}米",
            f"我{short(p.city)}人，去年搬到{short(_place(chance).city)}，还是家里的{chance.choice(('米粉', '面', '火锅', '饺子'))}好吃",
            f"楼上{_n(chance, 30)}楼的小孩天天跑，{_n(chance, 12)}点了还在闹",
            f"他是{p.province}的吧，口音像{p.district}那边的",
            f"下周{_n(chance, 28)}号去{short(p.city)}出差，住{_n(chance, 5)}晚，有什么好吃的推荐",
            f"这路也太堵了，{road(chance)}走了{_n(chance)}分钟，前面好像在修路",
            f"请走这条路，过了桥左转，看见{_n(chance, 9)}个红绿灯就到了",
            f"我家猫从{_n(chance, 9)}楼掉下去居然没事，{_n(chance, 9)}号带它去看医生",
            f"快递放{_n(chance, 20)}号柜了，取件码{_n(chance, 9)}-{_n(chance, 9)}-{_n(chance, 9999)}",
            f"明天{_n(chance, 12)}点{chance.choice(('东门', '南门', '老地方', '食堂'))}见，别忘了带{chance.choice(GOODS_ZH)}",
            f"{_n(chance, 40)}栋的群主出来一下，{_n(chance, 6)}单元门禁又坏了",
            f"周末去不去{short(p.city)}玩，高铁{_n(chance, 5)}个小时，{_n(chance, 900)}块来回",
        )
    )


def _reviews(chance: Random) -> str:
    goods, p = chance.choice(GOODS_ZH), _place(chance)
    return chance.choice(
        (
            f"{goods}收到了，从{short(p.city)}发货{_n(chance, 9)}天就到，质量不错，{_n(chance, 9)}号再来买",
            f"酒店在{_n(chance, 30)}楼，视野好，离{coined(chance)}路地铁站{_n(chance, 900)}米，前台服务一般，给{_n(chance, 5)}星",
            f"服务员态度差，等位等了{_n(chance)}分钟，{_n(chance, 40)}号桌的菜先上了，{short(p.city)}这家店不会再来",
            f"{goods}颜色和图片不一样，{price(chance)}元不值，客服说从{p.province}仓发的",
            f"物流慢，在{short(p.city)}转运中心停了{_n(chance, 9)}天，{goods}包装都破了",
            f"书不错，第{_n(chance, 300)}页有个错字，讲{p.province}历史的那一章最好看",
            f"房间号{_n(chance, 30)}{_n(chance, 9):02}，靠近马路很吵，早餐{_n(chance, 90)}元一位，不值",
        )
    )


def _law(chance: Random) -> str:
    p = _place(chance)
    return chance.choice(
        (
            f"第{_n(chance)}条 县级以上地方人民政府应当将街道、社区、村的道路名称、门牌号码予以公告，具体办法由省、自治区、直辖市规定。",
            f"《{p.province}地名管理条例》第{_n(chance)}条第{_n(chance, 9)}款：道路、街、巷、弄、里的命名应当符合城市规划。",
            f"本院认为，原告{name_zh(chance)}与被告{p.city}{coined(chance)}有限公司的合同有效，依照《民法典》第{_n(chance, 1200)}条，判决如下：",
            f"{p.city}人民政府令第{_n(chance, 300)}号：本办法自{_n(chance, 12)}月{_n(chance, 28)}日起施行，{p.district}、开发区参照执行。",
            f"甲方应于{_n(chance, 28)}日内将房屋交付乙方，面积{_n(chance, 300)}平方米，租金每月{price(chance)}元，押金{_n(chance, 3)}个月。",
            f"{p.province}高级人民法院（{chance.randint(2015, 2026)}）民申{_n(chance, 9000)}号民事裁定书",
        )
    )


def _companies(chance: Random) -> str:
    p = _place(chance)
    names = [
        f"{short(p.city)}{coined(chance)}{chance.choice(('科技', '贸易', '物流', '食品', '建筑'))}{chance.choice(('有限公司', '股份有限公司', '集团', '有限责任公司'))}"
        for _ in range(3)
    ]
    return chance.choice(
        (
            "、".join(names) + "等企业参加",
            f"中国{chance.choice(('农业', '工商', '建设'))}银行{p.province}{short(p.city)}{p.district}支行",
            f"{p.city}第{_n(chance, 60)}中学与{p.city}实验小学结对",
            f"{p.province}{p.city}人民医院、{p.district}中医院挂牌",
            f"{names[0]}法定代表人{name_zh(chance)}，注册资本{_n(chance, 900)}万元",
            f"{p.city}{p.district}{coined(chance)}街道办事处综合科",
            f"公司名称,行业\n{names[0]},制造\n{names[1]},零售",
            f'{{"company": "{names[0]}", "region": "{p.province}"}}',
        )
    )


def _places(chance: Random) -> str:
    p, q = _place(chance), _place(chance)
    return chance.choice(
        (
            f"{p.province}{p.city}",
            f"{p.province}{p.city}{p.district}",
            f"籍贯：{p.province}{p.city}",
            f"{p.city}、{q.city}、{p.district}",
            f'{{"province": "{p.province}", "city": "{p.city}", "district": "{p.district}"}}',
            f"省,市,县\n{p.province},{p.city},{p.district}\n{q.province},{q.city},{q.district}",
            "欧洲、亚洲、北美洲和大洋洲的市场份额",
            f"所在地区：{p.province}-{p.city}-{p.district}",
            f"来自{p.province}{p.city}的网友",
            f"{short(p.city)}——{short(q.city)}",
            f"IP属地：{short(p.province)}",
        )
    )


def _lines(chance: Random) -> str:
    stations = [coined(chance) + chance.choice(("路", "站", "广场", "公园", "大道", "")) for _ in range(5)]
    return chance.choice(
        (
            f"地铁{_n(chance, 20)}号线：{'－'.join(stations)}",
            f"{_n(chance, 900)}路：{'、'.join(stations)}，首班{clock(chance)[:5]}",
            f"全程高速走G{_n(chance, 90)}，{coined(chance)}出口下，沿{road(chance)}向东{_n(chance, 9)}公里",
            f"{road(chance)}与{road(chance)}路口{_n(chance, 28)}日起封闭施工",
            f"列车即将到达{coined(chance)}路站，换乘{_n(chance, 20)}号线的乘客请准备下车",
            f"{road(chance)}大修，{_n(chance, 9)}车道变{_n(chance, 4)}车道，绕行{road(chance)}",
            f"国道{_n(chance, 330)}线K{_n(chance, 900)}+{_n(chance, 900)}处限速{_n(chance, 12)}0",
        )
    )


def _recipes(chance: Random) -> str:
    return chance.choice(
        (
            f"猪肉{_n(chance, 900)}克切块，加{_n(chance, 9)}勺生抽、{_n(chance, 9)}片姜，小火炖{_n(chance)}分钟，第{_n(chance, 9)}步收汁",
            f"面粉{_n(chance, 900)}克、水{_n(chance, 500)}毫升，{_n(chance, 40)}度发酵{_n(chance, 9)}小时，模具{_n(chance, 9)}号",
            f"川菜{_n(chance, 9)}道：水煮鱼、回锅肉、宫保鸡丁，{_n(chance, 200)}元一桌",
        )
    )


def _poems(chance: Random) -> str:
    return chance.choice(
        (
            "白日依山尽，黄河入海流。欲穷千里目，更上一层楼。",
            "姑苏城外寒山寺，夜半钟声到客船。",
            "渭城朝雨浥轻尘，客舍青青柳色新。劝君更尽一杯酒，西出阳关无故人。",
            "南朝四百八十寺，多少楼台烟雨中。",
            "故人西辞黄鹤楼，烟花三月下扬州。孤帆远影碧空尽，唯见长江天际流。",
            "莫愁前路无知己，天下谁人不识君。",
            "山重水复疑无路，柳暗花明又一村。",
            "长安一片月，万户捣衣声。秋风吹不尽，总是玉关情。",
        )
    )


def _travel(chance: Random) -> str:
    p, q = _place(chance), _place(chance)
    return chance.choice(
        (
            f"第{_n(chance, 9)}天：{short(p.city)}—{short(q.city)}，游览{coined(chance)}山风景区，车程{_n(chance, 9)}小时，宿{p.district}。",
            f"{short(p.city)}有{_n(chance, 20)}座古桥，{coined(chance)}古镇的{road(chance)}最有味道，门票{_n(chance, 200)}元，开放时间{clock(chance)[:5]}。",
            f"从{p.district}出发沿江步行{_n(chance, 20)}公里，过{_n(chance, 9)}个村庄，山顶海拔{_n(chance, 4000)}米",
            f"{p.province}自驾攻略：{short(p.city)}吃小吃，{short(q.city)}看日落，全程{_n(chance, 3000)}公里油费{_n(chance, 2000)}元",
        )
    )


def _novels(chance: Random) -> str:
    return chance.choice(
        (
            f"{name_zh(chance)}在巷子里站了{_n(chance, 9)}分钟，抬头看见{_n(chance, 9)}楼的灯亮着，才慢慢走进院子。",
            f"那年他{_n(chance)}岁，从村里走到镇上要{_n(chance, 9)}个时辰，{coined(chance)}桥还没有修。",
            f"“{_n(chance, 30)}号房的客人走了吗？”掌柜问。小二摇头，说往{road(chance)}那边去了。",
            f"城门{_n(chance, 9)}里外有一座庙，庙前石阶{_n(chance)}级，石阶尽头是{coined(chance)}湖。",
        )
    )


def _notices(chance: Random) -> str:
    return chance.choice(
        (
            f"各位业主：{_n(chance, 40)}号楼{_n(chance, 6)}单元外墙维修，{_n(chance, 28)}日起施工，请勿在楼下停车。物业服务中心",
            f"考试安排：第{_n(chance, 40)}考场在教学楼{_n(chance, 6)}层，{_n(chance, 40)}号座位起，{clock(chance)[:5]}入场",
            f"{_n(chance, 9)}楼餐厅、{_n(chance, 9)}楼健身房暂停开放，{_n(chance, 12)}月{_n(chance, 28)}日恢复",
            f"工单{_n(chance, 9000)}：机房{_n(chance, 9)}层{_n(chance, 40)}号机柜{_n(chance, 40)}U服务器更换硬盘",
            f"请{_n(chance, 99)}号到{_n(chance, 9)}号窗口办理",
            f"会议纪要：{_n(chance, 9)}楼{_n(chance, 9)}号会议室，参会{_n(chance, 40)}人，{name_zh(chance)}主持，讨论{short(_place(chance).city)}项目",
        )
    )


def _orders(chance: Random) -> str:
    goods = chance.choice(GOODS_ZH)
    return chance.choice(
        (
            f"您的{goods}已从{short(_place(chance).city)}发出，预计{_n(chance, 9)}天送达，{_n(chance, 9)}号仓发货",
            f"【驿站】您有包裹已到，凭{_n(chance, 9)}-{_n(chance, 9)}-{_n(chance, 9000)}到{_n(chance, 9)}号货架取件",
            f"{goods}规格：{_n(chance, 9)}号色 {_n(chance, 50)}码 {_n(chance, 9)}件，共{price(chance)}元，暂不支持{short(_place(chance).province)}配送",
            f"快件已到达{short(_place(chance).city)}转运中心，发往{_place(chance).district}营业部",
            f"全国包邮，{short(_place(chance).province)}、{short(_place(chance).province)}等偏远地区补{_n(chance, 20)}元",
            f"亲，{goods}有{_n(chance, 9)}个颜色，{_n(chance, 28)}号统一发货哦，收货地址可以在订单里改",
            "请问收货地址填写正确吗？请提供姓名、电话、详细地址（省市区街道门牌号）",
        )
    )


def _science(chance: Random) -> str:
    return chance.choice(
        (
            f"{_n(chance, 40)}号元素的第{_n(chance, 9)}层电子，能级{_n(chance, 90)}电子伏，样品{_n(chance, 40)}号室温测试",
            f"算法第{_n(chance, 9)}层有{_n(chance, 900)}个单元，学习率0.{_n(chance, 99)}，在{_n(chance, 9)}号数据集上准确率{_n(chance)}%",
            f"嫦娥{_n(chance, 9)}号、天宫{_n(chance, 3)}号与长征{_n(chance, 11)}号火箭",
            f"{_n(chance, 9)}号染色体上的{_n(chance, 900)}号位点突变",
            f"岩层厚{_n(chance, 900)}米，{_n(chance, 9)}号井深{_n(chance, 9000)}米，日产气{_n(chance, 90)}万方",
        )
    )


MAKERS: Final[dict[str, Callable[[Random], str]]] = {
    "news-zh": _news,
    "chatter-zh": _chatter,
    "reviews-zh": _reviews,
    "law-zh": _law,
    "companies-zh": _companies,
    "places-zh": _places,
    "lines-zh": _lines,
    "recipes-zh": _recipes,
    "poems-zh": _poems,
    "travel-zh": _travel,
    "novels-zh": _novels,
    "notices-zh": _notices,
    "order-talk-zh": _orders,
    "science-zh": _science,
}
KINDS: Final = ("address", "phone")
FAMILIES: Final = tuple(Family(f"address/not/{name}", make, KINDS, 0.05) for name, make in MAKERS.items())
