"""Holds the hours of the week against accounts whose hours are known to make no difference, or to make one.

Posts go out at all hours, at seven usual ones, or at three; their views lie e times apart, up or down. Printed is the share of accounts of
which any hour is named as clearly better or worse, as clearly better, and of which the best that is named is one of the planted ones.

Run from the project's root: python -m benchmarks.hours [--worlds 200]
"""

from __future__ import annotations

import argparse

import numpy as np

from tiktok_coach.stats.posting_times import HOURS, fit_week

USED = {"all hours": tuple(range(HOURS)), "seven hours": (7, 12, 17, 18, 19, 20, 21), "three hours": (18, 19, 20)}
# The posts of these hours get so many times the views.
GOOD, TIMES = range(18, 22), (1.0, 1.65, 2.7)


def named(count: int, hours: tuple[int, ...], times: float, worlds: int, rng: np.random.Generator) -> np.ndarray:
    """The shares of accounts of `count` posts with a clear hour, with a better one, and with a best one that is planted."""
    verdicts = np.zeros((worlds, 3))
    for world in range(worlds):
        hour = rng.choice(hours, count)
        noise = rng.normal(0, 1, count) + np.log(times) * np.isin(hour, GOOD)
        slots = fit_week(noise - noise.mean(), rng.integers(0, 7, count) * HOURS + hour, None, rng)
        if slots is not None:
            best = slots.best_slots(1)
            verdicts[world] = slots.is_clear, bool(best), bool(best) and best[0] % HOURS in GOOD
    return np.asarray(verdicts.mean(axis=0))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", type=int, default=200, help="accounts of each kind")
    worlds = parser.parse_args().worlds
    rng = np.random.default_rng(3)
    idle = []
    for name, hours in USED.items():
        for times in TIMES if name != "three hours" else TIMES[:1]:
            for count in (25, 60, 180):
                shares = named(count, hours, times, worlds, rng)
                clear, better, planted = shares
                print(
                    f"{name:12} {count:4} posts  ×{times:<4}  clear {clear:4.0%}  better {better:4.0%}  planted {planted:4.0%}"
                )
                if times == 1:
                    idle.append(shares)
    clear, better, _ = np.mean(idle, axis=0)
    print(
        f"no hour makes a difference: any clear {clear:.1%}, any better {better:.1%} of {worlds * len(idle):,} accounts"
    )


if __name__ == "__main__":
    main()
