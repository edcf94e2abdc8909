"""What an audit shows first, on one screen: the numbers, the best posts, what to do next, and the nine tips."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from functools import partial

from rich.cells import cell_len, set_cell_size
from rich.console import Console, RenderableType
from rich.text import Text

from tiktok_coach.analysis.audit import Audit
from tiktok_coach.analysis.overview import Figure, Overview
from tiktok_coach.analysis.start import DOWNLOADS
from tiktok_coach.core.schema import column
from tiktok_coach.core.translation import _, format_value, plural
from tiktok_coach.render import advice, labels
from tiktok_coach.render.accounts import accounts_page
from tiktok_coach.render.escaping import one_line
from tiktok_coach.render.follow_up import opening_texts
from tiktok_coach.render.output import RenderOptions
from tiktok_coach.render.pages.page import Page, Picture
from tiktok_coach.rules.findings import TipScore
from tiktok_coach.rules.load import rulebook
from tiktok_coach.stats.account_effects import Change
from tiktok_coach.stats.account_summaries import AccountSummary
from tiktok_coach.stats.advice import Advice
from tiktok_coach.stats.bands import load_bands
from tiktok_coach.stats.outcomes import VIEWS
from tiktok_coach.stats.public_record import CONTRADICTED, NO_EFFECT, SUPPORTED, load_public_record

# A screen has no more lines, whatever was read; of 30 one is left for the note on how the files were read.
LINES = 29
# Cells of a tip's bar, and what is needed of a tip's name before a bar gives way.
BAR, NAME = 10, 16
# Lines for what the first thing to do is worth, and for that of each after it.
FIRST, LATER = 2, 1
# Where a screen would overflow, which of its sections gives way to how few lines, one after the other.
POSTS, NEXT = 1, 4
GIVES_WAY = ((POSTS, 2), (NEXT, 2), (POSTS, 0))
GRADE_STYLES = {SUPPORTED: "green", CONTRADICTED: "red", NO_EFFECT: "dim"}


def audit_screen(audit: Audit, options: RenderOptions, lines: int = LINES) -> Page:
    """An account on one screen of at most so many `lines`."""
    return Page("", [Picture("", partial(_screen, audit, options, lines), tight=True)])


def accounts_screen(summaries: Sequence[AccountSummary], options: RenderOptions) -> Page:
    """Several accounts on one screen, each with its first thing to do, and how to see more of one."""
    page = accounts_page(summaries, "terminal", most=options.accounts)
    handle = next((one.account.handle for one in summaries if one.account.handle), "")
    command = partial(_command_lines, "audit", options, f"--account {handle}")
    return Page(page.title, [*page.parts, Picture("", command, tight=True)])


def _command_lines(name: str, options: RenderOptions, rest: str, width: int) -> list[RenderableType]:
    return [_command(name, options, rest, width)]


def _screen(audit: Audit, options: RenderOptions, lines: int, width: int) -> Iterator[RenderableType]:
    sections = [
        [*_numbers(audit, width), *_follow_up(audit, width)],
        _best(audit, width),
        _do_next(audit, options.top, width),
        _tips(audit, width),
        _next(audit, options, width),
    ]
    excess = sum(map(len, sections)) + sum(map(bool, sections[1:4])) - lines
    for place, least in GIVES_WAY:
        section = sections[place]
        spared = min(max(len(section) - least, 0), max(excess, 0))
        if spared and place == POSTS:
            sections[place] = section[:-spared] if len(section) - spared > 1 else []
            excess -= spared + (not sections[place])
        elif spared:
            sections[place] = _next(audit, options, width, is_short=True)
            excess -= spared
    for place, section in enumerate(sections):
        if section and 0 < place < len(sections) - 1:
            yield ""
        yield from section


def wrapped(text: str | Text, width: int, most: int, indent: int = 0) -> list[Text]:
    """A text in at most so many lines, broken and cut between words alone."""
    rich = Text(text) if isinstance(text, str) else text
    lines = list(rich.wrap(Console(file=io.StringIO(), width=width), max(width - indent, 8)))
    if len(lines) > most:
        last = lines[most - 1].plain.rstrip()
        while cell_len(last) > width - indent - 2 and " " in last:
            last = last.rsplit(None, 1)[0]
        style = lines[most - 1].style
        lines = [*lines[: most - 1], Text(last.rstrip(" ,;:(") + " …", style=style)]
    for line in lines:
        line.rstrip()
        line.pad_left(indent)
    return lines


def _numbers(audit: Audit, width: int) -> list[Text]:
    """Whose posts, and the numbers of the period with how they changed."""
    numbers = audit.overview
    name = one_line(f"@{audit.account.handle}" if audit.account.handle else _("Your account"))
    count = plural("{count:,} post", "{count:,} posts", int(audit.is_out.sum()))
    title = Text(name, style="bold") + Text("  " + count)
    if planned := len(audit.posts) - int(audit.is_out.sum()):
        title.append(_(", {planned:,} planned", planned=planned))
    if span := audit.period():
        text = "  " + _("{since:%Y-%m-%d} to {until:%Y-%m-%d}", since=span[0], until=span[1])
        title.append(text, style="dim")
    lines = wrapped(title, width, 1)
    if not audit.is_out.any():
        return lines
    days, until = numbers.period.days, numbers.period.until
    heading = _("{days} days to {until:%Y-%m-%d}: ", days=days, until=until)
    facts = list(_figures(numbers))
    figures = wrapped(heading + " · ".join(facts), width, 3)
    if len(figures) > 2:
        figures = wrapped(heading + " · ".join(one.split(";")[0] for one in facts), width, 2)
    return [*lines, *figures]


def _figures(numbers: Overview) -> Iterator[str]:
    yield _with_change(plural("{count:,} post", "{count:,} posts", round(numbers.posts.value or 0)), numbers.posts)
    if numbers.views.value is not None:
        views = plural("{count:,} view a post", "{count:,} views a post", round(numbers.views.value))
        yield _with_change(views, numbers.views)
    if numbers.likes.value is not None:
        yield labels.likes_text(numbers)
    if numbers.followers.value is not None:
        followers = plural("{count:,} follower", "{count:,} followers", round(numbers.followers.value))
        new = numbers.new_followers
        yield followers if new is None else f"{followers} ({format_value(new, '+,')})"


def _with_change(text: str, figure: Figure) -> str:
    """A number with how it compares with the period before, where that is known and more than chance."""
    if figure.before is None:
        return text
    if not figure.is_sample:
        return _("{number} ({before:,.0f} before)", number=text, before=figure.before)
    if figure.low is None or figure.change is None:
        return text
    if not figure.is_clear:
        return _("{number} (no clear change)", number=text)
    return f"{text} ({format_value(figure.change, '+.0%')})"


def _follow_up(audit: Audit, width: int) -> list[Text]:
    """What became of earlier advice, the clearest first."""
    return wrapped(" ".join(texts), width, 3) if (texts := opening_texts(audit.follow_up)) else []


def _best(audit: Audit, width: int) -> list[Text]:
    """The posts with most views, and what they share."""
    if not audit.best:
        return []
    title = Text(_("Most viewed"), style="bold")
    if audit.shared is not None:
        shared = _("all three: {do}", do=_small(advice.do_text(audit.shared)))
        title += Text(f"  {shared}", style="dim")
    views = [format_value(round(column(audit.posts, "views").iloc[row]), ",") for row in audit.best]
    room = max(map(len, views))
    lines = wrapped(title, width, 1)
    for row, value in zip(audit.best, views, strict=True):
        line = Text(f"  {value:>{room}}  ", style="bold") + Text(labels.label_of(audit.posts, row), style="not bold")
        line.truncate(width, overflow="ellipsis")
        lines.append(line)
    return lines


def _do_next(audit: Audit, top: int, width: int) -> list[Text]:
    """The first things to do: what, how many posts lack it, what it is worth, and of the first an example."""
    lines = [Text(_("Do next"), style="bold")]
    for number, one in enumerate(audit.advice[:top], 1):
        do, code = advice.do_text(one), advice.code_of(one)
        head = Text(f"{number}. ") + Text(do, style="bold") + Text(f"  {code}" if code else "", style="dim")
        lines += wrapped(head, width, 1)
        if number > 1:
            lines += wrapped(advice.short_text(one), width, LATER, indent=3)
            continue
        below = wrapped(f"{advice.lacking_text(one)} {advice.worth_text(one)}", width, FIRST, indent=3)
        if len(below) < FIRST and (example := _example(audit, one)):
            below += wrapped(Text(example, style="cyan"), width, 1, indent=3)
        lines += below
    if not audit.advice:
        lines += wrapped(labels.nothing_to_change(audit), width, FIRST)
    return lines


def _example(audit: Audit, one: Advice | Change) -> str:
    """A post that shows what is meant: of advice on a fact one that does it and was viewed much, of a rule one that
    fails; empty where none makes sense.
    """
    if isinstance(one, Advice):
        row = audit.examples.get(one.id)
        return "" if row is None else _("As here: {post}", post=labels.label_of(audit.posts, row))
    examples = labels.example_posts(audit, one, 1) if one.evaluation.compiled.rule.scope == "post" else []
    return _("For instance: {post}", post=examples[0][0]) if examples else ""


def _tips(audit: Audit, width: int) -> list[Text]:
    """A line for each tip: how much of it the posts do, by what is known, and what public posts say of it."""
    tips = [tip for tip in audit.tips if tip.tip is not None]
    record, bands = load_public_record(rulebook()), load_bands(rulebook())
    grades = [record.grade(f"T{tip.tip}", VIEWS, bands) for tip in tips]
    words, head = [_(grade) for grade in grades], _("public posts")
    right = max(map(cell_len, [*words, head]))
    name = min(max(cell_len(tip.title) for tip in tips), width - 2 - BAR - 3 - right)
    bar = BAR if name >= NAME else 0
    name = name if bar else width - 2 - 2 - right
    heading = Text(_("The nine tips"), style="bold")
    if bar:
        signs = (("█", "green", _("done")), ("▒", "red", _("not yet")), ("·", "dim", _("not known")))
        for sign, style, word in signs:
            heading += Text(f"  {sign}", style=style) + Text(f" {word}", style="dim")
    if heading.cell_len + 2 + cell_len(head) <= width:
        heading.pad_right(max(2 + name + 1 + bar + 2 - heading.cell_len, 2) if bar else 2)
        heading += Text(head, style="dim")
    lines = [heading]
    for tip, grade, word in zip(tips, grades, words, strict=True):
        line = Text(f"{tip.tip} ") + Text(_shortened(tip.title, name)) + Text(" ")
        line += tip_bar(tip, bar) + Text("  " if bar else "") + Text(word, style=GRADE_STYLES.get(grade, ""))
        lines.append(line)
    return lines


def tip_bar(tip: TipScore, cells: int) -> Text:
    """A bar of all that could be checked: what posts do, what they do not do yet, and what is not known."""
    known = tip.coverage * cells
    done = 0.0 if tip.score is None else known * tip.score / 100
    # What is known at all shows, however little it is.
    full = min(max(round(known), 1 if tip.score is not None else 0), cells)
    part = min(round(done) if done >= 1 else int(done > 0), full)
    if tip.score is not None and tip.score < 100 and part == full:
        part = full - 1 if full > 1 else int(tip.score >= 50)
    return Text.assemble(("█" * part, "green"), ("▒" * (full - part), "red"), ("·" * (cells - full), "dim"))


def _next(audit: Audit, options: RenderOptions, width: int, *, is_short: bool = False) -> list[Text]:
    """The one file that would tell most, and the next command."""
    lines = []
    if more := more_text(audit, is_short=is_short):
        lines += wrapped(more, width, 1 if is_short else 2)
    line = _command("report", options, "-o report.html", width)
    rest = "   " + _("All of it: {option}", option="audit --full")
    lines.append(line + Text(rest, style="dim") if line.cell_len + cell_len(rest) <= width else line)
    return lines


def _command(name: str, options: RenderOptions, rest: str, width: int) -> Text:
    """The next command, with what the user typed where there is room for it."""
    label = _("Next:")
    room = width - cell_len(f"{label} tiktok-coach {name}  {rest}")
    inputs = options.inputs if options.inputs and cell_len(options.inputs) <= room else "EXPORTS"
    return Text.assemble((label, "bold"), f" tiktok-coach {name} {inputs} {rest}")


def more_text(audit: Audit, *, is_short: bool = False) -> str:
    """What would tell most of what is not known, and why a file of it may be empty; empty where all is known."""
    kinds = {source.download for source in audit.export.sources if source.state == "read"}
    # The list of posts adds nothing where posts come with their views.
    best = next((one for one in DOWNLOADS if one.kind not in kinds and not (audit.best and one.kind == "posts")), None)
    if best is not None and is_short:
        return _("More would tell: {name} ({where}).", name=_(best.name), where=_(best.where))
    if best is not None:
        text = _(
            "More would tell: {name} ({where}): {tells}.", name=_(best.name), where=_(best.where), tells=_(best.tells)
        )
    elif audit.missing:
        text = _("More would tell: {name}.", name=audit.missing[0].provided_by)
    else:
        return ""
    if audit.export.header_only:
        text += " " + _("Empty files: TikTok fills them from 100 followers on.")
    return text


def _shortened(text: str, cells: int) -> str:
    """A text in exactly so many cells, cut between words."""
    if cell_len(text) > cells:
        words = text.split()
        while words and cell_len(" ".join(words)) > cells - 2:
            words.pop()
        text = " ".join(words) + " …" if words else text
    return set_cell_size(text, cells)


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]
