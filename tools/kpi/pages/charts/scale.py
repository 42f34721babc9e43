"""The scale of values in a chart: where it begins and ends, round steps, their words, and names kept apart."""

from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal, localcontext
from typing import NamedTuple

from kpi.model.quantity import CURRENCY, DURATION, PERCENT, Unit, duration_text, figure, plain

_EXACT = Context(prec=60)
_SECONDS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400)
_STEPS = 3
_LARGE = ((12, "tn"), (9, "bn"), (6, "m"))
_DIGITS = 4  # of a number that is too long to be printed in full


class Scale(NamedTuple):
    """From the lowest value, at the bottom, to the highest at the top; pixels are counted downwards."""

    low: Decimal
    high: Decimal
    top: float
    bottom: float

    def y(self, value: Decimal) -> float:
        """How far a value is from the top of the picture; what lies outside is at the end."""
        up = float(share(value, self.low, self.high))
        return self.bottom - (self.bottom - self.top) * min(max(up, 0.0), 1.0)


def from_zero(values: Sequence[Decimal]) -> tuple[Decimal, Decimal]:
    """The ends of a scale that holds all values and zero; never equal."""
    low, high = min((*values, Decimal(0))), max((*values, Decimal(0)))
    return (low, high) if low < high else (low, Decimal(1))


def line_ticks(values: Sequence[Decimal], usual: tuple[Decimal, Decimal] | None, unit: Unit) -> list[Decimal]:
    """The ticks of a line's scale, which encloses all values.

    It begins at zero, unless there is a usual range and that takes at most a third of the height without it.
    """
    low, high = min(values), max(values)
    if usual is not None and usual[0] < usual[1] and low > 0:
        with localcontext(_EXACT):
            room = max((usual[1] - usual[0]) * 3, high - low)
            first = min(low, usual[0] - (room - (usual[1] - usual[0])) / 2)
            ticks = _ticks(first, max(high, first + room), unit)
            if ticks[0] > 0:
                return ticks
    return _ticks(*from_zero(values), unit)


def _ticks(low: Decimal, high: Decimal, unit: Unit) -> list[Decimal]:
    """Round values a step apart that enclose two different values; never fewer than two."""
    with localcontext(_EXACT):
        step = _step((high - low) / _STEPS, unit)
        first = (low / step).to_integral_value(ROUND_FLOOR)
        last = (high / step).to_integral_value(ROUND_CEILING)
        return [step * (first + at) for at in range(int(last - first) + 1)]


def share(value: Decimal, low: Decimal, high: Decimal) -> Decimal:
    """How far a value is from `low`, which is 0, to `high`, which is 1; they must differ."""
    return _EXACT.divide(_EXACT.subtract(value, low), _EXACT.subtract(high, low))


def _step(least: Decimal, unit: Unit) -> Decimal:
    """The next round number: 1, 2 or 5 with zeros; for a duration, a part of a minute, hour or day."""
    if unit.kind == DURATION and 1 < least <= _SECONDS[-1]:
        return next(Decimal(seconds) for seconds in _SECONDS if seconds >= least)
    power = Decimal(1).scaleb(least.adjusted())
    step = next(power * by for by in (1, 2, 5, 10) if power * by >= least)
    return max(step, Decimal(1)) if unit.kind == "count" else step


def tick_words(value: Decimal, unit: Unit) -> str:
    """A tick's label: "5m", "1h30m", "40%", "£2m", "20,000", "0.05"."""
    with localcontext(_EXACT):
        if unit.kind == DURATION:
            words = duration_text(Decimal(plain(value.normalize())))
            for zeros in ("m00s", "h00m"):
                if words.endswith(zeros):
                    words = words[:-3]
            return words
        shown = unit._replace(scale=0) if unit.kind in {CURRENCY, PERCENT} else Unit("ratio")
        for power, name in _LARGE:
            if value.adjusted() >= power and value:
                return figure(Decimal(plain(value.scaleb(-power).normalize())), shown) + name
        return figure(Decimal(plain(value.normalize())), shown)


def rough(value: Decimal, unit: Unit) -> str:
    """A number in four digits, for one that is too long in full: "1.235bn"."""
    return tick_words(Context(prec=_DIGITS).plus(value), unit)


def spread(wanted: Sequence[float], height: float, low: float, high: float) -> list[float]:
    """Where the middles of labels of one height stand, near those wanted, in the same order, from `low` to `high`.

    None of them touches another, as long as all together are no more than the room between `low` and `high`.
    """
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
