"""The shapes of the JSON documents, from `schema/output/`: what holds a document to its shape, and the tables of docs/formats.md."""

import json
from collections.abc import Container, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from jsonschema_rs import Draft202012Validator, Registry

from kpi.model.text import joined
from kpi.pages.markdown import code, link, table

OUTPUT = Path(__file__).parent.parent / "schema/output"
SHAPES = ("lint", "breaches", "list", "overdue", "history", "diff", "export")
PARTS = "parts"

Schema = Mapping[str, Any]


@cache
def schema(name: str) -> Schema:
    """One of the schemas as values."""
    values: Schema = json.loads((OUTPUT / f"{name}.schema.json").read_text(encoding="utf-8"))
    return values


@cache
def validator(name: str) -> Draft202012Validator:
    """What holds a document to its schema, with the parts that several share."""
    shared = Registry([("parts.schema.json", dict(schema(PARTS)))])
    return Draft202012Validator(dict(schema(name)), registry=shared)


def faults(name: str, document: object) -> list[str]:
    """What of a document doesn't fit its schema; empty where all does."""
    return [
        f"{error.instance_path}: {error.message[:300]}" for error in validator(name).iter_errors(document)
    ]


class Place(NamedTuple):
    """A part of a schema, with the file that it stands in: references without a file are to that."""

    file: str
    block: Schema

    def inside(self, *steps: str) -> "Place":
        """What stands further in, at the end of a reference where there is one."""
        block: Any = self.block
        for step in steps:
            block = block[step]
        return Place(self.file, block).resolved()

    def resolved(self) -> "Place":
        """What a reference is to; also of one that may be null."""
        for block in (self.block, *self.block.get("anyOf", ())):
            if "$ref" in block:
                file, _, where = block["$ref"].partition("#/")
                file = file.partition(".")[0] or self.file
                return Place(file, schema(file)).inside(*where.split("/"))
        return self


def seen(name: str, document: object) -> Iterator[tuple[str, str]]:
    """The keys of a document that hold something, each with the object that it stands in, as `keys` names them."""
    yield from _seen(Place(name, schema(name)), document)


def _seen(at: Place, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, list):
        for item in value:
            yield from _seen(at.inside("items"), item)
    elif isinstance(value, dict):
        known = at.block.get("properties", {})
        for key, item in value.items():
            if key in known:
                if item not in (None, [], {}):
                    yield _name_of(at), key
                yield from _seen(at.inside("properties", key), item)
            elif isinstance(at.block.get("additionalProperties"), Mapping):
                yield from _seen(at.inside("additionalProperties"), item)


def keys() -> Iterator[tuple[str, str]]:
    """Every key that a document may have, each with the object that it stands in: "export kpis[]", "parts target"."""
    for name in (*SHAPES, PARTS):
        for title, at in objects(name):
            for key in at.block["properties"]:
                yield f"{name} {title}", key


@cache
def _names() -> dict[int, str]:
    return {id(at.block): f"{name} {title}" for name in (*SHAPES, PARTS) for title, at in objects(name)}


def _name_of(at: Place) -> str:
    return _names()[id(at.block)]


@cache
def objects(name: str) -> list[tuple[str, Place]]:
    """The objects of a document, each once, with the first path that leads to it, and those of the parts by their names."""
    if name == PARTS:
        return [(part, Place(PARTS, schema(PARTS)).inside("$defs", part)) for part in schema(PARTS)["$defs"]]
    known: dict[int, tuple[str, Place]] = {}
    _collect(Place(name, schema(name)), "", known)
    return list(known.values())


def _collect(at: Place, path: str, known: dict[int, tuple[str, Place]]) -> None:
    if id(at.block) in known or at.file == PARTS:
        return
    if "properties" in at.block:
        known[id(at.block)] = path, at
    for key in at.block.get("properties", {}):
        _collect(at.inside("properties", key), f"{path}.{key}".lstrip("."), known)
    for word in ("items", "additionalProperties"):
        if isinstance(at.block.get(word), Mapping):
            _collect(at.inside(word), f"{path}[]", known)


# The tables of the guide.

_SEVERAL = "#what-several-documents-hold"
_OF_THE_PLAN = {"edition", "priorities[]", "areas[]", "sources[]", "status"}


def tables(name: str) -> str:
    """The outer keys of one document. The schemas say what lies further inside, and the plan's guide what is the plan's."""
    if name == PARTS:
        rows = [(code(title), at.block.get("description", "")) for title, at in objects(name)]
        return table(("Part", "What it is"), rows)
    known = {row for other in SHAPES[: SHAPES.index(name)] for _, at in _outer(other) for row in _rows(at)}
    return "\n\n".join(_section(title, at, known) for title, at in _outer(name))


def _outer(name: str) -> list[tuple[str, Place]]:
    return [(title, at) for title, at in objects(name) if "." not in title and title not in _OF_THE_PLAN]


def _rows(at: Place) -> list[tuple[str, str]]:
    return [(code(key), _meaning(at, key)) for key in at.block["properties"]]


def _section(title: str, at: Place, known: Container[tuple[str, str]]) -> str:
    """A heading and a table; keys that an earlier document has with the same meaning are only named."""
    rows = _rows(at)
    again = [key for key, meaning in rows if (key, meaning) in known]
    blocks = [f"### {code(title) if title else 'The whole'}"]
    blocks += [at.block.get("description", "")] if title else []
    blocks.append(table(("Key", "What it is"), [row for row in rows if row not in known]))
    blocks += [f"Also {joined(again, 'and')}, as above."] if again else []
    return "\n\n".join(filter(None, blocks))


def _meaning(at: Place, key: str) -> str:
    block = at.block["properties"][key]
    parts = [block["description"]]
    if "const" in block:
        parts = [f"{parts[0].rstrip('.')}: {block['const']}."]
    words = [word for word in block.get("enum", block.get("items", {}).get("enum", ())) if word is not None]
    if words:
        parts.append(f"{'One of' if len(words) > 1 else 'Always'} {joined(map(code, words), 'or')}.")
    if "$comment" in block:
        where = block["$comment"].removeprefix("docs/")
        parts.append(f"See {link(_called(where), where)}.")
    inside = at.inside("properties", key)
    item = inside.inside("items") if "items" in inside.block else inside
    if item.file == PARTS and "properties" in item.block:
        (name,) = [part for part, block in schema(PARTS)["$defs"].items() if block is item.block]
        parts.append(f"See {link(name, _SEVERAL)}.")
    return " ".join(parts)


def _called(where: str) -> str:
    """What a link to a heading of another page says: "The day"."""
    page, _, anchor = where.partition("#")
    return (anchor or page.removesuffix(".md")).replace("-", " ").capitalize()
