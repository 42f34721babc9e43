"""Words for problems: how a field, an object or a value is named, and what the schema's own documentation adds."""

import re
from collections.abc import Mapping
from typing import Any

from kpi.model.finding import FieldPath
from kpi.model.text import HIDDEN, display, quoted
from kpi.store.yaml import MISREAD

Schema = Mapping[str, Any]

_MOST_SHOWN = 60  # characters of the user's text in a message


def shown(text: object) -> str:
    """The user's own text in quotation marks, on one line and not too long."""
    return quoted(" ".join(plain_text(text).split()), _MOST_SHOWN)


def written(text: str) -> str:
    """What to write instead, as it can be shown within a sentence."""
    return display(" ".join(text.split()), _MOST_SHOWN)


def plain_text(value: object) -> str:
    """A single value as files write it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def field(where: FieldPath) -> str:
    """The name of the field at a place, in quotation marks; for a list's item the list's name."""
    name = next((step for step in reversed(where) if isinstance(step, str)), "this file")
    return f'"{display(name, _MOST_SHOWN)}"'


def kind_of(value: object) -> str:
    """What a value is, in a word or two."""
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, str):
        return "text"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, Mapping):
        return "a block of fields"
    return "nothing" if value is None else "a number"


# Single values that can stand in a file without quotes, between [ ] and { } too.
_BARE = re.compile(r"[A-Za-z](?:[A-Za-z0-9 /._-]*[A-Za-z0-9._-])?|-?[0-9][0-9a-z./%-]*")


def in_yaml(value: object) -> str:
    """A value as a file writes it on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{in_yaml(key)}: {in_yaml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(in_yaml(item) for item in value) + "]"
    if not isinstance(value, str):
        return plain_text(value)
    if _BARE.fullmatch(value) and value.lower() not in MISREAD:
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + HIDDEN.sub(lambda found: f"\\U{ord(found[0]):08x}", escaped) + '"'


# Finding the way in the schema.


def resolved(schema: Schema, node: Schema) -> Schema:
    """The part of the schema that holds a field's demands: behind its `$ref`, or behind its only `allOf`."""
    if "$ref" not in node and "type" not in node and len(node.get("allOf", ())) == 1:
        node = node["allOf"][0]
    reference = node.get("$ref")
    if reference is None:
        return node
    definition: Schema = schema["definitions"][reference.rpartition("/")[2]]
    return definition


def node_at(schema: Schema, where: FieldPath) -> Schema:
    """The part of the schema that documents the field at a place; empty where there is none."""
    node = schema
    for step in where:
        node = _step(resolved(schema, node), step)
    return node


def _step(shape: Schema, step: str | int) -> Schema:
    if isinstance(step, int):
        found = shape.get("items", {})
    elif step in shape.get("properties", {}):
        found = shape["properties"][step]
    else:
        found = next(iter(shape.get("patternProperties", {}).values()), shape.get("additionalProperties", {}))
    return found if isinstance(found, Mapping) else {}


def example(schema: Schema, where: FieldPath) -> str:
    """How a field can look, such as `frequency: quarterly`; of named lines or a list of blocks, how the first line starts.

    Empty where the schema shows no example.
    """
    node = node_at(schema, where)
    shape = resolved(schema, node)
    words = shape.get("then", {}).get("examples")
    (value, *_) = node.get("examples") or shape.get("examples") or words or [None]
    if isinstance(value, list) and isinstance(value[0], Mapping):
        return f"- {_first_line(value[0])}"
    if isinstance(value, Mapping) and ("properties" not in shape or not _is_of_the_format(schema, where)):
        return _first_line(value)
    return "" if value is None or isinstance(where[-1], int) else f"{where[-1]}: {in_yaml(value)}"


def _is_of_the_format(schema: Schema, where: FieldPath) -> bool:
    """Whether a field's name is the format's own, and not one that the file's author chose."""
    return where[-1] in resolved(schema, node_at(schema, where[:-1])).get("properties", {})


def _first_line(block: Mapping[str, object]) -> str:
    return next(f"{name}: {in_yaml(value)}" for name, value in block.items())


def thing(schema: Schema, where: FieldPath) -> str:
    """What the block of fields at a place is: "this KPI", "this measure", or the field's own name, such as "edition"."""
    title: str = resolved(schema, node_at(schema, where)).get("title", "")
    if where and _is_of_the_format(schema, where):
        return field(where)
    return f"this {title if title.isupper() else title.lower()}"
