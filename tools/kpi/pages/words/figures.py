"""Figures in words: a value with its marks, its period, its age; and what a measure is called."""

from datetime import date

from kpi.model.kpi import WITHOUT_VALUE, Measure, Observation
from kpi.model.period import period_words
from kpi.model.quantity import figure
from kpi.model.text import counted

MARK_LETTERS = {
    "break": "b",
    "provisional": "p",
    "revised": "r",
    "estimated": "e",
    "forecast": "f",
    "low-reliability": "u",
    "queried": "q",
    "not-available": "x",
    "not-applicable": "z",
    "suppressed": "c",
}
"""The letters of the Government Analysis Function; `q` is our own."""

MARK_WORDS = {
    "break": "the series changed between this figure and the one before",
    "provisional": "provisional",
    "revised": "revised since it was first published",
    "estimated": "estimated",
    "forecast": "forecast, not yet observed",
    "low-reliability": "low reliability",
    "queried": "printed so in the source, but doubted",
    "not-available": "not available",
    "not-applicable": "not applicable",
    "suppressed": "suppressed to protect people's privacy",
}

NOTHING = "–"
"""What a cell holds that has nothing to say; explained above the tables."""


def ended(text: str) -> str:
    """The text with a full stop, unless it has an end of its own."""
    told = text.rstrip()
    return told if told.endswith((".", "!", "?", "…")) else f"{told}."


def capitalised(text: str) -> str:
    """The first letter a capital, the rest as it is."""
    return text[:1].upper() + text[1:]


def measure_label(measure: Measure) -> str:
    """What a measure is called where it stands beside its KPI: its title, or what it counts."""
    if measure.title:
        return measure.title
    if measure.noun:
        return capitalised(measure.noun)
    return {"count": "Number", "percent": "Per cent", "duration": "Time"}.get(
        measure.unit.kind, measure.unit.name or capitalised(measure.unit.kind)
    )


def value_words(observation: Observation, measure: Measure) -> str:
    """The figure with its unit and mark letters: "95% [p]"; for one without a value, why there is none."""
    letters = "".join(
        f"[{MARK_LETTERS[mark]}]"
        for mark in observation.marks
        if mark in MARK_LETTERS and mark not in WITHOUT_VALUE
    )
    if observation.value is not None:
        told = figure(observation.value, measure.unit, measure.decimals)
    elif observation.assessment:
        told = f"assessed as {observation.assessment}"
    else:
        reasons = [mark for mark in observation.marks if mark in WITHOUT_VALUE]
        told = " ".join(f"{MARK_WORDS[mark]} [{MARK_LETTERS[mark]}]" for mark in reasons)
    return f"{told} {letters}".strip()


def dated(observation: Observation, measure: Measure) -> str:
    """The figure and its period: "95% (January 2024)"."""
    return f"{value_words(observation, measure)} ({period_words(observation.period)})"


def age_words(figure: Observation, day: date) -> str:
    """How long ago a figure's period ended: "27 days", "11 months"."""
    days = max(0, (day - figure.period.end).days)
    return counted(days, "day") if days < 60 else counted(round(days / 30.4375), "month")
