"""Figures, breaches and the list of KPIs for machines, in the shapes that docs/formats.md promises."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from kpi.judge.judgement import Judgement, MeasureJudgement
from kpi.judge.target import Verdict
from kpi.model.kpi import Measure, Observation
from kpi.model.quantity import plain, unit_text
from kpi.pages.breaches import off_target
from kpi.pages.cells import Shown
from kpi.pages.words import target_words

VERSION = 2
CSV_COLUMNS = (
    "priority", "objective", "kpi", "measure", "area", "period", "start", "end", "months", "value", "unit", "kind",
    "derived", "dimensions", "marks", "note", "assessment", "numerator", "denominator", "margin",
)  # fmt: skip

# Where a cell may begin: with the text, or after a semicolon, which parts cells in countries with a decimal comma. Whoever parts
# them there sees the quotes of a cell as part of its text.
_START = r"(^|;[ \"]*)"
_SIGN = "(?=[-'=+@\uff1d\uff0b\uff0d\uff20])"
_UNGUARDED, _GUARDED = re.compile(_START + _SIGN), re.compile(f"{_START}'{_SIGN}")
_QUOTED = re.compile(r"[,;\"\t\r\n]|^'")


def figures_csv(judgement: Judgement) -> str:
    """One row a figure at its home measure, peers and derived values included, in the plan's order.

    Dates are ISO, the end is inclusive, durations are seconds. A text that a spreadsheet would run as a formula gets a
    leading apostrophe.
    """
    rows = (CSV_COLUMNS, *_rows(judgement))
    return "".join(f"{','.join(map(_cell, row))}\n" for row in rows)


def _cell(text: str) -> str:
    """A cell in quotes where any spreadsheet would part it; Python's writer looks at its own separator only."""
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


def _rows(judgement: Judgement) -> Iterator[tuple[str, ...]]:
    by_id = judgement.by_id()
    for priority, objective, name in judgement.plan.listed():
        if name not in by_id:
            continue
        for judged in by_id[name].measures:
            if judged.kpi != name:
                continue
            measure = judged.measure
            own = measure.area or judgement.plan.area
            for area, series in ((own, measure.observations), *measure.peers.items()):
                for one in series:
                    yield (priority.id, _text(objective.title), name, *_row(measure, area, one))


def _row(measure: Measure, area: str, one: Observation) -> tuple[str, ...]:
    return (
        measure.id,
        area,
        one.period.text,
        one.period.start.isoformat(),
        one.period.end.isoformat(),
        str(one.period.months),
        _number(one.value),
        _text(unit_text(measure.unit)),
        measure.kind,
        "yes" if measure.derived is not None else "no",
        ";".join(f"{key}={value}" for key, value in measure.dimensions.items()),
        ";".join(one.marks),
        _text(one.note),
        one.assessment,
        _number(one.numerator),
        _number(one.denominator),
        _number(one.margin),
    )


def _number(value: Decimal | None) -> str:
    return "" if value is None else plain(value)


def _text(text: str) -> str:
    """A text that no spreadsheet takes for a formula, on one line."""
    return _UNGUARDED.sub(r"\1'", " ".join(text.split()))


def unguarded(text: str) -> str:
    """The text that an export wrote, without the apostrophes that keep a spreadsheet from running it."""
    return _GUARDED.sub(r"\1", text)


def list_json(judgement: Judgement) -> str:
    """The KPIs with their status, in the plan's order."""
    kpis = [
        {
            "kpi": one.kpi.id,
            "priority": one.kpi.priority,
            "code": one.kpi.code or None,
            "title": one.kpi.title,
            "status": one.status,
        }
        for one in judgement.kpis
    ]
    return dump({"version": VERSION, "as_of": judgement.day.isoformat(), "kpis": kpis})


def breaches_json(judgement: Judgement) -> str:
    """The missed targets, worst first, and those that are near; a measure shown in two KPIs is listed under each."""
    off = off_target(judgement, everywhere=True)
    return dump(
        {
            "version": VERSION,
            "as_of": judgement.day.isoformat(),
            "breaches": [_unmet(one) for one in off.missed],
            "near": [_unmet(one) for one in off.near],
        }
    )


def _unmet(shown: Shown) -> dict[str, Any]:
    """A target that is not met, with its gap and since when."""
    kpi, judged = shown
    verdict, found = judged.deciding, judged.breach
    assert verdict is not None
    figure = verdict.observation
    return {
        "kpi": kpi.kpi.id,
        "measure": judged.measure.id,
        "target": target_words(verdict.target, judged.measure, verdict),
        "period": figure.period.text if figure else None,
        "value": number(figure.value) if figure else None,
        **bound_used(verdict),
        "gap": number(verdict.gap),
        "state": found.state if found else None,
        "since": found.since.period.text if found else None,
        "periods": found.periods if found else None,
        "direction": _judged_direction(judged),
        "rag": judged.rag.colour or None,
        "owner": judged.measure.owner or kpi.kpi.owner or None,
    }


def bound_used(verdict: Verdict) -> dict[str, Any]:
    """The bound that a figure was held against, the second end of a range, and whether it is a way point."""
    bound = verdict.bound
    return {
        "bound": number(bound.value) if bound else None,
        "bound_upper": number(bound.upper) if bound else None,
        "on_the_way": verdict.on_the_way,
    }


def _judged_direction(judged: MeasureJudgement) -> str | None:
    """The class of what became of the very figure that was judged."""
    figure = judged.deciding.observation if judged.deciding else None
    found = [one for one in judged.directions if one.later == figure]
    return found[0].outcome if found else None


def number(value: Decimal | None) -> int | float | None:
    """The number for JSON; figures have at most 15 digits, which a float keeps."""
    if value is None:
        return None
    return (
        int(value) if value == value.to_integral_value() and value.as_tuple().exponent == 0 else float(value)
    )


def dump(told: dict[str, Any]) -> str:
    """JSON that every reader reads alike: ASCII, no NaN, a line end at the end."""
    return json.dumps(told, indent=2, ensure_ascii=True, allow_nan=False) + "\n"
