"""A measure beside other areas: a column of dots for each period, the own one in colour, names at both ends."""

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from kpi.model.kpi import Measure, Observation, identity
from kpi.model.plan import Plan
from kpi.model.quantity import COUNT, CURRENCY
from kpi.pages.charts.panel import Frame, number_text
from kpi.pages.charts.scale import Scale, from_zero, spread
from kpi.pages.charts.svg import LINE, QUIET, SIZE, Sheet, Style, dot, number, text_width, wrapped
from kpi.pages.figure_words import short_when

_MOST_NAMES, _COLUMNS, _AWAY = 9, 44, 12


class _Column(NamedTuple):
    """A period's own figure, and those of all areas by their names, the own one's among them."""

    own: Observation
    areas: Mapping[str, Observation]


def _columns(measure: Measure, plan: Plan, own: str) -> list[_Column]:
    """The first and the newest period for which another area has a figure too.

    Amounts of an area that contains ours are on another scale and are left to the table.
    """
    amounts = measure.unit.kind in {COUNT, CURRENCY}
    by_period: dict[object, dict[str, Observation]] = {}
    for area, figures in sorted(measure.peers.items()):
        known = plan.areas.get(area)
        for figure in figures if not (amounts and known and known.whole) else ():
            if figure.value is not None:
                names = by_period.setdefault(identity(figure.period, measure.kind), {})
                names[known.label if known else area] = figure
    columns = [
        _Column(figure, {**others, own: figure})
        for figure in sorted(measure.observations, key=lambda figure: figure.period.order)
        if figure.value is not None and (others := by_period.get(identity(figure.period, measure.kind)))
    ]
    return [columns[0], columns[-1]] if len(columns) > 1 else columns


def draw_peers(sheet: Sheet, measure: Measure, plan: Plan, frame: Frame) -> float:
    """Draw other areas' figures beside the own ones, from zero; how far the lower end is from the top, 0 where nothing is drawn.

    Args:
        sheet: what is drawn on.
        measure: whose figures these are.
        plan: has the names of the areas.
        frame: its sides and where it begins.
    """
    known = plan.areas.get(measure.area or plan.area)
    own = known.label if known else plan.organisation
    columns = _columns(measure, plan, own)
    if not columns:
        return 0
    sheet.write((frame.left, frame.top + SIZE), "Beside other areas", QUIET)
    top = frame.top + LINE + 10
    rows = max(min(len(column.areas), _MOST_NAMES) for column in columns)
    values = [figure.value for column in columns for figure in column.areas.values()]
    scale = Scale(*from_zero([value for value in values if value is not None]), top, top + LINE * rows + 8)
    room = (frame.width - _COLUMNS) / 2
    places = [frame.left + room, frame.right - room] if len(columns) > 1 else [frame.left + _COLUMNS / 2]
    sheet.line(f"M{number(frame.left)} {number(scale.y(Decimal(0)))}H{number(frame.right)}", "faint")
    for column, x in zip(columns, places, strict=True):
        is_left = len(columns) > 1 and x == places[0]
        end, side = (frame.left, -1) if is_left else (frame.right, 1)
        _draw_names(sheet, measure, column, own, scale, (x, end))
        period = wrapped(short_when(column.own.period, measure), abs(end - x) + _AWAY, 3)
        style = QUIET._replace(anchor="end" if is_left else "start")
        sheet.write((x - side * _AWAY / 2, scale.bottom + LINE + 2), period, style, frame.sides)
        top = max(top, scale.bottom + 2 + LINE * len(period))
    return top + 4


def _draw_names(
    sheet: Sheet, measure: Measure, column: _Column, own: str, scale: Scale, across: tuple[float, float]
) -> None:
    """The dots, and beside them names with numbers, kept apart: where there are many, those at both ends.

    `across` is where the dots stand, and the side that the names reach to.
    """
    x, end = across
    side = 1 if end > x else -1
    areas = column.areas
    heights = {name: scale.y(figure.value) for name, figure in areas.items() if figure.value is not None}
    order = sorted(heights, key=lambda name: (heights[name], name))
    ends = [order[-1 - at // 2 if at % 2 else at // 2] for at in range(len(order))]
    shown = list(dict.fromkeys((own, *ends)))[:_MOST_NAMES]
    middles = spread([heights[name] for name in shown], LINE, scale.top - 10, scale.bottom - 2)
    for name, middle in zip(shown, middles, strict=True):
        steps = f"M{number(x)} {number(heights[name])}L{number(x + side * _AWAY)} {number(middle)}"
        sheet.line(steps, "faint")
        figure = number_text(areas[name], measure, abs(end - x) / 2)
        lines = wrapped(name, abs(end - x) - _AWAY - 4 - text_width(f" {figure}"), 1)
        style = Style("ink" if name == own else "quiet", "start" if side > 0 else "end")
        sheet.write((x + side * (_AWAY + 3), middle + 4), " ".join([*lines, figure]), style)
    sheet.fill("".join(dot(x, y, 4) for name, y in heights.items() if name != own), "old")
    sheet.fill(dot(x, heights[own], 5), "new")
