"""How long viewers stay with one post: its curve, and below it, second by second, what its video holds."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
import pandas as pd
from rich.cells import cell_len
from rich.text import Text

from tiktok_coach.analysis.retention import Fall, PostRetention, Retention
from tiktok_coach.core.schema import numbers
from tiktok_coach.core.translation import N_, _, format_value
from tiktok_coach.render.escaping import one_line
from tiktok_coach.render.labels import label_of
from tiktok_coach.render.moments import event_name, place_text
from tiktok_coach.render.pages.charts import Retention as Curve
from tiktok_coach.render.pages.charts import across_of, curve_on_axis, usual_band
from tiktok_coach.render.pages.page import Page, Part, Picture, line
from tiktok_coach.render.retention import BRIEFLY, GUIDE, LISTED, NAME_VIDEOS, clear_effects
from tiktok_coach.render.values import share
from tiktok_coach.stats.account_effects import HELPS, HURTS
from tiktok_coach.stats.leaving import watch_time_of
from tiktok_coach.stats.moments import EVENTS

# How long a title is at the most.
TITLE = 78
HOOK = N_("hook")
TICK, BAR, FALL = "│", "━", "▲"
STYLES = {HURTS: "red", HELPS: "green"}
NO_CURVE = N_("No file here says how long viewers stay with this post. Open its page in TikTok Studio, and capture it:")
NOTHING_STEEP = N_("No second stands out: viewers leave as they usually do.")


def retention_post_page(result: Retention, row: int) -> Page:
    """The page of the post at a row of the export."""
    title = Text(one_line(label_of(result.export.posts, row), TITLE), style="bold")
    post = result.of_row(row)
    if post is None:
        return Page(title, [line(_(NO_CURVE)), line(f"  {GUIDE}")])
    parts: list[Part] = [line(headline(post)), line(summary_text(post))]
    parts.append(Picture("", partial(_picture, result, post), tight=True, only="terminal"))
    parts += [line(text) for text in fall_texts(post)]
    if not post.has_video:
        parts.append(line(_(NAME_VIDEOS), "dim"))
    if text := account_text(result):
        parts.append(line(text, "dim"))
    return Page(title, parts)


def headline(post: PostRetention) -> str:
    """In which second most viewers leave, and what is there."""
    if not post.falls:
        return _(NOTHING_STEEP)
    second, events = post.falls[0].second, there_text(post.falls[0])
    text = (
        N_("Most viewers leave in second {second}: {events}.")
        if events
        else N_("Most viewers leave in second {second}.")
    )
    return _(text, second=second, events=events)


def there_text(fall: Fall) -> str:
    """What is in the second of a fall; empty where nothing is known of it."""
    return ", ".join(event_name(event) for event in LISTED if event in fall.events)


def summary_text(post: PostRetention) -> str:
    """How many watch to the end, and how long viewers watch on average."""
    watching = post.watching
    terms = {"share": watching.shares[-1], "watched": watch_time_of(watching.shares, watching.length_s)}
    return _(
        "{share:.0%} watch to the end; {watched:.1f} of {length:.0f} s on average.", length=watching.length_s, **terms
    )


def fall_texts(post: PostRetention) -> Iterator[str]:
    """The seconds that cost most viewers, in words."""
    for number, fall in enumerate(post.falls, 1):
        terms = {"second": fall.second, "left": share(fall.left), "usual": share(fall.usual)}
        text = N_("Second {second}: {left} of all viewers leave ({usual} would usually).")
        if events := there_text(fall):
            text = N_("Second {second}: {left} of all viewers leave ({usual} would usually): {events}.")
        yield f"{FALL}{number} " + _(text, events=events, **terms)


def account_text(result: Retention) -> str:
    """What goes along with leaving and with staying in all of the account's videos; empty where nothing does."""
    clear = clear_effects(result)
    leave, stay = ([place_text(one.event) for one in clear if one.verdict == verdict] for verdict in (HURTS, HELPS))
    terms = {"leave": ", ".join(leave), "stay": ", ".join(stay)}
    if leave and stay:
        return _("In all your videos viewers leave {leave}; they stay {stay}.", **terms)
    if leave or stay:
        text = (
            N_("In all your videos viewers leave {leave}.") if leave else N_("In all your videos viewers stay {stay}.")
        )
        return _(text, **terms)
    return ""


def _picture(result: Retention, post: PostRetention, width: int) -> Iterator[Text]:
    """The curve, marks below its falls, and a row for each thing that the video has."""
    labels = [_(HOOK), *map(_, BRIEFLY.values())]
    label = max(map(cell_len, labels)) + 2
    across = across_of(width, label)
    curve = Curve(np.arange(len(post.watching.shares), dtype="float64"), post.watching.shares)
    yield from curve_on_axis(curve, _band(result, post), width, label)
    if post.falls:
        yield Text(" " * label) + Text(_fall_marks(post, across), style="yellow")
    verdicts = {one.event: one.verdict for one in result.effects}
    for name, cells, event in _rows(result, post, across):
        head = Text(f"{name}{' ' * (label - 2 - cell_len(name))} │", style="dim")
        yield head + Text(cells.rstrip(), style=STYLES.get(verdicts.get(event, ""), ""))


def _band(result: Retention, post: PostRetention) -> pd.DataFrame:
    assert result.export.retention is not None
    return usual_band(result.export.retention, result.account.handle, post.post_id)


def _fall_marks(post: PostRetention, across: int) -> str:
    """A mark below the middle of each second in which many leave, with its number."""
    seconds, cells = len(post.watching.left), [" "] * (across + 2)
    for number, fall in enumerate(post.falls, 1):
        place = min(int((fall.second + 0.5) / seconds * across), across - 1)
        cells[place] = FALL
        cells[place + 1] = format_value(number, "d")
    return "".join(cells).rstrip()


def _rows(result: Retention, post: PostRetention, across: int) -> Iterator[tuple[str, str, str]]:
    """What has a row: its name, its cells, and the event that it is."""
    seconds = len(post.watching.left)
    hook = numbers(result.export.posts, "hook_s")[post.row]
    if np.isfinite(hook) and hook <= seconds:
        yield _(HOOK), _ticks([float(hook)], seconds, across), ""
    for event, name in BRIEFLY.items():
        stands = post.watching.events[:, EVENTS.index(event)] == 1
        if event == "cut" and post.cuts:
            yield _(name), _ticks(post.cuts, seconds, across), event
        elif stands.any():
            yield _(name), _bars(stands, across), event


def _ticks(times: tuple[float, ...] | list[float], seconds: int, across: int) -> str:
    cells = [" "] * across
    for at in times:
        if at <= seconds:
            cells[min(int(at / seconds * across), across - 1)] = TICK
    return "".join(cells)


def _bars(stands: np.ndarray, across: int) -> str:
    """A bar over each second in which something stands; of a place for several seconds where it does in any."""
    edges = np.arange(across + 1) * len(stands) / across
    firsts, lasts = np.floor(edges[:-1] + 1e-9).astype(int), np.ceil(edges[1:] - 1e-9).astype(int)
    if across >= len(stands):
        # Each place belongs to the second in which its middle lies.
        return "".join(BAR if stands[int(middle)] else " " for middle in (edges[:-1] + edges[1:]) / 2)
    return "".join(BAR if stands[first:last].any() else " " for first, last in zip(firsts, lasts, strict=True))
