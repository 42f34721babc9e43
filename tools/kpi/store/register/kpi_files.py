"""The file of a KPI from a list, and its names in the plan."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from kpi.judge.state import AWAITING_DATA
from kpi.store.format.draft import value_source
from kpi.store.paths import id_trouble, plain_id
from kpi.store.register.new_kpi import NewKpi

_LONGEST_ID = 40


def id_of(title: str, taken: Mapping[str, object] | set[str]) -> str:
    """A free id made of a title."""
    name = plain_id(title)
    if len(name) > _LONGEST_ID:
        name = name[: _LONGEST_ID + 1].rpartition("-")[0] or name[:_LONGEST_ID]
    if id_trouble(name):
        name = f"kpi-{name}"
    free = name
    number = 1
    while free in taken:
        number += 1
        free = f"{name}-{number}"
    return free


def kpi_file(kpi: NewKpi, name: str, names: Mapping[str, str], day: date, table: str) -> bytes:
    """The file of a KPI.

    Args:
        kpi: the KPI.
        name: its id.
        names: the ids of its `owner` and its `source`.
        day: the day that its commentary is written under.
        table: the name of the table that it comes from.
    """
    return "".join(f"{line}\n" for line in _lines(kpi, name, names, day, table)).encode()


def _lines(kpi: NewKpi, name: str, names: Mapping[str, str], day: date, table: str) -> Iterator[str]:
    texts = kpi.texts
    yield f"title: {value_source(texts['title'])}"
    if texts.get("code"):
        yield f"code: {value_source(texts['code'])}"
    yield f"definition: {value_source(texts.get('definition') or f'No definition was given in {table}.')}"
    yield f"unit: {_unit(kpi.unit.raw)}"
    yield f"better: {kpi.better}"
    if kpi.frequency:
        yield f"frequency: {kpi.frequency}"
    if "owner" in names:
        yield f"owner: {names['owner']}"
    yield f"sources: [{names['source']}]"
    if texts.get("note"):
        yield f"note: {value_source(texts['note'])}"
    if texts.get("commentary"):
        yield f"commentary:\n  {day}: {value_source(texts['commentary'])}"
    yield f"measures:\n  {name}:"
    if kpi.unit.scale:
        yield f"    scale: {kpi.unit.scale}"
    if kpi.targets:
        yield "    targets:"
        for target in kpi.targets:
            fields = {**target, "source": names["source"]}
            if "in_words" in fields:
                fields["in_words"] = value_source(fields["in_words"], in_brackets=True)
            yield f"      - {{{', '.join(f'{field}: {text}' for field, text in fields.items())}}}"
    if not kpi.figures:
        yield f"    no_figures: {{because: {AWAITING_DATA}}}"
        return
    yield "    observations:"
    for period, value in kpi.figures:
        marks = f"marks: [{', '.join(value.marks)}]"
        text = (
            value.text
            if not value.marks
            else f"{{value: {value.text}, {marks}}}"
            if value.text
            else f"{{{marks}}}"
        )
        yield f"      {period.text}: {text}"


def _unit(raw: str | dict[str, Any]) -> str:
    if isinstance(raw, str):
        return raw
    ((field, value),) = raw.items()
    return f"{{{field}: {value_source(value, in_brackets=True)}}}"


def known_id(text: str, names: Mapping[str, str]) -> str:
    """The id among names that a text is, or spells; empty where there is none."""
    folded = " ".join(text.casefold().split())
    return next(
        (name for name, title in names.items() if folded in {name, " ".join(title.casefold().split())}), ""
    )
