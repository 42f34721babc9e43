"""Where things stand in a picture: figures in columns or lines, and the scale of values; and sparklines."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal, localcontext
from typing import NamedTuple

from kpi.judge.judgement import MeasureJudgement
from kpi.judge.series import at_a_date, by_length
from kpi.model.kpi import TOTAL, Measure, Observation
from kpi.model.period import period_words
from kpi.model.quantity import COUNT, CURRENCY, DURATION, PERCENT, Unit, duration_text, plain
from kpi.model.quantity import figure as value_text
from kpi.model.text import counted
from kpi.pages import links
from kpi.pages.charts.svg import number, words
from kpi.pages.figure_words import figure_decimals
from kpi.pages.markdown import image

LINE_FROM = 8  # from so many figures on they are a line; fewer are bars

BREAK = "break"
_GAPS = 2  # missing periods in a row that have a column each; more share one
_BREAK, _APART = 0.7, 0.4  # parts of a usual column

Run = list[Observation]  # figures with values, oldest first, that one line joins


class Column(NamedTuple):
    """A period with its figure, or a gap with what it says. `width` is in parts of a usual column."""

    figure: Observation | None = None
    words: str = ""
    width: float = 1.0


def shown_figures(measure: Measure) -> list[Observation]:
    """The figures of a measure's chart, oldest first, with the periods that are marked to have none.

    Totals over different lengths of time are never side by side, nor is a long line beside other lengths: then the length
    of the newest figure is shown, where it has two figures or more, else the one with the most.
    """
    known = [figure for figure in measure.observations if figure.value is not None or not figure.assessment]
    known.sort(key=lambda figure: figure.period.order)
    if at_a_date(measure):
        return known
    by_newest: dict[tuple[date, date], list[Observation]] = {}
    counts: Counter[tuple[date, date]] = Counter()
    for group in by_length(known):
        orders = [figure.period.order for figure in group if figure.value is not None]
        if orders:
            by_newest[orders[-1]], counts[orders[-1]] = group, len(orders)
    if len(counts) > 1:
        newest, ((most, count),) = max(counts), counts.most_common(1)
        if measure.kind == TOTAL or count >= LINE_FROM:
            return by_newest[newest if measure.kind == TOTAL and counts[newest] > 1 else most]
    return [figure for _, group in sorted(by_newest.items()) for figure in group]


def columns(figures: Sequence[Observation], measure: Measure) -> list[Column]:
    """A column a figure, with gaps where one is missing, the series changed, or lengths differ."""
    made: list[Column] = []
    for at, figure in enumerate(figures):
        before = figures[at - 1] if at else None
        if before is not None and not at_a_date(measure):
            start, end = figure.period.start, figure.period.end
            days, length = (start - before.period.end).days - 1, (end - start).days + 1
            missing = 0 if days <= 0 else max(1, round(days / length))
            gap = [Column(words="no figure")] * (missing if missing <= _GAPS else 1)
            made += gap if before.period.is_as_long_as(figure.period) else [Column(width=_APART)]
        if before is not None and figure.broken:
            made.append(Column(words=BREAK, width=_BREAK))
        made.append(Column(figure, "" if figure.value is not None else "no figure"))
    return made


def runs(figures: Iterable[Observation], *, at_date: bool) -> list[Run]:
    """Figures, in any order, as the lines that join them; each line in order of time.

    A figure is joined to the one before where nothing is missing and the series did not change between them. Figures
    over a period must be as long too, with nothing between them; they may overlap.
    """
    lines: list[Run] = []
    of_length: dict[tuple[str, int] | None, Run] = {}
    for figure in sorted(figures, key=lambda observation: observation.period.order):
        if figure.broken:
            of_length.clear()
        length = None if at_date else figure.period.length
        if figure.value is None:
            of_length.pop(length, None)
            continue
        run = of_length.get(length)
        if run is None or not (at_date or (figure.period.start - run[-1].period.end).days <= 1):
            run = of_length[length] = []
            lines.append(run)
        run.append(figure)
    return lines


def thinned(lines: Sequence[Run], most: int, always: Collection[Observation] = ()) -> list[Run]:
    """At most `most` figures: the lowest and highest of each stretch, the newest, and `always` those."""
    if sum(map(len, lines)) <= most:
        return list(lines)
    everyone = sorted((figure for run in lines for figure in run), key=lambda figure: figure.period.order)
    step = -(-len(everyone) // max(1, (most - 1) // 2))
    kept = {everyone[-1], *always}
    for first in range(0, len(everyone), step):
        by_value = sorted(everyone[first : first + step], key=lambda figure: figure.number)
        kept |= {by_value[0], by_value[-1]}
    thinner = ([figure for figure in run if figure in kept] for run in lines)
    return [run for run in thinner if run]


_EXACT = Context(prec=60)
_SECONDS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400)
_STEPS = 3
_LARGE = ((12, "tn"), (9, "bn"), (6, "m"))


class Scale(NamedTuple):
    """From the lowest value, at the bottom, to the highest at the top; pixels are counted downwards."""

    low: Decimal
    high: Decimal
    top: float
    bottom: float

    def y(self, value: Decimal) -> float:
        """How far a value is from the top; what lies outside is at the end, and the middle if all are equal."""
        if self.low == self.high:
            return (self.top + self.bottom) / 2
        up = _EXACT.divide(_EXACT.subtract(value, self.low), _EXACT.subtract(self.high, self.low))
        return self.bottom - (self.bottom - self.top) * min(max(float(up), 0.0), 1.0)


def from_zero(values: Sequence[Decimal]) -> tuple[Decimal, Decimal]:
    """The ends of a scale that holds all values and zero; never equal."""
    low, high = min((*values, Decimal(0))), max((*values, Decimal(0)))
    return (low, high) if low < high else (low, Decimal(1))


def line_ticks(values: Sequence[Decimal], usual: tuple[Decimal, Decimal] | None, unit: Unit) -> list[Decimal]:
    """The ticks of a scale for all values, from zero unless the usual range filled less than a third then."""
    low, high = min(values), max(values)
    if usual is not None and usual[0] < usual[1] and low > 0:
        with localcontext(_EXACT):
            wide = usual[1] - usual[0]
            room = max(wide * 3, high - low)
            first = min(low, usual[0] - (room - wide) / 2)
            ticks = _ticks(first, max(high, first + room), unit)
            if ticks[0] > 0:
                return ticks
    return _ticks(*from_zero(values), unit)


def _ticks(low: Decimal, high: Decimal, unit: Unit) -> list[Decimal]:
    """Round values a step apart that enclose two different values; never fewer than two."""
    with localcontext(_EXACT):
        least = (high - low) / _STEPS
        power = Decimal(1).scaleb(least.adjusted())
        step = next(power * by for by in (1, 2, 5, 10) if power * by >= least)
        if unit.kind == DURATION and 1 < least <= _SECONDS[-1]:  # a part of a minute, hour or day
            step = next(Decimal(seconds) for seconds in _SECONDS if seconds >= least)
        step = max(step, Decimal(1)) if unit.kind == "count" else step
        first = (low / step).to_integral_value(ROUND_FLOOR)
        last = (high / step).to_integral_value(ROUND_CEILING)
        return [step * (first + at) for at in range(int(last - first) + 1)]


def tick_words(value: Decimal, unit: Unit) -> str:
    """A tick's label: "5m", "1h30m", "40%", "£2m", "20,000", "0.05"."""
    with localcontext(_EXACT):
        if unit.kind == DURATION:
            words = duration_text(Decimal(plain(value.normalize())))
            for zeros in ("m00s", "h00m"):
                words = words[:-3] if words.endswith(zeros) else words
            return words
        shown = unit._replace(scale=0) if unit.kind in {CURRENCY, PERCENT} else Unit("ratio")
        large = ((power, name) for power, name in _LARGE if value and value.adjusted() >= power)
        power, name = next(large, (0, ""))
        return value_text(Decimal(plain(value.scaleb(-power).normalize())), shown) + name


def spread(wanted: Sequence[float], height: float, low: float, high: float) -> list[float]:
    """Where the middles of labels of one height stand, near those wanted, without touching if there is room."""
    order = sorted(range(len(wanted)), key=lambda at: wanted[at])
    middles = list(wanted)
    least, most = low + height / 2, high - height / 2
    for at in order:
        middles[at] = max(middles[at], least)
        least = middles[at] + height
    for at in reversed(order):
        middles[at] = min(middles[at], most)
        most = middles[at] - height
    return middles


# Sparklines

WIDTH, HEIGHT = 96, 20
LEAST = 6  # the fewest figures of one length for a sparkline: fewer are as quick to read in words
BLOCKS, ASCII = "▁▂▃▄▅▆▇█", "_.:-=+*#"
_COLOUR = "#3b82d6"
_EDGE = 4
_MOST_POINTS, _MOST_SAID, _MOST_CHARACTERS = 32, 8, 40


def with_sparkline(cell: str, judged: MeasureJudgement, here: str) -> str:
    """A table cell on the page `here` with the measure's sparkline behind its words, if there is one."""
    way = links.between(here, links.sparkline(judged.address))
    return " ".join(filter(None, (cell, image(sparkline_words(judged.measure), way))))


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
    """The lines of a sparkline, the oldest first, of the length with the newest of those with `least` figures."""
    at_date = at_a_date(measure)
    observed = [figure for figure in measure.observations if not figure.forecast]
    observed.sort(key=lambda figure: figure.period.order)
    lengths = [runs(group, at_date=at_date) for group in ([observed] if at_date else by_length(observed))]
    enough = [lines for lines in lengths if sum(map(len, lines)) >= least]
    return max(enough, key=lambda lines: lines[-1][-1].period.order, default=[])


def sparkline(measure: Measure) -> str:
    """The sparkline as SVG, in one colour for light and dark pages; empty for too few figures."""
    shown = sparkline_runs(measure, LEAST)
    if not shown:
        return ""
    lines = thinned(shown, _MOST_POINTS)
    days = [figure.period.end for run in lines for figure in run]
    first, length = min(days), max(1, (max(days) - min(days)).days)
    values = [figure.number for run in lines for figure in run]
    scale = Scale(min(values), max(values), _EDGE, HEIGHT - _EDGE)

    def point(figure: Observation) -> str:
        across = (figure.period.end - first).days / length
        return f"{number(_EDGE + (WIDTH - 2 * _EDGE) * across)} {number(scale.y(figure.number))}"

    steps = "".join("M" + "L".join(map(point, run)) for run in lines if len(run) > 1)
    # A stroke of no length is a dot with its round ends.
    alone = "".join(f"M{point(run[0])}h.1" for run in lines if len(run) == 1)
    newest = max((run[-1] for run in lines), key=lambda figure: figure.period.order)
    shapes = ""
    for drawn, wide in ((steps, "1.5"), (alone, "3"), (f"M{point(newest)}h.1", "5")):
        style = f'fill="none" stroke="{_COLOUR}" stroke-width="{wide}" stroke-linecap="round"'
        shapes += f'<path d="{drawn}" {style}/>' if drawn else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'role="img" aria-labelledby="t"><title id="t">{words(sparkline_words(measure), 120)}</title>{shapes}</svg>\n'
    )


def sparkline_text(measure: Measure, levels: str = BLOCKS) -> str:
    """The newest figures as characters, from the lowest of `levels` to the highest, with a space for a gap."""
    lines: list[Run] = []
    room = _MOST_CHARACTERS
    for run in reversed(sparkline_runs(measure, 2)):
        if room > 0:
            lines.insert(0, run[-room:])
            room -= len(run)
    if not lines:
        return ""
    values = [figure.number for run in lines for figure in run]
    scale = Scale(min(values), max(values), len(levels) - 1, 0)
    return " ".join("".join(levels[round(scale.y(figure.number))] for figure in run) for run in lines)
