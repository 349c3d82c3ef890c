"""Top-level domains under which people have mail: what follows the last dot tells an address from an attribute in code.

Country codes: ISO 3166-1 with the exceptions that IANA's root zone has. The others: the sponsored and generic ones
of the
root zone that take registrations from anybody, and the names of RFC 2606, RFC 6761 and RFC 9476 for private use. A
new
one that is missing here makes a finding low, never lost.
"""

from __future__ import annotations

from typing import Final

_COUNTRIES: Final = """
ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bv bw by bz ca cc cd
cf cg ch ci
ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga gd ge gf gg gh gi gl
gm gn gp gq
gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb
lc li lk lr
ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz
om pa pe pf
pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sj sk sl sm sn so sr ss st su sv sx sy sz
tc td tf tg
th tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw
"""
_OTHERS: Final = """
com net org edu gov mil int arpa info biz name pro aero coop museum mobi jobs travel tel asia cat post xyz top vip
shop store
online site tech club work live cloud email world group ltd company center life today fun space website blog news
digital agency
studio design art solutions services network systems software international global finance money bank capital fund
legal law
health clinic care hospital school academy university education wiki page link click one host press ren wang xin ink
love icu
support team zone expert tips consulting marketing media photography gallery video games game fit cafe restaurant
bar pub coffee
farm garden house homes property estate rent construction repair tools supply parts cars auto holiday tours hotel
golf football
family wedding gifts toys fashion clothing shoes jewelry boutique sale deals discount market trade trading exchange
credit loans
mortgage insurance tax accountants lawyer engineer engineering energy solar industries enterprises holdings ventures
partners
associates management careers community foundation charity church social chat london paris berlin nyc tokyo moscow
amsterdam wien
koeln hamburg bayern scot wales quebec sydney melbourne istanbul taipei swiss madrid barcelona app dev guru rocks
ninja works run
example test invalid local lan corp home internal
"""

TOP_LEVEL_DOMAINS: Final[tuple[str, ...]] = tuple((_COUNTRIES + _OTHERS).split())
"""In lower case, without the dot."""
