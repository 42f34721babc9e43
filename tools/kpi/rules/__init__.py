"""Floor 2, telling: the rules, one family a file.

Whatever is declared as a rule in a family's file is one; CONTRIBUTING.md has the recipe.
"""

from collections.abc import Iterator

from kpi.rules import changes, files, identity, periods, references, series, targets, texts, values
from kpi.rules.rule import Rule

_FAMILIES = (files, identity, references, periods, values, targets, series, texts, changes)
_DECLARED = {value for family in _FAMILIES for value in vars(family).values() if isinstance(value, Rule)}
RULES: tuple[Rule, ...] = tuple(sorted({*files.RAISED, *_DECLARED}, key=lambda rule: rule.code))
"""The whole catalogue in the order of the codes."""
BY_NAME: dict[str, Rule] = {rule.name: rule for rule in RULES}


def find(word: str) -> Rule | None:
    """The rule with this name or code, in any case."""
    return BY_NAME.get(word.lower()) or next((rule for rule in RULES if rule.code == word.upper()), None)


FAMILIES = {
    "1": "The file and its YAML",
    "2": "Fields",
    "3": "Identity, the plan and references",
    "4": "Periods",
    "5": "Values",
    "6": "Targets",
    "7": "How a series runs",
    "8": "Texts and sources, and what a change does",
    "9": "What is ignored",
}
"""What each family is about, by the first digit of its codes."""


def families() -> Iterator[tuple[str, tuple[Rule, ...]]]:
    """Each family's subject and rules, in the order of the codes."""
    for digit, subject in FAMILIES.items():
        yield subject, tuple(rule for rule in RULES if rule.code[3] == digit)


def page_of(name: str) -> str:
    """The page about a rule, from the repository's root."""
    return f"docs/rules/{name}.md"
