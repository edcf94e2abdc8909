"""Timezones by cities and countries, as people write them."""

from __future__ import annotations

import pytest

from tiktok_coach.core.errors import CoachError
from tiktok_coach.io.dates.zone_places import zone_of_place


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("København", "Europe/Copenhagen"),
        ("copenhagen", "Europe/Copenhagen"),
        ("Danmark", "Europe/Copenhagen"),
        ("dk", "Europe/Copenhagen"),
        ("Tyskland", "Europe/Berlin"),
        ("Japan", "Asia/Tokyo"),
        ("日本", "Asia/Tokyo"),
        ("sao  paulo", "America/Sao_Paulo"),
        ("New_York", "America/New_York"),
        ("Europe/Oslo", "Europe/Oslo"),
        ("utc", "UTC"),
    ],
)
def test_a_place_has_its_timezone(text: str, zone: str) -> None:
    assert zone_of_place(text) == zone


def test_a_country_with_several_clocks_asks_for_a_city() -> None:
    with pytest.raises(CoachError, match="several clocks") as error:
        zone_of_place("Spain")
    assert error.value.hint == "name a city: Madrid, Canary"


@pytest.mark.parametrize("text", ["Mars", "", "Baker Street"])
def test_another_text_is_refused(text: str) -> None:
    with pytest.raises(CoachError, match="no city or country"):
        zone_of_place(text)
