"""Family 9xx: what is passed over, by an ignore comment or by the plan. `lint/ignores`, which knows what was ignored, finds the first two."""

from collections.abc import Iterator

from kpi.model.finding import ERROR, WARNING, Problem
from kpi.model.plan import Plan
from kpi.model.text import nearest
from kpi.rules.rule import SAFE, UNSAFE, about_plan, raised


@about_plan("KPI903", "rule-setting", ERROR, required=True, fix=UNSAFE)
def rule_setting(plan: Plan) -> Iterator[Problem]:
    """Under `lint:` the plan names a rule that doesn't exist, or one that always stays an error.

    The setting does nothing, and whoever wrote it believes that it does.

    Correct the name, or take the line out.
    """
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
        """An ignore comment hides nothing any more.

        It would hide the next mistake on its line, which nobody has looked at.

        Delete it, or take the rule's name out of it.""",
        fix=SAFE,
    ),
    raised(
        "KPI902",
        "bad-ignore",
        ERROR,
        """An ignore comment names no rule, names one that can't be ignored, or gives no reason.

        It hides nothing, and readers couldn't learn why the figure was let pass.

        Write the rule's name in the brackets and the reason after them: `# kpi: ignore[rule-name] the reason`.""",
        required=True,
    ),
    rule_setting,
)
