"""The file of a KPI from a list, and its names in the plan."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from itertools import chain, count
from typing import Any

from kpi.judge.state import AWAITING_DATA
from kpi.store.format.draft import Draft
from kpi.store.format.typed import BracedFields, BracketedItems
from kpi.store.intake.cell_value import Value
from kpi.store.paths import id_trouble, plain_id
from kpi.store.register.new_kpi import NewKpi, Target

_LONGEST_ID = 40
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


def id_of(title: str, taken: Mapping[str, object] | set[str]) -> str:
    """A free id made of a title."""
    name = plain_id(title)
    if len(name) > _LONGEST_ID:
        name = name[: _LONGEST_ID + 1].rpartition("-")[0] or name[:_LONGEST_ID]
    if id_trouble(name):
        name = f"kpi-{name}"
    numbered = (f"{name}-{number}" for number in count(2))
    return next(free for free in chain([name], numbered) if free not in taken)


def kpi_file(kpi: NewKpi, name: str, names: Mapping[str, str], day: date, table: str) -> bytes:
    """The file of a KPI.

    Args:
        kpi: the KPI.
        name: its id.
        names: the ids of its `owner` and its `source`.
        day: the day that its commentary is written under.
        table: the name of the table that it comes from.
    """
    texts = kpi.texts
    unit = kpi.unit.raw if isinstance(kpi.unit.raw, str) else BracedFields(kpi.unit.raw)
    commentary = {day.isoformat(): texts["commentary"]} if texts.get("commentary") else None
    return _laid_out({
        "title": texts["title"],
        "code": texts.get("code"),
        "definition": texts.get("definition") or f"No definition was given in {table}.",
        "unit": unit,
        "better": kpi.better,
        "frequency": kpi.frequency,
        "owner": names.get("owner"),
        "sources": BracketedItems([names["source"]]),
        "note": texts.get("note"),
        "commentary": commentary,
        "measures": {name: _measure(kpi, names["source"])},
    })  # fmt: skip


def _measure(kpi: NewKpi, source: str) -> dict[str, Any]:
    fields: dict[str, Any] = {"scale": kpi.unit.scale} if kpi.unit.scale else {}
    if kpi.targets:
        fields["targets"] = [target_fields({**target, "source": source}) for target in kpi.targets]
    if not kpi.figures:
        return fields | {"no_figures": BracedFields(because=AWAITING_DATA)}
    return fields | {"observations": {period.text: _figure(value) for period, value in kpi.figures}}


def _figure(value: Value) -> Any:
    number = {"value": _plain(value.text)} if value.text else {}
    return BracedFields(number, marks=BracketedItems(value.marks)) if value.marks else _plain(value.text)


def _plain(text: str) -> Decimal | str:
    """A number, a time or a period as a value that is laid out with these digits, however many they are: lint says what it thinks."""
    return Decimal(text) if _NUMBER.fullmatch(text) else text


def target_fields(target: Target) -> BracedFields:
    """A target as a file holds it."""
    return BracedFields((name, _field(name, said)) for name, said in target.items())


def _field(name: str, said: str | tuple[str, ...]) -> Any:
    if not isinstance(said, str):
        return BracketedItems(map(_plain, said))
    return said if name in {"in_words", "source"} else _plain(said)


def _laid_out(fields: Mapping[str, Any]) -> bytes:
    """A new file with those of these fields that have a value."""
    draft = Draft("title: x\n")
    draft.root.update((name, value) for name, value in fields.items() if value)
    draft.settle()
    return draft.text(styled=True).encode()


def known_id(text: str, names: Mapping[str, str]) -> str:
    """The id among names that a text is, or spells; empty where there is none."""
    folded = " ".join(text.casefold().split())
    return next(
        (name for name, title in names.items() if folded in {name, " ".join(title.casefold().split())}), ""
    )
