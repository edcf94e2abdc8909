"""cache: what is kept of files that were read before, so that the next command need not read them again."""

from __future__ import annotations

import typer

from tiktok_coach.cli.options import takes
from tiktok_coach.cli.request import Request
from tiktok_coach.cli.translation import Command, Group
from tiktok_coach.core.translation import _, format_value, plural

cache = typer.Typer(cls=Group, no_args_is_help=True, help="Show or clear what is kept of files read before.")


@cache.command(cls=Command)
@takes("output_format", "as_json", formats=("text", "json"))
def show(request: Request) -> None:
    """Show where files read before are kept, how many they are, and how large.

    A command reads files again once they, their names or this program have changed; `--no-cache` reads them anyway. \
    The oldest go at 500 MB.

    \b
    Examples:
      tiktok-coach cache show
      tiktok-coach cache show --json
    """
    from tiktok_coach.io.cache import MEGABYTE, export_cache

    store = export_cache()
    files = store.files()
    if request["output_format"] == "json":
        import json

        facts = {"folder": str(store.folder), "exports": len(files), "bytes": sum(files.values())}
        typer.echo(json.dumps(facts, indent=2, ensure_ascii=False))
        return
    size = format_value(sum(files.values()) / MEGABYTE, ".1f")
    exports = plural("{count} export", "{count} exports", len(files))
    typer.echo(_("{exports}, {size} MB, in {folder}", exports=exports, size=size, folder=store.folder))


@cache.command(cls=Command)
def clear() -> None:
    """Delete the cache of files read before; the files themselves stay as they are.

    \b
    Examples:
      tiktok-coach cache clear
    """
    from tiktok_coach.core.package_cache import package_cache
    from tiktok_coach.io.cache import export_cache

    store = export_cache()
    files = store.files()
    store.clear()
    # It is nobody's data, and made again by the next command.
    package_cache().clear()
    exports = plural("{count} export", "{count} exports", len(files))
    typer.echo(_("deleted {exports} from {folder}", exports=exports, folder=store.folder))
