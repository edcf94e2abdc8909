"""What an audit shows first, on one screen: the numbers, the best posts, what to do next, and the nine tips."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import product

from rich.cells import cell_len, set_cell_size
from rich.console import Console, RenderableType
from rich.text import Text

from tiktok_coach.analysis.audit import Audit
from tiktok_coach.analysis.overview import Overview
from tiktok_coach.analysis.start import DOWNLOADS
from tiktok_coach.core.schema import column
from tiktok_coach.core.translation import N_, _, format_value, plural, plurals
from tiktok_coach.render import advice, labels
from tiktok_coach.render.accounts import accounts_page
from tiktok_coach.render.escaping import one_line
from tiktok_coach.render.follow_up import opening_texts
from tiktok_coach.render.output import RenderOptions
from tiktok_coach.render.pages.page import Page, Picture
from tiktok_coach.render.period import post_figures
from tiktok_coach.render.retention_advice import later_texts
from tiktok_coach.render.values import lower_first
from tiktok_coach.rules.evaluate import Evaluation
from tiktok_coach.rules.findings import TipScore, provided_by
from tiktok_coach.rules.kind import FAIL, PASS, UNKNOWN
from tiktok_coach.rules.load import rulebook
from tiktok_coach.stats.account_effects import Change
from tiktok_coach.stats.account_summaries import AccountSummary
from tiktok_coach.stats.bands import load_bands
from tiktok_coach.stats.outcomes import VIEWS
from tiktok_coach.stats.public_record import (
    CONTRADICTED,
    NO_EFFECT,
    PARTLY_CONTRADICTED,
    PARTLY_SUPPORTED,
    SUPPORTED,
    load_public_record,
    tip_grade,
)
from tiktok_coach.stats.retention_advice import AnyAdvice

# A screen has no more lines, whatever was read; of 30 one is left for the note on how the files were read.
LINES = 29
# Cells of a tip's bar, and what is needed of a tip's name before a bar gives way.
BAR, NAME = 10, 16
# How many best posts, lines on what would tell more, and lines below the first thing to do: the first that fit.
ROOMS = ((3, 2, 3), (2, 2, 3), (2, 2, 2), (2, 1, 2), (1, 1, 2), (1, 1, 1), (0, 1, 2), (0, 1, 1), (0, 0, 1))
# What is not known where a rule of a goal lacks its fact.
GOAL_FACTS = {
    "disclosure": N_("whether your posts are disclosed"),
    "duration_s": N_("how long your videos are"),
    "followers": N_("how many followers you have"),
    "kind": N_("which of your posts are Duets, Stitches or photos"),
    "owner_age": N_("how old the owner of the account is"),
    "type": N_("what type of account yours is"),
    "views_30_days": N_("how many views you had in 30 days"),
}
GRADE_STYLES = {SUPPORTED: "green", PARTLY_SUPPORTED: "green", CONTRADICTED: "red", PARTLY_CONTRADICTED: "red"}
GRADE_STYLES |= {NO_EFFECT: "dim"}


def audit_screen(audit: Audit, options: RenderOptions, lines: int = LINES) -> Page:
    """An account on one screen of at most so many `lines`."""
    return Page("", [Picture("", partial(_screen, audit, options, lines), tight=True)])


def accounts_screen(summaries: Sequence[AccountSummary], options: RenderOptions) -> Page:
    """Several accounts on one screen, each with its first thing to do, and how to see more of one."""
    page = accounts_page(summaries, "terminal", most=options.accounts)
    handle = one_line(next((one.account.handle for one in summaries if one.account.handle), ""))

    def command(width: int) -> list[RenderableType]:
        return [_command(_("Next:"), "audit", options, f"{options.selection} --account {handle}", width)]

    return Page(page.title, [*page.parts, Picture("", command, tight=True)])


def _screen(audit: Audit, options: RenderOptions, lines: int, width: int) -> list[Text]:
    numbers, tips = [*_numbers(audit, width), *_follow_up(audit, width)], _tips(audit, width)
    screen: list[Text] = []
    # What to keep in mind takes more than a line, and is worth more than a post.
    has_remarks = any(advice.remark_texts(one, audit.evaluations, audit.account) for one in audit.advice[: options.top])
    for posts, more, first in sorted(ROOMS, key=lambda room: has_remarks and room[2] == 1):
        sections: list[list[Text]] = [
            numbers,
            _best(audit, posts, width),
            _do_next(audit, options.top, first, width),
            [*tips, *_next(audit, options, more, width)],
        ]
        screen = [line for section in sections if section for line in (Text(), *section)][1:]
        if len(screen) < lines:
            whole = _command(_("All of it:"), "audit", options, f"{options.selection} --full", width)
            return [*screen, whole]
    return screen


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


def first_to_fit(texts: Iterable[str], width: int, most: int, indent: int) -> list[Text]:
    """The first of ever shorter texts that fits in so many lines; the last is cut where none does."""
    lines: list[Text] = []
    for text in texts:
        lines = wrapped(text, width, most, indent)
        if len(wrapped(text, width, most + 1, indent)) <= most:
            break
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
        is_day = f"{span[0]:%Y-%m-%d}" == f"{span[1]:%Y-%m-%d}"
        text = N_("{until:%Y-%m-%d}") if is_day else N_("{since:%Y-%m-%d} to {until:%Y-%m-%d}")
        title.append("  " + _(text, since=span[0], until=span[1]), style="dim")
    lines = wrapped(title, width, 1)
    if not audit.is_out.any():
        return lines
    days, until = numbers.period.days, numbers.period.until
    one, many = plurals("{count} day to {until:%Y-%m-%d}: ", "{count} days to {until:%Y-%m-%d}: ")
    heading = plural(one, many, days, until=until)
    lines += wrapped(heading + " · ".join(_figures(numbers)), width, 4)
    if numbers.silence is not None:
        lines.append(Text(_("No new post since {since:%Y-%m-%d}.", since=numbers.silence.since), style="yellow"))
    return lines


def _figures(numbers: Overview) -> Iterator[str]:
    yield from post_figures(numbers)
    if numbers.likes.value is not None:
        yield labels.likes_text(numbers)
    if numbers.followers.value is not None:
        followers = plural("{count:,} follower", "{count:,} followers", round(numbers.followers.value))
        new = numbers.new_followers
        yield followers if new is None else f"{followers} ({format_value(new, '+,')})"


def _follow_up(audit: Audit, width: int) -> list[Text]:
    """What became of earlier advice, the clearest first."""
    return wrapped(" ".join(texts), width, 3) if (texts := opening_texts(audit.follow_up)) else []


def _best(audit: Audit, count: int, width: int) -> list[Text]:
    """So many of the posts with most views, and what the best three share where there is room for more than one."""
    if not (rows := audit.best[:count]):
        return []
    head = Text(_("Most viewed") + "  ", style="bold")
    views = [format_value(round(column(audit.posts, "views").iloc[row]), ",") for row in rows]
    room = max(map(len, views))
    lines: list[Text] = []
    for row, value in zip(rows, views, strict=True):
        start = Text(" " * head.cell_len) if lines else head
        line = start + Text(f"{value:>{room}}  ", style="bold") + Text(labels.label_of(audit.posts, row))
        line.truncate(width, overflow="ellipsis")
        lines.append(line)
    if audit.shared is not None and count > 1:
        shared = _("The best three have this in common: {do}.", do=lower_first(advice.do_text(audit.shared)))
        lines += wrapped(Text(shared, style="dim"), width, 1)
    return lines


def _do_next(audit: Audit, top: int, first: int, width: int) -> list[Text]:
    """What to do, how many posts lack it and what it is worth; `first` lines on that of the first, with an example."""
    lines = wrapped(Text(advice.heading(audit.account, audit.advice), style="bold"), width, 1)
    for number, one in enumerate(audit.advice[:top], 1):
        do, code = advice.do_text(one), advice.code_of(one)
        head = Text(f"{number}. ") + Text(do, style="bold") + Text(f"  {code}" if code else "", style="dim")
        lines += wrapped(head, width, 1)
        with_remarks = list(advice.texts_with_remarks(one, audit.evaluations, audit.account))
        if number > 1:
            if first > 1 and with_remarks:
                lines += first_to_fit([*with_remarks, *advice.short_texts(one)], width, 2, indent=3)
            else:
                lines += first_to_fit(advice.short_texts(one), width, 1, indent=3)
            continue
        whole = f"{advice.lacking_text(one)} {advice.worth_text(one)}"
        below = first_to_fit([*with_remarks, whole, *advice.short_texts(one)], width, first, indent=3)
        if len(below) < first and (example := _example(audit, one)):
            below += wrapped(Text(example, style="cyan"), width, 1, indent=3)
        lines += below
    zone = audit.account.timezone
    if zone and not audit.account.is_timezone_given and any(map(advice.is_about_time, audit.advice[:top])):
        lines += wrapped(
            Text(_("Hours are those of {timezone}; --timezone changes that.", timezone=zone), "dim"), width, 1
        )
    if texts := list(later_texts(audit.advice, top)):
        lines += first_to_fit(texts, width, 1, indent=0)
    if not audit.advice:
        lines += wrapped(labels.nothing_to_change(audit), width, 2)
    return lines


def _example(audit: Audit, one: AnyAdvice) -> str:
    """A post that shows what is meant: of advice on a fact one that does it and was viewed much, of a rule one that
    fails; empty where none makes sense.
    """
    if not isinstance(one, Change):
        row = audit.examples.get(one.id)
        return "" if row is None else _("As here: {post}", post=labels.label_of(audit.posts, row))
    is_choice = one.evaluation.compiled.rule.scope == "post" and one.known > 1
    examples = labels.example_posts(audit, one, 1) if is_choice else []
    return _("For instance: {post}", post=examples[0][0]) if examples else ""


def _tips(audit: Audit, width: int) -> list[Text]:
    """A line for each tip: how much of it the posts do, by what is known, and what public posts say of it."""
    tips = [tip for tip in audit.tips if tip.tip is not None]
    if not tips:
        return []
    by_tip = tip_grades(audit)
    grades = [by_tip[tip.tip] for tip in tips]
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


def tip_grades(audit: Audit) -> dict[int | None, str]:
    """What public posts say of each tip, by its number."""
    record, bands = load_public_record(rulebook()), load_bands(rulebook())
    rules = [(one.compiled.tip, record.grade(one.code, VIEWS, bands)) for one in audit.evaluations]
    numbers = [tip.tip for tip in audit.tips]
    return {number: tip_grade([grade for tip, grade in rules if tip == number]) for number in numbers}


def tip_bar(tip: TipScore, cells: int) -> Text:
    """A bar of all that could be checked: what posts do, what they do not do yet, and what is not known."""
    known = tip.coverage * cells
    done = 0.0 if tip.score is None else known * tip.score / 100
    # What is known at all shows, however little it is.
    full = min(max(round(known), 1 if tip.score is not None else 0), cells)
    part = min(round(done) if done >= 1 else int(done > 0), full)
    if tip.score is not None and tip.score < 100 and part == full > 0:
        part = full - 1 if full > 1 else int(tip.score >= 50)
    return Text.assemble(("█" * part, "green"), ("▒" * (full - part), "red"), ("·" * (cells - full), "dim"))


def _next(audit: Audit, options: RenderOptions, most: int, width: int) -> list[Text]:
    """The one file that would tell most in so many lines, and the next command."""
    lines = next((more for text in more_texts(audit) if len(more := wrapped(text, width, 9)) <= most), [])
    # Posts that are planned alone have nothing yet to report, and lint takes no account and no period.
    name, rest = ("report", f"{options.selection} -o report.html") if audit.is_out.any() else ("lint", "")
    return [*lines, _command(_("Next:"), name, options, rest, width)]


def _command(label: str, name: str, options: RenderOptions, rest: str, width: int) -> Text:
    """A command to go on with, with the inputs and videos that the user typed where there is room for them."""
    before, after = f" tiktok-coach {name} ", f" {one_line(rest)}".rstrip()
    room = width - cell_len(label + before + after)
    videos = ("--media VIDEOS",) if options.media else ("",)
    pairs = product((options.media, *videos), filter(None, (options.inputs, "EXPORTS")))
    texts = [f"{inputs} {media}".rstrip() for media, inputs in pairs]
    fitting = next((text for text in texts if cell_len(text) <= room), texts[-1])
    return Text.assemble((label, "bold"), before + fitting + after)


def more_texts(audit: Audit) -> Iterator[str]:
    """What would tell most of what is not known, and why a file of it may be empty, as ever shorter texts; none where
    all is known.
    """
    goals = {*audit.account.goals}
    of_goals = (one for one in audit.evaluations if goals & {*one.compiled.rule.goals} and one.counts[UNKNOWN])
    if (first := next(of_goals, None)) is not None:
        yield from _goal_unknown_texts(first)
        for about in (f"{lower_first(first.compiled.rule.do)}, {first.code}", first.code):
            yield _("More would tell, for your goal: {name} ({about}).", name=provided_by(first), about=about)
        return
    kinds = {source.download for source in audit.export.sources if source.state == "read"}
    # The list of posts adds nothing where posts come with their views.
    best = next((one for one in DOWNLOADS if one.kind not in kinds and not (audit.best and one.kind == "posts")), None)
    if best is not None:
        name, where = _(best.name), _(best.where)
        empty = " " + _("Empty files: TikTok fills them from 100 followers on.") if audit.export.header_only else ""
        full = _("More would tell: {name} ({where}): {tells}.", name=name, where=where, tells=_(best.tells))
        short = _("More would tell: {name} ({where}).", name=name, where=where)
        yield from (full + empty, short + empty, full, short)
    elif audit.missing:
        waiting = [one for one in audit.evaluations if one.code in audit.missing[0].codes]
        name = audit.missing[0].provided_by
        # What is known of some posts was given for these.
        if any(one.counts[PASS] + one.counts[FAIL] for one in waiting):
            name = _("{name} for more posts", name=name)
        checks = plural("{count} check", "{count} checks", len(waiting))
        numbers = sorted({one.compiled.tip for one in waiting if one.compiled.tip})
        tips = plural("tip {tips}", "tips {tips}", len(numbers), tips=", ".join(map(str, numbers)))
        if numbers:
            yield _("More would tell: {name} ({checks} of {tips}).", name=name, checks=checks, tips=tips)
        yield _("More would tell: {name} ({checks}).", name=name, checks=checks)
    else:
        return
    yield _("More would tell: {name}.", name=name)


def _goal_unknown_texts(one: Evaluation) -> Iterator[str]:
    """What a rule of a goal lacks and which file tells it, then without the file; nothing of facts without a name."""
    if (what := GOAL_FACTS.get(one.compiled.rule.field)) is None:
        return
    about = one.code
    if one.compiled.rule.scope == "post" and one.counts[PASS] + one.counts[FAIL]:
        about += ", " + plural("{count:,} post", "{count:,} posts", int(one.counts[UNKNOWN]))
    text = _("Not known yet: {what} ({about}).", what=_(what), about=about)
    yield text + " " + _("More would tell: {name}.", name=provided_by(one))
    yield text


def _shortened(text: str, cells: int) -> str:
    """A text in exactly so many cells, cut between words."""
    if cell_len(text) > cells:
        words = text.split()
        while words and cell_len(" ".join(words)) > cells - 2:
            words.pop()
        text = " ".join(words) + " …" if words else text
    return set_cell_size(text, cells)
