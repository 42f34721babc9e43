"""Many figures as a line on a true axis of time, with the usual range as a quiet band and unusual figures as squares."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

from kpi.judge.series import at_a_date
from kpi.judge.usual import Usual
from kpi.model.kpi import Observation
from kpi.model.vocabulary import NOT_FINAL
from kpi.pages.charts.drawn_figures import BREAK, runs, thinned
from kpi.pages.charts.panel import Frame, Panel, Plot, number_text
from kpi.pages.charts.scale import Scale, line_ticks, tick_words
from kpi.pages.charts.svg import MIDDLE, QUIET, Sheet, Style, dot, number, spots, square, text_width, through

_MOST_BREAKS = 6
_PITCH = 76
_X = Callable[[date], float]


def draw_line(sheet: Sheet, panel: Panel, frame: Frame) -> float:
    """Draw a measure of many figures; how far the lower end is from the top."""
    usual, unit, known = panel.usual, panel.measure.unit, panel.valued
    band = list(_band(usual)) if usual is not None else []
    ticks = line_ticks(panel.values, band[-1][1:] if band else None, unit)
    names = [tick_words(tick, unit) for tick in ticks]
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
    _draw_band(plot, band if panel.points > 2 * len(band) else band[::-2][::-1], x)
    plot.targets(
        lambda level: (x(level.start) if level.start else left, x(level.stop) if level.stop else right)
    )
    _draw_figures(plot, x)
    height = plot.height(panel.latest)
    if panel.latest == known[-1]:
        sheet.write((right + 8, height + 4), newest, Style(bold=True))
    else:
        sheet.write((x(panel.latest.period.end), height - 8), newest, Style(anchor="middle", bold=True))
    bottom, end = plot.scale.bottom + 6, len(known) - 1
    named = (known[at] for at in dict.fromkeys((end, 0, end // 2)))
    return max(plot.period(figure, x(figure.period.end), bottom, _PITCH) for figure in named) + 4


_Band = list[tuple[date, Decimal, Decimal]]


def _band(usual: Usual) -> Iterator[tuple[date, Decimal, Decimal]]:
    """The usual range at each figure: around the mean, or around the figure of the year before."""
    limits = usual.chart.limits
    for figure, point in zip(usual.figures, usual.chart.points, strict=True):
        if figure is not None and figure.value is not None and point is not None:
            middle = Fraction(figure.value) - point if usual.lag else Fraction(0)
            ends = (middle + end for end in (limits.lower, limits.upper))
            low, high = (Decimal(end.numerator) / Decimal(end.denominator) for end in ends)
            yield figure.period.end, low, high


def _draw_band(plot: Plot, band: _Band, x: _X) -> None:
    upper = [(x(day), plot.scale.y(high)) for day, _, high in band]
    lower = [(x(day), plot.scale.y(low)) for day, low, _ in reversed(band)]
    plot.sheet.fill(f"{through([*upper, *lower])}z" if band else "", "faint", ".6")


def _draw_figures(plot: Plot, x: _X) -> None:
    """The line, its breaks, and the figures that have a sign of their own."""
    panel, sheet, scale = plot.panel, plot.sheet, plot.scale

    def place(figure: Observation) -> tuple[float, float]:
        return x(figure.period.end), plot.height(figure)

    observed = [figure for figure in panel.figures if not figure.forecast]
    unusual = list(_unusual(panel.usual))
    lines = thinned(runs(observed, at_date=at_a_date(panel.measure)), panel.points, unusual)
    sheet.line("".join(through(map(place, run)) for run in lines if len(run) > 1), "new", "thick")
    sheet.fill("".join(dot(*place(run[0]), 2) for run in lines if len(run) == 1), "new")
    for figure in [figure for figure in observed if figure.broken][-_MOST_BREAKS:]:
        at = x(figure.period.start)
        sheet.line(f"M{number(at)} {number(scale.top)}V{number(scale.bottom)}", "quiet", "dash")
        sheet.write((at, scale.top - 2), BREAK, MIDDLE, plot.frame.sides)
    if len(panel.valued) <= panel.points:
        hollow = [figure for figure in panel.valued if not NOT_FINAL.isdisjoint(figure.marks)]
        sheet.line("".join(dot(*place(figure), 3) for figure in hollow), "new", "thick", "card")
    sheet.line(spots(map(place, unusual)), "new", "spot")
    shape = square(*place(panel.latest), 10) if panel.latest in unusual else dot(*place(panel.latest), 4)
    sheet.fill(shape, panel.colour)


def _unusual(usual: Usual | None) -> Iterator[Observation]:
    """The figures outside the usual ups and downs."""
    if usual is not None:
        for figure, signal in zip(usual.figures, usual.chart.signals, strict=True):
            if figure is not None and signal is not None:
                yield figure
