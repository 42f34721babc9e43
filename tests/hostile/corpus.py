"""Hostile and broken input, made by code: nothing here is stored as a file, so no bomb lies about in the repository.

Every row is a file or a folder that somebody put into `kpis/`, by mistake or on purpose, with what lint must say of it.
`number` is the row's number in README.md beside this file.
"""

import os
import socket
import stat
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

PLACE = "kpis/care/hostile.yaml"
NEIGHBOUR = "kpis/care/neighbour.yaml"

PLAN = """\
organisation: Riverside Council
title: Corporate plan
area: riverside
areas: {riverside: Riverside}
sources: {return: {title: Annual return}}
priorities:
  - id: care
    title: Care
    kpis:
      - hostile
      - neighbour
"""
GOOD = """\
title: First visits
definition: Share of people who are visited in time.
unit: percent
better: higher
sources: [return]
measures:
  visited:
    observations:
      2021/22: 84
      2022/23: 88
"""
WITH_A_MISTAKE = GOOD.replace("First", "Second").replace("2022/23: 88", "2022/23: 188")
"""The neighbour's figure, above 100 per cent: still told, whatever stands beside it."""

Maker = Callable[[Path], None]
"""Puts something at a path."""


class Hostile(NamedTuple):
    """One thing in `kpis/`.

    Attributes:
        number: the row of the table.
        name: what it is, in a few words.
        make: puts it at its place.
        rule: the rule that must speak; empty where there is nothing to say.
        line: the line that the rule must name.
        place: where it stands.
    """

    number: int
    name: str
    make: Maker
    rule: str
    line: int = 1
    place: str = PLACE


def data(content: bytes) -> Maker:
    """A file with these bytes."""

    def make(path: Path) -> None:
        path.write_bytes(content)

    return make


def text(content: str) -> Maker:
    """A file with this text."""
    return data(content.encode())


def changed(old: str, new: str) -> Maker:
    """The good file with one text of it replaced."""
    assert GOOD.count(old) == 1, old
    return text(GOOD.replace(old, new))


def figure(written: str) -> Maker:
    """The good file with another last figure, on line 10."""
    return changed("2022/23: 88", f"2022/23: {written}")


def more(lines: str) -> Maker:
    """The good file with something below it, from line 11 on."""
    return text(GOOD + lines)


def link(target: str) -> Maker:
    """A link."""
    return lambda path: path.symlink_to(target)


def pipe(path: Path) -> None:
    """A named pipe, which would keep a reader waiting for ever."""
    os.mkfifo(path)


def device(path: Path) -> None:
    """The device that never ends (/dev/zero); only root can make one."""
    os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 5))


def listener(path: Path) -> None:
    """A socket; its path must be short, so it is made from inside its folder."""
    before = Path.cwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as each:
            each.bind(path.name)
    finally:
        os.chdir(before)


def folder(path: Path) -> None:
    """A folder where a file is looked for."""
    path.mkdir()


BOMB = "".join(f"k{n}: &k{n} [{', '.join([f'*k{n - 1}'] * 9)}]\n" for n in range(1, 10))
POINTS = "".join(
    f"      {1000 + n // 336}-{n // 28 % 12 + 1:02}-{n % 28 + 1:02}: {n % 100}\n" for n in range(40_000)
)
MERGE = "<<<<<<< HEAD\n      2022/23: 88\n=======\n      2022/23: 89\n>>>>>>> feb\n"

CONTENTS = [
    Hostile(1, "aliases that grow a billionfold", text(f"k0: &k0 [x]\n{BOMB}"), "forbidden-yaml"),
    Hostile(2, "100,000 brackets", text("a: " + "[" * 100_000), "too-large"),
    Hostile(2, "1,400 levels", text("".join(" " * n + "a:\n" for n in range(1_400))), "too-large", 21),
    Hostile(3, "a period twice", more("      2022/23: 89\n"), "duplicate-key", 11),
    Hostile(3, "a field twice", more("unit: percent\n"), "duplicate-key", 11),
    Hostile(4, "a tag that runs a program", changed("First visits", "!!python/object/apply:os.system [id]"), "forbidden-yaml"),
    Hostile(5, "a value that contains itself", changed("[return]", "&a [*a]"), "forbidden-yaml", 5),
    Hostile(6, "not a number", figure(".nan"), "not-a-number", 10),
    Hostile(6, "infinity", figure("-.inf"), "forbidden-yaml", 10),
    Hostile(6, "a power beyond all numbers", figure("1e999"), "forbidden-yaml", 10),
    Hostile(7, "5,000 digits", figure("9" * 5_000), "too-large", 10),
    Hostile(8, "25 decimals", figure("0.1234567890123456789012345"), "too-large", 10),
    Hostile(9, "a number that some read as 8", figure("010"), "forbidden-yaml", 10),
    Hostile(9, "a number with an underscore", figure("1_000"), "forbidden-yaml", 10),
    Hostile(9, "a time of day", figure("12:30:45"), "forbidden-yaml", 10),
    Hostile(9, "a word that some read as true", figure("yes"), "forbidden-yaml", 10),
    Hostile(10, "a day that is none", changed("2022/23:", "2026-13-45:"), "period-format", 10),
    Hostile(11, "Windows-1252", data(GOOD.replace("First", "Première").encode("cp1252")), "not-utf8"),
    Hostile(12, "UTF-16", data(GOOD.encode("utf-16")), "not-utf8"),
    Hostile(13, "a mark at the start of the file", data(GOOD.encode("utf-8-sig")), "not-formatted"),
    Hostile(14, "a zero-width space in a name", changed("unit:", "un\u200bit:"), "hidden-character", 3),
    Hostile(14, "a soft hyphen in a text", changed("First", "Fi\xadrst"), "hidden-character"),
    Hostile(15, "text turned round", changed("First visits", "First \u202estisiv"), "hidden-character"),
    Hostile(15, "a turned word, escaped", changed("First visits", '"First \\u2066visits"'), "hidden-character"),
    Hostile(16, "a Cyrillic letter in a name", changed("visited:", "vis\u0456ted:"), "hidden-character", 7),
    Hostile(17, "a NUL", changed("First", "Fi\0rst"), "hidden-character"),
    Hostile(17, "a colour for the terminal", changed("First", "\x1b[31mFirst"), "hidden-character"),
    Hostile(18, "a colour, escaped", changed("First visits", '"\\e[31mFirst"'), "hidden-character"),
    Hostile(18, "a C1 control", changed("First", "\x9b31mFirst"), "hidden-character"),
    Hostile(19, "Windows line ends", text(GOOD.replace("\n", "\r\n")), ""),
    Hostile(19, "a lone carriage return", changed("First ", "First\r"), "hidden-character"),
    Hostile(19, "a line separator", changed("First ", "First\u2028"), "hidden-character"),
    Hostile(19, "a next-line control", changed("First ", "First\x85"), "hidden-character"),
    Hostile(20, "an unfinished merge", changed("      2022/23: 88\n", MERGE), "merge-conflict", 10),
    Hostile(21, "a tab", changed("    observations", "\tobservations"), "yaml-syntax", 8),
    Hostile(21, "a no-break space", changed("      2022/23", "\xa0     2022/23"), "hidden-character", 10),
    Hostile(21, "curly quotes", changed("First visits", "“Visits: the first”"), "yaml-syntax"),
    Hostile(21, "a quote left open", changed("First visits", '"First visits'), "yaml-syntax"),
    Hostile(21, "an at sign", more("owner: @alice\n"), "yaml-syntax", 11),
    Hostile(21, "a per cent sign", figure("%88"), "not-a-number", 10),
    Hostile(21, "a colon in a text", changed("First visits", "Target: 95%"), "yaml-syntax"),
    Hostile(22, "nothing", text(""), "yaml-syntax"),
    Hostile(22, "only a comment", text("# to be written\n"), "yaml-syntax"),
    Hostile(22, "a list", text("- a\n- b\n"), "yaml-syntax"),
    Hostile(22, "a word", text("hello\n"), "yaml-syntax"),
    Hostile(22, "two documents", text(f"{GOOD}---\n{GOOD}"), "forbidden-yaml", 11),
    Hostile(23, "a number for a name", more("1: x\n"), "forbidden-yaml", 11),
    Hostile(23, "a list for a name", more("? [x]\n: y\n"), "forbidden-yaml", 11),
    Hostile(24, "3.7 MB", text(GOOD + "# padding\n" * 370_000), "too-large"),
    Hostile(24, "40,000 figures", text(GOOD + POINTS), "too-large", 6),
    Hostile(24, "1,000 targets", more("    targets:\n" + "      - {at_least: 90}\n" * 1_000), "too-large", 11),
    Hostile(24, "20,000 fields", more("".join(f"f{n}: x\n" for n in range(20_000))), "too-large"),
    Hostile(24, "letters without a space", more(f"note: {'aB3' * 340_000}\n"), ""),
    Hostile(24, "5,000 comments that ignore", more("# kpi: ignore[flat-line] copied\n" * 5_000), "unused-ignore", 11),
    Hostile(25, "a text made to keep a pattern busy", changed("2022/23:", f"{'2022/23 to ' * 90}!:"), "period-format", 10),
    Hostile(25, "an id made to keep a pattern busy", more(f"owner: {'a' * 60_000}!\n"), "id-format", 11),
    Hostile(26, "digits of another script", changed("2022/23:", "٢٠٢٢:"), "period-format", 10),
    Hostile(26, "a line end in a name", changed("2022/23:", '"2022/23\\n":'), "period-format", 10),
    Hostile(30, "an id that climbs out", more("id: ../../etc/passwd\n"), "unknown-field", 11),
    Hostile(30, "an owner that climbs out", more("owner: ../../etc/passwd\n"), "id-format", 11),
    Hostile(33, "a forged finding in a name", more('"x\\n::error file=a::pwned": 1\n'), "unknown-field", 11),
    Hostile(33, "a forged finding in a text", changed("First visits", '"x\\n::error file=a::pwned"'), "wrong-value-form"),
]  # fmt: skip
"""What a file may hold."""


def named(name: str) -> str:
    """A path in the folder of the others."""
    return f"kpis/care/{name}"


NAMES = [
    Hostile(27, "a link out of the repository", link("/etc/passwd"), "odd-path"),
    Hostile(28, "a link to nothing", link("nowhere"), "odd-path"),
    Hostile(28, "a link to itself", link("hostile.yaml"), "odd-path"),
    Hostile(28, "a link to a folder", link("../care"), "odd-path"),
    Hostile(28, "a folder", folder, "odd-path"),
    Hostile(28, "a pipe", pipe, "unreadable-file"),
    Hostile(28, "a socket", listener, "unreadable-file"),
    Hostile(28, "a device without end", device, "unreadable-file"),
    Hostile(30, "a name reserved on Windows", text(GOOD), "odd-path", place=named("nul.yaml")),
    Hostile(30, "a name with a colon", text(GOOD), "odd-path", place=named("a:b.yaml")),
    Hostile(30, "a name with a space at its end", text(GOOD), "odd-path", place=named("visits .yaml")),
    Hostile(30, "a name that is too long", text(GOOD), "odd-path", place=named(f"{'a' * 65}.yaml")),
    Hostile(31, "the name of another in capitals", text(GOOD), "odd-path", place=named("Neighbour.yaml")),
    Hostile(31, "é in one piece", text(GOOD), "odd-path", place=named("caf\u00e9.yaml")),
    Hostile(31, "é in two pieces", text(GOOD), "odd-path", place=named(unicodedata.normalize("NFD", "caf\u00e9.yaml"))),
    Hostile(31, "another ending", text(GOOD), "odd-path", place=named("visits.yml")),
    Hostile(32, "a line end in a name", text(GOOD), "odd-path", place=named("x\n::error file=a::pwned.yaml")),
    Hostile(32, "a carriage return in a name", text(GOOD), "odd-path", place=named("x\r##[error]pwned.yaml")),
    Hostile(32, "a comma in a name", text(GOOD), "odd-path", place=named("x,line=9.yaml")),
    Hostile(32, "a colour in a name", text(GOOD), "odd-path", place=named("\x1b[31mx.yaml")),
    Hostile(32, "bytes that are no text in a name", text(GOOD), "odd-path", place=named("caf\udce9.yaml")),
]  # fmt: skip
"""What may stand in the folder: names and things that are no ordinary files."""

CORPUS = [*CONTENTS, *NAMES]


def repository(root: Path, *hostile: Hostile) -> Path:
    """A repository with a good plan, a neighbour with one known mistake, and what is hostile."""
    (root / "kpis/care").mkdir(parents=True)
    (root / "kpis/plan.yaml").write_text(PLAN, encoding="utf-8", newline="\n")
    (root / NEIGHBOUR).write_text(WITH_A_MISTAKE, encoding="utf-8", newline="\n")
    for item in hostile:
        item.make(root / item.place)
    return root
