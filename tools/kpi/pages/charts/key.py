"""How figures are marked on a chart, and the row below it that says what the signs mean."""

from collections.abc import Container, Iterable, Sequence

from kpi.model.kpi import Observation
from kpi.pages.charts.svg import diamonds, dots, label, path, text_width

PLAIN, OPEN, QUERIED = SIGNS = "plain", "open", "queried"
FORECAST, BREAK, WAY = "forecast", "break", "way"
CARD, TEXT = "#ffffff", "#24292f"
LINE, TARGET, QUIET = "#0b62c4", "#b35900", "#57606a"
FORECAST_DASH, BREAK_DASH, WAY_DASH = "4 3", "2 3", "2 3"
_NOT_FINAL = {"provisional": "provisional", "estimated": "estimated", "low-reliability": "of low reliability"}
_SAMPLE, _APART = 18, 12


def sign(figure: Observation) -> str:
    """How a figure is marked: a diamond where it is queried, an open dot where it is not final, else a plain dot."""
    if figure.queried:
        return QUERIED
    return OPEN if figure.forecast or not _NOT_FINAL.keys().isdisjoint(figure.marks) else PLAIN


def markers(places: Iterable[tuple[str, tuple[float, float]]], colour: str) -> list[str]:
    """The marks of figures at their places: a shape or two for each kind, however many there are."""
    by_sign: dict[str, list[tuple[float, float]]] = {}
    for name, place in places:
        by_sign.setdefault(name, []).append(place)
    shapes = []
    if PLAIN in by_sign:
        shapes.append(dots(by_sign[PLAIN], 2.5, colour))
    if OPEN in by_sign:
        shapes += [dots(by_sign[OPEN], 3.5, colour), dots(by_sign[OPEN], 2, CARD)]
    if QUERIED in by_sign:
        shapes.append(diamonds(by_sign[QUERIED], colour, CARD))
    return shapes


def key_words(figures: Sequence[Observation], dotted: Container[str], *, way: bool) -> dict[str, str]:
    """The signs that a chart has beside plain dots and lines, with what they mean.

    Args:
        figures: the measure's own.
        dotted: the signs that are drawn.
        way: whether a target's way points are drawn.
    """
    found = {}
    marks = {mark for one in figures if one.marks and sign(one) in dotted for mark in one.marks}
    not_final = [told for mark, told in _NOT_FINAL.items() if mark in marks]
    if not_final:
        found[OPEN] = not_final[0] if len(not_final) == 1 else "not final"
    if any(one.forecast for one in figures):
        found[FORECAST] = "forecast"
    if QUERIED in marks:
        found[QUERIED] = "queried"
    if any(one.broken for one in figures):
        found[BREAK] = "break"
    if way:
        found[WAY] = "way to target"
    return found


def key(signs: dict[str, str], left: float, y: float) -> list[str]:
    """The row that explains the signs; `y` is the base line of its words."""
    shapes = []
    for name, told in signs.items():
        middle = (left + _SAMPLE / 2, y - 4)
        stroke = f"M{left:.0f} {y - 4:.0f}h{_SAMPLE}"
        if name == FORECAST:
            shapes.append(path(stroke, LINE, 2, FORECAST_DASH))
        elif name == WAY:
            shapes.append(path(stroke, TARGET, 1.5, WAY_DASH))
        elif name == BREAK:
            shapes.append(path(f"M{middle[0]:.0f} {y - 11:.0f}v14", QUIET, 1, BREAK_DASH))
        else:
            shapes += markers([(name, middle)], LINE)
        shapes.append(label(left + _SAMPLE + 5, y, told, TEXT))
        left += _SAMPLE + 5 + text_width(told) + _APART
    return shapes
