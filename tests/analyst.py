"""Slips of an analyst on the web page, made on real content: what lint says of each, and where its words lead.

`slips/cases.txt` has the slips: what was changed, and after `want` what was meant, where one file was. Both are changes to
the files of one commit of this repository, so that they stay true while the content goes on.
"""

import io
import re
import subprocess
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest

from kpi.lint.changes import lint_change, newer
from kpi.lint.engine import lint
from kpi.lint.report import Report
from kpi.model.finding import Finding

CASES = Path(__file__).parent / "slips" / "cases.txt"
COMMIT = "5e9fbea"
TODAY = date(2024, 5, 20)

_SIGNS = str.maketrans({"␍": "\r", "␣": "\u00a0"})
"""A line end of Windows and a no-break space, as the list writes them."""

Files = dict[str, bytes]


class Case(NamedTuple):
    """One slip: what was done, the files after it, and those that were meant; None where a person has to decide."""

    name: str
    title: str
    slip: Files
    want: Files | None

    @property
    def is_legitimate(self) -> bool:
        """Whether nothing is wrong, and nothing may be told."""
        return self.name[0] == "z"


class Said(NamedTuple):
    """What lint says of a case, and how the files stand once the texts to write instead are in them."""

    findings: tuple[Finding, ...]
    fixed: Files


def content() -> Files | None:
    """The files under `kpis/` that the slips were made on; None where this clone doesn't reach back so far."""
    command = ["git", "archive", "--format=tar", COMMIT, "kpis"]
    done = subprocess.run(command, cwd=Path(__file__).parent.parent, capture_output=True, check=False)
    if done.returncode:
        return None
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        files = {item.name: archive.extractfile(item) for item in archive if item.isfile()}
        return {path: file.read() for path, file in files.items() if file is not None}


def cases(base: Mapping[str, bytes]) -> Iterator[Case]:
    """Every slip of the list."""
    for section in re.split(r"^#### (?!want)", CASES.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        title, _, changes = section.partition("\n")
        slip, _, want = changes.partition("#### want\n")
        meant = None if not want else dict(base) if want.startswith("(") else patched(base, want)
        name, _, reported = title.partition(" ")
        yield Case(name, reported, patched(base, slip), meant)


def patched(base: Mapping[str, bytes], patch: str) -> Files:
    """The files with a patch on them, as `diff -u` writes it."""
    files = dict(base)
    for part in re.split(r"^--- .*\n", patch, flags=re.MULTILINE)[1:]:
        head, _, rest = part.partition("\n")
        path = head.removeprefix("+++ b/")
        old = files.get(path, b"").decode().splitlines(keepends=True)
        new: list[str] = []
        done = 0
        for hunk in re.split(r"^@@ ", rest, flags=re.MULTILINE)[1:]:
            where, _, lines = hunk.partition("\n")
            start = int(re.match(r"-(\d+)", where)[1])  # type: ignore[index]
            at = max(start - 1, 0)
            new += old[done:at]
            for line in lines.splitlines(keepends=True):
                sign, text = line[0], line[1:].translate(_SIGNS)
                if sign == "\\":
                    new[-1] = new[-1].rstrip("\n")
                elif sign == "+":
                    new.append(text)
                else:
                    assert old[at] == text, (path, old[at], text)
                    new += [text] * (sign == " ")
                    at += 1
            done = at
        files[path] = "".join([*new, *old[done:]]).encode()
    return files


class Desk:
    """A repository on which one slip after the other is made."""

    def __init__(self, root: Path, base: Mapping[str, bytes], today: date = TODAY) -> None:
        self.root = root
        self.base = dict(base)
        self.today = today
        for path, data in base.items():
            self._write(path, data)
        with self._own_cache():
            self._before = lint(root, today, cached=True)

    @contextmanager
    def _own_cache(self) -> Iterator[None]:
        """What lint keeps is the desk's for as long as it stands, and not the test's: only the slip is read anew."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("XDG_CACHE_HOME", str(self.root.with_name(f"{self.root.name} kept")))
            yield

    def _write(self, path: str, data: bytes | None) -> None:
        place = self.root / path
        if data is None:
            place.unlink()
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)

    def report(self, files: Files) -> Report:
        """What lint says of the files as a change to those from before."""
        touched = {path for path in {*files, *self.base} if files.get(path) != self.base.get(path)}
        for path in touched:
            self._write(path, files.get(path))
        try:
            with self._own_cache():
                return newer(lint_change(self.root, self.today, self.base, cached=True), self._before)
        finally:
            for path in touched:
                if path in files or path in self.base:
                    self._write(path, self.base.get(path))

    def said(self, case: Case) -> Said:
        """What lint says of a case, followed to the letter."""
        findings = self.report(case.slip).findings
        return Said(findings, followed(case.slip, findings))


def followed(files: Files, findings: Iterable[Finding]) -> Files:
    """The files with every text to write instead in its place; of two for one place, the first."""
    fixed = {path: data.decode() for path, data in files.items()}
    taken: dict[str, int] = {}
    for finding in sorted(findings, key=lambda each: (each.path, -each.line, -each.column)):
        if finding.replacement is None or finding.path not in fixed:
            continue
        text = fixed[finding.path]
        start, stop = (
            _offset(text, finding.line, finding.column),
            _offset(text, finding.end_line, finding.end_column),
        )
        if stop > taken.get(finding.path, len(text) + 1):
            continue
        taken[finding.path] = start
        fixed[finding.path] = text[:start] + finding.replacement + text[stop:]
    return {path: text.encode() for path, text in fixed.items()}


def _offset(text: str, line: int, column: int) -> int:
    start = 0
    for _ in range(line - 1):
        start = text.index("\n", start) + 1
    return start + column - 1


def verdict(case: Case, said: Said) -> str:
    """What became of a case, in a word."""
    if case.is_legitimate:
        return "told, but nothing is wrong" if said.findings else "passes"
    if not said.findings:
        return "not noticed"
    if case.want is None:
        return "told"
    return "fixed" if said.fixed == case.want else "told, but not fixed"


def in_words(case: Case, said: Said) -> str:
    """A case as the golden file has it: what was done, what lint says, and where that leads."""
    reported = [f"#### {case.name} {case.title}: {verdict(case, said)}"]
    for finding in said.findings:
        reported.append(f"{finding.path}:{finding.line}:{finding.column} {finding.severity} {finding.rule}")
        reported += [f"  {text}" for text in (finding.message, finding.help) if text]
        if finding.replacement is not None:
            reported += [f"  | {line}".rstrip() for line in finding.replacement.split("\n")]
    return "\n".join(reported)
