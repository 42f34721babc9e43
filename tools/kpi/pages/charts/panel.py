"""What is drawn of one measure: its figures, its targets as dashed lines, and the key to both."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from kpi.judge.judgement import MeasureJudgement
from kpi.judge.usual import Usual
from kpi.model.kpi import Measure, Observation
from kpi.model.vocabulary import MARKS, NOT_FINAL
from kpi.pages.charts.drawn_figures import LINE_FROM, shown_figures
from kpi.pages.charts.levels import NOW, OLDER, WAY, Level, target_levels
from kpi.pages.charts.scale import Scale, rough
from kpi.pages.charts.svg import LINE, SIZE, Sheet, Style, bar, number, spots, text_width, wrapped
from kpi.pages.words.digits import figure_decimals
from kpi.pages.words.figure_words import bare, dated, short_when
from kpi.pages.words.trends import range_words

_MOST_NOW, _MOST_OLDER = 4, 2
_SWATCH, _BESIDE = 18, 130


Key = tuple[str, str]
"""A swatch, by its name, with what it stands for."""


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
    """A measure with the figures and targets that are drawn; of a long line `points` figures at most."""

    judged: MeasureJudgement
    figures: Sequence[Observation]
    levels: Sequence[Level]
    points: int

    @property
    def measure(self) -> Measure:
        """The measure."""
        return self.judged.measure

    @property
    def valued(self) -> list[Observation]:
        """The figures that have a value, oldest first."""
        return [figure for figure in self.figures if figure.value is not None]

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
    def usual(self) -> Usual | None:
        """The usual range of the newest figure, where a line has one."""
        usual = (travel.usual for travel in self.judged.directions if travel.later == self.valued[-1])
        return next(usual, None) if self.is_line else None

    @property
    def latest(self) -> Observation:
        """The figure that is judged, or the newest that is observed."""
        verdict = self.judged.deciding
        if verdict is not None and verdict.observation in self.valued:
            return verdict.observation
        return ([figure for figure in self.valued if not figure.forecast] or self.valued)[-1]

    @property
    def colour(self) -> str:
        """The colour of the latest figure: of its target's state, where it has one."""
        verdict = self.judged.deciding
        is_judged = verdict is not None and verdict.observation == self.latest
        return (is_judged and self.judged.rag.colour) or "new"


def panel_of(judged: MeasureJudgement, points: int) -> Panel | None:
    """What is drawn of a measure; None where it has less than two figures to draw."""
    figures = shown_figures(judged.measure)
    known = [figure for figure in figures if figure.value is not None]
    if len(known) < 2:
        return None
    first, last = known[0].period.start, known[-1].period.end
    sorts: dict[str, list[Level]] = {NOW: [], OLDER: [], WAY: []}
    for level in target_levels(judged):
        begins, ends = not level.start or level.start <= last, not level.stop or level.stop >= first
        if level.sort == NOW or (begins and ends):
            sorts[level.sort].append(level)
    levels = [*sorts[NOW][:_MOST_NOW], *sorts[OLDER][-_MOST_OLDER:], *sorts[WAY]]
    return Panel(judged, figures, levels, points)


def draw_key(sheet: Sheet, keys: Sequence[Key], frame: Frame) -> float:
    """What the dashed lines and the signs of a chart are, a row each; how far the lower end is from the top.

    A short one is beside what is written above, where it touches nothing.
    """
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
    return list(dict.fromkeys(_keys(panel)))


def _keys(panel: Panel) -> Iterator[Key]:
    for level in panel.levels:
        yield level.sort, f"earlier {level.text}" if level.sort == OLDER else level.text
    usual = panel.usual
    if usual is not None:
        beside = " on the year before" if usual.lag else ""
        yield "usual", f"usual range: {range_words(usual, panel.measure)}{beside}"
        if any(usual.chart.signals):
            yield "signal", "unusual"
    marks = dict.fromkeys(mark for figure in panel.valued for mark in figure.marks if mark in NOT_FINAL)
    if marks and (not panel.is_line or len(panel.valued) <= panel.points):
        yield "hollow", ", ".join(MARKS[mark].brief for mark in marks)
    newest = panel.judged.latest.observation
    if newest is not None and newest.value is not None and newest not in panel.valued:
        yield "", f"another length of time, not drawn: {dated(newest, panel.measure)}"


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
    return text if text_width(text, bold=True) <= room else rough(figure.value, measure.unit)
