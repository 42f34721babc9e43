"""What a change means: one sentence, then what counts most first, as text and Markdown; and JSON."""

from collections import Counter
from collections.abc import Iterator

from kpi.judge.changes import MOVED, Changes, KpiChange, MeasureChange
from kpi.judge.field_changes import DEFINING, GOALPOSTS, LOOSER, TIGHTER, FieldChange
from kpi.judge.figure_changes import MARKED, NEW
from kpi.model.period import span_words
from kpi.model.plan import Plan
from kpi.model.text import counted, display, listed
from kpi.pages import change_words as words
from kpi.pages.export_json import judgement_data, target_data
from kpi.pages.figure_words import measure_label, measure_title
from kpi.pages.formats import Data, document, pick
from kpi.pages.markdown import bullets, heading, inline, page, paragraph, shown
from kpi.pages.target_words import target_words

NOTHING = "Nothing that counts has changed."


HEADINGS = {
    "Newly not met": ["newly_missed"],
    "Published history revised": ["revised"],
    "Moved goalposts": ["looser", "tighter", "target_changed", "marked", "goalpost"],
    "Definitions and units": ["redefined"],
    "Added, removed, renamed": ["added", "removed", "renamed", "measure"],
    "Recovered": ["recovered"],
    "New figures": ["new", "lagging"],
    "Provisional figures replaced": ["replaced"],
    "Other statuses": ["status"],
    "Newly overdue": ["newly_overdue"],
    "Smaller changes": ["smaller"],
}
"""The headings of a report, the most important first, with the kinds of change that stand under each."""

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

_MOST_ITEMS = 20  # of a section in Markdown
_MOST_SAID = 8  # of one item in Markdown
_LONGEST = 600  # characters that are said of one thing

_Thing = tuple[str, str]  # the name and address of a KPI or a measure; the plan has no address


def changes_text(changes: Changes) -> str:
    """The whole for the terminal; hidden characters are shown by their number."""
    blocks = ["\n".join((sentence(changes), *_left_out(changes)))]
    for title, items in sections(changes).items():
        lines = [title]
        for (name, address), said in items.items():
            whose = shown(f"{name} [{address}]" if address else name, _LONGEST)
            lines += [f"  {whose}", *(f"    {shown(text, _LONGEST)}" for text in said)]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def changes_markdown(changes: Changes) -> str:
    """The same as Markdown, short enough for a workflow's summary: long lists are cut."""
    blocks = [heading(2, "What this change means"), *map(inline, (sentence(changes), *_left_out(changes)))]
    for title, items in sections(changes).items():
        lines = []
        for (name, address), said in list(items.items())[:_MOST_ITEMS]:
            head = f"**{inline(shown(name, _LONGEST))}**"
            head += f" ({inline(shown(address, _LONGEST))})" if address else ""
            rows = [paragraph(shown(text, _LONGEST)) for text in said[:_MOST_SAID]]
            if more := len(said) - len(rows):
                rows.append(f"… and {more:,} more")
            lines.append(f"{head}: {rows[0]}" if len(rows) == 1 else "\n  - ".join([head, *rows]))
        if more := len(items) - len(lines):
            lines.append(f"… and {more:,} more; kpi diff lists them all.")
        blocks += [heading(3, title), bullets(lines)]
    return page(blocks)


def _left_out(changes: Changes) -> Iterator[str]:
    for when, was in (("before the change", True), ("after the change", False)):
        paths = listed([path for path, before in changes.unusable if before == was])
        if paths:
            said = f"Left out, because not all of it could be read {when}: {paths}. Run kpi lint."
            yield display(said, _LONGEST * 4)
    if changes.unsure:
        said = "A file that could not be read may be the same KPI, so these may be new, gone or renamed"
        yield display(f"{said}: {listed(changes.unsure)}.", _LONGEST * 4)


def sentence(changes: Changes) -> str:
    """The change in one sentence: "3 new figures, 1 target newly not met, no history revised."."""
    among = " in the files that could be compared" if changes.unusable else ""
    if not changes.kpis and not changes.fields:
        return f"{NOTHING.removesuffix('.')}{among}."
    numbers = counts(changes)
    parts = [counted(numbers[name], *nouns) for name, nouns in _COUNTED.items() if numbers[name]]
    named = ("revised", "gone")
    history = [f"{counted(numbers[name], 'published figure')} {name}" for name in named if numbers[name]]
    if not parts and not history:
        parts = [counted(sum(1 for _ in _statements(changes)), "smaller change")]
    history = history or [f"no history revised{among}"]
    return f"{', '.join(parts + history)}."


def counts(changes: Changes) -> dict[str, int]:
    """How often each kind of `_COUNTED` happened; `revised` and `gone` are published figures."""
    kinds = Counter(kind for _, kind, _ in _statements(changes))
    every = [change for kpi in changes.kpis for change in kpi.measures]
    kinds["by_target"] = sum(change.by_target for change in every)
    # their figures have no place of their own in the report
    gone = [change.before.measure for change in every if change.before and not change.after]
    removed = (kpi.before for kpi in changes.kpis if kpi.before and kpi.after is None)
    # its shares are computed from figures that count already
    gone += (measure for kpi in removed for measure in kpi.measures if measure.derived is None)
    series = (each for measure in gone for each in (measure.observations, *measure.peers.values()))
    kinds["gone"] = sum(figure.observed for figures in series for figure in figures)
    return {kind: kinds[kind] for kind in (*_COUNTED, "revised", "gone")}


def sections(changes: Changes) -> dict[str, dict[_Thing, list[str]]]:
    """What is to be reported under each heading that has something, in the plan's order."""
    titles = {kind: title for title, kinds in HEADINGS.items() for kind in kinds}
    items: dict[str, dict[_Thing, list[str]]] = {title: {} for title in HEADINGS}
    for thing, kind, said in _statements(changes):
        items[titles[kind]].setdefault(thing, []).append(said)
    return {title: by_thing for title, by_thing in items.items() if by_thing}


def _statements(changes: Changes) -> Iterator[tuple[_Thing, str, str]]:
    """Everything to report: what it is about, its kind, and the words."""
    plan = changes.plan
    for kpi in changes.kpis:
        name, is_single = kpi.newest.full_title, len(kpi.newest.measures) < 2
        whole = name, kpi.newest.id
        if said := words.kpi_change_words(kpi, plan):
            yield whole, "renamed" if kpi.what == MOVED else kpi.what, said
        if said := words.lagging_words(kpi):
            yield whole, "lagging", said
        yield from ((whole, _kind_of_field(field), words.field_words(field, plan)) for field in kpi.fields)
        for change in kpi.measures:
            measure = change.newest.measure
            whose = name if is_single and not measure.title else f"{name}: {measure_label(measure)}"
            for kind, said in _of_measure(change, kpi, changes):
                yield (whose, change.newest.address), kind, said
    yield from ((("The plan", ""), "smaller", words.field_words(field, plan)) for field in changes.fields)


def _kind_of_field(change: FieldChange) -> str:
    if change.field in DEFINING | {"better", "no_figures"}:
        return "redefined"
    return "goalpost" if change.field in GOALPOSTS else "smaller"


def _of_measure(change: MeasureChange, kpi: KpiChange, changes: Changes) -> Iterator[tuple[str, str]]:
    plan = changes.plan
    if change.newly_missed or change.recovered:
        kind = "newly_missed" if change.newly_missed else "recovered"
        yield kind, words.state_change_words(change, plan)
    elif change.before and change.after and change.states[0] != change.states[1] and not change.by_target:
        yield "status", words.state_change_words(change, plan)
    for figure in change.figures:
        if figure.what == MARKED:  # a late mark changes what may be said of a figure that stays what it was
            kind = "marked" if figure.late_marks else "smaller"
        elif figure.what == NEW:
            kind = "new"
        else:
            kind = "revised" if figure.revised else "replaced"
        yield kind, words.figure_words(figure, change, plan, changes.twins)
    for target in change.targets:
        kind = target.way if target.way in {LOOSER, TIGHTER} else "target_changed"
        yield kind, words.target_change_words(target, change, plan)
    yield from ((_kind_of_field(field), words.field_words(field, plan)) for field in change.fields)
    if ended := words.trend_ended_words(change):
        yield "goalpost", ended
    if kpi.before and kpi.after and (said := words.measure_change_words(change)):
        yield "measure", said
    due = change.after.freshness if change.after else None
    if change.newly_overdue and due:
        late = counted(due.days_late, "day")
        yield "newly_overdue", f"Due on {span_words(due.due, due.due)} ({late} late)"


def changes_json(changes: Changes) -> str:
    """The same for programs, in the shape of docs/formats.md."""
    plan = changes.plan
    ids = "kpi_before: before.id, priority_before: before.priority, priority: after.priority+"
    return document(
        as_of=changes.day,
        sentence=sentence(changes),
        counts=counts(changes),
        plan=changes.fields,
        kpis=[
            {
                **pick(kpi, f"kpi: newest.id, title: newest.title!, change: what, {ids}, fields", plan),
                "measures": [_measure(change, kpi, plan) for change in kpi.measures],
            }
            for kpi in changes.kpis
        ],
        left_out=[
            {"path": path.encode(errors="replace").decode(), "version": "before" if before else "after"}
            for path, before in changes.unusable
        ],
        unsure=[name.encode(errors="replace").decode() for name in changes.unsure],
    )


def _measure(change: MeasureChange, kpi: KpiChange, plan: Plan) -> Data:
    before, after = change.before, change.after
    newest = change.newest.measure._replace(area=change.newest.measure.area or plan.area)
    was = before.measure if before else newest
    units = "measure_before: before.measure.id, unit_before: before.measure.unit, unit: after.measure.unit"
    states = "state_before: before.state, state: after.state, state_with_old_targets: old_state"
    events = "newly_missed, recovered, newly_overdue, due: after.freshness.due"
    period = "period: newest.period, start: newest.period.start, end: newest.period.end"
    values = "value_before: before.value, value: after.value"
    assessments = "assessment_before: before.assessment, assessment: after.assessment"
    return {
        **pick(newest, "measure: id, title!"),
        "measure_title": measure_title(kpi.newest, newest),
        **pick(newest, "area+", plan),
        **pick(change, f"change: what, {units}, {states}, {events}"),
        "judgement_before": before and judgement_data(before, plan),
        "judgement": after and judgement_data(after, plan),
        "figures": [
            {
                **pick(figure, f"change: what, area+, {period}, {values}, {assessments}", plan),
                "marks_before": figure.before.marks if figure.before else [],
                "marks": figure.after.marks if figure.after else [],
                **pick(figure, "note: after.note, announced, revised"),
            }
            for figure in change.figures
        ],
        "targets": [
            {
                **pick(target, "change: what, way"),
                "before": target.before and target_words(target.before, was),
                "target": target.after and target_words(target.after, newest),
                "before_data": target.before and target_data(target.before, was, plan),
                "target_data": target.after and target_data(target.after, newest, plan),
                **pick(target, "parts, source_before: before.source, source: after.source"),
            }
            for target in change.targets
        ],
        "fields": change.fields,
    }
