"""KPIs for the terminal: plain text without Markdown, safe to print."""

from collections.abc import Iterator, Mapping
from textwrap import TextWrapper
from typing import NamedTuple

from kpi.judge.judgement import Judgement, KpiJudgement, MeasureJudgement
from kpi.model.kpi import Measure
from kpi.model.period import span_words
from kpi.model.vocabulary import MARKS, WITHOUT_VALUE
from kpi.pages.charts.sparkline import ASCII, BLOCKS, sparkline_text
from kpi.pages.lines import columns, one_line
from kpi.pages.words.figure_words import capitalised, dated, measure_label, value_words, when
from kpi.pages.words.statuses import no_figures_words, state_words
from kpi.pages.words.target_words import gap_words, older_words, references_words, target_words
from kpi.pages.words.trends import direction_words

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
        rows = [_row(kpi, judgement) for kpi in judgement.of(priority.kpis)]
        blocks.append("\n".join([one_line(priority.title), *columns(rows)]))
    return "\n\n".join(blocks) + "\n"


def _row(kpi: KpiJudgement, judgement: Judgement) -> tuple[str, str, str, str]:
    status = capitalised(state_words(kpi.status, judgement.plan.status.words))
    measures = sorted(kpi.measures, key=lambda measure: measure.state != kpi.status)
    title = kpi.kpi.full_title
    if not measures:
        return kpi.kpi.id, status, "", title
    if len(measures) > 1:
        title += f": {measure_label(measures[0].measure)}, and {len(measures) - 1} more"
    newest = measures[0].latest.observation
    return kpi.kpi.id, status, dated(newest, measures[0].measure) if newest else "", title


def wrapped(text: str, width: int) -> str:
    """The text in lines of at most a width, if its words allow it; further lines are indented by two columns."""
    wrapper = TextWrapper(width, break_long_words=False, break_on_hyphens=False)
    lines = []
    for line in text.split("\n"):
        wrapper.subsequent_indent = " " * (len(line) - len(line.lstrip(" ")) + 2)
        lines += wrapper.wrap(line) if len(line) > width else [line]
    return "\n".join(lines)


def kpi_text(judgement: Judgement, judged: KpiJudgement, terminal: Terminal = PLAIN) -> str:
    """One KPI: status, definition, and each measure with its latest figure, target, trend and figures."""
    kpi, words = judged.kpi, judgement.plan.status.words
    status = terminal.painted(capitalised(state_words(judged.status, words)), judged.rag.colour)
    if judged.targeted > 1:
        status += f" ({judged.met} of {judged.targeted} met)"
    head = f"{one_line(kpi.full_title)}\n{status}, as of {span_words(judgement.day, judgement.day)}"
    statement = f'"{one_line(kpi.statement)}"' if kpi.statement else ""
    why = no_figures_words(kpi.no_figures, judgement.plan) if kpi.no_figures is not None else ""
    blocks = [head, statement, *map(one_line, (kpi.definition, kpi.note, why))]
    for each in judged.measures:
        facts = [
            _status(each, words, terminal),
            _latest(each, terminal),
            *map(one_line, _facts(each, judgement)),
        ]
        title = one_line(f"{measure_label(each.measure)} [{each.address}]")
        lines = [*filter(None, facts), *_figures(each.measure)]
        blocks.append("\n".join([title, *(f"  {line}" for line in lines)]))
    return "\n\n".join(filter(None, blocks)) + "\n"


def _status(judged: MeasureJudgement, words: Mapping[str, str], terminal: Terminal) -> str:
    """The status as a word, coloured where there may be colour, with what it is called in words."""
    status = terminal.painted(capitalised(state_words(judged.state, words)), judged.rag.colour)
    queried = "figure queried" if judged.queried else ""
    because = ", ".join(filter(None, (judged.rag.colour, judged.rag.because, queried)))
    return f"Status: {status} ({one_line(because)})" if because else f"Status: {status}"


def _latest(judged: MeasureJudgement, terminal: Terminal) -> str:
    """The latest figure, with a sparkline."""
    newest = judged.latest.observation
    if newest is None:
        return ""
    drawn = sparkline_text(judged.measure, BLOCKS if terminal.blocks else ASCII)
    return f"Latest: {one_line(dated(newest, judged.measure))}  {drawn}".rstrip()


def _facts(judged: MeasureJudgement, judgement: Judgement) -> Iterator[str]:
    measure = judged.measure
    for verdict in judged.verdicts:
        words = state_words(verdict.state, judgement.plan.status.words)
        words += f" ({verdict.reason})" if verdict.reason else ""
        if verdict is judged.deciding and (older := older_words(judged, judgement.day)):
            words += f", judged on {older}"
        if verdict.gap is not None:
            words += f"; gap {gap_words(verdict, measure)}"
        yield f"Target: {target_words(verdict.target, measure, verdict).removesuffix('.')}: {words}"
    for travel in judged.directions:
        yield f"Trend: {direction_words(travel, measure)}"
    if measure.references:
        yield f"To compare: {references_words(judged)}"
    if measure.no_figures is not None:
        yield no_figures_words(measure.no_figures, judgement.plan)


def _figures(measure: Measure) -> list[str]:
    """A line a figure, newest first: period, value, and what is to be said of it."""
    rows = []
    for figure in reversed(measure.observations):
        marks = [MARKS[mark].words for mark in figure.marks if mark not in WITHOUT_VALUE]
        words = ". ".join(filter(None, (", ".join(marks), figure.note)))
        rows.append((capitalised(when(figure.period, measure)), value_words(figure, measure), words))
    return columns(rows, align=("left", "right", "left"))
