"""What each checker finds of the planted mistakes: `pytest -m external --update` writes docs/compared.md anew."""

from collections.abc import Callable, Mapping
from itertools import groupby
from pathlib import Path

import pytest

from external.peers import CHECKERS, ROOT, VERSIONS, Answer, answer, npm_program, prepared
from external.planted import MISTAKES
from kpi.model.text import display
from kpi.pages.markdown import table

pytestmark = [
    pytest.mark.external,
    pytest.mark.skipif(npm_program("spectral") is None, reason="Spectral is not installed: npm is missing"),
]

MEASURED = "26 November 2026"
INTRODUCTION = """\
# Compared with other checkers

{count} mistakes that analysts really make were planted, one a file, into a good KPI or plan.
Each checker was run over all of them; the files are in `tests/external/planted.py`.
"Found" means that it says anything at all, and nothing of the good file.
"At the right line" means that what it says leads to the line to mend.

{totals}

Measured on {measured}, with {versions}.
`make test-external` measures again, and fails where this page says something else.

Each was set up as its own guide recommends, and in its favour:

- check-jsonschema and Spectral were given the schemas of this repository, which took most of the work.
- check-jsonschema names the field, not the line. The line of that field counts as its line.
- Spectral was given the schemas without their words for editors. Its validator understands those differently, and would lose the lines.
- yamllint has its default rules, and those beyond them that look at figures. Two were switched off that speak of every file here.

The others are made for any YAML or JSON, and a schema can't add up or look into another file.
What they are better at: check-jsonschema and Spectral check any format, and yamllint knows many matters of style that we leave alone.

## What each says

A dash means: nothing. "No line" means that no line is named, or another one. Long words are cut.
"""


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, list[Answer]]:
    """What each checker makes of each mistake."""
    folder = prepared(tmp_path_factory.mktemp("planted"))
    said = {name: check(folder) for name, check in CHECKERS.items()}
    for name, words in said.items():
        assert not words.get("kpi"), (name, "speaks of the good KPI")
        assert not words.get("plan"), (name, "speaks of the good plan")
    return {
        name: [answer(mistake, words.get(f"m{number}", ())) for number, mistake in enumerate(MISTAKES)]
        for name, words in said.items()
    }


def totals(answers: Mapping[str, list[Answer]]) -> str:
    rows = [
        (name, str(sum(one.found for one in given)), str(sum(one.at_line for one in given)))
        for name, given in answers.items()
    ]
    return table(("Checker", f"Found, of {len(MISTAKES)}", "At the right line"), rows)


def cell(one: Answer) -> str:
    """What was said, as code: it isn't ours, and may hold anything."""
    if one.said is None:
        return "–"
    words = display(" ".join(one.said.words.split()), 90).replace("`", "'").replace("|", "\\|")
    return f"{f'Line {one.said.line}' if one.at_line else 'No line'}: `{words}`"


def tables(answers: Mapping[str, list[Answer]]) -> str:
    blocks = []
    for family, group in groupby(enumerate(MISTAKES), key=lambda pair: pair[1].family):
        rows = [
            (mistake.name, *(cell(given[number]) for given in answers.values())) for number, mistake in group
        ]
        blocks.append(f"### {family}\n\n{table(('Mistake', *answers), rows)}")
    return "\n\n".join(blocks)


def test_the_page_says_what_was_measured(
    answers: Mapping[str, list[Answer]], golden: Callable[[Path, str], None]
) -> None:
    versions = ", ".join(f"{name} {VERSIONS[name]()}" for name in answers)
    head = INTRODUCTION.format(
        count=len(MISTAKES), totals=totals(answers), measured=MEASURED, versions=versions
    )

    golden(ROOT / "docs/compared.md", f"{head}\n{tables(answers)}\n")


def test_our_own_checker_finds_what_all_others_find_together(answers: Mapping[str, list[Answer]]) -> None:
    ours, *others = answers.values()
    missed = [
        mistake.name
        for mistake, mine, *theirs in zip(MISTAKES, ours, *others, strict=True)
        if not mine.at_line and any(one.found for one in theirs)
    ]

    assert missed == []


def test_every_planted_file_is_another_one_with_a_line_to_mend() -> None:
    assert (
        len({mistake.text for mistake in MISTAKES})
        == len({mistake.name for mistake in MISTAKES})
        == len(MISTAKES)
    )
    assert all(0 < mistake.line <= len(mistake.text.splitlines()) for mistake in MISTAKES)
    assert len(MISTAKES) >= 40
