"""The scales of a chart: round steps for values and dates, their words, and labels kept apart."""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal, localcontext

from kpi.model.period import MONTHS
from kpi.model.quantity import CURRENCY, DURATION, PERCENT, Unit, duration_text, figure, plain

_EXACT = Context(prec=60)
_SECONDS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400)
_STEPS = 4
_YEARS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)
_LARGE = ((12, "tn"), (9, "bn"), (6, "m"))


def value_ticks(values: Sequence[Decimal], unit: Unit) -> list[Decimal]:
    """Round values a step apart that enclose all of `values` (at least one); never fewer than two.

    Nought is among them where it is near: where the lowest value is less than 40 per cent of the highest.
    """
    with localcontext(_EXACT):
        low, high = min(values), max(values)
        if low == high:
            pad = abs(low) / 2 or Decimal(1)
            low, high = (low - pad, high + pad) if low else (Decimal(0), pad)
        if 0 < low < high * 2 / 5:
            low = Decimal(0)
        if high < 0 and high > low * 2 / 5:
            high = Decimal(0)
        step = _step((high - low) / _STEPS, unit)
        first = (low / step).to_integral_value(ROUND_FLOOR)
        last = (high / step).to_integral_value(ROUND_CEILING)
        return [step * (first + number) for number in range(int(last - first) + 1)]


def share(value: Decimal, low: Decimal, high: Decimal) -> Decimal:
    """How far a value is from `low`, which is 0, to `high`, which is 1; they must differ."""
    return _EXACT.divide(_EXACT.subtract(value, low), _EXACT.subtract(high, low))


def _step(least: Decimal, unit: Unit) -> Decimal:
    """The round number that is at least so large: 1, 2 or 5 with noughts; of a duration a part of a minute, hour or day."""
    if unit.kind == DURATION and 1 < least <= _SECONDS[-1]:
        return next(Decimal(seconds) for seconds in _SECONDS if seconds >= least)
    power = Decimal(1).scaleb(least.adjusted())
    step = next(power * by for by in (1, 2, 5, 10) if power * by >= least)
    return max(step, Decimal(1)) if unit.kind == "count" else step


def tick_words(value: Decimal, unit: Unit) -> str:
    """A tick's label: "5m", "1h30m", "40%", "£2m", "20,000", "0.05"."""
    with localcontext(_EXACT):
        if unit.kind == DURATION:
            told = duration_text(Decimal(plain(value.normalize())))
            for nought in ("m00s", "h00m"):
                if told.endswith(nought):
                    told = told[:-3]
            return told
        shown = unit._replace(scale=0) if unit.kind in {CURRENCY, PERCENT} else Unit("ratio")
        for power, name in _LARGE:
            if value.adjusted() >= power and value:
                return figure(Decimal(plain(value.scaleb(-power).normalize())), shown) + name
        return figure(Decimal(plain(value.normalize())), shown)


def date_ticks(first: date, last: date, most: int = 9) -> list[tuple[date, str]]:
    """At most `most` days (two at least), evenly apart, with their words: "2021", "Oct 2023" or "5 Oct 2023"."""
    gaps = most - 1
    days, months = (last - first).days, (last.year - first.year) * 12 + last.month - first.month
    if days < 62:
        step = next(one for one in (1, 2, 7, 14, 28, 62) if days <= one * gaps)
        found = [date.fromordinal(at) for at in range(first.toordinal(), last.toordinal() + 1, step)]
        return [(one, f"{one.day} {MONTHS[one.month - 1][:3]} {one.year}") for one in found]
    step = next((one for one in (1, 3, 6) if months <= one * gaps and months <= 24), 0)
    if step:
        numbers = range(
            -(-(first.year * 12 + first.month - 1) // step) * step, last.year * 12 + last.month, step
        )
        named = [(date(at // 12, at % 12 + 1, 1), f"{MONTHS[at % 12][:3]} {at // 12}") for at in numbers]
    else:
        years = next(one for one in _YEARS if last.year - first.year <= one * gaps)
        numbers = range(max(1, -(-first.year // years)) * years, last.year + 1, years)
        named = [(date(at, 1, 1), str(at)) for at in numbers]
    return [one for one in named if first <= one[0] <= last]


def spread(wanted: Sequence[float], heights: Sequence[float], low: float, high: float) -> list[float]:
    """Where the middles of labels stand, near those wanted, in the same order of places, from `low` to `high`.

    None of them touches another, as long as `heights` together are no more than the room between `low` and `high`.
    """
    order = sorted(range(len(wanted)), key=lambda one: (wanted[one], one))
    placed = [0.0] * len(wanted)
    least = low
    for one in order:
        placed[one] = max(wanted[one], least + heights[one] / 2)
        least = placed[one] + heights[one] / 2
    most = high
    for one in reversed(order):
        placed[one] = min(placed[one], most - heights[one] / 2)
        most = placed[one] - heights[one] / 2
    return placed
