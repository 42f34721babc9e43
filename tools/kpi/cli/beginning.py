"""What `kpi import` and `kpi init --from` do with what a table comes to."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from kpi.cli.clock import today
from kpi.cli.context import Context

if TYPE_CHECKING:
    from kpi.lint.brought import Brought


def begin_kpis(
    context: Context,
    root: Path,
    file: Path,
    beside: Mapping[str, bytes] = {},
    *,
    sheet: str = "",
    dry_run: bool = False,
) -> int:
    """Write the KPIs of a list, and say what was taken and what was not.

    Args:
        context: the context.
        root: the repository's root.
        file: the list, as a table.
        beside: for a repository that is begun, its plan and the files beside it; none where there is a plan.
        sheet: the one sheet of a workbook that is meant; empty for all.
        dry_run: whether nothing is to be written.

    Returns:
        The exit code: 1 where nothing could be written.
    """
    from kpi.lint.registering import registering
    from kpi.model.text import display
    from kpi.store.paths import PLAN
    from kpi.store.tables import read_tables

    name = display(file.name, 80)
    day = context.as_of or today()
    kpis = registering(root, beside.get(PLAN), read_tables(file, sheet), name, day, context.progress)
    missing = {
        path: (None, data) for path, data in beside.items() if path != PLAN and not (root / path).exists()
    }
    return bring(context, root, kpis._replace(files={**missing, **kpis.files}), dry_run=dry_run)


def bring(context: Context, root: Path, brought: "Brought", *, dry_run: bool) -> int:
    """Write what a table brings, all or nothing, and say what that is; the exit code."""
    from kpi.store.edit import replace_files

    if not brought.refusal and not dry_run:
        replace_files(root, brought.files)
    context.tell("".join(f"{line}\n" for line in brought.lines))
    done = "Nothing was written, because of --dry-run." if dry_run else brought.done
    context.say(f"kpi: {brought.refusal or done}")
    return 1 if brought.refusal else 0
