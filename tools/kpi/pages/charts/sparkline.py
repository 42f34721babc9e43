"""Sparklines: the course of a measure, as small as a word; a picture for table cells, characters for a terminal."""

from collections.abc import Sequence
from decimal import Decimal

from kpi.judge.judgement import MeasureJudgement
from kpi.judge.series import at_a_date, by_length
from kpi.model.kpi import Measure, Observation
from kpi.model.period import period_words
from kpi.model.quantity import COUNT, DURATION, Unit
from kpi.model.quantity import figure as value_text
from kpi.model.text import counted
from kpi.pages import links
from kpi.pages.charts.layout import Run, Scale, runs, share, thinned
from kpi.pages.charts.svg import number, words
from kpi.pages.figure_words import NOTHING, figure_decimals
from kpi.pages.markdown import image

WIDTH, HEIGHT = 96, 20
LEAST = 6
"""The fewest figures of one length for a sparkline: fewer are as quick to read in words."""

BLOCKS, ASCII = "▁▂▃▄▅▆▇█", "_.:-=+*#"
_COLOUR = "#3b82d6"
_EDGE = 4
_MOST_POINTS, _MOST_SAID, _MOST_CHARACTERS = 32, 8, 40


def with_sparkline(cell: str, judged: MeasureJudgement, here: str) -> str:
    """A table cell on the page `here` with the measure's sparkline behind its words; the cell alone where there is none."""
    line = sparkline_words(judged.measure)
    if not line:
        return cell
    drawn = image(line, links.between(here, links.sparkline(judged.address)))
    return drawn if cell == NOTHING else f"{cell} {drawn}"


def sparkline_words(measure: Measure) -> str:
    """What the sparkline shows: "2015/16 to 2020/21: 86, 75, gap, 70"; of many figures the ends only. Empty for none."""
    lines = sparkline_runs(measure, LEAST)
    figures = [figure for run in lines for figure in run]
    if not figures:
        return ""
    unit = measure.unit if measure.unit.kind == DURATION else Unit(COUNT)  # which is a part of a time

    def bare(figure: Observation) -> str:
        return value_text(figure.number, unit, figure_decimals(figure, measure))

    periods = dict.fromkeys(period_words(figure.period) for figure in (figures[0], figures[-1]))
    said = ", gap, ".join(", ".join(map(bare, run)) for run in lines)
    if len(figures) > _MOST_SAID:
        by_value = sorted(figures, key=lambda figure: figure.number)
        first, last, low, high = map(bare, (figures[0], figures[-1], by_value[0], by_value[-1]))
        said = f"{counted(len(figures), 'figure')} from {first} to {last}, lowest {low}, highest {high}"
    return f"{' to '.join(periods)}: {said}"


def sparkline_runs(measure: Measure, least: int) -> list[Run]:
    """The lines of a measure's sparkline, the oldest first: of the lengths with `least` figures that with the newest; else empty."""
    at_date = at_a_date(measure)
    observed = [figure for figure in measure.observations if not figure.forecast]
    observed.sort(key=lambda figure: figure.period.order)
    lengths = [runs(group, at_date=at_date) for group in ([observed] if at_date else by_length(observed))]
    enough = [lines for lines in lengths if sum(map(len, lines)) >= least]
    return max(enough, key=lambda lines: lines[-1][-1].period.order, default=[])


def sparkline(measure: Measure) -> str:
    """The sparkline as SVG, less than a kilobyte, in one colour for light and dark pages; empty for too few figures."""
    shown = sparkline_runs(measure, LEAST)
    if not shown:
        return ""
    lines = thinned(shown, _MOST_POINTS)
    days = [figure.period.end for run in lines for figure in run]
    first, length = min(days), max(1, (max(days) - min(days)).days)
    scale = Scale(*_ends(lines), _EDGE, HEIGHT - _EDGE)

    def place(figure: Observation) -> str:
        """Where a figure stands: by the day it ends, and by its value."""
        across = (figure.period.end - first).days / length
        return f"{number(_EDGE + (WIDTH - 2 * _EDGE) * across)} {number(scale.y(figure.number))}"

    steps = "".join("M" + "L".join(map(place, run)) for run in lines if len(run) > 1)
    # A stroke of no length is a dot with its round ends.
    alone = "".join(f"M{place(run[0])}h.1" for run in lines if len(run) == 1)
    newest = max((run[-1] for run in lines), key=lambda figure: figure.period.order)
    shapes = "".join(
        f'<path d="{drawn}" fill="none" stroke="{_COLOUR}" stroke-width="{width}" stroke-linecap="round"/>'
        for drawn, width in ((steps, "1.5"), (alone, "3"), (f"M{place(newest)}h.1", "5"))
        if drawn
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'role="img" aria-labelledby="t"><title id="t">{words(sparkline_words(measure), 120)}</title>{shapes}</svg>\n'
    )


def sparkline_text(measure: Measure, levels: str = BLOCKS) -> str:
    """The newest figures as characters, from the lowest of `levels` to the highest, with a space for each gap; or empty."""
    lines: list[Run] = []
    room = _MOST_CHARACTERS
    for run in reversed(sparkline_runs(measure, 2)):
        if room > 0:
            lines.insert(0, run[-room:])
            room -= len(run)
    if not lines:
        return ""
    (low, high), top = _ends(lines), len(levels) - 1

    def level(figure: Observation) -> str:
        """The character of a figure; equal ones stand in the middle."""
        return levels[round(share(figure.number, low, high) * top) if high > low else top // 2]

    return " ".join("".join(map(level, run)) for run in lines)


def _ends(lines: Sequence[Run]) -> tuple[Decimal, Decimal]:
    values = [figure.number for run in lines for figure in run]
    return min(values), max(values)
