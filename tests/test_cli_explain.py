"""`kpi explain`: rules, fields and words by every name that people have for them."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from kpi.manual.answer import WIDTH
from kpi.manual.field import KPI_CHAPTERS, PLAN_CHAPTERS, explain_name, list_places, names, overview, sections
from kpi.rules import RULES, families
from kpi.store.schema import load
from running import Kpi
from test_cli import surroundings
from test_rules import FORBIDDEN

PLACES = list_places({"kpi": load("kpi"), "plan": load("plan")})


def headed(text: str) -> list[str]:
    """The first lines of what is said: a name and where it stands."""
    return re.findall(r"^(.+ in (?:a KPI file|kpis/plan\.yaml).*)$", text, re.MULTILINE)


# Rules.


@pytest.mark.parametrize("name", ["outlier-jump", "KPI701", "kpi701", "Outlier-Jump"])
def test_a_rule_is_explained_by_its_name_and_its_code_in_any_case(kpi: Kpi, name: str) -> None:
    done = kpi("explain", name)

    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("outlier-jump\n\nCode: KPI701\nSeverity: warning\n")
    assert "2022/23: 912  # ← here\n" in done.out
    assert "2022/23 jumps from 88 to 912" in done.out
    assert "# kpi: ignore[outlier-jump] the reason\n" in done.out


def test_every_rule_can_be_explained_outside_a_repository(kpi: Kpi) -> None:
    for rule in RULES:
        done = kpi("explain", rule.name)

        assert (done.code, done.err) == (0, ""), rule.name


# Fields.


def test_every_field_is_explained_with_its_meaning_and_an_example() -> None:
    for place in PLACES:
        path = "/".join((place.file, *place.trails[0], place.field.name))
        result = " ".join(explain_name(PLACES, path).replace("`", "").split())

        assert place.field.meaning in result, path
        assert place.field.examples[0] in result, path
        assert all(word in result for word in place.words), path


@pytest.mark.parametrize("name", ["kpi", "plan"])
def test_every_field_of_the_manual_has_a_place(name: str) -> None:
    chapters = KPI_CHAPTERS if name == "kpi" else PLAN_CHAPTERS
    fields = {
        field
        for section in sections(load("kpi" if name == "kpi" else "plan"), chapters)
        for field in section.fields
    }

    assert {place.field for place in PLACES if place.file == name} == fields
    assert all(place.trails for place in PLACES)


@pytest.mark.parametrize(
    ("wanted", "places"),
    [
        ("unit", ["unit in a KPI file (at the top, measures)"]),
        ("targets.at_least", ["at_least in a KPI file (measures › targets)"]),
        ("measures/…/marks", ["marks in a KPI file (measures › observations, measures › peers)"]),
        ("measures › calls-999 › targets › by", ["by in a KPI file (measures › targets)"]),
        ("plan.areas", ["areas in kpis/plan.yaml"]),
        ("priorities.title", ["title in kpis/plan.yaml (priorities)", "title in kpis/plan.yaml (priorities › objectives)"]),
        ("objectives.title", ["title in kpis/plan.yaml (priorities › objectives)"]),
        ("kpi.title", ["title in a KPI file", "title in a KPI file (measures)"]),
        ("At-Least", ["at_least in a KPI file (measures › targets)", "at_least in a KPI file (measures › references)"]),
        ("provisional", ["provisional in a KPI file (measures › observations › marks, measures › peers › marks)"]),
        ("monthly", ["monthly in a KPI file (frequency, measures › frequency)"]),
        ("not due", ["not due in kpis/plan.yaml (status › words)"]),
        ("source", ["source in a KPI file (measures › targets)"]),
        ("amber.near", ["near in kpis/plan.yaml (status › amber)"]),
        ("title.unit", []),
        ("plan.measures", []),
        ("", []),
    ],
)  # fmt: skip
def test_a_name_or_a_path_leads_to_each_of_its_places(wanted: str, places: list[str]) -> None:
    assert headed(explain_name(PLACES, wanted)) == places


def test_a_name_that_stands_in_many_places_is_told_for_each() -> None:
    result = explain_name(PLACES, "title")

    assert len(headed(result)) == 8
    assert "The KPI's name as readers see it" in result
    assert "What the source is called." in result


def test_a_field_is_said_to_combine_with_the_fields_beside_it_and_no_others() -> None:
    of_target, of_reference = (
        " ".join(explain_name(PLACES, f"{around}.at_least").replace("`", "").split())
        for around in ("targets", "references")
    )

    assert "between, equals and in_words is needed." in of_target
    assert "Exactly one of value, at_least," in of_reference
    assert "At least one of measures, also_shows and no_figures" in explain_name(
        PLACES, "no_figures"
    ).replace("`", "")


def test_the_words_that_a_field_takes_are_told_with_their_meanings(kpi: Kpi) -> None:
    whole = kpi("explain", "marks").out

    assert re.search(r"^  provisional +May still change\.$", whole, re.MULTILINE)
    assert re.search(r"^  suppressed +Kept back", whole, re.MULTILINE)
    assert kpi("explain", "better").out.count("`{near: 1}`") == 1


def test_everything_that_is_said_fits_the_terminal_and_is_plain() -> None:
    for name in names(PLACES):
        for line in explain_name(PLACES, name).split("\n"):
            assert len(line) <= WIDTH + 20 or line.startswith("    "), line
            assert not FORBIDDEN.search(line), line


# The overview.


def test_without_a_name_all_rules_and_fields_are_listed(kpi: Kpi) -> None:
    done = kpi("explain")
    listed = {*re.split(r"[\s,:]+", done.out)}

    assert (done.code, done.err) == (0, "")
    assert {rule.name for rule in RULES} <= listed
    assert {place.field.name for place in PLACES if " " not in place.field.name} <= listed
    assert done.out == overview(PLACES, families())


# As an installed program.


def test_explaining_a_rule_loads_no_reader_and_no_validator() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "kpi", "explain", "stale"],
        env=surroundings(),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.split("\n")}

    assert "kpi.manual.answer" in loaded
    assert not {"jsonschema", "jsonschema_rs", "kpi.manual.field", "kpi.lint.engine", "json"} & loaded


def test_a_program_without_its_examples_says_so(
    kpi: Kpi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kpi.cli.explain._PLACES", (tmp_path / "gone",))

    assert kpi("explain", "stale") == (
        3,
        "",
        "kpi: The rules' examples are missing from the program. Install the program again.\n",
    )
