"""Well-formed inputs of every kind that the tool reads, for the fuzzer to mutate: made-up posts in the real forms."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import random
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape

import pandas as pd
import xlsxwriter
from fuzz_pages import answers, har

CAPTIONS = (
    "What hides in this loaf? #rye #foodtok",
    'He said "rise", so it did',
    "Rugbrød på 3 dage #bageri",
    "",
    "パン #ベーカリー",
    "One, two; three\nlines 🍞",
)
START = dt.datetime(2026, 3, 2, 7, 30, tzinfo=dt.UTC)
ROOT = Path(__file__).parent.parent
OLD_WORKBOOK = ROOT / "tests" / "io" / "four_tabs.xls"


@dataclass(frozen=True)
class Seed:
    """A folder of files by name. `kind` says through which commands it goes; `rows` names a file of which no row may be lost."""

    name: str
    kind: str
    files: dict[str, bytes]
    rows: str | None = None
    options: tuple[str, ...] = field(default=())


def _posts(count: int = 14) -> list[dict[str, str]]:
    draw = random.Random(4)
    rows = []
    for n in range(count):
        moment = START + dt.timedelta(hours=29 * n)
        post_id = str((int(moment.timestamp()) << 32) | (n + 7))
        views = draw.randint(300, 90_000)
        rows.append(
            {
                "id": post_id,
                "link": f"https://www.tiktok.com/@baker/video/{post_id}",
                "day": f"{moment:%B} {moment.day}",
                "moment": f"{moment:%Y-%m-%d %H:%M:%S}",
                "slashed": f"{moment:%Y/%m/%d %H:%M:%S}",
                "european": f"{moment:%d/%m/%Y}",
                "unix": str(int(moment.timestamp())),
                "caption": CAPTIONS[n % len(CAPTIONS)],
                "views": str(views),
                "likes": str(views // 15),
                "comments": str(views // 200),
                "shares": str(views // 300),
                "saves": str(views // 90),
                "length": str(draw.randint(6, 60)),
                "watch": f"{draw.uniform(2, 20):.1f}",
                "finished": f"{draw.uniform(1, 60):.1f}",
            }
        )
    return rows


def table(
    header: str, keys: str, *, separator: str = ",", quoting: int = csv.QUOTE_MINIMAL, bom: bool = False
) -> bytes:
    """A CSV of the posts: a heading and a key for each column, both parted by `|`."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=separator, quoting=quoting, lineterminator="\n")
    writer.writerow(header.split("|"))
    for post in _posts():
        writer.writerow([post.get(key, key) for key in keys.split("|")])
    return (("\ufeff" if bom else "") + stream.getvalue()).encode()


def workbook(*sheets: bytes) -> bytes:
    """CSVs as the tabs of a workbook."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    for sheet in sheets:
        page = book.add_worksheet()
        for number, row in enumerate(csv.reader(io.StringIO(sheet.decode("utf-8-sig")))):
            page.write_row(number, 0, row)
    book.close()
    return stream.getvalue()


def open_document(sheet: bytes) -> bytes:
    """A CSV as a workbook of LibreOffice."""
    names = "".join(f' xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text"))
    rows = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'
            for cell in row
        )
        + "</table:table-row>"
        for row in csv.reader(io.StringIO(sheet.decode("utf-8-sig")))
    )
    content = f'<?xml version="1.0"?><office:document-content{names}><office:body><office:spreadsheet>'
    content += f'<table:table table:name="a">{rows}</table:table></office:spreadsheet></office:body>'
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    manifest = b'<?xml version="1.0"?><m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    body = f"{content}</office:document-content>".encode()
    return zipped({"mimetype": kind, "content.xml": body, "META-INF/manifest.xml": manifest})


def zipped(files: dict[str, bytes]) -> bytes:
    """Files as a ZIP."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return stream.getvalue()


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def seeds() -> list[Seed]:
    """Every kind of input."""
    posts = _posts()
    studio = table(
        "Time|Video title|Video link|Post time|Total likes|Total comments|Total shares|Total views",
        "March 30|caption|link|day|likes|comments|shares|views",
        quoting=csv.QUOTE_ALL,
        bom=True,
    )
    overview = b'\xef\xbb\xbf"Date","Video Views","Profile Views","Likes","Comments","Shares"\n' + b"\n".join(
        f'"March {d}","{d * 9}","3","2","1","0"'.encode() for d in range(1, 29)
    )
    hours = b'"Date","Hour","Active followers"\n' + b"\n".join(
        f'"March {d}","{h}","{h * d}"'.encode() for d in range(20, 27) for h in range(24)
    )
    suite = table(
        "Video title|Video link|Post time|Video views|Likes|Comments|Shares|Add to Favorites",
        "caption|link|slashed|views|likes|comments|shares|saves",
        bom=True,
    )
    metricool = table(
        "Image|URL|Title|Date|Link|Type|Views|Likes|Comments|Shares|Reach|Duration|Engagement|Full video watched rate|Total time watched seconds|Avg. time watched seconds|For You|Follow",
        "||caption|moment|link|video|views|likes|comments|shares|views|length|1|finished|9000|watch|80|20",
        separator=";",
    )
    kept = table(
        "Post day|Video title|Total video time|Total views|Total likes|Total comments|Total shares|Total saves|Avg watch time|Full watch percentage",
        "european|caption|length|views|likes|comments|shares|saves|watch|finished",
    )
    scraper = table(
        "id|text|createTime|diggCount|shareCount|playCount|commentCount|collectCount|webVideoUrl|videoMeta/duration|hashtags/0/name",
        "id|caption|unix|likes|shares|views|comments|saves|link|length|rye",
    )
    danish = table(
        "tiktok_handle|display_name|video_id|upload_dato|beskrivelse|visninger|likes|kommentarer|shares|gemmer|video_url",
        "baker|Bageren|id|moment|caption|views|likes|comments|shares|saves|link",
    )
    canonical = table(
        "post_id|account|posted_at|caption|views|likes|comments|shares|saves|duration_s|sources",
        "id|baker|moment|caption|views|likes|comments|shares|saves|length|mine",
    )
    parquet = io.BytesIO()
    pd.read_csv(io.BytesIO(canonical), dtype={"post_id": "str"}).assign(
        posted_at=lambda t: pd.to_datetime(t["posted_at"], utc=True)
    ).to_parquet(parquet)
    archive = {
        "Post": {
            "Posts": {
                "VideoList": [
                    {
                        "Date": p["moment"],
                        "Link": "https://x.tiktokcdn.com/v",
                        "Likes": p["likes"],
                        "AllowDuets": "Yes",
                        "AllowStitches": "No",
                        "AllowComments": "Yes",
                        "Sound": "Dough - baker",
                        "Title": "N/A",
                    }
                    for p in posts
                ]
            }
        }
    }
    api = {
        "data": {
            "videos": [
                {
                    "item_id": p["id"],
                    "create_time": int(p["unix"]),
                    "caption": p["caption"],
                    "share_url": p["link"],
                    "video_duration": float(p["length"]),
                    "video_views": int(p["views"]),
                    "likes": int(p["likes"]),
                    "comments": int(p["comments"]),
                    "shares": int(p["shares"]),
                    "reach": int(p["views"]),
                    "full_video_watched_rate": 0.2,
                    "average_time_watched": 4.5,
                    "impression_sources": [{"impression_source": "For You", "percentage": 0.9}],
                }
                for p in posts
            ]
        }
    }
    web = [
        {
            "id": p["id"],
            "desc": p["caption"],
            "createTime": int(p["unix"]),
            "stats": {"playCount": int(p["views"]), "diggCount": int(p["likes"]), "commentCount": 1, "shareCount": 2},
            "video": {"duration": 12, "width": 576, "height": 1024},
            "music": {"title": "Dough", "original": True},
            "challenges": [{"title": "rye"}],
        }
        for p in posts
    ]
    ytdlp = {
        "id": posts[0]["id"],
        "title": "Rye",
        "description": posts[0]["caption"],
        "timestamp": int(posts[0]["unix"]),
        "duration": 12,
        "view_count": 300,
        "like_count": 20,
        "comment_count": 1,
        "repost_count": 2,
        "uploader": "baker",
        "webpage_url": posts[0]["link"],
        "extractor": "TikTok",
    }
    odd = {
        "hentet": "2026-05-01",
        "poster": [
            {
                "videoId": p["id"],
                "tekst": p["caption"],
                "visninger": int(p["views"]),
                "likes": int(p["likes"]),
                "tags": ["rye", "brød"],
            }
            for p in posts
        ],
    }
    sidecar = table("post_id|hook_s|intro|opening_emotion|bpm", "id|1.5|no|surprise|124")
    side_yaml = "posts:\n" + "".join(
        f'  - post_id: "{p["id"]}"\n    hook_s: 2\n    effects: [green, none]\n' for p in posts[:4]
    )
    trends = b"lists:\n  - as_of: 2026-03-10\n    region: DK\n    window_days: 7\n    hashtags: [rye]\n    sounds: [Dough]\n    searches: [bread]\n"
    config = b"account: {handle: '@baker', type: business, timezone: Europe/Copenhagen, subcultures: [foodtok]}\nignore: [T204]\nrules: {T504: {params: {min: 20, max: 40}, severity: info}}\ncolumns: {views: visninger}\nlint: {fail_on: error}\n"
    pack = b"group: house\ntitle: House\nsource: {name: us, as_of: 2026-01}\nrules:\n  - code: H101\n    name: shop\n    title: No shop\n    do: Name it\n    check: pattern\n    field: caption\n    params: {pattern: '(?i)rye'}\n    severity: info\n    message: no\n    passed: yes\n    why: because\n    fix: do\n    sources: [{claim: c, name: us, as_of: 2026-01}]\n    examples: {pass: [{caption: rye}], fail: [{caption: x}], unknown: [{}]}\n"
    calendar = ROOT / "tests" / "lint" / "calendar"
    plans = {
        path.relative_to(calendar).as_posix(): path.read_bytes()
        for path in sorted(calendar.rglob("*"))
        if path.is_file()
    }
    own = table("id|publish_at|caption|video.duration_s|hashtags", "id|moment|caption|length|rye bread")
    by_hand = table(
        "Date|Publish time|Platform|Full caption|Hashtags|Status", "moment|18:30|TikTok|caption|#rye #rye|planned"
    )
    export = [
        Seed("studio", "export", {"Content.csv": studio}, "Content.csv"),
        Seed(
            "studio folder",
            "export",
            {"e/Content.csv": studio, "e/Overview.csv": overview, "e/FollowerActivity.csv": hours},
        ),
        Seed("studio zip", "export", {"Content_baker.zip": zipped({"Content.csv": studio, "Overview.csv": overview})}),
        Seed("studio xlsx", "export", {"Content.xlsx": workbook(studio)}),
        Seed("business suite", "export", {"v.csv": suite}, "v.csv"),
        Seed("metricool", "export", {"m.csv": metricool}, "m.csv"),
        Seed("hand-kept", "export", {"k.csv": kept}, "k.csv"),
        Seed("scraper csv", "export", {"s.csv": scraper}, "s.csv"),
        Seed("any sheet", "export", {"d.csv": danish}, "d.csv"),
        Seed("any sheet by hand", "export", {"d.csv": danish}, "d.csv", ("--column", "views=visninger")),
        Seed("any sheet xlsx", "export", {"d.xlsx": workbook(danish)}),
        Seed("tabs", "export", {"t.xlsx": workbook(danish, b"Read me\n", suite)}),
        Seed("tabs of old Excel", "export", {"o.xls": OLD_WORKBOOK.read_bytes()}),
        Seed("any sheet ods", "export", {"d.ods": open_document(danish)}),
        Seed("canonical", "export", {"c.csv": canonical}, "c.csv"),
        Seed("parquet", "export", {"c.parquet": parquet.getvalue()}),
        Seed("archive", "export", {"user_data_tiktok.json": _json(archive)}),
        Seed("api", "export", {"a.json": _json(api)}),
        Seed("web", "export", {"w.json": _json(web)}),
        Seed("yt-dlp", "export", {"y.info.json": _json(ytdlp)}),
        Seed("capture har", "export", {"s.har": har(posts)}),
        Seed("capture kept", "export", {"s.json": _json(answers(posts))}),
        Seed("capture beside", "export", {"e/s.har": har(posts), "e/Content.csv": studio, "e/a.json": _json(archive)}),
        Seed("any json", "export", {"o.json": _json(odd)}),
        Seed("json lines", "export", {"l.json": b"\n".join(json.dumps(row).encode() for row in web)}),
        Seed("sidecar", "export", {"e/v.csv": suite, "e/side.csv": sidecar}),
        Seed("sidecar yaml", "export", {"e/v.csv": suite, "e/side.yaml": side_yaml.encode()}),
        Seed("trends", "export", {"e/v.csv": suite, "e/trends.yaml": trends}),
        Seed("config", "export", {"e/d.csv": danish, "e/tiktok-coach.yaml": config}),
        Seed(
            "everything",
            "export",
            {
                "e/s.zip": zipped({"Content.csv": studio}),
                "e/v.csv": suite,
                "e/k.csv": kept,
                "e/a.json": _json(archive),
                "e/side.csv": sidecar,
                "e/t.yaml": trends,
            },
        ),
    ]
    planned = [
        Seed("plans", "plan", plans),
        Seed("own calendar", "plan", {"p.csv": own}),
        Seed("calendar by hand", "plan", {"h.csv": by_hand}),
        Seed("calendar xlsx", "plan", {"p.xlsx": workbook(own)}),
        Seed("calendar tabs", "plan", {"p.xlsx": workbook(own, by_hand)}),
        Seed("plan config", "plan", {"calendar.yaml": plans["calendar.yaml"], "tiktok-coach.yaml": config}),
    ]
    return [*export, *planned, Seed("rule pack", "rules", {"pack/h.yaml": pack, "v.csv": suite})]
