"""What is drawn of one measure: its figures, its targets as dashed lines over their days, and the key to both."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Context, Decimal
from typing import NamedTuple

from kpi.judge.bound import terms, why_wrong_length
from kpi.judge.judgement import MeasureJudgement
from kpi.judge.series import at_a_date
from kpi.judge.usual import Usual
from kpi.model.kpi import Measure, Observation
from kpi.model.period import period_words, span_words
from kpi.model.text import counted
from kpi.model.vocabulary import MARKS, NOT_FINAL
from kpi.pages.charts.layout import BREAK, LINE_FROM, Scale, shown_figures, tick_words
from kpi.pages.charts.svg import LINE, MIDDLE, SIZE, Sheet, Style, bar, number, spots, text_width, wrapped
from kpi.pages.figure_words import bare, dated, figure_decimals, short_when
from kpi.pages.target_words import bound_words, judged_bound_words
from kpi.pages.trend_words import range_words

NOW, OLDER, WAY = "now", "older", "way"
_DASHES = {NOW: ("ink", "dash"), OLDER: ("quiet", "dash"), WAY: ("ink", "thick")}


class Level(NamedTuple):
    """A bound over some days, `start` and `stop` included. `upper` is the second end of a range.

    `sort` is NOW for a target that is in force, else OLDER, or WAY for a way point.
    """

    value: Decimal
    text: str
    sort: str
    upper: Decimal | None = None
    start: date = date.min
    stop: date = date.max


def target_levels(judged: MeasureJudgement) -> Iterator[Level]:
    """The targets with a number and days of their own, and way points: those in force first, in the order written."""
    verdicts, measure = {verdict.target: verdict for verdict in judged.verdicts}, judged.measure
    days = {term.target: (term.first, term.last) for term in terms(measure)}
    for target in dict.fromkeys((*verdicts, *measure.targets)):
        verdict, bound, (start, stop) = verdicts.get(target), target.bound, days[target]
        stop = min(stop, target.by.end) if target.by else stop
        if bound is None or start > stop:
            continue
        value, words = bound.value, bound_words(bound, measure.unit)
        if value is None and verdict and verdict.bound is not None and verdict.reference is not None:
            value, words = verdict.bound.value, judged_bound_words(verdict, measure)
            start = max(start, verdict.reference.period.end + timedelta(days=not at_a_date(measure)))
        elif judged.current and all(why_wrong_length(measure, target, each) for each in judged.current):
            value = None
        if value is not None:
            words = f"target {words}"
            words += f" over {counted(target.over, 'month')}" if target.over is not None else ""
            words += f", by {period_words(target.by)}" if target.by is not None else ""
            if stop < (target.by.end if target.by is not None else date.max):
                words += f", until {span_words(stop, stop)}"
            words += f" ({target.label})" if target.label else ""
            yield Level(value, words, NOW if verdict else OLDER, bound.upper, start, stop)
        for period, point in target.trajectory:
            yield Level(point, "way to the target", WAY, None, period.start, period.end)


_MOST_NOW, _MOST_OLDER = 4, 2
_SWATCH, _BESIDE = 18, 130
Key = tuple[str, str]  # a swatch, by its name, with what it stands for


class Frame(NamedTuple):
    """Where something is drawn, from the left to the right, and how high its plot is."""

    left: float
    right: float
    top: float
    height: float

    @property
    def sides(self) -> tuple[float, float]:
        """Its left and right."""
        return self.left, self.right

    @property
    def width(self) -> float:
        """From side to side."""
        return self.right - self.left


class Panel(NamedTuple):
    """A measure with the figures and targets that are drawn; of a long line `points` figures at most.

    `latest` is the figure that is judged, or the newest that is observed; `colour` that of its target's state, where it has one.
    `values` are all that must be visible. A line has many figures, and may have the usual range of the newest.
    """

    judged: MeasureJudgement
    measure: Measure
    figures: Sequence[Observation]
    valued: Sequence[Observation]
    levels: Sequence[Level]
    values: Sequence[Decimal]
    points: int
    latest: Observation
    colour: str
    is_line: bool
    usual: Usual | None


def panel_of(judged: MeasureJudgement, points: int) -> Panel | None:
    """What is drawn of a measure; None where it has less than two figures to draw."""
    figures, verdict = shown_figures(judged.measure), judged.deciding
    valued = [figure for figure in figures if figure.value is not None]
    if len(valued) < 2:
        return None
    first, last = valued[0].period.start, valued[-1].period.end
    by_sort: dict[str, list[Level]] = {NOW: [], OLDER: [], WAY: []}
    for level in target_levels(judged):
        if level.sort == NOW or (level.start <= last and level.stop >= first):
            by_sort[level.sort].append(level)
    levels = [*by_sort[NOW][:_MOST_NOW], *by_sort[OLDER][-_MOST_OLDER:], *by_sort[WAY]]
    ends = (end for level in levels for end in (level.value, level.upper) if end is not None)
    values = [*(figure.number for figure in valued), *ends]
    latest, colour = ([figure for figure in valued if not figure.forecast] or valued)[-1], "new"
    if verdict is not None and verdict.observation in valued:
        latest, colour = verdict.observation, judged.rag.colour or colour
    is_line = len(valued) >= LINE_FROM
    usuals = (travel.usual for travel in judged.directions if is_line and travel.later == valued[-1])
    drawn = (figures, valued, levels, values)
    return Panel(judged, judged.measure, *drawn, points, latest, colour, is_line, next(usuals, None))


def draw_key(sheet: Sheet, keys: Sequence[Key], frame: Frame) -> float:
    """What the dashed lines and signs of a chart are, a row each, a short one beside what is above; how far the end is down."""
    top = frame.top
    for swatch, text in keys:
        line = wrapped(text, frame.width, 1)[0]
        x, y = frame.right - text_width(line), top - LINE
        if x < frame.left + _BESIDE or not sheet.write((x, y + SIZE), line, Style(free=_SWATCH + 6)):
            x, y = frame.left + _SWATCH, top
            top = sheet.block((x, y), text, frame.width - _SWATCH)
        x, y = x - _SWATCH, y + LINE / 2
        if swatch == "usual":
            sheet.fill(bar(x, x + 14, y - 4, y + 4), "faint")
        elif swatch == "signal":
            sheet.line(spots([(x + 7, y)]), "new", "spot")
        elif swatch == "hollow":
            sheet.line(bar(x + 3, x + 11, y - 4, y + 4), "new", "thick", "card")
        elif swatch:
            sheet.line(f"M{number(x)} {number(y)}h14", *_DASHES[swatch])
    return top


def panel_keys(panel: Panel) -> list[Key]:
    """What has to be explained of a panel, each once."""
    keys = [(level.sort, f"{'earlier ' * (level.sort == OLDER)}{level.text}") for level in panel.levels]
    if (usual := panel.usual) is not None:
        beside = " on the year before" if usual.lag else ""
        keys.append(("usual", f"usual range: {range_words(usual, panel.measure)}{beside}"))
        keys += [("signal", "unusual")] if any(usual.chart.signals) else []
    marks = dict.fromkeys(mark for figure in panel.valued for mark in figure.marks if mark in NOT_FINAL)
    if marks and (not panel.is_line or len(panel.valued) <= panel.points):
        keys.append(("hollow", ", ".join(MARKS[mark].brief for mark in marks)))
    newest = panel.judged.latest.observation
    if newest is not None and newest.value is not None and newest not in panel.valued:
        keys.append(("", f"another length of time, not drawn: {dated(newest, panel.measure)}"))
    return list(dict.fromkeys(keys))


class Plot(NamedTuple):
    """What a measure is drawn on: the sheet, its place there, and the scale of its values."""

    sheet: Sheet
    panel: Panel
    frame: Frame
    scale: Scale

    def draw_break(self, x: float, heights: Sequence[float]) -> None:
        """A dashed line from top to bottom, with its word at the first height where there is room."""
        self.sheet.line(f"M{number(x)} {number(self.scale.top)}V{number(self.scale.bottom)}", "quiet", "dash")
        any(self.sheet.write((x, y), BREAK, MIDDLE, self.frame.sides) for y in heights)

    def targets(self, span: Callable[[Level], tuple[float, float]]) -> None:
        """Lines over the targets' own days, from where to where `span` says; a range as a pale band between two."""
        for level in self.panel.levels:
            left, right = span(level)
            ends = [self.scale.y(value) for value in (level.value, level.upper) if value is not None]
            if level.upper is not None:
                self.sheet.fill(bar(left, right, min(ends), max(ends)), "ink", ".08")
            steps = "".join(f"M{number(left)} {number(y)}H{number(right)}" for y in ends)
            self.sheet.line(steps, *_DASHES[level.sort])

    def period(self, figure: Observation, x: float, top: float, pitch: float) -> float:
        """A figure's period below it, whole or not at all; how far its lower end is from the top."""
        text = short_when(figure.period, self.panel.measure)
        lines = wrapped(text, max(pitch - 4, *map(text_width, text.split())), 4)
        style = Style("ink" if figure == self.panel.latest else "quiet", "middle")
        is_put = self.sheet.write((x, top + SIZE), lines, style, self.frame.sides)
        return top + LINE * len(lines) if is_put else top


def number_text(figure: Observation, measure: Measure, room: float) -> str:
    """A figure's number without its unit, in four digits where it is too long for the room in full."""
    text = bare(figure.number, measure.unit, figure_decimals(figure, measure))
    if text_width(text, bold=True) <= room:
        return text
    return tick_words(Context(prec=4).plus(figure.number), measure.unit)
