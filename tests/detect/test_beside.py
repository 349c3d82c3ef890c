"""A street and a phone are weak alone, and strong beside each other."""

from __future__ import annotations

import pytest

from dlp_proxy.model.finding import Confidence
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Part
from tests.detect.shapes import look, standard

DETECTORS = tuple(
    standard(name) for name in ("address", "address-cn", "phone", "phone-cn", "phone-national", "landline-cn")
)


def sure(text: str) -> list[str]:
    """Return what is medium and more."""
    found = look(Part(Location("body"), text), detectors=DETECTORS)
    return [one.value.reveal() for one in found if one.confidence >= Confidence.MEDIUM]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Jessica Miller - 720.437.8096 - 41 Pine Rd, Portland", ["720.437.8096", "41 Pine Rd"]),
        (
            "2026100228510710 CHARLES MARTIN   713-456-3349    219 WASHINGTON BLVD",
            ["713-456-3349", "219 WASHINGTON BLVD"],
        ),
        ("||55 Cedar Ln^^Tampa^FL^33604||(425) 979-9850", ["55 Cedar Ln", "(425) 979-9850"]),
        ("Freya Green\n+44 7412 080507\n171 Kings Road", ["+44 7412 080507", "171 Kings Road"]),
        ("Elizabeth Thomas\t6143096503\t284 Washington Blvd", ["6143096503", "284 Washington Blvd"]),
        # Eleven figures amid other long ones.
        (
            "4737595476544460186\n沈玉瑶\n13184768709\n北京市怀柔区杨宋镇胜利街455号阳光花园12栋404室\n1762360422",
            ["13184768709", "北京市怀柔区杨宋镇胜利街455号阳光花园12栋404室"],
        ),
        # Ranges that nobody was given yet, and one figure too few for Germany's plan: people make them up, tables age.
        (
            "Müller\t+49 151 3813349\tKirchgasse 12, 01052 Dresden",
            ["+49 151 3813349", "Kirchgasse 12, 01052 Dresden"],
        ),
        ("Müller\t0151 3813349\tKirchgasse 12, 01052 Dresden", ["0151 3813349", "Kirchgasse 12, 01052 Dresden"]),
        (
            "Linda\t0446 117 891\t159 King Street, Perth WA 6155",
            ["0446 117 891", "159 King Street, Perth WA 6155"],
        ),
        # The house is no group of the number, though Germany has a landline that is as long.
        (
            "Wolf Müller\nKirchgasse 12, 01052 Dresden\nHolly Wood 07747 717289 84 Kings Road, Leeds LS1 4DY",
            ["Kirchgasse 12, 01052 Dresden", "07747 717289", "84 Kings Road, Leeds LS1 4DY"],
        ),
        # Cells of a list without blanks: the house that follows is no fraction of the number.
        (
            "Emily Stewart,07725 476557,138 Oak Lane, Manchester M16 5SR",
            ["07725 476557", "138 Oak Lane, Manchester M16 5SR"],
        ),
        (
            "Antoine Martin,07 70 10 97 28,20 avenue Jean Jaurès, 67007 Strasbourg",
            ["07 70 10 97 28", "20 avenue Jean Jaurès, 67007 Strasbourg"],
        ),
        # As a picture of it is read.
        (
            "Wolf   +49 160 4506992    SchillerstraBe 89, 48199 Munster",
            ["+49 160 4506992", "SchillerstraBe 89, 48199 Munster"],
        ),
        # Xinjiang has 0911 as well: found once, as what the address says.
        ("Am Markt 155\n90381 Nürnberg\nTel. 0911 8358154", ["Am Markt 155\n90381 Nürnberg", "0911 8358154"]),
        ("Patricia Hernandez 5124789689 281 2nd Ave, Denver CO 80244", ["5124789689", "281 2nd Ave, Denver CO 80244"]),
    ],
)
def test_a_street_and_a_phone_of_one_person_are_both_counted(text: str, values: list[str]) -> None:
    assert sure(text) == values


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("https://wa.me/5541991880192?text=Pedido", "5541991880192"),
        ("msisdn: 447979270413", "447979270413"),
    ],
)
def test_a_link_to_a_talk_and_what_operators_call_a_number_hold_one(text: str, number: str) -> None:
    assert sure(text) == [number]


@pytest.mark.parametrize(
    "text",
    [
        "Fire crews saw 123 Main St yesterday",
        "version 720.437.8096 of the driver",
        "720.437.8096\n\n41 Pine Rd",
        "720.437.8096" + " and so on" * 8 + " 41 Pine Rd",
        "720.437.8096\nx\ny\nz\nu\n41 Pine Rd",
        "1143096503\t284 Washington Blvd",
        "6143096503 is the number of the order",
        "4737595476544460186\n13184768709\n1762360422",
        "0446 117 891\tKing Street of Perth",
        "07725 476557,55 - Manchester M16 5SR",
        "1,20 avenue Jean Jaurès",
        "x-6143096503\t284 Washington Blvd",
    ],
)
def test_neither_is_counted_alone_or_far_from_the_other(text: str) -> None:
    assert sure(text) == []
