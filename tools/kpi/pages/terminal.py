"""What `kpi list` and `kpi show` print: plain text without Markdown, safe to print; of overdue figures Markdown and JSON, too."""

from collections.abc import Iterable, Iterator, Sequence
from textwrap import TextWrapper
from typing import NamedTuple

from kpi.judge.judgement import Judgement, KpiJudgement, MeasureJudgement
from kpi.judge.series import Freshness
from kpi.model.kpi import Kpi
from kpi.model.period import span_words
from kpi.model.text import counted, display
from kpi.model.vocabulary import MARKS, WITHOUT_VALUE
from kpi.pages import target_words
from kpi.pages.charts.layout import ASCII, BLOCKS, sparkline_text
from kpi.pages.figure_words import capitalised, dated, measure_label, short_label, value_words, when
from kpi.pages.markdown import heading, inline, page, table
from kpi.pages.trend_words import direction_words

_MOST = 2000  # characters


def one_line(text: str, limit: int = _MOST) -> str:
    """A text of the user's on one line, safe to print, with at most `limit` characters."""
    return display(" ".join(text.split()), limit)


def columns(rows: Iterable[Sequence[str]], align: Sequence[str] | None = None) -> list[str]:
    """The rows as lines, with aligned columns."""
    from tabulate import tabulate

    cells = [[one_line(cell) for cell in row] for row in rows]
    aligned = tabulate(cells, tablefmt="plain", disable_numparse=True, colalign=align) if cells else ""
    return [line.rstrip() for line in aligned.splitlines()]


def wrapped(text: str, width: int) -> str:
    """The text in lines of at most a width, if its words allow it; further lines are indented by two columns."""
    wrapper = TextWrapper(width, break_long_words=False, break_on_hyphens=False)
    lines = []
    for line in text.split("\n"):
        wrapper.subsequent_indent = " " * (len(line) - len(line.lstrip(" ")) + 2)
        lines += wrapper.wrap(line) if len(line) > width else [line]
    return "\n".join(lines)


_OFF = "\x1b[0m"
_COLOURS = {"red": "\x1b[31m", "amber": "\x1b[33m", "green": "\x1b[32m"}


class Terminal(NamedTuple):
    """What the terminal can show: colours, and the block characters of a sparkline. Both are extras beside the words."""

    coloured: bool = False
    blocks: bool = True

    def painted(self, text: str, colour: str) -> str:
        """A text of the user's on one line, safe to print, in the colour of a status."""
        words = one_line(text)
        return f"{_COLOURS[colour]}{words}{_OFF}" if self.coloured and colour in _COLOURS else words


PLAIN = Terminal()


def kpi_list(judgement: Judgement) -> str:
    """A line for each KPI, grouped by priority: id, status, the newest figure of the measure that decides it, and title."""
    blocks = []
    for priority in judgement.plan.priorities:
        rows = []
        for judged in judgement.of(priority.kpis):
            measures = sorted(judged.measures, key=lambda measure: measure.state != judged.status)
            title, newest = judged.kpi.full_title, measures[0].latest.observation if measures else None
            if len(measures) > 1:
                title += f": {measure_label(measures[0].measure)}, and {len(measures) - 1} more"
            status = capitalised(target_words.state_words(judged.status, judgement.plan.status.words))
            figure = dated(newest, measures[0].measure) if newest else ""
            rows.append((judged.kpi.id, status, figure, title))
        blocks.append("\n".join([one_line(priority.title), *columns(rows)]))
    return "\n\n".join(blocks) + "\n"


def kpi_text(judgement: Judgement, judged: KpiJudgement, terminal: Terminal = PLAIN) -> str:
    """One KPI: status, definition, and each measure with its latest figure, target, trend and figures."""
    kpi, words = judged.kpi, judgement.plan.status.words
    status = terminal.painted(capitalised(target_words.state_words(judged.status, words)), judged.rag.colour)
    if judged.targeted > 1:
        status += f" ({judged.met} of {judged.targeted} met)"
    head = f"{one_line(kpi.full_title)}\n{status}, as of {span_words(judgement.day, judgement.day)}"
    statement = f'"{one_line(kpi.statement)}"' if kpi.statement else ""
    why = target_words.no_figures_words(kpi.no_figures, judgement.plan) if kpi.no_figures is not None else ""
    blocks = [head, statement, *map(one_line, (kpi.definition, kpi.note, why))]
    for each in judged.measures:
        measure, newest = each.measure, each.latest.observation
        status = terminal.painted(capitalised(target_words.state_words(each.state, words)), each.rag.colour)
        reasons = (each.rag.colour, each.rag.because, "figure queried" if each.queried else "")
        because = one_line(", ".join(filter(None, reasons)))
        lines = [f"Status: {status} ({because})" if because else f"Status: {status}"]
        if newest is not None:
            drawn = sparkline_text(measure, BLOCKS if terminal.blocks else ASCII)
            lines.append(f"Latest: {one_line(dated(newest, measure))}  {drawn}".rstrip())
        lines += map(one_line, _facts(each, judgement))
        rows = []
        for figure in reversed(measure.observations):
            marks = ", ".join(MARKS[mark].words for mark in figure.marks if mark not in WITHOUT_VALUE)
            beside = ". ".join(filter(None, (marks, figure.note)))
            rows.append((capitalised(when(figure.period, measure)), value_words(figure, measure), beside))
        lines += columns(rows, align=("left", "right", "left"))
        title = one_line(f"{measure_label(measure)} [{each.address}]")
        blocks.append("\n".join([title, *(f"  {line}" for line in lines)]))
    return "\n\n".join(filter(None, blocks)) + "\n"


def _facts(judged: MeasureJudgement, judgement: Judgement) -> Iterator[str]:
    measure = judged.measure
    for verdict in judged.verdicts:
        words = target_words.state_words(verdict.state, judgement.plan.status.words)
        words += f" ({verdict.reason})" if verdict.reason else ""
        if verdict is judged.deciding and (older := target_words.older_words(judged, judgement.day)):
            words += f", judged on {older}"
        if verdict.gap is not None:
            words += f"; gap {target_words.gap_words(verdict, measure)}"
        yield f"Target: {target_words.target_words(verdict.target, measure, verdict).removesuffix('.')}: {words}"
    for travel in judged.directions:
        yield f"Trend: {direction_words(travel, measure)}"
    if measure.references:
        yield f"To compare: {target_words.references_words(judged)}"
    if measure.no_figures is not None:
        yield target_words.no_figures_words(measure.no_figures, judgement.plan)


_MOST_ROWS = 500  # rows of a summary; what is more is counted


class Overdue(NamedTuple):
    """A measure whose next figure is late, and the id of who answers for it, if anybody is named."""

    kpi: Kpi
    judged: MeasureJudgement
    freshness: Freshness
    owner: str


def overdue(judgement: Judgement) -> list[Overdue]:
    """The measures whose next figure is late, the latest first; each under the KPI that it belongs to."""
    late = [
        Overdue(kpi.kpi, judged, judged.freshness, judged.measure.owner or kpi.kpi.owner)
        for kpi in judgement.kpis
        for judged in kpi.measures
        if judged.kpi == kpi.kpi.id and judged.freshness is not None and judged.freshness.days_late
    ]
    return sorted(late, key=lambda entry: -entry.freshness.days_late)


def overdue_sentence(judgement: Judgement) -> str:
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
    return "\n".join([overdue_sentence(judgement), *parts]) + "\n"


def overdue_page(judgement: Judgement) -> str:
    """As Markdown, for the summary of a workflow."""
    late = overdue(judgement)
    rows = [tuple(map(inline, _cells(entry, judgement))) for entry in late[:_MOST_ROWS]]
    made = table(_HEADERS, rows) if rows else ""
    more = f"{counted(len(late) - _MOST_ROWS, 'more is', 'more are')} not shown." if late[_MOST_ROWS:] else ""
    return page([heading(2, "Overdue figures"), inline(overdue_sentence(judgement)), made, more])


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
