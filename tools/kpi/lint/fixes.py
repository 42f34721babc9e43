"""Mending: from findings to changed files. Pure: what each file is to hold is worked out here and written by the door.

A finding is mended where its rule says so and there is a text to put in its place. What was mended is checked again as if
it stood on the disk; a file that would be no better for it is left as it is.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from kpi.lint.engine import Report
from kpi.model.finding import ERROR, Finding
from kpi.model.period import APRIL
from kpi.rules import BY_NAME
from kpi.rules.rule import SAFE, UNSAFE
from kpi.store.edit import Edit, applied, compatible
from kpi.store.files import UnreadableError, read_bytes
from kpi.store.format import formatted, in_order
from kpi.store.paths import PLAN
from kpi.store.reader import Document, read
from kpi.store.repository import read_plan
from kpi.store.yaml.places import is_in_brackets

Check = Callable[[Mapping[str, bytes]], Report]
"""Lints the repository with some files' content replaced."""

_NEW_FORM = {"not-formatted", "period-order"}
_NEW_BYTES = "not-utf8"
_NEW_LINE_IN_PLAN = "not-in-plan"
_READING = "KPI1"
_BOM = b"\xef\xbb\xbf"


class Mended(NamedTuple):
    """What mending comes to.

    Attributes:
        files: path → the bytes read and the bytes to write, only where they differ.
        report: what lint finds afterwards.
        mended: how many findings are gone.
    """

    files: dict[str, tuple[bytes, bytes]]
    report: Report
    mended: int


def mendable(finding: Finding) -> str:
    """`safe`, `unsafe`, or nothing where only a person can mend it."""
    fix = BY_NAME[finding.rule].fix
    known = finding.replacement is not None or finding.rule in {*_NEW_FORM, _NEW_BYTES}
    return fix if known else ""


def mend(root: Path, report: Report, check: Check, *, unsafe: bool) -> Mended:
    """Mend what a report says can be mended.

    Args:
        root: the repository's root.
        report: what lint found; only its findings are mended.
        check: lints with changed files.
        unsafe: also makes the changes that are only probably meant.
    """
    plan = read_plan(root).plan
    wanted = {SAFE, UNSAFE} if unsafe else {SAFE}
    chosen: dict[str, list[Finding]] = {}
    for finding in report.findings:
        if mendable(finding) in wanted:
            where = PLAN if finding.rule == _NEW_LINE_IN_PLAN and finding.path != PLAN else finding.path
            chosen.setdefault(where, []).append(finding)
    files = {}
    for path, findings in chosen.items():
        found = _mended_file(root / path, findings, plan.year_starts if plan else APRIL)
        if found is not None and found[0] != found[1]:
            files[path] = found
    return _checked(files, chosen, report, check)


def _checked(
    files: dict[str, tuple[bytes, bytes]], chosen: Mapping[str, list[Finding]], before: Report, check: Check
) -> Mended:
    """The files that are better after the change than before it."""
    while True:
        after = check({path: new for path, (_, new) in files.items()})
        worse = {path for path in files if not _is_better(path, before, after)}
        if not worse:
            break
        files = {path: content for path, content in files.items() if path not in worse}
    count = sum(len(chosen[path]) - _still_there(chosen[path], after) for path in files)
    return Mended(files, after, count)


def _is_better(path: str, before: Report, after: Report) -> bool:
    """Whether more of a file can be read than before, or as much with no more errors in it.

    A field that is spelt rightly at last may show what is wrong with its value; that was wrong before, only not told.
    """
    unread, still_unread = (_errors(path, one, only=_READING) for one in (before, after))
    if len(still_unread) != len(unread):
        return len(still_unread) < len(unread)
    return len(_errors(path, after)) <= len(_errors(path, before))


def _errors(path: str, report: Report, only: str = "") -> set[tuple[str, str]]:
    return {
        (one.rule, one.message)
        for one in report.findings
        if one.path == path and one.severity == ERROR and one.code.startswith(only)
    }


def _still_there(wanted: Collection[Finding], after: Report) -> int:
    left = {(one.path, one.rule, one.message) for one in after.findings}
    return sum((one.path, one.rule, one.message) in left for one in wanted)


def _mended_file(path: Path, findings: list[Finding], year_starts: int) -> tuple[bytes, bytes] | None:
    """The bytes of a file and what they become; None where it can't be read any more."""
    try:
        data = read_bytes(path)
    except UnreadableError:
        return None
    rules = {finding.rule for finding in findings}
    if _NEW_BYTES in rules:
        return data, _as_utf8(data)
    document = read(data)
    text = applied(document.text, compatible(_edits(document, findings)))
    if rules & _NEW_FORM:
        shaped = formatted(text, year_starts) if "not-formatted" in rules else in_order(text, year_starts)
        text = text if shaped is None else shaped
    mark = _BOM if data.startswith(_BOM) and "not-formatted" not in rules else b""
    return data, mark + text.encode()


def _edits(document: Document, findings: Iterable[Finding]) -> Iterator[Edit]:
    starts = [0]
    for line in document.text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    for finding in findings:
        if finding.rule in _NEW_FORM or finding.replacement is None:
            continue
        if finding.rule == _NEW_LINE_IN_PLAN:
            yield from _line_in_plan(document, finding)
            continue
        start = starts[finding.line - 1] + finding.column - 1
        stop = starts[finding.end_line - 1] + finding.end_column - 1
        if finding.rule == "unused-ignore" and not finding.replacement:
            yield _deleted(document.text, start, stop)
        else:
            yield Edit(start, stop, finding.replacement)


def _deleted(text: str, start: int, stop: int) -> Edit:
    """A comment taken out: with its line where it stands alone, else with the spaces before it."""
    line = text.rfind("\n", 0, start) + 1
    if text[line:start].strip():
        return Edit(line + len(text[line:start].rstrip(" ")), stop, "")
    end = text.find("\n", stop)
    return Edit(line, len(text) if end < 0 else end + 1, "")


def _line_in_plan(plan: Document, finding: Finding) -> Iterator[Edit]:
    """A line for an unlisted KPI, below the last of its priority."""
    priority = finding.path.split("/")[1]
    for number, written in enumerate((plan.values or {}).get("priorities", ())):
        if written.get("id") != priority:
            continue
        lists = ("kpis",) if "kpis" in written else ("objectives", 0, "kpis")
        place = plan.places().find(("priorities", number, *lists))
        if place.inside and is_in_brackets(plan.text, place):
            yield Edit(
                place.stop - 1, place.stop - 1, f", {finding.path.split('/')[2].removesuffix('.yaml')}"
            )
        elif place.inside:
            indent = place.start - plan.text.rfind("\n", 0, place.start) - 1
            yield Edit(place.stop, place.stop, f"{plan.newline}{' ' * indent}{finding.replacement}")


def _as_utf8(data: bytes) -> bytes:
    """The same text as UTF-8: what an older Windows program wrote, or UTF-16."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data.decode("utf-16", "replace").encode()
    text = ""
    while True:
        try:
            return (text + data.decode()).encode()
        except UnicodeDecodeError as error:
            text += data[: error.start].decode() + data[error.start : error.start + 1].decode(
                "cp1252", "replace"
            )
            data = data[error.start + 1 :]
