"""The drawings of a measure: few figures as bars, many as a line along the days, and other areas as dots."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from kpi.judge.control_chart import Chart
from kpi.judge.series import at_a_date
from kpi.model.kpi import Measure, Observation, identity
from kpi.model.plan import Plan
from kpi.model.quantity import COUNT, CURRENCY
from kpi.model.vocabulary import NOT_FINAL
from kpi.pages.charts import layout, svg
from kpi.pages.charts.layout import BREAK, Column, Scale, columns, from_zero, runs, spread, thinned
from kpi.pages.charts.panel import Frame, Level, Panel, Plot, number_text
from kpi.pages.charts.svg import LINE, MIDDLE, QUIET, SIZE, Sheet, Style, number, text_width
from kpi.pages.figure_words import short_when

_ABOVE, _BAR, _WIDEST = 14, 0.72, 56
_ZERO = Decimal(0)
_Places = Sequence[tuple[Column, float]]


def draw_bars(sheet: Sheet, panel: Panel, frame: Frame) -> float:
    """Draw a measure of few figures, the latest in colour; how far the lower end is from the top."""
    shown = columns(panel.figures, panel.measure)
    pitch = frame.width / sum(slot.width for slot in shown)
    top = frame.top + _ABOVE
    plot = Plot(sheet, panel, frame, Scale(*from_zero(panel.values), top, top + frame.height))
    places = [
        (column, frame.left + pitch * (sum(slot.width for slot in shown[:at]) + column.width / 2))
        for at, column in enumerate(shown)
    ]
    zero = number(plot.scale.y(_ZERO))
    _draw_shapes(plot, places, min(pitch * _BAR, _WIDEST) / 2)
    sheet.line(f"M{number(frame.left)} {zero}H{number(frame.right)}", "quiet")
    plot.targets(lambda level: _span(level, places, pitch / 2, frame))
    across = {column.figure: x for column, x in places if column.figure is not None}
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
    ends = [plot.period(figure, across[figure], bottom, pitch) for figure in figures]
    for column, x in places:
        _draw_gap(plot, column, x, bottom, pitch)
    return max(ends) + 4


def _draw_shapes(plot: Plot, places: _Places, half: float) -> None:
    """Filled, or where a figure isn't final as an outline."""
    zero = plot.scale.y(_ZERO)
    filled: dict[str, str] = {}
    for figure, x in ((column.figure, x) for column, x in places):
        if figure is None or figure.value is None:
            continue
        y = plot.scale.y(figure.value)
        steps = svg.bar(x - half, x + half, min(y, zero), max(y, zero))
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
        plot.upright(x)
        heights = (bottom + SIZE, scale.top - 4, (scale.top + scale.bottom) / 2)
        any(sheet.write((x, y), BREAK, MIDDLE, sides) for y in heights)
    elif column.words:
        lines = [column.words] if text_width(column.words) < width else column.words.split()
        sheet.write((x, scale.y(_ZERO) - 5 - LINE * (len(lines) - 1)), lines, MIDDLE, sides)


def _span(level: Level, places: _Places, half: float, frame: Frame) -> tuple[float, float]:
    """From where to where a target is drawn: over the columns of its own days, or at the right end if those come later."""
    ends = [(column.figure.period.end, x) for column, x in places if column.figure is not None]
    inside = [x for end, x in ends if (level.start or date.min) <= end <= (level.stop or date.max)]
    if not inside:
        return frame.right - half, frame.right
    left = min(inside) - half if level.start else frame.left
    goes_on = not level.stop or max(inside) == ends[-1][1]
    return left, frame.right if goes_on else max(inside) + half


_MOST_BREAKS = 6
_PITCH = 76
_X = Callable[[date], float]


def draw_line(sheet: Sheet, panel: Panel, frame: Frame) -> float:
    """Draw a measure of many figures; how far the lower end is from the top."""
    usual, unit, known = panel.usual, panel.measure.unit, panel.valued
    band = list(_band(usual)) if usual is not None else []
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
    plot.targets(lambda each: (x(each.start) if each.start else left, x(each.stop) if each.stop else right))
    _draw_figures(plot, x)
    height = plot.height(panel.latest)
    if panel.latest == known[-1]:
        sheet.write((right + 8, height + 4), newest, Style(bold=True))
    else:
        sheet.write((x(panel.latest.period.end), height - 8), newest, Style(anchor="middle", bold=True))
    bottom, end = plot.scale.bottom + 6, len(known) - 1
    named = (known[at] for at in dict.fromkeys((end, 0, end // 2)))
    return max(plot.period(figure, x(figure.period.end), bottom, _PITCH) for figure in named) + 4


def _band(usual: Chart) -> Iterator[tuple[date, Decimal, Decimal]]:
    """The usual range at each figure: around the mean, or around the figure of the year before."""
    limits = usual.limits
    for figure, point in zip(usual.figures, usual.points, strict=True):
        if figure is not None and figure.value is not None and point is not None:
            middle = Fraction(figure.value) - point if usual.lag else Fraction(0)
            ends = (middle + end for end in (limits.lower, limits.upper))
            low, high = (Decimal(end.numerator) / Decimal(end.denominator) for end in ends)
            yield figure.period.end, low, high


def _draw_figures(plot: Plot, x: _X) -> None:
    panel, sheet, scale = plot.panel, plot.sheet, plot.scale

    def place(figure: Observation) -> tuple[float, float]:
        return x(figure.period.end), plot.height(figure)

    observed = [figure for figure in panel.figures if not figure.forecast]
    usual = panel.usual
    signals = zip(usual.figures, usual.signals, strict=True) if usual is not None else ()
    unusual = [figure for figure, signal in signals if figure is not None and signal is not None]
    lines = thinned(runs(observed, at_date=at_a_date(panel.measure)), panel.points, unusual)
    sheet.line("".join(svg.through(map(place, run)) for run in lines if len(run) > 1), "new", "thick")
    sheet.fill("".join(svg.dot(*place(run[0]), 2) for run in lines if len(run) == 1), "new")
    for figure in [figure for figure in observed if figure.broken][-_MOST_BREAKS:]:
        plot.upright(x(figure.period.start))
        sheet.write((x(figure.period.start), scale.top - 2), BREAK, MIDDLE, plot.frame.sides)
    if len(panel.valued) <= panel.points:
        hollow = [figure for figure in panel.valued if not NOT_FINAL.isdisjoint(figure.marks)]
        sheet.line("".join(svg.dot(*place(figure), 3) for figure in hollow), "new", "thick", "card")
    sheet.line(svg.spots(map(place, unusual)), "new", "spot")
    at = place(panel.latest)
    sheet.fill(svg.square(*at, 10) if panel.latest in unusual else svg.dot(*at, 4), panel.colour)


_MOST_NAMES, _COLUMNS, _AWAY = 9, 44, 12


_Areas = Mapping[str, Observation]
"""Figures of one period by the names of their areas, the own one's among them."""


def _peer_columns(measure: Measure, plan: Plan, own: str) -> list[_Areas]:
    """The first and the newest period with another area's figure. Amounts of an area that contains ours are left out."""
    amounts = measure.unit.kind in {COUNT, CURRENCY}
    by_period: dict[object, dict[str, Observation]] = {}
    for area, figures in sorted(measure.peers.items()):
        known = plan.areas.get(area)
        for figure in figures if not (amounts and known and known.whole) else ():
            if figure.value is not None:
                names = by_period.setdefault(identity(figure.period, measure.kind), {})
                names[known.label if known else area] = figure
    shared: list[_Areas] = [
        {**others, own: figure}
        for figure in sorted(measure.observations, key=lambda figure: figure.period.order)
        if figure.value is not None and (others := by_period.get(identity(figure.period, measure.kind)))
    ]
    return [shared[0], shared[-1]] if len(shared) > 1 else shared


def draw_peers(sheet: Sheet, measure: Measure, plan: Plan, frame: Frame) -> float:
    """Draw other areas' figures beside the own ones, from zero; how far the lower end is from the top, 0 where nothing is drawn."""
    known = plan.areas.get(measure.area or plan.area)
    own = known.label if known else plan.organisation
    columns = _peer_columns(measure, plan, own)
    if not columns:
        return 0
    sheet.write((frame.left, frame.top + SIZE), "Beside other areas", QUIET)
    top = frame.top + LINE + 10
    rows = max(min(len(column), _MOST_NAMES) for column in columns)
    values = [figure.value for column in columns for figure in column.values()]
    scale = Scale(*from_zero([value for value in values if value is not None]), top, top + LINE * rows + 8)
    room = (frame.width - _COLUMNS) / 2
    places = [frame.left + room, frame.right - room] if len(columns) > 1 else [frame.left + _COLUMNS / 2]
    sheet.line(f"M{number(frame.left)} {number(scale.y(Decimal(0)))}H{number(frame.right)}", "faint")
    for column, x in zip(columns, places, strict=True):
        is_left = len(columns) > 1 and x == places[0]
        end, side = (frame.left, -1) if is_left else (frame.right, 1)
        _draw_names(sheet, measure, column, own, scale, (x, end))
        period = svg.wrapped(short_when(column[own].period, measure), abs(end - x) + _AWAY, 3)
        style = QUIET._replace(anchor="end" if is_left else "start")
        sheet.write((x - side * _AWAY / 2, scale.bottom + LINE + 2), period, style, frame.sides)
        top = max(top, scale.bottom + 2 + LINE * len(period))
    return top + 4


def _draw_names(
    sheet: Sheet, measure: Measure, areas: _Areas, own: str, scale: Scale, across: tuple[float, float]
) -> None:
    """The dots at `across[0]`, and names with numbers to the side `across[1]`, kept apart: of many those at both ends."""
    x, end = across
    side = 1 if end > x else -1
    heights = {name: scale.y(figure.value) for name, figure in areas.items() if figure.value is not None}
    order = sorted(heights, key=lambda name: (heights[name], name))
    ends = [order[-1 - at // 2 if at % 2 else at // 2] for at in range(len(order))]
    shown = list(dict.fromkeys((own, *ends)))[:_MOST_NAMES]
    middles = spread([heights[name] for name in shown], LINE, scale.top - 10, scale.bottom - 2)
    for name, middle in zip(shown, middles, strict=True):
        steps = f"M{number(x)} {number(heights[name])}L{number(x + side * _AWAY)} {number(middle)}"
        sheet.line(steps, "faint")
        figure = number_text(areas[name], measure, abs(end - x) / 2)
        lines = svg.wrapped(name, abs(end - x) - _AWAY - 4 - text_width(f" {figure}"), 1)
        style = Style("ink" if name == own else "quiet", "start" if side > 0 else "end")
        sheet.write((x + side * (_AWAY + 3), middle + 4), " ".join([*lines, figure]), style)
    sheet.fill("".join(svg.dot(x, y, 4) for name, y in heights.items() if name != own), "old")
    sheet.fill(svg.dot(x, heights[own], 5), "new")
