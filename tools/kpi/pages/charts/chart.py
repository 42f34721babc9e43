"""The picture of a KPI: its finding, and a panel for each of its measures; and the words for both."""

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal

from kpi.judge import state as states
from kpi.judge.judgement import KpiJudgement, MeasureJudgement
from kpi.model.kpi import Measure, Observation, identity
from kpi.model.plan import Plan
from kpi.model.quantity import COUNT, CURRENCY, DURATION, PERCENT, unit_text
from kpi.model.text import counted, joined
from kpi.pages import figure_words
from kpi.pages.charts import svg
from kpi.pages.charts.layout import Scale, columns, from_zero, spread
from kpi.pages.charts.panel import Frame, Panel, draw_key, draw_panel, number_text, panel_keys, panel_of
from kpi.pages.charts.svg import EDGE, LINE, QUIET, ROOM, SIZE, TITLE, WIDTH, Sheet, Style, number, text_width
from kpi.pages.figure_words import capitalised, gap_words, number_words, short_label, short_when, when
from kpi.pages.target_words import state_words
from kpi.pages.trend_words import change_words

LIMIT = 8192  # the bytes that a chart may have

_BUDGETS = ((6, 120), (6, 40), (6, 20), (5, 20), (4, 20), (3, 20), (2, 24), (1, 12))
"""Measures, and figures of a line: less, until the picture is small enough."""

_ALONE, _AMONG, _GUTTER = 120, 58, 16
_MOST_PLACES = 3


def kpi_chart(kpi: KpiJudgement, plan: Plan) -> str:
    """A KPI's picture as SVG, at most `LIMIT` bytes of it; empty where there is nothing to draw."""
    text = ""
    for most, points in _BUDGETS:
        panels, left_out = _choose_panels(kpi, most, points)
        if not panels:
            return ""
        sheet, title, subtitle = Sheet(), _title(kpi, panels, plan), _subtitle(kpi, panels, plan)
        omission = f"{counted(left_out, 'more measure')} not drawn." if left_out else ""
        top = sheet.block((EDGE, EDGE), title, ROOM, TITLE) + 4
        top = sheet.block((EDGE, top), subtitle, ROOM, QUIET, 4) + 8
        bottom = _draw_panels(sheet, panels, top, plan)
        if omission and len(panels) > 1:
            bottom = sheet.block((EDGE, bottom + 10), omission, ROOM, QUIET) - 3
        is_thinned = any(panel.is_line and len(panel.valued) > points for panel in panels)
        thinned = "Of many figures the highest and lowest are drawn." * is_thinned
        description = " ".join(filter(None, (f"{subtitle}.", omission, thinned)))
        text = svg.picture(bottom + EDGE, title, description, sheet.shapes)
        if len(text.encode()) <= LIMIT:
            break
    return text


def kpi_chart_words(kpi: KpiJudgement, plan: Plan) -> str:
    """What a KPI's picture shows, for those who can't see it; empty where there is none."""
    panels, _ = _choose_panels(kpi, *_BUDGETS[0])
    parts = (f"Chart, {_periods(panels)}", _title(kpi, panels, plan)) if panels else ()
    return ": ".join(filter(None, parts))


def _choose_panels(kpi: KpiJudgement, most: int, points: int) -> tuple[list[Panel], int]:
    """The panels, of too many those of measures with a target first; and how many are left out."""
    panels = [panel for judged in kpi.measures if (panel := panel_of(judged, points)) is not None]
    first = sorted(panels, key=lambda panel: not panel.judged.verdicts)[:most]
    return [panel for panel in panels if panel in first], len(panels) - len(first)


def _title(kpi: KpiJudgement, panels: Sequence[Panel], plan: Plan) -> str:
    """The finding; of several measures together "1 of 4 targets met", "2 better, 1 no clear change", "All 4: worse"."""
    if len(panels) == 1:
        return _finding(panels[0].judged, plan, with_figure=True)
    judgeable = sum(bool(states.STATES[judged.state].stands) for judged in kpi.measures)
    if judgeable:
        return f"{kpi.met} of {counted(judgeable, 'target')} met"
    changes = Counter(judged.change for judged in kpi.measures)
    if len(changes) > 1:
        return ", ".join(f"{changes[name]} {name}" for name in states.CHANGE_CLASSES if changes[name])
    (change,) = changes
    every = "Both" if len(kpi.measures) == 2 else f"All {len(kpi.measures)}"
    return kpi.kpi.full_title if change == states.UNJUDGED else f"{every}: {change}"


def _finding(judged: MeasureJudgement, plan: Plan, *, with_figure: bool) -> str:
    """What a measure's figures come to: "Not met by 99: 7,901 (January 2024)"; without the figure it may be empty."""
    verdict, figure = judged.deciding, judged.latest.observation
    if verdict is not None and states.STATES[judged.state].stands:
        words = capitalised(state_words(judged.state, plan.status.words))
        figure = verdict.observation
        if verdict.gap:
            gap = gap_words(verdict, judged.measure)
            words += f", {gap} to go" if judged.state in {states.SHORT, states.NOT_DUE} else f" by {gap}"
    elif judged.state in {states.NO_DATA, states.DUE}:
        words = "Target not judged"
    elif judged.change == states.UNJUDGED:
        words = ""
    else:
        travel, change = judged.directions[0], states.CHANGE_CLASSES[judged.change]
        words = change.head.rstrip(":")
        if change.is_clear:
            words += " than usual" if travel.usual else f", {change_words(travel, judged.measure)}"
    if not with_figure or figure is None or figure.value is None:
        return words
    dated = f"{number_words(figure, judged.measure)} ({when(figure.period, judged.measure)})"
    return ": ".join(filter(None, (words, dated)))


def _subtitle(kpi: KpiJudgement, panels: Sequence[Panel], plan: Plan) -> str:
    """The KPI or its one measure, unit, where and when: "Homicide. Number, West Midlands, 2019 to 2023"."""
    measures, name = [panel.measure for panel in panels], kpi.kpi.full_title
    if len(measures) == 1 and (measures[0].title or measures[0].short):
        own = _panel_name(measures[0])
        name = name if own.casefold() in name.casefold() else f"{name}: {own}"
    units = list(dict.fromkeys(map(_unit_words, measures)))
    unit = [capitalised(units[0])] if len(units) == 1 else []
    areas = dict.fromkeys(measure.area or plan.area for measure in measures)
    named = dict.fromkeys(plan.area_name(area) or plan.organisation for area in areas)
    where = joined(named) if len(areas) < _MOST_PLACES else counted(len(areas), "area")
    return f"{name}. {', '.join([*unit, where, _periods(panels)])}"


def _periods(panels: Sequence[Panel]) -> str:
    """The first and the last period that is drawn: "2019/20 to 2022/23"."""
    periods = [figure.period for panel in panels for figure in panel.valued]
    periods.sort(key=lambda period: period.order)
    ends = (when(period, panels[0].measure) for period in (periods[0], periods[-1]))
    return " to ".join(dict.fromkeys(ends))


def _unit_words(measure: Measure) -> str:
    """What the numbers are: "homicides", "per cent of offences", "deaths per 100,000", "days"."""
    unit = measure.unit
    if unit.kind == CURRENCY:
        return f"money in {unit.name}"
    if unit.per is not None:
        return f"{measure.noun} per {unit.per:,f}".strip()
    name = figure_words.UNIT_NOUNS.get(unit.kind) or unit_text(unit)
    if unit.kind == PERCENT and measure.noun:
        return f"{name} of {measure.noun}"
    return (measure.noun if unit.kind == COUNT else "") or name


def _panel_name(measure: Measure) -> str:
    """What a measure is called above its own panel, with its unit where its numbers don't carry that."""
    name, unit = short_label(measure), _unit_words(measure)
    shown = {COUNT, PERCENT, DURATION, CURRENCY}
    return name if measure.unit.kind in shown or unit.lower() in name.lower() else f"{name} ({unit})"


def _draw_panels(sheet: Sheet, panels: Sequence[Panel], top: float, plan: Plan) -> float:
    """The measures, of several each under its name and finding, two in a row if they fit; how far down they go."""
    keys = [key for panel in panels for key in panel_keys(panel)]
    texts = {swatch: {text for other, text in keys if other == swatch} for swatch, _ in keys}
    shared = [key for key in dict.fromkeys(keys) if len(texts[key[0]]) == 1 and keys.count(key) > 1]
    top = draw_key(sheet, shared, Frame(EDGE, WIDTH - EDGE, top, _ALONE)) + (6 if shared else 0)
    half, are_several = (ROOM - _GUTTER) / 2, len(panels) > 1
    many, wide = (2, half) if are_several and all(_fits(panel, half) for panel in panels) else (1, ROOM)
    for at in range(0, len(panels), many):
        lefts = [EDGE + column * (wide + _GUTTER) for column in range(many)]
        frames = [Frame(left, left + wide, top, _AMONG if are_several else _ALONE) for left in lefts]
        row, head = list(zip(panels[at : at + many], frames, strict=False)), top
        for panel, frame in row if are_several else ():
            name, words = _panel_name(panel.measure), _finding(panel.judged, plan, with_figure=False)
            below = sheet.block((frame.left, top), name, wide, Style(size=12, bold=True))
            indent = 14 if svg.draw_sign(sheet, panel.judged, frame.left, below) else 0
            head = max(head, sheet.block((frame.left + indent, below), words, wide - indent, most=2))
        for panel, frame in row:
            bottom = draw_panel(sheet, panel, frame._replace(top=head), shared)
            bottom = _draw_peers(sheet, panel.measure, plan, frame._replace(top=bottom + 6)) or bottom
            top = max(top, bottom + 10)
    return top - 10


def _fits(panel: Panel, width: float) -> bool:
    """Whether a measure can be drawn in half the width: its periods don't touch there."""
    shown = columns(panel.figures, panel.measure)
    pitch = width / sum(column.width for column in shown) - 2
    texts = [word for figure in panel.figures for word in short_when(figure.period, panel.measure).split()]
    return not panel.is_line and not panel.measure.peers and max(map(svg.text_width, texts)) <= pitch


_MOST_NAMES, _COLUMNS, _AWAY = 9, 44, 12
_Areas = Mapping[str, Observation]  # figures of one period by the names of their areas, with the own one
_Side = tuple[int, float, float]  # left (-1) or right (1) of the dots, where they are, and where it ends


def _peer_columns(measure: Measure, plan: Plan, own: str) -> list[_Areas]:
    """The first and the newest shared period. Amounts of an area that contains ours are left out."""
    amounts = measure.unit.kind in {COUNT, CURRENCY}
    by_period: dict[object, dict[str, Observation]] = {}
    for area, figures in sorted(measure.peers.items()):
        known = plan.areas.get(area)
        for figure in figures if not (amounts and known and known.whole) else ():
            if figure.value is not None:
                names = by_period.setdefault(identity(figure.period, measure.kind), {})
                names[known.label if known else area] = figure
    ours = sorted(measure.observations, key=lambda figure: figure.period.order)
    valued = ((identity(each.period, measure.kind), each) for each in ours if each.value is not None)
    shared: list[_Areas] = [{**by_period[at], own: each} for at, each in valued if at in by_period]
    return [shared[0], shared[-1]] if len(shared) > 1 else shared


def _draw_peers(sheet: Sheet, measure: Measure, plan: Plan, frame: Frame) -> float:
    """Draw other areas' figures beside the own ones, from zero; how far down, 0 where nothing is drawn."""
    known = plan.areas.get(measure.area or plan.area)
    own = known.label if known else plan.organisation
    columns = _peer_columns(measure, plan, own)
    if not columns:
        return 0
    sheet.write((frame.left, frame.top + SIZE), "Beside other areas", QUIET)
    top = frame.top + LINE + 10
    rows = max(min(len(column), _MOST_NAMES) for column in columns)
    values = [figure.number for column in columns for figure in column.values()]
    scale = Scale(*from_zero(values), top, top + LINE * rows + 8)
    room = (frame.width - _COLUMNS) / 2
    sides = [(-1, frame.left + room, frame.left), (1, frame.right - room, frame.right)]
    if len(columns) == 1:
        sides = [(1, frame.left + _COLUMNS / 2, frame.right)]
    sheet.line(f"M{number(frame.left)} {number(scale.y(Decimal(0)))}H{number(frame.right)}", "faint")
    for column, (side, x, end) in zip(columns, sides, strict=True):
        _draw_names(sheet, measure, column, own, scale, (side, x, end))
        period = svg.wrapped(short_when(column[own].period, measure), abs(end - x) + _AWAY, 3)
        style = QUIET._replace(anchor="end" if side < 0 else "start")
        sheet.write((x - side * _AWAY / 2, scale.bottom + LINE + 2), period, style, frame.sides)
        top = max(top, scale.bottom + 2 + LINE * len(period))
    return top + 4


def _draw_names(sheet: Sheet, measure: Measure, areas: _Areas, own: str, scale: Scale, at: _Side) -> None:
    """The dots, and names with numbers beside them, kept apart: of many those at both ends."""
    side, x, end = at
    heights = {name: scale.y(figure.number) for name, figure in areas.items()}
    order = sorted(heights, key=lambda name: (heights[name], name))
    ends = [order[-1 - at // 2 if at % 2 else at // 2] for at in range(len(order))]
    shown = list(dict.fromkeys((own, *ends)))[:_MOST_NAMES]
    middles = spread([heights[name] for name in shown], LINE, scale.top - 10, scale.bottom - 2)
    for name, middle in zip(shown, middles, strict=True):
        lead = f"M{number(x)} {number(heights[name])}L{number(x + side * _AWAY)} {number(middle)}"
        sheet.line(lead, "faint")
        figure = number_text(areas[name], measure, abs(end - x) / 2)
        lines = svg.wrapped(name, abs(end - x) - _AWAY - 4 - text_width(f" {figure}"), 1)
        style = Style("ink" if name == own else "quiet", "start" if side > 0 else "end")
        sheet.write((x + side * (_AWAY + 3), middle + 4), " ".join([*lines, figure]), style)
    sheet.fill("".join(svg.dot(x, y, 4) for name, y in heights.items() if name != own), "old")
    sheet.fill(svg.dot(x, heights[own], 5), "new")
