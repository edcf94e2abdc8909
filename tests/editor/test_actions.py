"""What an editor offers to do about a finding, and that it does what it says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from lsprotocol import types

from tests.editor.calendar import calendar
from tests.writing import content, content_row
from tiktok_coach.editor.actions import EXPLAIN, FIX_ALL, QUICK_FIX, actions_at, explanation
from tiktok_coach.editor.diagnostics import diagnostics_of
from tiktok_coach.editor.project import OpenFile, Project

Opened = Callable[..., OpenFile]
HEAD = "account: {handle: '@baker', timezone: Europe/Copenhagen}\nposts:\n"
REPEATED = '  - publish_at: 2026-12-02 18:30\n    caption: "Rye rises first #rye #rye #bread"\n'


def offered(project: Project, file: OpenFile, at: str, only: list[str] | None = None) -> dict[str, dict[str, Any]]:
    linted = project.lint([file])
    start = file.text.index(at)
    return {one["title"]: one for one in actions_at(linted, project, file, start, start + len(at), only)}


def applied(file: OpenFile, action: dict[str, Any]) -> str:
    """The text that an editor makes of an action's edits."""
    [edits] = action["edit"]["changes"].values()
    text = file.text

    def offset(position: dict[str, int]) -> int:
        start, end = file.positions.line_span(position["line"])
        line = text[start:end].encode("utf-16-le")[: 2 * position["character"]]
        return start + len(line.decode("utf-16-le"))

    spans = [(offset(edit["range"]["start"]), offset(edit["range"]["end"]), edit["newText"]) for edit in edits]
    for start, end, new in sorted(spans, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def test_a_fix_of_lint_is_the_preferred_action(project: Project, opened: Opened) -> None:
    file = opened(HEAD + REPEATED)
    [fix] = [action for title, action in offered(project, file, "#rye #rye").items() if "(T809)" in title]
    assert (fix["kind"], fix["isPreferred"]) == (QUICK_FIX, True)
    assert applied(file, fix) == file.text.replace("#rye #rye", "#rye")


def test_emoji_before_a_fault_do_not_shift_its_fix(project: Project, opened: Opened) -> None:
    file = opened(HEAD + REPEATED.replace("Rye", "🍞🍞 Rye"))
    [fix] = [action for title, action in offered(project, file, "#rye #rye").items() if "(T809)" in title]
    assert applied(file, fix) == file.text.replace("#rye #rye", "#rye")


def test_a_byte_order_mark_counts_as_the_editor_counts_it(project: Project, opened: Opened) -> None:
    # What most editors leave out of a text is a character of its first line where one keeps it.
    text = f"posts: [{{{REPEATED.strip(' -').splitlines()[-1].strip()}}}]\n"
    plain = opened(text)
    marked = replace(plain, has_mark=True)
    ranges = []
    for file in (plain, marked):
        [fix] = [action for title, action in offered(project, file, "#rye #rye").items() if "(T809)" in title]
        [[edit]] = fix["edit"]["changes"].values()
        ranges.append(edit["range"])
        where = types.Position(**edit["range"]["start"])
        assert text[file.positions.offset(where) :].startswith(("#rye", " #rye"))
    before, after = (one["start"] for one in ranges)
    assert after == {"line": 0, "character": before["character"] + 1}


def test_the_other_post_of_a_file_on_disk_is_where_the_editor_counts_it(project: Project, opened: Opened) -> None:
    other = 'posts: [{title: "🍞🍞", caption: "Rye bread rises slowly in the cold morning"}]\n'
    (project.root / "a.yaml").write_text(other, "utf-8")
    project.read_folder()
    file = opened("posts:\n  - caption: Rye bread rises slowly in the cold morning\n")
    shown = diagnostics_of(project.lint([file]), file)
    [related] = [one["relatedInformation"] for one in shown if one.get("code") == "C005"]
    [place] = [one["location"] for one in related]
    assert place["uri"].endswith("/a.yaml")
    # Each of the two has two units.
    assert place["range"]["start"] == {"line": 0, "character": other.index('"Rye') + 2}


@pytest.mark.parametrize(
    ("post", "at", "code", "expected"),
    [
        (REPEATED, "#rye #rye", "T809", '#rye #bread"   # coach: ignore[T809]\n'),
        (REPEATED.replace('bread"', 'bread"  # coach: ignore[C0]'), "#rye #rye", "T809", "# coach: ignore[C0, T809]\n"),
        (
            "  - publish_at: 2026-12-02 18:30\n    caption: |\n      Rye rises first #rye #rye\n",
            "#rye #rye",
            "T809",
            "    # coach: ignore[T809]\n    caption: |\n",
        ),
        (
            '  - publish_at: 2026-12-02 18:30\n    caption: "Rye rises\n      first #rye #rye"\n',
            "#rye #rye",
            "T809",
            '    # coach: ignore[T809]\n    caption: "Rye rises\n',
        ),
    ],
    ids=["at the end of the line", "in the comment that is there", "above a block", "above a text of two lines"],
)
def test_a_finding_is_silenced_where_a_comment_can_stand(
    project: Project, opened: Opened, post: str, at: str, code: str, expected: str
) -> None:
    file = opened(HEAD + post)
    assert code in {finding.code for finding in project.lint([file]).findings}
    silenced = applied(file, offered(project, file, at)[f"Silence {code} here"])
    assert expected in silenced
    linted = project.lint([opened(silenced, version=2)])
    assert code not in {finding.code for finding in linted.findings}
    assert code in {one.finding.code for one in linted.run.linted.suppressed}
    assert "L001" not in {finding.code for finding in linted.findings}


def test_json_has_no_comments_to_silence_with(project: Project, opened: Opened) -> None:
    file = opened('{"posts": [{"caption": "Rye rises first #rye #rye", "publish_at": "2026-12-02"}]}', "plan.json")
    titles = offered(project, file, "#rye #rye")
    assert "Explain T809" in titles
    assert not any(title.startswith("Silence") for title in titles)


def test_a_publish_time_can_be_moved_but_is_not_by_itself(project: Project, opened: Opened) -> None:
    export = project.root / "export"
    export.mkdir()
    hours = "".join(f"2026-11-2{day},{hour},{900 if hour >= 16 else 10}\n" for day in range(7) for hour in range(24))
    (export / "FollowerActivity.csv").write_text("Date,Hour,Active followers\n" + hours)
    (export / "Content.csv").write_bytes(content([content_row("2026-11-10T17:30:00Z", "2026-11-10", "2026-11-20")]))
    (project.root / "tiktok-coach.yaml").write_text("lint: {history: [export]}\n")
    project.read_history()
    file = opened(HEAD + REPEATED.replace("18:30", "03:30"))
    [move] = [action for title, action in offered(project, file, "03:30").items() if title.startswith("Move to")]
    assert not move["isPreferred"]
    assert applied(file, move) == file.text.replace("03:30", "16:30")


def test_all_of_a_file_is_mended_as_lint_fix_does(project: Project, opened: Opened) -> None:
    text = calendar(60)
    file = opened(text)
    (project.root / "plan.yaml").write_text(text, "utf-8")
    action = offered(project, file, "posts:", ["source.fixAll"])
    fixed = applied(file, action["Fix all problems that can be fixed safely"])
    run = project.lint([file], fix=True).run
    assert fixed.encode() == run.changes["plan.yaml"]
    assert fixed != text
    assert not offered(project, opened(fixed, version=2), "posts:", [FIX_ALL])


def test_what_was_not_asked_for_is_not_offered(project: Project, opened: Opened) -> None:
    file = opened(HEAD + REPEATED)
    assert not offered(project, file, "#rye", ["refactor"])
    assert all(action["kind"] == QUICK_FIX for action in offered(project, file, "#rye #rye").values())


def test_the_word_that_was_meant_is_put_in(project: Project, opened: Opened) -> None:
    file = opened(HEAD + "  - caption: Rye\n    captoin: Rye\n    privacy: publik\n")
    [key] = [one for title, one in offered(project, file, "captoin").items() if title == "Change to caption"]
    assert "  - caption: Rye\n    caption: Rye\n" in applied(file, key)
    [choice] = [one for title, one in offered(project, file, "publik").items() if title == "Change to public"]
    assert "privacy: public\n" in applied(file, choice)


def test_a_cursor_anywhere_on_a_line_finds_what_can_be_done_there(project: Project, opened: Opened) -> None:
    file = opened(HEAD + REPEATED)
    linted = project.lint([file])
    begin = file.text.index("    caption")
    titles = [one["title"] for one in actions_at(linted, project, file, begin, begin, None)]
    assert any("(T809)" in title for title in titles)


def test_what_is_silenced_above_a_block_is_in_one_comment(project: Project, opened: Opened) -> None:
    file = opened(HEAD + "  - publish_at: 2026-12-02 18:30\n    caption: |\n      Rye rises first #rye #rye\n")
    first = opened(applied(file, offered(project, file, "#rye #rye")["Silence T809 here"]), version=2)
    codes = [one.code for one in project.lint([first]).findings if one.place.line in {5, 6}]
    second = opened(applied(first, offered(project, first, "#rye #rye")[f"Silence {codes[0]} here"]), version=3)
    assert f"    # coach: ignore[T809, {codes[0]}]\n    caption: |\n" in second.text
    left = {one.code for one in project.lint([second]).findings}
    assert not left & {"T809", codes[0], "L001"}


def test_a_rule_is_explained_by_a_command_of_the_server(project: Project, opened: Opened) -> None:
    file = opened(HEAD + REPEATED)
    explain = offered(project, file, "#rye #rye")["Explain T809"]["command"]
    assert (explain["command"], explain["arguments"]) == (EXPLAIN, ["T809", file.uri])


def test_an_explanation_says_why_and_who_says_so(project: Project, opened: Opened) -> None:
    linted = project.lint([opened(HEAD + REPEATED)])
    assert "(T401)" in explanation("T401", linted)
    assert "Source: " in explanation("T401", linted)
    assert explanation("T999", linted) == ""


def test_a_caption_of_hashtags_without_end_is_mended_too(project: Project, opened: Opened) -> None:
    # At a time for each pair of hashtags the server would be silent for minutes.
    file = opened(HEAD + f'  - caption: "Rye rises first {"#rye " * 8_000}#bread"\n')
    [fix] = [action for title, action in offered(project, file, "#rye #rye").items() if "(T809)" in title]
    assert applied(file, fix).endswith('caption: "Rye rises first #rye #bread"\n')
