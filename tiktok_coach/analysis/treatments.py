"""What an experiment tries: a tip's rule, or more or less of what stands in the seconds of videos."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tiktok_coach.analysis.pictures import videos_of
from tiktok_coach.analysis.session import Analysis
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.translation import _
from tiktok_coach.ranking.baseline import ENOUGH_POSTS
from tiktok_coach.rules.findings import general_advice
from tiktok_coach.rules.kind import FAIL, PASS, UNKNOWN
from tiktok_coach.rules.load import CompiledRule, rulebook
from tiktok_coach.stats.account_effects import HELPS
from tiktok_coach.stats.event_tips import EventTip, load_event_tips
from tiktok_coach.stats.leaving_worth import Worth
from tiktok_coach.stats.moments import EVENTS, events_of
from tiktok_coach.stats.outcomes import COMPLETION, VIEWS

# So many are named to who names none.
NAMED = 6


@dataclass(frozen=True)
class Treatment:
    """What one post of a pair does and the other does not: what a `rule` says, or a `tip` on an event.

    `code` names it in commands and plans; `do` says in a few words what to do, and `advice` at length. With a tip
    `has` says whether it asks for more of the event.
    """

    code: str
    name: str
    do: str
    advice: str
    rule: CompiledRule | None = None
    tip: EventTip | None = None
    has: bool = True

    @property
    def rules(self) -> list[CompiledRule]:
        """The rule, if it is one."""
        return [] if self.rule is None else [self.rule]

    def outcome(self, analysis: Analysis) -> str:
        """What shows its effect: how long viewers watch where a tip is about that and enough posts tell, else views."""
        if self.tip is not None and np.isfinite(analysis.outcome(COMPLETION).value).sum() >= ENOUGH_POSTS:
            return COMPLETION
        return VIEWS

    @property
    def opposite(self) -> str:
        """What to do to have less of the event where the tip asks for more, and more where it asks for less."""
        return "" if self.tip is None else _(self.tip.do(has=not self.has))

    def worth(self, analysis: Analysis) -> Worth | None:
        """What a tip on an event is worth by the account's own curves; None where they do not clearly say so."""
        if self.tip is None or not analysis.settings.options.media or analysis.export.retention is None:
            return None
        retention = analysis.retention
        helps = {one.event: one.verdict == HELPS for one in retention.effects}
        worth = retention.worth.get(self.tip.event)
        return worth if worth is not None and helps[worth.event] == self.has else None

    def status(self, analysis: Analysis) -> np.ndarray:
        """Which posts (n) did it: PASS, FAIL, or UNKNOWN where the data does not tell."""
        if self.tip is None:
            [answer] = analysis.evaluate(self.rules)
            return np.asarray(answer.status)
        share = _shares(analysis, self.tip.event)
        middle = float(np.median(share[np.isfinite(share)])) if np.isfinite(share).any() else np.nan
        with np.errstate(invalid="ignore"):
            more, less = (share > middle) | (share == 1), (share < middle) | (share == 0)
        return np.select([more, less], [PASS, FAIL] if self.has else [FAIL, PASS], UNKNOWN)


def _shares(analysis: Analysis, event: str) -> np.ndarray:
    """The share of each post's seconds that has an event, by the videos that the user names; NaN where not known."""
    shares, place = np.full(len(analysis.export.posts), np.nan), EVENTS.index(event)
    for row, result in videos_of(analysis).items():
        if result.video is not None and result.video.duration_s:
            column = events_of(result.video, int(np.ceil(result.video.duration_s)))[:, place]
            shares[row] = np.nanmean(column) if np.isfinite(column).any() else np.nan
    return shares


def rule_treatment(compiled: CompiledRule) -> Treatment:
    """To do what a rule says."""
    rule = compiled.rule
    return Treatment(rule.code, rule.name, rule.do, general_advice(rule, compiled.params), rule=compiled)


def event_treatments() -> dict[str, Treatment]:
    """By name to have more of each event (`text`), and less (`not-text`)."""
    pairs = [(tip, has) for tip in load_event_tips(rulebook()) for has in (True, False)]
    names = [tip.code(has=has) for tip, has in pairs]
    do = [_(tip.do(has=has)) for tip, has in pairs]
    return {
        name: Treatment(name, text, text, f"{text}.", tip=tip, has=has)
        for name, text, (tip, has) in zip(names, do, pairs, strict=True)
    }


def find_treatment(rules: Sequence[CompiledRule], code: str) -> Treatment:
    """What an experiment by a code tries. Raises CoachError for what is no creator's choice about a post."""
    events = event_treatments()
    if code in events:
        return events[code]
    rule = next((r for r in rules if r.code == code), None)
    if rule is None or not rule.is_cause:
        possible = [r.code for r in rules if r.is_cause and r.rule.field != "posted_at"]
        why = _("no rule") if rule is None else _("no choice of the creator, or not of a post")
        terms = {"names": ", ".join(possible[:NAMED]), "events": ", ".join([*events][:NAMED])}
        hint = _("such as {names}; `tiktok-coach rules` lists them; or of videos {events}", **terms)
        raise CoachError(_("--rule {code!r} is {why}", code=code, why=why), hint=hint)
    return rule_treatment(rule)
