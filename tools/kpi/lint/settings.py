"""What the plan sets for lint: how severe each rule is, and which rules depend on a part of it that is wrong."""

from collections.abc import Iterator

from kpi.model.finding import Problem
from kpi.model.plan import Plan
from kpi.model.text import nearest
from kpi.rules import BY_NAME, RULES, find

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
