"""`kpi lint` as a command: its exit codes, its paths, and that nothing checked is never green."""

import json
import re
from pathlib import Path

import pytest

from running import Kpi
from small import HOURS, PLAN, SATISFACTION, edited, written


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return written(tmp_path)


def test_lint_of_a_clean_repository_ends_with_0(kpi: Kpi, root: Path) -> None:
    del root
    assert kpi("lint") == (0, "Nothing to fix. 8 files checked; 1 finding ignored with a reason.\n", "")


WITHOUT_SOURCE = edited(HOURS, "tolerance: 5%, source: library-plan", "tolerance: 5%")


@pytest.mark.parametrize(
    ("changed", "options", "code"),
    [
        ({"opening_hours": WITHOUT_SOURCE}, [], 0),
        ({"opening_hours": WITHOUT_SOURCE}, ["--strict"], 1),
        ({"satisfaction": edited(SATISFACTION, "2023: 81", "2023: 810")}, [], 1),
        ({"satisfaction": "a: [\n"}, [], 1),
        ({"plan": ""}, [], 1),
    ],
)
@pytest.mark.parametrize("form", ["text", "concise", "json"])
def test_lint_ends_with_1_where_something_must_be_mended(
    kpi: Kpi, tmp_path: Path, changed: dict[str, str], options: list[str], code: int, form: str
) -> None:
    written(tmp_path, None, **changed)
    done = kpi("lint", "--format", form, *options)

    assert (done.code, done.err) == (code, "")
    assert done.out


@pytest.mark.parametrize("inside", [[], ["kpis/people/notes.md"]])
def test_lint_of_nothing_is_never_green(kpi: Kpi, tmp_path: Path, inside: list[str]) -> None:
    (tmp_path / "kpis" / "people").mkdir(parents=True)
    for path in inside:
        (tmp_path / path).touch()

    assert kpi("lint") == (
        2,
        "",
        "kpi: Nothing was found to check: kpis/ holds no plan and no KPI file. Begin with kpi init.\n",
    )


def test_a_plan_without_its_files_is_not_green_either(kpi: Kpi, tmp_path: Path) -> None:
    written(tmp_path, {"kpis/plan.yaml": PLAN})
    done = kpi("lint", "--format", "concise")

    assert done.code == 1
    assert done.out.count("not-in-plan: There is no file for") == 7


def test_lint_reports_only_on_the_paths_it_is_given(kpi: Kpi, tmp_path: Path) -> None:
    wrong = edited(SATISFACTION, "2023: 81", "2023: 810")
    written(tmp_path, satisfaction=wrong, opening_hours=edited(HOURS, "[loans/books]", "[loans/boks]"))

    def rules(*paths: str | Path) -> tuple[int, list[str]]:
        done = kpi("lint", "--format", "json", *paths)
        return done.code, [item["rule"] for item in json.loads(done.out)["findings"]]

    assert rules() == (1, ["percent-range", "unknown-reference"])
    assert rules("kpis/people") == rules("kpis/people/satisfaction.yaml") == (1, ["percent-range"])
    assert rules("kpis/reading/../people/satisfaction.yaml") == (1, ["percent-range"])
    assert rules(tmp_path / "kpis" / "reading") == rules("./kpis/reading/") == (1, ["unknown-reference"])
    assert rules("kpis/reading/loans.yaml", "kpis/plan.yaml") == (0, [])
    assert rules(".") == rules("kpis") == rules()


def test_the_day_can_be_given_for_the_rules_that_look_at_the_calendar(kpi: Kpi, root: Path) -> None:
    del root

    assert kpi("lint", "--as-of", "2024-06-01").code == 0
    assert "future-period" in kpi("lint", "--as-of", "2024-02-15", "--format", "concise").out


@pytest.mark.parametrize(
    ("options", "environment", "expected"),
    [
        ([], {}, False),
        ([], {"FORCE_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (["--color", "always"], {"NO_COLOR": "1"}, True),
        (["--color", "never"], {"FORCE_COLOR": "1"}, False),
    ],
)
def test_colour_is_an_extra_that_leaves_the_words_as_they_are(
    kpi: Kpi,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: list[str],
    environment: dict[str, str],
    expected: bool,
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    written(tmp_path, None, satisfaction=edited(SATISFACTION, "2023: 81", "2023: 810"))
    plain = kpi("lint", "--color", "never").out
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    output = kpi("lint", *options).out

    assert ("\x1b[31merror\x1b[0m" in output) is expected
    assert re.sub(r"\x1b\[[0-9]+m", "", output) == plain
