"""What each checker finds of the planted mistakes: `pytest -m external --update` writes docs/evidence/compared.md anew."""

from collections.abc import Callable, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import pytest

from analyst import Case, Desk, Files, cases, content, verdict
from external.peers import (
    CHECKERS,
    ROOT,
    VERSIONS,
    Answer,
    Said,
    answer,
    npm_program,
    planted_names,
    prepared,
    with_schemas,
)
from external.planted import MISTAKES
from kpi.model.text import display
from kpi.pages.markdown import table

pytestmark = [
    pytest.mark.external,
    pytest.mark.skipif(npm_program("spectral") is None, reason="Spectral is not installed: npm is missing"),
]

MEASURED = "29 November 2026"
INTRODUCTION = """\
# Compared with other checkers

{count} mistakes that analysts really make were planted, one a file, into a good KPI or plan.
Each checker was run over all of them; the files are in `tests/external/planted.py`.
"Found" means that it says anything at all, and nothing of the good file.
"At the right line" means that what it says leads to the line to fix.

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

## Slips on the web page

{slips}

## What each says

A dash means: nothing. "No line" means that no line is named, or another one. Long words are cut.
"""


SLIPS = """\
{count} slips that an analyst made on the web page, on the content of this repository, in `tests/slips/cases.txt`.
Each checker was given the files that a slip touches. "At the line" means that it names a line that the slip changed, or the one beside it.
"Fixed" means that the texts to write instead, put in by the letter, end at the files that were meant; only `kpi lint` has such texts.
What it says of each slip is in `tests/slips/said.txt`. It knows what was there before, as on a pull request.

{table}

Found anywhere, of all: {anywhere}.
In the {legitimate} edits of the list in which nothing is wrong, {wrong}.
"""


class Judged(NamedTuple):
    """What a checker makes of a slip: whether it says anything, whether at the line, and whether what it says fixes it."""

    anywhere: bool
    at_line: bool
    fixed: bool = False


@pytest.fixture(scope="module")
def slips(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Case], Mapping[str, list[Judged]]]:
    """The slips, and what each checker makes of each."""
    base = content()
    if base is None:
        pytest.skip("this clone doesn't have the commit that the slips were made on")
    every = list(cases(base))
    desk = Desk(tmp_path_factory.mktemp("desk"), base)
    judged = {"kpi lint": [_ours(base, case, desk) for case in every]}
    folder = with_schemas(tmp_path_factory.mktemp("slips"))
    kinds: dict[str, list[str]] = {"plan": [], "kpi": []}
    for name, files in (("base", base), *((case.name, _touched(base, case.slip)) for case in every)):
        for path, data in files.items():
            kinds["plan" if path.endswith("/plan.yaml") else "kpi"].append(_flat(name, path))
            (folder / f"{_flat(name, path)}.yaml").write_bytes(data)
    for checker, check in CHECKERS.items():
        if checker not in judged:
            said = check(folder, kinds)
            judged[checker] = [_theirs(base, case, said) for case in every]
    return every, judged


def _ours(base: Files, case: Case, desk: Desk) -> Judged:
    said = desk.said(case)
    lines = {path: _lines_of(base.get(path, b""), data) for path, data in _touched(base, case.slip).items()}
    at_line = any(finding.line in lines.get(finding.path, ()) for finding in said.findings)
    return Judged(bool(said.findings), at_line, verdict(case, said) == "fixed")


def _theirs(base: Files, case: Case, said: Mapping[str, Sequence[Said]]) -> Judged:
    """What another checker makes of a slip. What it says of the file as it was doesn't count."""
    anywhere = at_line = False
    for path, data in _touched(base, case.slip).items():
        before = {item.words for item in said.get(_flat("base", path), ())}
        new = [item for item in said.get(_flat(case.name, path), ()) if item.words not in before]
        anywhere = anywhere or bool(new)
        at_line = at_line or any(item.line in _lines_of(base.get(path, b""), data) for item in new)
    return Judged(anywhere, at_line)


def _flat(name: str, path: str) -> str:
    """The name under which a file of a slip is checked."""
    return f"{name}-{path.removesuffix('.yaml').replace('/', '-').replace('.', '-').replace(' ', '-')}"


def _touched(base: Files, files: Files) -> Files:
    return {path: data for path, data in files.items() if base.get(path) != data}


def _lines_of(before: bytes, after: bytes) -> set[int]:
    """The lines that a slip changed, and those beside them."""
    old, new = (data.decode(errors="replace").split("\n") for data in (before, after))
    changes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return {line for kind, _, _, start, stop in changes if kind != "equal" for line in range(start, stop + 2)}


def slips_table(every: Sequence[Case], judged: Mapping[str, Sequence[Judged]]) -> str:
    """The slips by kind, and whether one file was meant."""
    kinds: dict[str, list[int]] = {}
    for number, case in enumerate(every):
        if not case.is_legitimate:
            kinds.setdefault(case.title.partition("[")[2].partition("]")[0].capitalize(), []).append(number)
    meant, open_ = (
        [
            number
            for numbers in kinds.values()
            for number in numbers
            if (every[number].want is not None) is item
        ]
        for item in (True, False)
    )
    groups = {**dict(sorted(kinds.items())), "All with one file that was meant": meant, "All others": open_}
    rows = [
        (
            kind,
            str(len(numbers)),
            *(str(sum(judged[name][number].at_line for number in numbers)) for name in judged),
            str(sum(judged["kpi lint"][number].fixed for number in numbers)) if kind != "All others" else "–",
        )
        for kind, numbers in groups.items()
    ]
    return table(
        ("Kind of slip", "Slips", *(f"{name}: at the line" for name in judged), "kpi lint: fixed"), rows
    )


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, list[Answer]]:
    """What each checker makes of each mistake."""
    folder = prepared(tmp_path_factory.mktemp("planted"))
    said = {name: check(folder, planted_names()) for name, check in CHECKERS.items()}
    for name, words in said.items():
        assert not words.get("kpi"), (name, "speaks of the good KPI")
        assert not words.get("plan"), (name, "speaks of the good plan")
    return {
        name: [answer(mistake, words.get(f"m{number}", ())) for number, mistake in enumerate(MISTAKES)]
        for name, words in said.items()
    }


def totals(answers: Mapping[str, list[Answer]]) -> str:
    rows = [
        (name, str(sum(item.anywhere for item in given)), str(sum(item.at_line for item in given)))
        for name, given in answers.items()
    ]
    return table(("Checker", f"Found, of {len(MISTAKES)}", "At the right line"), rows)


def cell(each: Answer) -> str:
    """What was said, as code: it isn't ours, and may hold anything."""
    if each.said is None:
        return "–"
    words = display(" ".join(each.said.words.split()), 90).replace("`", "'").replace("|", "\\|")
    return f"{f'Line {each.said.line}' if each.at_line else 'No line'}: `{words}`"


def tables(answers: Mapping[str, list[Answer]]) -> str:
    blocks = []
    for family, group in groupby(enumerate(MISTAKES), key=lambda pair: pair[1].family):
        rows = [
            (mistake.name, *(cell(given[number]) for given in answers.values())) for number, mistake in group
        ]
        blocks.append(f"### {family}\n\n{table(('Mistake', *answers), rows)}")
    return "\n\n".join(blocks)


def slips_words(every: Sequence[Case], judged: Mapping[str, Sequence[Judged]]) -> str:
    """The part of the page about slips."""
    good = [number for number, case in enumerate(every) if case.is_legitimate]
    bad = [number for number, case in enumerate(every) if not case.is_legitimate]
    texts = [f"{name} {sum(given[number].anywhere for number in bad)}" for name, given in judged.items()]
    wrong = [
        f"{name} finds fault with {sum(given[number].anywhere for number in good)}"
        for name, given in judged.items()
    ]
    return SLIPS.format(
        count=len(bad),
        table=slips_table(every, judged),
        anywhere=", ".join(texts),
        legitimate=len(good),
        wrong=", ".join(wrong),
    ).rstrip()


def test_the_page_says_what_was_measured(
    answers: Mapping[str, list[Answer]],
    slips: tuple[list[Case], Mapping[str, list[Judged]]],
    golden: Callable[[Path, str], None],
) -> None:
    versions = ", ".join(f"{name} {VERSIONS[name]()}" for name in answers)
    head = INTRODUCTION.format(
        count=len(MISTAKES),
        totals=totals(answers),
        slips=slips_words(*slips),
        measured=MEASURED,
        versions=versions,
    )

    golden(ROOT / "docs/evidence/compared.md", f"{head}\n{tables(answers)}\n")


def test_our_own_checker_finds_what_all_others_find_together(answers: Mapping[str, list[Answer]]) -> None:
    ours, *others = answers.values()
    missed = [
        mistake.name
        for mistake, mine, *theirs in zip(MISTAKES, ours, *others, strict=True)
        if not mine.at_line and any(their.anywhere for their in theirs)
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
