"""Overdue figures: whose they are, and since when."""

from collections.abc import Iterator
from typing import NamedTuple

from kpi.judge.freshness import Freshness
from kpi.judge.judgement import Judgement, MeasureJudgement
from kpi.model.kpi import Kpi
from kpi.model.period import span_words
from kpi.model.text import counted
from kpi.pages.document import VERSION, dump
from kpi.pages.lines import columns, one_line
from kpi.pages.markdown import heading, inline, page, table
from kpi.pages.words import capitalised, dated, measure_title, short_label, when

_MOST = 500  # rows of a summary; what is more is counted


class Overdue(NamedTuple):
    """A measure whose next figure is late."""

    kpi: Kpi
    judged: MeasureJudgement
    freshness: Freshness

    @property
    def owner(self) -> str:
        """The id of who answers for the figure; empty where nobody is named."""
        return self.judged.measure.owner or self.kpi.owner


def overdue(judgement: Judgement) -> list[Overdue]:
    """The measures whose next figure is late, the latest first; each under the KPI that it belongs to."""
    found = [
        Overdue(kpi.kpi, one, one.freshness)
        for kpi in judgement.kpis
        for one in kpi.measures
        if one.kpi == kpi.kpi.id and one.freshness is not None and one.freshness.days_late
    ]
    return sorted(found, key=lambda one: -one.freshness.days_late)


def sentence(judgement: Judgement) -> str:
    """How many figures are late, or that none is; or that none can be, because no measure says when figures are due."""
    late = len(overdue(judgement))
    day = span_words(judgement.day, judgement.day)
    if late:
        return f"{counted(late, 'figure is', 'figures are')} overdue on {day}."
    if any(one.freshness for kpi in judgement.kpis for one in kpi.measures):
        return f"No figure is overdue on {day}."
    return "No figure can be overdue: no measure says how often its figures come."


def overdue_text(judgement: Judgement) -> str:
    """For the terminal: a line a measure."""
    rows = [
        (f"{one.kpi.id}/{one.judged.measure.id}", *_cells(one, judgement)[1:]) for one in overdue(judgement)
    ]
    told = columns([("Measure", *_HEADERS[1:]), *rows]) if rows else []
    return "\n".join([one_line(sentence(judgement)), *told]) + "\n"


def overdue_page(judgement: Judgement) -> str:
    """As Markdown, for the summary of a workflow."""
    found = overdue(judgement)
    rows = [tuple(map(inline, _cells(one, judgement))) for one in found[:_MOST]]
    more = (f"{counted(len(found) - _MOST, 'more is', 'more are')} not shown.",) if len(found) > _MOST else ()
    blocks = [heading(2, "Overdue figures"), inline(sentence(judgement))]
    return page([*blocks, *((table(_HEADERS, rows),) if rows else ()), *more])


def overdue_json(judgement: Judgement) -> str:
    """As JSON, the latest first."""
    return dump(
        {
            "version": VERSION,
            "as_of": judgement.day.isoformat(),
            "overdue": [
                {
                    "kpi": one.kpi.id,
                    "kpi_title": one.kpi.title,
                    "priority": one.kpi.priority,
                    "measure": one.judged.measure.id,
                    "measure_title": measure_title(one.kpi, one.judged.measure),
                    "next_end": one.freshness.next_end.isoformat(),
                    "due": one.freshness.due.isoformat(),
                    "days_late": one.freshness.days_late,
                    "owner": one.owner or None,
                    "owner_name": judgement.plan.owner_name(one.owner),
                }
                for one in overdue(judgement)
            ],
            "newest": [_newest_figure(judged) for judged in judgement.once()],
        }
    )


def _newest_figure(judged: MeasureJudgement) -> dict[str, str | None]:
    """The newest figure of a measure, late or not, by which one that was late is known to have come."""
    figure = judged.latest.observation
    return {
        "kpi": judged.kpi,
        "measure": judged.measure.id,
        "end": figure.period.end.isoformat() if figure else None,
        "figure": dated(figure, judged.measure) if figure else None,
    }


_HEADERS = ("KPI", "Newest figure", "Next was due", "Late by", "Owner")


def _cells(one: Overdue, judgement: Judgement) -> tuple[str, ...]:
    due = one.freshness.due
    return (
        ": ".join(_titles(one)),
        _newest(one),
        span_words(due, due),
        counted(one.freshness.days_late, "day"),
        judgement.plan.owners.get(one.owner, one.owner) or "nobody is named",
    )


def _titles(one: Overdue) -> Iterator[str]:
    yield one.kpi.full_title
    if len(one.kpi.measures) > 1:
        yield short_label(one.judged.measure)


def _newest(one: Overdue) -> str:
    """The period that was reported last, with or without a value; before the first there may be a forecast."""
    reported = [figure.period for figure in one.judged.measure.observations if not figure.forecast]
    if not reported:
        return "none yet"
    return capitalised(when(max(reported, key=lambda period: period.end), one.judged.measure))
