"""Characters that Japanese and Korean texts are made of, names and addresses above all. `han.py` has Chinese ones."""

from __future__ import annotations

from typing import Final

from dlp_proxy.unpack.han import COMMON

_KANA: Final = frozenset(map(chr, (*range(0x3041, 0x3097), *range(0x30A1, 0x30FD))))
_KANJI: Final = frozenset(
    "都道府県市区町村郡字丁目番地号条通東西南北中央上下新大小本島山川田野原谷沢渋辺桜戸駅浜浦港橋岡崎坂松竹梅藤鈴木佐伊渡高"
    "林吉斎斉清水森池石井前後長近遠金銀鉄内外神奈千葉埼玉茨栃群静愛知岐阜重滋賀京阪兵庫和歌鳥取根広徳香媛福熊分宮鹿児沖縄"
    "青岩手秋形潟富梨名古屋札幌仙台世豊品川目黒杉並練馬足立荒墨江渋様御注文電話氏住所郵便配送先届受付品数量円税込"
    "直樹健太翔陽菜美咲恵子花子由香真一二三次郎介輔也恭平誠浩隆博明正義智裕彦雄英恵理沙彩結愛葵蓮悠斗拓海室階棟館"
)
_HANGUL: Final = frozenset(
    "이다의에는을를가고하지사로기서도시인아구대한나해자정리은수경들그부어일과전제주라원스보연면성동장상상세여게거조공있안신비유"
    "만간개치마년중문요관소선모국당진용물위의임행오우양학생각내화무금재건저미발방현계입적분말바영단청더실교김박최강윤민준서지"
    "후예은우빈채원호길로읍군구시도호층번택배송주문전화번수령님고객상품남북서울산천광세종충청라제포항창안용화성평택파메흥릉춘"
    "명덕권황송류홍손허노심하곽배백조남씨이메일휴대폰우편번호결제금액받는람"
)

JAPANESE: Final = COMMON | _KANA | _KANJI
KOREAN: Final = _HANGUL
