"""Timezones by cities and countries, as people write them."""

from __future__ import annotations

import pytest

from tiktok_coach.core.countries import country_code
from tiktok_coach.core.errors import CoachError
from tiktok_coach.io.dates.zone_places import NAMESAKES, zone_of_place


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


@pytest.mark.parametrize(
    ("text", "zones"),
    [
        ("LA", "America/Los_Angeles, Asia/Vientiane"),
        ("san juan", "America/Puerto_Rico, America/Argentina/San_Juan"),
        ("Córdoba", "Europe/Madrid, America/Argentina/Cordoba"),
    ],
)
def test_a_name_of_several_places_asks_for_the_timezone(text: str, zones: str) -> None:
    with pytest.raises(CoachError, match="several places") as error:
        zone_of_place(text)
    assert error.value.hint == f"name the timezone: {zones}"


def test_every_timezone_of_places_with_one_name_can_be_named() -> None:
    zones = {zone for places in NAMESAKES.values() for zone in places}
    assert {zone_of_place(zone) for zone in zones} == zones


@pytest.mark.parametrize(
    ("text", "code"), [("DK", "DK"), ("dk", "DK"), ("Danmark", "DK"), ("Deutschland", "DE"), ("united  states", "US")]
)
def test_a_country_has_its_code(text: str, code: str) -> None:
    assert country_code(text) == code


@pytest.mark.parametrize("text", ["Denmrk", "ZZ", "001", "", "Copenhagen"])
def test_another_text_is_no_country(text: str) -> None:
    with pytest.raises(CoachError, match="no country that I know"):
        country_code(text)


@pytest.mark.parametrize("text", ["Mars", "", "Baker Street", "Ukendt by", "Unknown City"])
def test_another_text_is_refused(text: str) -> None:
    with pytest.raises(CoachError, match="no city or country"):
        zone_of_place(text)
