"""Where things stand in a picture: figures in columns or lines, the scale of values, and names kept apart."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal, localcontext
from itertools import pairwise
from typing import NamedTuple

from kpi.judge.series import at_a_date, by_length
from kpi.model.kpi import TOTAL, Measure, Observation
from kpi.model.quantity import CURRENCY, DURATION, PERCENT, Unit, duration_text, plain
from kpi.model.quantity import figure as value_text

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
    """A column for each figure, with a gap where one is missing, where the series changed, and between lengths of time."""
    made: list[Column] = []
    for before, figure in pairwise((None, *figures)):
        assert figure is not None
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
    """At most `most` figures of the lines, the lowest and the highest of each stretch, and the newest of all; and those `always` there."""
    if sum(map(len, lines)) <= most:
        return list(lines)
    in_order = ((figure.period.order, line, figure) for line, run in enumerate(lines) for figure in run)
    everyone = [(line, figure) for _, line, figure in sorted(in_order, key=lambda at: at[:2])]
    step = -(-len(everyone) // max(1, (most - 1) // 2))
    kept: list[Run] = [[] for _ in lines]
    for first in range(0, len(everyone), step):
        stretch = everyone[first : first + step]
        places = sorted(range(len(stretch)), key=lambda place: (stretch[place][1].value, place))
        ends = {places[0], places[-1]} | ({len(stretch) - 1} if first + step >= len(everyone) else set())
        for place, (line, figure) in enumerate(stretch):
            if place in ends or figure in always:
                kept[line].append(figure)
    return [run for run in kept if run]


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
        """How far a value is from the top of the picture; what lies outside is at the end, all in the middle if all are equal."""
        up = float(share(value, self.low, self.high)) if self.low < self.high else 0.5
        return self.bottom - (self.bottom - self.top) * min(max(up, 0.0), 1.0)


def from_zero(values: Sequence[Decimal]) -> tuple[Decimal, Decimal]:
    """The ends of a scale that holds all values and zero; never equal."""
    low, high = min((*values, Decimal(0))), max((*values, Decimal(0)))
    return (low, high) if low < high else (low, Decimal(1))


def line_ticks(values: Sequence[Decimal], usual: tuple[Decimal, Decimal] | None, unit: Unit) -> list[Decimal]:
    """The ticks of a scale that encloses all values and begins at zero, unless the usual range filled less than a third then."""
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


def share(value: Decimal, low: Decimal, high: Decimal) -> Decimal:
    """How far a value is from `low`, which is 0, to `high`, which is 1; they must differ."""
    return _EXACT.divide(_EXACT.subtract(value, low), _EXACT.subtract(high, low))


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
    """Where the middles of labels of one height stand, near those wanted, without touching if there is room for all."""
    order = sorted(range(len(wanted)), key=lambda place: (wanted[place], place))
    middles = [0.0] * len(wanted)
    least = low + height / 2
    for number in order:
        middles[number] = max(wanted[number], least)
        least = middles[number] + height
    most = high - height / 2
    for number in reversed(order):
        middles[number] = min(middles[number], most)
        most = middles[number] - height
    return middles
