"""Times as JSON and as CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from tiktok_coach.analysis.times import SCHEMA_VERSION, Times
from tiktok_coach.render.escaping import json_text
from tiktok_coach.render.json_csv import number, pair, rows_csv
from tiktok_coach.stats.posting_times import HOURS, SLOTS, Slots

COLUMNS = ("weekday", "hour", "active", "effect", "interval", "own_effect", "own_interval", "posts")


def times_json(found: Times, accounts: Sequence[Mapping[str, Any]] | None = None, *, top: int) -> Iterator[str]:
    """Times as JSON. `accounts` is how several stand beside each other."""
    slots = [_slot(found, slot) for slot in range(SLOTS)]
    yield (
        json_text(
            {
                "schema_version": SCHEMA_VERSION,
                "account": found.account.handle,
                **({"accounts": list(accounts)} if accounts is not None else {}),
                "timezone": found.timezone,
                "activity_timezone": found.activity_timezone,
                "activity_timezone_stated": False,
                "posts": {"used": found.used, "day_only": found.by_day, "left_out": found.other},
                "slots": slots,
                "best": [{**slots[s], "chance_best": _chance(found, s)} for s in found.best(top)],
                "posts_a_day": [
                    {
                        "posts": int(d.posts),  # type: ignore[arg-type]
                        "days": int(d.days),  # type: ignore[arg-type]
                        "effect": number(d.effect),
                        "interval": pair(d.low, d.high),
                        "day_total": number(d.total),
                    }
                    for d in found.days.itertuples(index=False)
                ],
                "compare_with": [
                    {"code": t.code, "effect": number(t.effect), "interval": pair(t.low, t.high)}
                    for t in found.tips.itertuples(index=False)
                ],
            },
            indent=1,
        )
        + "\n"
    )


def times_csv(found: Iterable[Times], *, several: bool = False) -> Iterator[str]:
    """The hours of the week as CSV, a row each; with a column of accounts where there are `several`."""
    rows = ({"account": one.account.handle, **_slot(one, slot)} for one in found for slot in range(SLOTS))
    return rows_csv(("account", *COLUMNS) if several else COLUMNS, rows)


def _slot(found: Times, slot: int) -> dict[str, Any]:
    day, hour = divmod(slot, HOURS)
    return {
        "weekday": day,
        "hour": hour,
        "active": number(found.active[day, hour]),
        "effect": _effect(found.slots, slot),
        "interval": _interval(found.slots, slot),
        "own_effect": _effect(found.own, slot),
        "own_interval": _interval(found.own, slot),
        "posts": 0 if found.slots is None else int(found.slots.posts[slot]),
    }


def _effect(slots: Slots | None, slot: int) -> float | None:
    return None if slots is None else number(slots.effect[slot])


def _interval(slots: Slots | None, slot: int) -> list[float | None] | None:
    return None if slots is None else pair(slots.low[slot], slots.high[slot])


def _chance(found: Times, slot: int) -> float | None:
    return None if found.slots is None else number(np.round(found.slots.best[slot], 3))
