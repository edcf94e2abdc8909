"""How long, and with how much memory, plans are linted beside Spectral, with ten equivalent rules, on the same files, in one run.

Two floors stand in the way of less. A short lint loads its libraries, half of which is Arrow and pydantic, through which Typer reads options:
rules on other texts than Arrow's, and options that are read without pydantic, would take them away. A long one in YAML makes objects of half
a million events of PyYAML's: a parser in C that gives values with their places would take them away.

Run: npm install --prefix DIR @stoplight/spectral-cli, then python benchmarks/lint.py DIR/node_modules/.bin/spectral
"""

from __future__ import annotations

import csv
import datetime as dt
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from measure import interleaved, show, show_floor

RUNS = 9
# A run of half a second is soon told apart from another by chance.
SHORT_RUNS = 21
MANY = 10_000
# Each rule in the words of both.
RULES = {
    "T401": 'caption-length: {given: "$.posts[*].caption", severity: warn, then: {function: length, functionOptions: {max: 150}}}',
    "T403": 'caption-asks: {given: "$.posts[*].caption", severity: warn, then: {function: pattern, functionOptions: {match: "\\\\?"}}}',
    "T505": 'length: {given: "$.posts[*].video.duration_s", severity: warn, then: {function: schema, functionOptions: {schema: {minimum: 5, maximum: 180}}}}',
    "T506": 'vertical: {given: "$.posts[*].video", severity: warn, then: {function: schema, functionOptions: {schema: {properties: {width: {const: 1080}, height: {const: 1920}}}}}}',
    "T301": 'hook: {given: "$.posts[*].video.hook_s", severity: warn, then: {function: schema, functionOptions: {schema: {maximum: 3}}}}',
    "T302": 'intro: {given: "$.posts[*].video.intro", severity: warn, then: {function: enumeration, functionOptions: {values: [false]}}}',
    "T806": 'hashtags: {given: "$.posts[*].hashtags", severity: warn, then: {function: length, functionOptions: {min: 1}}}',
    "T706": 'duet: {given: "$.posts[*].engagement.duet", severity: warn, then: {function: truthy}}',
    "T901": 'sound: {given: "$.posts[*].sound.trending", severity: warn, then: {function: truthy}}',
    "C001": 'time: {given: "$.posts[*]", severity: warn, then: {field: publish_at, function: defined}}',
}


# What a lint cannot do without: the libraries it loads, and PyYAML's reading of a file.
LIBRARIES = "import typer, numpy, pyarrow.compute, yaml; from pydantic import BaseModel, TypeAdapter"
EVENTS = """
import sys, yaml
event_of = yaml.CSafeLoader(open(sys.argv[1], encoding="utf-8").read()).get_event
while type(event_of()) is not yaml.StreamEndEvent:
    pass
"""


def posts(count: int, rng: np.random.Generator) -> Iterator[dict[str, Any]]:
    """Posts of a calendar; one in ten has a fault that both sides find."""
    at = dt.datetime(2090, 1, 1, 18, 30, tzinfo=dt.UTC)
    for number in range(count):
        faulty = rng.random() < 0.1
        yield {
            "id": f"post-{number:05d}",
            "publish_at": (at + dt.timedelta(hours=8 * number)).isoformat(),
            "caption": f"Can you guess what is in number {number}{'' if faulty else '?'} #foodtok #bake{number % 50}",
            "file": f"media/{number}.mp4",
            "duration_s": round(float(rng.uniform(6, 60)), 1),
            "hook_s": 4.2 if faulty else 1.2,
            "name": f"Waltz {number}",
        }


def write_yaml(path: Path, rows: Iterator[dict[str, Any]]) -> None:
    lines = ["account: {handle: '@baker', timezone: Europe/Copenhagen, country: DK, subcultures: [foodtok]}", "posts:"]
    for row in rows:
        lines += [
            f"  - id: {row['id']}",
            f"    publish_at: {row['publish_at']}",
            f'    caption: "{row["caption"]}"',
            "    hashtags: [foodtok]",
            f"    video: {{file: {row['file']}, duration_s: {row['duration_s']}, width: 1080, height: 1920, hook_s: {row['hook_s']}, intro: false, opening_emotion: surprise, bpm: 124, effects: [green-screen]}}",
            f'    sound: {{name: "{row["name"]}", trending: true}}',
            "    engagement: {duet: true, stitch: true, reply_to_comments: true}",
        ]
    path.write_text("\n".join(lines) + "\n", "utf-8")


def write_csv(path: Path, rows: Iterator[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(
            [
                "id",
                "publish_at",
                "caption",
                "hashtags",
                "video.file",
                "duration_s",
                "width",
                "height",
                "hook_s",
                "intro",
                "opening_emotion",
                "bpm",
                "effects",
                "sound.name",
                "sound.trending",
                "engagement.duet",
                "engagement.stitch",
            ]
        )
        for row in rows:
            writer.writerow(
                [
                    row["id"],
                    row["publish_at"],
                    row["caption"],
                    "foodtok",
                    row["file"],
                    row["duration_s"],
                    1080,
                    1920,
                    row["hook_s"],
                    "false",
                    "surprise",
                    124,
                    "green-screen",
                    row["name"],
                    "true",
                    "true",
                    "true",
                ]
            )


if __name__ == "__main__":
    spectral = sys.argv[1] if len(sys.argv) > 1 else shutil.which("spectral")
    if spectral is None:
        sys.exit("spectral is not there: " + (__doc__ or "").rpartition("Run: ")[2].strip())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ruleset = folder / "rules.spectral.yaml"
        ruleset.write_text("rules:\n" + "".join(f"  {rule}\n" for rule in RULES.values()), "utf-8")
        few, many, table = folder / "few.yaml", folder / "many.yaml", folder / "many.csv"
        write_yaml(few, posts(30, np.random.default_rng(0)))
        write_yaml(many, posts(MANY, np.random.default_rng(0)))
        write_csv(table, posts(MANY, np.random.default_rng(0)))

        def ours(path: Path) -> list[str]:
            chosen = [word for code in RULES for word in ("--select", code)]
            launcher = Path(sys.executable).with_name("tiktok-coach")
            return [str(launcher), "lint", str(path), *chosen, "--format", "concise", "--exit-zero"]

        def theirs(path: Path) -> list[str]:
            return [spectral, "lint", str(path), "--ruleset", str(ruleset), "--format", "text"]

        libraries = [sys.executable, "-c", LIBRARIES]
        events = [sys.executable, "-c", EVENTS, str(many)]
        found = interleaved({"few": ours(few), "few spectral": theirs(few), "libraries": libraries}, SHORT_RUNS)
        found |= interleaved(
            {"many": ours(many), "table": ours(table), "many spectral": theirs(many), "YAML events": events}, RUNS
        )
    print(
        f"median of {SHORT_RUNS} runs of the small, {RUNS} of the large, whole processes; peak is the largest resident set of one"
    )
    for name, measured in found.items():
        print(f"  {name:14} {measured.seconds:6.2f} s {measured.peak_mb:6.0f} MB")
    slow = found["many spectral"]
    quick, libraries, events = found["few spectral"], found["libraries"].seconds, found["YAML events"].seconds
    show("30 posts: wall / Spectral's", found["few"].seconds / quick.seconds, 0.4)
    show_floor("its libraries", libraries / quick.seconds)
    show("30 posts: wall / loading its libraries alone", found["few"].seconds / libraries, 1.6)
    show(f"{MANY:,} posts in one YAML file: wall / Spectral's", found["many"].seconds / slow.seconds, 0.52)
    show_floor("its libraries, and PyYAML's events", (libraries + events) / slow.seconds)
    # PyYAML's process loads none of what a lint loads, so that both make the floor.
    show(
        f"{MANY:,} posts in one YAML file: wall / libraries and events",
        found["many"].seconds / (libraries + events),
        3.0,
    )
    show(f"{MANY:,} posts as CSV: wall / Spectral's of the YAML", found["table"].seconds / slow.seconds, 0.27)
    show_floor("a lint of 30 posts, which is its start", found["few"].seconds / slow.seconds)
    show("30 posts: memory / Spectral's", found["few"].peak_mb / quick.peak_mb, 1.0)
    show(f"{MANY:,} posts in one YAML file: memory / Spectral's", found["many"].peak_mb / slow.peak_mb, 1.0)
