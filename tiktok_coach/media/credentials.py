"""What the Content Credentials (C2PA) of a video or photo file say of how it was made."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

# Kinds of source (IPTC, cv.iptc.org/newscodes/digitalsourcetype) that mean that AI made the picture, or a part of it.
AI_SOURCES = frozenset({"trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia"})
# Nothing is fetched: no manifest that is kept elsewhere, no list of whom to trust, no list of certificates withdrawn.
OFFLINE = {
    "verify": {
        "verify_trust": False,
        "verify_timestamp_trust": False,
        "ocsp_fetch": False,
        "remote_manifest_fetch": False,
    },
    "core": {"allowed_network_hosts": []},
}


def content_credentials(path: Path) -> str | None:
    """What the credentials in a video or photo file say: `ai`, `other`, or `none` where the file has none.

    None where that is not known: without the library, for a file or a format that cannot be read, for credentials that
    do not fit the file (it was changed after they were signed), and for those that are kept elsewhere. Who signed
    is not asked: that needs a list from the network.
    """
    context = _offline_context()
    if context is None:
        return None
    import c2pa

    with suppress(c2pa.C2paError, OSError, ValueError), path.open("rb") as stream:
        reader = c2pa.Reader.try_create(stream, context=context)
        if reader is None:
            return "none"
        with reader:
            if reader.get_validation_state() == "Invalid":
                return None
            return "ai" if AI_SOURCES.intersection(_source_types(json.loads(reader.json()))) else "other"
    return None


@cache
def _offline_context() -> Any:
    """The library's settings, made once a process; None where the library is not installed."""
    if find_spec("c2pa") is None:
        return None
    import c2pa

    return c2pa.Context.from_dict(OFFLINE)


def _source_types(store: dict[str, Any]) -> Iterator[str]:
    """The last part of each kind of source that actions and ingredients of all manifests name."""
    for manifest in store.get("manifests", {}).values():
        for part in ("assertions", "ingredients"):
            for name in _values_of(manifest.get(part), ("digitalSourceType", "digital_source_type")):
                yield name.rstrip("/").rpartition("/")[2]


def _values_of(content: Any, keys: tuple[str, ...]) -> Iterator[str]:
    """The texts under some keys, however deep."""
    if isinstance(content, dict):
        for key, value in content.items():
            if key in keys and isinstance(value, str):
                yield value
            else:
                yield from _values_of(value, keys)
    elif isinstance(content, list):
        for value in content:
            yield from _values_of(value, keys)
