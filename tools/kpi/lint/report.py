"""What lint found, and which findings count: by the plan's settings, by ignore comments, by options of the command."""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from kpi.model.errors import UserError
from kpi.model.finding import ERROR, Finding, Ignore, Problem, Span
from kpi.model.plan import Plan
from kpi.model.text import nearest, quoted
from kpi.rules import BY_NAME, RULES, find
from kpi.rules.rule import Rule
from kpi.store.repository import MERE_STYLE

NEW_BYTES = "not-utf8"  # its fix writes a file in another encoding; that of `MERE_STYLE` writes it anew, too


class Report(NamedTuple):
    """What lint found."""

    findings: tuple[Finding, ...]  # in order of path, line, column and code
    hidden: tuple[tuple[Finding, Ignore], ...]  # what ignore comments hid, with the comment
    # the files that were looked at, the plan first; none where there is neither a plan nor anything else
    paths: tuple[str, ...]
    unchecked: tuple[str, ...]  # sentences that say what was not checked, and why
    sources: dict[str, list[str]]  # the lines of every file that has a finding, for showing them
    changed: frozenset[Finding] = frozenset()  # those on lines that a change touches, where that is known
    older: tuple[Finding, ...] = ()  # what was there before the change, and is not shown
    left_out: int = 0  # how many are not shown because only some rules were asked for

    def line_of(self, finding: Finding) -> str:
        """The text of the line on which a finding starts, white space folded; empty if it is not known."""
        lines = self.sources.get(finding.path, [])
        return " ".join(lines[finding.line - 1].split()) if 1 <= finding.line <= len(lines) else ""


def in_order(finding: Finding) -> tuple[str, int, int, str, str]:
    """The key by which findings are sorted: path, line, column, code."""
    return finding.path, finding.line, finding.column, finding.code, finding.message


def kind_of_fix(finding: Finding) -> str:
    """`safe`, `unsafe`, or nothing if only a person can fix it."""
    is_known = finding.replacement is not None or finding.rule in {*MERE_STYLE, NEW_BYTES}
    return BY_NAME[finding.rule].fix if is_known else ""


def only(report: Report, paths: Collection[str]) -> Report:
    """The part of a report that is about some files or folders, named from the root."""

    def within(path: str) -> bool:
        return any(covers(part, path) for part in paths)

    return report._replace(
        findings=tuple(finding for finding in report.findings if within(finding.path)),
        hidden=tuple(pair for pair in report.hidden if within(pair[0].path)),
        older=tuple(finding for finding in report.older if within(finding.path)),
        paths=tuple(filter(within, report.paths)),
    )


def covers(path: str, other: str) -> bool:
    """Whether a path is another one, or a folder around it; `.` is around all."""
    return path in {other, "."} or other.startswith(f"{path}/")


_FAMILY = re.compile(r"(?:KPI)?([1-9][0-9]?)X{0,2}\Z", re.IGNORECASE)
"""A family of rules by the start of its codes: `KPI7`, `7xx`."""

_NAMES = [*BY_NAME, *(rule.code for rule in RULES)]

_USE_ITS_NAME = "Use the rule's name as the messages give it."


def severities(plan: Plan) -> dict[str, str]:
    """Each rule's severity, with the plan's own choices; required rules keep theirs."""
    settings = ((find(word), severity) for word, severity in plan.lint.items())
    chosen = {rule.name: severity for rule, severity in settings if rule is not None and not rule.required}
    return {rule.name: rule.severity for rule in RULES} | chosen


def setting_problems(plan: Plan) -> Iterator[Problem]:
    """What is wrong with the plan's own choices: a rule that doesn't exist, or one that keeps its severity."""
    for word, severity in plan.lint.items():
        rule = find(word)
        if rule is None:
            near, message = nearest(word, BY_NAME), f'There is no rule called "{word}".'
            help_ = f'Did you mean "{near}"?' if near else _USE_ITS_NAME
            yield Problem("rule-setting", ("lint", word), message, help_, near, on_key=True)
        elif rule.required and severity != rule.severity:
            message = f'The rule "{rule.name}" always stays an {rule.severity}, whatever the plan says.'
            yield Problem("rule-setting", ("lint", word), message, "Take this line out.", on_key=True)


def resting_on(problem: Problem) -> str:
    """The rule that can't be applied until this problem of the plan is fixed; empty if there is none."""
    field = problem.where[0] if problem.where else ""
    is_misspelt = len(problem.where) == 1 and problem.rule == "unknown-field"
    is_named = is_misspelt or field in {"areas", "sources", "bodies", "owners"}
    if field == "priorities":
        return "not-in-plan"
    return "unknown-reference" if is_named else ""


def selected(report: Report, select: Iterable[str], ignore: Iterable[str]) -> Report:
    """The part of a report that is about some rules, and the required ones; what was left out is counted.

    `select` and `ignore` are the texts of these options, each with commas between its words; without any all rules are reported.
    A UserError is raised if a word names no rule, or if `--ignore` names a required one.
    """
    wanted, unwanted = (filter(None, map(str.strip, ",".join(each).split(","))) for each in (select, ignore))
    shown = {rule.name for word in wanted for rule in _named(word)} or set(BY_NAME)
    for word in unwanted:
        free = {rule.name for rule in _named(word) if not rule.required}
        if not free:
            message = f"{quoted(word)} can't be ignored, because it always holds. Take it out of --ignore."
            raise UserError(message)
        shown -= free
    shown |= {rule.name for rule in RULES if rule.required}
    kept = tuple(finding for finding in report.findings if finding.rule in shown)
    older = tuple(finding for finding in report.older if finding.rule in shown)
    return report._replace(findings=kept, older=older, left_out=len(report.findings) - len(kept))


def _named(word: str) -> list[Rule]:
    rule, family = find(word), _FAMILY.match(word)
    if rule is not None:
        return [rule]
    rules = [each for each in RULES if family and each.code.startswith(f"KPI{family[1]}")]
    if not rules:
        near = nearest(word, _NAMES)
        advice = "Write a name, a code such as KPI205, or a family such as KPI2."
        raise UserError(f"{quoted(word)} names no rule. {f'Did you mean {near}?' if near else advice}")
    return rules


def apply_ignores(
    findings: Iterable[Finding], comments: tuple[Ignore, ...], held: Collection[str]
) -> tuple[list[Finding], list[tuple[Finding, Ignore]], list[Problem]]:
    """Sort a file's findings into those left to report, and those hidden, with the comment that hides them.

    Also returns what is wrong with the comments. Only one for a rule that checked the whole file, and is `held`, can be unused.
    """
    mistakes = {comment: _mistake(comment) for comment in comments}
    named = {
        comment: [rule.name for rule in map(find, comment.rules) if rule is not None]
        for comment, mistake in mistakes.items()
        if mistake is None
    }
    # Of several comments for a line the first hides.
    covering = {(comment.covers, rule): comment for comment in reversed(named) for rule in named[comment]}
    pairs = [(finding, covering.get((finding.line, finding.rule))) for finding in findings]
    kept = [finding for finding, comment in pairs if comment is None]
    hidden = [(finding, comment) for finding, comment in pairs if comment is not None]
    used = {(comment, finding.rule) for finding, comment in hidden}
    is_sound = not any(finding.severity == ERROR for finding in kept)
    problems = [_problem("bad-ignore", comment, *wrong) for comment, wrong in mistakes.items() if wrong]
    for comment, rules in named.items():
        unused = dict.fromkeys(rule for rule in rules if rule in held and (comment, rule) not in used)
        left = [word for word, rule in zip(comment.rules, rules, strict=True) if rule not in unused]
        before, _, after = comment.text.partition("[")
        text = f"{before}[{', '.join(left)}]{after.partition(']')[2]}" if left else ""
        for rule in unused:
            message = f'This "ignore[{rule}]" no longer hides anything.'
            help_ = "Delete it." if len(comment.rules) == 1 else "Take this rule's name out of it."
            # A mistake may be why nothing is hidden.
            problems.append(_problem("unused-ignore", comment, message, help_, text if is_sound else None))
    return kept, hidden, problems


def _mistake(comment: Ignore) -> tuple[str, str] | None:
    """What is wrong with a comment, and what to do."""
    if not comment.rules:
        return "This ignore comment doesn't say which rule.", "Write: # kpi: ignore[rule-name] the reason"
    for word in comment.rules:
        rule = find(word)
        if rule is None:
            near = nearest(word, _NAMES)
            help_ = f'Did you mean "{near}"?' if near else _USE_ITS_NAME
            return f"{quoted(word)} is not the name of a rule.", help_
        if rule.required:
            return f'"{rule.name}" can\'t be ignored.', "Correct the text, and delete this comment."
    why = f"Say why: # kpi: ignore[{', '.join(comment.rules)}] the reason"
    return None if comment.reason else ("This ignore comment gives no reason.", why)


def _problem(rule: str, comment: Ignore, message: str, help_: str, replacement: str | None = None) -> Problem:
    span = Span(comment.line, comment.column, comment.line, comment.column + len(comment.text), 0, 0)
    return Problem(rule, (), message, help_, replacement, span=span)
