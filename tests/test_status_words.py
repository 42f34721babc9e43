"""The plan's own words for statuses mean what the statuses do: `missed: On track` is an error."""

from datetime import date
from pathlib import Path

import pytest

from kpi.judge.state import STATES
from kpi.lint.engine import lint
from small import FILES, PLAN, edited, written


def messages(root: Path, words: str) -> list[str]:
    """What the rule says of a plan with these words."""
    plan = edited(PLAN, "status: {words: {missed: off target}}", f"status: {{words: {{{words}}}}}")
    written(root, FILES | {"kpis/plan.yaml": plan})
    report = lint(root, date(2024, 6, 1))
    assert not [
        finding
        for finding in report.findings
        if finding.rule in {"yaml-syntax", "unknown-field", "wrong-kind"}
    ]
    return [
        f"{finding.message} {finding.help}" for finding in report.findings if finding.rule == "status-words"
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("met: Missed", '"Missed" is what "missed" is called, and here it stands for "met".'),
        ("missed: On track", '"On track" says that all goes as planned, and here it stands for "missed".'),
        ("missed: still broadly on track", '"still broadly on track" says that all goes as planned'),
        ("missed: ON  TARGET", "says that the target is met"),
        ("missed: Target met", '"Target met" says that the target is met'),
        ("missed: Achieved!", '"Achieved!" says that the target is met'),
        ("missed: mostly met", '"mostly met" says that the target is met'),
        ("missed: nearly", "says that the target is nearly met"),
        ("missed: amber", "says that the target is nearly met"),
        ("missed: in progress", "says that there is still time"),
        ("missed: not known", "says that nothing is known"),
        ("near: red", "says that the target is missed"),
        ("missed: no target", '"no target" is what "no target" is called'),
        ("missed: monitored elsewhere", 'is what "elsewhere" is called'),
        ("missed: improving", "says that the trend is good"),
        ("met: off track", "says that the target is not met"),
        ("met: not achieved", "says that the target is not met"),
        ("met: failed", "says that the target is missed"),
        ("near: on target", "says that the target is met"),
        ("near: Met", '"Met" is what "met" is called'),
        ("not due: achieved", "says that the target is met"),
        ("short: on track", "says that all goes as planned"),
        ("no data: green", "says that the target is met"),
        ("no data: missed", '"missed" is what "missed" is called'),
        ("no target: fine", "says that the target is met"),
        ("in words: withdrawn", 'is what "withdrawn" is called'),
        ("missed: 🟢 missed", "holds a symbol or no letters"),
        ("met: ✅", "holds a symbol or no letters"),
        ('missed: "–"', "holds a symbol or no letters"),
    ],
)  # fmt: skip
def test_a_word_that_means_another_status_is_an_error(tmp_path: Path, words: str, said: str) -> None:
    (item,) = messages(tmp_path, words)

    state = words.partition(":")[0]
    assert said in item
    assert item.endswith(f'Write a word that means the same as "{STATES[state].word}", or take the line out.')


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            "no data: to follow, awaiting data: To follow",
            '"To follow" stands for "no data" and for "awaiting data".',
        ),
        ("near: so-so, short: so so", '"so so" stands for "near" and for "short".'),
    ],
)
def test_two_statuses_never_have_one_word(tmp_path: Path, words: str, said: str) -> None:
    (item,) = messages(tmp_path, words)

    assert item.startswith(f"{said} Nobody could tell them apart.")


def test_swapped_words_are_told_at_both_places(tmp_path: Path) -> None:
    assert len(messages(tmp_path, "met: missed, missed: met")) == 2
    assert len(messages(tmp_path, "near: missed, missed: off target")) == 1


@pytest.mark.parametrize(
    "words",
    [
        "met: on target, near: nearly, missed: off target, not due: on its way",
        "short: 'below target, no date set', no target: no target set, no data: not known",
        "elsewhere: followed elsewhere, in words: in words only, awaiting data: figures to come",
        "in development: being developed, withdrawn: no longer measured",
        "met: Achieved, missed: Not achieved, near: Nearly achieved, not due: On track",
        "met: Compliant, missed: In breach, near: Mostly met",
        "met: Ziel erreicht, missed: Ziel verfehlt, near: knapp",
        "met: on track, missed: off track, near: at risk",
        ", ".join(f"{state}: '{STATES[state].word}'" for state in STATES),
        ", ".join(f"{state}: '{state.upper()}'" for state in STATES),
    ],
)
def test_words_that_mean_the_same_are_welcome(tmp_path: Path, words: str) -> None:
    assert messages(tmp_path, words) == []
