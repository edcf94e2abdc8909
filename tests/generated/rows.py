"""Features of rows: what stands among the posts, and is none that is to be read."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from tests.generated.draw import COUNTS, Draw, Row, Says, post_id

SUMS = {
    "en": "Total", "da": "I alt", "de": "Gesamt", "fr": "Total", "es": "Total", "pt": "Total", "it": "Totale", "nl": "Totaal",
    "sv": "Summa", "no": "Sum", "pl": "Razem", "tr": "Toplam", "id": "Jumlah", "vi": "Tổng", "ja": "合計", "ko": "합계",
    "ar": "المجموع", "el": "Σύνολο",
}  # fmt: skip
AVERAGES = {
    "en": "Average", "da": "Gennemsnit", "de": "Durchschnitt", "fr": "Moyenne", "es": "Promedio", "pt": "Média", "it": "Media",
    "nl": "Gemiddelde", "sv": "Genomsnitt", "no": "Gjennomsnitt", "pl": "Średnia", "tr": "Ortalama", "id": "Rata-rata",
    "vi": "Trung bình", "ja": "平均", "ko": "평균", "ar": "المتوسط", "el": "Μέσος όρος",
}  # fmt: skip
# Words of states: out, planned, a draft, an idea.
STATES = {
    "en": ("Published", "Scheduled", "Draft", "Idea"),
    "da": ("Udgivet", "Planlagt", "Kladde", "Idé"),
    "de": ("Veröffentlicht", "Geplant", "Entwurf", "Idee"),
    "fr": ("Publié", "Planifié", "Brouillon", "Idée"),
    "es": ("Publicado", "Programado", "Borrador", "Idea"),
    "pt": ("Publicado", "Agendado", "Rascunho", "Ideia"),
    "it": ("Pubblicato", "Programmato", "Bozza", "Idea"),
    "nl": ("Gepubliceerd", "Gepland", "Concept", "Idee"),
    "sv": ("Publicerad", "Schemalagd", "Utkast", "Idé"),
}
COUNTED = (*COUNTS, "reach", "new_followers")


def _first_text(draw: Draw) -> str | None:
    """The column in which a spreadsheet's user writes what a row is."""
    return next((c.heading for c in draw.columns if c.fact in {"caption", "link", "post_id", "account"}), None)


def _totals(draw: Draw, label: str, share: float) -> dict[str, object]:
    cells: dict[str, object] = dict.fromkeys((c.heading for c in draw.columns), "")
    for column in draw.columns:
        if column.fact in COUNTED:
            known = [r.says[column.fact].value or 0 for r in draw.rows if r.post and column.fact in r.says]
            cells[column.heading] = round(sum(known) * share)
    if (place := _first_text(draw)) is not None:
        cells[place] = label
    return cells


def sums(draw: Draw) -> None:
    """A row of sums, and perhaps one of averages, in the sheet's language."""
    rows = [Row(_totals(draw, SUMS[draw.language], 1), kind="a sum", words="sum|total")]
    if draw.chance(0.5):
        rows.append(
            Row(
                _totals(draw, AVERAGES[draw.language], 1 / len(draw.posts)), kind="an average", words="average|mean|sum"
            )
        )
    draw.rows += rows


def sums_without_words(draw: Draw) -> None:
    """A row of sums that no word names."""
    draw.rows.append(Row(_totals(draw, "", 1), kind="a sum without a word", words="sum|total|not a post|neither"))


def notes(draw: Draw) -> None:
    """A row with a remark alone."""
    cells: dict[str, object] = dict.fromkeys((c.heading for c in draw.columns), "")
    cells[draw.columns[-1].heading] = "Week 12: bake more"
    draw.rows.insert(
        draw.random.randint(0, len(draw.rows)), Row(cells, kind="a remark", words="no post|not a post|neither|row")
    )


def header_again(draw: Draw) -> None:
    """The headings once more, as pages of a print have them."""
    cells: dict[str, object] = {c.heading: c.heading for c in draw.columns}
    draw.rows.insert(len(draw.rows) // 2, Row(cells, kind="headings again", words="heading|header|no post|not a post"))


def platforms(draw: Draw) -> None:
    """Rows of other platforms, told by a column, by links, or by both."""
    by_column = draw.chance(0.7) or not any(c.fact == "link" for c in draw.columns)
    column = draw.random.choice(["Platform", "Network", "Channel", "platform"])
    if by_column:
        for row in draw.rows:
            row.cells[column] = "TikTok"
    for row in draw.random.sample([r for r in draw.rows if r.post], k=max(1, len(draw.posts) // 3)):
        assert row.post is not None
        platform = draw.random.choice(["Instagram", "YouTube"])
        post = replace(row.post, platform=platform)
        cells = {c.heading: c.say(post).cell for c in draw.columns} | ({column: platform} if by_column else {})
        for c in draw.columns:
            if c.fact == "post_id":
                cells[c.heading] = f"1801{post.post_id[-13:]}" if draw.chance(0.5) else f"D{post.post_id[-10:]}"
        draw.rows.insert(
            draw.random.randint(0, len(draw.rows)),
            Row(cells, kind="another platform", words="instagram|youtube|platform|sum"),
        )
    if by_column and not any(c.heading == column for c in draw.columns):
        draw.add(None, column, lambda _: Says("TikTok"), "platforms")


def planned(draw: Draw) -> None:
    """Rows of posts that are still to go out: planned ones, drafts and ideas."""
    words = STATES.get(draw.language, STATES["en"])
    heading = draw.random.choice(["Status", "State", "status"])
    if not any(c.fact == "caption" for c in draw.columns):
        return
    for row in draw.rows:
        row.cells[heading] = words[0]
    draw.add(None, heading, lambda _: Says(words[0]), "planned rows")
    for number in range(draw.random.randint(1, 3)):
        at = dt.datetime(2026, 12, 3 + number, 17, 30, tzinfo=dt.UTC)
        post = replace(draw.posts[0], post_id=post_id(at, 9), caption=f"To come {number}", at=at, status="planned")
        empty = {c.heading for c in draw.columns if c.fact not in {"caption", "posted_at", "account"}}
        cells = {c.heading: "" if c.heading in empty else c.say(post).cell for c in draw.columns}
        word = words[draw.random.randint(1, 3)]
        draw.rows.append(
            Row(cells | {heading: word}, kind="a planned row", words="planned|draft|idea|(is|are) no posts?:")
        )


def repeated(draw: Draw) -> None:
    """Some posts stand twice, once with smaller counts of an earlier day."""
    if not any(c.fact in {"post_id", "link"} for c in draw.columns):
        return
    for row in draw.random.sample(draw.rows, k=max(1, len(draw.rows) // 4)):
        if row.post is None or not row.post.facts["views"]:
            continue
        facts = {name: (int(v * 0.6) if name in COUNTED else v) for name, v in row.post.facts.items()}
        post = replace(row.post, facts=facts)
        said = {c.heading: c.say(post) for c in draw.columns}
        known = [c for c in draw.columns if c.fact in COUNTED and row.says[c.fact].value is not None]
        cells = {**row.cells, **{c.heading: said[c.heading].cell for c in known}}
        twice = Row(cells, kind="a repeated post", words="same|twice|more than once|several|repeat|again")
        draw.rows.insert(draw.random.randint(0, len(draw.rows)), twice)


# Each with the share of the sheets that have it.
FEATURES = (
    (repeated, 0.1),
    (platforms, 0.15),
    (planned, 0.12),
    (sums, 0.12),
    (sums_without_words, 0.05),
    (notes, 0.06),
    (header_again, 0.05),
)


def add_rows(draw: Draw) -> None:
    """Rows that are none of a post to be read."""
    for feature, share in FEATURES:
        if draw.chance(share):
            feature(draw)
