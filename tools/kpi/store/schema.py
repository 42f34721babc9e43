"""The two schemas, and whether a file's values fit them.

jsonschema decides, and says what is wrong. It is slow to import and to run, so jsonschema-rs may say yes before it.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from kpi.model.errors import ToolError
from kpi.model.finding import Problem
from kpi.model.period import APRIL

if TYPE_CHECKING:
    from jsonschema_rs import Draft7Validator

    from kpi.store.reader import Document

Name = Literal["kpi", "plan"]
NAMES: tuple[Name, ...] = ("kpi", "plan")

_PACKAGE = Path(__file__).parent.parent
_PLACES = (_PACKAGE / "schema", _PACKAGE.parent.parent / "schema")
"""In an installed package, and in a checkout of the source."""


def text_of(name: Name) -> str:
    """The schema as it is in its file; raises `ToolError` where the tool was installed without it."""
    for folder in _PLACES:
        path = folder / f"{name}.schema.json"
        if path.is_file():
            return path.read_text(encoding="utf-8")
    raise ToolError(
        f"{name}.schema.json is missing from the program. Nothing was checked. Install the program again."
    )


@cache
def load(name: Name) -> Mapping[str, Any]:
    """The schema as values."""
    import json

    schema: Mapping[str, Any] = json.loads(text_of(name))
    return schema


_ROOM = 4 << 20
"""Bytes that jsonschema-rs needs to begin. Where it finds too few, it ends the process without a word."""


@cache
def _validator(name: Name) -> "Draft7Validator":
    from jsonschema_rs import Draft7Validator

    bytearray(_ROOM)  # raises MemoryError, which is reported in a sentence
    return Draft7Validator(text_of(name))


def is_valid(name: Name, values: object) -> bool:
    """Whether jsonschema-rs finds that the values fit the schema.

    They are what the reader gives: dict, list, str, int, Decimal, bool or None.
    """
    return _validator(name).is_valid(values)


def problems(name: Name, values: Mapping[str, Any], year_starts: int = APRIL) -> list[Problem]:
    """What is wrong with the values that the reader gave, in the order of the schema's own checks; empty where they fit."""
    if is_valid(name, values):
        return []
    from kpi.store.explain import explain

    return explain(for_python(name), values, year_starts)


def put_in_depth(
    name: Name, values: Mapping[str, Any], document: "Document"
) -> tuple[Mapping[str, Any], list[Problem]]:
    """Values that don't fit, with blocks in the wrong depth where they belong, and what is to be said of these."""
    if name != "kpi":
        return values, []
    from kpi.store.explain.recover import put_right

    return put_right(load(name), values, document)


@cache
def for_python(name: Name) -> Mapping[str, Any]:
    """The schema with patterns that mean in Python what they mean elsewhere: `$` also matches before a last line break."""
    import json

    schema: Mapping[str, Any] = json.loads(text_of(name).replace('$"', r'\\Z"'))
    return schema


def recover(name: Name, values: Mapping[str, Any], faults: Iterable[Problem]) -> dict[str, Any] | None:
    """The values without what the problems are about, so that the rest can be built and checked.

    What is left fits the schema, except that a text the file must have may be empty. None where nothing useful is left.
    """
    from kpi.store.explain.recover import pruned

    return pruned(load(name), values, faults, lambda kept: problems(name, kept))
