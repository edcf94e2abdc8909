from __future__ import annotations

import contextlib
import gc
import io
import itertools
import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

# Workers share the cores among themselves; each using all of them for a small product would only wait for the others.
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import pytest
from hypothesis import settings

from tests.load_cache import load_cache
from tiktok_coach.cli.app import run
from tiktok_coach.core.translation import set_language
from tiktok_coach.demo.bakery import write_bakery

if TYPE_CHECKING:
    from tiktok_coach.media.facts import Video

# While tests are collected, nothing is kept in the user's own folder either.
_WHILE_COLLECTED = tempfile.TemporaryDirectory()
os.environ["XDG_CACHE_HOME"] = _WHILE_COLLECTED.name

# CI repeats what it has seen; at a desk every run looks at new cases. No test is timed.
settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("desk", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "desk")


NUMBERS = itertools.count()
# Folders of tests that are about what is read of files.
READING = {"generated", "io", "plugins", "properties"}


def pytest_collection_finish() -> None:
    """What the tests and the libraries consist of stays to the end: to look through it for garbage takes a twentieth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """The name of a case: bytes are named by their argument, since archives hold the time at which they are made."""
    return argname if isinstance(val, bytes) else None


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


@pytest.fixture(scope="session")
def caches(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("caches")


@pytest.fixture(autouse=True)
def _own_caches(monkeypatch: pytest.MonkeyPatch, caches: Path) -> None:
    # It is made only where a test keeps something.
    folder = caches / str(next(NUMBERS))
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    monkeypatch.setenv("XDG_STATE_HOME", str(folder / "state"))
    # Not every system goes by that variable.
    monkeypatch.setattr("tiktok_coach.io.cache.user_cache_path", lambda name: folder / name)
    monkeypatch.setattr("tiktok_coach.core.package_cache.user_cache_path", lambda name: folder / name)
    monkeypatch.setattr("tiktok_coach.render.written.user_state_path", lambda name: folder / "state" / name)


@pytest.fixture(autouse=True)
def _loads_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, shared: Path) -> None:
    """Exports are loaded once by all tests but those of reading, and commands keep none unless that is what is tested."""
    load_cache.folder = shared / "loads"
    load_cache.folder.mkdir(exist_ok=True)
    load_cache.example_only = request.path.parent.name in READING
    if request.node.get_closest_marker("export_cache") is None:
        monkeypatch.setattr("tiktok_coach.analysis.exports.export_cache", lambda: None)


@pytest.fixture(autouse=True)
def _plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "110")
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.setenv("LANGUAGE", "en")
    # A command before may have spoken another.
    set_language(None)


@pytest.fixture
def coach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """Runs the command line in an empty folder, as a user would, and gives its exit code, stdout and stderr."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str | Path) -> Ran:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run([str(a) for a in arguments])
        return Ran(code, out.getvalue(), err.getvalue())

    return call


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def bakery(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example, written once and to be read alone; what is loaded of it is loaded once too."""
    example = shared / "example"
    if not example.exists():
        own = tmp_path_factory.mktemp("demo")
        write_bakery(own / "bakery")
        # Where another worker was quicker, its files are the example.
        with contextlib.suppress(OSError):
            own.rename(example)
    load_cache.know(example / "bakery")
    return example / "bakery"


@pytest.fixture
def name_videos(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[Sequence[Video]], Path]:
    """Gives the folder of videos, whose measures are known without a file."""

    def name(videos: Sequence[Video]) -> Path:
        from tests.watched import results_of

        folder = tmp_path / "videos"
        folder.mkdir(exist_ok=True)
        monkeypatch.setattr("tiktok_coach.media.probe.probe_videos", lambda *_paths, **_how: results_of(videos, folder))
        return folder

    return name
