"""Which language is spoken, what changes with it and what does not."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import Ran
from tests.writing import put
from tiktok_coach.cli.app import app
from tiktok_coach.core.translation import (
    _,
    environment_language,
    fill,
    format_value,
    language,
    plural,
    short_number,
    weekday_names,
)
from tiktok_coach.core.translation import use_language as in_language

Coach = Callable[..., Ran]
PLAN = """\
account: {handle: "@baker", timezone: Europe/Copenhagen}
posts:
  - id: one
    publish_at: 2026-12-01T18:30
    caption: "Rugbrød  #fyp #fyp"
    video: {duration_s: 95.5, width: 1920, height: 1080, hook_s: 6.25}
  - id: two
    publish_at: 2026-12-01T18:50
    caption: "Rugbrød  #fyp #fyp"
"""


@pytest.fixture
def danish() -> Iterator[None]:
    with in_language("da"):
        yield


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"LANG": "da_DK.UTF-8"}, "da"),
        ({"LANG": "da"}, "da"),
        ({"LC_ALL": "C.UTF-8", "LANG": "da_DK.UTF-8"}, "en"),
        ({"LC_MESSAGES": "da_DK", "LANG": "en_GB.UTF-8"}, "da"),
        ({"LANGUAGE": "sv:da:en", "LANG": "en_GB.UTF-8"}, "da"),
        ({"LANGUAGE": "sv:en:da"}, "en"),
        ({"LANG": "sv_SE.UTF-8"}, "en"),
        ({"LANG": "da-DK"}, "da"),
    ],
)
def test_the_environment_tells_the_language(environment: dict[str, str], expected: str) -> None:
    assert environment_language(environment) == expected


def test_where_no_variable_tells_it_the_system_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("locale.getlocale", lambda: ("Danish_Denmark", "1252"))
    assert environment_language({}) == "da"
    monkeypatch.setattr("locale.getlocale", lambda: ("English_United Kingdom", "1252"))
    assert environment_language({}) == "en"
    monkeypatch.setattr("locale.getlocale", lambda: (None, None))
    assert environment_language({}) == "en"


@pytest.mark.parametrize(
    "arguments", [("--lang", "da", "rule", "T401"), ("rule", "T401", "--lang=da"), ("rule", "--lang", "da", "T401")]
)
def test_the_option_may_stand_anywhere(coach: Coach, arguments: tuple[str, ...]) -> None:
    ran = coach(*arguments)
    assert ran.code == 0
    assert "Skriv en engagerende billedtekst" in ran.out


def test_it_outweighs_the_config_and_the_config_the_environment(
    coach: Coach, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "plan.yaml", PLAN)
    assert "problems in" in coach("lint", "plan.yaml").out
    monkeypatch.setenv("LANGUAGE", "da")
    assert "problemer i" in coach("lint", "plan.yaml").out
    put(tmp_path / "tiktok-coach.yaml", "lang: en\n")
    assert "problems in" in coach("lint", "plan.yaml").out
    put(tmp_path / "tiktok-coach.yaml", "lang: da\n")
    monkeypatch.setenv("LANGUAGE", "en")
    assert "problemer i" in coach("lint", "plan.yaml").out
    assert "problems in" in coach("lint", "plan.yaml", "--lang", "en").out


def test_a_language_without_a_catalogue_is_refused(coach: Coach, tmp_path: Path) -> None:
    ran = coach("rules", "--lang", "tlh")
    assert (ran.code, ran.err) == (2, "error: --lang 'tlh' is not known; use one of en, da\n")
    assert coach("rules", "--lang").code == 2
    put(tmp_path / "tiktok-coach.yaml", "account: {handle: baker}\nlang: tlh\n")
    put(tmp_path / "plan.yaml", PLAN)
    refused = coach("lint", "plan.yaml").err
    assert refused.endswith("tiktok-coach.yaml:2: lang: 'tlh' is not spoken; use one of en, da\n")


def test_what_stands_behind_two_dashes_is_no_option(coach: Coach, tmp_path: Path) -> None:
    put(tmp_path / "--lang", "no plan")
    assert "--lang" in coach("columns", "--", "--lang").err


def test_a_language_is_spoken_for_a_while() -> None:
    assert language() == "en"
    with in_language("da"):
        assert _("Every post") == "Alle opslag"
    assert _("Every post") == "Every post"


@pytest.mark.usefixtures("danish")
def test_numbers_days_and_plurals_are_those_of_the_language() -> None:
    assert format_value(1234.5, ",.1f") == "1.234,5"
    assert format_value(0.25, ".0%") == "25\xa0%"
    assert format_value(np.float64(1.5), "+.2f") == "+1,50"
    assert format_value(True) == "True"
    assert format_value(dt.date(2026, 5, 1), "%Y-%m-%d") == "1. maj 2026"
    assert format_value(dt.datetime(2026, 5, 1, 18, 30, tzinfo=dt.UTC), "%a %Y-%m-%d %H:%M") == "fre 1. maj 2026 18.30"
    assert format_value(dt.time(7), "%H:%M") == "07.00"
    assert format_value(dt.date(2026, 5, 1), "%Y-%m") == "maj 2026"
    assert weekday_names() == ("man", "tirs", "ons", "tors", "fre", "lør", "søn")
    assert short_number(20_000_000).startswith("20")
    assert [short_number(number) for number in (47_000, 0.5)] == ["47.000", "0,5"]
    assert plural("{count:,} account", "{count:,} accounts", 1) == "1 konto"
    assert plural("{count:,} account", "{count:,} accounts", 2000) == "2.000 konti"
    assert fill("{name!r}: {value:g}", name="1.5", value=1.5) == "'1.5': 1,5"


@given(
    st.floats(allow_nan=False, allow_infinity=False, width=32), st.sampled_from([",.0f", ",.2f", "+.1f", "g", ".0%"])
)
def test_a_number_has_the_same_digits_in_every_language(value: float, spec: str) -> None:
    with in_language("da"):
        there = format_value(value, spec)
    here = format(value, spec)
    assert re.findall(r"[\d+e-]", there) == re.findall(r"[\d+e-]", here)


def test_help_is_in_the_language_down_to_the_smallest_command(coach: Coach) -> None:
    for name in sorted(typer.main.get_command(app).commands):  # type: ignore[attr-defined]
        ran = coach(name, "--help", "--lang", "da")
        assert ran.code == 0
        assert "Brug: tiktok-coach" in ran.out
        assert "Vis denne besked, og slut." in ran.out
        frame = r"Usage:|Show this message|\[default:|\[required\]|─ (Options|Arguments|Commands) ─"
        assert not re.search(frame, ran.out), name
    assert "Usage: tiktok-coach" in coach("audit", "--help").out, "and English comes back"
    assert "Show this message" in coach("audit", "--help").out


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("audit",), "fejl: Argumentet 'EXPORT' mangler; `tiktok-coach audit --help` viser hvordan"),
        (("audit", "--foo"), "Intet sådant tilvalg: --foo"),
        (("nothing",), "Ingen sådan kommando 'nothing'; `tiktok-coach --help` viser hvordan"),
        (("simulate", "x", "--viewers", "many"), "Ugyldig værdi for '--viewers'"),
        (("rule", "T401", "T402"), "(T402)"),
        (("audit", "nowhere"), "fejl: nowhere: ingen sådan fil eller mappe"),
    ],
)
def test_a_wrong_argument_is_refused_in_the_language(coach: Coach, arguments: tuple[str, ...], expected: str) -> None:
    ran = coach(*arguments, "--lang", "da")
    assert ran.code == 2
    assert expected in " ".join(ran.err.split())


class Shape:
    """JSON without its texts: keys, kinds of values, and the texts that are codes."""

    @classmethod
    def of(cls, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: cls.of(original) for key, original in value.items()}
        if isinstance(value, list):
            return [cls.of(original) for original in value]
        return value if not isinstance(value, str) or re.fullmatch(r"[a-z_]+|[A-Z]\d{3}|[\d:T+-]+", value) else "text"


@pytest.mark.parametrize("form", ["json", "jsonl", "sarif", "gitlab"])
def test_keys_codes_places_and_fingerprints_do_not_change(coach: Coach, tmp_path: Path, form: str) -> None:
    put(tmp_path / "plan.yaml", PLAN)
    shapes = []
    for lang in ("en", "da"):
        ran = coach("lint", "plan.yaml", "--format", form, "--lang", lang)
        assert ran.code == 1
        lines = ran.out.splitlines() if form == "jsonl" else [ran.out]
        shapes.append([Shape.of(json.loads(line)) for line in lines])
    prints = [re.findall(r'"(?:fingerprint|tiktokCoach/v2)": "(\w+)', json.dumps(s)) for s in shapes]
    assert prints[0] == prints[1]
    if form != "sarif":
        assert shapes[0] == shapes[1]


def test_a_baseline_holds_in_every_language(coach: Coach, tmp_path: Path) -> None:
    put(tmp_path / "plan.yaml", PLAN)
    coach("lint", "plan.yaml", "--write-baseline", "known.json", "--lang", "en")
    known = (tmp_path / "known.json").read_bytes()
    assert coach("lint", "plan.yaml", "--baseline", "known.json", "--lang", "da").code == 0
    coach("lint", "plan.yaml", "--write-baseline", "known.json", "--lang", "da")
    assert (tmp_path / "known.json").read_bytes() == known


def test_audit_says_the_same_in_json(coach: Coach, bakery: Path) -> None:
    shapes = []
    for lang in ("en", "da"):
        ran = coach("audit", bakery, "--format", "json", "-q", "--lang", lang)
        assert ran.code == 0
        shapes.append(Shape.of(json.loads(ran.out)))
    assert shapes[0] == shapes[1]


def test_what_is_written_for_machines_is_the_same_to_the_byte(coach: Coach, bakery: Path, tmp_path: Path) -> None:
    shutil.copytree(bakery, tmp_path / "bakery")
    for arguments in (
        ("convert", "bakery", "-q"),
        ("times", "bakery", "--format", "csv", "-q"),
        ("columns", "bakery/sidecar.csv", "--format", "yaml"),
        ("schema", "plan"),
        ("schema", "config"),
        ("schema", "rules"),
    ):
        english, danish = (coach(*arguments, "--lang", lang) for lang in ("en", "da"))
        assert english.out == danish.out, arguments
        assert english.code == danish.code == 0
    assert next(csv.reader(io.StringIO(coach("convert", "bakery", "-q", "--lang", "da").out)))[0] == "post_id"


def test_a_plan_drafted_in_danish_is_read_as_one(coach: Coach, bakery: Path, tmp_path: Path) -> None:
    shutil.copytree(bakery, tmp_path / "bakery")
    assert coach("plan", "new", "--history", "bakery", "-o", "plan.yaml", "--lang", "da").code == 0
    assert "Tidspunkter at slå op på" in (tmp_path / "plan.yaml").read_text("utf-8")
    assert coach("lint", "plan.yaml").code in {0, 1}
    drawn = coach(
        "experiment", "design", "bakery", "--rule", "T301", "--write-plan", "trial.yaml", "--lang", "da", "-q"
    )
    assert drawn.code == 0
    assert coach("experiment", "read", "trial.yaml", "bakery", "-q").code == 0


def test_the_page_says_its_language_and_holds_the_words_of_its_script(
    coach: Coach, bakery: Path, tmp_path: Path
) -> None:
    assert coach("report", bakery, "-o", "report.html", "-q", "--lang", "da").code == 0
    page = (tmp_path / "report.html").read_text("utf-8")
    assert '<html lang="da">' in page
    assert '<h2 id="h-tips">De ni tips</h2>' in page
    original = json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)[1])  # type: ignore[index]
    assert original["words"]["Simulated score"] == "Simuleret score"
    assert {post["when"][:4] for post in original["posts"]} <= {"2025", "2026"}, "days are the browser's to write"


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ("account: {type: shop}", "account.type 'shop' kendes ikke; brug en af personal, creator, business"),
        ("account: {handle: [a]}", "account.handle skal være en tekst"),
        ("ignore: T4", "ignore skal være en liste som [a, b], ikke 'T4'"),
        ("rules: {T401: {weight: 101}}", "rules.T401.weight skal være højst 100, ikke 101"),
        ("account: {small_business: perhaps}", "account.small_business skal være true eller false, ikke 'perhaps'"),
        ("acount: {}", "ukendt nøgle acount; mente du account?"),
        ("account: {timezone: Mars/Olympus}", "'Mars/Olympus' er ikke en tidszone"),
    ],
)
def test_a_wrong_config_is_refused_in_the_language(coach: Coach, tmp_path: Path, config: str, expected: str) -> None:
    put(tmp_path / "tiktok-coach.yaml", f"{config}\n")
    put(tmp_path / "plan.yaml", PLAN)
    ran = coach("lint", "plan.yaml", "--lang", "da")
    assert ran.code == 2
    assert expected in ran.err
    assert "Input should" not in ran.err
