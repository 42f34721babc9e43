"""A list of KPIs worked out: their files and the plan, checked before they may be written."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import chain, count
from pathlib import Path
from typing import Any

from kpi.judge.state import AWAITING_DATA
from kpi.lint.changes import Proposal, Trial, finding_line, lint_trial
from kpi.lint.importing import trouble
from kpi.model.errors import UserError
from kpi.model.kpi import folded_code
from kpi.model.plan import Plan
from kpi.model.progress import Progress
from kpi.model.text import counted, quoted
from kpi.store.edit import Files, UnplacedError
from kpi.store.files import read_bytes
from kpi.store.format.draft import BracedFields, BracketedItems, Draft
from kpi.store.paths import KPIS, PLAN, id_trouble, plain_id, walk
from kpi.store.register import NewKpi, Target, kpis_in
from kpi.store.register.list_columns import EXAMPLE
from kpi.store.repository import KpiFile, content, plan_from, read_kpis
from kpi.store.starter import Spot, plan_with
from kpi.store.tables import CellProblem, Tables, read_sheets

_ALL = "Performance indicators"
_LONGEST_ID = 40
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_DAY = re.compile(r"(?<=\ncommentary:\n  )[0-9-]{10}")  # the day that commentary is written under


def propose_kpis(
    root: Path, tables: Tables, file: str, today: date, progress: Progress, beside: Mapping[str, bytes] = {}
) -> Proposal:
    """Work out what a list of KPIs brings, under the name of its file. Nothing is written.

    Commentary is written under `today`. `beside` has the plan and other files of a repository that is begun.
    A UserError is raised if there is no list, the plan can't be added to, or other KPIs have no plan.
    """
    begins = PLAN in beside
    known = Plan("", "", "") if begins else plan_from(content(root, PLAN)).usable()
    there = tuple(read_kpis(root, progress(walk(root).files, "Reading files"), known.year_starts))
    new = _NewKpis(known, there, file, today)
    sheets = tuple(sheet for sheet in tables.sheets if sheet.name != EXAMPLE or len(tables.sheets) == 1)
    read = partial(kpis_in, file=file, year_starts=known.year_starts)
    lists, notes = read_sheets(tables._replace(sheets=sheets), read, "list of KPIs")
    for kpis, left in lists:
        new.add(kpis, left)
    if begins and new.ids.values() - new.kpis.keys():
        then = f"Run kpi init without --from, and then: kpi import --new {file}"
        raise UserError(f"There is something under {KPIS}/ already. {then}")
    if not new.kpis and not new.left:
        message = f"{quoted(file)} has no row that names a KPI, or no headings that are known."
        help_ = "Write a row for each KPI below headings such as name, owner, target, polarity and a period."
        raise UserError(f"{message} {help_} kpi template makes such a table.")
    files, trial = _tried(root, new, beside[PLAN] if begins else read_bytes(root / PLAN), progress)
    if begins and files:
        files = {**files, PLAN: (None, files[PLAN][1])}
    absent = (path for path in beside if path != PLAN and not (root / path).exists())
    missing = {path: (None, beside[path]) for path in absent}
    refusal = "Nothing was written." if trial.errors or not new.kpis else ""
    done = f"{counted(len(new.kpis), 'KPI')} created. Now run kpi lint and kpi build."
    return Proposal({**missing, **files}, list(_lines(new, trial, notes)), refusal=refusal, done=done)


def _tried(root: Path, new: "_NewKpis", plan: bytes, progress: Progress) -> tuple[Files, Trial]:
    """The files and what lint says of them. A KPI that can't be right is left out, and holds up no other."""
    while files := new.changes(plan):
        trial = lint_trial(root, new.today, files, progress)
        if not any(error.path in new.kpis for error in trial.errors):
            return files, trial
        for error in trial.errors:
            if error.path in new.kpis:
                kpi, _, _ = new.kpis.pop(error.path)
                new.leave_out(
                    kpi, f"{quoted(kpi.texts['title'], 60)} was left out. {error.message}", error.help
                )
    return {}, Trial((), ())


class _NewKpis:
    """Gives each KPI its place, and collects what the plan is to name."""

    def __init__(self, plan: Plan, there: Sequence[KpiFile], file: str, today: date) -> None:
        # What is begun, by path: the KPI, where it is listed, and its file; none where a run before this one wrote it.
        self.kpis: dict[str, tuple[NewKpi, Spot, bytes | None]] = {}
        self.left: list[CellProblem] = []  # what was not taken, with the reason
        self.ids = {file.location.kpi: file.location.path for file in there}  # the paths of all KPIs, by id
        self.file = file  # the name of the list's file
        self.today = today  # the day, under which commentary is written
        listed = {kpi for _, _, kpi in plan.listed()}
        self._unlisted = {file.location.path: file for file in there if file.location.kpi not in listed}
        self._known: dict[str, str] = {}
        for begun in there:
            if (kpi := begun.kpi) is not None:
                self._known |= dict.fromkeys(_spellings(kpi.title, kpi.code), begun.location.path)
        # By block of the plan what it names, by id, and what is to be added.
        self._names: dict[str, dict[str, str]] = {
            "owners": dict(plan.owners),
            "sources": {name: source.title for name, source in plan.sources.items()},
            "priorities": {priority.id: priority.title for priority in plan.priorities},
        }

    def leave_out(self, kpi: NewKpi, message: str, help_: str) -> None:
        """Say why a KPI was not taken."""
        self.left.append(kpi.cells.sheet.problem(kpi.row, 0, message, help_))

    def add(self, kpis: Iterable[NewKpi], left: Iterable[CellProblem]) -> None:
        """Take the KPIs of a sheet, and what was not taken of it."""
        self.left += left
        for kpi in kpis:
            title = kpi.texts["title"]
            spellings = _spellings(title, kpi.texts.get("code", ""))
            path = next((self._known[text] for text in spellings if text in self._known), "")
            if not path:
                name = _free_id(title, self.ids)
                spot = self._spot(kpi)
                path = self.ids[name] = f"{KPIS}/{spot.priority}/{name}.yaml"
                self._known |= dict.fromkeys(spellings, path)
                self.kpis[path] = (kpi, spot, self._text(kpi, name))
            elif path not in self._unlisted or not self._goes_on(kpi, self._unlisted[path]):
                help_ = "kpi import brings figures to a KPI that is there."
                self.leave_out(kpi, f"{quoted(title, 60)} is there already, in {path}.", help_)

    def changes(self, plan: bytes) -> Files:
        """The files to write. The plan comes last: the next run lists what a killed one left unlisted."""
        listed: dict[Spot, list[str]] = {}
        for path, (_, spot, _) in self.kpis.items():
            listed.setdefault(spot, []).append(path.rpartition("/")[2].removesuffix(".yaml"))
        if not listed:
            return {}
        try:
            after = plan_with(plan, listed, {block: self._names[block] for block in ("owners", "sources")})
        except UnplacedError as error:
            raise UserError(f"{PLAN}: {error}") from None
        end = b"\r\n" if b"\r\n" in plan else b"\n"  # as the other files were checked out
        texts = {path: text.replace(b"\n", end) for path, (_, _, text) in self.kpis.items() if text}
        return {**{path: (None, text) for path, text in texts.items()}, PLAN: (plan, after)}

    def _goes_on(self, kpi: NewKpi, there: KpiFile) -> bool:
        """List a file that a run before this one wrote before it was killed; whether it is one."""
        names = {block: dict(added) for block, added in self._names.items()}
        spot = self._spot(kpi)
        wanted = self._text(kpi, there.location.kpi).decode()
        text = there.document.text.replace("\r\n", "\n") if there.document is not None else ""
        if there.location.priority != spot.priority or _DAY.sub("", text) != _DAY.sub("", wanted):
            self._names = names
            return False
        self.kpis[there.location.path] = (kpi, spot, None)
        return True

    def _text(self, kpi: NewKpi, name: str) -> bytes:
        """The file of a KPI. Its owner and its source are added to the plan where they aren't there."""
        texts = kpi.texts
        source = self._name("sources", texts.get("source") or self.file)
        measure: dict[str, Any] = {"scale": kpi.unit.scale} if kpi.unit.scale else {}
        if kpi.targets:
            measure["targets"] = [target_fields({**target, "source": source}) for target in kpi.targets]
        if kpi.figures:
            measure["observations"] = series = {}
            for period, value in kpi.figures:
                number = {"value": _plain(value.text)} if value.text else {}
                marked = BracedFields(number, marks=BracketedItems(value.marks))
                series[period.text] = marked if value.marks else number["value"]
        else:
            measure["no_figures"] = BracedFields(because=AWAITING_DATA)
        fields = {
            "title": texts["title"],
            "code": texts.get("code"),
            "definition": texts.get("definition") or f"No definition was given in {self.file}.",
            "unit": kpi.unit.raw if isinstance(kpi.unit.raw, str) else BracedFields(kpi.unit.raw),
            "better": kpi.better,
            "frequency": kpi.frequency,
            "owner": texts.get("owner") and self._name("owners", texts["owner"]),
            "sources": BracketedItems([source]),
            "note": texts.get("note"),
            "commentary": texts.get("commentary") and {self.today.isoformat(): texts["commentary"]},
            "measures": {name: measure},
        }
        draft = Draft("title: x\n")
        draft.root.update((field, value) for field, value in fields.items() if value)
        draft.settle()
        return draft.text(styled=True).encode()

    def _spot(self, kpi: NewKpi) -> Spot:
        """The spot in the priority that a KPI or its sheet names; without one, of the only one, or of one for all."""
        there, sheet = self._names["priorities"], kpi.cells.sheet.name
        title = kpi.texts["priority"] or (sheet if "sheet" not in sheet.casefold() else "")
        name = next(iter(there)) if not title and len(there) == 1 else self._name("priorities", title or _ALL)
        return Spot(name, there[name])

    def _name(self, block: str, title: str) -> str:
        """The id of a priority, an owner or a source, which is added where it isn't there."""
        names, folded = self._names[block], _folded(title)
        known = (name for name, other in names.items() if folded in {name, _folded(other)})
        name = next(known, "") or _free_id(title, names)
        names.setdefault(name, title)
        return name


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _spellings(title: str, code: str) -> tuple[str, ...]:
    """What two KPIs may not have in common."""
    return tuple(filter(None, (_folded(title), code and f"{folded_code(code)} (code)")))


def _free_id(title: str, taken: Mapping[str, object]) -> str:
    name = plain_id(title)
    if len(name) > _LONGEST_ID:
        name = name[: _LONGEST_ID + 1].rpartition("-")[0] or name[:_LONGEST_ID]
    if id_trouble(name):
        name = f"kpi-{name}"
    numbered = (f"{name}-{number}" for number in count(2))
    return next(free for free in chain([name], numbered) if free not in taken)


def _plain(text: str | tuple[str, ...]) -> Any:
    """Numbers, times or periods as values that are laid out with these digits, however many they are: lint says what it thinks."""
    if isinstance(text, tuple):
        return BracketedItems(map(_plain, text))
    return Decimal(text) if _NUMBER.fullmatch(text) else text


def target_fields(target: Target) -> BracedFields:
    """A target as a file holds it."""
    fields: dict[str, Any] = {}
    for name, said in target.items():
        fields[name] = said if name in {"in_words", "source"} else _plain(said)
    return BracedFields(fields)


def _lines(new: _NewKpis, trial: Trial, notes: Sequence[str]) -> Iterator[str]:
    """What happened to a list: the KPIs, what is said of its file, what was not taken and why, and what lint says."""
    kpis = {path: kpi for path, (kpi, _, _) in new.kpis.items()}
    figures = sum(len(kpi.figures) for kpi in kpis.values())
    targets = sum(len(kpi.targets) for kpi in kpis.values())
    yield f"{counted(len(kpis), 'KPI')} with {counted(figures, 'figure')} and {counted(targets, 'target')}."
    for path, kpi in kpis.items():
        yield f"{path}: row {kpi.row}, {counted(len(kpi.figures), 'figure')}"
    yield from notes
    yield from trouble(new.left, new.file)
    for finding in (*trial.errors, *trial.warnings):
        yield f"{finding.severity.capitalize()}: {finding_line(finding)}"
