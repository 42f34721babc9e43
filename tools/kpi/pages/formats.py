"""How the documents of docs/formats.md are written: records as JSON, rows as CSV, and all figures."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from kpi.judge.judgement import Judgement
from kpi.model.period import Period
from kpi.model.plan import Plan
from kpi.model.quantity import Unit, plain, unit_text

Data = dict[str, Any]
"""What `dump` writes: texts, numbers, dates, periods, units, `RECORDS`, and lists and mappings of these, by their names."""

RECORDS = {
    "Licence": "title!, url",
    "Edition": "board, date, title, presented_by, purpose, last",
    "Priority": "id, title!, note, objectives",
    "Objective": "title, note, kpis",
    "Area": "name!, short, whole",
    "Source": "title!, url, note",
    "StatusRules": "amber, tolerance, words",
    "Tolerance": "value, in_percent",
    "Relative": "period, change, in_percent",
    "Bound": "how, value, upper, relative",
    "Check": "kind, whole, number, parts, limit",
    "NoFigures": "body, text, as_of",
    "Trigger": "when, level, minimum, minimum_in_percent",
    "Observation": "period, start: period.start, end: period.end, months: period.months, "
    "value, assessment, numerator, denominator, margin, marks, note",
    "TriggerResult": "when: trigger.when, state, reason, p",
    "ReferenceResult": "label: reference.label!, word",
    "Breach": "state, since: since.period, periods, last_met: last_met.period, before: before.period, before_state",
    "AtUsualRange": "word, met, of",
    "FieldChange": "field, before, after",
}
"""What is written of a record of this name wherever it stands, as `pick` reads it."""

_NAMES: dict[str, tuple[str, Callable[[Plan, str], str | None]]] = {
    "area": ("area_name", Plan.area_name),
    "owner": ("owner_name", lambda plan, owner: plan.owners.get(owner)),
    "priority": ("priority_title", Plan.priority_title),
    "source": ("source_title", lambda plan, name: plan.sources[name].title if name in plan.sources else None),
}
"""The names that a plan has for ids."""


def pick(record: object, fields: str, plan: Plan | None = None) -> Data:
    """Fields of a record by their names in a document: "title!, ends: by.end"; None where there is no record.

    An empty text is None, but for those with an exclamation mark, which are always there. After an id with a plus stands the
    name that the plan has for it.
    """
    values = {}
    for field in fields.split(", "):
        name, _, path = field.rstrip("!+").partition(": ")
        value: Any = record
        for part in (path or name).split("."):
            value = None if value is None else getattr(value, part)
        values[name] = None if value == "" and not field.endswith("!") else value
        if plan is not None and field.endswith("+"):
            key, find = _NAMES[name]
            values[key] = find(plan, value)
    return values


def document(**values: Any) -> str:
    """A JSON document of these values, with the version of its shape."""
    return dump({"version": 2, **values})


def dump(values: Mapping[str, Any]) -> str:
    """JSON that every program reads alike: ASCII, no NaN, a line end at the end.

    A date is written as ISO text, a period as its file has it, a number with at most 15 digits, which a float keeps; one that
    was computed with fewer, because the last digits of the machine's arithmetic differ between machines.
    """
    return json.dumps(_as_json(values), indent=2, ensure_ascii=True, allow_nan=False) + "\n"


def _as_json(value: Any) -> Any:
    match value:
        case Decimal():
            is_whole = value == value.to_integral_value() and value.as_tuple().exponent == 0
            value = int(value) if is_whole else float(value)
        case Fraction():
            value = float(f"{float(value):.10g}")
        case float():
            value = float(f"{value:.4g}")
        case date():
            value = value.isoformat()
        case Period():
            value = value.text
        case Unit():
            value = unit_text(value)
        case Mapping():
            value = {name: _as_json(inner) for name, inner in value.items()}
        case list() | tuple():
            fields = RECORDS.get(type(value).__name__)
            value = _as_json(pick(value, fields)) if fields else [_as_json(inner) for inner in value]
    return value


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
    by_id, rows = judgement.by_id(), list[Iterable[str | Decimal | None]]([CSV_COLUMNS])
    for priority, objective, name in judgement.plan.listed():
        every = by_id[name].measures if name in by_id else ()
        for measure in (judged.measure for judged in every if judged.kpi == name):
            names = (priority.id, objective.title, name, measure.id)
            of_measure = (unit_text(measure.unit), measure.kind, "no" if measure.derived is None else "yes")
            places = ";".join(f"{key}={value}" for key, value in measure.dimensions.items())
            own = measure.area or judgement.plan.area
            for area, series in ((own, measure.observations), *measure.peers.items()):
                for figure in series:
                    days = (figure.period.text, *map(str, figure.period[:3]))
                    said = (";".join(figure.marks), figure.note, figure.assessment)
                    numbers = (figure.numerator, figure.denominator, figure.margin)
                    rows.append((*names, area, *days, figure.value, *of_measure, places, *said, *numbers))
    return "".join(map(csv_line, rows))


def csv_line(cells: Iterable[str | Decimal | None]) -> str:
    """A row of a table as CSV: texts on one line, which no spreadsheet runs, and numbers as they are.

    Cells that any spreadsheet would split are in quotes; Python's writer looks at its own separator only.
    """
    texts = []
    for cell in cells:
        if isinstance(cell, Decimal):
            text = plain(cell)
        else:
            text = _UNGUARDED.sub(r"\1'", " ".join((cell or "").split()))
        texts.append('"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text)
    return f"{','.join(texts)}\n"


def unguarded(text: str) -> str:
    """The text that an export wrote, without the apostrophes that keep a spreadsheet from running it."""
    return _GUARDED.sub(r"\1", text)
