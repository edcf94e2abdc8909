"""Where the rules come from: every claim says its address, its date, whose page it is, and when it was last reviewed."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.rules.test_load import RULE
from tests.writing import put
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import use_language
from tiktok_coach.ranking.catalogue import load_signals
from tiktok_coach.rules.examples import failures
from tiktok_coach.rules.load import load_rules, rulebook
from tiktok_coach.rules.model import Claim
from tiktok_coach.rules.sources import claims_without_address, load_ledger, sources_of
from tiktok_coach.stats.event_tips import load_event_tips

COMPILED = {rule.code: rule for rule in load_rules([rulebook()])}
RULES = {code: compiled.rule for code, compiled in COMPILED.items()}
CLAIMS = [(code, claim) for code, rule in RULES.items() for claim in rule.sources]
CLAIMS += [(tip.event, claim) for tip in load_event_tips(rulebook()) for claim in tip.sources]
SIGNALS = load_signals(rulebook())
# What nobody else published: judged, or measured, for this tool.
OURS = ("judgement", "10,102 public posts")
LEDGER = """\
sources:
  - name: me
    also: [myself]
    as_of: "2026"
    title: My own page
    url: https://example.org/tips
    reviewed: 2026-11-01
"""


def claim_of(tmp_path: Path, old: str = "", new: str = "", ledger: str = LEDGER) -> Claim:
    """The one claim of a pack whose ledger names its source, with a change of the rule."""
    put(tmp_path / "pack" / "sources.yaml", ledger)
    folder = put(tmp_path / "pack" / "mine.yaml", RULE.replace(old, new)).parent
    [rule] = load_rules([folder])
    [claim] = rule.rule.sources
    return claim


def test_no_rules_source_is_without_an_address() -> None:
    assert {code: names for code, rule in RULES.items() if (names := claims_without_address(rule))} == {}


def test_no_signals_source_is_without_an_address() -> None:
    parts = (*SIGNALS.signals, *SIGNALS.orderings, *SIGNALS.signal_profiles, *SIGNALS.limits)
    missing = {part.source.name for part in parts if part.source.url is None}
    assert {name for name in missing if not name.startswith(OURS)} == set()


def test_an_address_of_a_site_alone_says_so() -> None:
    def is_bare(url: str) -> bool:
        return urlsplit(url).path in {"", "/"} and not urlsplit(url).query

    bare = {code for code, claim in CLAIMS if is_bare(claim.url or "") and not claim.site_only}
    assert bare == set()
    assert {source.name for source in sources_of(rulebook()) if is_bare(source.url) and not source.site_only} == set()


def test_every_source_of_the_ledger_is_cited() -> None:
    parts = (*SIGNALS.signals, *SIGNALS.orderings, *SIGNALS.signal_profiles, *SIGNALS.limits, SIGNALS)
    cited = {(claim.name, claim.as_of) for _code, claim in CLAIMS} | {(p.source.name, p.source.as_of) for p in parts}
    sources = sources_of(rulebook())
    assert [s.name for s in sources if not {(name, s.as_of) for name in s.names} & cited] == []


def test_what_is_tiktoks_own_is_read_at_tiktok() -> None:
    for code, claim in CLAIMS:
        if claim.primary:
            assert (urlsplit(claim.url or "").hostname or "").endswith("tiktok.com"), (code, claim.name)


def test_a_claim_takes_address_and_review_from_the_ledger(tmp_path: Path) -> None:
    claim = claim_of(tmp_path)
    assert (claim.url, claim.reviewed, claim.primary, claim.site_only) == (
        "https://example.org/tips",
        "2026-11-01",
        False,
        False,
    )
    assert claim_of(tmp_path, 'name: me, as_of: "2026"}]', 'name: myself, as_of: "2026"}]').url == claim.url
    assert claim_of(tmp_path, 'as_of: "2026"}]', "as_of: 2026-01}]").url is None, "another date, another page"


def test_what_a_claim_says_itself_goes_before_the_ledger(tmp_path: Path) -> None:
    own = claim_of(tmp_path, 'as_of: "2026"}]', 'as_of: "2026", url: "https://example.com/a", reviewed: 2026-10-01}]')
    assert (own.url, own.reviewed) == ("https://example.com/a", "2026-11-01"), "the later review counts"
    later = claim_of(tmp_path, 'as_of: "2026"}]', 'as_of: "2026", reviewed: 2026-12-01}]')
    assert later.reviewed == "2026-12-01"


def test_rules_of_users_may_cite_the_sources_of_the_package(tmp_path: Path) -> None:
    hootsuite = claim_of(tmp_path, 'name: me, as_of: "2026"}]', "name: Hootsuite, as_of: 2023-01}]")
    assert hootsuite.url == "https://blog.hootsuite.com/tiktok-algorithm/"


def test_rules_of_users_need_no_address(tmp_path: Path) -> None:
    [rule] = load_rules([put(tmp_path / "pack" / "mine.yaml", RULE).parent])
    assert [claim.url for claim in rule.rule.sources] == [None]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("https://example.org/tips", "example.org", r"sources\.yaml:6: sources\.0\.url"),
        ("    title", "    titel", r"sources\.yaml:5: unknown key sources\.0\.titel; did you mean title\?"),
        ("[myself]", "[me]", r"the source me of 2026 comes twice"),
        (LEDGER, "rules: []\n", r"sources\.yaml:1: unknown key rules"),
    ],
)
def test_a_faulty_ledger_is_said_with_its_place(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(CoachError, match=message):
        claim_of(tmp_path, ledger=LEDGER.replace(old, new))


def test_a_claim_contradicts_another_of_its_rule(tmp_path: Path) -> None:
    two = 'as_of: "2026"}, {claim: "it is not", name: you, as_of: "2026", contradicts: me}]'
    folder = put(tmp_path / "pack" / "mine.yaml", RULE.replace('as_of: "2026"}]', two)).parent
    [rule] = load_rules([folder])
    assert [(said.claim, against.claim) for said, against in rule.rule.disputes] == [("it is so", "it is not")]
    put(folder / "mine.yaml", RULE.replace('as_of: "2026"}]', two.replace("contradicts: me", "contradicts: them")))
    with pytest.raises(CoachError, match=r"'them' is the name of no other source of the rule"):
        load_rules([folder])


def test_contested_claims_stand_with_both_sides_in_every_language() -> None:
    def sides(language: str) -> dict[str, list[tuple[str, str]]]:
        with use_language(language):
            rules = [rule.rule for rule in load_rules([rulebook()])]
            return {r.code: [(a.name, b.name) for a, b in r.disputes] for r in rules if r.disputes}

    english = sides("en")
    assert english["T401"] == [("Hootsuite", "napoleoncat.com"), ("Socialinsider", "Chen")]
    assert english["T504"] == [("Hootsuite", "Buffer and Socialinsider"), ("Hootsuite", "Buffer")]
    assert {"T503", "T505", "T601", "T603", "T807", "D011"} <= set(english), "limits, followers first, #fyp …"
    assert {code: len(pairs) for code, pairs in sides("da").items()} == {c: len(p) for c, p in english.items()}


def test_a_limit_of_2023_counts_towards_no_score() -> None:
    assert (RULES["T505"].weight, RULES["T505"].severity) == (0, "info")


def test_the_ledger_finds_a_source_by_each_of_its_names() -> None:
    ledger = load_ledger(rulebook())
    assert ledger["TikTok, through Hootsuite", "2023-01"] is ledger["Hootsuite", "2023-01"]


def test_what_was_measured_may_not_hold_in_the_us() -> None:
    [limit] = SIGNALS.limits_of("US")
    assert "joint venture" in limit
    assert SIGNALS.limits_of("us") == [limit]
    assert SIGNALS.limits_of("DK") == SIGNALS.limits_of(None) == []


MATTERS = (
    *(
        "commercial content",
        "AI-generated content",
        "music",
        "Creator Rewards",
        "selling elsewhere",
        "hashtags",
        "length",
    ),
    *(
        "files by API",
        "posting limits",
        "safe zones",
        "the US",
        "drift",
        "followers see it first",
        "under 16",
        "captions",
    ),
)
PAGE = Path(__file__).parents[2] / "docs" / "methods" / "today.md"


def rows_of_today() -> dict[str, list[str]]:
    """The codes that the page on the rules of today names, by matter."""
    rows = [line.split("|")[1:-1] for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ")][2:]
    return {row[0].strip(): re.findall(r"\[([A-Z]\d{3})\]\(\.\./reference/rules/\1\.md\)", row[3]) for row in rows}


@pytest.mark.parametrize("matter", MATTERS)
def test_each_rule_of_the_platform_is_carried_by_rules_with_examples(matter: str) -> None:
    codes = rows_of_today()[matter]
    assert codes or matter == "the US", "no rule: said where it matters"
    for code in codes:
        rule = RULES[code]
        assert rule.examples.passing, code
        assert rule.examples.failing, code
        assert rule.examples.unknown, code
        assert failures(COMPILED[code]) == [], code


def test_what_the_page_calls_tiktoks_own_rests_on_a_page_of_tiktok() -> None:
    codes = rows_of_today()
    for line in PAGE.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.split("|")[1:-1]]
        if len(cells) == 4 and "TikTok's own" in cells[2]:
            assert any(RULES[code].is_primary for code in codes[cells[0]]), cells[0]
