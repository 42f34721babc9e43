"""Floor 2, telling: the rules, one family a file.

`RULES` is the whole catalogue in the order of the codes. To add a rule, write it in its family's file and name it in that
file's `RULES`; CONTRIBUTING.md has the recipe.
"""

from kpi.rules import fields, files, identity, ignoring, periods, references, series, targets, texts, values
from kpi.rules.rule import Rule

RULES: tuple[Rule, ...] = tuple(
    sorted(
        (
            *files.RULES,
            *fields.RULES,
            *identity.RULES,
            *references.RULES,
            *periods.RULES,
            *values.RULES,
            *targets.RULES,
            *series.RULES,
            *texts.RULES,
            *ignoring.RULES,
        ),
        key=lambda rule: rule.code,
    )
)
BY_NAME: dict[str, Rule] = {rule.name: rule for rule in RULES}


def find(word: str) -> Rule | None:
    """The rule with this name or code, in any case."""
    return BY_NAME.get(word.lower()) or next((rule for rule in RULES if rule.code == word.upper()), None)


def page_of(name: str) -> str:
    """The page about a rule, from the repository's root."""
    return f"docs/rules/{name}.md"
