"""What to do about what stands in a video's seconds: a tip each way, sources with an address, and no number without one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.analyses import settings
from tests.writing import put
from tiktok_coach.core.errors import CoachError
from tiktok_coach.rules.load import rulebook
from tiktok_coach.stats.event_tips import leaving_prior, load_event_tips
from tiktok_coach.stats.moments import EVENTS

TIPS = load_event_tips(rulebook())
FILE = (rulebook() / "retention.yaml").read_text("utf-8")


def test_each_event_has_a_tip_for_staying_and_one_for_leaving() -> None:
    assert tuple(tip.event for tip in TIPS) == EVENTS
    texts = [tip.do(has=has) for tip in TIPS for has in (True, False)]
    assert len(set(texts)) == 2 * len(EVENTS)
    codes = [tip.code(has=has) for tip in TIPS for has in (True, False)]
    assert len(set(codes)) == 2 * len(EVENTS)
    assert {"no-cut-for-long", "not-pause", "text"} < set(codes)


def test_each_claim_says_its_address_and_when_it_was_reviewed() -> None:
    claims = [claim for tip in TIPS for claim in tip.sources]
    assert claims
    assert [claim.name for claim in claims if claim.url is None or claim.reviewed is None] == []


def test_rules_on_events_are_rules_on_a_post() -> None:
    rules = {rule.code: rule for rule in settings().every_rule}
    assert all(rules[tip.rule.code].is_cause for tip in TIPS if tip.rule is not None)


def test_no_number_is_expected_beforehand_but_of_text() -> None:
    prior = leaving_prior(rulebook())
    assert {event for event, log in zip(EVENTS, prior, strict=True) if log} == {"text"}
    assert prior[EVENTS.index("text")] == pytest.approx(np.log(0.95))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("    assumption:", "    # assumption:", "a factor needs a source with an effect"),
        (", effect: 1.12", "", "a factor needs a source with an effect"),
        ("event: pause", "event: speech", "each event stands there once"),
        ("event: pause", "event: silence", r"retention\.yaml:\d+: events\.2\.event"),
        ("Cut out pauses", "cut out pauses.", "with a capital first and no full stop"),
        ("asks: less", "asks: fewer", r"events\.1\.rule\.asks"),
    ],
)
def test_a_faulty_file_is_refused(old: str, new: str, message: str, tmp_path: Path) -> None:
    folder = put(tmp_path / "retention.yaml", FILE.replace(old, new, 1)).parent
    with pytest.raises(CoachError, match=message):
        load_event_tips(folder)
