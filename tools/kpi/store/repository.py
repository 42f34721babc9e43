"""The repository as records: each file read, checked against its schema, and built.

One broken file hides no other, and what can be read of a broken file is still there.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kpi.assemble.build_plan import build_plan
from kpi.model.errors import UserError
from kpi.model.finding import Problem, Span
from kpi.model.ignore import Ignore, ignores
from kpi.model.kpi import Kpi
from kpi.model.period import APRIL
from kpi.model.plan import Plan
from kpi.model.progress import Progress, silent
from kpi.store import schema
from kpi.store.files import MissingFileError, UnreadableError, read_bytes
from kpi.store.paths import PLAN, KpiPath, walk
from kpi.store.upgrade import hold_requirement

if TYPE_CHECKING:
    from kpi.store.reader import Content, Document

MERE_STYLE = frozenset({"not-formatted", "period-order"})
"""The problems of reading that lose nothing."""


Overlay = Mapping[str, bytes]
"""The content of some files, by path, to be taken in place of what is on the disk."""

THE_DISK: Overlay = {}
"""Nothing is taken instead of what is there."""


class KpiFile(NamedTuple):
    """One KPI file. `document` is None where it could not be opened, `kpi` where nothing could be built from it."""

    place: KpiPath
    document: "Document | None"
    kpi: Kpi | None
    problems: tuple[Problem, ...]

    @property
    def whole(self) -> bool:
        """Whether everything in the file could be read."""
        return self.kpi is not None and _only_style(self.problems)

    def ignores(self) -> tuple[Ignore, ...]:
        """The file's ignore comments."""
        return ignores_of(self.document)


class PlanFile(NamedTuple):
    """`kpis/plan.yaml`, with the same fields; `missing` if there is none."""

    path: str
    document: "Document | None"
    plan: Plan | None
    problems: tuple[Problem, ...]
    missing: bool = False

    def usable(self) -> Plan:
        """The plan.

        Raises:
            UserError: if it can't be used.
        """
        if self.plan is None:
            way_out = (
                "is not there yet. kpi init writes one"
                if self.missing
                else "can't be used. Run kpi lint to see why"
            )
            raise UserError(f"{self.path} {way_out}.")
        return self.plan

    @property
    def whole(self) -> bool:
        """Whether everything in the file could be read."""
        return self.plan is not None and _only_style(self.problems)

    @property
    def year_starts(self) -> int:
        """The month in which the plan's financial year starts; April where the plan can't be used."""
        return self.plan.year_starts if self.plan else APRIL


class Repository(NamedTuple):
    """Everything under `kpis/`. `odd` is what stands oddly there, as (path, problem)."""

    root: Path
    plan: PlanFile
    files: tuple[KpiFile, ...]
    odd: tuple[tuple[str, Problem], ...]

    @property
    def kpis(self) -> tuple[Kpi, ...]:
        """The KPIs that could be built."""
        return tuple(file.kpi for file in self.files if file.kpi is not None)

    @property
    def year_starts(self) -> int:
        """The month in which the plan's financial year starts; April where the plan can't be used."""
        return self.plan.year_starts

    def reasons(self) -> dict[str, list[tuple[str, str]]]:
        """For each KPI with ignore comments their rules and reasons, for its page."""
        by_kpi = {
            file.place.kpi: [
                (", ".join(ignore.rules), ignore.reason) for ignore in file.ignores() if ignore.reason
            ]
            for file in self.files
        }
        return {kpi: reasons for kpi, reasons in by_kpi.items() if reasons}


def _only_style(problems: Iterable[Problem]) -> bool:
    return all(problem.rule in MERE_STYLE for problem in problems)


def load(root: Path, progress: Progress = silent) -> Repository:
    """Read the whole repository, to report it. Whether files are in the standard form is asked by lint alone."""
    plan = read_plan(root, style=False)
    tree = walk(root)
    places = progress(tree.files, "Reading files")
    return Repository(root, plan, tuple(read_kpis(root, places, plan.year_starts)), tree.odd)


def read_kpis(root: Path, places: Iterable[KpiPath], year_starts: int) -> Iterator[KpiFile]:
    """The KPI files one after the other."""
    for place in places:
        yield kpi_from(content(root, place.path), place, year_starts, style=False)


def content(root: Path, path: str, overlay: Overlay = THE_DISK) -> bytes | UnreadableError:
    """What a file holds, or why it can't be read."""
    try:
        return overlay[path] if path in overlay else read_bytes(f"{root}/{path}")
    except UnreadableError as error:
        return error


def kpi_from(
    data: bytes | UnreadableError, place: KpiPath, year_starts: int, *, style: bool = True
) -> KpiFile:
    """The KPI in a file's content, as if it were at `place`; with `style` also whether it is in the standard form."""
    from kpi.assemble.build_kpi import build_kpi
    from kpi.store.reader import read_once
    from kpi.store.schema import too_much

    if isinstance(data, UnreadableError):
        return KpiFile(place, None, None, (_unreadable(data),))
    document = read_once(data).document
    if document.values is None:
        return KpiFile(place, document, None, document.problems)
    large = too_much(document.values, len(document.text))
    if large is not None:
        return KpiFile(place, document, None, (*document.problems, large))
    values, problems = _checked("kpi", document, year_starts)
    if values is None:
        return KpiFile(place, document, None, problems)
    built = build_kpi(values, place.kpi, place.priority, year_starts)
    known = {word for problem in problems for word in (problem.replacement, *problem.where[-1:])}
    if "aim" in known:
        known.add("better")  # the aim may have said which way is better
    new = [problem for problem in built.problems if not (_is_missing(problem) and problem.where[-1] in known)]
    known_problems = (*problems, *new)
    styled = _style(document, known_problems) if style else ()
    return KpiFile(place, document, built.kpi, (*known_problems, *styled))


def usable_kpi(data: bytes, place: KpiPath, year_starts: int) -> Kpi | None:
    """The KPI in a version of its file; None where not all of it can be used."""
    file = kpi_from(data, place, year_starts, style=False)
    return file.kpi if file.whole else None


def content_now(root: Path, file: KpiFile) -> "Content":
    """What a file holds now; it isn't read again unless it has changed.

    Raises:
        UnreadableError: if it can't be opened.
    """
    from kpi.store.reader import read_once

    data = read_bytes(root / file.place.path)
    known = (
        file.document if file.document and file.document.text == data.decode("utf-8-sig", "replace") else None
    )
    return read_once(data, known)


def _is_missing(problem: Problem) -> bool:
    """Whether a default could not be found: no news where that very field was just called wrong."""
    return problem.rule == "missing-field"


def read_plan(root: Path, overlay: Overlay = THE_DISK, *, style: bool = True) -> PlanFile:
    """The plan; without one there is a problem and no plan.

    Raises:
        UserError: if it asks for another version of this program.
    """
    file = plan_from(content(root, PLAN, overlay), style=style)
    hold_requirement(file.document.values if file.document is not None else None)
    return file


def plan_from(data: bytes | UnreadableError, *, style: bool = True) -> PlanFile:
    """The plan in a file's content."""
    from kpi.store.reader import read

    if isinstance(data, UnreadableError):
        missing = isinstance(data, MissingFileError)
        help_ = "Write one with kpi init." if missing else ""
        return PlanFile(PLAN, None, None, (_unreadable(data)._replace(help=help_),), missing)
    document = read(data)
    if document.values is None:
        return PlanFile(PLAN, document, None, document.problems)
    values, problems = _checked("plan", document)
    if values is None:
        return PlanFile(PLAN, document, None, problems)
    built = build_plan(values)
    known = (*problems, *built.problems)
    return PlanFile(PLAN, document, built.plan, (*known, *(_style(document, known) if style else ())))


def plan_of(values: Mapping[str, Any]) -> PlanFile:
    """The plan with these fields, which are known to be right."""
    return PlanFile(PLAN, None, build_plan(values).plan, ())


def _style(document: "Document", problems: Iterable[Problem]) -> Iterator[Problem]:
    """Whether the file is in the standard form; not on a line with another problem that has to be fixed first."""
    from kpi.store.format import style_problem

    problem = style_problem(document)
    if problem is not None:
        first = [known for known in problems if known.on_key or known.rule == "wrong-kind"]
        lines = {document.span(known.where, known.on_key).line for known in first}
        if problem.span is None or problem.span.line not in lines:
            yield problem


def ignores_of(document: "Document | None") -> tuple[Ignore, ...]:
    """The ignore comments of a document; most have none, and are not searched."""
    if document is None or "kpi:" not in document.text.lower():
        return ()
    return ignores(document.comments(), lines_of(document))


def lines_of(document: "Document") -> list[str]:
    """The file's lines as the reader counts them: only a line feed ends one."""
    return _lines(document.text)


def lines_in(data: bytes) -> list[str]:
    """The same, of a file that isn't read for more."""
    return _lines(data.decode("utf-8-sig", errors="replace"))


def _lines(text: str) -> list[str]:
    return [line.removesuffix("\r") for line in text.split("\n")]


def _checked(
    name: schema.Name, document: "Document", year_starts: int = APRIL
) -> tuple[dict[str, object] | None, tuple[Problem, ...]]:
    """The values that fit the schema, and all problems so far; one mistake is reported once."""
    assert document.values is not None
    if schema.is_valid(name, document.values):
        return document.values, document.problems
    from kpi.store.explain.depth import put_in_depth

    values, moved = put_in_depth(schema.load(name), document.values, document)
    before = (*document.problems, *moved)
    misfits = schema.problems(name, values, year_starts)
    if not misfits:
        return dict(values), before
    stretches = _joined(problem.span for problem in before if problem.span is not None)
    new = [
        problem
        for problem in misfits
        if not any(_touches(place, stretches) for place in _places(document, problem))
    ]
    return schema.recover(name, values, misfits), (*before, *new)


def _places(document: "Document", problem: Problem) -> Iterator[Span]:
    """Where a problem stands; what is missing in a block may be anything in it that could not be read."""
    yield document.span(problem.where, problem.on_key)
    if _is_missing(problem) and problem.where:
        yield document.span(problem.where)


def _joined(spans: Iterable[Span]) -> list[tuple[int, int]]:
    """Stretches of a file in order, as offsets; those that share a character are one. An empty one covers the next character."""
    joined: list[tuple[int, int]] = []
    for start, stop in sorted((span.start, max(span.stop, span.start + 1)) for span in spans):
        if joined and start < joined[-1][1]:
            joined[-1] = joined[-1][0], max(stop, joined[-1][1])
        else:
            joined.append((start, stop))
    return joined


def _touches(span: Span, others: list[tuple[int, int]]) -> bool:
    """Whether a stretch of a file shares a character with one of some others, which are in order and apart."""
    before = bisect_left(others, (max(span.stop, span.start + 1),))
    return before > 0 and others[before - 1][1] > span.start


def _unreadable(error: UnreadableError) -> Problem:
    return Problem("unreadable-file", (), f"{error} Nothing in it was checked.")
