"""Fixes: from findings to changed files, which the door writes. A file that would be no better is left alone."""

from codecs import BOM_UTF8, register_error
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from kpi.lint.checker import READING
from kpi.lint.report import NEW_BYTES, Report, kind_of_fix
from kpi.model.finding import ERROR, Finding
from kpi.rules.rule import SAFE, UNSAFE
from kpi.store.edit import Edit, UnplacedError, applied, compatible
from kpi.store.files import UnreadableError, read_bytes
from kpi.store.format import formatted, in_order
from kpi.store.paths import PLAN
from kpi.store.reader import Document, read
from kpi.store.repository import MERE_STYLE, lines_of, read_plan
from kpi.store.starter import Spot, plan_with

Check = Callable[[Mapping[str, bytes]], Report]  # lints the repository with some files' content replaced
_NEW_LINE_IN_PLAN = "not-in-plan"
_MOST_TRIED = 20  # findings of one file that are tried out one by one: each try costs a whole run


class FixResult(NamedTuple):
    """What was read and is to be written, by path; what lint finds afterwards; and how many findings are gone."""

    files: dict[str, tuple[bytes, bytes]]
    report: Report
    findings: int


def make_fixes(
    root: Path, report: Report, check: Check, *, unsafe: bool, only: Collection[Finding] | None = None
) -> FixResult:
    """Fix what a report says can be fixed: all at once; in a file that would be no better, one after the other.

    With `unsafe` it also makes the changes that are only probably meant. `only` are the findings to fix, if not all of the
    report's; the effects of a fix are looked for in all of them.
    """
    wanted = {SAFE, UNSAFE} if unsafe else {SAFE}
    chosen: dict[str, list[Finding]] = {}
    for finding in report.findings if only is None else only:
        if kind_of_fix(finding) in wanted:
            where = PLAN if finding.rule == _NEW_LINE_IN_PLAN and finding.path != PLAN else finding.path
            chosen.setdefault(where, []).append(finding)
    fix = partial(_fix, root, report, read_plan(root).year_starts)

    def lint(files: Mapping[str, tuple[bytes, bytes]]) -> Report:
        return check({path: new for path, (_, new) in files.items()})

    files = {path: pair for path, findings in chosen.items() if (pair := fix(path, findings))}
    after = lint(files)
    worse = [path for path in files if not _is_better(path, report, after)]
    files = {path: pair for path, pair in files.items() if path not in worse}
    for path in worse:
        kept: list[Finding] = []
        for finding in chosen[path][:_MOST_TRIED]:
            pair = fix(path, [*kept, finding])
            if pair and _is_better(path, report, lint(files | {path: pair})):
                kept.append(finding)
                files[path] = pair
        chosen[path] = kept
    after = lint(files) if worse else after
    left = {(finding.path, finding.rule, finding.message) for finding in after.findings}
    meant = (finding for path in files for finding in chosen[path])
    count = sum((finding.path, finding.rule, finding.message) not in left for finding in meant)
    return FixResult(files, after, count)


def _fix(
    root: Path, report: Report, year_starts: int, path: str, findings: list[Finding]
) -> tuple[bytes, bytes] | None:
    """What a file holds and is to hold; None where it can't be read, has other lines by now, or stays as it is."""
    with suppress(UnreadableError):
        data = read_bytes(root / path)
        document = read(data)
        lines = lines_of(document.text)
        if report.sources.get(path, lines) == lines:
            fixed = _fixed_bytes(data, document, findings, year_starts)
            return None if fixed is None or fixed == data else (data, fixed)
    return None


def _is_better(path: str, before: Report, after: Report) -> bool:
    """Whether a fix causes no new findings.

    Nothing may become unreadable. If more can be read than before, or there were errors before, new findings may show: a
    misspelling hid them. A file without errors may get no new finding of any kind.
    """
    kinds, kinds_now = (
        Counter((finding.severity, finding.code) for finding in report.findings if finding.path == path)
        for report in (before, after)
    )
    new, gone = kinds_now - kinds, kinds - kinds_now

    def errors(kinds: Counter[tuple[str, str]], start: str = "") -> int:
        return sum(number for kind, number in kinds.items() if kind[0] == ERROR and kind[1].startswith(start))

    if errors(new, READING) or errors(gone, READING):
        return not errors(new, READING)
    return errors(kinds_now) <= errors(kinds) if errors(kinds) else not new


def _fixed_bytes(data: bytes, document: Document, findings: list[Finding], year_starts: int) -> bytes | None:
    """What a file is to hold; None where its bytes are no letters in any way that is known."""
    rules = {finding.rule for finding in findings}
    if NEW_BYTES in rules:
        with suppress(UnicodeDecodeError):
            wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
            return (data.decode("utf-16") if wide else data.decode(errors="kpi-windows")).encode()
        return None
    text = applied(document.text, compatible(_edits(document, findings)))
    text = _with_lines(text, document, findings)
    if rules & MERE_STYLE:
        shaped = formatted(text, year_starts) if "not-formatted" in rules else in_order(text, year_starts)
        text = text if shaped is None else shaped
    mark = BOM_UTF8 if data.startswith(BOM_UTF8) and "not-formatted" not in rules else b""
    return mark + text.encode()


def _letter_of_windows(error: UnicodeError) -> tuple[str, int]:
    """A single byte as the letter of an older Windows program, in a text that is otherwise UTF-8."""
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.start + 1].decode("cp1252"), error.start + 1


register_error("kpi-windows", _letter_of_windows)


def _edits(document: Document, findings: Iterable[Finding]) -> Iterator[Edit]:
    text = document.text
    starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]
    for finding in findings:
        if finding.rule in {*MERE_STYLE, _NEW_LINE_IN_PLAN} or finding.replacement is None:
            continue
        start = starts[finding.line - 1] + finding.column - 1
        stop = starts[finding.end_line - 1] + finding.end_column - 1
        if finding.rule == "unused-ignore" and not finding.replacement:
            # A comment goes with its line if it is alone there, else with the spaces before it.
            before = text[starts[finding.line - 1] : start].rstrip()
            start = starts[finding.line - 1] + len(before)
            stop = stop if before else text.find("\n", stop) + 1 or len(text)
        yield Edit(start, stop, finding.replacement)


def _with_lines(text: str, plan: Document, findings: Iterable[Finding]) -> str:
    """The plan's text with a line for each unlisted KPI, below the last of its priority, where there is one."""
    unlisted: dict[str, list[str]] = {}
    for finding in findings:
        if finding.rule == _NEW_LINE_IN_PLAN and finding.replacement is not None:
            _, priority, file = finding.path.split("/")
            unlisted.setdefault(priority, []).append(file.removesuffix(".yaml"))
    priorities = (plan.values or {}).get("priorities", ()) if unlisted else ()
    for priority in dict.fromkeys(written["id"] for written in priorities if written.get("id") in unlisted):
        with suppress(UnplacedError):
            text = plan_with(text.encode(), {Spot(priority, objective=0): unlisted[priority]}).decode()
    return text
