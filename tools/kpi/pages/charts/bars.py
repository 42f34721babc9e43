"""A bar for each period, from zero: its number on top, its period below; the latest in colour, earlier ones grey."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from kpi.model.kpi import Observation
from kpi.model.vocabulary import NOT_FINAL
from kpi.pages.charts.drawn_figures import BREAK, Column, columns
from kpi.pages.charts.levels import Level
from kpi.pages.charts.panel import Frame, Panel, Plot, number_text
from kpi.pages.charts.scale import Scale, from_zero
from kpi.pages.charts.svg import LINE, MIDDLE, SIZE, Sheet, Style, bar, number, text_width

_ABOVE, _BAR, _WIDEST = 14, 0.72, 56
_ZERO = Decimal(0)


def draw_bars(sheet: Sheet, panel: Panel, frame: Frame) -> float:
    """Draw a measure of few figures; how far the lower end is from the top."""
    shown = columns(panel.figures, panel.measure)
    pitch = frame.width / sum(slot.width for slot in shown)
    top = frame.top + _ABOVE
    plot = Plot(sheet, panel, frame, Scale(*from_zero(panel.values), top, top + frame.height))
    middles = [
        frame.left + pitch * (sum(slot.width for slot in shown[:at]) + column.width / 2)
        for at, column in enumerate(shown)
    ]
    places = list(zip(shown, middles, strict=True))
    zero = plot.scale.y(_ZERO)
    _draw_shapes(plot, places, min(pitch * _BAR, _WIDEST) / 2)
    sheet.line(f"M{number(frame.left)} {number(zero)}H{number(frame.right)}", "quiet")
    plot.targets(lambda level: _span(level, places, pitch / 2, frame))
    figures = list(_in_order(panel, places))
    for figure, x in figures:
        _draw_number(plot, figure, x, pitch)
    bottom = plot.scale.bottom + (_ABOVE if plot.scale.low < 0 else 3)
    ends = [plot.period(observation, x, bottom, pitch) for observation, x in figures]
    for column, x in places:
        _draw_gap(plot, column, x, bottom, pitch)
    return max(ends) + 4


def _draw_shapes(plot: Plot, places: Sequence[tuple[Column, float]], half: float) -> None:
    """The bars: filled, or where a figure isn't final as an outline."""
    zero = plot.scale.y(_ZERO)
    filled: dict[str, str] = {}
    for column, x in places:
        figure = column.figure
        if figure is None or figure.value is None:
            continue
        y = plot.scale.y(figure.value)
        steps = bar(x - half, x + half, min(y, zero), max(y, zero))
        colour = plot.panel.colour if figure == plot.panel.latest else "old"
        if NOT_FINAL.isdisjoint(figure.marks):
            filled[colour] = filled.get(colour, "") + steps
        else:
            plot.sheet.line(steps, colour, "dash" if figure.forecast else "thick", "card")
    for colour, steps in filled.items():
        plot.sheet.fill(steps, colour)


def _draw_gap(plot: Plot, column: Column, x: float, bottom: float, width: float) -> None:
    """The words of a gap: a break beside its line wherever there is room, a missing figure above the zero line."""
    sheet, scale, sides = plot.sheet, plot.scale, plot.frame.sides
    if column.words == BREAK:
        sheet.line(f"M{number(x)} {number(scale.top)}V{number(scale.bottom)}", "quiet", "dash")
        heights = (bottom + SIZE, scale.top - 4, (scale.top + scale.bottom) / 2)
        any(sheet.write((x, y), BREAK, MIDDLE, sides) for y in heights)
    elif column.words:
        lines = [column.words] if text_width(column.words) < width else column.words.split()
        sheet.write((x, scale.y(_ZERO) - 5 - LINE * (len(lines) - 1)), lines, MIDDLE, sides)


def _in_order(panel: Panel, places: Sequence[tuple[Column, float]]) -> Iterator[tuple[Observation, float]]:
    """The figures with their places, in the order in which their texts matter: the latest, the first, the ends, the rest."""
    at = {column.figure: x for column, x in places if column.figure is not None}
    valued = sorted(panel.valued, key=lambda figure: (figure.value, figure.period.order))
    first = (panel.latest, panel.figures[-1], panel.figures[0], valued[-1], valued[0])
    yield from ((figure, at[figure]) for figure in dict.fromkeys((*first, *panel.figures)))


def _draw_number(plot: Plot, figure: Observation, x: float, pitch: float) -> None:
    """The number on top of a bar, or below one that hangs down."""
    if figure.value is None:
        return
    is_latest = figure == plot.panel.latest
    text = number_text(figure, plot.panel.measure, plot.frame.width)
    fits = text_width(text, bold=is_latest) <= pitch
    style = Style(anchor="middle", bold=is_latest, backed=fits and bool(plot.panel.levels))
    y = plot.scale.y(figure.value) + (SIZE + 1 if figure.value < 0 else -4)
    plot.sheet.write((x, y), text, style, plot.frame.sides)


def _span(
    level: Level, places: Sequence[tuple[Column, float]], half: float, frame: Frame
) -> tuple[float, float]:
    """From where to where a target is drawn: over the columns of its own days, or at the right end if those come later."""
    ends = [(column.figure.period.end, x) for column, x in places if column.figure is not None]
    first, last = level.start or date.min, level.stop or date.max
    inside = [x for end, x in ends if first <= end <= last]
    if not inside:
        return frame.right - half, frame.right
    left = min(inside) - half if level.start else frame.left
    goes_on = not level.stop or max(inside) == ends[-1][1]
    return left, frame.right if goes_on else max(inside) + half
