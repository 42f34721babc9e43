"""The picture of a KPI: its finding, and a panel for each of its measures."""

from collections.abc import Sequence
from typing import NamedTuple

from kpi.judge.judgement import KpiJudgement, MeasureJudgement
from kpi.judge.state import IS_MET, NEAR, NOT_DUE, SHORT, UNMET
from kpi.model.kpi import Observation
from kpi.model.plan import Plan
from kpi.model.text import counted
from kpi.pages.charts import svg
from kpi.pages.charts.layout import columns
from kpi.pages.charts.panel import Frame, Key, Panel, draw_key, panel_keys, panel_of
from kpi.pages.charts.plots import draw_bars, draw_line, draw_peers
from kpi.pages.charts.svg import EDGE, QUIET, ROOM, SIZE, TITLE, WIDTH, Sheet, Style
from kpi.pages.figure_words import short_when
from kpi.pages.standing import drawn_words, finding_words, findings_words, panel_words, periods_words

LIMIT = 8192  # the bytes that a chart may have

_BUDGETS = ((6, 120), (6, 40), (6, 20), (5, 20), (4, 20), (3, 20), (2, 24), (1, 12))
"""Measures, and figures of a line: less, until the picture is small enough."""

_ALONE, _AMONG = 120, 58
_GUTTER = 16
_NAME = Style(size=12, bold=True)


class _Drawing(NamedTuple):
    """What is drawn of a KPI, and how many measures are left out."""

    kpi: KpiJudgement
    plan: Plan
    panels: Sequence[Panel]
    left_out: int

    @property
    def title(self) -> str:
        """The finding."""
        if len(self.panels) == 1:
            return finding_words(self.panels[0].judged, self.plan, with_figure=True)
        return findings_words(self.kpi) or self.kpi.kpi.full_title

    @property
    def subtitle(self) -> str:
        """The KPI, its unit, where and when; of a measure that is drawn alone its own name too."""
        measures, name = [panel.measure for panel in self.panels], self.kpi.kpi.full_title
        if len(measures) == 1 and (measures[0].title or measures[0].short):
            own = panel_words(measures[0])
            name = name if own.casefold() in name.casefold() else f"{name}: {own}"
        return drawn_words(name, measures, self.figures, self.plan)

    @property
    def figures(self) -> list[Observation]:
        """All figures with a value."""
        return [figure for panel in self.panels for figure in panel.valued]

    @property
    def omission(self) -> str:
        """What is not drawn; empty where all is."""
        return f"{counted(self.left_out, 'more measure')} not drawn." if self.left_out else ""


def kpi_chart(kpi: KpiJudgement, plan: Plan) -> str:
    """A KPI's picture as SVG, of at most `LIMIT` bytes: with fewer measures and figures if need be. Empty for none to draw."""
    text = ""
    for measures, points in _BUDGETS:
        drawing = _plan_drawing(kpi, plan, measures, points)
        if not drawing.panels:
            return ""
        sheet = Sheet()
        height = _draw(sheet, drawing)
        is_thinned = any(panel.is_line and len(panel.valued) > points for panel in drawing.panels)
        thinned = "Of many figures the highest and lowest are drawn." * is_thinned
        description = " ".join(filter(None, (f"{drawing.subtitle}.", drawing.omission, thinned)))
        text = svg.picture(height, (drawing.title, description), sheet.shapes)
        if len(text.encode()) <= LIMIT:
            break
    return text


def kpi_chart_words(kpi: KpiJudgement, plan: Plan) -> str:
    """What a KPI's picture shows, for those who can't see it; empty where there is none. The figures are in its table."""
    drawing = _plan_drawing(kpi, plan, *_BUDGETS[0])
    if not drawing.panels:
        return ""
    return f"Chart, {periods_words(drawing.panels[0].measure, drawing.figures)}: {drawing.title}"


def _plan_drawing(kpi: KpiJudgement, plan: Plan, most: int, points: int) -> _Drawing:
    """Measures with a target first, where there are too many."""
    panels = [panel for judged in kpi.measures if (panel := panel_of(judged, points)) is not None]
    first = sorted(panels, key=lambda panel: not panel.judged.verdicts)[:most]
    return _Drawing(kpi, plan, [panel for panel in panels if panel in first], len(panels) - len(first))


def _draw(sheet: Sheet, drawing: _Drawing) -> float:
    panels, plan = drawing.panels, drawing.plan
    top = sheet.block((EDGE, EDGE), drawing.title, ROOM, TITLE) + 4
    top = sheet.block((EDGE, top), drawing.subtitle, ROOM, QUIET, 4) + 8
    whole = Frame(EDGE, WIDTH - EDGE, top, _ALONE)
    if len(panels) == 1:
        return _draw_panel(sheet, panels[0], whole, plan) + EDGE
    keys = [key for panel in panels for key in panel_keys(panel)]
    texts = {swatch: {text for other, text in keys if other == swatch} for swatch, _ in keys}
    shared = [key for key in dict.fromkeys(keys) if len(texts[key[0]]) == 1 and keys.count(key) > 1]
    top = draw_key(sheet, shared, whole) + (6 if shared else 0)
    half = (ROOM - _GUTTER) / 2
    many, wide = (2, half) if all(_fits(panel, half) for panel in panels) else (1, ROOM)
    for at in range(0, len(panels), many):
        row = panels[at : at + many]
        lefts = [EDGE + place * (wide + _GUTTER) for place in range(len(row))]
        frames = [Frame(left, left + wide, top, _AMONG) for left in lefts]
        head = max(_draw_head(sheet, panel, frame, plan) for panel, frame in zip(row, frames, strict=True))
        below = [frame._replace(top=head) for frame in frames]
        top = max(_draw_panel(sheet, *each, plan, shared) for each in zip(row, below, strict=True)) + 10
    if drawing.omission:
        top = sheet.block((EDGE, top), drawing.omission, ROOM, QUIET) + 7
    return top + EDGE - 10


def _fits(panel: Panel, width: float) -> bool:
    """Whether a measure can be drawn in half the width: its periods don't touch there."""
    shown = columns(panel.figures, panel.measure)
    pitch = width / sum(column.width for column in shown) - 2
    texts = [word for figure in panel.figures for word in short_when(figure.period, panel.measure).split()]
    return not panel.is_line and not panel.measure.peers and max(map(svg.text_width, texts)) <= pitch


def _draw_head(sheet: Sheet, panel: Panel, frame: Frame, plan: Plan) -> float:
    """A measure's name and its finding, with a sign for the state of its target; how far their end is from the top."""
    top = sheet.block((frame.left, frame.top), panel_words(panel.measure), frame.width, _NAME)
    mark = state_sign(panel.judged)
    indent = 14 if mark else 0
    if mark:
        sheet.fill(svg.sign(mark, frame.left, top + SIZE), panel.judged.rag.colour or "quiet")
    words = finding_words(panel.judged, plan, with_figure=False)
    return sheet.block((frame.left + indent, top), words, frame.width - indent, most=2)


def state_sign(judged: MeasureJudgement) -> str:
    """The sign of a target's state: tick, cross, wave for near, dots for what is on its way; empty for none."""
    if judged.state in IS_MET | UNMET:
        return "tick" if judged.state in IS_MET else "cross"
    return {NEAR: "wave", SHORT: "dots", NOT_DUE: "dots"}.get(judged.state, "")


def _draw_panel(sheet: Sheet, panel: Panel, frame: Frame, plan: Plan, shared: Sequence[Key] = ()) -> float:
    """The measure, and where other areas have figures too these below it; how far the lower end is from the top."""
    plot = frame._replace(top=draw_key(sheet, [key for key in panel_keys(panel) if key not in shared], frame))
    bottom = (draw_line if panel.is_line else draw_bars)(sheet, panel, plot)
    return draw_peers(sheet, panel.measure, plan, frame._replace(top=bottom + 6)) or bottom
