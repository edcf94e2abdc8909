"""The report in a real Chromium: it draws, sorts, filters, is reached by keyboard alone, and lets nothing in or out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_accounts import sheet
from tests.conftest import Ran
from tests.render.test_site import TODAY, held, page  # noqa: F401 - a fixture
from tests.writing import put

pytest.importorskip("playwright", reason="needs playwright")

from playwright.sync_api import expect, sync_playwright

from tiktok_coach.render.site.pdf import browser as program

pytestmark = [
    pytest.mark.skipif(program() is None, reason="needs Chromium"),
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
]
Coach = Callable[..., Ran]
# Each would do something, were it more than text.
HOSTILE = [
    shape.format(f"window.hacked={number}")
    for number, shape in enumerate(
        [
            "<script>{0}</script>",
            "</script><script>{0}</script>",
            "<img src=x onerror={0}>",
            '"><svg onload={0}>',
            "javascript:{0}",
            "<iframe srcdoc='<script>parent.{0}</script>'></iframe>",
            "<a href='javascript:{0}'>x</a>",
            "<body onload={0}>",
            "{{{{{0}}}}}",
            "<!--<script>{0}",
        ]
    )
    for _ in range(5)
]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=program(), args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def report(page: str, tmp_path: Path) -> Path:  # noqa: F811
    return put(tmp_path / "report.html", page)


def opened(chromium: Any, path: Path, where: str = "", **how: Any) -> tuple[Any, list[str]]:
    """The page in a window of its own, and what it complains of or asks for."""
    context = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, **how})
    window = context.new_page()
    odd: list[str] = []
    window.on("console", lambda message: odd.append(message.text))
    window.on("pageerror", lambda error: odd.append(str(error)))
    window.on("dialog", lambda dialog: odd.append(dialog.message))
    window.on("request", lambda asked: None if asked.url.startswith(("file:", "data:")) else odd.append(asked.url))
    window.goto(path.as_uri() + where)
    return window, odd


def test_everything_is_drawn_and_nothing_is_asked_for(chromium: Any, report: Path) -> None:
    window, odd = opened(chromium, report)
    assert window.locator(".heat [class^=s]").count() == 7 * 24
    assert window.locator(".line circle").count() > 100
    assert window.locator(".effects svg").count() > 3
    assert window.locator("#table tbody tr").count() == 25
    assert odd == []


def test_the_table_searches_filters_sorts_and_turns_pages(chromium: Any, report: Path) -> None:
    window, _ = opened(chromium, report)
    count = window.locator("#count")
    assert count.inner_text() == "181 posts"
    window.get_by_role("button", name="Views").click()
    views = [int(text.replace(",", "")) for text in window.locator("#table tbody tr td:nth-child(3)").all_inner_texts()]
    assert views == sorted(views, reverse=True)
    assert window.locator("th[aria-sort=descending]").inner_text().startswith("Views")
    window.get_by_role("button", name="Views").click()
    assert window.locator("th[aria-sort=ascending]").count() == 1
    window.get_by_role("button", name="Next").click()
    assert window.locator("#page").inner_text() == "Page 2 of 8"
    window.locator("#q").fill("BRUNSVIGER")
    holding = sum("brunsviger" in str(post["caption"]).lower() for post in held(report.read_text("utf-8"))["posts"])
    assert 0 < holding < 181
    assert count.inner_text() == f"{holding} of 181 posts"
    window.get_by_role("button", name="Clear").click()
    # To wait for an expression would be to evaluate a text, which the page forbids.
    expect(count).to_have_text("181 posts")
    window.locator("#tip").select_option("5")
    window.locator("#status").select_option("f")
    failing = int(count.inner_text().split()[0])
    window.locator("#status").select_option("p")
    passing = int(count.inner_text().split()[0])
    assert 0 < failing < 181
    assert failing + passing <= 181
    window.get_by_role("button", name="Clear").click()
    window.locator("#from").fill("2026-03-01")
    window.locator("#to").fill("2026-03-31")
    assert all(text.startswith("2026-03") for text in window.locator("#table tbody td:nth-child(1)").all_inner_texts())


def test_a_post_has_a_page_of_its_own_by_link(chromium: Any, report: Path) -> None:
    window, odd = opened(chromium, report)
    link = window.locator("#table tbody a").first
    address = link.get_attribute("href")
    link.click()
    dialog = window.get_by_role("dialog")
    assert "Simulated score" in dialog.inner_text()
    assert dialog.locator(".fall li").count() > 0
    window.keyboard.press("Escape")
    expect(dialog).not_to_be_visible()
    assert "#post" not in window.url
    again, _ = opened(chromium, report, str(address))
    expect(again.get_by_role("dialog")).to_be_visible()
    window.locator(".line circle").first.click(force=True)
    expect(dialog).to_be_visible()
    lost, complaints = opened(chromium, report, "#post=%E0%A4%A")
    assert not lost.get_by_role("dialog").is_visible()
    assert odd == complaints == []


def test_the_keyboard_alone_reaches_everything(chromium: Any, report: Path) -> None:
    window, _ = opened(chromium, report)
    reached: list[str] = []
    for _ in range(300):
        window.keyboard.press("Tab")
        name = window.evaluate(
            "(e => e === document.body ? '' : [e.tagName, e.id, e.dataset.key || '', e.getAttribute('href') || ''].join(' '))(document.activeElement)"
        )
        if not name or name in reached:
            continue
        reached.append(name)
    words = " ".join(reached)
    assert reached[0].endswith("#main"), "first comes what skips to the report"
    for wanted in (
        "INPUT q",
        "SELECT tip",
        "SELECT status",
        "INPUT from",
        "INPUT to",
        "BUTTON  views",
        "BUTTON next-page",
        "#post=",
        "SUMMARY",
        "#sure",
    ):
        assert wanted in words, wanted
    window.locator("#table tbody a").nth(2).focus()
    window.keyboard.press("Enter")
    expect(window.get_by_role("dialog")).to_be_visible()
    window.keyboard.press("Escape")
    expect(window.get_by_role("dialog")).not_to_be_visible()


def test_hostile_captions_stay_text(chromium: Any, coach: Coach, tmp_path: Path) -> None:
    rows = [
        f'{7650921463263792402 + n},"{text.replace(chr(34), chr(34) * 2)}",{10 + n},2026-06-13T10:{n:02d}:00Z'
        for n, text in enumerate(HOSTILE)
    ]
    put(tmp_path / "posts.csv", "post_id,caption,views,posted_at\n" + "\n".join(rows) + "\n")
    assert coach("report", "posts.csv", "-o", "r.html", "-q", "--title", HOSTILE[5], *TODAY).code == 0
    window, odd = opened(chromium, tmp_path / "r.html")
    for link in window.locator("#table tbody a").all():
        window.goto((tmp_path / "r.html").as_uri() + str(link.get_attribute("href")))
    window.wait_for_timeout(200)
    assert window.evaluate("window.hacked") is None
    assert window.locator("script").count() == 2
    assert window.locator("img, iframe").count() == 0
    assert odd == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("where", ["", "#post"])
def test_axe_finds_no_violation(chromium: Any, report: Path, scheme: str, where: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    window, _ = opened(chromium, report, color_scheme=scheme)
    if where:
        window.locator("#table tbody a").first.click()
    found = axe.run(window).response["violations"]
    assert [(v["id"], v["impact"], [n["html"][:120] for n in v["nodes"][:3]]) for v in found] == []


@pytest.mark.parametrize("width", [320, 390, 768, 1280, 1920])
def test_it_is_as_wide_as_the_window(chromium: Any, report: Path, width: int) -> None:
    window, _ = opened(chromium, report, viewport={"width": width, "height": 800})
    assert window.evaluate("document.documentElement.scrollWidth") <= width
    # No text of a picture is larger than that of the page, or cut at its end.
    assert (
        window.evaluate(
            """[...document.querySelectorAll("svg text")].filter(e => e.getBoundingClientRect().height > 24
            || e.getBoundingClientRect().right > innerWidth || e.getBoundingClientRect().left < 0).length"""
        )
        == 0
    )
    # Nor does any cell of the table lie outside.
    cells = "[...document.querySelectorAll('#table th, #table td')].filter(e => e.offsetParent)"
    assert window.evaluate(f"Math.max(...{cells}.map(e => e.getBoundingClientRect().right))") <= width
    window.locator("#table tbody a").first.click()
    assert window.evaluate(
        "document.querySelector('dialog').scrollWidth <= document.querySelector('dialog').clientWidth + 1"
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", ["all.html", "each.html"])
def test_the_table_of_accounts_leads_to_their_pages_and_is_usable_by_all(
    chromium: Any, coach: Coach, tmp_path: Path, name: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    put(tmp_path / "two.csv", sheet({"baker": 20, "mill er/2": 30}))
    by = ("--each-account",) if name == "each.html" else ()
    assert coach("report", "two.csv", "-o", name, *by, "-q", *TODAY).code == 0
    for width in (320, 390, 768, 1280):
        window, odd = opened(chromium, tmp_path / name, viewport={"width": width, "height": 800})
        assert window.evaluate("document.documentElement.scrollWidth") <= width
        assert [(v["id"], v["impact"]) for v in axe.run(window).response["violations"]] == []
        assert odd == []
        # Nothing of an account lies outside of the window, and nothing is reached by moving sideways.
        cells = "[...document.querySelectorAll('.accounts th, .accounts td')].filter(e => e.offsetParent)"
        assert window.evaluate(f"Math.max(...{cells}.map(e => e.getBoundingClientRect().right))") <= width
        assert window.locator(".accounts td.first").last.is_visible()
    # The tips of which anything is known are named.
    heads = window.locator(".accounts th.tip").all_inner_texts()
    assert "Write an engaging caption" in heads
    assert "Engage with other users" not in heads
    if not by:
        columns = window.locator("#table th[scope=col]").all_inner_texts()
        assert columns == ["Posted", "Caption", "Views", "Likes per view", "Follows the tips"], "no growth is known"
    if by:
        window.get_by_role("link", name="@mill er/2").click()
        assert "mill er/2" in window.locator("h1").inner_text()


def test_printed_no_chart_is_cut(chromium: Any, report: Path, tmp_path: Path) -> None:
    # An A4 page without its margins is 182 mm wide: 688 px.
    window, _ = opened(chromium, report, viewport={"width": 688, "height": 1000})
    window.emulate_media(media="print")
    cut = window.evaluate(
        "[...document.querySelectorAll('main svg, main .heat, table')].filter(e => e.getBoundingClientRect().right > 689).map(e => e.outerHTML.slice(0, 80))"
    )
    assert cut == []
    assert not window.locator("#filters").is_visible()
    body = window.pdf(format="A4", print_background=True)
    assert body.startswith(b"%PDF")


def test_a_pdf_is_printed_by_the_command(coach: Coach, tmp_path: Path) -> None:
    put(tmp_path / "baker.csv", sheet({"baker": 20}))
    assert coach("report", "baker.csv", "-o", "r.pdf", "-q", *TODAY).code == 0
    assert (tmp_path / "r.pdf").read_bytes().startswith(b"%PDF")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["baker.csv", "r.pdf"]
