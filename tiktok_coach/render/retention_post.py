"""How long viewers stay with one post: its curve, and below it, second by second, what its video holds."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import partial

import numpy as np
import pandas as pd
from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from tiktok_coach.analysis.retention import Fall, PostRetention, Retention
from tiktok_coach.core.translation import N_, _, format_value
from tiktok_coach.render.escaping import one_line
from tiktok_coach.render.expected_curve import cut_text
from tiktok_coach.render.labels import label_of
from tiktok_coach.render.moments import event_name, place_text
from tiktok_coach.render.pages.charts import Retention as Curve
from tiktok_coach.render.pages.charts import across_of, curve_on_axis, usual_band
from tiktok_coach.render.pages.page import Page, Part, Picture, line
from tiktok_coach.render.retention import GUIDE, NAME_VIDEOS, clear_effects
from tiktok_coach.render.retention_rows import LISTED, Row, row_names, rows_of
from tiktok_coach.render.values import share
from tiktok_coach.stats.account_effects import HELPS, HURTS
from tiktok_coach.stats.expected_curve import Cut
from tiktok_coach.stats.leaving import watch_time_of

# How long a title is at the most.
TITLE = 78
# Pictures of moments are so many characters wide.
CHARACTERS = 14
TICK, BAR, FALL = "│", "━", "▲"
STYLES = {HURTS: "red", HELPS: "green"}
NO_CURVE = N_("No file here says how long viewers stay with this post. Open its page in TikTok Studio, and capture it:")
NOTHING_STEEP = N_("No second stands out: viewers leave as they usually do.")
# The pictures of a post, by place among its falls.
Pictures = Sequence[tuple[int, np.ndarray]]


def retention_post_page(result: Retention, row: int, pictures: Pictures = (), cut: Cut | None = None) -> Page:
    """The page of the post at a row of the export, with pictures of moments for a terminal with colours.

    It says what a `cut` would change too.
    """
    title = Text(one_line(label_of(result.export.posts, row), TITLE), style="bold")
    post = result.of_row(row)
    if post is None:
        return Page(title, [line(_(NO_CURVE)), line(f"  {GUIDE}")])
    parts: list[Part] = [line(headline(post)), line(summary_text(post))]
    parts.append(Picture("", partial(_picture, result, post), tight=True, only="terminal"))
    texts = [*map(Text, fall_texts(post)), *(Text(text, style="dim") for text in _remarks(result, post))]
    if pictures:
        parts.append(Picture("", lambda _width: _beside(pictures, texts), tight=True, only="terminal"))
    else:
        parts += [line(text.plain, str(text.style)) for text in texts]
    if cut is not None:
        parts.append(line(cut_text(cut)))
    return Page(title, parts)


def headline(post: PostRetention) -> str:
    """In which second most viewers leave, and what is there of that in which the account's viewers clearly leave."""
    if not post.falls:
        return _(NOTHING_STEEP)
    fall = post.falls[0]
    second, events = fall.second, ", ".join(map(event_name, _listed(fall.hurting)))
    text = (
        N_("Most viewers leave in second {second}: {events}.")
        if events
        else N_("Most viewers leave in second {second}.")
    )
    return _(text, second=second, events=events)


def _listed(events: Collection[str]) -> list[str]:
    """Events in the order in which they are listed."""
    return [event for event in LISTED if event in events]


def summary_text(post: PostRetention) -> str:
    """How many watch to the end, and how long viewers watch on average."""
    watching = post.watching
    if not watching.reaches_end:
        text = N_("{share:.0%} still watch after {seconds} of {length:.0f} s, where the curve ends.")
        return _(text, share=watching.shares[-1], seconds=len(watching.left), length=watching.length_s)
    terms = {"share": watching.shares[-1], "watched": watch_time_of(watching.shares, watching.length_s)}
    return _(
        "{share:.0%} watch to the end; {watched:.1f} of {length:.0f} s on average.", length=watching.length_s, **terms
    )


def fall_texts(post: PostRetention) -> Iterator[str]:
    """The seconds that cost most viewers, in words, each under the mark that it has below the curve."""
    for number, fall in enumerate(post.falls, 1):
        yield f"{FALL}{format_value(number, 'd')} {fall_text(fall)}"


def fall_text(fall: Fall) -> str:
    """A second that costs many viewers, in words: what viewers clearly leave at, and apart what else is there."""
    hurting, others = (
        ", ".join(map(event_name, _listed(events))) for events in (fall.hurting, set(fall.events) - set(fall.hurting))
    )
    terms = {"second": fall.second, "left": share(fall.left), "usual": share(fall.usual)}
    text = N_("Second {second}: {left} of all viewers leave ({usual} would usually).")
    if hurting:
        text = N_("Second {second}: {left} of all viewers leave ({usual} would usually): {events}.")
    sentence = _(text, events=hurting, **terms)
    rest = N_("Also: {events}.") if hurting else N_("In that second: {events}.")
    return sentence + (" " + _(rest, events=others) if others else "")


def _remarks(result: Retention, post: PostRetention) -> Iterator[str]:
    if not post.has_video:
        yield _(NAME_VIDEOS)
    if text := account_text(result):
        yield text


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


def legend_text(rows: Sequence[Row], *, has_band: bool) -> str:
    """How to read what is pale, red, green and grey in a picture; empty where nothing is."""
    verdicts = {row.verdict for row in rows if row.event}
    texts = [
        _("Pale: where half of your other posts lie.") if has_band else "",
        _("Red rows: your viewers leave more in such seconds.") if HURTS in verdicts else "",
        _("Green rows: they leave less.") if HELPS in verdicts else "",
        _("Grey rows: no clear effect, or too few to tell.") if "" in verdicts else "",
    ]
    return " ".join(filter(None, texts))


def band_of(result: Retention, post: PostRetention) -> pd.DataFrame:
    """By second between which shares half of the account's other posts lie; see `usual_band`."""
    assert result.export.retention is not None
    return usual_band(result.export.retention, result.account.handle, post.post_id)


def _picture(result: Retention, post: PostRetention, width: int) -> Iterator[Text]:
    """The curve, marks below its falls, and a row for each thing that the video has."""
    label = max(map(cell_len, row_names())) + 2
    across, seconds = across_of(width, label), len(post.watching.left)
    curve = Curve(np.arange(seconds + 1, dtype="float64"), post.watching.shares)
    yield from curve_on_axis(curve, band_of(result, post), width, label)
    if post.falls:
        yield Text(" " * label) + Text(_fall_marks(post, across), style="yellow")
    for row in rows_of(result, post):
        head = Text(f"{row.name}{' ' * (label - 2 - cell_len(row.name))} │", style="dim")
        yield head + Text(_cells(row, seconds, across), style=STYLES.get(row.verdict, ""))


def _fall_marks(post: PostRetention, across: int) -> str:
    """A mark below the middle of each second in which many leave, with its number."""
    seconds, cells = len(post.watching.left), [" "] * (across + 1)
    for number, fall in enumerate(post.falls, 1):
        place = min(int((fall.second + 0.5) / seconds * across), across - 2)
        cells[place : place + 2] = FALL, format_value(number, "d")
    return "".join(cells).rstrip()


def _cells(row: Row, seconds: int, across: int) -> str:
    """A row in so many characters: what stands in a second takes at least one."""
    cells = [" "] * across
    for at in row.ticks:
        cells[min(int(at / seconds * across), across - 1)] = TICK
    for start, end in row.spans:
        first, last = round(start / seconds * across), round(end / seconds * across)
        first = min(first, across - 1)
        cells[first : max(last, first + 1)] = [BAR] * (max(last, first + 1) - first)
    return "".join(cells).rstrip()


def _beside(pictures: Pictures, texts: Sequence[Text]) -> Iterator[RenderableType]:
    """Pictures of moments under their marks, with the texts to their right."""
    # It loads what decodes videos.
    from tiktok_coach.render.probe import half_blocks

    marks = "".join(f"{FALL}{format_value(place + 1, 'd'):<{CHARACTERS}}" for place, _picture in pictures)
    blocks = half_blocks(np.stack([picture for _place, picture in pictures]))
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(width=len(pictures) * (CHARACTERS + 1), no_wrap=True)
    grid.add_column(ratio=1)
    grid.add_row(Group(Text(marks, style="yellow"), *blocks), Group(*texts))
    yield grid
