"""Family 9xx: what is ignored, by an ignore comment or by the plan. `lint/report` finds it."""

from kpi.model.finding import ERROR, WARNING
from kpi.rules.rule import SAFE, UNSAFE, raised


@raised("KPI901", "unused-ignore", WARNING, fix=SAFE)
def unused_ignore() -> None:
    """An ignore comment no longer hides anything.

    It would hide the next mistake on its line, which nobody has looked at.

    Delete it, or take the rule's name out of it.
    """


@raised("KPI902", "bad-ignore", ERROR, required=True)
def bad_ignore() -> None:
    """An ignore comment names no rule, names one that can't be ignored, or gives no reason.

    It hides nothing, and readers can't learn why the figure was accepted.

    Write the rule's name in the brackets and the reason after them: `# kpi: ignore[rule-name] the reason`.
    """


@raised("KPI903", "rule-setting", ERROR, required=True, fix=UNSAFE)
def rule_setting() -> None:
    """Under `lint:` the plan names a rule that doesn't exist, or one that always stays an error.

    The setting does nothing, and whoever wrote it believes that it does.

    Correct the name, or take the line out.
    """
