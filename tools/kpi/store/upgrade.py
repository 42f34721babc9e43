"""The version of the program that a repository asks for (`requires: ">=1.0,<2"`), and what an older one lacks.

Form 1 is the first that has a number. A later one adds its step here, and `tests/forms/` keeps a repository in each older form.
"""

import re
from collections.abc import Mapping
from operator import eq, ge, gt, le, lt, ne
from pathlib import Path
from typing import Any

from kpi import __version__
from kpi.model.errors import UserError
from kpi.store.files import UnreadableError, read_bytes
from kpi.store.paths import PLAN
from kpi.store.schema import NAMES, text_of

_PART = re.compile(r"(>=|<=|==|!=|<|>) ?([0-9]+(?:\.[0-9]+){0,2})")
_HOLDS = {">=": ge, "<=": le, "==": eq, "!=": ne, "<": lt, ">": gt}


def hold_requirement(values: Mapping[str, Any] | None, version: str = __version__) -> None:
    """Raise `UserError` if a plan asks for another version; its values are None where they couldn't be read."""
    wanted = (values or {}).get("requires")
    if not isinstance(wanted, str):
        return
    parts = _PART.findall(wanted)
    if all(_HOLDS[how](version_numbers(version), version_numbers(number)) for how, number in parts):
        return
    message = f"kpis/plan.yaml requires kpi {wanted}, and this is kpi {version}."
    raise UserError(f'{message} Install one that fits: pip install "kpi-as-code{wanted.replace(" ", "")}"')


def version_numbers(version: str) -> tuple[int, ...]:
    """A version as three numbers, by which versions are compared."""
    parts = [int(part) for part in re.findall(r"[0-9]+", version)[:3]]
    return (*parts, 0, 0)[:3]


_PINS = (
    ".pre-commit-config.yaml",
    *(f".github/workflows/{name}.yml" for name in ("check", "overdue", "publish")),
)
_SCHEMAS = {f"schema/{name}.schema.json": name for name in NAMES}
_FORM = 1
_PIN = re.compile(rb"(kpi-as-code==)([0-9][0-9a-z.]*)")


def upgraded(root: Path) -> dict[str, tuple[bytes, bytes]]:
    """The files that change, by path: what was read, and what to write.

    Raises `UserError` if the repository is for another version of the program, and what `rewritten` does.
    """
    changes = {}
    for path in (PLAN, *_PINS, *_SCHEMAS):
        try:
            before = read_bytes(root / path)
        except UnreadableError:
            continue  # whoever has none needs none; without a plan, lint says so
        if path == PLAN:
            after = _with_form(before)
        elif path in _PINS:
            after = _with_version(path, before)
        else:
            after = text_of(_SCHEMAS[path]).encode()
        if after != before:
            changes[path] = (before, after)
    return changes


def _with_version(path: str, data: bytes) -> bytes:
    for pin in _PIN.finditer(data):
        version = pin[2].decode()
        if version_numbers(version) > version_numbers(__version__):
            message = f"{path} installs kpi {version}, and this is kpi {__version__}."
            raise UserError(f'{message} Install that one first: pip install "kpi-as-code=={version}"')
    return _PIN.sub(rb"\g<1>" + __version__.encode(), data)


def _with_form(data: bytes) -> bytes:
    """The plan with the number of its form, as its first line."""
    from kpi.store.edit import rewritten
    from kpi.store.format.draft import put
    from kpi.store.reader import read_once

    values = read_once(data).document.values
    hold_requirement(values)
    form = (values or {}).get("format")
    if isinstance(form, int) and form > _FORM:
        message = f"{PLAN} has form {form}, and kpi {__version__} knows forms up to {_FORM}."
        raise UserError(f"{message} Install a later one: pip install --upgrade kpi-as-code")

    def add(plan: Any) -> None:
        if "format" not in plan:
            put(plan, "format", 1, before=plan)

    return rewritten(data, add)
