"""Names of people in Japanese and Korean script: surnames, and what stands before a name in a form.

Sources: the commonest surnames of Japan as the lists of telephone subscribers rank them, two in three people bear one
of these; the surnames of the census of South Korea, with which nearly everybody's name begins. They are asked beside a
label, a column or a field only.
"""

from __future__ import annotations

from typing import Final

import regex

_JAPANESE: Final = """
佐藤 鈴木 高橋 田中 伊藤 渡辺 渡邊 渡邉 山本 中村 小林 加藤 吉田 山田 佐々木 山口 松本 井上 木村 林 斎藤 斉藤 齋藤 齊藤
清水 山崎 森 池田 橋本 阿部 石川 山下 中島 石井 小川 前田 岡田 長谷川 藤田 後藤 近藤 村上 遠藤 青木 坂本 福田 太田 西村
藤井 金子 藤原 岡本 三浦 中野 中川 原田 松田 竹内 小野 田村 中山 和田 石田 森田 上田 原 柴田 酒井 宮崎 横山 高木 安藤
宮本 大野 小島 工藤 谷口 今井 高田 丸山 増田 杉山 村田 大塚 新井 小山 平野 河野 藤本 武田 野口 松井 千葉 菅原 岩崎
久保 木下 佐野 野村 松尾 菊地 市川 古川 水野 島田 杉本 大西 小松 高野 西田 菊池 山内 西川 五十嵐 北村 安田 中田 川口
平田 川崎 本田 久保田 吉川 飯田 沢田 澤田 辻 関 吉村 渡部 岩田 中西 服部 樋口 福島 川上 永井 松岡 田口 山中 森本 土屋
矢野 秋山 石原 松下 大橋 馬場 浜田 吉岡 小池 浅野 荒木 熊谷 大久保 野田 川村 田辺 松村 星野 黒田 堀 尾崎 望月 永田 内田
松浦 荒井 広瀬 平井 大島 早川 栗原 内藤 桜井 櫻井 上野 片山 須藤 河村 関口 西山 本間 成田 桑原 上原 富田 東 岡 三宅 石橋
小田 堀内 須田 伊東 児玉 奥村 根本 大谷 金城 比嘉 知念 新垣 島袋 平良 玉城 宮城 与那覇 小西 森下 白石 篠原 萩原 川島
"""
_KOREAN: Final = """
김 이 박 최 정 강 조 윤 장 임 한 오 서 신 권 황 안 송 류 유 전 홍 고 문 양 손 배 백 허 남 심 노 하 곽 성 차 주 우
구 민 진 지 엄 채 원 천 방 공 현 함 변 염 여 추 도 소 석 선 설 마 길 연 위 표 명 기 반 라 나 왕 금 옥 육 인 맹 제
모 탁 국 어 은 편 용 예 봉 경 사 부 황보 남궁 선우 제갈 독고 사공
"""
_JAPANESE_SET: Final = frozenset(_JAPANESE.split())
_LONGEST: Final = max(map(len, _JAPANESE_SET))
_KOREAN_SET: Final = frozenset(_KOREAN.split())

_SIGN: Final = r"[\u4e00-\u9fff々ヶ]"
_KANA: Final = r"[\u3041-\u3096\u30a1-\u30faー]"
JAPANESE: Final = (
    rf"(?:{_SIGN}{{1,4}}[ ]?(?:{_SIGN}{{1,3}}|{_KANA}{{2,6}})|{_KANA}{{2,7}}[ ]{_KANA}{{2,7}})"
    rf"(?:[ ]?(?:様|さま|さん|氏|殿))?(?!{_SIGN}|{_KANA})"
)
KOREAN: Final = r"[\uac00-\ud7a3]{1,2} ?[\uac00-\ud7a3]{1,3}(?: ?님| ?씨)?(?![\uac00-\ud7a3])"

_TITLE: Final = regex.compile(r"[ ]?(?:様|さま|さん|氏|殿|님|씨)$")
_ONLY_KANA: Final = regex.compile(rf"{_KANA}{{2,7}} {_KANA}{{2,7}}")
_MOST_HANGUL: Final = 4
_SHORTEST: Final = 2
# What forms have in the place of a name, and names of things that begin with a syllable that is a surname too.
_NO: Final = """
이름 성명 주소 전화 전화번호 연락처 고객 고객명 주문 주문자 번호 이메일 배송 배송지 수령인 수량 가격 상품 상품명 정보
없음 미정 정상 이상 전체 기타 선택 입력 확인 완료 취소 남자 여자 남성 여성 회사 회원 비고 금액 합계
결제 요청 방법 구분 유형 지역 서울 부산 인천 대구 광주 대전 울산 제주 경기 강원 한국 사용자 관리자 담당자
구매자 신청자 이용자 문의 공지 안내 변경 지정 고정
"""
_NO_KOREAN: Final = frozenset(_NO.split())


def holds(value: str) -> bool:
    """Tell whether `value` is a name in Japanese or Korean script, behind something that says it is one."""
    bare = _TITLE.sub("", value.strip())
    if "\uac00" <= bare[:1] <= "\ud7a3":
        return _korean(bare)
    if _ONLY_KANA.fullmatch(bare):
        return True
    surname, _, given = bare.partition(" ")
    if given:
        return surname in _JAPANESE_SET and given not in _JAPANESE_SET
    if len(bare) <= _SHORTEST:
        return False
    return any(bare[:length] in _JAPANESE_SET for length in range(1, min(_LONGEST, len(bare) - 1) + 1))


def _korean(name: str) -> bool:
    surname, _, given = name.partition(" ")
    joined = surname + given
    if joined in _NO_KOREAN or not 2 <= len(joined) <= _MOST_HANGUL:
        return False
    if given:
        return surname in _KOREAN_SET
    return name[:2] in _KOREAN_SET or (name[0] in _KOREAN_SET and len(name) <= _MOST_HANGUL - 1)
