"""The exports of a request, with what the user's settings say of their accounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from tiktok_coach.analysis.options import Progress
from tiktok_coach.analysis.settings import Settings
from tiktok_coach.core.account import Account, normalize_handle
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.notices import Notice
from tiktok_coach.core.schema import column
from tiktok_coach.core.translation import _
from tiktok_coach.io.load import load
from tiktok_coach.io.reading import Export


def load_export(paths: Sequence[Path], settings: Settings, progress: Progress | None) -> Export:
    """The exports at `paths` and the settings' trends as one export, with what the settings say of its accounts.

    It is of one account where the options name one.
    """
    read = load(paths, settings.read_options, needed=settings.trends, strict=settings.options.strict, progress=progress)
    export = with_account_settings(read, settings.account, settings.options.timezone)
    if tuple(paths) == settings.options.inputs:
        export = replace(export, notices=(*export.notices, *_unknown_handle(read, settings)))
    result = of_account(export, settings.options.account) if settings.options.account else export
    if not settings.options.media or tuple(paths) != settings.options.inputs:
        return result
    from tiktok_coach.analysis.media import with_media

    return with_media(result, settings.options.media, progress)


def _unknown_handle(export: Export, settings: Settings) -> list[Notice]:
    """A warning where the config's settings are of an account that the inputs do not hold."""
    handle, handles = settings.account.handle, [account.handle for account in export.accounts]
    if settings.is_shared or handle is None or None in handles or handle in handles:
        return []
    text = _(
        "what it says of the account {handle!r} is not used: the inputs hold {handles}",
        handle=handle,
        handles=", ".join(str(h) for h in handles),
    )
    return [Notice(settings.config.where or _("the config file"), text)]


def with_account_settings(export: Export, config_account: Account, timezone: str | None) -> Export:
    """The export with what the user's settings say of its account.

    Settings with a handle hold for that account alone, others for each; the timezone of an option holds for every one.
    """
    accounts = []
    for account in export.accounts:
        is_own = config_account.handle is None or account.handle is None or config_account.handle == account.handle
        settings = (
            config_account if is_own else Account(timezone=timezone, timezone_source="--timezone" if timezone else None)
        )
        own_settings = settings if account.handle is None else replace(settings, handle=account.handle)
        accounts.append(own_settings.fill_from(account))
    return replace(export, accounts=tuple(accounts))


def of_account(export: Export, handle: str | None) -> Export:
    """The export with the posts of one account alone, or for None of those without an account.

    Raises CoachError for an account that it does not hold.
    """
    name = normalize_handle(handle)
    accounts = tuple(a for a in export.accounts if a.handle == name)
    if not accounts:
        handles = ", ".join(str(a.handle) for a in export.accounts if a.handle) or "none"
        problem = _("no posts of account {name!r}", name=name)
        raise CoachError(problem, hint=_("the inputs hold: {value}", value=handles))
    posts = export.posts.iloc[account_rows(export, name)].reset_index(drop=True)
    ids = set(posts["post_id"])
    snapshots = export.snapshots[export.snapshots["post_id"].isin(ids)].reset_index(drop=True)
    curves = export.retention
    if curves is not None:
        curves = curves[curves["post_id"].isin(ids)].reset_index(drop=True)
    audiences = {h: a for h, a in export.audiences.items() if h == name}
    return replace(export, posts=posts, snapshots=snapshots, retention=curves, accounts=accounts, audiences=audiences)


def account_rows(export: Export, handle: str | None) -> np.ndarray:
    """The row numbers of the posts of one account, or for None of those that tell no account."""
    owner = column(export.posts, "account")
    own = owner.isna() if handle is None else owner == handle
    return own.to_numpy(dtype=bool).nonzero()[0]
