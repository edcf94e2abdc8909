"""How long, and with how much memory, a HAR of 500 MB is read, beside its streaming parser alone walking the same file.

The file is like a long session's: pictures and parts of videos as base64, other pages' JSON, and the answers that are read.

Run: python benchmarks/capture.py [MB]
"""

from __future__ import annotations

import base64
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from measure import interleaved, show

RUNS = 5
POSTS = 1_500
PAGE = 10
PARSER = "import ijson\nfor _ in ijson.basic_parse(open({path!r}, 'rb'), buf_size=1 << 18, use_float=True): pass"
WALK = "from pathlib import Path\nfrom tiktok_coach.io.files.source_files import SourceFile\nfrom tiktok_coach.io.capture.har import walk\nfor _ in walk(SourceFile('big.har', path=Path({path!r}))): pass"


def entry(url: str, text: str, mime: str, *, encoded: bool = False) -> dict[str, object]:
    headers = [{"name": f"x-header-{n}", "value": "v" * 40} for n in range(20)]
    content = {"size": len(text), "mimeType": mime, "text": text, **({"encoding": "base64"} if encoded else {})}
    request = {"method": "GET", "url": url, "headers": headers, "cookies": [], "queryString": []}
    return {
        "startedDateTime": "2026-06-24T09:30:00.000Z",
        "time": 1,
        "request": request,
        "response": {"status": 200, "headers": headers, "content": content},
        "cache": {},
        "timings": {},
    }


def post_id(number: int) -> str:
    return str((1_770_000_000 + number * 9_000) << 32 | 7)


def insights(number: int) -> dict[str, object]:
    curve = [{"timestamp": str(1000 * n), "value": round(0.97**n, 4)} for n in range(45)]
    wrap = {"is_after_7d": False}
    return {
        "status_code": 0,
        "video_info": {
            "aweme_id": post_id(number),
            "desc": "Rye #baking",
            "create_time": 1_770_000_000 + number * 9_000,
            "video": {"duration": 44_000},
            "author": {"unique_id": "baker"},
        },
        "video_finish_rate_realtime": {**wrap, "value": {"status": 0, "value": 0.3}},
        "video_per_duration_realtime": {**wrap, "value": {"status": 0, "value": 12.5}},
        "video_retention_rate_realtime": {**wrap, "value": {"status": 0, "list": curve}},
        "video_vv_history_48_hours": [{"status": 0, "value": 9}] * 48,
    }


def write(path: Path, megabytes: int) -> None:
    """The file, entry by entry."""
    draw = random.Random(1)
    picture = base64.b64encode(draw.randbytes(180_000)).decode()
    film = base64.b64encode(draw.randbytes(1_500_000)).decode()
    other = json.dumps(
        {"items": [{"id": str(n), "title": "an item of another page", "n": n, "ok": True} for n in range(400)]}
    )
    item = {"desc": "Rye #baking", "duration": 44_000, "play_count": "1000", "like_count": "80"}
    size, number = 0, 0
    with path.open("w", encoding="utf-8") as stream:
        stream.write('{"log": {"version": "1.2", "creator": {"name": "WebInspector"}, "entries": [')
        while size < megabytes * 1_000_000:
            made = [
                entry("https://p16.example/a.jpeg", picture, "image/jpeg", encoded=True),
                entry("https://www.tiktok.com/api/x", other, "application/json"),
            ]
            if number % 4 == 0:
                made.append(entry("https://v16.example/a.mp4", film, "video/mp4", encoded=True))
            if number < POSTS:
                made.append(
                    entry(
                        "https://www.tiktok.com/aweme/v2/data/insight/?tz_name=UTC",
                        json.dumps(insights(number)),
                        "application/json",
                    )
                )
                if number % PAGE == 0:
                    items = [
                        {"item_id": post_id(n), "create_time": str(1_770_000_000 + n * 9_000), **item}
                        for n in range(number, number + PAGE)
                    ]
                    page = {
                        "status_code": 0,
                        "item_list": items,
                        "has_more": number + PAGE < POSTS,
                        "cursor": number + PAGE,
                    }
                    made.append(
                        entry(
                            "https://www.tiktok.com/tiktok/creator/manage/item_list/v1/",
                            json.dumps(page),
                            "application/json",
                        )
                    )
            text = ("," if number else "") + ",".join(map(json.dumps, made))
            size += len(text)
            stream.write(text)
            number += 1
        stream.write("]}}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--write"]:
        write(Path(sys.argv[2]), int(sys.argv[3]))
        sys.exit()
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "big.har")
        # In a process of its own, since a child's peak begins with what its parent holds.
        subprocess.run([sys.executable, __file__, "--write", path, str(megabytes)], check=True)
        size = Path(path).stat().st_size / 1e6
        found = interleaved(
            {
                "convert": [
                    sys.executable,
                    "-m",
                    "tiktok_coach",
                    "convert",
                    path,
                    "-q",
                    "-o",
                    str(Path(folder) / "posts.parquet"),
                ],
                "walk": [sys.executable, "-c", WALK.format(path=path)],
                "parser": [sys.executable, "-c", PARSER.format(path=path)],
            },
            RUNS,
        )
    print(f"{size:,.0f} MB, {POSTS:,} posts; median of {RUNS} runs, whole processes")
    for name, measured in found.items():
        print(
            f"{name:8} {measured.seconds:6.2f} s, {size / measured.seconds:6.0f} MB/s, peak {measured.peak_mb:4.0f} MB"
        )
    print(f"convert takes {found['convert'].seconds / found['parser'].seconds:.1f} times as long as the parser alone")
    show("convert, for 100 MB of the file", found["convert"].seconds / size * 100, 1, " s")
    show("answers found / the parser alone walking the file", found["walk"].seconds / found["parser"].seconds, 2)
    show("peak memory of convert", found["convert"].peak_mb, 300, " MB")
