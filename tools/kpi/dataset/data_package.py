"""The tables as CSV, with a Data Package that names and types their columns (https://datapackage.org)."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Any

from kpi.dataset.columns import BOOLEAN, TABLES, Column, Table
from kpi.dataset.rows import Value, organisation_id, rows
from kpi.judge.judgement import Judgement
from kpi.model.plan import Licence, Plan
from kpi.pages.figures_csv import csv_line
from kpi.pages.judgement_json import dump

DESCRIPTOR = "datapackage.json"
_KEYS = {table.name: table.key for table in TABLES}


def csv_files(judgement: Judgement) -> Iterator[tuple[str, Iterator[str]]]:
    """Each file of the package by its name, line by line, the descriptor last."""
    of_tables = rows(judgement)
    for table in TABLES:
        head = csv_line(column.name for column in table.columns)
        yield (
            f"{table.name}.csv",
            chain([head], (csv_line(map(text_of, row)) for row in of_tables[table.name])),
        )
    yield DESCRIPTOR, iter([dump(descriptor(judgement.plan))])


def text_of(value: Value) -> str | Decimal:
    """A value as a cell. Numbers stay numbers, so that no guard is put before a sign."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int):
        return Decimal(value)
    return "" if value is None else value


def descriptor(plan: Plan, parts: Mapping[str, list[str]] | None = None) -> dict[str, Any]:
    """The Data Package: its tables with types, keys and sources.

    Args:
        plan: whose tables they are.
        parts: the Parquet files of each table; without them a table is one CSV file.
    """
    sources = [
        {"title": source.title} | ({"path": source.url} if source.url else {})
        for source in plan.sources.values()
    ]
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": organisation_id(plan.organisation),
        "title": f"{plan.organisation}: {plan.title}",
        **({"licenses": [_licence(plan.licence)]} if plan.licence else {}),
        **({"contributors": [{"title": plan.publisher, "roles": ["publisher"]}]} if plan.publisher else {}),
        **({"sources": sources} if sources else {}),
        "resources": [
            {
                "name": table.name,
                "path": f"{table.name}.csv" if parts is None else parts[table.name],
                "format": "csv" if parts is None else "parquet",
                "description": table.description,
                "type": "table",
                **({"encoding": "utf-8"} if parts is None else {}),
                "schema": _schema(table),
            }
            for table in TABLES
            if parts is None or parts[table.name]
        ],
    }


def _licence(licence: Licence) -> dict[str, str]:
    return {"title": licence.title, "path": licence.url} if licence.url else {"name": licence.title}


def _schema(table: Table) -> dict[str, Any]:
    return {
        "fields": [_field(column) for column in table.columns],
        "primaryKey": list(table.key),
        "foreignKeys": [
            {"fields": list(_KEYS[name]), "reference": {"resource": name, "fields": list(_KEYS[name])}}
            for name in table.refers
        ],
    }


def _field(column: Column) -> dict[str, Any]:
    words = {"trueValues": ["yes"], "falseValues": ["no"]} if column.type == BOOLEAN else {}
    return {"name": column.name, "type": column.type, "description": column.description, **words}
