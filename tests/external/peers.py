"""The checkers that docs/evidence/compared.md compares, each set up as its own documentation recommends, and what each says of a file."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from external.planted import DAY, FILES, MISTAKES, Planted, written
from kpi.lint.engine import lint
from kpi.store.reader import read

ROOT = Path(__file__).parent.parent.parent
NPM = Path(sys.prefix) / "npm/node_modules"

YAMLLINT = """\
extends: default
rules:
  document-start: disable
  line-length: disable
  anchors: {forbid-unused-anchors: true}
  empty-values: enable
  float-values: {forbid-nan: true, forbid-inf: true, forbid-scientific-notation: true}
  octal-values: enable
"""
"""The default rules but for two that speak of every file here, and those beyond them that catch mistakes in figures."""


class Said(NamedTuple):
    """One thing that a checker says of a file; `line` is 0 where it names none."""

    line: int
    words: str


class Answer(NamedTuple):
    """What a checker makes of one mistake."""

    anywhere: bool
    at_line: bool
    said: Said | None


Names = Mapping[str, Sequence[str]]
"""The names of files without their ending, by kind: kpi or plan."""
Checker = Callable[[Path, Names], Mapping[str, Sequence[Said]]]
"""Checks `<name>.yaml` in a folder, and the schemas' files beside them; gives what is said, by name."""


def npm_program(name: str) -> str | None:
    """A program that make test-external installed, or None."""
    return shutil.which(name, path=str(NPM / ".bin"))


def planted_names() -> Names:
    """The names of the planted files, and of the good ones, by kind."""
    return {
        kind: [kind, *(f"m{n}" for n, each in enumerate(MISTAKES) if each.kind == kind)] for kind in FILES
    }


def kpi_lint(folder: Path, _: Names) -> dict[str, list[Said]]:
    """`kpi lint`, in a repository for each mistake, because it looks at the plan and the files together."""
    said = {}
    for number, mistake in enumerate(MISTAKES):
        root = folder / f"repository-{number}"
        written(root, mistake)
        findings = lint(root, date(*DAY)).findings
        said[f"m{number}"] = [Said(item.line, f"{item.message} {item.help}".strip()) for item in findings]
    return said


def check_jsonschema(folder: Path, kinds: Names) -> dict[str, list[Said]]:
    """check-jsonschema gives the field's path instead of a line; the line is that of the field, to be fair."""
    said: dict[str, list[Said]] = {}
    for kind, names in kinds.items():
        output = _output(
            [sys.executable, "-m", "check_jsonschema", "--output-format", "json"],
            ["--schemafile", f"{kind}.schema.json", *(f"{name}.yaml" for name in names)],
            folder,
        )
        answer = json.loads(output)
        for item in answer.get("errors", ()):
            best = item.get("best_deep_match") or item.get("best_match") or item
            name = Path(item["filename"]).stem
            said.setdefault(name, []).append(
                Said(_line(folder / item["filename"], best["path"]), best["message"])
            )
        for item in answer.get("parse_errors", ()):
            line = re.search(r"line (\d+)", item["message"])
            said.setdefault(Path(item["filename"]).stem, []).append(
                Said(int(line[1]) if line else 0, item["message"])
            )
    return said


def _line(file: Path, path: str) -> int:
    """The line of the field that a path such as `$.measures['in-time'].targets[0]` leads to."""
    steps = [
        int(number) if number else quoted or plain
        for quoted, number, plain in re.findall(
            r"\['([^']*)'\]|\[(\d+)\]|\.([^.\[]+)", path.removeprefix("$")
        )
    ]
    return read(file.read_bytes()).span(tuple(steps), on_key=True).line


def yamllint(folder: Path, kinds: Names) -> dict[str, list[Said]]:
    """yamllint, which knows YAML but no KPI."""
    (folder / ".yamllint").write_text(YAMLLINT, encoding="utf-8")
    names = [f"{name}.yaml" for names in kinds.values() for name in names]
    output = _output([sys.executable, "-m", "yamllint", "-f", "parsable"], names, folder)
    said: dict[str, list[Said]] = {}
    for name, line, words in re.findall(r"^([\w-]+)\.yaml:(\d+):\d+: \[\w+\] (.*)$", output, re.MULTILINE):
        said.setdefault(name, []).append(Said(int(line), words))
    return said


def spectral(folder: Path, kinds: Names) -> dict[str, list[Said]]:
    """Spectral with a rule that holds each file against its schema, beside its own reading of YAML.

    To its validator `errorMessage` means other words than to editors: it would lose the line. So they are left out.
    """
    said: dict[str, list[Said]] = {}
    for kind, names in kinds.items():
        schema = _without(
            json.loads((folder / f"{kind}.schema.json").read_text(encoding="utf-8")), "errorMessage"
        )
        options = {"schema": schema, "allErrors": True}
        then = {"function": "schema", "functionOptions": options}
        rule = {"severity": "error", "given": "$", "message": "{{error}}", "then": then}
        ruleset = folder / f"{kind}.ruleset.json"
        ruleset.write_text(json.dumps({"rules": {"kpi": rule}}), encoding="utf-8")
        output = _output(
            [npm_program("spectral") or "spectral", "lint", "--quiet", "--ignore-unknown-format"],
            ["--format", "json", "--ruleset", ruleset.name, *(f"{name}.yaml" for name in names)],
            folder,
        )
        for item in json.loads(output[output.index("[") :]):
            said.setdefault(Path(item["source"]).stem, []).append(
                Said(item["range"]["start"]["line"] + 1, item["message"])
            )
    return said


def _without(value: Any, word: str) -> Any:
    if isinstance(value, dict):
        return {key: _without(each, word) for key, each in value.items() if key != word}
    return [_without(item, word) for item in value] if isinstance(value, list) else value


def _output(command: list[str], arguments: list[str], folder: Path) -> str:
    done = subprocess.run(
        [*command, *arguments], cwd=folder, capture_output=True, encoding="utf-8", check=False, timeout=300
    )
    assert done.stdout or done.returncode == 0, done.stderr
    return done.stdout


def spectral_version() -> str:
    """Spectral's version."""
    about = json.loads((NPM / "@stoplight/spectral-cli/package.json").read_text(encoding="utf-8"))
    return str(about["version"])


CHECKERS: dict[str, Checker] = {
    "kpi lint": kpi_lint,
    "check-jsonschema": check_jsonschema,
    "Spectral": spectral,
    "yamllint": yamllint,
}
VERSIONS: dict[str, Callable[[], str]] = {
    "kpi lint": lambda: version("kpi-as-code"),
    "check-jsonschema": lambda: version("check-jsonschema"),
    "Spectral": spectral_version,
    "yamllint": lambda: version("yamllint"),
}


def with_schemas(folder: Path) -> Path:
    """The folder with the schemas in it."""
    for kind in FILES:
        shutil.copy(ROOT / "schema" / f"{kind}.schema.json", folder)
    return folder


def prepared(folder: Path) -> Path:
    """A folder with every planted file, the good ones, and the schemas."""
    with_schemas(folder)
    for kind, (_, good) in FILES.items():
        (folder / f"{kind}.yaml").write_text(good, encoding="utf-8", newline="\n")
    for number, mistake in enumerate(MISTAKES):
        (folder / f"m{number}.yaml").write_text(mistake.text, encoding="utf-8", newline="\n")
    return folder


def answer(mistake: Planted, said: Sequence[Said]) -> Answer:
    """How good an answer is; of several things said, the one nearest to the mistake is shown."""
    right = [item for item in said if item.line in {mistake.line, *mistake.lines}]
    return Answer(bool(said), bool(right), next(iter([*right, *said]), None))
