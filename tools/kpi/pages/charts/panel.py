"""One measure in a picture: few figures as bars or many as a line, its targets as dashed lines, and the key."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Context, Decimal
from fractions import Fraction
from itertools import accumulate
from typing import NamedTuple

from kpi.judge.bound import terms, why_wrong_length
from kpi.judge.control_chart import Chart
from kpi.judge.judgement import MeasureJudgement
from kpi.judge.series import at_a_date
from kpi.model.kpi import Measure, Observation
from kpi.model.period import period_words, span_words
from kpi.model.text import counted
from kpi.model.vocabulary import MARKS, NOT_FINAL
from kpi.pages.charts import layout, svg
from kpi.pages.charts.layout import BREAK, LINE_FROM, Column, Scale
from kpi.pages.charts.svg import LINE, MIDDLE, QUIET, SIZE, Sheet, Style, number, text_width
from kpi.pages.figure_words import bare, dated, figure_decimals, short_when
from kpi.pages.target_words import bound_words, judged_bound_words
from kpi.pages.trend_words import range_words

NOW, OLDER, WAY = "now", "older", "way"
_DASHES = {NOW: ("ink", "dash"), OLDER: ("quiet", "dash"), WAY: ("ink", "thick")}


class Level(NamedTuple):
    """A bound, or a range up to `upper`, over some days: a target NOW in force, an OLDER one, or a WAY point."""

    value: Decimal
    text: str
    sort: str
    upper: Decimal | None = None
    start: date = date.min
    stop: date = date.max


def target_levels(judged: MeasureJudgement) -> Iterator[Level]:
    """The targets with a number and days of their own, and way points: those in force first."""
    verdicts, measure = {verdict.target: verdict for verdict in judged.verdicts}, judged.measure
    last_days = {term.target: term.last for term in terms(measure)}
    for target in dict.fromkeys((*verdicts, *measure.targets)):
        verdict, bound = verdicts.get(target), target.bound
        start, stop = target.first_day, min(last_days[target], target.by.end if target.by else date.max)
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
    """A measure with what is drawn of it: of a long line `points` figures at most, and its usual range, where it has one.

    `latest` is the figure that is judged, or the newest that is observed; `colour` that of its target's state, where it has one.
    """

    judged: MeasureJudgement
    measure: Measure
    figures: Sequence[Observation]
    valued: Sequence[Observation]
    levels: Sequence[Level]
    values: Sequence[Decimal]  # all that must be visible
    points: int
    latest: Observation
    colour: str
    is_line: bool
    usual: Chart | None


def panel_of(judged: MeasureJudgement, points: int) -> Panel | None:
    """What is drawn of a measure; None where it has less than two figures to draw."""
    figures, verdict = layout.shown_figures(judged.measure), judged.deciding
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
    """Say what dashed lines and signs are, a row each, a short one beside what is above; how far down it goes."""
    top = frame.top
    for swatch, text in keys:
        line = svg.wrapped(text, frame.width, 1)[0]
        x, y = frame.right - text_width(line), top - LINE
        if x < frame.left + _BESIDE or not sheet.write((x, y + SIZE), line, Style(free=_SWATCH + 6)):
            x, y = frame.left + _SWATCH, top
            top = sheet.block((x, y), text, frame.width - _SWATCH)
        x, y = x - _SWATCH, y + LINE / 2
        if swatch == "usual":
            sheet.fill(svg.bar(x, x + 14, y - 4, y + 4), "faint")
        elif swatch == "signal":
            sheet.line(svg.spots([(x + 7, y)]), "new", "spot")
        elif swatch == "hollow":
            sheet.line(svg.bar(x + 3, x + 11, y - 4, y + 4), "new", "thick", "card")
        elif swatch:
            sheet.line(f"M{number(x)} {number(y)}h14", *_DASHES[swatch])
    return top


def panel_keys(panel: Panel) -> list[Key]:
    """What has to be explained of a panel, each once."""
    keys = [(level.sort, f"{'earlier ' * (level.sort == OLDER)}{level.text}") for level in panel.levels]
    if (usual := panel.usual) is not None:
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
                self.sheet.fill(svg.bar(left, right, min(ends), max(ends)), "ink", ".08")
            steps = "".join(f"M{number(left)} {number(y)}H{number(right)}" for y in ends)
            self.sheet.line(steps, *_DASHES[level.sort])

    def period(self, figure: Observation, x: float, top: float, pitch: float) -> float:
        """A figure's period below it, whole or not at all; how far its lower end is from the top."""
        text = short_when(figure.period, self.panel.measure)
        lines = svg.wrapped(text, max(pitch - 4, *map(text_width, text.split())), 4)
        style = Style("ink" if figure == self.panel.latest else "quiet", "middle")
        is_put = self.sheet.write((x, top + SIZE), lines, style, self.frame.sides)
        return top + LINE * len(lines) if is_put else top


def number_text(figure: Observation, measure: Measure, room: float) -> str:
    """A figure's number without its unit, in four digits where it is too long for the room in full."""
    text = bare(figure.number, measure.unit, figure_decimals(figure, measure))
    if text_width(text, bold=True) <= room:
        return text
    return layout.tick_words(Context(prec=4).plus(figure.number), measure.unit)


_ABOVE, _BAR, _WIDEST = 14, 0.72, 56
_ZERO = Decimal(0)
_Middles = Sequence[tuple[Column, float]]


def _draw_bars(sheet: Sheet, panel: Panel, frame: Frame) -> float:
    shown = layout.columns(panel.figures, panel.measure)
    starts = list(accumulate((column.width for column in shown), initial=0.0))
    pitch, top = frame.width / starts[-1], frame.top + _ABOVE
    plot = Plot(sheet, panel, frame, Scale(*layout.from_zero(panel.values), top, top + frame.height))
    pairs = zip(shown, starts, strict=False)
    middles = [(column, frame.left + pitch * (start + column.width / 2)) for column, start in pairs]
    zero = plot.scale.y(_ZERO)
    _draw_shapes(plot, middles, min(pitch * _BAR, _WIDEST) / 2)
    sheet.line(f"M{number(frame.left)} {number(zero)}H{number(frame.right)}", "quiet")
    plot.targets(lambda level: _span(level, middles, pitch / 2, frame))
    across = {column.figure: x for column, x in middles if column.figure is not None}
    valued = sorted(panel.valued, key=lambda figure: (figure.value, figure.period.order))
    first = (panel.latest, panel.figures[-1], panel.figures[0], valued[-1], valued[0])
    figures = dict.fromkeys((*first, *panel.figures))  # in the order in which their texts matter
    for figure in figures:
        if figure.value is not None:
            text, is_latest = number_text(figure, panel.measure, frame.width), figure == panel.latest
            fits = text_width(text, bold=is_latest) <= pitch
            style = Style(anchor="middle", bold=is_latest, backed=fits and bool(panel.levels))
            y = plot.scale.y(figure.value) + (SIZE + 1 if figure.value < 0 else -4)  # on top, or below
            sheet.write((across[figure], y), text, style, frame.sides)
    bottom = plot.scale.bottom + (_ABOVE if plot.scale.low < 0 else 3)
    lowest = max(plot.period(figure, across[figure], bottom, pitch) for figure in figures)
    for column, x in middles:
        if column.words == BREAK:
            plot.draw_break(x, (bottom + SIZE, top - 4, (top + plot.scale.bottom) / 2))
        elif column.words:
            lines = [column.words] if text_width(column.words) < pitch else column.words.split()
            sheet.write((x, zero - 5 - LINE * (len(lines) - 1)), lines, MIDDLE, frame.sides)
    return lowest + 4


def _draw_shapes(plot: Plot, middles: _Middles, half: float) -> None:
    filled: dict[str, str] = {}
    for figure, x in ((column.figure, x) for column, x in middles):
        if figure is None or figure.value is None:
            continue
        steps = svg.bar(x - half, x + half, *sorted(map(plot.scale.y, (figure.value, _ZERO))))
        colour = plot.panel.colour if figure == plot.panel.latest else "old"
        if NOT_FINAL.isdisjoint(figure.marks):
            filled[colour] = filled.get(colour, "") + steps
        else:
            plot.sheet.line(steps, colour, "dash" if figure.forecast else "thick", "card")
    for colour, steps in filled.items():
        plot.sheet.fill(steps, colour)


def _span(level: Level, middles: _Middles, half: float, frame: Frame) -> tuple[float, float]:
    """From where to where a target is drawn: over the columns of its days, or at the right end."""
    ends = [(column.figure.period.end, x) for column, x in middles if column.figure is not None]
    inside = [x for end, x in ends if level.start <= end <= level.stop]
    if not inside:
        return frame.right - half, frame.right
    left = min(inside) - half if level.start > date.min else frame.left
    goes_on = level.stop == date.max or max(inside) == ends[-1][1]
    return left, frame.right if goes_on else max(inside) + half


_MOST_BREAKS, _PITCH = 6, 76


def _draw_line(sheet: Sheet, panel: Panel, frame: Frame) -> float:
    unit, known = panel.measure.unit, panel.valued
    band = list(_band(panel.usual)) if panel.usual is not None else []
    ticks = layout.line_ticks(panel.values, band[-1][1:] if band else None, unit)
    names = [layout.tick_words(tick, unit) for tick in ticks]
    newest = number_text(panel.latest, panel.measure, frame.width / 3)
    top = frame.top + 12
    plot = Plot(sheet, panel, frame, Scale(ticks[0], ticks[-1], top, top + frame.height))
    left = frame.left + max(map(text_width, names)) + 6
    right = frame.right - text_width(newest, bold=True) - 10
    first, last = known[0].period.end, known[-1].period.end

    def x(day: date) -> float:
        return left + (right - left) * min(max((day - first).days / max(1, (last - first).days), 0), 1)

    heights = [plot.scale.y(tick) for tick in ticks]
    sheet.line("".join(f"M{number(left)} {number(y)}H{number(right)}" for y in heights), "faint")
    for y, name in zip(heights, names, strict=True):
        sheet.write((left - 5, y + 4), name, QUIET._replace(anchor="end"))
    shown = band if panel.points > 2 * len(band) else band[::-2][::-1]
    upper = [(x(day), plot.scale.y(high)) for day, _, high in shown]
    lower = [(x(day), plot.scale.y(low)) for day, low, _ in reversed(shown)]
    sheet.fill(f"{svg.through([*upper, *lower])}z" if shown else "", "faint", ".6")
    plot.targets(lambda level: (x(level.start), x(level.stop)))
    _draw_figures(plot, x)
    across, height = x(panel.latest.period.end), plot.scale.y(panel.latest.number)
    is_last = panel.latest == known[-1]
    point = (right + 8, height + 4) if is_last else (across, height - 8)
    sheet.write(point, newest, Style(anchor="start" if is_last else "middle", bold=True))
    bottom, end = plot.scale.bottom + 6, len(known) - 1
    named = (known[at] for at in dict.fromkeys((end, 0, end // 2)))
    return max(plot.period(figure, x(figure.period.end), bottom, _PITCH) for figure in named) + 4


def _band(usual: Chart) -> Iterator[tuple[date, Decimal, Decimal]]:
    """The usual range at each figure: around the mean, or around the figure of the year before."""
    for figure, point in zip(usual.figures, usual.points, strict=True):
        if figure is not None and figure.value is not None and point is not None:
            middle = Fraction(figure.value) - point if usual.lag else Fraction(0)
            ends = (middle + end for end in (usual.limits.lower, usual.limits.upper))
            low, high = (Decimal(end.numerator) / Decimal(end.denominator) for end in ends)
            yield figure.period.end, low, high


def _draw_figures(plot: Plot, x: Callable[[date], float]) -> None:
    panel, sheet, usual = plot.panel, plot.sheet, plot.panel.usual

    def point(figure: Observation) -> tuple[float, float]:
        return x(figure.period.end), plot.scale.y(figure.number)

    observed = [figure for figure in panel.figures if not figure.forecast]
    signals = zip(usual.figures, usual.signals, strict=True) if usual is not None else ()
    unusual = [figure for figure, signal in signals if figure is not None and signal is not None]
    lines = layout.thinned(layout.runs(observed, at_date=at_a_date(panel.measure)), panel.points, unusual)
    sheet.line("".join(svg.through(map(point, run)) for run in lines if len(run) > 1), "new", "thick")
    sheet.fill("".join(svg.dot(*point(run[0]), 2) for run in lines if len(run) == 1), "new")
    for figure in [figure for figure in observed if figure.broken][-_MOST_BREAKS:]:
        plot.draw_break(x(figure.period.start), [plot.scale.top - 2])
    if len(panel.valued) <= panel.points:
        hollow = [figure for figure in panel.valued if not NOT_FINAL.isdisjoint(figure.marks)]
        sheet.line("".join(svg.dot(*point(figure), 3) for figure in hollow), "new", "thick", "card")
    sheet.line(svg.spots(map(point, unusual)), "new", "spot")
    across, down = point(panel.latest)
    square = f"M{across - 5:.0f} {down - 5:.0f}h10v10h-10z"
    sheet.fill(square if panel.latest in unusual else svg.dot(across, down, 4), panel.colour)


def draw_panel(sheet: Sheet, panel: Panel, frame: Frame, shared: Sequence[Key] = ()) -> float:
    """Draw a measure below what it doesn't share of its key; how far the lower end is from the top."""
    plot = frame._replace(top=draw_key(sheet, [key for key in panel_keys(panel) if key not in shared], frame))
    return (_draw_line if panel.is_line else _draw_bars)(sheet, panel, plot)
