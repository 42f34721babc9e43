"""The repository as records: each file read, checked against its schema, and built, a broken one as far as it can be."""

import re
from collections.abc import Iterable, Iterator, Mapping
from operator import eq, ge, gt, le, lt, ne
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kpi import __version__
from kpi.assemble.build import build_plan
from kpi.model.errors import UserError
from kpi.model.finding import Ignore, Problem, Span, ignores
from kpi.model.kpi import Kpi
from kpi.model.period import APRIL
from kpi.model.plan import Plan
from kpi.model.progress import Progress, silent
from kpi.store import schema
from kpi.store.files import MissingFileError, UnreadableError, read_bytes
from kpi.store.paths import PLAN, KpiPath, walk

if TYPE_CHECKING:
    from kpi.store.reader import Content, Document

MERE_STYLE = frozenset({"not-formatted", "period-order"})  # the problems of reading that lose nothing
_PART = re.compile(r"(>=|<=|==|!=|<|>) ?([0-9]+(?:\.[0-9]+){0,2})")
_HOLDS = {">=": ge, "<=": le, "==": eq, "!=": ne, "<": lt, ">": gt}

Overlay = Mapping[str, bytes]  # the content of some files, by path, in place of what is on the disk
THE_DISK: Overlay = {}


class KpiFile(NamedTuple):
    """One KPI file. `document` is None where it could not be opened, `kpi` where nothing could be built from it."""

    location: KpiPath
    document: "Document | None"
    kpi: Kpi | None
    problems: tuple[Problem, ...]

    @property
    def whole(self) -> bool:
        """Whether everything in the file could be read."""
        return self.kpi is not None and {problem.rule for problem in self.problems} <= MERE_STYLE


class PlanFile(NamedTuple):
    """`kpis/plan.yaml`, with the same fields; `missing` if there is none."""

    path: str
    document: "Document | None"
    plan: Plan | None
    problems: tuple[Problem, ...]
    missing: bool = False

    def usable(self) -> Plan:
        """The plan; raises a `UserError` if it can't be used."""
        if self.plan is not None:
            return self.plan
        if self.missing:
            raise UserError(f"{self.path} is not there yet. kpi init writes one.")
        raise UserError(f"{self.path} can't be used. Run kpi lint to see why.")

    @property
    def whole(self) -> bool:
        """Whether everything in the file could be read."""
        return self.plan is not None and {problem.rule for problem in self.problems} <= MERE_STYLE

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

    def reasons(self) -> dict[str, list[tuple[str, str]]]:
        """For each KPI with ignore comments their rules and reasons, for its page."""
        reasons: dict[str, list[tuple[str, str]]] = {}
        for file in self.files:
            for ignore in ignores_of(file.document):
                if ignore.reason:
                    reasons.setdefault(file.location.kpi, []).append((", ".join(ignore.rules), ignore.reason))
        return reasons


def load(root: Path, progress: Progress = silent) -> Repository:
    """Read the whole repository, to report it. Whether files are in the standard form is asked by lint alone."""
    plan = read_plan(root, style=False)
    tree = walk(root)
    locations = progress(tree.files, "Reading files")
    return Repository(root, plan, tuple(read_kpis(root, locations, plan.year_starts)), tuple(tree.odd))


def read_kpis(root: Path, locations: Iterable[KpiPath], year_starts: int) -> Iterator[KpiFile]:
    """The KPI files one after the other."""
    for location in locations:
        yield kpi_from(content(root, location.path), location, year_starts, style=False)


def content(root: Path, path: str, overlay: Overlay = THE_DISK) -> bytes | UnreadableError:
    """What a file holds, or why it can't be read."""
    try:
        return overlay[path] if path in overlay else read_bytes(f"{root}/{path}")
    except UnreadableError as error:
        return error


def kpi_from(
    data: bytes | UnreadableError, location: KpiPath, year_starts: int, *, style: bool = True
) -> KpiFile:
    """The KPI in a file's content, as if it were at `place`; with `style` also whether it is in the standard form."""
    from kpi.assemble.build import build_kpi

    document, values, problems = _checked("kpi", data, year_starts)
    if document is None or values is None:
        return KpiFile(location, document, None, problems)
    built = build_kpi(values, location.kpi, location.priority, year_starts)
    known = {word for problem in problems for word in (problem.replacement, *problem.where[-1:])}
    if "aim" in known:
        known.add("better")  # the aim may have said which way is better
    # That a default could not be found is no news where that very field was just called wrong.
    new = (each for each in built.problems if each.rule != "missing-field" or each.where[-1] not in known)
    return KpiFile(location, document, built.kpi, _with_style(document, (*problems, *new), style=style))


def usable_kpi(data: bytes, location: KpiPath, year_starts: int) -> Kpi | None:
    """The KPI in a version of its file; None where not all of it can be used."""
    file = kpi_from(data, location, year_starts, style=False)
    return file.kpi if file.whole else None


def content_now(root: Path, file: KpiFile) -> "Content":
    """What a file holds now, or an `UnreadableError`; it isn't read again unless it has changed."""
    from kpi.store.reader import read_once

    data, known = read_bytes(root / file.location.path), file.document
    is_same = known is not None and known.text == data.decode("utf-8-sig", "replace")
    return read_once(data, known if is_same else None)


def read_plan(root: Path, overlay: Overlay = THE_DISK, *, style: bool = True) -> PlanFile:
    """The plan; a `UserError` if it asks for another version of this program."""
    file = plan_from(content(root, PLAN, overlay), style=style)
    hold_requirement(file.document.values if file.document is not None else None)
    return file


def hold_requirement(values: Mapping[str, Any] | None, version: str = __version__) -> None:
    """Raise `UserError` if a plan asks for another version; its values are None where they couldn't be read."""
    wanted, mine = (values or {}).get("requires"), version_numbers(version)
    parts = _PART.findall(wanted) if isinstance(wanted, str) else []
    if wanted and not all(_HOLDS[how](mine, version_numbers(number)) for how, number in parts):
        message = f"{PLAN} requires kpi {wanted}, and this is kpi {version}. Install one that fits"
        raise UserError(f'{message}: pip install "kpi-as-code{wanted.replace(" ", "")}"')


def version_numbers(version: str) -> tuple[int, ...]:
    """A version as three numbers, by which versions are compared."""
    parts = [int(part) for part in re.findall(r"[0-9]+", version)[:3]]
    return (*parts, 0, 0)[:3]


def plan_from(data: bytes | UnreadableError, *, style: bool = True) -> PlanFile:
    """The plan in a file's content."""
    document, values, problems = _checked("plan", data)
    if document is None or values is None:
        return PlanFile(PLAN, document, None, problems, isinstance(data, MissingFileError))
    plan, unread = build_plan(values)
    return PlanFile(PLAN, document, plan, _with_style(document, (*problems, *unread), style=style))


def plan_of(values: Mapping[str, Any]) -> PlanFile:
    """The plan with these fields, which are known to be right."""
    return PlanFile(PLAN, None, build_plan(values)[0], ())


def _with_style(document: "Document", problems: tuple[Problem, ...], *, style: bool) -> tuple[Problem, ...]:
    """With `style`, also that the file isn't in the standard form; not on a line where something else is fixed first."""
    if not style:
        return problems
    from kpi.store.format import style_problem

    problem = style_problem(document)
    if problem is None:
        return problems
    first = [known for known in problems if known.on_key or known.rule == "wrong-kind"]
    lines = {document.span(known.where, known.on_key).line for known in first}
    return problems if problem.span and problem.span.line in lines else (*problems, problem)


def ignores_of(document: "Document | None") -> tuple[Ignore, ...]:
    """The ignore comments of a document; most have none, and are not searched."""
    if document is None or "kpi:" not in document.text.lower():
        return ()
    return ignores(document.comments(), lines_of(document.text))


def lines_of(text: str) -> list[str]:
    """A file's lines as the reader counts them: only a line feed ends one."""
    return [line.removesuffix("\r") for line in text.split("\n")]


def lines_in(data: bytes) -> list[str]:
    """The same, of a file that isn't read for more."""
    return lines_of(data.decode("utf-8-sig", errors="replace"))


def _checked(
    name: schema.Name, data: bytes | UnreadableError, year_starts: int = APRIL
) -> tuple["Document | None", dict[str, object] | None, tuple[Problem, ...]]:
    """What was read, the values that fit the schema, and all problems so far; one mistake is reported once."""
    from kpi.store.reader import read_once

    if isinstance(data, UnreadableError):
        help_ = "Write one with kpi init." if name == "plan" and isinstance(data, MissingFileError) else ""
        return None, None, (Problem("unreadable-file", (), f"{data} Nothing in it was checked.", help_),)
    document = read_once(data).document
    if document.values is None:
        return document, None, document.problems
    large = schema.too_much(document.values, len(document.text)) if name == "kpi" else None
    if large is not None:
        return document, None, (*document.problems, large)
    if schema.is_valid(name, document.values):
        return document, document.values, document.problems
    from kpi.store.explain.depth import put_in_depth

    values, moved = put_in_depth(schema.load(name), document.values, document)
    before = (*document.problems, *moved)
    misfits = schema.problems(name, values, year_starts)
    if not misfits:
        return document, dict(values), before

    def end(span: Span) -> int:  # an empty one covers the next character
        return max(span.stop, span.start + 1)

    known = bytearray(len(document.text) + 1)
    for problem in before:
        if span := problem.span or (document.span(problem.where, problem.on_key) if problem.where else None):
            known[span.start : end(span)] = b"\1" * (end(span) - span.start)

    def is_news(problem: Problem) -> bool:
        places = [document.span(problem.where, problem.on_key)]
        if problem.rule == "missing-field" and problem.where:
            # It may be anything in its block that could not be read.
            places.append(document.span(problem.where))
        return all(known.find(1, place.start, end(place)) < 0 for place in places)

    return document, schema.recover(name, values, misfits), (*before, *filter(is_news, misfits))
