"""What jsonschema found, as plain records with their places, and the way to what the schema says of a place."""

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from kpi.model.finding import FieldPath, Problem
from kpi.model.period import APRIL
from kpi.model.text import HIDDEN, display, quoted
from kpi.store.yaml import MISREAD

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

Schema = Mapping[str, Any]

_MOST_SHOWN = 60  # characters of the user's text in a message


class FileSchema:
    """What a file should hold, and what its unknown fields were meant to be."""

    def __init__(self, schema: Schema, year_starts: int = APRIL) -> None:
        self.schema = schema
        self.year_starts = year_starts
        self.is_of_kpi = schema["title"] == "KPI"
        # The unknown fields of each block that has any, each with the field that it was probably meant to be.
        self.meant: dict[FieldPath, Mapping[str, str | None]] = {}
        self.emptied: set[FieldPath] = set()  # the fields whose lines are beside them and not below

    def misspelt(self, where: FieldPath, names: Iterable[str]) -> bool:
        """Whether one of these fields is at a place under a wrong name: then it isn't missing."""
        return not set(self.meant.get(where, {}).values()).isdisjoint(names)

    def form(self, pattern: str | None) -> str:
        """The name of the schema's definition that has this pattern; empty where none has."""
        definitions = self.schema["definitions"].items()
        return next((name for name, shape in definitions if pattern and shape.get("pattern") == pattern), "")

    def node(self, where: FieldPath) -> Schema:
        """The part of the schema that documents the field at a place; empty where there is none."""
        node = self.schema
        for step in where:
            shape = resolved(self.schema, node)
            named = next(iter(shape.get("patternProperties", {}).values()), shape.get("additionalProperties"))
            fields = shape.get("properties", {})
            inner = shape.get("items") if isinstance(step, int) else fields.get(step, named)
            node = inner if isinstance(inner, Mapping) else {}
        return node

    def shape(self, where: FieldPath) -> Schema:
        """The part of the schema that holds the demands on a place."""
        return resolved(self.schema, self.node(where))

    def fields(self, where: FieldPath) -> Mapping[str, Schema]:
        """The fields that the block at a place may have."""
        return dict(self.shape(where).get("properties", {}))

    def example(self, where: FieldPath) -> str:
        """How a field, or its first line, can look, such as `frequency: quarterly`; empty without an example."""
        node, shape = self.node(where), self.shape(where)
        words = shape.get("then", {}).get("examples")
        (value, *_) = node.get("examples") or shape.get("examples") or words or [None]
        is_list = isinstance(value, list) and isinstance(value[0], Mapping)
        is_chosen = "properties" not in shape or not self._is_of_the_format(where)
        if is_list or (isinstance(value, Mapping) and is_chosen):
            name, first = next(iter((value[0] if is_list else value).items()))
            return f"{'- ' if is_list else ''}{name}: {in_yaml(first)}"
        return "" if value is None or isinstance(where[-1], int) else f"{where[-1]}: {in_yaml(value)}"

    def like(self, where: FieldPath) -> str:
        """The end of a sentence: an example where the schema has one."""
        example = self.example(where)
        return f", for example: {example}" if example else "."

    def thing(self, where: FieldPath) -> str:
        """What the block at a place is: "this KPI", "this measure", or the field's own name."""
        if where and self._is_of_the_format(where):
            return field(where)
        title: str = self.shape(where).get("title", "")
        return f"this {title if title.isupper() else title.lower()}"

    def _is_of_the_format(self, where: FieldPath) -> bool:
        """Whether a field's name is the format's own, and not one that the file's author chose."""
        return where[-1] in self.fields(where[:-1])


def resolved(schema: Schema, node: Schema) -> Schema:
    """The part of the schema that holds a field's demands: behind its `$ref`, or behind its only `allOf`."""
    if "$ref" not in node and "type" not in node and len(node.get("allOf", ())) == 1:
        node = node["allOf"][0]
    reference = node.get("$ref")
    if reference is None:
        return node
    definition: Schema = schema["definitions"][reference.rpartition("/")[2]]
    return definition


class Fault(NamedTuple):
    """One demand of the schema that is not met."""

    keyword: str  # the schema's word for the demand, such as `required`; empty for a field that may not be there at all
    where: FieldPath
    value: Any  # what the file has there; where `on_key`, the name of the field
    wanted: Any  # what the schema says after its keyword
    shape: Schema  # the part of the schema that the keyword is in
    file: FileSchema
    on_key: bool = False  # the name is at fault, not what comes after it

    def problem(
        self, rule: str, message: str, advice: str, instead: str | None = None, *, name: str | None = None
    ) -> Problem:
        """A problem at the place of the fault, or at the name of a field in its block."""
        where = self.where if name is None else (*self.where, name)
        return Problem(rule, where, message, advice, instead, on_key=self.on_key or name is not None)

    def at_name(self, rule: str, message: str, advice: str) -> Problem:
        """A problem that is reported at the block's name, where it has one."""
        has_name = bool(self.where) and isinstance(self.where[-1], str)
        return Problem(rule, self.where, message, advice, on_key=has_name)

    @property
    def has_unknown_fields(self) -> bool:
        """Whether it is about fields that the format doesn't have; else names may be that are no dates or periods."""
        return self.keyword == "additionalProperties" and "properties" in self.shape


def faults(schema: Schema, values: Mapping[str, Any], year_starts: int = APRIL) -> list[Fault]:
    """All faults of the values against a schema whose patterns are Python's."""
    file = FileSchema(schema, year_starts)
    mistakes = []
    for error in _validator()(schema).iter_errors(values):
        on_key = "propertyNames" in error.relative_schema_path
        where = (*error.absolute_path, str(error.instance)) if on_key else (*error.absolute_path,)
        shape = error.schema if isinstance(error.schema, Mapping) else {}
        keyword, wanted = str(error.validator or ""), error.validator_value
        mistakes.append(Fault(keyword, where, error.instance, wanted, shape, file, on_key))
    return mistakes


@cache  # making it takes as long as explaining a file
def _validator() -> Any:
    from jsonschema import Draft7Validator
    from jsonschema.validators import extend

    usual, each = (Draft7Validator.VALIDATORS[word] for word in ("additionalProperties", "patternProperties"))

    def unknown_fields(validator: Any, wanted: Any, block: Any, shape: Schema) -> "Iterator[ValidationError]":
        """Also look behind unknown periods: a wrong figure behind a wrong period is reported at once."""
        yield from usual(validator, wanted, block, shape)
        if isinstance(block, Mapping):
            for behind in shape.get("patternProperties", {}).values():
                for name in strangers(block, shape):
                    if re.search("[0-9]", name):
                        yield from validator.descend(block[name], behind, path=name)

    def unlike_figures(validator: Any, wanted: Any, block: Any, shape: Schema) -> "Iterator[ValidationError]":
        """Look at one number for all: the schema sets no bounds to figures, and most of a file is figures."""
        for pattern, behind in wanted.items() if isinstance(block, Mapping) else ():
            named = re.compile(pattern).search
            numbers = {name for name, value in block.items() if type(value) in {int, Decimal} and named(name)}
            first = {name: block[name] for name in sorted(numbers)[:1]}
            is_wrong = any(True for _ in each(validator, {pattern: behind}, first, shape))
            others = {name: value for name, value in block.items() if is_wrong or name not in numbers}
            yield from each(validator, {pattern: behind}, others, shape)

    def is_whole(_: object, value: object) -> bool:
        """`4.0` is a whole number to the other validators, and to editors."""
        return type(value) is int or (isinstance(value, Decimal) and value == value.to_integral_value())

    checker = Draft7Validator.TYPE_CHECKER.redefine("integer", is_whole)
    more = {"additionalProperties": unknown_fields, "patternProperties": unlike_figures}
    return extend(Draft7Validator, more, type_checker=checker)  # type: ignore[no-untyped-call]


def strangers(block: Mapping[str, Any], shape: Schema) -> list[str]:
    """The names in a block that the schema doesn't know there, in the file's order."""
    known, patterns = shape.get("properties", {}), shape.get("patternProperties", {})
    return [key for key in block if key not in known and not any(re.search(p, key) for p in patterns)]


def shown(text: object) -> str:
    """The user's own text in quotation marks, on one line and not too long."""
    return quoted(" ".join(plain_text(text).split()), _MOST_SHOWN)


def write(instead: str | None, otherwise: str = "") -> str:
    """The advice to write something instead, on one line; other advice where there is nothing to write."""
    return f"Write: {display(' '.join(instead.split()), _MOST_SHOWN)}" if instead else otherwise


def plain_text(value: object) -> str:
    """A single value as files write it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def field(where: FieldPath) -> str:
    """The name of the field at a place, in quotation marks; for a list's item the list's name."""
    name = next((step for step in reversed(where) if isinstance(step, str)), "this file")
    return f'"{display(name, _MOST_SHOWN)}"'


_KINDS = ((bool, "true or false"), (str, "text"), (list, "a list"), (Mapping, "a block of fields"), (type(None), "nothing"))  # fmt: skip


def kind_of(value: object) -> str:
    """What a value is, in a word or two."""
    return next((words for kind, words in _KINDS if isinstance(value, kind)), "a number")


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
    return '"' + HIDDEN.sub(lambda hidden: f"\\U{ord(hidden[0]):08x}", escaped) + '"'
