"""Targets of many KPIs at once, worked out: the files as they are to be, checked before anybody may write them."""

from collections.abc import Iterator
from datetime import date
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from kpi.lint.import_report import trouble
from kpi.lint.trial import lint_trial
from kpi.model.errors import UserError
from kpi.model.finding import ERROR
from kpi.model.progress import Progress, silent
from kpi.model.text import counted, display, quoted
from kpi.store.edit import Files
from kpi.store.intake.names import Names
from kpi.store.register.targets import WantedTarget, file_with_targets, same_start, targets_in
from kpi.store.repository import Instead, content_now, load
from kpi.store.rewrite import UnplacedError
from kpi.store.tables import Tables
from kpi.store.tables.heading import Bad


class Targeted(NamedTuple):
    """What a table of targets comes to: the files, the targets, and what is wrong; then nothing may be written."""

    files: Files
    targets: tuple[WantedTarget, ...]
    bad: tuple[Bad, ...]


def targeting(root: Path, tables: Tables, file: str, today: date, progress: Progress = silent) -> Targeted:
    """Work out which targets a table brings. Nothing is written.

    Args:
        root: the repository's root.
        tables: what was read from the table.
        file: the name of its file.
        today: the day, for the rules about the calendar.
        progress: shows how far the work is.

    Raises:
        UserError: if there is no usable plan, or no table of targets.
    """
    repository = load(root, progress)
    starts = repository.plan.usable().year_starts
    names = Names(repository.plan.plan, repository.files, starts)
    sheets = [
        found for sheet in tables.sheets if (found := targets_in(sheet, file, names, starts)) is not None
    ]
    if not sheets:
        message = f"{quoted(file)} has no row of headings that names KPIs and targets."
        raise UserError(f"{message} Write columns such as KPI and Target 2026/27.")
    bad: list[Bad] = []
    by_path: dict[str, list[WantedTarget]] = {}
    for one in chain.from_iterable(sheets):
        if isinstance(one, Bad):
            bad.append(one)
        elif there := same_start(one, by_path.get(one.file.place.path, ())):
            bad.append(one.given.bad("value", there, "Change it in the file, or leave the cell empty."))
        else:
            by_path.setdefault(one.file.place.path, []).append(one)
    files = {}
    for path, targets in by_path.items():
        try:
            data = content_now(root, targets[0].file)
            files[path] = (data, file_with_targets(data, targets))
        except UnplacedError as error:
            bad.append(targets[0].given.bad("kpi", f"{path} can't take targets. {error}"))
    bad += [] if bad else _errors(root, today, {path: after for path, (_, after) in files.items()}, progress)
    return Targeted(files, tuple(chain.from_iterable(by_path.values())), tuple(dict.fromkeys(bad)))


def _errors(root: Path, today: date, files: Instead, progress: Progress) -> Iterator[Bad]:
    """What lint would newly call an error."""
    for one in lint_trial(root, today, files, progress).findings:
        if one.severity == ERROR:
            message = f"{display(one.path, 400)}, line {one.line} by then: {one.message}"
            yield Bad("", 0, 0, message, f"{one.help} ({one.rule})".lstrip())


def targets_report(found: Targeted, file: str) -> Iterator[str]:
    """The targets line by line, or else what is wrong. `file` is the table's name, as it may be shown."""
    if found.bad:
        yield from trouble(found.bad, file).splitlines()
        return
    yield f"{counted(len(found.targets), 'target')} in {counted(len(found.files), 'file')}."
    for target in found.targets:
        said = ", ".join(
            f"{name}: {text if isinstance(text, str) else list(map(str, text))}"
            for name, text in target.fields.items()
        )
        yield f"{target.file.place.kpi}/{target.measure.id}: {said}"
