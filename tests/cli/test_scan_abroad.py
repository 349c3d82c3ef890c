"""Lists of customers of several countries as shops have them: no header, no label, numbers as people write at home."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest

from tests.cli.commands import POLICIES, dlp_proxy

BY_COUNTRY: Final = {
    "JP": ("田中 陽子", "090-{a}-{b}", "〒150-0001 東京都渋谷区神宮前{n}-2-3"),
    "KR": ("정수빈", "010-{a}-{b}", "인천광역시 연수구 센트럴로 {n}, 101동 1203호"),
    "TW": ("陳怡君", "0912-{c}-{d}", "台北市信義區市府路{n}號"),
    "GB": ("Harry Robinson", "07400 {c}{d}", "{n} Church Lane, Glasgow G12 9AJ"),
    "FR": ("Camille Martin", "06 12 {e} {f} {g}", "{n} rue Pasteur, 69003 Lyon"),
    "DE": ("Lukas Groß", "0171 {c}{a}", "Hauptstraße {n}, 80331 München"),
    "NL": ("Sanne de Vries", "06 1234{a}", "Kerkstraat {n}, 1017 GA Amsterdam"),
}


def customers(country: str, count: int, joint: str) -> str:
    name, phone, address = BY_COUNTRY[country]
    lines = []
    for number in range(1, count + 1):
        shift = number * 7 + 23
        told = phone.format(
            a=f"{shift * 61 % 8999 + 1000}", b=f"{shift * 47 % 8999 + 1000}", c=f"{shift % 899 + 100}",
            d=f"{shift * 13 % 899 + 100}",
            e=f"{shift % 89 + 10}", f=f"{shift * 3 % 89 + 10}", g=f"{shift * 5 % 89 + 10}",
        )  # fmt: skip
        lines.append(joint.join((name, told, address.format(n=number))))
    return "\n".join(lines)


def scanned(path: Path, text: str) -> tuple[str, int]:
    path.write_text(text, encoding="utf-8")
    done = dlp_proxy("scan", path, "--policies", POLICIES, "--format", "json")
    shown = json.loads(done.out)
    return shown["action"], shown["distinct"]


@pytest.mark.parametrize("country", BY_COUNTRY)
@pytest.mark.parametrize("joint", [" | ", "\t", ";"])
def test_sixty_customers_of_a_country_are_stopped(tmp_path: Path, country: str, joint: str) -> None:
    assert scanned(tmp_path / "list.txt", customers(country, 60, joint)) == ("block", 60)


def test_branches_of_japan_and_korea_are_no_customers(tmp_path: Path) -> None:
    rows = [f"第{n}支店,〒150-0001 東京都渋谷区神宮前{n}-2-3,03-12{n + 10}-5678" for n in range(1, 41)]
    rows += [f"강남{n}지점,서울특별시 강남구 테헤란로 {n},02-12{n + 10}-5678" for n in range(1, 41)]
    assert scanned(tmp_path / "branches.csv", "\n".join(rows)) == ("allow", 0)


def test_japanese_and_korean_prices_logs_and_news_are_fine(tmp_path: Path) -> None:
    lines = [f"商品番号 0{n % 3 + 7}0-{n * 37 % 9000 + 1000}-{n + 1000} 在庫 {n} 価格 ¥{n * 130:,}" for n in range(80)]
    lines += [f"모델명 010-{n * 37 % 9000 + 1000}-{n + 1000} 가격 {n * 1300:,}원 재고 {n}개" for n in range(80)]
    lines += [f"2026-01-{n % 28 + 1:02} 12:{n % 60:02} 東京都渋谷区で{n}人、大阪府大阪市北区で{n}-3" for n in range(80)]
    lines += [f"서울 강남구 역삼동에서 {n}명이, 부산 해운대구로 {n}명이 이동했다" for n in range(80)]
    assert scanned(tmp_path / "news.txt", "\n".join(lines)) == ("allow", 0)
