"""What an editor shows where one points at a plan."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from markdown_it import MarkdownIt

from tests.editor.calendar import LONG, calendar
from tests.editor.client import Editor, converse
from tests.writing import content, content_row
from tiktok_coach.core.translation import set_language
from tiktok_coach.editor.hover import hover_at
from tiktok_coach.editor.key_help import keys_in
from tiktok_coach.editor.markdown import code, plain
from tiktok_coach.editor.project import OpenFile, Project

Opened = Callable[..., OpenFile]
HEAD = "account: {handle: '@ovnkrogen', timezone: Europe/Copenhagen}\nposts:\n"
QUIET = '  - publish_at: 2026-12-01 18:30\n    caption: "Will this rise? #bagedag"\n    video: {duration_s: 14}\n'
MOST_LINES = 20


def pointed(project: Project, file: OpenFile, at: str, within: int = 1) -> dict[str, Any] | None:
    """What is shown at a character of a part of the text."""
    return hover_at(project.lint([file]), project, file, file.text.index(at) + within)


def shown(project: Project, file: OpenFile, at: str, within: int = 1) -> str:
    hover = pointed(project, file, at, within)
    assert hover is not None
    assert hover["contents"]["kind"] == "markdown"
    value: str = hover["contents"]["value"]
    return value


def marked(file: OpenFile, hover: dict[str, Any]) -> str:
    """The text that an editor marks as what is explained."""
    lines = file.text.encode("utf-16-le").split("\n".encode("utf-16-le"))
    start, end = hover["range"]["start"], hover["range"]["end"]
    assert start["line"] == end["line"]
    line = file.text.split("\n")[start["line"]].encode("utf-16-le")
    assert lines
    return line[2 * start["character"] : 2 * end["character"]].decode("utf-16-le")


class TestCaptions:
    def test_say_how_much_of_what_shows_is_left(self, project: Project, opened: Opened) -> None:
        text = shown(project, opened(HEAD + QUIET), "Will this")
        assert text.startswith("**24 of 150 characters, hashtags included: 126 left**")

    def test_count_as_tiktok_does_and_with_the_hashtags_beside_them(self, project: Project, opened: Opened) -> None:
        post = "  - caption: '🍞 Rye?'\n    hashtags: [rye, bread]\n"
        # Two for the emoji, and " #rye #bread" behind it.
        assert "19 of 150" in shown(project, opened(HEAD + post), "Rye?")

    def test_too_long_say_by_how_much_and_what_shows(self, project: Project, opened: Opened) -> None:
        file = opened(f'{HEAD}  - caption: "Would you wait?{LONG}{LONG}"\n')
        text = shown(project, file, "Would")
        assert "too many" in text
        assert "What surely shows before “more”: `Would you wait? We fold it twice" in text
        assert "T401" in shown(project, file, 'ten minutes what we could not."', -5)

    @pytest.mark.parametrize("style", ["|", ">", "|-", ">+"])
    def test_in_blocks_of_lines_are_captions_all_the_same(self, project: Project, opened: Opened, style: str) -> None:
        file = opened(f"{HEAD}  - caption: {style}\n      Will this\n      rise? #bagedag\n")
        assert "of 150 characters" in shown(project, file, "this")
        assert "#bagedag" in shown(project, file, "#bagedag")

    def test_say_nothing_of_their_length_where_its_rule_is_left_out(self, project: Project, opened: Opened) -> None:
        (project.root / "tiktok-coach.yaml").write_text("ignore: [T401]\n")
        assert "of 150" not in str(pointed(project, opened(HEAD + QUIET), "Will this"))


class TestProblems:
    POST = '  - publish_at: 2026-12-02 18:30\n    caption: "Rye rises first #rye #rye #bread"\n'

    def test_are_explained_with_their_rule(self, project: Project, opened: Opened) -> None:
        text = shown(project, opened(HEAD + self.POST), "Rye rises")
        assert "**End captions with a question** · T403 · info" in text
        assert "The caption asks no question. End with a question" in text
        assert "Why: Questions bring comments" in text
        assert "On public accounts: views: 5% more" in text
        assert re.search(r"Sources: \[Hootsuite]\(<https://\S+>\) \(2023-01\)", text)
        assert "`# coach: ignore[T403]`" in text

    def test_name_the_page_of_their_rule(self, project: Project, opened: Opened) -> None:
        paged = Project(project.root, project.options(), lambda: project.options().now, _pages)  # type: ignore[arg-type]
        assert "[T403](<file:///T403>)" in shown(paged, opened(HEAD + self.POST), "Rye rises")

    def test_of_a_word_come_before_those_of_the_whole_text(self, project: Project, opened: Opened) -> None:
        file = opened(HEAD + self.POST)
        text = shown(project, file, "#rye #rye", 6)
        assert text.index("T809") < text.index("T403")
        assert "Why: Questions bring comments" not in text

    def test_say_where_no_comment_can_stand_how_to_silence_them(self, project: Project, opened: Opened) -> None:
        file = opened('{"posts": [{"caption": "Rye rises first #rye"}]}', "plan.json")
        text = shown(project, file, "Rye rises")
        assert "# coach" not in text
        assert "`ignore: [T403]`" in text

    def test_say_what_own_posts_show(self, with_history: Project, opened: Opened) -> None:
        text = shown(with_history, opened(HEAD + QUIET.replace("18:30", "03:30")), "03:30")
        assert re.search(r"T601.*On your posts: those that do this got \d+% more views", text, re.DOTALL)

    def test_take_no_more_than_a_screen(self, with_history: Project, opened: Opened) -> None:
        file = opened(calendar(60))
        linted = with_history.lint([file])
        for finding in linted.findings:
            assert finding.place.start is not None
            hover = hover_at(linted, with_history, file, finding.place.start)
            assert hover is not None
            lines = [line for line in hover["contents"]["value"].splitlines() if line and line != "---"]
            assert len(lines) <= MOST_LINES, hover["contents"]["value"]


class TestHashtags:
    def test_have_their_record(self, with_history: Project, opened: Opened) -> None:
        file = opened(HEAD + QUIET)
        hover = pointed(with_history, file, "#bagedag")
        assert hover is not None
        assert marked(file, hover) == "#bagedag"
        text = hover["contents"]["value"]
        assert re.match(r"\*\*`#bagedag`\*\*: in 46 of your 181 posts, last on 2026-10-\d\d", text)
        assert "One of your communities" in text
        assert re.search(r"Typically [\d,]+ views with it, [\d,]+ without", text)
        assert "like posts" in text

    @pytest.mark.parametrize("at", ["foodtok", "bread", "'sourdough'"])
    def test_of_a_list_are_hashtags_too(self, with_history: Project, opened: Opened, at: str) -> None:
        file = opened(HEAD + "  - caption: Will this rise?\n    hashtags: [foodtok, '#bread', 'sourdough']\n")
        assert shown(with_history, file, at).startswith(f"**`#{at.strip(chr(39))}`**")

    def test_that_are_new_say_so(self, with_history: Project, opened: Opened) -> None:
        file = opened(HEAD + QUIET.replace("#bagedag", "#brødskorpe"))
        assert shown(with_history, file, "#brød").startswith("**`#brødskorpe`**: not in your posts yet")

    def test_without_published_posts_are_named_alone(self, project: Project, opened: Opened) -> None:
        known = {"#fyp": "a general hashtag", "#booktok": "a well-known community", "#rye": ""}
        file = opened(HEAD + QUIET.replace("#bagedag", " ".join(known)))
        for tag, kind in known.items():
            assert re.match(rf"\*\*`{tag}`\*\*(: {kind})?", shown(project, file, tag)), tag

    def test_of_another_account_have_no_record_here(self, with_history: Project, opened: Opened) -> None:
        file = opened(HEAD.replace("ovnkrogen", "somebody") + QUIET)
        assert "your 181 posts" not in shown(with_history, file, "#bagedag")


class TestTimes:
    def test_say_what_their_hour_is_worth(self, with_history: Project, opened: Opened) -> None:
        file = opened(HEAD + QUIET)
        hover = pointed(with_history, file, "2026-12-01")
        assert hover is not None
        assert marked(file, hover) == "2026-12-01 18:30"
        text = hover["contents"]["value"]
        assert text.startswith("**Tue 2026-12-01 18:30**")
        assert re.search(r"At this hour of the week: \d+% more views \(\d+–\d+%\), against your usual post", text)
        assert "Clearly good hours: " in text
        assert "Followers active then: " in text
        assert re.search(r"About [\d,]+ views expected after 7 days \([\d,]+–[\d,]+\)", text)

    def test_at_which_nobody_posted_say_so(self, with_history: Project, opened: Opened) -> None:
        text = shown(with_history, opened(HEAD + QUIET.replace("18:30", "03:30")), "03:30")
        assert "Too few of your posts went out at this hour" in text

    def test_are_on_the_clock_of_the_plan(self, with_history: Project, opened: Opened) -> None:
        post = QUIET.replace("2026-12-01 18:30", "2026-12-01T17:30:00Z")
        assert shown(with_history, opened(HEAD + post), "2026-12").startswith("**Tue 2026-12-01 18:30**")
        tokyo = opened(HEAD.replace("Europe/Copenhagen", "Asia/Tokyo") + post)
        assert shown(with_history, tokyo, "2026-12").startswith("**Wed 2026-12-02 02:30**")

    def test_say_how_far_their_neighbours_are(self, project: Project, opened: Opened) -> None:
        posts = "".join(
            f"  - publish_at: 2026-12-{day}\n    caption: 'Rye?'\n" for day in ("01 18:30", "02 17:30", "08")
        )
        file = opened(HEAD + posts.replace("08", "08 17:30"))
        assert "23 hours after the post before, 6 days before the next" in shown(project, file, "2026-12-02")

    def test_of_a_day_alone_have_no_worth(self, with_history: Project, opened: Opened) -> None:
        text = shown(with_history, opened(HEAD + QUIET.replace(" 18:30", "")), "2026-12-01")
        assert text.startswith("**Tue 2026-12-01**")
        assert "at this hour" not in text.lower()


class TestKeys:
    @pytest.mark.parametrize(
        ("at", "expected"),
        [
            ("duration_s", "`video.duration_s`: length of the video"),
            ("duration_s", "in seconds, 36,000 at most"),
            ("publish_at", "`publish_at`: when the post is to go out"),
            ("publish_at", "such as `2026-12-01 18:30`"),
            ("timezone", "`account.timezone`: IANA name"),
            ("posts:", "`posts`: the planned posts"),
            ("video:", "`video`: facts of the video"),
            ("privacy", "One of `public`, `friends`, `private`"),
            ("public", "One of `public`, `friends`, `private`"),
            ("script", "`script`: words for people"),
        ],
    )
    def test_say_what_they_are(self, project: Project, opened: Opened, at: str, expected: str) -> None:
        file = opened(HEAD + QUIET + "    privacy: public\n    script: knead it\n")
        assert expected in shown(project, file, at)

    @pytest.mark.parametrize("part", ["account", "video", "engagement"])
    def test_are_what_completion_says_too(self, project: Project, opened: Opened, part: str) -> None:
        keys = keys_in(part)
        group = f"{part}:\n" + "".join(f"  {name}:\n" for name in keys)
        file = opened(f"{group}caption: a\npublish_at: 2026-12-01\n")
        for name, key in keys.items():
            assert f"{name}`: {key.meaning}" in shown(project, file, f"  {name}:".lstrip())

    def test_of_defaults_are_those_of_posts(self, project: Project, opened: Opened) -> None:
        file = opened("defaults: {video: {width: 1080}}\nposts:\n" + QUIET)
        assert "`video.width`: width of the picture" in shown(project, file, "width")

    def test_are_known_in_every_form_of_plan(self, project: Project, opened: Opened) -> None:
        markdown = opened("---\npublish_at: 2026-12-01 18:30\ncaption: Will it rise?\n---\nKnead.\n", "post.md")
        assert "`caption`" in shown(project, markdown, "caption")
        plan = {"posts": [{"caption": "Will it rise?", "video": {"hook_s": 2}}]}
        assert "`video.hook_s`" in shown(project, opened(json.dumps(plan), "plan.json"), '"hook_s"')

    def test_no_plan_has_say_nothing(self, project: Project, opened: Opened) -> None:
        assert pointed(project, opened(HEAD + QUIET + "    captoin: rye\n"), "captoin") is None

    def test_a_length_says_what_own_posts_show(self, with_history: Project, opened: Opened) -> None:
        text = shown(with_history, opened(HEAD + QUIET), "14}")
        assert re.search(r"Your videos usually run \d+–\d+ s", text)


class TestComments:
    def test_say_what_they_silence(self, project: Project, opened: Opened) -> None:
        file = opened(HEAD + '  - caption: "Rye rises first"   # coach: ignore[T403, T9] the tour\n')
        hover = pointed(project, file, "coach: ignore")
        assert hover is not None
        text = hover["contents"]["value"]
        assert "**T403**: Captions end without a question" in text
        assert re.search(r"\*\*T9\*\*: \d+ rules", text)
        assert "Silences 1 problem here:" in text
        assert "T403: the caption asks no question" in text

    def test_that_silence_nothing_say_so(self, project: Project, opened: Opened) -> None:
        file = opened(HEAD + '  - caption: "Will it rise?"   # coach: ignore[T403, X9]\n')
        text = shown(project, file, "coach: ignore")
        assert "Silences nothing here" in text
        assert "`X9`: no rule has such a code" in text


HOSTILE = (
    "[win](https://evil.example) <b>x</b> <https://evil.example> ![p](http://evil.example/p.png) www.evil.example "
    "a@evil.example `code` *bold* _it_ javascript:alert(1) ftp://evil.example | # head"
)


class TestWhatAPlanSays:
    """It is shown as it stands: no links, no pictures, no HTML."""

    @pytest.mark.parametrize("write", [plain, code])
    @pytest.mark.parametrize(
        "text", [HOSTILE, "``` x", "`", "a\n\n# b\n---\n* c", "\x1b[31m", "\u202e rtl", "&lt;b&gt;"]
    )
    def test_is_plain_text(self, write: Callable[[str], str], text: str) -> None:
        [block, inline, _end] = MarkdownIt("commonmark").parse(write(text))
        assert block.type == "paragraph_open"
        assert {token.type for token in inline.children or ()} <= {"text", "text_special", "code_inline"}

    def test_has_nothing_that_editors_make_a_link_of(self) -> None:
        # Editors make links of bare addresses too, which is no part of the standard.
        assert not re.search(r"https?:|www\.|ftp:|javascript:|[^\\]@", plain(HOSTILE))

    def test_is_so_in_a_hover(self, project: Project, opened: Opened) -> None:
        file = opened(HEAD + f"  - caption: {json.dumps(HOSTILE + LONG)}\n    privacy: '<img src=x>'\n")
        linted = project.lint([file])
        tokens = [
            token
            for offset in range(file.text.index("caption"), len(file.text), 3)
            if (hover := hover_at(linted, project, file, offset)) is not None
            for token in MarkdownIt("commonmark").parse(hover["contents"]["value"])
        ]
        inline = [child for token in tokens for child in token.children or ()]
        assert "html_block" not in {token.type for token in tokens}
        assert not {"html_inline", "image"} & {child.type for child in inline}
        assert not [child for child in inline if "evil" in str(child.attrs)]


FORMS = {
    "plan.yaml": HEAD + QUIET + "  - &base\n    caption: |\n      🍞 one #rye\n      two\n    notes: x\n  - *base\n",
    "odd.yaml": "account:\ndefaults: {caption: 'Rye? #a'}\nposts:\n  - {}\n  - \n  - 3\n  - video: x.mp4\n",
    "one.yaml": "account: {handle: a}\ncaption: x # coach: ignore[T4]\nvideo:\n",
    "post.md": "---\r\ntitle: x\r\ndate: 2026-12-01\r\ncaption: >\r\n  Rye 🍞 #a\r\ntags: ['#b']\r\n---\r\nbody\r\n",
    "plan.json": '{"posts": [{"caption": "\\u00e6 #r\\u00f8d \\ud83c\\udf5e", "hashtags": ["#a"], "publish_at": null}]}',
    "plan.jsonl": '{"caption": "a #b", "publish_at": "2026-12-01"}\n{"caption": "c", "video": {"hook_s": 9}}\n',
    "plan.csv": 'publish_at,caption,duration_s\n2026-12-01 18:30,"Rye, #rye\nnew line",12\n,x,\n',
    "broken.yaml": "posts: [\n",
    "empty.yaml": "",
}


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_every_place_of_every_form_can_be_pointed_at(
    project: Project, opened: Opened, name: str, encoding: str
) -> None:
    path = project.root / name
    file = OpenFile(path.as_uri(), path, 1, FORMS[name], encoding)
    linted = project.lint([file])
    for offset in range(len(file.text) + 1):
        hover = hover_at(linted, project, file, offset)
        assert hover is None or hover["contents"]["value"].strip()


def test_beside_published_posts_too(with_history: Project, opened: Opened) -> None:
    file = opened(calendar(10, seed=3))
    linted = with_history.lint([file])
    hovers = [hover_at(linted, with_history, file, offset) for offset in range(0, len(file.text), 11)]
    assert sum(hover is not None for hover in hovers) > len(hovers) / 2


def test_a_text_that_cannot_be_read_says_nothing(project: Project, opened: Opened) -> None:
    assert pointed(project, opened(HEAD + QUIET + "    video: {"), "caption") is None


def test_it_speaks_the_language_that_is_asked_for(with_history: Project, opened: Opened) -> None:
    set_language("da")
    file = opened(HEAD + QUIET.replace("Will this rise?", "Det hæver"))
    assert "24 af 150" not in shown(with_history, file, "Det")
    assert "af 150 tegn" in shown(with_history, file, "Det")
    assert "af dine 181 opslag" in shown(with_history, file, "#bagedag")
    assert "Hvorfor: " in shown(with_history, file, "Det")


def test_an_editor_asks_and_is_answered(tmp_path: Path) -> None:
    (tmp_path / "Content.csv").write_bytes(content([content_row("2026-11-10T17:30:00Z", "2026-11-10", "2026-11-20")]))
    (tmp_path / "tiktok-coach.yaml").write_text("lint: {history: [Content.csv]}\n")
    text = HEAD.replace("ovnkrogen", "baker") + QUIET.replace("Will", "🍞 Will")

    async def dialogue(editor: Editor) -> None:
        editor.open("plan.yaml", text)
        await editor.wait(lambda: editor.hint_refreshes or None)
        document = types.TextDocumentIdentifier(editor.uri("plan.yaml"))
        # The emoji before it is two units.
        column = text.splitlines()[3].index("#bagedag") + 1
        params = types.HoverParams(document, types.Position(3, column))
        hover = await editor.client.text_document_hover_async(params)
        assert isinstance(hover, types.Hover)
        assert isinstance(hover.contents, types.MarkupContent)
        assert hover.contents.value.startswith("**`#bagedag`**: not in your posts yet")
        assert hover.range is not None
        assert hover.range.start.character == column
        nothing = types.HoverParams(document, types.Position(2, 0))
        assert await editor.client.text_document_hover_async(nothing) is None
        everything = types.Range(types.Position(0, 0), types.Position(9, 0))
        hints = await editor.client.text_document_inlay_hint_async(types.InlayHintParams(document, everything))
        assert [hint.label for hint in hints or ()] == ["123 left"]

    converse(tmp_path, dialogue)


def _pages(rules: Any) -> dict[str, str]:
    return {rule.code: f"file:///{rule.code}" for rule in rules}
