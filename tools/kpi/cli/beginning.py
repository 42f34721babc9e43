"""What `kpi import` takes beside figures: the KPIs of a list, which `kpi init --from` begins with too, and targets."""

from collections.abc import Mapping
from pathlib import Path

from kpi.cli.clock import today
from kpi.cli.context import Context


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
    from kpi.lint.registering import register_report, registering
    from kpi.model.text import counted, display
    from kpi.store.edit import replace_files
    from kpi.store.paths import PLAN
    from kpi.store.tables import read_tables

    name = display(file.name, 80)
    tables = read_tables(file, sheet)
    found = registering(root, beside.get(PLAN), tables, name, context.as_of or today(), context.progress)
    is_wrong = bool(found.errors) or not found.kpis
    if not is_wrong and not dry_run:
        others = {
            path: (None, data) for path, data in beside.items() if path != PLAN and not (root / path).exists()
        }
        replace_files(root, {**others, **found.files})
    context.tell("".join(f"{line}\n" for line in register_report(found, name)))
    if is_wrong or dry_run:
        context.say(f"kpi: Nothing was written{'' if is_wrong else ', because of --dry-run'}.")
        return int(is_wrong)
    context.say(f"kpi: {counted(len(found.kpis), 'KPI')} begun. Now run kpi lint and kpi build.")
    return 0


def add_targets(context: Context, root: Path, file: Path, *, sheet: str = "", dry_run: bool = False) -> int:
    """Write the targets of a table, all or none, and say which; the arguments are those of `begin_kpis`."""
    from kpi.lint.targeting import targeting, targets_report
    from kpi.model.text import counted, display
    from kpi.store.edit import replace_files
    from kpi.store.tables import read_tables

    name = display(file.name, 80)
    found = targeting(root, read_tables(file, sheet), name, context.as_of or today(), context.progress)
    if not found.bad and not dry_run:
        replace_files(root, found.files)
    context.tell("".join(f"{line}\n" for line in targets_report(found, name)))
    if found.bad:
        context.say(f"kpi: Nothing was written: {counted(len(found.bad), 'place')} to mend in {name}.")
        return 1
    if dry_run:
        context.say("kpi: Nothing was written, because of --dry-run.")
        return 0
    context.say(f"kpi: Written to {counted(len(found.files), 'file')}.")
    return 0
