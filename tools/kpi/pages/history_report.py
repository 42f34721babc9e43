"""The history of a KPI's figures: for the terminal, safe to print, and as JSON."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from kpi.judge.figure_changes import MARKED, Event, History, MeasureHistory, Version
from kpi.model.kpi import Kpi, identity
from kpi.model.plan import Plan
from kpi.model.text import counted
from kpi.model.vocabulary import WITHOUT_VALUE
from kpi.pages.export_json import VERSION, dump, pick
from kpi.pages.figure_words import (
    capitalised,
    measure_label,
    measure_title,
    unrounded_if_alike,
    value_words,
    when,
)
from kpi.pages.terminal import columns, one_line

WORDS = {"new": "published", "corrected": "corrected", "withdrawn": "withdrawn", "marked": "marked"}
"""What an event is called."""

_DIGITS = 12  # of a commit's name: enough to be the only one, and short enough for a column
_OF_A_FIGURE = "value, assessment, marks, note"


class KpiHistory(NamedTuple):
    """The history of one KPI: its file as it is, where the history comes from, and the events of its measures."""

    kpi: Kpi
    path: str
    history: History
    measures: tuple[MeasureHistory, ...]


def history_text(past: KpiHistory, plan: Plan) -> str:
    """A table a measure: the newest period first, and what happened to its figure from first to last."""
    head, (versions, unusable, moves, is_shallow) = [past.kpi.full_title], past.history
    days = [f"{older.day}" for older in versions if older.commit]
    if days:
        span = " to ".join(dict.fromkeys((days[0], days[-1])))
        head.append(f"History of {past.path}: {counted(len(days), 'commit')}, {span}. Days are in UTC.")
    else:
        head.append(f"No commit has {past.path} yet.")
    head += (
        f"The file was {before} before {_commit(version)} of {version.day}." for version, before in moves
    )
    why = "because its file can't be used."
    head += (f"Passed over: {_commit(version)} of {version.day}, {why}" for version in unusable)
    if is_shallow:
        head.append("This clone lacks older commits, so a figure may be older than its first line says.")
        head.append("Get the whole history: git fetch --unshallow, or fetch-depth: 0 in a workflow.")
    blocks = ["\n".join(map(one_line, head))]
    for history in past.measures:
        measure = history.measure
        title = f"{measure_label(measure)} [{past.kpi.id}/{measure.id}]{', no longer there' if history.gone else ''}"
        rows = list(_rows(history, plan))
        why = "computed from other measures" if measure.derived is not None else "no figures so far"
        parts = columns(rows) if rows else [why]
        blocks.append("\n".join([one_line(title), *(f"  {row}" for row in parts)]))
    return "\n\n".join(blocks) + "\n"


def _rows(history: MeasureHistory, plan: Plan) -> Iterator[tuple[str, ...]]:
    """A row an event: period, event, figure, day, commit, author, subject. The period is in its first row only."""
    for events in _by_figure(history):
        for row, event in enumerate(events):
            version, area = event.version, event.change.area
            period = capitalised(when(event.change.newest.period, event.after))
            name = plan.area_name(area) or area
            yield (
                "" if row else f"{name}: {period}" if name else period,
                WORDS[event.change.what],
                _figure(event),
                f"{version.day or ''}{' or before' if version.edge else ''}",
                _commit(version),
                one_line(version.author, 30),
                one_line(version.subject, 60),
            )


def _by_figure(history: MeasureHistory) -> list[list[Event]]:
    """The events of each figure as they are: the own figures first, then area by area, and of each the newest period first."""
    groups: dict[tuple[str, date | None, date], list[Event]] = {}
    for event in history.events:
        at = event.change.area, *identity(event.change.newest.period, event.after.kind)
        groups.setdefault(at, []).append(event)
    areas = list(dict.fromkeys(("", *(area for area, _, _ in groups))))
    newest_first = sorted(groups, key=lambda at: (at[2], at[1] or date.min), reverse=True)
    return [groups[at] for at in sorted(newest_first, key=lambda at: areas.index(at[0]))]


def _figure(event: Event) -> str:
    """The figure before and after with its unit and the names of its marks: "95% (provisional) → 94%"."""
    change = event.change
    was, now = unrounded_if_alike(change.before, event.before, change.after, event.after)
    texts = []
    for figure, measure in ((change.before, was), (change.after, now)):
        if figure is not None:
            marks = ", ".join(mark for mark in figure.marks if mark not in WITHOUT_VALUE)
            bare = figure._replace(marks=tuple(mark for mark in figure.marks if mark in WITHOUT_VALUE))
            texts.append(f"{value_words(bare, measure)} ({marks})" if marks else value_words(bare, measure))
    if change.what == MARKED and len({*texts}) < len(texts):
        return f"{texts[0]}, with another note"
    return " → ".join(dict.fromkeys(texts))


def _commit(version: Version) -> str:
    return version.commit[:_DIGITS] or "not committed"


def history_json(past: KpiHistory, plan: Plan) -> str:
    """The same as JSON: an item an event, in the order of the table."""
    return dump(
        {
            "version": VERSION,
            **pick(past, "kpi: kpi.id, title: kpi.title!, path, shallow: history.shallow"),
            "renamed": [{"from": before, "commit": version.commit} for version, before in past.history.moves],
            "passed_over": [version.commit for version in past.history.unusable],
            "events": [
                {
                    "measure": history.measure.id,
                    "measure_title": measure_title(past.kpi, history.measure),
                    **pick(event.change, "area+, period: newest.period", plan),
                    "event": WORDS[event.change.what],
                    "before": event.change.before and pick(event.change.before, _OF_A_FIGURE),
                    "after": event.change.after and pick(event.change.after, _OF_A_FIGURE),
                    **pick(event.version, "commit, date: day, or_before: edge, author, subject"),
                }
                for history in past.measures
                for events in _by_figure(history)
                for event in events
            ],
        }
    )
