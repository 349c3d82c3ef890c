"""Archives and streams as arj 3.10, lzop 1.04 and cramjam 2.14 wrote them, of one text: none is a package of ours."""

from __future__ import annotations

import base64
from typing import Final

TEXT: Final = "".join(f"客户{n},1380013{n:04},北京市朝阳区建国路{n}号\n" for n in range(1, 13)).encode()
SHOWN: Final = TEXT.decode().replace(",", "\t")
"""How a table of it is read."""

ARJ: Final = base64.b85decode(
    "VCpFVA`1Zm5C8(#2Pq6|2Pq6|00000000000000000000004L{VRC8!0MNhvwg3QN>NNl^3jqQU0RRUFDGY0r0001X0ssJN;||*Z0HhH"
    "B0000000$`yYX>O|YXATM0Ans=b9Mj#Ti{er0001VQ&N$|938-KfqM0}+k-?T50MdMR1{_?2o;r%1fKY~0{EbIo64{RfPm6-<Cd!y1ax"
    "zV-JcjHJ3QZ#cGH&r9`^N2Zk_I%yn44nO?J`sH-z5Fy;CrmvSz8kCk9RmoI-JA;;G0dCQeG6!gFNisn91zPKupEb!6(Pla);Uw$yM`K%"
    ")NwgbN`93-k;xkThWG000"
)
"""Method 1, with codes by block."""
ARJ_FASTEST: Final = base64.b85decode(
    "VCpFVA`1Zm5C8(#2Pq6|2Pq6|00000000000000000000004L{VRC8!0MNhvwg3QN>NNl^3jqQU1ONvIDGY0=0001X0ssJN;||*Z0HhH"
    "B0000000$`yYX>O|YXATM0Ans=b9Mj#bhYBR0045Ulul$q++r*kjK>23fW&4nfFQBTj7zx}O2;bU1m;dBT`7f|l^D8muGdaf+V#-4SBz"
    "Y!^|&h`n9Go6GWCXIE+LrDkY+RWhGRY<nA4DEH1&pKP9d1rkY+XYhGSkKnA?zMHuZ*MZXuZ8kY+dahGTvqnB$OUIQ52Ojv<)mkY+jchG"
    "U)~n8abkG=N{N)EIINc|cSG{b8>t3mEc%$OZbtTtH}G>Hq)"
)
"""Method 4."""
ARJ_LOCKED: Final = base64.b85decode(
    "VCpFVA`1Zm5dZ=J2Pq6|2Pq6|0000000000000000RR91004L{VRC8!0KRg&Q2+p7>NNl^3jqQV0RRUFDGY0r0001X0ssJN;||*Z0HhH"
    "B0000000$`yYX>O|YXATM0Ans=b9Mj#NY4zw004RzIV=6XW^t+(?E#P4vHB=qb^UuCIBy(8Vr=>Ke)5vRZiCty@w422`s}z0kL}TVZVe"
    "yvr}J`OS4XA(9IE<-WSXBf0_K$W)&tu)HyXQ)TmPh`*D74%$O^-`OMNtE_B$OPn8l)AN;NR>s0s+3)4WYTBJt-gA039$>G>vv+OG;YD%"
    "+EJ{%1>iXODJ6`b}W!000"
)
"""With a password."""
LZOP: Final = base64.b85decode(
    "iA-8g01XNn3J^dbpb0<$1p@#84FCWD0BZ~>2LJ#7001P&0v7-P0(JlZ0L(RGV2uDG<*uUUh_^8;F*7(YFflVQFfcJJ<&2l)x~%26g65o"
    "^>6o+SjJoB!y5*a_=(n#i<&U=ttp+kF%>Xhw%>Xhe%>Xkg%>Xkx%>Xkf%>Xnh%>Xny%>Xng%>Xqi%>Xqz%>Xqh%>Xtj%>Xt!%>Xti%>X"
    "wk%>Xw#%>Xwj%>Xzl%>Xz$%>Xzk%>X$m%>X$%%>X$l&HynmDAE8iFgnrzF)%6A04XU5F+3><F)7plDKQ8!GB5}X<-5A&o4x3_uQ4*^kG"
    "BdD00000000"
)
"""By the default level."""
LZOP_9: Final = base64.b85decode(
    "iA-8g01XNn3J^dbpb0<&2?GEC4FCWD0BZ~>2LJ#7001R60v!MV0(JlZ0KPS2V2vT=uA=6Mw=pa+GdM6XF*7hw000jx<&2l)x~%26g65o"
    "^>6o+SjJoB!y5*a_=(n#i<&U=ttp+kF%>Xhw%>Xhe%>Xkg%>Xkx%>Xkf%>Xnh%>Xny%>Xng%>Xqi%>Xqz%>Xqh%>Xtj%>Xt!%>Xti%>X"
    "wk%>Xw#%>Xwj%>Xzl%>Xz$%>Xzk%>X$m%>X$%%>X$l&HynmD9`{*0Xk6!Fe%gkDJcjsJSYe$EeJ6wF$gg`F$gh~K@k7|00000"
)
"""By the highest level."""
SNAPPY: Final = base64.b85decode(
    "{{{d6b53DUa9IG*003%1iR<<R(B-b8=7_g3EHN`UFfcJQFfcGNEai-s<hrcoxPs=Ko#~jf<&3)JySn9@z38{EG3Af93grbf05Tmk05Wb"
    "g00c7S6*K@d9W($lZZrS@GZ{1hG#xYmG;TBi05lmi05u&n05xtj001=^GypaoGypbkGyniL88iSl9W($pZZrS@HyJblI2|+qIBqlm05}"
    ";m0685r06A_n0021|Gz2j)88rkkFm5#f1TiojHeCw<F?I_AT?_y*T@3&+at#6$F*4<kw+a"
)
"""A stream of frames."""
