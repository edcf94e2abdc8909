"""What a simulated reach is in words, and how far the feed gives an account the views that its own posts had."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tiktok_coach.analysis.simulate import Simulation
from tiktok_coach.core.translation import _, fill, format_value
from tiktok_coach.ranking.baseline import ENOUGH_POSTS
from tiktok_coach.ranking.feed.reach import CHECKED, CLOSE, SHARE, VIEWS


def amount(size: float, unit: str) -> str:
    """A reach in views, or as a share of the simulated viewers."""
    return format_value(size, ",.0f") if unit == VIEWS else format_value(size, ".1%")


def reach_text(reach: Mapping[str, Any]) -> str:
    """A post's reach with its interval, in views or as a share of the simulated viewers."""
    low, high = reach["interval"]
    return f"{amount(reach['median'], reach['unit'])} ({amount(low, reach['unit'])}–{amount(high, reach['unit'])})"


def feed_text(simulation: Simulation) -> str:
    """What a simulated reach is, and how far the feed gives the views that the account's own posts had."""
    if simulation.reach is None:
        return ""
    texts = []
    units = set(simulation.reach.table["unit"])
    checks = simulation.reach.checks
    if VIEWS in units:
        at = next(
            (
                _(" at {days:.0f} days of age", days=c.days)
                for c in checks
                if c.account == simulation.account.handle and c.days
            ),
            "",
        )
        texts.append(
            _(
                "Reach is in views{at}: the pools are parts of the account's own posts; that the signals "
                "decide which post "
                "passes them is assumed, and how far it gets in one is drawn.",
                at=at,
            )
        )
    if SHARE in units:
        texts.append(
            _(
                "With fewer than {enough_posts} published posts of known views, or with stages from a file, "
                "reach is a share "
                "of the simulated viewers.",
                enough_posts=ENOUGH_POSTS,
            )
        )
    far = [c for c in checks if not c.close]
    if far:
        texts.append(
            _(
                "For {far} of {count} accounts the feed does not give the views that its posts had; read its "
                "reach with "
                "care.",
                far=len(far),
                count=len(checks),
            )
        )
    return " ".join(texts)


def checks_text(simulation: Simulation) -> Iterator[str]:
    """The feed held against each account's own views, a line each."""
    for c in simulation.reach.checks if simulation.reach else ():
        pairs = ", ".join(
            fill("{at:.0%} {own:,.0f} / {came:,.0f}", at=at, own=own, came=came)
            for at, own, came in zip(CHECKED, c.own, c.simulated, strict=True)
        )
        verdict = (
            _("each within ×/÷ {factor}", factor=CLOSE) if c.close else _("not all within ×/÷ {factor}", factor=CLOSE)
        )
        whose = _(" of {account}", account=c.account) if c.account else ""
        yield _(
            "feed held against {posts} own posts{whose}, own / simulated views: {pairs} ({verdict})",
            posts=c.posts,
            whose=whose,
            pairs=pairs,
            verdict=verdict,
        )
