"""Fixes: from findings to changed files. The new contents are worked out here and written by the door.

A finding is fixed if its rule allows it and there is a text to put in its place. The result is checked before it is written; a
file that would be no better is left alone.
"""

from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from kpi.lint.checker import READING
from kpi.lint.report import NEW_BYTES, Report, kind_of_fix
from kpi.model.finding import ERROR, Finding
from kpi.rules import BY_NAME
from kpi.rules.rule import SAFE, UNSAFE
from kpi.store.blank import Spot, plan_with
from kpi.store.edit import Edit, UnplacedError, applied, compatible
from kpi.store.files import UnreadableError, read_bytes
from kpi.store.format import formatted, in_order
from kpi.store.paths import PLAN
from kpi.store.reader import Document, read
from kpi.store.repository import MERE_STYLE, lines_of, read_plan

Check = Callable[[Mapping[str, bytes]], Report]
"""Lints the repository with some files' content replaced."""

_NEW_LINE_IN_PLAN = "not-in-plan"
_MOST_TRIED = 20  # findings of one file that are tried out one by one: each try costs a whole run


class FixResult(NamedTuple):
    """The result of fixing.

    Attributes:
        files: path → the bytes read and the bytes to write, only where they differ.
        report: what lint finds afterwards.
        findings: how many findings are gone.
    """

    files: dict[str, tuple[bytes, bytes]]
    report: Report
    findings: int


def make_fixes(
    root: Path, report: Report, check: Check, *, unsafe: bool, only: Collection[Finding] | None = None
) -> FixResult:
    """Fix what a report says can be fixed.

    Args:
        root: the repository's root.
        report: everything that lint found.
        check: lints with changed files.
        unsafe: also makes the changes that are only probably meant.
        only: the findings to fix, if not all of the report's. The effects of a fix are looked for in all of them.
    """
    wanted = {SAFE, UNSAFE} if unsafe else {SAFE}
    chosen: dict[str, list[Finding]] = {}
    for finding in report.findings if only is None else only:
        if kind_of_fix(finding) in wanted:
            where = PLAN if finding.rule == _NEW_LINE_IN_PLAN and finding.path != PLAN else finding.path
            chosen.setdefault(where, []).append(finding)
    return _Fixing(root, report, check, read_plan(root).year_starts).fix_all(chosen)


class _Fixing:
    """Tries out changes: each file is linted with its change before it may be written."""

    def __init__(self, root: Path, report: Report, check: Check, year_starts: int) -> None:
        self.root = root
        self.before = report
        self.check = check
        self.year_starts = year_starts
        self.files: dict[str, tuple[bytes, bytes]] = {}

    def fix_all(self, chosen: Mapping[str, list[Finding]]) -> FixResult:
        """All fixes at once; in a file that would be no better, one after the other."""
        done = dict(chosen)
        for path, findings in chosen.items():
            self._fix(path, findings)
        after = self._checked()
        worse = [path for path in self.files if not _is_better(path, self.before, after)]
        for path in worse:
            del self.files[path]
        for path in worse:
            done[path] = self._one_by_one(path, chosen[path][:_MOST_TRIED])
        if worse:
            after = self._checked()
        count = sum(len(done[path]) - _still_there(done[path], after) for path in self.files)
        return FixResult(self.files, after, count)

    def _one_by_one(self, path: str, findings: list[Finding]) -> list[Finding]:
        """Make the fixes that improve a file; return the findings that could be fixed together."""
        kept: list[Finding] = []
        for finding in findings:
            last = self.files.get(path)
            self._fix(path, [*kept, finding])
            if path in self.files and _is_better(path, self.before, self._checked()):
                kept.append(finding)
            elif last is None:
                self.files.pop(path, None)
            else:
                self.files[path] = last
        return kept

    def _fix(self, path: str, findings: list[Finding]) -> None:
        lines = self.before.sources.get(path)
        fixed = _fixed_file(self.root / path, findings, self.year_starts, lines)
        if fixed is not None and fixed[0] != fixed[1]:
            self.files[path] = fixed

    def _checked(self) -> Report:
        return self.check({path: new for path, (_, new) in self.files.items()})


def _is_better(path: str, before: Report, after: Report) -> bool:
    """Whether a fix causes no new findings.

    Nothing may become unreadable. If more can be read than before, or there were errors before, new findings may show: a
    misspelling hid them. A file without errors may get no new finding of any kind.
    """
    was, now = _counts(path, before), _counts(path, after)
    unread, still_unread = (_of_reading(report) for report in (was, now))
    if still_unread - unread:
        return False
    if still_unread != unread:
        return True
    errors = sum(number for (_, severity), number in was.items() if severity == ERROR)
    if not errors:
        return not now - was
    return sum(number for (_, severity), number in now.items() if severity == ERROR) <= errors


def _counts(path: str, report: Report) -> Counter[tuple[str, str]]:
    """How often each rule, with its severity, is broken in a file."""
    return Counter((finding.rule, finding.severity) for finding in report.findings if finding.path == path)


def _of_reading(counts: Counter[tuple[str, str]]) -> Counter[str]:
    """The errors that keep a file from being read."""
    return Counter(
        {
            rule: number
            for (rule, severity), number in counts.items()
            if severity == ERROR and BY_NAME[rule].code.startswith(READING)
        }
    )


def _still_there(wanted: Collection[Finding], after: Report) -> int:
    left = {(finding.path, finding.rule, finding.message) for finding in after.findings}
    return sum((finding.path, finding.rule, finding.message) in left for finding in wanted)


def _fixed_file(
    path: Path, findings: list[Finding], year_starts: int, lines: list[str] | None
) -> tuple[bytes, bytes] | None:
    """The bytes of a file before and after; None if it can no longer be read, or its lines have changed."""
    try:
        data = read_bytes(path)
    except UnreadableError:
        return None
    document = read(data)
    if lines is not None and lines_of(document) != lines:
        return None
    rules = {finding.rule for finding in findings}
    if NEW_BYTES in rules:
        text = _from_other_letters(data)
        return None if text is None else (data, text.encode())
    text = applied(document.text, compatible(_edits(document, findings)))
    text = _with_lines(text, document, findings)
    if rules & MERE_STYLE:
        shaped = formatted(text, year_starts) if "not-formatted" in rules else in_order(text, year_starts)
        text = text if shaped is None else shaped
    mark = BOM_UTF8 if data.startswith(BOM_UTF8) and "not-formatted" not in rules else b""
    return data, mark + text.encode()


def _edits(document: Document, findings: Iterable[Finding]) -> Iterator[Edit]:
    starts = [0]
    for line in document.text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    for finding in findings:
        if finding.rule in {*MERE_STYLE, _NEW_LINE_IN_PLAN} or finding.replacement is None:
            continue
        start = starts[finding.line - 1] + finding.column - 1
        stop = starts[finding.end_line - 1] + finding.end_column - 1
        if finding.rule == "unused-ignore" and not finding.replacement:
            yield _deleted(document.text, start, stop)
        else:
            yield Edit(start, stop, finding.replacement)


def _deleted(text: str, start: int, stop: int) -> Edit:
    """Remove a comment: with its line if it is alone there, else with the spaces before it."""
    line = text.rfind("\n", 0, start) + 1
    if text[line:start].strip():
        return Edit(line + len(text[line:start].rstrip(" ")), stop, "")
    end = text.find("\n", stop)
    return Edit(line, len(text) if end < 0 else end + 1, "")


def _with_lines(text: str, plan: Document, findings: Iterable[Finding]) -> str:
    """The plan's text with a line for each unlisted KPI, below the last of its priority.

    A plan that can't be added to is left alone; the findings stay, and say what to write.
    """
    unlisted: dict[str, list[str]] = {}
    for finding in findings:
        if finding.rule == _NEW_LINE_IN_PLAN and finding.replacement is not None:
            _, priority, file = finding.path.split("/")
            unlisted.setdefault(priority, []).append(file.removesuffix(".yaml"))
    priorities = (plan.values or {}).get("priorities", ()) if unlisted else ()
    for priority in dict.fromkeys(written.get("id") for written in priorities):
        if priority in unlisted:
            spot = Spot(priority, objective=0)
            with suppress(UnplacedError):
                text = plan_with(text.encode(), {spot: unlisted[priority]}).decode()
    return text


def _from_other_letters(data: bytes) -> str | None:
    """The text that an older Windows program wrote, or UTF-16; None if it has a byte that is no letter."""
    try:
        if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
            return data.decode("utf-16")
        text = ""
        while True:
            try:
                return text + data.decode()
            except UnicodeDecodeError as error:
                text += data[: error.start].decode() + data[error.start : error.start + 1].decode("cp1252")
                data = data[error.start + 1 :]
    except UnicodeDecodeError:
        return None
