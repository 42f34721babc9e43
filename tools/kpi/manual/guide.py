"""The format of the files, field by field, from their schemas."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from kpi.model.text import joined
from kpi.pages.markdown import code

Schema = Mapping[str, Any]  # a part of a schema: what one value must be


KPI_CHAPTERS = {
    "": "The KPI",
    "definitions/measure": "A measure",
    "definitions/figure": "A figure",
    "definitions/figure/properties/marks/items": "Marks",
    "definitions/unit": "Unit",
    "definitions/kind": "Kind",
    "definitions/compare": "Compare",
    "definitions/aim": "Aim",
    "definitions/better": "Better",
    "definitions/target": "A target",
    "definitions/bound": "Another figure as the bound",
    "definitions/reference": "A reference",
    "definitions/trigger": "A trigger",
    "definitions/derived": "A derived measure",
    "definitions/check": "A check",
    "definitions/no_figures": "No figures",
    "definitions/no_figures/properties/because": "Reasons for no figures",
}
PLAN_CHAPTERS = {
    "": "The plan",
    "properties/compare": "Compare",
    "definitions/licence": "A licence",
    "properties/edition": "The edition",
    "definitions/priority": "A priority",
    "definitions/objective": "An objective",
    "definitions/area": "An area",
    "definitions/source": "A source",
    "properties/status": "Statuses",
    "properties/status/properties/amber": "Amber",
    "properties/status/properties/words": "Words for statuses",
}
"""The parts of a schema that have a chapter, the whole first, each with its heading."""
_ABOUT = {
    "Marks": "A figure may have several. The last three replace a number.",
    "Another figure as the bound": "A bound may be taken from the measure's own figures: less_than with {period: 2019/20}.",
}
"""What opens a chapter if the schema doesn't describe the part."""

_PIECE = re.compile(r"\{[^{}]*\}|\b[a-z]+_[a-z]+\b|\b[a-z]+:(?=[.,;]|$)|\bkpis/(?:[a-z]+\.yaml)?|\bhttps://")
"""A piece of a file in a schema's description: `{near: 1}`, `at_least`, `note:`."""

_QUOTED = re.compile(
    r"""^$|^[\s,\[\]{}#&*!|>'"%@`]|^[?:-](?:\s|$)|: |:$| #|\s$"""
    r"|^(?:yes|no|on|off|y|n|true|false|null|~|[-+]?[0-9]+(?:\.[0-9]+)?)$",
    re.IGNORECASE,
)
_QUOTED_INSIDE = re.compile(r"[,\[\]{}]")
"""Text that needs quotation marks: anywhere, or inside braces or brackets."""


class Field(NamedTuple):
    """One field: what it is, examples as they are written in a file, and whether it is needed.

    `choices` are the words it can take, if they have no chapter of their own; `chapter` is the heading of the chapter about it.
    `needed` is yes, no, "one of these", or what makes it needed, as Markdown.
    """

    name: str
    meaning: str
    examples: tuple[str, ...]
    needed: str
    choices: tuple[str, ...] = ()
    chapter: str = ""


class Section(NamedTuple):
    """A chapter of the manual: words with their meanings, fields, and how the fields combine."""

    heading: str
    about: str
    words: tuple[tuple[str, str], ...]
    fields: tuple[Field, ...]
    together: tuple[str, ...]


def sections(schema: Schema, chapters: Mapping[str, str]) -> tuple[Section, ...]:
    """The chapters with what the schema says of each."""
    made = []
    for part, title in chapters.items():
        block = _at(schema, part)
        names = block.get("properties", {})
        fields = (_field(schema, block, f"{part}/properties/{name}".lstrip("/"), chapters) for name in names)
        about, chosen = block.get("description", _ABOUT.get(title, "")), block.get("then", block)
        words = zip(chosen.get("enum", ()), chosen.get("enumDescriptions", ()), strict=False)
        made.append(Section(title, about, tuple(words), tuple(fields), tuple(_together(block))))
    return tuple(made)


def _at(schema: Schema, part: str) -> Schema:
    block: Schema = schema
    for step in filter(None, part.split("/")):
        block = block[step]
    return block


def examples_of(block: Schema) -> tuple[Any, ...]:
    """A field's examples. For a word or a block the schema has them beside the words, because editors explain those."""
    return tuple(block.get("examples", block.get("then", {}).get("examples", ())))


def _field(schema: Schema, holder: Schema, part: str, headings: Mapping[str, str]) -> Field:
    name = part.rpartition("/")[2]
    written = _at(schema, part)
    block = {**_at(schema, written["$ref"][2:]), **written} if "$ref" in written else written
    chapter = next(iter(_chapters(schema, written, part, headings)), "")
    examples = tuple(f"{name}: {_flow(example)}" for example in examples_of(block))
    choices = () if chapter else tuple(block.get("enum", ()))
    return Field(name, block.get("description", ""), examples, _needed(holder, name), choices, chapter)


def _chapters(schema: Schema, block: Schema, part: str, headings: Mapping[str, str]) -> Iterator[str]:
    """The headings of the chapters about a value or what it holds, the nearest first."""
    if part in headings:
        yield headings[part]
        return
    if "$ref" in block:
        there = block["$ref"].removeprefix("#/")
        yield from _chapters(schema, _at(schema, there), there, headings)
    inside = [(f"{part}/{word}", block.get(word)) for word in ("items", "additionalProperties")]
    others = (*block.get("allOf", ()), *block.get("patternProperties", {}).values())
    for place, inner in (*inside, *((part, other) for other in others)):
        if isinstance(inner, Mapping):
            yield from _chapters(schema, inner, place, headings)


def _needed(holder: Schema, name: str) -> str:
    if name in holder.get("required", ()):
        return "yes"
    if any(name in choice["required"] for word in ("oneOf", "anyOf") for choice in holder.get(word, ())):
        return "one of these"
    when = [f"with {code(other)}" for other, needs in holder.get("dependencies", {}).items() if name in needs]
    cases = (case for case in holder.get("allOf", ()) if name in case.get("then", {}).get("required", ()))
    return joined([*when, *(_condition(case["if"]) for case in cases)], "or") or "no"


def _condition(block: Schema) -> str:
    """When a condition of the schema holds, in words: "with `because: in-words`", "without `value`"."""
    if "not" in block:
        absent = [name for choice in block["not"]["anyOf"] for name in choice["required"]]
        return f"without {joined(map(code, absent), 'and')}"
    for name, field in block.get("properties", {}).items():
        if field and "const" in field:
            return f"with {code(name + ': ' + field['const'])}"
        if field and "contains" in field:
            return f"with the mark {code(field['contains']['const'])}"
    return f"with {joined(map(code, block['required']))}"


def _together(block: Schema) -> Iterator[str]:
    for word, how in (("oneOf", "Exactly one of"), ("anyOf", "At least one of")):
        names = [name for choice in block.get(word, ()) for name in choice["required"]]
        if names:
            yield f"{how} {joined(map(code, names))} is needed."
    apart = block.get("not", {}).get("required", ())
    if apart:
        yield f"{joined(map(code, apart))} exclude each other."


def _flow(value: Any, *, nested: bool = False) -> str:
    """A value as it is written on one line of a file."""
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}: {_flow(inner, nested=True)}' for key, inner in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(_flow(inner, nested=True) for inner in value)}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    if isinstance(value, str) and (_QUOTED.search(text) or (nested and _QUOTED_INSIDE.search(text))):
        return f'"{text}"'
    return text


def quote_pieces(text: str) -> str:
    """A schema's text as Markdown, with pieces of files between backticks."""
    return _PIECE.sub(r"`\g<0>`", text)
