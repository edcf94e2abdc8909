"""Workbooks: every tab that shows and fits is read, as a file of a folder is; the others are named."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from tests.conftest import Ran
from tests.writing import CONTENT_HEADER, content_row, link, put, read, said, video_id, workbook, zipped
from tiktok_coach.batch.discovery import accounts_in
from tiktok_coach.core.errors import CoachError
from tiktok_coach.io.files.source_files import SourceFile, open_inputs
from tiktok_coach.io.reading import Export

HEADER = ("Caption", "Link", "Posted at", "Views", "Likes")
OLD_KIND = Path(__file__).with_name("four_tabs.xls")


def post(moment: str, views: int) -> Sequence[Any]:
    return ("Rye", link(video_id(moment), "ovnkrogen"), dt.datetime.fromisoformat(moment), views, views // 20)


JUNE, JULY = post("2026-06-13T16:42:48", 100), post("2026-07-02T09:23:19", 200)


def book(tabs: Mapping[str, Sequence[Sequence[Any]]], hidden: Sequence[str] = (), formats: Sequence[str] = ()) -> bytes:
    """An .xlsx; `formats` are the number formats of the columns."""
    stream = io.BytesIO()
    made = xlsxwriter.Workbook(stream, {"in_memory": True, "default_date_format": "yyyy-mm-dd hh:mm:ss"})
    shown_as = [made.add_format({"num_format": code}) for code in formats]
    for name, rows in tabs.items():
        sheet = made.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write(number, column, cell, *(shown_as[column : column + 1]))
        if name in hidden:
            sheet.hide()
    made.get_worksheet_by_name(next(name for name in tabs if name not in hidden)).activate()
    made.close()
    return stream.getvalue()


def ods(tables: Mapping[str, str]) -> bytes:
    """An .ods of tables that are written as XML rows."""
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    body = "".join(f'<table:table table:name="{name}">{rows}</table:table>' for name, rows in tables.items())
    content = f'<?xml version="1.0"?><office:document-content{spaces}><office:body><office:spreadsheet>{body}'
    end = "</office:spreadsheet></office:body></office:document-content>"
    manifest = (
        '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return zipped({"mimetype": kind, "content.xml": content + end, "META-INF/manifest.xml": manifest})


def ods_row(cells: Sequence[str]) -> str:
    texts = (f'<table:table-cell office:value-type="string"><text:p>{c}</text:p></table:table-cell>' for c in cells)
    return f"<table:table-row>{''.join(texts)}</table:table-row>"


def views(export: Export) -> list[int]:
    return sorted(export.posts["views"].tolist())


def texts_of(body: bytes) -> list[list[str]]:
    sheet = SourceFile("book.xlsx", content=body).sheet
    assert sheet is not None
    return [row.cells for row in sheet.rows]


def test_every_tab_is_read_as_a_file_of_a_folder(tmp_path: Path) -> None:
    export = read(put(tmp_path / "posts.xlsx", book({"June": [HEADER, JUNE], "July": [HEADER, JULY]})))
    assert views(export) == [100, 200]
    assert [source.name for source in export.sources] == ["posts.xlsx:June", "posts.xlsx:July"]


def test_tabs_with_other_columns_are_each_understood_by_themselves(tmp_path: Path) -> None:
    other = ("Visninger", "Link til video", "Kommentarer")
    tabs = {"June": [HEADER, JUNE], "Juli": [other, (70, link(video_id("2026-07-09T10:00:00"), "ovnkrogen"), 3)]}
    assert views(read(put(tmp_path / "posts.xlsx", book(tabs)))) == [70, 100]


def test_a_workbook_with_one_tab_keeps_its_name(tmp_path: Path) -> None:
    body = workbook([CONTENT_HEADER, content_row("2026-06-13T16:42:48", "2026-06-13", "2026-06-30")])
    export = read(put(tmp_path / "Content.xlsx", body))
    assert [source.name for source in export.sources] == ["Content.xlsx"]
    assert "tab" not in said(export)


def test_a_hidden_tab_is_not_read_and_is_named(tmp_path: Path) -> None:
    tabs = {"Last year": [HEADER, JUNE], "Now": [HEADER, JULY], "Lists": [["Draft"], ["Out"]]}
    export = read(put(tmp_path / "posts.xlsx", book(tabs, hidden=("Last year", "Lists"))))
    assert views(export) == [200]
    assert [source.name for source in export.sources] == ["posts.xlsx"]
    left = "'Last year' (hidden, with a table: show it to have it read), 'Lists' (hidden)"
    assert f"warning posts.xlsx: the tabs {left} are left out" in said(export)


def test_tabs_of_words_and_empty_ones_are_named_in_one_notice(tmp_path: Path) -> None:
    tabs: dict[str, Sequence[Sequence[Any]]] = {"Read me": [["Our posts"], ["by Anna"]], "Posts": [HEADER, JUNE]}
    export = read(put(tmp_path / "posts.xlsx", book({**tabs, "Sheet3": []})))
    assert views(export) == [100]
    left = "'Read me' (no table of a known kind), 'Sheet3' (empty)"
    assert f"info posts.xlsx: the tabs {left} are left out" in said(export)


def test_a_tab_that_lacks_what_makes_a_post_says_so_while_the_others_are_read(tmp_path: Path) -> None:
    tabs = {"Posts": [HEADER, JUNE], "By week": [("Week", "Views", "Likes"), (24, 900, 40)]}
    export = read(put(tmp_path / "posts.xlsx", book(tabs)))
    assert views(export) == [100]
    assert "warning posts.xlsx:By week: looks like a sheet of posts (views, likes)" in said(export)


def test_a_workbook_in_which_no_tab_fits_is_one_error(tmp_path: Path) -> None:
    path = put(tmp_path / "notes.xlsx", book({"Ideas": [["Buns"]], "To do": [["Call Anna"]]}))
    with pytest.raises(CoachError, match=r"/notes\.xlsx: no tab has a table .*: 'Ideas' \(no table"):
        read(path)


def test_a_workbook_whose_tabs_are_all_hidden_or_empty_says_so(tmp_path: Path) -> None:
    path = put(tmp_path / "posts.xlsx", book({"Old": [HEADER, JUNE], "Sheet2": []}, hidden=("Old",)))
    with pytest.raises(CoachError, match=r"has only hidden tabs \('Old'\); show them"):
        read(path)


def test_workbooks_in_folders_and_zips_and_of_the_kinds_of_libreoffice_and_of_old_excel(tmp_path: Path) -> None:
    rows = [HEADER, [str(cell) for cell in JULY]]
    body = ods({"Juli": "".join(map(ods_row, rows)), "Noter": ods_row(["Husk mel"])})
    put(tmp_path / "all" / "posts.ods", body)
    put(tmp_path / "all" / "more.zip", zipped({"2026/posts.xlsx": book({"a": [HEADER, JUNE], "b;": [HEADER]})}))
    put(tmp_path / "all" / "old.xls", OLD_KIND.read_bytes())
    export = read(tmp_path / "all")
    assert views(export) == [100, 150, 200, 250]
    names = [source.name for source in export.sources]
    assert names == [
        "all/more.zip:2026/posts.xlsx:a",
        "all/more.zip:2026/posts.xlsx:b;",
        "all/old.xls:May",
        "all/old.xls:April",
        "all/posts.ods:Juli",
    ]


def test_text_of_cells_is_what_the_program_shows() -> None:
    formats = ("h:mm", "h:mm:ss", "[h]:mm:ss", "0.00%", "yyyy-mm-dd", "yyyy-mm-dd hh:mm", "0", '0" % of all"')
    cells = (15 / 1440, 15 / 1440, 1.5, 0.4613, 46_000, 46_000.75, 12, 0.5)
    shown = ["0:15", "0:15:00", "36:00:00", "46.13%", "2025-12-09", "2025-12-09 18:00:00", "12", "0.5"]
    assert texts_of(book({"a": [cells]}, formats=formats)) == [shown]
    assert texts_of(book({"a": [(True, "007", -3.25)]})) == [["True", "007", "-3.25"]]


def test_each_tab_of_several_keeps_its_number_formats() -> None:
    file = SourceFile("b.xlsx", content=book({"a": [(0.5,)], "b": [(0.25,)]}, formats=("0%",)))
    assert [tab.sheet.rows[0].cells for tab in file.tabs if tab.sheet is not None] == [["50%"], ["25%"]]


@pytest.mark.parametrize("tab", ["Content.json", "a/b", "x.yaml", "1;2", "Posts (2)", "plan.xlsx"])
def test_the_name_of_a_tab_changes_nothing(tab: str, tmp_path: Path) -> None:
    rows = "".join(ods_row([str(cell) for cell in row]) for row in (HEADER, JUNE))
    export = read(put(tmp_path / "posts.ods", ods({tab: rows, "Other": rows.replace("100", "300").replace("Rye", "")})))
    assert [source.name for source in export.sources] == [f"posts.ods:{tab}", "posts.ods:Other"]
    assert {source.format for source in export.sources} == {"sheet"}


def test_a_tab_cut_off_from_its_file_is_an_error_for_the_whole_workbook(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(book({"a": [HEADER, JUNE], "b": [HEADER, JULY]}))) as archive:
        members = {name: archive.read(name) for name in archive.namelist() if "sheet2" not in name}
    with pytest.raises(CoachError, match=r"/b\.xlsx: the workbook cannot be read"):
        read(put(tmp_path / "b.xlsx", zipped(members)))


def refused(body: bytes, name: str, message: str) -> None:
    with pytest.raises(CoachError, match=message):
        assert SourceFile(name, content=body).sheet


def test_files_that_only_begin_like_a_workbook_say_what_they_are() -> None:
    whole = OLD_KIND.read_bytes()
    looping = bytearray(whole)
    # The table of sectors, in which each now leads to the first.
    table = int.from_bytes(whole[76:80], "little") * 512 + 512
    looping[table : table + 40] = b"\0" * 40
    for body in (whole[:12], whole[:600], bytes(looping), whole[:512] + b"\0" * 4096):
        refused(body, "old.xls", r"Excel's old kind \(\.xls\), but is not a whole one; .* save it as \.xlsx")


def test_vast_extents_are_refused_in_every_kind_of_workbook() -> None:
    refused(Path(__file__).with_name("vast.xls").read_bytes(), "v.xls", "the sheet spans 65,536 rows and 256 columns")
    cell = '<table:table-cell table:number-columns-repeated="4000" office:value-type="float" office:value="1"/>'
    row = f'<table:table-row table:number-rows-repeated="1000000">{cell}</table:table-row>'
    refused(ods({"a": row}), "v.ods", "spans 1,000,000 rows and 4,000 columns")
    far = bytes((0, 4, 255, 255, 15, 0)) + bytes((2, 8, 255, 18, 0, 0, 0, 0, 0, 0))
    refused(zipped({"[Content_Types].xml": "", "xl/worksheets/sheet1.bin": far}), "v.xlsb", "spans 1,048,576 rows")


def test_the_empty_cells_that_libreoffice_writes_to_the_end_of_a_sheet_are_no_extent() -> None:
    rest = '<table:table-row table:number-rows-repeated="1048574"><table:table-cell table:number-columns-repeated="16384"/>'
    body = ods({"a": ods_row(["Caption"]) + ods_row(["Rye"]) + f"{rest}</table:table-row>"})
    assert texts_of(body) == [["Caption"], ["Rye"]]


def test_an_input_that_is_needed_may_be_a_workbook_of_tabs(tmp_path: Path) -> None:
    body = book({"Words": [["Read me"]], "Posts": [HEADER, JUNE]})
    files = [*open_inputs([put(tmp_path / "b.xlsx", body)])]
    assert [tab.name for file in files if isinstance(file, SourceFile) for tab in file.tabs] == [
        "b.xlsx:Words",
        "b.xlsx:Posts",
    ]


PLAN = ("Caption", "Date", "Platform")


@pytest.fixture
def linted(coach: Callable[..., Ran], tmp_path: Path) -> Callable[..., Ran]:
    """Lints two tabs of a workbook, in each of which a post has a long caption."""
    tabs = {
        "December": [
            PLAN,
            ("Can you hear it? " + "rye " * 50, dt.datetime.fromisoformat("2026-12-01T18:30"), "TikTok"),
        ],
        "January": [PLAN, ("Rye or wheat? " + "oats " * 50, dt.datetime.fromisoformat("2027-01-03T18:30"), "TikTok")],
        "How to": [["Fill in one tab a month"]],
    }
    put(tmp_path / "plans" / "winter.xlsx", book(tabs))
    how = ("--today", "2026-11-26", "--select", "T401", "--timezone", "UTC", "--format")
    return lambda form, *more: coach("lint", "plans", *how, form, *more)


def test_each_tab_of_a_workbook_is_a_plan_and_findings_name_it(linted: Callable[..., Ran]) -> None:
    ran = linted("concise", "-v")
    printed = ran.out + ran.err
    assert "plans/winter.xlsx:December:2:1: T401" in printed
    assert "plans/winter.xlsx:January:2:1: T401" in printed
    assert "in 2 planned posts of 1 file" in printed
    assert "plans/winter.xlsx: the tab 'How to' (no plan) is left out" in printed


def test_posts_without_an_id_are_named_after_their_file_and_tab(linted: Callable[..., Ran]) -> None:
    findings = json.loads(linted("json").out)["findings"]
    assert [finding["post_id"] for finding in findings] == ["winter-December", "winter-January"]


def test_patterns_of_paths_speak_of_the_workbook(linted: Callable[..., Ran]) -> None:
    assert "No problems" in linted("concise", "--per-path-ignores", "plans/*.xlsx:T401").out


def test_reports_for_programs_that_know_files_alone_name_the_file_and_put_the_tab_beside_it(
    linted: Callable[..., Ran],
) -> None:
    run = json.loads(linted("sarif").out)["runs"][0]
    assert [artifact["location"]["uri"] for artifact in run["artifacts"]] == ["plans/winter.xlsx"]
    places = [result["locations"][0] for result in run["results"]]
    assert {place["physicalLocation"]["artifactLocation"]["uri"] for place in places} == {"plans/winter.xlsx"}
    assert [place["logicalLocations"][0]["name"] for place in places] == ["December", "January"]
    assert "file=plans/winter.xlsx,line=2" in linted("github").out
    issues = json.loads(linted("gitlab").out)
    assert {issue["location"]["path"] for issue in issues} == {"plans/winter.xlsx"}
    assert [issue["description"].split(":")[0] for issue in issues] == ["December", "January"]


def test_tabs_named_after_other_platforms_are_left_unless_their_rows_say_tiktok(tmp_path: Path) -> None:
    other = [("Caption", "Date", "Views", "Likes"), ("Buns", "2026-06-14", 900, 80)]
    tabs = {"TikTok": [HEADER, JUNE], "Instagram": other, "YT Shorts": other, "IG and more": [HEADER, JULY]}
    export = read(put(tmp_path / "posts.xlsx", book(tabs)))
    assert views(export) == [100, 200]
    left = "'Instagram' (of Instagram), 'YT Shorts' (of YouTube)"
    assert f"info posts.xlsx: the tabs {left} are left out" in said(export)


def test_a_workbook_of_other_platforms_alone_is_refused(tmp_path: Path) -> None:
    other = [("Caption", "Date", "Views", "Likes"), ("Buns", "2026-06-14", 900, 80)]
    with pytest.raises(CoachError, match=r"no tab has a table of TikTok posts or figures: 'Facebook' \(of Facebook\)"):
        read(put(tmp_path / "posts.xlsx", book({"Facebook": other})))


def test_plans_of_other_platforms_are_left_and_tabs_that_lack_a_column_are_warned_of(
    coach: Callable[..., Ran], tmp_path: Path
) -> None:
    day = dt.datetime.fromisoformat("2026-12-01T18:30")
    tabs = {
        "TikTok": [("Caption", "Date"), ("Can you hear it?", day)],
        "LinkedIn": [("Caption", "Date"), ("We are hiring", day)],
        "X-mas": [("Caption", "Date"), ("Marzipan?", day)],
        "March": [("Caption", "Prop"), ("Rye", "bowl")],
    }
    put(tmp_path / "plan.xlsx", book(tabs))
    ran = coach("lint", "plan.xlsx", "--today", "2026-11-26", "--timezone", "UTC", "--format", "json")
    assert [file["name"] for file in json.loads(ran.out)["files"]] == ["plan.xlsx:TikTok", "plan.xlsx:X-mas"]
    assert "warning: plan.xlsx: the tabs 'LinkedIn' (of LinkedIn), 'March' (" in ran.err
    put(tmp_path / "other.xlsx", book({"LinkedIn": tabs["LinkedIn"]}))
    ran = coach("lint", "other.xlsx")
    assert "error: other.xlsx: no tab has a plan for TikTok: 'LinkedIn' (of LinkedIn)" in ran.out + ran.err


def test_columns_shows_each_tab_and_names_those_left(coach: Callable[..., Ran], tmp_path: Path) -> None:
    tabs = {"June": [HEADER, JUNE], "July": [HEADER, JULY], "Read me": [["Our posts"]]}
    put(tmp_path / "posts.xlsx", book(tabs))
    sheets = json.loads(coach("columns", "posts.xlsx", "--format", "json").out)["files"]
    assert [sheet["file"] for sheet in sheets] == ["posts.xlsx:June", "posts.xlsx:July", "posts.xlsx"]
    assert sheets[2]["problem"] == "the tab 'Read me' (no table of a known kind) is left out"


def test_history_and_the_cache_hold_every_tab(coach: Callable[..., Ran], tmp_path: Path) -> None:
    put(tmp_path / "posts.xlsx", book({"June": [HEADER, JUNE], "July": [HEADER, JULY]}))
    first, again = (coach("convert", "posts.xlsx").out for _run in range(2))
    assert first == again
    assert first.count("/video/") == 2
    put(tmp_path / "plan.yaml", "publish_at: 2026-07-03 18:30\ncaption: Rye\n")
    ran = coach("lint", "plan.yaml", "--history", "posts.xlsx", "--today", "2026-07-02", "--timezone", "UTC")
    assert "posts.xlsx" not in ran.err


def test_accounts_of_a_fleet_may_be_workbooks_of_tabs(tmp_path: Path) -> None:
    body = book({"June": [HEADER, JUNE], "July": [HEADER, JULY]})
    put(tmp_path / "fleet" / "ovnkrogen.xlsx", body)
    put(tmp_path / "fleet" / "other" / "posts.xlsx", body)
    assert [one.name for one in accounts_in([tmp_path / "fleet"])] == ["other", "ovnkrogen"]
    for one in accounts_in([tmp_path / "fleet"]):
        assert views(read(Path(one.path))) == [100, 200]
