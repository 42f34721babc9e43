"""What the explaining validator found, as plain records with their places."""

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from kpi.model.finding import FieldPath
from kpi.store.explain.words import Schema

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError
    from jsonschema.protocols import Validator


class Fault(NamedTuple):
    """One demand of the schema that is not met.

    Attributes:
        keyword: the schema's word for the demand, such as `required`; empty for a field that may not be there at all.
        where: the place of `value`.
        value: what the file has there; where `on_key`, the name of the field.
        wanted: what the schema says after its keyword.
        shape: the part of the schema that the keyword stands in.
        on_key: the name is at fault, not what stands behind it.
    """

    keyword: str
    where: FieldPath
    value: Any
    wanted: Any
    shape: Schema
    on_key: bool = False


class About(NamedTuple):
    """What an explanation may need beside the fault.

    Attributes:
        schema: the whole schema.
        year_starts: the month in which the financial year starts.
        meant: for every block of fields with unknown ones: their names, each with the field it was probably meant to be.
    """

    schema: Schema
    year_starts: int
    meant: Mapping[FieldPath, Mapping[str, str | None]]

    def misspelt(self, where: FieldPath, names: Iterable[str]) -> bool:
        """Whether one of these fields stands at a place under a wrong name: then it isn't missing."""
        return not set(self.meant.get(where, {}).values()).isdisjoint(names)


def for_python(schema: Any) -> Any:
    """The schema with patterns that mean in Python what they mean elsewhere: `$` also matches before a last line break."""
    if isinstance(schema, list):
        return [for_python(item) for item in schema]
    if not isinstance(schema, Mapping):
        return schema
    copy = {key: for_python(value) for key, value in schema.items()}
    if isinstance(copy.get("pattern"), str):
        copy["pattern"] = _to_the_end(copy["pattern"])
    if "patternProperties" in copy:
        copy["patternProperties"] = {
            _to_the_end(key): value for key, value in copy["patternProperties"].items()
        }
    return copy


def _to_the_end(pattern: str) -> str:
    return pattern[:-1] + r"\Z" if pattern.endswith("$") else pattern


def validator(schema: Schema) -> "Validator":
    """The explaining validator for a schema that went through `for_python`."""
    made: Validator = _kind_of_validator()(schema)
    return made


@cache  # making it takes as long as explaining a file
def _kind_of_validator() -> Any:
    from jsonschema import Draft7Validator
    from jsonschema.validators import extend

    checker = Draft7Validator.TYPE_CHECKER.redefine("integer", lambda _, value: _is_whole(value))
    return extend(Draft7Validator, type_checker=checker)  # type: ignore[no-untyped-call]


def _is_whole(value: object) -> bool:
    """`4.0` is a whole number to the other validators, and to editors."""
    if isinstance(value, bool):
        return False
    return isinstance(value, int) or (isinstance(value, Decimal) and value == value.to_integral_value())


def faults(schema: Schema, values: Mapping[str, Any]) -> list[Fault]:
    """All faults of the values against a schema that went through `for_python`."""
    explaining = validator(schema)
    return list(_found(explaining, explaining.iter_errors(values), ()))


def _found(explaining: "Validator", errors: "Iterable[ValidationError]", base: FieldPath) -> Iterator[Fault]:
    for error in errors:
        fault = _fault(error, base)
        yield fault
        if fault.keyword == "additionalProperties" and "patternProperties" in fault.shape:
            (behind,) = fault.shape["patternProperties"].values()
            for key in strangers(fault):
                # Validators don't look behind a name they don't know; a wrong figure behind a wrong period is told at once.
                if re.search("[0-9]", key):
                    inner = explaining.evolve(schema=behind).iter_errors(fault.value[key])
                    yield from _found(explaining, inner, (*fault.where, key))


def _fault(error: "ValidationError", base: FieldPath) -> Fault:
    where = (*base, *error.absolute_path)
    on_key = "propertyNames" in error.relative_schema_path
    return Fault(
        str(error.validator or ""),
        (*where, str(error.instance)) if on_key else where,
        error.instance,
        error.validator_value,
        error.schema if isinstance(error.schema, Mapping) else {},
        on_key,
    )


def strangers(fault: Fault) -> list[str]:
    """The fields that an `additionalProperties` fault is about, in the file's order."""
    known, patterns = fault.shape.get("properties", {}), fault.shape.get("patternProperties", {})
    return [key for key in fault.value if key not in known and not any(re.search(p, key) for p in patterns)]
