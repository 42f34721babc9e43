"""Family 9xx: what is passed over, by an ignore comment or by the plan. `lint/ignores`, which knows what was ignored, finds the first two."""

from collections.abc import Iterator

from kpi.model.finding import ERROR, WARNING, Problem
from kpi.model.plan import Plan
from kpi.model.text import nearest
from kpi.rules.rule import SAFE, UNSAFE, about_plan, raised


@about_plan("KPI903", "rule-setting", ERROR, required=True, fix=UNSAFE)
def rule_setting(plan: Plan) -> Iterator[Problem]:
    """Under `lint:` the plan names a rule that doesn't exist, or one that always stays an error."""
    from kpi.rules import BY_NAME, find

    for word, severity in plan.lint.items():
        rule = find(word)
        if rule is None:
            near = nearest(word, BY_NAME)
            help_ = f'Did you mean "{near}"?' if near else "Use the rule's name as the messages give it."
            yield Problem(
                rule_setting.name,
                ("lint", word),
                f'There is no rule called "{word}".',
                help_,
                near,
                on_key=True,
            )
        elif rule.required and severity != rule.severity:
            message = f'The rule "{rule.name}" always stays an {rule.severity}, whatever the plan says.'
            yield Problem(rule_setting.name, ("lint", word), message, "Take this line out.", on_key=True)


RULES = (
    raised(
        "KPI901",
        "unused-ignore",
        WARNING,
        "An ignore comment that hides nothing any more. Delete it.",
        fix=SAFE,
    ),
    raised(
        "KPI902",
        "bad-ignore",
        ERROR,
        "An ignore comment names no rule, a rule that can't be ignored, or gives no reason.",
        required=True,
    ),
    rule_setting,
)
