"""What an import says: the figures it brings, how they were read, and what is wrong with which cell."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from kpi.lint.importing import FigureResult, Imported
from kpi.lint.proposal import Judged, Proposal
from kpi.model.finding import FieldPath, Finding
from kpi.model.text import counted, display, listed, quoted
from kpi.pages.changes.effects import effects
from kpi.pages.words.statuses import state_words
from kpi.store.edit import Files
from kpi.store.figure_fields import FILLED, NEW, REPLACED, UNCHANGED
from kpi.store.repository import KpiFile
from kpi.store.tables import CellProblem, column_letters

_MOST_SHOWN = 100  # lines of a kind; the others are counted
_MOST_LINES = 20  # files and statuses
_WORDS = {NEW: "new", FILLED: "new where there was only a mark", REPLACED: "replaced", UNCHANGED: "unchanged"}


def propose_figures(imported: Imported, name: str) -> Proposal:
    """The files of an import and its report, which a dry run prints too; `name` is the table's, as it may be shown."""
    return propose_all(imported.files, places_to_fix(imported), _lines(imported, name), name)


def places_to_fix(imported: Imported) -> tuple[CellProblem, ...]:
    """What is wrong, in the table's order; where there is anything, nothing may be written."""
    errors = _at_their_rows(imported.trial.errors, imported)
    # Figures that are left out may be why files don't agree.
    problems = [*imported.problems, *(error for error in errors if error.row or not imported.problems)]
    order = {name: number for number, name in enumerate(imported.sheets)}
    problems.sort(key=lambda each: (order.get(each.sheet, 0), each.row or sys.maxsize, each.column))
    return tuple(dict.fromkeys(problems))


def propose_all(files: Files, problems: Sequence[CellProblem], lines: Iterable[str], name: str) -> Proposal:
    """What a table brings as a whole: its files with the lines that say so, or nothing and what is wrong, place by place."""
    if problems:
        refusal = f"Nothing was written: {counted(len(problems), 'place')} to fix in {name}."
        return Proposal({}, tuple(trouble(problems, name)), refusal=refusal)
    done = f"Written to {counted(len(files), 'file')}." if files else "Nothing had to be written."
    return Proposal(files, tuple(lines), done=done)


def _lines(imported: Imported, name: str) -> Iterator[str]:
    counts = Counter(outcome.kind for _, outcome in imported.results)
    counts[UNCHANGED] += imported.computed
    parts = [f"{counts[outcome]:,} {word}" for outcome, word in _WORDS.items() if counts[outcome]]
    total = sum(counts[outcome] for outcome in _WORDS)
    yield f"{counted(total, 'figure')}: {', '.join(parts)}." if parts else "No figures."
    if imported.computed:
        yield f"{imported.computed:,} of them can be computed from others in the files, and agree with that."
    if imported.intake.empty:
        rows = counted(imported.intake.empty, "row")
        yield f"{rows} {'has' if imported.intake.empty == 1 else 'have'} neither a value nor a mark that says why."
    for read in imported.intake.readings:
        lines = [f"{quoted(text, 40)} was read as {spelt}." for text, spelt in read.items()]
        yield from _some(lines, "readings", _MOST_SHOWN)
    yield from imported.notes
    yield from _replaced(imported)
    changes = (figure.file.place.path for figure, outcome in imported.results if outcome.kind != UNCHANGED)
    written = Counter(changes)
    files = [f"{path}: {counted(written[path], 'figure')}" for path in imported.files if written[path]]
    yield from _some(files, "files")
    if imported.judged is not None:
        yield from _first_statuses(imported.judged)
        yield from _some(effects(imported.judged.before, imported.judged.after, ()), "statuses")
    for line in trouble(tuple(_at_their_rows(imported.trial.warnings, imported)), name):
        yield f"Warning: {line}"


def _first_statuses(judged: Judged) -> Iterator[str]:
    """How the measures stand that had no figures before, counted: a first import is too much to look through one by one."""
    before = {
        measure.address
        for measure in judged.before.once()
        if any(own.value is not None for own in measure.measure.observations)
    }
    now = (measure for measure in judged.after.once() if measure.measure.observations)
    first = [measure.state for measure in now if measure.address not in before]
    if len(first) > 1:
        states = Counter(state_words(state, judged.after.plan.status.words) for state in first)
        counts = ", ".join(f"{number} {state}" for state, number in states.most_common())
        yield f"{counted(len(first), 'measure')} with first figures: {counts}."


def _replaced(imported: Imported) -> Iterator[str]:
    replaced = [result for result in imported.results if result.outcome.kind == REPLACED]
    lines = []
    for figure, outcome in replaced:
        other = "with another note" if outcome.after == outcome.before else f"was {outcome.before}"
        lines.append(f"{figure.name}: {outcome.after}, {other}.")
    yield from _some(lines, "replaced", _MOST_SHOWN)
    if any(outcome.revises and "revised" not in (figure.entry.marks or ()) for figure, outcome in replaced):
        yield "Were the old figures published? Then mark the new ones revised, in a column marks, and say why in note."


def _some(lines: Sequence[str], kind: str, most: int = _MOST_LINES) -> Iterator[str]:
    """The first lines, and how many more there are."""
    yield from lines[:most]
    if len(lines) > most:
        yield f"… {len(lines) - most:,} more {kind}."


def trouble(problems: Sequence[CellProblem], name: str) -> Iterator[str]:
    """What is wrong, place by place; `name` is the table's file, as it may be shown."""
    in_column = Counter(problem._replace(row=0) for problem in problems)
    alike: dict[CellProblem, list[CellProblem]] = {}
    for problem in problems:
        column = problem._replace(row=0)
        alike.setdefault(problem._replace(column=0) if in_column[column] == 1 else column, []).append(problem)
    lines = [
        _place(same[0], name) + f"{same[0].message} {same[0].help}".rstrip() + _others(same)
        for same in alike.values()
    ]
    yield from _some(lines, "places", _MOST_SHOWN)


def _others(same: Sequence[CellProblem]) -> str:
    """Where the same is wrong as in the first place: in other rows of its column, or other columns of its row."""
    rows = dict.fromkeys(f"{problem.row:,}" for problem in same[1:])
    columns = dict.fromkeys(column_letters(problem.column) for problem in same[1:])
    if not rows:
        return ""
    if same[0].row == same[-1].row and same[0].column != same[-1].column:
        return f" The same in {counted(len(columns), 'more column')}: {listed(columns)}."
    return f" The same in {counted(len(rows), 'more row')}: {listed(rows)}."


def _place(problem: CellProblem, name: str) -> str:
    sheet = f", sheet {quoted(problem.sheet, 40)}" if problem.sheet else ""
    column = f", column {column_letters(problem.column)}" if problem.column else ""
    return f"{name}{sheet}, row {problem.row}{column}: " if problem.row else ""


def _at_their_rows(findings: Sequence[Finding], imported: Imported) -> Iterator[CellProblem]:
    """Findings at the rows of the table that bring them in, or else with their lines in the files."""
    results = imported.results if findings else ()
    rows = {place: result.figure.raw for result in results for place in _places(imported.changed, result)}
    for finding in findings:
        help_ = f"{finding.help} ({finding.rule})".lstrip()
        raw = rows.get((finding.path, finding.line))
        if raw is not None:
            yield raw.problem("value", finding.message, help_)
        else:
            place = f"{display(finding.path, 400)}, line {finding.line} by then"
            yield CellProblem("", 0, 0, f"{place}: {finding.message}", help_)


def _places(changed: Mapping[str, KpiFile], result: FigureResult) -> Iterator[tuple[str, int]]:
    """The lines of its file that a figure would be on."""
    path, entry = result.figure.file.place.path, result.figure.entry
    file = changed.get(path)
    if file is None or file.document is None or result.outcome.kind == UNCHANGED:
        return
    series: FieldPath = ("peers", entry.area) if entry.area else ("observations",)
    where: FieldPath = ("measures", entry.measure, *series, result.outcome.key)
    first, last = file.document.span(where, on_key=True), file.document.span(where)
    yield from ((path, line) for line in range(first.line, last.end_line + 1))
