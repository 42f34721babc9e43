"""The hand-written documents, and what in them is made: what commands print, and tables that the code can tell.

- A block of ```console holds commands after `$ ` and what they print in the example repository of docs/kpi-file.md. A line
  `…` stands for any lines. In a block of ```console mistake (or guess, untidy, change) figures of the example are others;
  in one of ```console change the example as it was is committed before.
- A block of ```csv NAME is a table; the commands of the document find it under that name.
- Between `<!-- made: NAME -->` and `<!-- end -->` stands what `MADE` makes; a table keeps its first column.
"""

import contextlib
import io
import os
import re
import shlex
import tempfile
from collections.abc import Callable
from datetime import date
from functools import partial
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from pkgutil import iter_modules
from typing import NamedTuple
from unittest.mock import patch

import kpi.rules
import shapes
from kpi.__main__ import run
from kpi.human.period import explain_period
from kpi.lint.engine import lint
from kpi.lint.report import Report
from kpi.lint.reporters.github import markdown
from kpi.model.period import parse_period, span_words
from kpi.model.text import joined
from kpi.pages.markdown import inline, table
from kpi.rules.rule import Rule
from manual_pages import EXAMPLE
from repositories import committed

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
HANDWRITTEN = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    *sorted(DOCS.glob("*.md")),
    *sorted((DOCS / "rules").glob("*.md")),
]
TODAY = date(2025, 5, 15)
"""The day on which the commands are tried: 2024/25 has ended, and the example's next figure is not due yet."""

FIGURE = "      2023/24: {value: 86, marks: [provisional]}\n"
SLIPS = "April 24: 86%"
DISTURBED = {
    "mistake": ("2023/24: 12\n", "2023/24: 12 days\n"),
    "guess": ("2023/24: {value: 86, marks: [provisional]}", "2023/24: 86%"),
    "untidy": ("2023/24: 12\n", "2023/24:   12\n"),
    "change": (f"2022/23: 88\n{FIGURE}", "2022/23: 87\n      2023/24: 91\n"),
    "history": ("2023/24: {value: 86, marks: [provisional]}", "2023/24: 87"),
}
"""Kinds of ```console blocks, each with what is different in its example: a text and its replacement."""

_CONSOLE = re.compile(r"(?<=^```console)( \w+)?\n(.*?)(?=^```$)", re.MULTILINE | re.DOTALL)
_TABLE = re.compile(r"^```csv (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_BETWEEN = re.compile(r"(?<=<!-- made: )([a-z ]+) -->\n\n(.*?)\n\n(?=<!-- end -->)", re.DOTALL)


def example(folder: Path, old: str = "", new: str = "") -> Path:
    """The example repository, with one text of its files replaced by another."""
    for name, text in EXAMPLE.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text.replace(old, new) if old else text, encoding="utf-8", newline="\n")
    return folder


class Printed(NamedTuple):
    code: int
    text: str


def printed(command: str, folder: Path) -> Printed:
    """What a command prints in a folder, on stdout and stderr."""
    words = shlex.split(command)
    assert words[0] == "kpi", f"only kpi commands can be tried: {command}"
    raw = io.BytesIO()
    reported = io.TextIOWrapper(raw, encoding="utf-8", write_through=True)
    before = Path.cwd()
    try:
        os.chdir(folder)
        with (
            contextlib.redirect_stdout(reported),
            contextlib.redirect_stderr(reported),
            patch("kpi.cli.context.today", lambda: TODAY),
        ):
            code = run(words[1:])
    finally:
        os.chdir(before)
    return Printed(code, raw.getvalue().decode("utf-8"))


def disturbed(folder: Path, kind: str) -> Path:
    """The example as a kind of ```console block has it."""
    if kind == "change":
        committed(example(folder))
    if kind == "history":
        commit_on("2024-05-14", example(folder), "Figures for 2023/24")
    example(folder, *DISTURBED.get(kind, ("", "")))
    if kind == "history":
        commit_on("2024-09-17", folder, "2023/24 is final (return of September)")
    return folder


def commit_on(day: str, folder: Path, message: str) -> None:
    """Commit everything on a day, so that the commit has the same name wherever this runs."""
    moment = f"{day}T12:00:00+0000"
    with patch.dict(os.environ, {"GIT_COMMITTER_DATE": moment, "GIT_AUTHOR_DATE": moment}):
        committed(folder, message)


def renewed(text: str, folder: Path) -> str:
    """A guide with everything that is made in it made anew.

    Args:
        text: the guide as it stands.
        folder: an empty folder to try the commands in.
    """
    numbers = iter(range(1000))

    def console(actual: re.Match[str]) -> str:
        root = disturbed(folder / str(next(numbers)), (actual[1] or "").strip())
        for name, rows in _TABLE.findall(text):
            (root / name).write_text(rows, encoding="utf-8", newline="\n")
        return f"{actual[1] or ''}\n{_tried(actual[2], root)}"

    def made(actual: re.Match[str]) -> str:
        return f"{actual[1]} -->\n\n{MADE[actual[1]](actual[2])}\n\n"

    return _BETWEEN.sub(made, _CONSOLE.sub(console, text))


def _tried(block: str, folder: Path) -> str:
    """A block of commands with what they print; what was shortened stays so while it is true."""
    lines = []
    code = 0
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        if command == "echo $?":
            reported = f"{code}\n"
        else:
            code, reported = printed(command, folder)
        lines.append(f"$ {command}\n{shown if fits(reported, shown) else shortened(reported, shown)}")
    return "".join(lines)


def fits(text: str, shown: str) -> bool:
    """Whether a text is what is shown, with `…` standing for any lines."""
    pieces = [
        r"(?:.*\n)*?" if line.strip() == "…" else re.escape(line) for line in shown.splitlines(keepends=True)
    ]
    return re.fullmatch("".join(pieces), text) is not None


def shortened(text: str, shown: str) -> str:
    """A new text, cut where the one that was shown was: between the same lines, as far as these are still there."""
    lines = text.splitlines(keepends=True)
    kept: list[str] = []
    start = 0
    pieces = [piece.splitlines(keepends=True) for piece in re.split(r"^ *…\n", shown, flags=re.MULTILINE)]
    for before, after in pairwise(pieces):
        try:
            cut = lines.index(before[-1], start) + 1 if before else start
            following = lines.index(after[0], cut) if after else len(lines)
        except ValueError:
            continue
        kept += [*lines[start:cut], "…\n"]
        start = following
    return "".join([*kept, *lines[start:]])


# What is made.


def first_column(old: str) -> list[str]:
    """The code in the first cell of each row."""
    return [match[1] for match in re.finditer(r"^\| `([^`]*)`", old, re.MULTILINE)]


def _periods(old: str) -> str:
    rows = []
    for text in first_column(old):
        actual = parse_period(text)
        rows.append((f"`{text}`", span_words(*actual.interval)))
    return table(("Write", "It means"), rows)


def _refused_periods(old: str) -> str:
    return table(("Not like this", "But"), [(f"`{text}`", instead(text)) for text in first_column(old)])


def instead(text: str) -> str:
    """What to write instead of a text that is not a period, as a table cell."""
    meant = explain_period(text)
    return joined([f"`{replacement}`" for replacement in meant.replacements], "or") or inline(meant.help)


def _mistakes(old: str) -> str:
    """Lines typed below a figure of the example, and what the check says of each."""
    return table(
        ("You wrote", "The check says"), [(f"`{line}`", inline(answer(line))) for line in first_column(old)]
    )


def answer(line: str) -> str:
    (finding, *_) = checked(line).findings
    return f"{finding.message} {finding.help}".strip()


def checked(line: str) -> Report:
    """What lint says of the example with a line below one of its figures."""
    with tempfile.TemporaryDirectory() as folder:
        return lint(example(Path(folder), FIGURE, f"{FIGURE}      {line}\n"), TODAY)


def _slips(_: str) -> str:
    """What the summary of the check says, without its headings."""
    return re.sub(r"^#+ .*\n\n", "", markdown(checked(SLIPS)), flags=re.MULTILINE).rstrip("\n")


def _families(_: str) -> str:
    """The files with rules, each with its codes and the first sentence of its docstring."""
    rows = []
    for module in (import_module(f"kpi.rules.{item.name}") for item in iter_modules(kpi.rules.__path__)):
        declared = [value for value in vars(module).values() if isinstance(value, Rule)]
        declared += getattr(module, "RAISED", ())
        codes = sorted({f"{rule.code[3]}xx" for rule in declared})
        about = (module.__doc__ or "").partition(": ")[2].partition(". ")[0].strip().rstrip(".")
        if codes:
            rows.append(
                (
                    ", ".join(codes),
                    f"`{module.__name__.replace('.', '/').replace('kpi/', 'tools/kpi/', 1)}.py`",
                    about,
                )
            )
    return table(("Codes", "File", "About"), sorted(rows))


def _tables(name: str, _: str) -> str:
    """The tables of a JSON document, from its schema."""
    return shapes.tables(name)


MADE: dict[str, Callable[[str], str]] = {
    "periods": _periods,
    "refused periods": _refused_periods,
    "mistakes": _mistakes,
    "slips": _slips,
    "families": _families,
    **{f"shape of {name}": partial(_tables, name) for name in (*shapes.SHAPES, shapes.PARTS)},
}
