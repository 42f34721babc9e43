"""Targets of many KPIs at once, worked out: the files as they are to be, checked before anybody may write them."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain
from pathlib import Path

from kpi.lint.changes import Proposal, lint_trial
from kpi.lint.import_report import propose_all
from kpi.model.errors import UserError
from kpi.model.progress import Progress, silent
from kpi.model.text import counted, display, quoted
from kpi.store.edit import Files, UnplacedError
from kpi.store.files import UnreadableError
from kpi.store.intake.names import Names
from kpi.store.register.target_rows import WantedTarget, file_with_targets, same_start, targets_in
from kpi.store.repository import content_now, load
from kpi.store.tables.sheet import CellProblem, Tables


def propose_targets(
    root: Path, tables: Tables, file: str, today: date, progress: Progress = silent
) -> Proposal:
    """Work out which targets a table brings. Nothing is written.

    Raises:
        UserError: if there is no usable plan, or no table of targets.
    """
    repository = load(root, progress)
    starts = repository.plan.usable().year_starts
    names = Names(repository.plan.plan, repository.files, starts)
    sheets = [
        there for sheet in tables.sheets if (there := targets_in(sheet, file, names, starts)) is not None
    ]
    if not sheets:
        message = f"{quoted(file)} has no row of headings that names KPIs and targets."
        raise UserError(f"{message} Write columns such as KPI and Target 2026/27.")
    bad: list[CellProblem] = []
    by_path: dict[str, list[WantedTarget]] = {}
    for target in chain.from_iterable(sheets):
        if isinstance(target, CellProblem):
            bad.append(target)
        elif message := same_start(target, by_path.get(target.file.place.path, ())):
            bad.append(
                target.raw.problem("value", message, "Change it in the file, or leave the cell empty.")
            )
        else:
            by_path.setdefault(target.file.place.path, []).append(target)
    files = {}
    for path, targets in by_path.items():
        try:
            data = content_now(root, targets[0].file)
            files[path] = (data, file_with_targets(data, targets))
        except (UnplacedError, UnreadableError) as error:
            bad.append(targets[0].raw.problem("kpi", f"{path} can't take targets. {error}"))
    bad += [] if bad else _errors(root, today, files, progress)
    targets = list(chain.from_iterable(by_path.values()))
    return propose_all(files, list(dict.fromkeys(bad)), (*_lines(targets, len(files)), *tables.notes), file)


def _errors(root: Path, today: date, files: Files, progress: Progress) -> Iterator[CellProblem]:
    """What lint would newly call an error."""
    for error in lint_trial(root, today, files, progress).errors:
        message = f"{display(error.path, 400)}, line {error.line} by then: {error.message}"
        yield CellProblem("", 0, 0, message, f"{error.help} ({error.rule})".lstrip())


def _lines(targets: Sequence[WantedTarget], files: int) -> Iterator[str]:
    yield f"{counted(len(targets), 'target')} in {counted(files, 'file')}."
    for target in targets:
        fields = ", ".join(
            f"{name}: {value if isinstance(value, str) else '[' + ', '.join(map(str, value)) + ']'}"
            for name, value in target.fields.items()
        )
        yield f"{target.file.place.kpi}/{target.measure.id}: {fields}"
