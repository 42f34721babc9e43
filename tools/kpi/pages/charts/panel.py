"""What is drawn of one measure: its figures, its targets as dashed lines over their days, and the key to both."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Context, Decimal
from typing import NamedTuple

from kpi.judge.bound import supersedes, why_wrong_length
from kpi.judge.control_chart import Chart
from kpi.judge.judgement import MeasureJudgement
from kpi.judge.series import at_a_date
from kpi.model.kpi import Measure, Observation, Target
from kpi.model.period import period_words, span_words
from kpi.model.text import counted
from kpi.model.vocabulary import MARKS, NOT_FINAL
from kpi.pages.charts.layout import LINE_FROM, Scale, shown_figures, tick_words
from kpi.pages.charts.svg import LINE, SIZE, Sheet, Style, bar, number, spots, text_width, wrapped
from kpi.pages.figure_words import bare, dated, figure_decimals, short_when
from kpi.pages.target_words import bound_words, judged_bound_words
from kpi.pages.trend_words import range_words

NOW, OLDER, WAY = "now", "older", "way"
_DAY = timedelta(days=1)


class Level(NamedTuple):
    """A bound over some days, `start` and `stop` included; None if it goes on as far as the chart does.

    `upper` is the second end of a range. `sort` is NOW for a target that is in force, else OLDER, or WAY for a way point.
    """

    value: Decimal
    text: str
    sort: str
    upper: Decimal | None = None
    start: date | None = None
    stop: date | None = None


def target_levels(judged: MeasureJudgement) -> Iterator[Level]:
    """The targets with a number and days of their own, and way points: those in force first, in the order written."""
    verdicts = {verdict.target: verdict for verdict in judged.verdicts}
    measure = judged.measure
    for target in dict.fromkeys((*verdicts, *measure.targets)):
        verdict, bound = verdicts.get(target), target.bound
        start, stop = _span(measure, target)
        if bound is None or (start and stop and start > stop):
            continue
        value, words = bound.value, bound_words(bound, measure.unit)
        if value is None and verdict and verdict.bound is not None and verdict.reference is not None:
            value, words = verdict.bound.value, judged_bound_words(verdict, measure)
            reference = verdict.reference.period.end + (timedelta() if at_a_date(measure) else _DAY)
            start = max(filter(None, (start, reference)))
        elif judged.current and all(why_wrong_length(measure, target, each) for each in judged.current):
            value = None
        if value is not None:
            sort = OLDER if verdict is None else NOW
            yield Level(value, _words(target, words, stop), sort, bound.upper, start, stop)
        for period, point in target.trajectory:
            yield Level(point, "way to the target", WAY, None, period.start, period.end)


def _words(target: Target, bound: str, stop: date | None) -> str:
    words = f"target {bound}"
    if target.over is not None:
        words += f" over {counted(target.over, 'month')}"
    if target.by is not None:
        words += f", by {period_words(target.by)}"
    if stop is not None and (target.by is None or stop < target.by.end):
        words += f", until {span_words(stop, stop)}"
    return f"{words} ({target.label})" if target.label else words


def _span(measure: Measure, target: Target) -> tuple[date | None, date | None]:
    """A target's own dates: from `from` to `by`, or to the day before another takes its place."""
    rivals = (rival for rival in measure.targets if rival.start is not None and supersedes(rival, target))
    ends = [rival.start.start - _DAY for rival in rivals if rival.start]
    ends += [period.end for period in (target.by, target.until) if period is not None]
    return target.start.start if target.start else None, min(ends, default=None)


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

    `latest` is the figure that is judged, or the newest that is observed.
    """

    judged: MeasureJudgement
    figures: Sequence[Observation]
    valued: Sequence[Observation]
    levels: Sequence[Level]
    points: int
    latest: Observation

    @property
    def measure(self) -> Measure:
        """The measure."""
        return self.judged.measure

    @property
    def values(self) -> list[Decimal]:
        """Every value that must be visible: of figures and of targets."""
        ends = [end for level in self.levels for end in (level.value, level.upper)]
        return [value for value in (*(figure.value for figure in self.figures), *ends) if value is not None]

    @property
    def is_line(self) -> bool:
        """Whether there are so many figures that they are drawn as a line."""
        return len(self.valued) >= LINE_FROM

    @property
    def usual(self) -> Chart | None:
        """The usual range of the newest figure, where a line has one."""
        usual = (travel.usual for travel in self.judged.directions if travel.later == self.valued[-1])
        return next(usual, None) if self.is_line else None

    @property
    def colour(self) -> str:
        """The colour of the latest figure: of its target's state, where it has one."""
        verdict = self.judged.deciding
        is_judged = verdict is not None and verdict.observation == self.latest
        return (is_judged and self.judged.rag.colour) or "new"


def panel_of(judged: MeasureJudgement, points: int) -> Panel | None:
    """What is drawn of a measure; None where it has less than two figures to draw."""
    figures = shown_figures(judged.measure)
    valued = [figure for figure in figures if figure.value is not None]
    if len(valued) < 2:
        return None
    first, last = valued[0].period.start, valued[-1].period.end
    levels = [
        level
        for level in target_levels(judged)
        if level.sort == NOW or ((level.start or first) <= last and (level.stop or last) >= first)
    ]
    now, older, way = ([level for level in levels if level.sort == sort] for sort in (NOW, OLDER, WAY))
    latest = judged.deciding.observation if judged.deciding is not None else None
    if latest is None or latest not in valued:
        latest = ([figure for figure in valued if not figure.forecast] or valued)[-1]
    levels = [*now[:_MOST_NOW], *older[-_MOST_OLDER:], *way]
    return Panel(judged, figures, valued, levels, points, latest)


def draw_key(sheet: Sheet, keys: Sequence[Key], frame: Frame) -> float:
    """What the dashed lines and signs of a chart are, a row each, a short one beside what is above; how far the end is down."""
    top = frame.top
    for swatch, text in keys:
        line = wrapped(text, frame.width, 1)[0]
        x, y = frame.right - text_width(line), top - LINE
        if x < frame.left + _BESIDE or not sheet.write((x, y + SIZE), line, Style(free=_SWATCH + 6)):
            x, y = frame.left + _SWATCH, top
            top = sheet.block((x, y), text, frame.width - _SWATCH)
        _draw_swatch(sheet, swatch, x - _SWATCH, y + LINE / 2)
    return top


def _draw_swatch(sheet: Sheet, swatch: str, x: float, y: float) -> None:
    if swatch == "usual":
        sheet.fill(bar(x, x + 14, y - 4, y + 4), "faint")
    elif swatch == "signal":
        sheet.line(spots([(x + 7, y)]), "new", "spot")
    elif swatch == "hollow":
        sheet.line(bar(x + 3, x + 11, y - 4, y + 4), "new", "thick", "card")
    elif swatch:
        _dashes(sheet, swatch, f"M{number(x)} {number(y)}h14")


def panel_keys(panel: Panel) -> list[Key]:
    """What has to be explained of a panel, each once."""
    keys = [(level.sort, f"{'earlier ' * (level.sort == OLDER)}{level.text}") for level in panel.levels]
    usual = panel.usual
    if usual is not None:
        beside = " on the year before" if usual.lag else ""
        keys.append(("usual", f"usual range: {range_words(usual, panel.measure)}{beside}"))
        keys += [("signal", "unusual")] if any(usual.signals) else []
    marks = dict.fromkeys(mark for figure in panel.valued for mark in figure.marks if mark in NOT_FINAL)
    if marks and (not panel.is_line or len(panel.valued) <= panel.points):
        keys.append(("hollow", ", ".join(MARKS[mark].brief for mark in marks)))
    newest = panel.judged.latest.observation
    if newest is not None and newest.value is not None and newest not in panel.valued:
        keys.append(("", f"another length of time, not drawn: {dated(newest, panel.measure)}"))
    return list(dict.fromkeys(keys))


def _dashes(sheet: Sheet, sort: str, steps: str) -> None:
    sheet.line(steps, "quiet" if sort == OLDER else "ink", "thick" if sort == WAY else "dash")


class Plot(NamedTuple):
    """What a measure is drawn on: the sheet, its place there, and the scale of its values."""

    sheet: Sheet
    panel: Panel
    frame: Frame
    scale: Scale

    def height(self, figure: Observation) -> float:
        """How far a figure is from the top; it must have a value."""
        assert figure.value is not None
        return self.scale.y(figure.value)

    def upright(self, x: float) -> None:
        """A dashed line from top to bottom."""
        self.sheet.line(f"M{number(x)} {number(self.scale.top)}V{number(self.scale.bottom)}", "quiet", "dash")

    def targets(self, span: Callable[[Level], tuple[float, float]]) -> None:
        """Lines over the targets' own days, from where to where `span` says; a range as a pale band between two."""
        for level in self.panel.levels:
            left, right = span(level)
            ends = [self.scale.y(value) for value in (level.value, level.upper) if value is not None]
            if level.upper is not None:
                self.sheet.fill(bar(left, right, min(ends), max(ends)), "ink", ".08")
            steps = "".join(f"M{number(left)} {number(y)}H{number(right)}" for y in ends)
            _dashes(self.sheet, level.sort, steps)

    def period(self, figure: Observation, x: float, top: float, pitch: float) -> float:
        """A figure's period below it, whole or not at all; how far its lower end is from the top."""
        text = short_when(figure.period, self.panel.measure)
        lines = wrapped(text, max(pitch - 4, *map(text_width, text.split())), 4)
        style = Style("ink" if figure == self.panel.latest else "quiet", "middle")
        is_put = self.sheet.write((x, top + SIZE), lines, style, self.frame.sides)
        return top + LINE * len(lines) if is_put else top


def number_text(figure: Observation, measure: Measure, room: float) -> str:
    """A figure's number without its unit, in four digits where it is too long for the room in full."""
    assert figure.value is not None
    text = bare(figure.value, measure.unit, figure_decimals(figure, measure))
    if text_width(text, bold=True) <= room:
        return text
    return tick_words(Context(prec=4).plus(figure.value), measure.unit)
