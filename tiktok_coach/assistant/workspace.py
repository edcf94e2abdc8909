"""The exports of a folder, read once and kept as long as no file changes; every tool asks them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event, Lock

from tiktok_coach.analysis.follow_up import memory_path
from tiktok_coach.analysis.session import Analysis
from tiktok_coach.analysis.settings import AnalysisOptions, Settings, settings_with
from tiktok_coach.assistant.folder import Folder, Stamp
from tiktok_coach.core.account import normalize_handle
from tiktok_coach.core.config import Config, config_in, read_config
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.schema import planned_mask
from tiktok_coach.core.translation import _
from tiktok_coach.io.reading import Export

# So long one answer may take, and wait for another before it. Most programs of assistants wait for a minute.
SECONDS = 50.0


@dataclass
class _Kept:
    """What was read, the files it was read of, and the day of which it speaks; accounts are sliced off once."""

    stamp: Stamp
    day: dt.date
    analysis: Analysis
    accounts: dict[str | None, Analysis] = field(default_factory=dict)


class Workspace:
    """The folder that a user names, with what the command line says of it.

    Of `options` the inputs are the folder, and `now` is taken anew with each reading.
    """

    def __init__(self, folder: Folder, options: AnalysisOptions, seconds: float = SECONDS) -> None:
        self.folder = folder
        self.options = options
        self.seconds = seconds
        self._kept: _Kept | None = None
        self._settings: tuple[Stamp, dt.date, Settings] | None = None
        self._lock = Lock()

    @contextmanager
    def turn(self, is_over: Event) -> Iterator[None]:
        """One answer at a time. Raises CoachError where another takes too long, or nobody waits for this one."""
        if not self._lock.acquire(timeout=self.seconds):
            raise CoachError(_("an earlier question is still being worked on"), hint=_("ask again in a minute"))
        try:
            if is_over.is_set():
                raise CoachError(_("nobody waits for this answer"))
            yield
        finally:
            self._lock.release()

    def settings(self) -> Settings:
        """What holds for the folder, which is read anew where a file or the day is another; see `read_settings`."""
        stamp, day = self._now()
        if self._settings is None or self._settings[:2] != (stamp, day):
            self._settings = stamp, day, self.read_settings()
        return self._settings[2]

    def _now(self) -> tuple[Stamp, dt.date]:
        """The files of the folder, and the day."""
        return self.folder.stamp(), self.options.today or dt.datetime.now(dt.UTC).date()

    def read_settings(self) -> Settings:
        """What holds for the folder: its own config file, or the one that the user names.

        Raises CoachError for a config file that cannot be used, or that leads out of the folder.
        """
        options = self.options if self.options.today else replace(self.options, now=dt.datetime.now(dt.UTC))
        named = options.config
        if named is not None and not named.is_file():
            raise CoachError(_("no such config file"), where=str(named))
        path = named or config_in(self.folder.root)
        if path is None:
            return settings_with(options, Config.model_construct(), self.folder.bounds)
        if named is None:
            self._require_within(path, path.name)
        settings = settings_with(options, read_config(path), self.folder.bounds)
        if named is None:
            config = settings.config
            names = [*config.rule_packs, *config.trends, *config.lint.history]
            names += [config.lint.baseline] if config.lint.baseline else []
            for name, place in zip(names, config.paths(names), strict=True):
                self._require_within(place, name, path.name)
                for below in place.glob("*.y*ml") if place.is_dir() else ():
                    self._require_within(below, f"{name}/{below.name}", path.name)
            if (memory := memory_path(settings)) is not None:
                self._require_within(memory, memory.name)
        return settings

    def _require_within(self, path: Path, name: str, where: str | None = None) -> None:
        try:
            if path.resolve().is_relative_to(self.folder.root):
                return
        except (OSError, RuntimeError):
            pass
        hint = _("start the server on a folder that holds both, or name the config file with --config")
        raise CoachError(_("{name!r} leads out of the folder", name=name), where=where or name, hint=hint)

    def analysis(self) -> Analysis:
        """The exports of the folder, read anew where a file or the day is another. Raises CoachError without any."""
        return self._read().analysis

    def account(self, handle: str | None) -> Analysis:
        """One account of the exports: the one with this handle, else that with most posts.

        Raises CoachError for an unknown one, and where no post is out.
        """
        kept = self._read()
        name = kept.analysis.account.handle if handle is None else normalize_handle(handle)
        if name not in kept.accounts:
            kept.accounts[name] = kept.analysis.for_account(name)
        one = kept.accounts[name]
        if planned_mask(one.export.posts).all():
            raise CoachError(_("no post of the folder is out yet"), hint=_("put exports of published posts there"))
        return one

    def published(self) -> Export | None:
        """The published posts, to hold plans against; None where the folder has none that can be read."""
        try:
            export = self.analysis().export
        except CoachError:
            return None
        return None if planned_mask(export.posts).all() else export

    def _read(self) -> _Kept:
        stamp, day = self._now()
        if self._kept is None or (self._kept.stamp, self._kept.day) != (stamp, day):
            self._kept = None
            self._kept = _Kept(stamp, day, Analysis.load((self.folder.path,), self.settings()))
        return self._kept

    def other_accounts(self) -> int:
        """How many accounts the folder has beside the one with most posts."""
        return len(self._read().analysis.export.accounts) - 1


def in_period(analysis: Analysis, last: str | None) -> Analysis:
    """The analysis of the posts of so far back, such as 28d; itself for None. Raises CoachError where none is."""
    if last is None:
        return analysis
    options = replace(analysis.settings.options, last=last)
    return Analysis(analysis.export, analysis.settings.with_changes(options=options)).in_period()
