"""Which rules count: how severe the plan makes each, and which are reported by `--select` and `--ignore`."""

import re
from collections.abc import Iterable, Iterator

from kpi.lint.report import Report
from kpi.model.errors import UserError
from kpi.model.finding import Problem
from kpi.model.plan import Plan
from kpi.model.text import nearest, quoted
from kpi.rules import BY_NAME, RULES, find
from kpi.rules.rule import Rule

_FAMILY = re.compile(r"(?:KPI)?([1-9][0-9]?)X{0,2}\Z", re.IGNORECASE)
"""A family of rules by the start of its codes: `KPI7`, `7xx`."""

_RESTS_ON = {
    "priorities": "not-in-plan",
    **dict.fromkeys(("areas", "sources", "bodies", "owners"), "unknown-reference"),
}
"""The rule that can't be trusted while this part of the plan is wrong."""


def severities(plan: Plan) -> dict[str, str]:
    """Each rule's severity, with the plan's own choices; required rules keep theirs."""
    chosen = {rule.name: rule.severity for rule in RULES}
    for word, severity in plan.lint.items():
        rule = find(word)
        if rule is not None and not rule.required:
            chosen[rule.name] = severity
    return chosen


def setting_problems(plan: Plan) -> Iterator[Problem]:
    """What is wrong with the plan's own choices: a rule that doesn't exist, or one that keeps its severity."""
    for word, severity in plan.lint.items():
        rule = find(word)
        if rule is None:
            near = nearest(word, BY_NAME)
            message = f'There is no rule called "{word}".'
            help_ = f'Did you mean "{near}"?' if near else "Use the rule's name as the messages give it."
            yield Problem("rule-setting", ("lint", word), message, help_, near, on_key=True)
        elif rule.required and severity != rule.severity:
            message = f'The rule "{rule.name}" always stays an {rule.severity}, whatever the plan says.'
            yield Problem("rule-setting", ("lint", word), message, "Take this line out.", on_key=True)


def resting_on(problem: Problem) -> str:
    """The rule that can't be applied until this problem of the plan is fixed; empty if there is none."""
    field = str(problem.where[0]) if problem.where else ""
    misspelt = len(problem.where) == 1 and problem.rule == "unknown-field"
    return _RESTS_ON.get(field, "unknown-reference" if misspelt else "")


def selected(report: Report, select: Iterable[str], ignore: Iterable[str]) -> Report:
    """The part of a report that is about some rules; what was left out is counted.

    Required rules stay in it: a file that can't be read was not checked by the selected ones.

    Args:
        report: what was found.
        select: the words of `--select`; without any all rules are reported.
        ignore: the words of `--ignore`.

    Raises:
        UserError: if a word names no rule, or if `--ignore` names a required one.
    """
    wanted = {rule.name for word in select for rule in _named(word)} or set(BY_NAME)
    unwanted = {rule.name for word in ignore for rule in _ignored(word)}
    always = {rule.name for rule in RULES if rule.required}
    shown = (wanted - unwanted) | always
    kept = tuple(finding for finding in report.findings if finding.rule in shown)
    older = tuple(finding for finding in report.older if finding.rule in shown)
    return report._replace(findings=kept, older=older, left_out=len(report.findings) - len(kept))


def words(given: Iterable[str]) -> list[str]:
    """The words of an option that may be repeated, and that takes several with commas between them."""
    return [word.strip() for text in given for word in text.split(",") if word.strip()]


def _named(word: str) -> tuple[Rule, ...]:
    """The rules that a word names.

    Raises:
        UserError: if there are none.
    """
    rule, family = find(word), _FAMILY.match(word)
    if rule is not None:
        return (rule,)
    rules = tuple(each for each in RULES if family and each.code.startswith(f"KPI{family[1]}"))
    if not rules:
        near = nearest(word, [*BY_NAME, *(each.code for each in RULES)])
        advice = (
            f"Did you mean {near}?"
            if near
            else "Write a name, a code such as KPI205, or a family such as KPI2."
        )
        raise UserError(f"{quoted(word)} names no rule. {advice}")
    return rules


def _ignored(word: str) -> tuple[Rule, ...]:
    """The rules that a word of `--ignore` names; of a family, those that may be left out."""
    rules = _named(word)
    free = tuple(rule for rule in rules if not rule.required)
    if not free:
        raise UserError(f"{quoted(word)} can't be ignored, because it always holds. Take it out of --ignore.")
    return free
