"""What a change means, for reviewers: one sentence, then what counts most first, as text and as Markdown."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from kpi.judge.changes import MOVED, Changes, KpiChange, MeasureChange
from kpi.judge.field_changes import DEFINING, FieldChange
from kpi.judge.field_changes import GOALPOSTS as GOALPOST_FIELDS
from kpi.judge.figure_changes import MARKED, NEW, FigureChange
from kpi.judge.freshness import find_lagging
from kpi.judge.target_changes import LOOSER, TIGHTER
from kpi.model.kpi import Measure
from kpi.model.plan import Plan
from kpi.model.text import counted, display, listed
from kpi.pages.change_words import (
    copied_words,
    field_words,
    figure_words,
    kpi_change_words,
    lagging_words,
    measure_change_words,
    overdue_words,
    state_change_words,
    target_change_words,
    trend_ended_words,
)
from kpi.pages.figure_words import measure_label
from kpi.pages.markdown import bullets, heading, inline, page, paragraph

NOTHING = "Nothing that counts has changed."
NOTHING_READ = "Nothing that counts has changed in the files that could be compared."

MISSED, HISTORY, GOALPOSTS = "Newly not met", "Published history revised", "Moved goalposts"
DEFINITIONS, CAME_AND_WENT = "Definitions and units", "Added, removed, renamed"
RECOVERED, FIGURES, REPLACED = "Recovered", "New figures", "Provisional figures replaced"
STATUSES, OVERDUE, REST = "Other statuses", "Newly overdue", "Smaller changes"
SECTIONS = (
    MISSED,
    HISTORY,
    GOALPOSTS,
    DEFINITIONS,
    CAME_AND_WENT,
    RECOVERED,
    FIGURES,
    REPLACED,
    STATUSES,
    OVERDUE,
    REST,
)
"""The headings, the most important first."""

COUNTED = {
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


class Statement(NamedTuple):
    """One thing to report: its section, the words, and what it counts as: a key of `COUNTED`, `revised`, or empty."""

    section: str
    words: str
    kind: str = ""


class Item(NamedTuple):
    """The changes to one KPI, one measure or the plan: its name, its address (empty for the plan), and the sentences."""

    name: str
    address: str
    said: tuple[str, ...]


class Section(NamedTuple):
    """A heading with its items, in the plan's order."""

    title: str
    items: tuple[Item, ...]


def changes_text(changes: Changes) -> str:
    """The whole for the terminal; hidden characters are shown by their number."""
    blocks = ["\n".join((sentence(changes), *(display(text, _LONGEST * 4) for text in _left_out(changes))))]
    for section in sections(changes):
        lines = [section.title]
        for item in section.items:
            address = f" [{item.address}]" if item.address else ""
            lines += [f"  {_line(item.name + address)}", *(f"    {_line(text)}" for text in item.said)]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def changes_markdown(changes: Changes) -> str:
    """The same as Markdown, short enough for the summary of a workflow's run: long lists are cut, and the rest counted."""
    blocks = [heading(2, "What this change means"), inline(sentence(changes))]
    blocks += [inline(display(text, _LONGEST * 4)) for text in _left_out(changes)]
    for section in sections(changes):
        rows = [_row(item) for item in section.items[:_MOST_ITEMS]]
        more = len(section.items) - len(rows)
        if more:
            rows.append(f"… and {more:,} more; kpi diff lists them all.")
        blocks += [heading(3, section.title), bullets(rows)]
    return page(blocks)


def _row(item: Item) -> str:
    """One item as a bullet: a single thing on its line, several below it."""
    name = f"**{inline(_line(item.name))}**" + (f" ({inline(_line(item.address))})" if item.address else "")
    said = [paragraph(_line(text)) for text in item.said[:_MOST_SAID]]
    more = len(item.said) - len(said)
    if more:
        said.append(f"… and {more:,} more")
    return f"{name}: {said[0]}" if len(said) == 1 else "\n".join([name, *(f"  - {text}" for text in said)])


def _line(text: str) -> str:
    return display(" ".join(text.split()), _LONGEST)


def _left_out(changes: Changes) -> Iterator[str]:
    """What could not be compared."""
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
    parts = [counted(numbers[name], *nouns) for name, nouns in COUNTED.items() if numbers[name]]
    if not parts and not numbers["revised"] and not numbers["gone"]:
        parts = [counted(sum(1 for _ in _statements(changes)), "smaller change")]
    named = ("revised", "gone")
    history = [f"{counted(numbers[name], 'published figure')} {name}" for name in named if numbers[name]]
    if not history:
        history = [f"no history revised{' in the files that could be compared' * bool(changes.unusable)}"]
    return f"{', '.join((*parts, *history))}."


def counts(changes: Changes) -> dict[str, int]:
    """How often each kind of change happened: the keys of `COUNTED`, and `revised` and `gone` for published figures."""
    kinds = Counter(statement.kind for _, _, statement in _statements(changes))
    kinds["by_target"] = sum(change.by_target for kpi in changes.kpis for change in kpi.measures)
    series = (each for measure in _gone(changes) for each in (measure.observations, *measure.peers.values()))
    kinds["gone"] = sum(figure.observed for figures in series for figure in figures)
    return {kind: kinds[kind] for kind in (*COUNTED, "revised", "gone")}


def _gone(changes: Changes) -> Iterator[Measure]:
    """The measures that were removed, alone or with their KPI. Their figures have no place of their own in the report.

    Of a removed KPI computed shares are not counted besides the figures that they are computed from.
    """
    for kpi in changes.kpis:
        if kpi.before and kpi.after is None:
            yield from (measure for measure in kpi.before.measures if measure.derived is None)
        else:
            gone = (change.before for change in kpi.measures if change.after is None)
            yield from (judged.measure for judged in gone if judged)


def sections(changes: Changes) -> tuple[Section, ...]:
    """What is to be reported, in the order of `SECTIONS`; those without an item are left out."""
    items: dict[str, dict[tuple[str, str], list[str]]] = {title: {} for title in SECTIONS}
    for name, address, statement in _statements(changes):
        items[statement.section].setdefault((name, address), []).append(statement.words)
    return tuple(
        Section(title, tuple(Item(*whose, tuple(said)) for whose, said in by_thing.items()))
        for title, by_thing in items.items()
        if by_thing
    )


def _statements(changes: Changes) -> Iterator[tuple[str, str, Statement]]:
    """Each thing to report, with whose it is: name and address."""
    for kpi in changes.kpis:
        whole = kpi.newest
        for statement in _of_kpi(kpi, changes):
            yield whole.full_title, whole.id, statement
        for change in kpi.measures:
            measure, name = change.newest.measure, whole.full_title
            if measure.title or len(whole.measures) > 1:
                name += f": {measure_label(measure)}"
            for statement in _of_measure(change, kpi, changes):
                yield name, change.newest.address, statement
    for field in changes.fields:
        yield "The plan", "", Statement(REST, field_words(field, changes.plan))


def _of_kpi(kpi: KpiChange, changes: Changes) -> Iterator[Statement]:
    said = kpi_change_words(kpi, changes.plan)
    if said:
        yield Statement(CAME_AND_WENT, said, "renamed" if kpi.what == MOVED else kpi.what)
    lagging = find_lagging(kpi.after) if kpi.after else None
    if lagging and any(
        figure_change.what == NEW and figure_change.newest.period == lagging.period
        for change in kpi.measures
        for figure_change in change.figures
    ):
        yield Statement(FIGURES, lagging_words(lagging))
    yield from (_of_field(field, changes.plan) for field in kpi.fields)


def _of_field(change: FieldChange, plan: Plan) -> Statement:
    is_redefined = change.field in _IDENTIFYING
    section = DEFINITIONS if is_redefined else REST
    section = GOALPOSTS if change.field in GOALPOST_FIELDS else section
    return Statement(section, field_words(change, plan), "redefined" if is_redefined else "")


def _of_measure(change: MeasureChange, kpi: KpiChange, changes: Changes) -> Iterator[Statement]:
    plan = changes.plan
    if change.newly_missed:
        yield Statement(MISSED, state_change_words(change, plan), "newly_missed")
    elif change.recovered:
        yield Statement(RECOVERED, state_change_words(change, plan), "recovered")
    elif change.before and change.after and change.states[0] != change.states[1] and not change.by_target:
        yield Statement(STATUSES, state_change_words(change, plan))
    for figure in change.figures:
        said = figure_words(figure, change, plan)
        copied = copied_words(figure, change, changes.twins)
        section, kind = _place_of(figure)
        yield Statement(section, f"{said}; {copied}" if copied else said, kind)
    for target in change.targets:
        kind = target.way if target.way in {LOOSER, TIGHTER} else "target_changed"
        yield Statement(GOALPOSTS, target_change_words(target, change, plan), kind)
    yield from (_of_field(field, plan) for field in change.fields)
    ended = trend_ended_words(change)
    if ended:
        yield Statement(GOALPOSTS, ended)
    said = measure_change_words(change)
    if said and kpi.before and kpi.after:
        yield Statement(CAME_AND_WENT, said)
    if change.newly_overdue:
        yield Statement(OVERDUE, overdue_words(change), "newly_overdue")
    elif change.caught_up:
        yield Statement(REST, overdue_words(change))


def _place_of(change: FigureChange) -> tuple[str, str]:
    """The section of a changed figure, and what it counts as."""
    if change.what == MARKED:  # a late mark changes what may be said of a figure that stays what it was
        return (GOALPOSTS, "marked") if change.late_marks else (REST, "")
    if change.what == NEW:
        return FIGURES, "new"
    return (HISTORY, "revised") if change.revised else (REPLACED, "replaced")
