"""A measure beside other areas: a column of dots for each period, the own one in colour, names at both ends."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from kpi.model.kpi import Measure, Observation, identity
from kpi.model.plan import Plan
from kpi.model.quantity import COUNT, CURRENCY
from kpi.pages.charts.panel import Frame, number_text
from kpi.pages.charts.scale import Scale, from_zero, spread
from kpi.pages.charts.svg import LINE, QUIET, SIZE, Sheet, Style, dot, number, text_width, wrapped
from kpi.pages.words.figure_words import short_when

_MOST_NAMES, _COLUMNS, _AWAY = 9, 44, 12


class PeerColumn(NamedTuple):
    """A period's own figure, and those of all areas by their names."""

    own: Observation
    areas: Mapping[str, Observation]


def peer_columns(measure: Measure, plan: Plan) -> list[PeerColumn]:
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
    own = sorted(
        (observation for observation in measure.observations if observation.value is not None),
        key=lambda observation: observation.period.order,
    )
    with_others = [
        (observation, by_period.get(identity(observation.period, measure.kind))) for observation in own
    ]
    columns_found = [
        PeerColumn(observation, {**others, own_name(measure, plan): observation})
        for observation, others in with_others
        if others
    ]
    return columns_found[:1] + columns_found[-1:] if len(columns_found) > 1 else columns_found


def own_name(measure: Measure, plan: Plan) -> str:
    """What the own area is called among others."""
    known = plan.areas.get(measure.area or plan.area)
    return known.label if known else plan.organisation


def draw_peers(
    sheet: Sheet, measure: Measure, shown_columns: Sequence[PeerColumn], own: str, frame: Frame
) -> float:
    """Draw other areas' figures beside the own ones, from zero; how far the lower end is from the top.

    Args:
        sheet: what is drawn on.
        measure: whose figures these are.
        shown_columns: one period, or two.
        own: the name of the own area.
        frame: its sides and where it begins.
    """
    sheet.write((frame.left, frame.top + SIZE), "Beside other areas", QUIET)
    top = frame.top + LINE + 10
    rows = max(min(len(peer_column.areas), _MOST_NAMES) for peer_column in shown_columns)
    values = [
        at.value for peer_column in shown_columns for at in peer_column.areas.values() if at.value is not None
    ]
    scale = Scale(*from_zero(values), top, top + LINE * rows + 8)
    room = (frame.right - frame.left - _COLUMNS) / 2
    places = (
        [frame.left + room, frame.right - room] if len(shown_columns) > 1 else [frame.left + _COLUMNS / 2]
    )
    sheet.line(f"M{number(frame.left)} {number(scale.y(Decimal(0)))}H{number(frame.right)}", "faint")
    for column, x in zip(shown_columns, places, strict=True):
        is_left = len(shown_columns) > 1 and x == places[0]
        end = frame.left if is_left else frame.right
        _names(sheet, measure, column, own, scale, (x, end))
        period = wrapped(short_when(column.own.period, measure), abs(end - x) + _AWAY, 3)
        style = QUIET._replace(anchor="end" if is_left else "start")
        sheet.write(
            (x + _AWAY / 2 * (1 if is_left else -1), scale.bottom + LINE + 2), period, style, frame.sides
        )
        top = max(top, scale.bottom + 2 + LINE * len(period))
    return top + 4


def _names(
    sheet: Sheet, measure: Measure, column: PeerColumn, own: str, scale: Scale, across: tuple[float, float]
) -> None:
    """The dots, and beside them names with numbers, kept apart: where there are many, those at both ends.

    `across` is where the dots stand, and the side that the names reach to.
    """
    x, end = across
    side = 1 if end > x else -1
    areas = column.areas
    heights = {
        name: scale.y(observation.value)
        for name, observation in areas.items()
        if observation.value is not None
    }
    order = sorted(heights, key=lambda name: (heights[name], name))
    ends = [order[-1 - at // 2 if at % 2 else at // 2] for at in range(len(order))]
    shown = list(dict.fromkeys((own, *ends)))[:_MOST_NAMES]
    middles = spread([heights[name] for name in shown], LINE, scale.top - 10, scale.bottom - 2)
    for name, middle in zip(shown, middles, strict=True):
        sheet.line(
            f"M{number(x)} {number(heights[name])}L{number(x + side * _AWAY)} {number(middle)}", "faint"
        )
        figure = number_text(areas[name], measure, abs(end - x) / 2)
        lines = wrapped(name, abs(end - x) - _AWAY - 4 - text_width(f" {figure}"), 1)
        style = Style("ink" if name == own else "quiet", "start" if side > 0 else "end")
        sheet.write((x + side * (_AWAY + 3), middle + 4), " ".join([*lines, figure]), style)
    sheet.fill("".join(dot(x, y, 4) for name, y in heights.items() if name != own), "old")
    sheet.fill(dot(x, heights[own], 5), "new")
