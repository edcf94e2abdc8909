"""Calendars that people keep by hand: their headings in any language, and what their rows are."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from tests.plans.test_plans import COPENHAGEN, calendar, facts, given_text, shown
from tests.writing import TODAY, put
from tiktok_coach.analysis.columns import columns
from tiktok_coach.analysis.settings import AnalysisOptions
from tiktok_coach.io.files.source_files import SourceFile
from tiktok_coach.io.reading import ReadOptions
from tiktok_coach.plans.load import ContentCalendar, load_calendar
from tiktok_coach.plans.reader import READER

CAPTION = "Kan du høre skorpen? #brød"
HALF_PAST_FIVE = dt.datetime(2026, 12, 1, 17, 30)  # noqa: DTZ001 - UTC, as columns hold it

HEADINGS = """\
When|Caption
Publish Date|Post Copy
Scheduled At|Content
Post Date|Message
Date|Caption (EN)
Date/Time|Text
day|caption
due_date|content
date|post_text
Date & Time|Social Copy
Go-live date|Copy
Scheduled for|Full text
Hvornår|Opslag
Publiceringsdato|Opslagstekst
Udgives den|Tekst til opslag
Dato og tid|Indhold
Erscheinungsdatum|Text
Wann|Beitragstext
Geplant für|Text zum Post
Termin|Inhalt
Publiceras|Inläggstext
När|Innehåll
Planlagt dato|Innlegg
Publiseringsdag|Innleggstekst
Wanneer|Bericht
Geplande datum|Posttekst
Date de publication|Texte
Date prévue|Légende
Quand|Contenu
Fecha de publicación|Copy
Fecha y hora|Texto del post
Cuándo|Mensaje
Data|Legenda
Data agendada|Texto da postagem
Quando|Conteúdo
Data di uscita|Testo del post
Data e ora|Didascalia
Planowana data|Treść posta
Kiedy|Wpis
Yayın zamanı|Gönderi metni
Ne zaman|İçerik
Jadwal tayang|Isi konten
Kapan|Keterangan
Lịch đăng|Nội dung bài đăng
Ngày dự kiến|Chú thích
投稿予定日|投稿文
公開日時|本文
게시 예정일|게시글
예약 일시|문구
计划发布时间|文案
排期|正文
موعد النشر|نص المنشور
التاريخ|المحتوى
Дата выхода|Текст поста
Когда|Пост
Ημερομηνία ανάρτησης|Κείμενο ανάρτησης
Πότε|Λεζάντα""".splitlines()


def with_columns(
    text: str, *, name: str = "plan.csv", required: frozenset[str] = frozenset(), **columns: Any
) -> ContentCalendar:
    options = ReadOptions(today=TODAY, columns=columns, required=required)
    return load_calendar([], options, known=COPENHAGEN, sources=[SourceFile(name, content=text.encode())])


def captions(found: ContentCalendar) -> list[str]:
    return [text.as_py() for text in found.posts.column_or_null("caption")]


def notices(found: ContentCalendar) -> str:
    return "\n".join(notice.text for notice in found.notices)


@pytest.mark.parametrize("pair", HEADINGS)
def test_a_day_and_a_caption_are_enough_in_any_language(pair: str) -> None:
    day, caption = pair.split("|")
    found = given_text("plan.csv", f"{day},{caption}\n2026-12-01 18:30,{CAPTION}\n")
    assert found.problems == ()
    assert facts(found)["caption"] == CAPTION
    assert facts(found)["posted_at"] == HALF_PAST_FIVE
    assert shown(found, "caption") == CAPTION
    assert [notice for notice in found.notices if notice.level == "warning"] == []


@pytest.mark.parametrize(
    "headings",
    [
        "Ugedag,Dato,Klokkeslæt,Platform,Titel,Beskrivelse,Emneord,Status",
        "Wochentag,Datum,Uhrzeit,Kanal,Thema,Beschreibung,Hashtags,Status",
        "Weekday,Date,Hour,Network,Title,Description,Hashtags,Stage",
        "Jour,Date,Heure,Réseau,Titre / Accroche,Description,Hashtags,Statut",
        "Día,Fecha,Hora,Red social,Título,Descripción,Hashtags,Estado",
        "曜日,日付,時刻,媒体,タイトル,説明,ハッシュタグ,ステータス",
        "요일,날짜,시간,채널,제목,설명,해시태그,상태",
    ],
)
def test_times_of_day_titles_platforms_and_statuses_are_known_by_headings_and_values(headings: str) -> None:
    text = f"{headings}\nTir,01-12-2026,18:30,TikTok,Rug,{CAPTION},#rug,Klar\nOns,14-12-2026,,Instagram,Bolle,Andet,,Klar\n"
    found = given_text("plan.csv", text)
    assert found.problems == ()
    assert captions(found) == [CAPTION]
    assert facts(found)["posted_at"] == HALF_PAST_FIVE
    assert facts(found)["hashtags"] == "#rug"
    assert "1 row is for other platforms" in notices(found)


def test_rows_are_left_and_named_where_they_are_out_or_no_posts() -> None:
    text = "Date,Platform,Caption,Status,Views,Likes\n,,DECEMBER,,,\n,,,Idea,,\n2026-11-01,TikTok,Old,,1200,40\n"
    text += "2026-11-02,TikTok,Dropped,Cancelled,,\n2026-12-01 18:30,TikTok,New,Planned,,0\nDate,Platform,Caption,Status,Views,Likes\n"
    found = given_text("plan.csv", text)
    assert found.problems == ()
    assert captions(found) == ["DECEMBER", "New"]
    assert "2 rows are out already, or called off; left out (and 1 more: line 5)" in notices(found)
    assert "2 rows are without both caption and day; left out" in notices(found)
    assert found.place(1, "caption").line == 6


def test_a_word_where_days_stand_is_the_title_of_what_follows() -> None:
    text = f"Date,Caption\nDECEMBER,\n2026-12-01 18:30,{CAPTION}\n"
    found = given_text("plan.csv", text)
    assert captions(found) == [CAPTION]
    assert found.problems == ()
    assert "1 row is without" in notices(found)


def test_a_ticked_box_says_that_a_post_is_out() -> None:
    found = given_text(
        "plan.csv", "Dato,Tekst,Udgivet\n2026-11-01,Gammel,TRUE\n2026-12-01,Ny,FALSE\n2026-12-02,Anden,\n"
    )
    assert captions(found) == ["Ny", "Anden"]


def test_a_sheet_whose_posts_are_all_out_is_an_export() -> None:
    text = "Date,Caption,Views,Likes\n2026-11-01,One,1200,40\n2026-11-02,Two,900,12\n"
    [problem] = given_text("plan.csv", text).problems
    assert str(problem).startswith("plan.csv: is an export: its posts are out already")


def test_the_error_names_what_is_lacking_and_the_option_that_says_it() -> None:
    [problem] = given_text("plan.csv", f"Xday,Words\n2026-12-01,{CAPTION}\n2026-12-02,{CAPTION}\n").problems
    assert "no column seems to have captions or days of publishing; its columns are 'Xday', 'Words'" in str(problem)
    assert problem.hint == "if this is right, say: --column caption=Words --column publish_at=Xday"
    [problem] = given_text("plan.csv", "Caption,Owner\nRye,Ann\nBun,Bo\n").problems
    assert "no column seems to have days of publishing" in str(problem)
    assert problem.hint == "name it with --column publish_at=HEADING, or add one"


def test_columns_named_by_hand_come_before_any_other() -> None:
    text = f"Xday,Hour,Words,Caption\n2026-12-01,18:30,{CAPTION},no\n"
    found = with_columns(text, posted_at=("Xday", "Hour"), caption=("Words",))
    assert (facts(found)["caption"], facts(found)["posted_at"]) == (CAPTION, HALF_PAST_FIVE)
    gaps = f"Date,Final,First\n2026-12-01,,{CAPTION}\n2026-12-02,Other,no\n"
    assert captions(with_columns(gaps, caption=("Final", "First"))) == [CAPTION, "Other"]
    [problem] = with_columns(text, required=frozenset({"Nowhere"}), caption=("Nowhere",)).problems[-1:]
    assert "no input has a column 'Nowhere'" in str(problem)


def test_two_columns_that_may_be_the_caption_are_asked_about() -> None:
    text = "Date,Caption (EN),Caption (DA)\n2026-12-01,Rye,Rug\n"
    [problem] = given_text("plan.csv", text).problems
    assert "caption may be 'Caption (EN)' or 'Caption (DA)'" in str(problem)
    assert captions(with_columns(text, caption=("Caption (DA)",))) == ["Rug"]


@pytest.mark.parametrize(("heading", "tags"), [("Tags", None), ("Labels", None), ("Hashtags", "#brød #rug")])
def test_tags_are_hashtags_where_they_are_called_or_marked_so(heading: str, tags: str | None) -> None:
    found = given_text("plan.csv", f'Date,Caption,{heading}\n2026-12-01,Rye,"brød, rug"\n')
    assert facts(found).get("hashtags") == tags
    assert (
        facts(given_text("plan.csv", f"Date,Caption,{heading}\n2026-12-01,Rye,#brød #rug\n"))["hashtags"]
        == "#brød #rug"
    )


def test_dates_of_making_a_row_are_not_those_of_publishing() -> None:
    text = f"Created time,Shoot date,Date,Caption\n2026-10-01 09:00,2026-11-01,2026-12-01 18:30,{CAPTION}\n"
    assert facts(given_text("plan.csv", text))["posted_at"] == HALF_PAST_FIVE


def test_each_row_is_in_the_zone_that_it_names() -> None:
    text = "Date,Time,Time zone,Caption\n2026-12-01,18:30,America/New_York,A\n2026-12-01,18:30,Europe/Copenhagen,B\n"
    found = given_text("plan.csv", text)
    assert found.problems == ()
    assert [facts(found, row)["posted_at"].hour for row in (0, 1)] == [23, 17]


def test_clients_part_a_calendar_by_account() -> None:
    text = "Date,Client,Caption\n2026-12-01,@Ovnkrogen,A\n2026-12-02,Bager & Søn ApS,B\n2026-12-03,,C\n"
    found = given_text("plan.csv", text)
    assert [facts(found, row).get("account") for row in range(3)] == ["ovnkrogen", "Bager & Søn ApS", None]
    assert list(found.plans[0].frame()["account"])[:2] == ["ovnkrogen", "Bager & Søn ApS"]
    assert {account.handle for account in found.accounts} == {None, "ovnkrogen", "Bager & Søn ApS"}
    networks = given_text("plan.csv", "Date,Account,Caption\n2026-12-01,TikTok,A\n2026-12-02,Instagram,B\n")
    assert captions(networks) == ["A"]
    assert "account" not in facts(networks)


def test_remarks_and_followers_of_the_account_do_not_make_a_post_one_that_is_out() -> None:
    text = f"Date,Caption,Comments,Followers\n2026-12-01,{CAPTION},2 remarks by Anna,1200\n2026-12-02,B,,1200\n"
    assert captions(given_text("plan.csv", text)) == [CAPTION, "B"]
    assert captions(given_text("plan.csv", text.replace("2 remarks by Anna", "2 tsd."))) == ["B"]


def test_a_heading_that_stands_again_fills_what_its_first_column_lacks() -> None:
    assert captions(given_text("plan.csv", "Date,Caption,Caption\n2026-12-01,A,\n2026-12-02,,B\n")) == ["A", "B"]


def test_beside_exports_a_calendar_is_a_plan_and_a_table_with_results_is_none(tmp_path: Path) -> None:
    def traits(text: str) -> int:
        return READER.recognise(SourceFile("a.csv", content=text.encode()))

    assert traits(f"Date,Caption,Views,Link\n2026-12-01,{CAPTION},,\n") > 3
    assert traits(f"Hvornår,Opslag\n2026-12-01,{CAPTION}\n") > 0
    for views in ("12", "1’234", "2.3만"):
        assert traits(f"Date,Caption,Views\n2026-12-01,{CAPTION},\n2026-11-01,{CAPTION},{views}\n") == 0
    assert traits("Video title,Video link,Post time,Total views\n") == 0
    put(tmp_path / "notes.csv", "Name,Size\nA,1\n")
    assert calendar(tmp_path).problems == ()


def test_front_matter_calls_facts_as_calendars_do() -> None:
    text = (
        f"---\ncaption: '{CAPTION}'\nudgives: 2026-12-01 18:30\nlængde: '0:20'\ntags: [rug, brød]\nstatus: Klar\n---\n"
    )
    found = given_text("a.md", text)
    assert found.problems == ()
    post = facts(found)
    assert (post["posted_at"], post["duration_s"], post.get("hashtags")) == (HALF_PAST_FIVE, 20.0, None)
    assert notices(found) == "no rule reads tags"
    assert facts(given_text("a.md", text.replace("[rug, brød]", "['#rug']")))["hashtags"] == "#rug"
    assert len(given_text("a.md", text.replace("Klar", "Udgivet")).posts) == 0
    unpublished = given_text("a.md", f"---\ncaption: '{CAPTION}'\npublished: false\n---\n")
    assert (unpublished.problems, len(unpublished.posts)) == ((), 1)


def test_a_length_of_0_in_a_calendar_is_no_length() -> None:
    found = given_text("a.csv", f"Date,Caption,Duration\n2026-12-01,{CAPTION},0:00\n2026-12-02,{CAPTION},0:20\n")
    assert found.problems == ()
    assert [facts(found, row).get("duration_s") for row in range(2)] == [None, 20.0]


def test_platforms_statuses_and_hashtags_are_known_by_their_values_alone() -> None:
    text = "Date,Caption,Labels,Where it is,Xtra\n2026-12-01,A,TikTok,Klar,#rug\n2026-12-02,B,Instagram,Klar,#bolle\n"
    found = given_text("plan.csv", text + "2026-11-02,C,TikTok,Udgivet,#gammel\n")
    assert captions(found) == ["A"]
    assert facts(found)["hashtags"] == "#rug"


def test_times_under_a_heading_that_names_their_zone() -> None:
    found = given_text("plan.csv", "Date,Time (UTC),Caption\n2026-12-01,18:30,A\n")
    assert facts(found)["posted_at"].hour == 18


def test_times_that_are_not_read_are_a_warning() -> None:
    found = given_text("plan.csv", "Date,Xyz,Caption\n2026-12-01,18:30,A\n")
    assert [n.text for n in found.notices if n.level == "warning"] == [
        "'Xyz' has times and is not read; --column publish_at=NAME reads it"
    ]


def test_a_board_of_cards_is_read_with_its_lists_as_statuses() -> None:
    text = "Card Name,Card Description,Due Date,List Name,Attachments\nRye,A,2026-12-01T17:30:00Z,Scheduled,a.mp4 (https://x.dk/a.mp4)\nBun,B,2026-11-01T17:30:00Z,Posted,\n"
    found = given_text("plan.csv", text)
    assert captions(found) == ["A"]
    assert (facts(found)["posted_at"], facts(found)["video_file"]) == (HALF_PAST_FIVE, "a.mp4")


def test_columns_shows_what_a_calendar_is_read_from(tmp_path: Path) -> None:
    path = put(tmp_path / "plan.csv", "Dato,Kl.,Kanal,Opslag,Ugedag\n2026-12-01,18:30,TikTok,Rug,Tir\n")
    [sheet] = columns(AnalysisOptions(inputs=(path,), now=dt.datetime(2026, 11, 23, tzinfo=dt.UTC)))
    assert sheet.mapping is not None
    shown_columns = {column.heading: column.fact for column in sheet.mapping.columns}
    assert shown_columns == {
        "Dato": "posted_at",
        "Kl.": "clock",
        "Kanal": "platform",
        "Opslag": "caption",
        "Ugedag": None,
    }


@pytest.mark.parametrize(
    ("heading", "seconds"), [("Length (min)", 90), ("Dauer in Minuten", 90), ("duration_ms", 0.0015), ("Duration", 1.5)]
)
def test_lengths_are_in_the_unit_that_their_heading_names(heading: str, seconds: float) -> None:
    found = given_text("plan.csv", f'Date;Caption;{heading}\n2026-12-01;A;"1,5"\n2026-12-02;B;0:20\n')
    assert found.problems == ()
    assert [facts(found, row)["duration_s"] for row in (0, 1)] == [pytest.approx(seconds), 20]


def test_a_unit_by_hand_comes_before_that_of_the_heading() -> None:
    options = ReadOptions(today=TODAY, columns={"duration_s": ("Clip",)}, units={"Clip": "min"})
    file = SourceFile("plan.csv", content=b"Date,Caption,Clip\n2026-12-01,A,2\n")
    assert facts(load_calendar([], options, known=COPENHAGEN, sources=[file]))["duration_s"] == 120


@pytest.mark.parametrize(
    ("first", "second"),
    [("1/12", "15/1"), ("1.12.", "15.1."), ("1. december", "15. januar"), ("Dec 1", "January 15"), ("12/1", "1/15")],
)
def test_a_day_without_a_year_is_the_next_one_and_named(first: str, second: str) -> None:
    found = given_text("plan.csv", f"Date,Time,Caption\n{first},18:30,A\n{second},18:30,B\n")
    assert found.problems == ()
    assert [facts(found, row)["posted_at"].date() for row in (0, 1)] == [dt.date(2026, 12, 1), dt.date(2027, 1, 15)]
    assert f"2 days have no year ('{first} 18:30')" in notices(found)
    [problem] = given_text("plan.csv", "Date,Caption\n1/12,A\n3/12,B\n").problems
    assert "plan.csv:2: '1/12' may be day-first or month-first" in str(problem)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Date,Time,Caption\n12/12/2026,18:00,A\n05/12/2026,18:30,B\n", (3, 1)),
        ("Caption,Date\nA,\nB,05/12/26\n", (3, 3)),
    ],
)
def test_a_date_of_which_the_order_is_not_known_is_named_by_its_place(text: str, place: tuple[int, int]) -> None:
    [problem] = given_text("plan.csv", text).problems
    assert (problem.line, problem.column) == place


def test_times_messages_and_links_need_no_header() -> None:
    text = '12/01/2026 18:30,"Can you hear it, the crust?",https://x.dk/a\n12/15/2026 18:30,Rye or wheat?,\n'
    found = given_text("plan.csv", text)
    assert found.problems == ()
    assert captions(found) == ["Can you hear it, the crust?", "Rye or wheat?"]
    assert facts(found)["posted_at"] == HALF_PAST_FIVE
    assert (found.place(1, "caption").line, shown(found, "caption", 1)) == (2, "Rye or wheat?")
