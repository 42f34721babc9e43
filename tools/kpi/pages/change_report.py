"""What a change means: for reviewers one sentence, then what counts most first, as text and Markdown; for programs, JSON."""

from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from kpi.judge.changes import MOVED, Changes, KpiChange, MeasureChange
from kpi.judge.field_changes import DEFINING, GOALPOSTS, LOOSER, TIGHTER, FieldChange, TargetChange
from kpi.judge.figure_changes import MARKED, NEW, FigureChange
from kpi.model.period import span_words
from kpi.model.plan import Plan
from kpi.model.quantity import unit_text
from kpi.model.text import counted, display, listed
from kpi.pages import change_words as words
from kpi.pages.export_json import VERSION, Data, dump, judgement_data, pick, target_data
from kpi.pages.figure_words import measure_label, measure_title
from kpi.pages.markdown import bullets, heading, inline, page, paragraph
from kpi.pages.target_words import target_words

NOTHING = "Nothing that counts has changed."
NOTHING_READ = "Nothing that counts has changed in the files that could be compared."


class Heading(StrEnum):
    """The headings of a report, the most important first."""

    MISSED = "Newly not met"
    HISTORY = "Published history revised"
    GOALPOSTS = "Moved goalposts"
    DEFINITIONS = "Definitions and units"
    CAME_AND_WENT = "Added, removed, renamed"
    RECOVERED = "Recovered"
    FIGURES = "New figures"
    REPLACED = "Provisional figures replaced"
    STATUSES = "Other statuses"
    OVERDUE = "Newly overdue"
    REST = "Smaller changes"


_COUNTED = {
    "new": ("new figure", "new figures"),
    "replaced": ("provisional figure replaced", "provisional figures replaced"),
    "newly_missed": ("target newly not met", "targets newly not met"),
    "recovered": ("target recovered", "targets recovered"),
    "looser": ("target looser", "targets looser"),
    "tighter": ("target tighter", "targets tighter"),
    "target_changed": ("target changed", "targets changed"),
    "marked": ("published figure marked", "published figures marked"),
    "by_target": ("status decided by a changed target", "statuses decided by changed targets"),
    "redefined": ("definition or unit changed", "definitions or units changed"),
    "added": ("KPI added", "KPIs added"),
    "removed": ("KPI removed", "KPIs removed"),
    "renamed": ("KPI renamed or moved", "KPIs renamed or moved"),
    "newly_overdue": ("figure newly overdue", "figures newly overdue"),
}
"""What the sentence counts, in its order, with the words for one and for several."""

_IDENTIFYING = DEFINING | {"better", "no_figures"}
_MOST_ITEMS = 20  # of a section in Markdown
_MOST_SAID = 8  # of one item in Markdown
_LONGEST = 600  # characters that are said of one thing

_Thing = tuple[str, str]  # the name and address of a KPI or a measure; the plan has no address


class _Statement(NamedTuple):
    """One thing to report: its heading, the words, and what it counts as: a key of `_COUNTED`, `revised`, or empty."""

    heading: Heading
    words: str
    kind: str = ""


def changes_text(changes: Changes) -> str:
    """The whole for the terminal; hidden characters are shown by their number."""
    blocks = ["\n".join((sentence(changes), *(display(text, _LONGEST * 4) for text in _left_out(changes))))]
    for title, items in sections(changes).items():
        lines: list[str] = [title]
        for (name, address), said in items.items():
            whose = _line(f"{name} [{address}]" if address else name)
            lines += [f"  {whose}", *(f"    {_line(text)}" for text in said)]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def changes_markdown(changes: Changes) -> str:
    """The same as Markdown, short enough for the summary of a workflow's run: long lists are cut, and the rest counted."""
    blocks = [heading(2, "What this change means"), inline(sentence(changes))]
    blocks += [inline(display(text, _LONGEST * 4)) for text in _left_out(changes)]
    for title, items in sections(changes).items():
        rows = [_row(thing, said) for thing, said in list(items.items())[:_MOST_ITEMS]]
        if more := len(items) - len(rows):
            rows.append(f"… and {more:,} more; kpi diff lists them all.")
        blocks += [heading(3, title), bullets(rows)]
    return page(blocks)


def _row(thing: _Thing, said: list[str]) -> str:
    name, address = (inline(_line(text)) for text in thing)
    head = f"**{name}**" + (f" ({address})" if address else "")
    rows = [paragraph(_line(text)) for text in said[:_MOST_SAID]]
    if more := len(said) - len(rows):
        rows.append(f"… and {more:,} more")
    return f"{head}: {rows[0]}" if len(rows) == 1 else "\n".join([head, *(f"  - {text}" for text in rows)])


def _line(text: str) -> str:
    return display(" ".join(text.split()), _LONGEST)


def _left_out(changes: Changes) -> Iterator[str]:
    for when, was in (("before the change", True), ("after the change", False)):
        paths = [path for path, before in changes.unusable if before == was]
        if paths:
            yield f"Left out, because not all of it could be read {when}: {listed(paths)}. Run kpi lint."
    if changes.unsure:
        yield f"A file that could not be read may be the same KPI, so these may be new, gone or renamed: {listed(changes.unsure)}."


def sentence(changes: Changes) -> str:
    """The change in one sentence: "3 new figures, 1 target newly not met, no history revised."."""
    if not changes.kpis and not changes.fields:
        return NOTHING_READ if changes.unusable else NOTHING
    numbers = counts(changes)
    parts = [counted(numbers[name], *nouns) for name, nouns in _COUNTED.items() if numbers[name]]
    if not parts and not numbers["revised"] and not numbers["gone"]:
        parts = [counted(sum(1 for _ in _statements(changes)), "smaller change")]
    named = ("revised", "gone")
    history = [f"{counted(numbers[name], 'published figure')} {name}" for name in named if numbers[name]]
    if not history:
        history = [f"no history revised{' in the files that could be compared' * bool(changes.unusable)}"]
    return f"{', '.join((*parts, *history))}."


def counts(changes: Changes) -> dict[str, int]:
    """How often each kind of change happened: the keys of `_COUNTED`, and `revised` and `gone` for published figures."""
    kinds = Counter(statement.kind for _, statement in _statements(changes))
    kinds["by_target"] = sum(change.by_target for kpi in changes.kpis for change in kpi.measures)
    gone = []  # their figures have no place of their own in the report
    for kpi in changes.kpis:
        if kpi.before and kpi.after is None:  # its shares are computed from figures that count already
            gone += [measure for measure in kpi.before.measures if measure.derived is None]
        else:
            gone += [each.before.measure for each in kpi.measures if each.before and each.after is None]
    series = (each for measure in gone for each in (measure.observations, *measure.peers.values()))
    kinds["gone"] = sum(figure.observed for figures in series for figure in figures)
    return {kind: kinds[kind] for kind in (*_COUNTED, "revised", "gone")}


def sections(changes: Changes) -> dict[Heading, dict[_Thing, list[str]]]:
    """What is to be reported under each heading, in the plan's order; headings without anything are left out."""
    items: dict[Heading, dict[_Thing, list[str]]] = {title: {} for title in Heading}
    for thing, statement in _statements(changes):
        items[statement.heading].setdefault(thing, []).append(statement.words)
    return {title: by_thing for title, by_thing in items.items() if by_thing}


def _statements(changes: Changes) -> Iterator[tuple[_Thing, _Statement]]:
    for kpi in changes.kpis:
        whole = kpi.newest
        for statement in _of_kpi(kpi, changes.plan):
            yield (whole.full_title, whole.id), statement
        for change in kpi.measures:
            measure, name = change.newest.measure, whole.full_title
            if measure.title or len(whole.measures) > 1:
                name += f": {measure_label(measure)}"
            for statement in _of_measure(change, kpi, changes):
                yield (name, change.newest.address), statement
    for field in changes.fields:
        yield ("The plan", ""), _Statement(Heading.REST, words.field_words(field, changes.plan))


def _of_kpi(kpi: KpiChange, plan: Plan) -> Iterator[_Statement]:
    if said := words.kpi_change_words(kpi, plan):
        yield _Statement(Heading.CAME_AND_WENT, said, "renamed" if kpi.what == MOVED else kpi.what)
    yield from (_of_field(field, plan) for field in kpi.fields)


def _of_field(change: FieldChange, plan: Plan) -> _Statement:
    is_redefined = change.field in _IDENTIFYING
    title = Heading.DEFINITIONS if is_redefined else Heading.REST
    title = Heading.GOALPOSTS if change.field in GOALPOSTS else title
    return _Statement(title, words.field_words(change, plan), "redefined" if is_redefined else "")


def _of_measure(change: MeasureChange, kpi: KpiChange, changes: Changes) -> Iterator[_Statement]:
    plan = changes.plan
    if change.newly_missed:
        yield _Statement(Heading.MISSED, words.state_change_words(change, plan), "newly_missed")
    elif change.recovered:
        yield _Statement(Heading.RECOVERED, words.state_change_words(change, plan), "recovered")
    elif change.before and change.after and change.states[0] != change.states[1] and not change.by_target:
        yield _Statement(Heading.STATUSES, words.state_change_words(change, plan))
    for figure in change.figures:
        said = words.figure_words(figure, change, plan)
        copied = words.copied_words(figure, change, changes.twins)
        if figure.what == MARKED:  # a late mark changes what may be said of a figure that stays what it was
            title, kind = (Heading.GOALPOSTS, "marked") if figure.late_marks else (Heading.REST, "")
        elif figure.what == NEW:
            title, kind = Heading.FIGURES, "new"
        else:
            title, kind = (Heading.HISTORY, "revised") if figure.revised else (Heading.REPLACED, "replaced")
        yield _Statement(title, f"{said}; {copied}" if copied else said, kind)
    for target in change.targets:
        kind = target.way if target.way in {LOOSER, TIGHTER} else "target_changed"
        yield _Statement(Heading.GOALPOSTS, words.target_change_words(target, change, plan), kind)
    yield from (_of_field(field, plan) for field in change.fields)
    if ended := words.trend_ended_words(change):
        yield _Statement(Heading.GOALPOSTS, ended)
    if kpi.before and kpi.after and (said := words.measure_change_words(change)):
        yield _Statement(Heading.CAME_AND_WENT, said)
    due = change.after.freshness if change.after else None
    if change.newly_overdue and due:
        late = f"Due on {span_words(due.due, due.due)} ({counted(due.days_late, 'day')} late)"
        yield _Statement(Heading.OVERDUE, late, "newly_overdue")


def changes_json(changes: Changes) -> str:
    """The same for programs, in the shape that docs/formats.md promises, KPI by KPI and measure by measure."""
    return dump(
        {
            "version": VERSION,
            "as_of": changes.day,
            "sentence": sentence(changes),
            "counts": counts(changes),
            "plan": _fields(changes),
            "kpis": [_kpi(change, changes.plan) for change in changes.kpis],
            "left_out": [
                {"path": path.encode(errors="replace").decode(), "version": "before" if before else "after"}
                for path, before in changes.unusable
            ],
            "unsure": [name.encode(errors="replace").decode() for name in changes.unsure],
        }
    )


def _fields(change: Changes | KpiChange | MeasureChange) -> list[Data]:
    return [pick(field, "field, before, after") for field in change.fields]


def _kpi(change: KpiChange, plan: Plan) -> Data:
    after = change.after
    ids = "kpi_before: before.id, priority_before: before.priority, priority: after.priority"
    return {
        **pick(change, f"kpi: newest.id, title: newest.title!, change: what, {ids}"),
        "priority_title": after and plan.priority_title(after.priority),
        "fields": _fields(change),
        "measures": [_measure(measure_change, change, plan) for measure_change in change.measures],
    }


def _measure(change: MeasureChange, kpi: KpiChange, plan: Plan) -> Data:
    before, after, newest = change.before, change.after, change.newest.measure
    area = newest.area or plan.area
    states = "state_before: before.state, state: after.state, state_with_old_targets: old_state"
    return {
        "measure": newest.id,
        "title": newest.title,
        "measure_title": measure_title(kpi.newest, newest),
        "area": area,
        "area_name": plan.area_name(area),
        **pick(change, "change: what, measure_before: before.measure.id"),
        "unit_before": before and unit_text(before.measure.unit),
        "unit": after and unit_text(after.measure.unit),
        **pick(change, f"{states}, newly_missed, recovered, newly_overdue, due: after.freshness.due"),
        "judgement_before": before and judgement_data(before, plan),
        "judgement": after and judgement_data(after, plan),
        "figures": [_figure(figure_change, plan) for figure_change in change.figures],
        "targets": [_target(target_change, change, plan) for target_change in change.targets],
        "fields": _fields(change),
    }


def _figure(change: FigureChange, plan: Plan) -> Data:
    period = "period: newest.period, start: newest.period.start, end: newest.period.end"
    values = "value_before: before.value, value: after.value"
    assessments = "assessment_before: before.assessment, assessment: after.assessment"
    return {
        **pick(change, "change: what, area"),
        "area_name": plan.area_name(change.area),
        **pick(change, f"{period}, {values}, {assessments}"),
        "marks_before": change.before.marks if change.before else [],
        "marks": change.after.marks if change.after else [],
        **pick(change, "note: after.note, announced, revised"),
    }


def _target(change: TargetChange, measure_change: MeasureChange, plan: Plan) -> Data:
    before, after = change.before, change.after
    now, was = words.measures_of(measure_change)
    return {
        **pick(change, "change: what, way"),
        "before": before and target_words(before, was),
        "target": after and target_words(after, now),
        "before_data": before and target_data(before, was, plan),
        "target_data": after and target_data(after, now, plan),
        **pick(change, "parts, source_before: before.source, source: after.source"),
    }
