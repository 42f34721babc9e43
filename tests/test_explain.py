"""What an analyst is told about a mistake: `mistakes.txt` has each mistake with the words for it.

A section of that file is a mistake in a small good file: which part is changed, and how. `-field` takes a field out.
`pytest --update` writes the words anew.
"""

import copy
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given

from documents import damaged
from kpi.model.finding import Problem
from kpi.store import schema
from kpi.store.reader import Document, read
from trials import trials

LIST = Path(__file__).parent / "mistakes.txt"

KPI = """\
title: Calls
definition: Share of calls answered in time.
unit: percent
better: higher
measures:
  calls:
    observations: {2022/23: 67}
"""
PLAN = """\
organisation: West Midlands Police
title: Police and Crime Plan
area: wmp
priorities:
  - {id: victims, title: Victims, kpis: [support]}
"""


class Mistake(NamedTuple):
    """One section of the list: which part of a file is changed, and how."""

    part: str
    title: str
    change: str

    @property
    def file(self) -> str:
        """The whole file with the mistake in it."""
        match self.part:
            case "plan":
                return changed(PLAN, self.change)
            case "kpi":
                return changed(KPI, self.change)
            case "measure":
                return KPI.partition("    obs")[0] + indented(
                    changed("observations: {2022/23: 67}\n", self.change), "    "
                )
            case "figure":
                return KPI.replace("{2022/23: 67}", f"\n      2022/23: {self.change}".rstrip(" "))
        first, *rest = self.change.splitlines()
        return f"{KPI}    targets:\n      - {first}\n" + indented(
            "".join(f"{line}\n" for line in rest), "        "
        )


def changed(text: str, change: str) -> str:
    """The text with some fields put in place of those of the same name, or at the end."""
    for field in re.findall(r"^-?([^ \n:]+(?: [^ \n:]+)?):?.*\n?(?:[ ]+.*\n?)*", change, re.MULTILINE):
        text = re.sub(rf"^{re.escape(field)}:.*\n(?: .*\n)*", "", text, flags=re.MULTILINE)
    added = "".join(f"{line}\n" for line in change.splitlines() if not re.match("-[a-z]", line))
    return text + added


def indented(text: str, by: str) -> str:
    return "".join(f"{by}{line}\n" for line in text.splitlines())


def mistakes() -> Iterator[Mistake]:
    for section in LIST.read_text(encoding="utf-8").strip().split("\n\n# "):
        head, _, rest = section.removeprefix("# ").partition("\n")
        part, _, title = head.partition(": ")
        yield Mistake(part, title, rest.partition("→")[0].rstrip("\n"))


MISTAKES = list(mistakes())


@cache
def explained(mistake: Mistake) -> tuple[Document, list[Problem]]:
    document = read(mistake.file.encode())
    assert document.values is not None
    name: schema.Name = "plan" if mistake.part == "plan" else "kpi"
    return document, schema.problems(name, document.values)


def in_words(mistake: Mistake) -> str:
    """The section of the list as it should be."""
    document, problems = explained(mistake)
    lines = [f"# {mistake.part}: {mistake.title}", mistake.change]
    for problem in problems:
        lines += [
            f"→ {problem.rule}: {pointed_at(document, problem)}",
            f"  {problem.message}",
            f"  {problem.help}",
        ]
        if problem.replacement is not None:
            lines.append(f"  instead: {problem.replacement}")
    return "\n".join(lines)


def pointed_at(document: Document, problem: Problem) -> str:
    """The part of the file that the problem points at, on one line."""
    source = document.source(document.span(problem.where, problem.on_key))
    return "the whole file" if not problem.where else " ".join(source.split())


def test_every_mistake_is_told_as_the_list_says(golden: Callable[[Path, str], None]) -> None:
    golden(LIST, "\n\n".join(in_words(mistake) for mistake in MISTAKES) + "\n")


def test_one_mistake_is_told_once() -> None:
    assert [mistake for mistake in MISTAKES if len(explained(mistake)[1]) != 1] == []


def test_a_replacement_mends_its_mistake() -> None:
    for mistake in MISTAKES:
        document, (problem,) = explained(mistake)
        if problem.replacement is None:
            continue
        span = document.span(problem.where, problem.on_key)
        text = document.text[: span.start] + problem.replacement + document.text[span.stop :]
        mended = read(text.encode())
        assert mended.values is not None, mistake
        left = schema.problems("plan" if mistake.part == "plan" else "kpi", mended.values)
        assert problem.message not in [other.message for other in left], mistake
        # At most the value under a mended name is still wrong.
        assert len(left) <= (1 if problem.rule == "unknown-field" else 0), mistake


FORBIDDEN = re.compile(
    r"\b(schema|regex|null|array|mapping|scalar|token|parse|invalid|illegal|exception|cannot)\b",
    re.IGNORECASE,
)


def unfit(problem: Problem) -> list[str]:
    """What in a problem's words is not fit for its readers."""
    sentences = [s for text in (problem.message, problem.help) for s in re.split(r"(?<=[.;:!?]) ", text)]
    wrong = [sentence for sentence in sentences if len(sentence.split()) > 25 or FORBIDDEN.search(sentence)]
    if not problem.help or "\n" in problem.message + problem.help or problem.message[-1] not in ".?":
        wrong.append(problem.message)
    return wrong


def test_the_words_are_plain_and_the_sentences_short() -> None:
    assert [
        words for mistake in MISTAKES for problem in explained(mistake)[1] for words in unfit(problem)
    ] == []


def test_all_mistakes_of_a_file_are_told_at_once() -> None:
    values = read(
        b"""\
titel: Calls
definition: 999
unit: percentage
measures:
  Calls:
    better: up
    observations:
      2022-23: 95%
      2023/24: n/a
    targets:
      - atleast: 90
        by: March 2025
    colour: blue
"""
    ).values
    assert values is not None
    results = {(problem.rule, problem.where[-1]) for problem in schema.problems("kpi", values)}
    assert results == {
        ("unknown-field", "titel"),
        ("wrong-kind", "definition"),
        ("unknown-choice", "unit"),
        ("id-format", "Calls"),
        ("unknown-choice", "better"),
        ("period-format", "2022-23"),
        ("not-a-number", "2022-23"),
        ("not-a-number", "2023/24"),
        ("unknown-field", "atleast"),
        ("period-format", "by"),
        ("unknown-field", "colour"),
    }


def test_a_stray_field_does_not_hide_that_a_target_has_no_bound() -> None:
    values = read(f"{KPI}    targets:\n      - {{unit: percent, source: plan}}\n".encode()).values
    assert values is not None
    assert {problem.rule for problem in schema.problems("kpi", values)} == {"unknown-field", "target-bound"}


def test_a_period_is_explained_with_the_organisations_own_year() -> None:
    values = read(KPI.replace("2022/23", "2022-23").encode()).values
    assert values is not None
    april, january = (schema.problems("kpi", values, starts) for starts in (4, 1))
    assert [problem.replacement for problem in april] == ["2022/23"]
    assert [problem.replacement for problem in january] != ["2022/23"]


def test_a_hundred_unknown_fields_are_all_told() -> None:
    values = read(KPI.encode()).values
    assert values is not None
    many = {f"field {number}": 1 for number in range(100)}
    assert len(schema.problems("kpi", values | many)) == 100


@pytest.mark.parametrize("text", ["x" * 5000, "a\u202eb", "a\nb\x1b[31m", "```", "\u200b"])
def test_hostile_text_is_shown_short_and_harmless(text: str) -> None:
    values: Any = read(KPI.encode()).values
    for change in (
        {text: 1},
        {"unit": text},
        {"owner": text},
        {"sources": text},
        {"no_figures": text},
        {"measures": {text: text}},
    ):
        for problem in schema.problems("kpi", values | change):
            words = problem.message + problem.help
            assert len(words) < 600
            assert not re.search("[\x00-\x1f\u200b\u202e]", words)
            assert not re.search("[\x00-\x1f\u200b\u202e]", problem.replacement or "")


# What is left when the mistakes are taken out.

RECOVERED = [
    ("colour: blue\n", KPI),
    ("unit: percentage\n", KPI.replace("unit: percent\n", "")),
    ("no_figures: {because: withdrawn}\n", KPI),
    ("sources: [plan, 5, charter, 6]\n", KPI + "sources: [plan, charter]\n"),
    ("sources: [plan, plan]\n", KPI + "sources: [plan]\n"),
    ("measures: {calls: {observations: {2022/23: 67, 2023/24: n/a, 2024-25: 3}}}\n", KPI),
    ("measures: {calls: {observations: {2022/23: 67}, targets: [{at_least: x}]}, other: {title: x}}\n", KPI),
    ("measures: {calls: {observations: {2022/23: 67}, no_figures: {because: withdrawn}}}\n", KPI),
    ("definition: 5\n", KPI.replace("Share of calls answered in time.", '""')),
    ("definiton: 5\n-definition\n", KPI.replace("Share of calls answered in time.", '""')),
]


@pytest.mark.parametrize(("change", "left"), RECOVERED, ids=[change.strip() for change, _ in RECOVERED])
def test_only_what_is_wrong_is_taken_out(change: str, left: str) -> None:
    values = read(changed(KPI, change).encode()).values
    assert values is not None
    before = copy.deepcopy(values)
    assert schema.recover("kpi", values, schema.problems("kpi", values)) == read(left.encode()).values
    assert values == before


@pytest.mark.parametrize("text", ["title: Calls\n", "measures: {calls: {title: x}}\n", "no_figures: later\n"])
def test_nothing_is_left_of_a_file_without_anything_to_show(text: str) -> None:
    values = read(text.encode()).values
    assert values is not None
    assert schema.recover("kpi", values, schema.problems("kpi", values)) is None


def test_a_good_file_is_left_as_it_is() -> None:
    values = read(KPI.encode()).values
    assert values is not None
    assert schema.recover("kpi", values, []) == values


def test_a_wrong_figure_of_a_year_is_told_though_it_is_not_the_last() -> None:
    series = {"2022": 1, "2023": True, "2024": 2}
    values = {"title": "Visits", "definition": "Visits.", "measures": {"visits": {"observations": series}}}

    messages = [problem.message for problem in schema.problems("kpi", values)]

    assert '"true" is not a number.' in messages


@trials(300)
@given(damaged())
def test_damage_is_told_in_fit_words_and_can_be_taken_out(document: tuple[schema.Name, Any]) -> None:
    name, values = document
    before = copy.deepcopy(values)
    problems = schema.problems(name, values)
    assert bool(problems) is not schema.is_valid(name, values)
    assert [words for problem in problems for words in unfit(problem)] == []
    left = schema.recover(name, values, problems)
    assert values == before
    if left is not None:
        texts = {
            key: left[key] or "x" for key in ("title", "definition", "organisation", "area") if key in left
        }
        assert schema.is_valid(name, left | texts)
