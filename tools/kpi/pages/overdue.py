"""Overdue figures: whose they are, and since when."""

from typing import NamedTuple

from kpi.judge.freshness import Freshness
from kpi.judge.judgement import Judgement, MeasureJudgement
from kpi.model.kpi import Kpi
from kpi.model.period import span_words
from kpi.model.text import counted
from kpi.pages.document import VERSION, Data, dump, pick
from kpi.pages.lines import columns, one_line
from kpi.pages.markdown import heading, inline, page, table
from kpi.pages.words.figure_words import capitalised, dated, measure_title, short_label, when

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
    late = [
        Overdue(kpi.kpi, judged, judged.freshness)
        for kpi in judgement.kpis
        for judged in kpi.measures
        if judged.kpi == kpi.kpi.id and judged.freshness is not None and judged.freshness.days_late
    ]
    return sorted(late, key=lambda entry: -entry.freshness.days_late)


def sentence(judgement: Judgement) -> str:
    """How many figures are late, or that none is; or that none can be, because no measure says when figures are due."""
    late = len(overdue(judgement))
    day = span_words(judgement.day, judgement.day)
    if late:
        return f"{counted(late, 'figure is', 'figures are')} overdue on {day}."
    if any(judged.freshness for kpi in judgement.kpis for judged in kpi.measures):
        return f"No figure is overdue on {day}."
    return "No figure can be overdue: no measure says how often its figures come."


def overdue_text(judgement: Judgement) -> str:
    """For the terminal: a line a measure."""
    rows = [(late.judged.address, *_cells(late, judgement)[1:]) for late in overdue(judgement)]
    parts = columns([("Measure", *_HEADERS[1:]), *rows]) if rows else []
    return "\n".join([one_line(sentence(judgement)), *parts]) + "\n"


def overdue_page(judgement: Judgement) -> str:
    """As Markdown, for the summary of a workflow."""
    late = overdue(judgement)
    rows = [tuple(map(inline, _cells(entry, judgement))) for entry in late[:_MOST]]
    more = (f"{counted(len(late) - _MOST, 'more is', 'more are')} not shown.",) if len(late) > _MOST else ()
    blocks = [heading(2, "Overdue figures"), inline(sentence(judgement))]
    return page([*blocks, *((table(_HEADERS, rows),) if rows else ()), *more])


def overdue_json(judgement: Judgement) -> str:
    """As JSON, the latest first."""
    return dump(
        {
            "version": VERSION,
            "as_of": judgement.day,
            "overdue": [
                {
                    "kpi": late.kpi.id,
                    "kpi_title": late.kpi.title,
                    "priority": late.kpi.priority,
                    "measure": late.judged.measure.id,
                    "measure_title": measure_title(late.kpi, late.judged.measure),
                    **pick(late.freshness, "next_end", "due", "days_late"),
                    "owner": late.owner or None,
                    "owner_name": judgement.plan.owner_name(late.owner),
                }
                for late in overdue(judgement)
            ],
            "newest": list(map(_newest_figure, judgement.once())),
        }
    )


def _newest_figure(judged: MeasureJudgement) -> Data:
    """The newest figure of a measure, late or not, by which one that was late is known to have come."""
    figure = judged.latest.observation
    return {
        "kpi": judged.kpi,
        "measure": judged.measure.id,
        "end": figure and figure.period.end,
        "figure": figure and dated(figure, judged.measure),
    }


_HEADERS = ("KPI", "Newest figure", "Next was due", "Late by", "Owner")


def _cells(late: Overdue, judgement: Judgement) -> tuple[str, ...]:
    """What a row has: the newest figure is that of the period reported last, with or without a value."""
    measure, due = late.judged.measure, late.freshness.due
    several = len(late.kpi.measures) > 1
    reported = [figure.period for figure in measure.observations if not figure.forecast]
    newest = max(reported, key=lambda period: period.end, default=None)
    return (
        f"{late.kpi.full_title}: {short_label(measure)}" if several else late.kpi.full_title,
        capitalised(when(newest, measure)) if newest else "none yet",
        span_words(due, due),
        counted(late.freshness.days_late, "day"),
        judgement.plan.owners.get(late.owner, late.owner) or "nobody is named",
    )
