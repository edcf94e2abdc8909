"""A calendar as the example's bakery would write it: most posts are fine, and every tenth has a fault of its own."""

from __future__ import annotations

import datetime as dt
from random import Random

OPENINGS = (
    "Can you hear when the crust is done?",
    "Rye or wheat: which one rises first?",
    "What is in a croissant besides butter?",
    "Would you get up at three for this oven?",
    "Which filling would you take, cardamom or cinnamon?",
    "How long may a dough sleep before it sulks?",
    "Guess the weight of this loaf before we cut it 🍞",
    "Why does the first bread of the day always sing?",
)
OWN, KNOWN = ("#bagedag", "#foodtok"), ("#baking", "#bread", "#sourdough", "#bakery")
SOUNDS = ("Levain", "Crackling Waltz", "Kitchen Waltz", "Early Morning")
TIMES = ("17:15", "18:30", "19:00", "20:30")
FIRST_DAY = dt.date(2026, 12, 1)
LONG = " We fold it twice and wait, fold it again and wait some more, and then the oven does in ten minutes what we could not."
FAULTS = ("long", "spaces", "repeated", "night", "slow", "misspelt key", "strange value", "silenced")


def calendar(count: int, seed: int = 1) -> str:
    """A plan of so many posts as YAML."""
    random = Random(seed)
    lines = ["account: {handle: '@ovnkrogen', timezone: Europe/Copenhagen, country: DK}", "defaults:"]
    lines += ["  engagement: {duet: true, stitch: true, reply_to_comments: true}", "posts:"]
    for number in range(count):
        fault = FAULTS[number // 10 % len(FAULTS)] if number % 10 == 9 else None
        lines += post(number, random, fault)
    return "\n".join(lines) + "\n"


def post(number: int, random: Random, fault: str | None) -> list[str]:
    """The lines of one post."""
    day, time = FIRST_DAY + dt.timedelta(days=number), random.choice(TIMES)
    first, second = random.choice(OWN), random.choice(KNOWN)
    caption = f"{random.choice(OPENINGS)} No. {number} {first} {second} #smallbusiness"
    caption = {
        "long": f"{random.choice(OPENINGS)}{LONG} {first} {second}",
        "spaces": caption.replace(" No.", "   No."),
        "repeated": f"{caption} {first}",
    }.get(fault or "", caption)
    seconds = 58 if fault == "slow" else random.randint(12, 15)
    comment = "   # coach: ignore[T4] the tour needs its words" if fault == "silenced" else ""
    video = f"{{duration_s: {seconds}, width: 1080, height: 1920, hook_s: {random.choice((1, 1.5, 2))}, intro: false}}"
    lines = [
        f"  - id: bake-{number}{comment}",
        f"    publish_at: {day} {'03:30' if fault == 'night' else time}",
        f'    caption: "{caption}"',
        f"    video: {video}",
        f"    sound: {{name: {random.choice(SOUNDS)} {number}, commercial_licence: true}}",
    ]
    if fault == "misspelt key":
        lines.append("    captoin: nothing reads this")
    if fault == "strange value":
        lines.append("    privacy: everybody")
    return lines
