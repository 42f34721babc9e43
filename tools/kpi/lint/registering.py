"""A list of KPIs worked out: their files and the plan, checked as they would stand before anybody may write them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from kpi.lint.import_report import trouble
from kpi.lint.trial import lint_trial
from kpi.model.errors import UserError
from kpi.model.finding import ERROR, WARNING, Finding
from kpi.model.kpi import folded_code
from kpi.model.plan import Plan
from kpi.model.progress import Progress, silent
from kpi.model.text import counted, display, quoted
from kpi.store.blank import plan_with
from kpi.store.edit import Files
from kpi.store.files import read_bytes
from kpi.store.paths import KPIS, PLAN, walk
from kpi.store.register.files import id_of, known_id, kpi_file
from kpi.store.register.rows import Listed, NewKpi, kpis_in
from kpi.store.register.template import EXAMPLE
from kpi.store.repository import KpiFile, content, plan_from, read_kpis
from kpi.store.rewrite import UnplacedError
from kpi.store.tables import Tables
from kpi.store.tables.heading import Bad

_ALL = "Performance indicators"
_DAY = re.compile(r"(?<=\ncommentary:\n  )[0-9-]{10}")
"""The day that commentary is written under."""
_OVERDUE = "stale"  # about the figure after the newest one


class Registered(NamedTuple):
    """What a list of KPIs comes to.

    Attributes:
        files: path → what was read (None where there is to be none yet) and what to write.
        kpis: by path the KPI that is begun there.
        left: each cell or row that was not taken, with the reason.
        errors: what lint would call an error; where there is any, nothing may be written.
        warnings: what lint would warn of.
    """

    files: Files
    kpis: Mapping[str, NewKpi]
    left: tuple[Bad, ...]
    errors: tuple[Finding, ...]
    warnings: tuple[Finding, ...]


def registering(
    root: Path, plan: bytes | None, tables: Tables, file: str, today: date, progress: Progress = silent
) -> Registered:
    """Work out what a list of KPIs brings. Nothing is written.

    Args:
        root: the repository's root, which holds `kpis/`.
        plan: the plan to begin with; None for the one that is there.
        tables: what was read from the list.
        file: the name of its file.
        today: the day, under which commentary is written.
        progress: shows how far the work is.

    Raises:
        UserError: if there is no list of KPIs in it, the plan can't be added to, or there are other KPIs without a plan.
    """
    there = plan_from(content(root, PLAN))
    known = Plan("", "", "") if plan is not None else there.usable()
    before = plan if plan is not None else read_bytes(root / PLAN)
    work = _Work(
        known,
        tuple(read_kpis(root, progress(walk(root).files, "Reading files"), known.year_starts)),
        file,
        today,
    )
    for sheet in tables.sheets:
        if (sheet.name != EXAMPLE or len(tables.sheets) == 1) and (
            listed := kpis_in(sheet, file, known.year_starts)
        ):
            work.add(sheet.name, listed)
    if plan is not None and work.ids.values() - work.kpis.keys():
        message = f"There is something under {KPIS}/ already. Run kpi init without --from, and then: kpi import --new {file}"
        raise UserError(message)
    if not work.kpis and not work.left:
        message = f"{quoted(file)} has no row of headings that names KPIs."
        raise UserError(
            f"{message} Write a row for each KPI below headings such as name, owner, target, polarity and a period. kpi template makes such a table."
        )
    done = _tried(root, before, work, today, progress)
    if any(
        one.path in work.kpis for one in done.errors
    ):  # a figure that can't be right holds up no other KPI
        for one in done.errors:
            work.leave_out(one)
        done = _tried(root, before, work, today, progress)
    if plan is not None:
        done = done._replace(files={path: (None, after) for path, (_, after) in done.files.items()})
    return done


def _tried(root: Path, before: bytes, work: "_Work", today: date, progress: Progress) -> Registered:
    """What the list comes to as far as it goes, and what lint says of it."""
    if not work.kpis:
        return Registered({}, {}, tuple(work.left), (), ())
    try:
        after = plan_with(before, work.listed, work.names)
    except UnplacedError as error:
        raise UserError(f"{PLAN}: {error}") from None
    crlf = b"\r\n" in before  # as the other files were checked out
    new = {path: text.replace(b"\n", b"\r\n") if crlf else text for path, text in work.files.items()}
    report = lint_trial(root, today, {PLAN: after, **new}, progress)
    findings = [one for one in report.findings if one.rule != _OVERDUE]
    errors, warnings = (tuple(one for one in findings if one.severity == kind) for kind in (ERROR, WARNING))
    # The plan comes last: what a killed run has left is then known by not being listed, and the next run lists it.
    files: Files = {**{path: (None, text) for path, text in new.items()}, PLAN: (before, after)}
    return Registered(files, work.kpis, tuple(work.left), errors, warnings)


class _Work:
    """Gives each KPI its place, and collects what the plan is to name."""

    def __init__(self, plan: Plan, there: Sequence[KpiFile], file: str, today: date) -> None:
        self.plan = plan
        self.file = file
        self.today = today
        self.known: dict[str, str] = {}
        for one in there:
            if one.kpi is not None:
                self.known |= dict.fromkeys(_spellings(one.kpi.title, one.kpi.code), one.place.path)
        self.ids = {one.place.kpi: one.place.path for one in there}
        listed = {kpi for _, _, kpi in plan.listed()}
        self.unlisted = {file.place.path: file for file in there if file.place.kpi not in listed}
        self.files: dict[str, bytes] = {}
        self.kpis: dict[str, NewKpi] = {}
        self.sheets: dict[str, str] = {}
        self.left: list[Bad] = []
        self.listed: dict[tuple[str, str], list[str]] = {}
        self.names: dict[str, dict[str, str]] = {"owners": {}, "sources": {}}
        self.priorities = {one.id: one.title for one in plan.priorities}
        self.sources = {name: source.title for name, source in plan.sources.items()}

    def add(self, sheet: str, listed: Listed) -> None:
        """Take the KPIs of a sheet."""
        self.left += listed.left
        for kpi in listed.kpis:
            same = next(
                (
                    self.known[text]
                    for text in _spellings(kpi.texts["title"], kpi.texts.get("code", ""))
                    if text in self.known
                ),
                "",
            )
            if same in self.unlisted and self._goes_on(kpi, sheet, self.unlisted[same]):
                continue
            if same:
                message = f"{quoted(kpi.texts['title'], 60)} is there already, in {same}."
                self.left.append(
                    Bad(sheet, kpi.row, 0, message, "kpi import brings figures to a KPI that is there.")
                )
            else:
                self._begin(kpi, sheet)

    def leave_out(self, error: Finding) -> None:
        """Begin a KPI after all not, because of an error that its file would have."""
        kpi = self.kpis.pop(error.path, None)
        if kpi is None:
            return
        self.files.pop(error.path, None)
        name = error.path.rpartition("/")[2].removesuffix(".yaml")
        self.listed = {
            priority: rest
            for priority, kpis in self.listed.items()
            if (rest := [one for one in kpis if one != name])
        }
        message = f"{quoted(kpi.texts['title'], 60)} was left out. {error.message}"
        self.left.append(Bad(self.sheets[error.path], kpi.row, 0, message, error.help))

    def _begin(self, kpi: NewKpi, sheet: str) -> None:
        name = id_of(kpi.texts["title"], self.ids)
        priority = self._priority(kpi, sheet)
        path = f"{KPIS}/{priority[0]}/{name}.yaml"
        self.ids[name] = path
        self.known |= dict.fromkeys(_spellings(kpi.texts["title"], kpi.texts.get("code", "")), path)
        self._list(kpi, sheet, path, priority)
        self.files[path] = kpi_file(kpi, name, self._names(kpi), self.today, self.file)

    def _goes_on(self, kpi: NewKpi, sheet: str, there: KpiFile) -> bool:
        """List a file that a run before this one wrote before it was killed; whether it is one."""
        priority = self._priority(kpi, sheet)
        before = {block: dict(names) for block, names in self.names.items()}
        content = kpi_file(kpi, there.place.kpi, self._names(kpi), self.today, self.file).decode()
        text = there.document.text.replace("\r\n", "\n") if there.document is not None else ""
        if there.place.priority != priority[0] or _DAY.sub("", text) != _DAY.sub("", content):
            self.names = before
            return False
        self._list(kpi, sheet, there.place.path, priority)
        return True

    def _list(self, kpi: NewKpi, sheet: str, path: str, priority: tuple[str, str]) -> None:
        self.listed.setdefault(priority, []).append(path.rpartition("/")[2].removesuffix(".yaml"))
        self.kpis[path] = kpi
        self.sheets[path] = sheet

    def _names(self, kpi: NewKpi) -> dict[str, str]:
        """The ids of a KPI's source and owner."""
        names = {"source": self._name("sources", kpi.texts.get("source", "") or self.file, self.sources)}
        if kpi.texts.get("owner"):
            names["owner"] = self._name("owners", kpi.texts["owner"], self.plan.owners)
        return names

    def _priority(self, kpi: NewKpi, sheet: str) -> tuple[str, str]:
        """The id and title of the priority that a KPI or its sheet names; without one, of the only one, or of one for all."""
        title = kpi.texts["priority"] or (sheet if "sheet" not in sheet.casefold() else "")
        if not title and len(self.priorities) == 1:
            (name,) = self.priorities
            return name, self.priorities[name]
        title = title or _ALL
        name = known_id(title, self.priorities) or id_of(title, self.priorities)
        self.priorities.setdefault(name, title)
        return name, self.priorities[name]

    def _name(self, block: str, title: str, there: Mapping[str, str]) -> str:
        """The id of an owner or a source, which is added to the plan where it isn't there."""
        added = self.names[block]
        name = known_id(title, there) or known_id(title, added)
        if not name:
            name = id_of(title, {*there, *added})
            added[name] = title
        return name


def _spellings(title: str, code: str) -> tuple[str, ...]:
    """What two KPIs may not have in common."""
    return tuple(filter(None, (" ".join(title.casefold().split()), code and f"{folded_code(code)} (code)")))


def register_report(registered: Registered, file: str) -> Iterator[str]:
    """What became of a list, line by line: the KPIs, what was not taken and why, and what lint says.

    Args:
        registered: the result.
        file: the name of the list's file, as it may be shown.
    """
    figures = sum(len(kpi.figures) for kpi in registered.kpis.values())
    targets = sum(len(kpi.targets) for kpi in registered.kpis.values())
    yield f"{counted(len(registered.kpis), 'KPI')} with {counted(figures, 'figure')} and {counted(targets, 'target')}."
    for path, kpi in registered.kpis.items():
        yield f"{path}: row {kpi.row}, {counted(len(kpi.figures), 'figure')}"
    yield from trouble(registered.left, file).splitlines()
    for one in (*registered.errors, *registered.warnings):
        row = f" (row {registered.kpis[one.path].row})" if one.path in registered.kpis else ""
        yield display(
            f"{one.severity.capitalize()} in {one.path}, line {one.line}{row}: {one.message} {one.help}".rstrip(),
            2000,
        )
