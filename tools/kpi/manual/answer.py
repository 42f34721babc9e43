"""What `kpi explain` answers: the blocks that answers are made of, as text for the terminal, and what is said of a rule.

`tests/manual_pages.py` makes pages of the same blocks.
"""

import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from typing import NamedTuple

from kpi import RELEASED_FROM, __version__
from kpi.model.finding import ERROR, OFF, WARNING
from kpi.model.text import display
from kpi.rules.rule import SAFE, UNSAFE, Rule

HOME = "https://example.org/kpi-as-code"  # until this project has one; in pyproject.toml, too


def address_of(path: str, released: str = RELEASED_FROM) -> str:
    """The address of a page of the program's repository, at this release's commit or the version's tag."""
    repository, _, commit = released.partition("@")
    home = f"https://github.com/{repository}" if repository else HOME
    return f"{home}/blob/{commit or f'v{__version__}'}/{path}"


WIDTH = 80  # characters a line in the terminal; code keeps its lines

_INDENT = "  "
_LONGEST = 400
READ_ON = "Read on"
_IN_CODE = re.compile(r"`[^`]*`")


class Heading(NamedTuple):
    """The heading of what follows."""

    words: str


class Quote(NamedTuple):
    """What a program says, word for word."""

    words: str


class Code(NamedTuple):
    """A piece of a file, or a list of files, as it is. `language` is what colours it on a page."""

    lines: str
    language: str = "yaml"


class Facts(NamedTuple):
    """Short facts, each with its name."""

    rows: tuple[tuple[str, str], ...]


class Words(NamedTuple):
    """Words with what they mean."""

    rows: tuple[tuple[str, str], ...]


class Guides(NamedTuple):
    """Further reading, with its heading: titles with their paths, from the root."""

    links: tuple[tuple[str, str], ...]


Block = str | Heading | Quote | Code | Facts | Words | Guides
"""A text is a paragraph of our own, with pieces of files and commands between backticks."""


def as_text(title: str, blocks: Iterable[Block], at: Callable[[str], str] = str) -> str:
    """The blocks as plain text with a title, safe to print; `at` says where a page is, by its path from the root."""
    return "\n\n".join([title, *(_in_terminal(block, at) for block in blocks)]) + "\n"


def _in_terminal(block: Block, at: Callable[[str], str]) -> str:  # noqa: PLR0911 -- a case for each block
    match block:
        case Heading(words):
            return f"{words}:"
        case str():
            return _filled(block)
        case Quote(words):
            return _filled(display(words, _LONGEST * 2), _INDENT * 2, _INDENT * 2)
        case Code(lines):
            return textwrap.indent(safe(lines), _INDENT * 2)
        case Facts(rows):
            return "\n".join(f"{name}: {fact}" for name, fact in rows)
        case Words(rows):
            widest = max((len(word) for word, _ in rows), default=0)
            indent = " " * (len(_INDENT) + widest + 2)
            return "\n".join(_filled(text, f"{_INDENT}{word:<{widest}}  ", indent) for word, text in rows)
        case Guides(links):
            return "\n".join([f"{READ_ON}:", *(f"{_INDENT}{at(path)}" for _, path in links)])


def _filled(text: str, first: str = "", others: str = "") -> str:
    wrapper = textwrap.TextWrapper(WIDTH, first, others, break_long_words=False, break_on_hyphens=False)
    return wrapper.fill(_IN_CODE.sub(lambda match: match.group().replace(" ", "\0"), text)).replace("\0", " ")


def safe(lines: str) -> str:
    """Lines of code with what can't be seen shown by its number."""
    return "\n".join(display(line, _LONGEST) for line in lines.rstrip("\n").split("\n"))


# What is said of a rule

Files = Mapping[str, str]  # texts by their path from the repository's root
_NONE: Files = {}


class Example(NamedTuple):
    """The example files of a rule, and lint's findings in the bad ones; all empty for a rule that no file can show.

    `fixed` is the bad ones after the rule's fix. For a rule about changes, `before` is the earlier version of both.
    """

    bad: Files = _NONE
    good: Files = _NONE
    fixed: Files = _NONE
    said: str = ""
    before: Files = _NONE


_FINDING = re.compile(r"(?P<path>.+?):(?P<line>\d+):(?P<column>\d+): \w+ [\w-]+: (?P<message>.*)")
_POINTER = "  # ← here"
_LONG = 16  # lines; of a longer file of several only what differs is shown, with so many lines around it
_AROUND = 4

_BY_FIX = {
    "": "no",
    SAFE: "yes, by `kpi lint --fix`",
    UNSAFE: "yes, by `kpi lint --unsafe-fixes`; look at the result",
}
_ON_A_CHANGE = "`kpi lint --changed-since` looks for it, and the check of a pull request. Without a change to look at there is nothing to find."
_ON_REQUEST = "This rule is off until `kpis/plan.yaml` asks for it, with `warning` or `error`:"
_CHANGES = ("What a change has to answer for", "cli.md#only-what-a-change-has-to-answer-for")
_GUIDES = {
    "1": (("How a KPI file is written", "kpi-file.md#a-whole-example"),),
    "2": (("The fields of a KPI file", "kpi-file.md"), ("The fields of the plan", "plan-file.md")),
    "3": (("The plan file", "plan-file.md"),),
    "4": (("Periods", "periods.md"),),
    "5": (("A figure", "kpi-file.md#a-figure"), ("Unit", "kpi-file.md#unit")),
    "6": (("A target", "kpi-file.md#a-target"), ("When a target is met", "judgement.md#targets")),
    "7": (("Marks", "kpi-file.md#marks"),),
    "8": (("A source", "plan-file.md#a-source"),),
    "9": (("When a rule is wrong for once", "cli.md#when-a-rule-is-wrong-for-once"),),
}
"""Further reading by family; paths are relative to `docs/`."""


def rule_blocks(rule: Rule, example: Example) -> Iterator[Block]:
    """The blocks of the answer, and of the page under `docs/rules/`."""
    can_be = (("Can be ignored", "no" if rule.required else "yes"), ("Can be fixed", _BY_FIX[rule.fix]))
    yield Facts((("Code", rule.code), ("Severity", rule.severity), *can_be))
    what, why, advice = rule.paragraphs
    yield from (what, why, Heading("What to do"), advice)
    if rule.about_change is not None:
        yield _ON_A_CHANGE
    if rule.severity == OFF:
        yield _ON_REQUEST
        yield Code(f"lint: {{{rule.name}: {WARNING}}}")
    if example.bad:
        yield from _examples(rule, example)
    yield Heading("To ignore it")
    if rule.required:
        yield "This rule can't be ignored or switched off."
    else:
        yield "Say so with the reason, on the line or on the line above it:"
        yield Code(f"# kpi: ignore[{rule.name}] the reason")
        if rule.severity != OFF:
            less = WARNING if rule.severity == ERROR else ERROR
            yield f"To hold it differently everywhere, write it in `kpis/plan.yaml`, with `{less}` or `off`:"
            yield Code(f'lint: {{{rule.name}: "off"}}')
    guides = _GUIDES[rule.code[3]] if rule.about_change is None else (_CHANGES,)
    paths = [(title, f"docs/{path}") for title, path in guides]
    yield Guides((*paths, ("All rules", "docs/rules/README.md")))


def _examples(rule: Rule, example: Example) -> Iterator[Block]:
    finding = _FINDING.match(example.said)
    assert finding is not None, example.said
    path, line, column, message = finding.groups()
    number = 0 if (line, column) == ("1", "1") else int(line)  # 0 where the whole file is meant
    if example.before:
        yield Heading("Before the change")
        yield from _files(example.before, example.bad)
    yield Heading("Not like this")
    yield from _files(example.bad, example.good, path, number)
    yield f"`kpi lint` says{f' of line {number}' if number else ''}:"
    yield Quote(message)
    yield Heading("But like this")
    yield from _files(example.good, example.bad)
    if example.fixed:
        command = "kpi lint --unsafe-fixes" if rule.fix == UNSAFE else "kpi lint --fix"
        # Of several files only the changed one is there.
        is_good = example.fixed.items() <= example.good.items()
        yield f"`{command}` writes it so." if is_good else f"`{command}` makes of it:"
        if not is_good:
            yield from _files(example.fixed, example.bad)


def _files(files: Files, others: Files, named: str = "", number: int = 0) -> Iterator[Block]:
    """One file; or of several the names, and those that differ. A line of one is pointed at."""
    if len(files) > 1 and ((named and not number) or files.keys() != others.keys()):
        names = (f"{path}{_POINTER}" if path == named and not number else path for path in sorted(files))
        yield Code("\n".join(names), "text")
    for path, text in sorted(files.items()):
        lines, is_pointed_at = text.removesuffix("\n").split("\n"), path == named and bool(number)
        if is_pointed_at:
            lines[number - 1] += _POINTER
        is_new = others.get(path) != text and (path in others or text not in others.values())
        if len(files) == 1:
            yield Code("\n".join(lines))
        elif is_pointed_at or is_new:
            other = others.get(path, "").removesuffix("\n").split("\n")
            part = _around_changes(lines, other) if len(lines) > _LONG else lines
            yield Code("\n".join([f"# {path}", *part]))


def _around_changes(lines: list[str], others: list[str]) -> Iterator[str]:
    """The lines that differ from the others, with their neighbours, and an ellipsis where some were left out."""
    end = 0
    for changes in SequenceMatcher(None, lines, others).get_grouped_opcodes(_AROUND):
        start, stop = changes[0][1], changes[-1][2]
        if start > end:
            yield "…"
        yield from lines[start:stop]
        end = stop
    if end < len(lines):
        yield "…"
