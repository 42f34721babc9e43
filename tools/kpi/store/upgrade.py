"""What an older repository lacks: the form in the plan, this version's schemas, and this version where one is installed.

Form 1 is the first that has a number. A later one adds its step here, and `tests/forms/` keeps a repository in each older form.
"""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from kpi import __version__
from kpi.model.errors import UserError
from kpi.store.files import UnreadableError, read_bytes
from kpi.store.format.typed import put
from kpi.store.paths import PLAN
from kpi.store.reader import read_once
from kpi.store.requirement import hold_requirement, version_numbers
from kpi.store.rewrite import rewritten
from kpi.store.schema import NAMES, Name, text_of

_PINS = (
    ".pre-commit-config.yaml",
    ".github/workflows/check.yml",
    ".github/workflows/overdue.yml",
    ".github/workflows/publish.yml",
)
_FORM = 1
_PIN = re.compile(rb"(kpi-as-code==)([0-9][0-9a-z.]*)")


def upgraded(root: Path) -> dict[str, tuple[bytes, bytes]]:
    """The files that change, by path: what was read, and what to write.

    Raises:
        UserError: if the repository is for a later version of the program, or asks for another one.
        UnplacedError: if the plan can't be read as it is, or isn't written in a form that can be added to.
    """
    steps: dict[str, Callable[[bytes], bytes]] = {
        PLAN: _with_form,
        **{path: partial(_with_version, path) for path in _PINS},
    }
    for name in NAMES:
        steps[f"schema/{name}.schema.json"] = partial(_schema, name)
    changes = {}
    for path, step in steps.items():
        try:
            before = read_bytes(root / path)
        except UnreadableError:
            continue  # whoever has none needs none; without a plan, lint says so
        if (after := step(before)) != before:
            changes[path] = (before, after)
    return changes


def _with_version(path: str, data: bytes) -> bytes:
    for pin in _PIN.finditer(data):
        version = pin[2].decode()
        if version_numbers(version) > version_numbers(__version__):
            raise UserError(
                f"{path} installs kpi {version}, and this is kpi {__version__}. "
                f'Install that one first: pip install "kpi-as-code=={version}"'
            )
    return _PIN.sub(rb"\g<1>" + __version__.encode(), data)


def _schema(name: Name, before: bytes) -> bytes:
    del before
    return text_of(name).encode()


def _with_form(data: bytes) -> bytes:
    """The plan with the number of its form, as its first line."""
    values = read_once(data).document.values
    hold_requirement(values)
    form = (values or {}).get("format")
    if isinstance(form, int) and form > _FORM:
        raise UserError(
            f"{PLAN} has form {form}, and kpi {__version__} knows forms up to {_FORM}. "
            "Install a later one: pip install --upgrade kpi-as-code"
        )

    def add(plan: Any) -> None:
        if "format" not in plan:
            put(plan, "format", 1, before=plan)

    return rewritten(data, add)
