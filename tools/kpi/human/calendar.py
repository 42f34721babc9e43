"""Texts in the form of a period that the calendar doesn't have: why, and what to write instead."""

from typing import NamedTuple

from kpi.human.point import LONGEST_SPAN, financial_year, financial_years, month_text
from kpi.model import period as periods
from kpi.model.period import APRIL, Period, read, span_words
from kpi.model.text import joined, quoted

SHOWN = 40  # characters of the user's text in a message, so that sentences stay short


class PeriodSlip(NamedTuple):
    """A period written in a way that files don't use.

    Attributes:
        message: what is wrong, quoting the text; full sentences.
        help: what to write instead, as sentences.
        replacements: the texts that may have been meant; often one, sometimes none.
    """

    message: str
    help: str
    replacements: tuple[str, ...] = ()

    @property
    def replacement(self) -> str | None:
        """The text to write, if only one can be meant."""
        return self.replacements[0] if len(self.replacements) == 1 else None


def explain_impossible(text: str, why: str, year_starts: int = APRIL, shown: str = "") -> PeriodSlip:
    """Explain a text that has the form of a period but isn't on the calendar.

    `why` is the reason that `period.read` gave, `shown` what to call the text where the user wrote something else.
    """
    shown = shown or quoted(text, SHOWN)
    first, _, last = text.partition(" to ")
    if why == periods.SAME_ENDS:
        return PeriodSlip(f"Both ends of {shown} are the same.", f"Write {first}.", (first,))
    if why == periods.BACKWARDS:
        turned = f"{last} to {first}"
        return PeriodSlip(
            f"{shown} ends before it starts.", f"Write {turned}, or correct the year.", (turned,)
        )
    if why == periods.MIXED_KINDS:
        return _mixed(shown, first, last, year_starts)
    point = next(point for point in (first, last) if read(point, year_starts) == why)
    if why == periods.NO_SUCH_DAY:
        return _no_such_day(shown, point)
    fault = _not_consecutive if why == periods.NOT_CONSECUTIVE else _calendar_years
    answer = fault(shown, point, year_starts)
    return answer if point == text else answer._replace(replacements=())


def _mixed(shown: str, first: str, last: str, year_starts: int) -> PeriodSlip:
    start, end = read(first, year_starts), read(last, year_starts)
    assert isinstance(start, Period)
    assert isinstance(end, Period)
    advice = "Write both ends in the same way."
    spelt = f"{month_text(start.start)} to {month_text(end.end)}"
    if "day" not in {start.form, end.form} and isinstance(read(spelt), Period):
        advice += f" If whole months are meant, write {spelt}."
    return PeriodSlip(f"The two ends of {shown} are of different kinds.", advice)


def _no_such_day(shown: str, point: str) -> PeriodSlip:
    month = read(point[:7])
    assert isinstance(month, Period)
    message = (
        f"{shown} names a day that doesn't exist: {span_words(*month.interval)} has {month.end.day} days."
    )
    return PeriodSlip(message, f"The last day of that month is {month.end}.")


def _not_consecutive(shown: str, point: str, year_starts: int) -> PeriodSlip:
    start, number = int(point[:4]), int(point[5:7])
    span = (number - start) % 100
    several = f"{start} to {start + span}" if year_starts == 1 else financial_years(start, start + span)
    advice, replacements = [], []
    if 1 < span <= LONGEST_SPAN and not point[7:] and isinstance(read(several, year_starts), Period):
        advice.append(f"For several years write {several}.")
        replacements.append(several)
    if 1 <= number <= 12 and not point[7:]:
        month = f"{start}-{number:02d}"
        advice.append(f"For the month write {month}.")
        replacements.append(month)
    if not advice:
        advice.append(f"The financial year that starts in {start} is {financial_year(start)}.")
    return PeriodSlip(
        f"In {shown} the second year doesn't follow the first.", " ".join(advice), tuple(replacements)
    )


def _calendar_years(shown: str, point: str, _year_starts: int) -> PeriodSlip:
    start = int(point[:4])
    quarter = point[7:].replace(" ", "-")
    both = (f"{start}{quarter}", f"{start + 1}{quarter}")
    message = f"The financial year starts in January here, so {shown} could be either of two years."
    return PeriodSlip(message, f"Write {joined(both, 'or')}.", both)
