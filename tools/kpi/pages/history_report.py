"""The history of a KPI's figures: for the terminal, safe to print, and as JSON."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import NamedTuple

from kpi.judge.figure_changes import MARKED, Event, History, MeasureHistory, Version
from kpi.model.kpi import Kpi, Measure, Observation, identity
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
    blocks = ["\n".join(map(one_line, (past.kpi.full_title, *_remarks(past))))]
    for history in past.measures:
        measure = history.measure
        title = f"{measure_label(measure)} [{past.kpi.id}/{measure.id}]{', no longer there' if history.gone else ''}"
        rows = list(_rows(history, plan))
        why = "computed from other measures" if measure.derived is not None else "no figures so far"
        parts = columns(rows) if rows else [why]
        blocks.append("\n".join([one_line(title), *(f"  {row}" for row in parts)]))
    return "\n\n".join(blocks) + "\n"


def _remarks(past: KpiHistory) -> Iterator[str]:
    commits = [older for older in past.history.versions if older.commit]
    if not commits:
        yield f"No commit has {past.path} yet."
    else:
        first, last = _day(commits[0].day), _day(commits[-1].day)
        days = first if first == last else f"{first} to {last}"
        yield f"History of {past.path}: {counted(len(commits), 'commit')}, {days}. Days are in UTC."
    for version, before in past.history.moves:
        yield f"The file was {before} before {_commit(version)} of {_day(version.day)}."
    for version in past.history.unusable:
        yield f"Passed over: {_commit(version)} of {_day(version.day)}, because its file can't be used."
    if past.history.shallow:
        yield "This clone lacks older commits, so a figure may be older than its first line says."
        yield "Get the whole history: git fetch --unshallow, or fetch-depth: 0 in a workflow."


def _rows(history: MeasureHistory, plan: Plan) -> Iterator[tuple[str, ...]]:
    """A row an event: period, event, figure, day, commit, author, subject. The period is in its first row only."""
    for _, events in groupby(_by_period(history), key=_figure_key):
        for row, event in enumerate(events):
            version, area = event.version, event.change.area
            period = capitalised(when(event.change.newest.period, event.after))
            name = plan.area_name(area) or area
            yield (
                "" if row else f"{name}: {period}" if name else period,
                WORDS[event.change.what],
                _figure(event),
                f"{_day(version.day)}{' or before' if version.edge else ''}",
                _commit(version),
                one_line(version.author, 30),
                one_line(version.subject, 60),
            )


def _by_period(history: MeasureHistory) -> list[Event]:
    """The events with own figures first, and of each area the newest period first. Within a period they stay as they are."""
    areas = list(dict.fromkeys(("", *(event.change.area for event in history.events))))

    def order(event: Event) -> tuple[int, int, int]:
        area, start, end = _figure_key(event)
        return areas.index(area), -end.toordinal(), -start.toordinal() if start is not None else 0

    return sorted(history.events, key=order)


def _figure_key(event: Event) -> tuple[str, date | None, date]:
    return event.change.area, *identity(event.change.newest.period, event.after.kind)


def _figure(event: Event) -> str:
    change = event.change
    was, now = unrounded_if_alike(change.before, event.before, change.after, event.after)
    both = ((change.before, was), (change.after, now))
    before, after = (_value(figure, measure) if figure else "" for figure, measure in both)
    if change.what == MARKED and before == after:
        return f"{after}, with another note"
    return " → ".join(filter(None, dict.fromkeys((before, after))))


def _value(figure: Observation, measure: Measure) -> str:
    """A figure with its unit and the names of its marks: "95% (provisional)"."""
    marks = ", ".join(mark for mark in figure.marks if mark not in WITHOUT_VALUE)
    bare = figure._replace(marks=tuple(mark for mark in figure.marks if mark in WITHOUT_VALUE))
    return f"{value_words(bare, measure)} ({marks})" if marks else value_words(bare, measure)


def _commit(version: Version) -> str:
    return version.commit[:_DIGITS] or "not committed"


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


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
                    "area": change.area or None,
                    "area_name": plan.area_name(change.area),
                    "period": change.newest.period,
                    "event": WORDS[change.what],
                    "before": change.before and pick(change.before, _OF_A_FIGURE),
                    "after": change.after and pick(change.after, _OF_A_FIGURE),
                    **pick(event.version, "commit, date: day, or_before: edge, author, subject"),
                }
                for history in past.measures
                for event, change in ((event, event.change) for event in _by_period(history))
            ],
        }
    )
