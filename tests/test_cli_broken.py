"""What the commands do with a repository that can't be used as it is."""

import re
from pathlib import Path

import pytest

from running import Kpi
from small import FILES, LOANS, PLAN, SATISFACTION, VISITS, edited, written


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return written(tmp_path)


BROKEN = {
    "syntax": {"kpis/people/satisfaction.yaml": "a: [\n"},
    "a field": {"kpis/people/satisfaction.yaml": edited(SATISFACTION, "better: higher", "beter: higher")},
    "a period": {"kpis/people/satisfaction.yaml": edited(SATISFACTION, "2022: 75", "2022-23: 75")},
    "an odd name": {"kpis/people/Satis faction.yaml": SATISFACTION},
    "the plan": {"kpis/plan.yaml": edited(PLAN, "title: People", "tittle: People")},
    "a file no page would show": {"kpis/people/extra.yaml": VISITS},
    "a listed file that is not there": {"kpis/plan.yaml": edited(PLAN, "school-links", "school-lynks")},
    "one id twice": {"kpis/people/loans.yaml": LOANS},
    "a page's name": {
        "kpis/plan.yaml": edited(PLAN, "- id: people", "- id: breaches"),
        **{
            path.replace("/people/", "/breaches/"): text for path, text in FILES.items() if "/people/" in path
        },
    },
}


@pytest.mark.parametrize("files", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize(
    "command",
    [["build"], ["build", "--check"], ["breaches"], ["export"], ["export", "--output", "out.csv"], ["paper"]],
    ids=" ".join,
)
def test_a_scorecard_of_which_a_part_is_missing_is_not_told(
    kpi: Kpi, root: Path, command: list[str], files: dict[str, str]
) -> None:
    written(root, files)
    done = kpi(*command)

    assert (done.code, done.out) == (1, "")
    assert re.match(r"kpi: kpis/\S.* has \d+ errors?\.\n", done.err)
    assert done.err.endswith("kpi: Nothing was done. Run kpi lint to see what to fix.\n")
    assert {path.name for path in root.iterdir()} == {"kpis"}


@pytest.mark.parametrize("files", BROKEN.values(), ids=BROKEN)
def test_lint_tells_whatever_stops_the_others(kpi: Kpi, root: Path, files: dict[str, str]) -> None:
    written(root, files)

    assert kpi("lint").code == 1


def test_mistakes_that_leave_nothing_out_stop_nothing(kpi: Kpi, root: Path) -> None:
    written(root, {"kpis/people/satisfaction.yaml": edited(SATISFACTION, "2023: 81", "2023: 810")})

    assert kpi("lint").code == 1
    assert kpi("build").code == kpi("breaches").code == kpi("export").code == 0


def test_list_and_show_go_on_and_warn(kpi: Kpi, root: Path) -> None:
    written(root, {"kpis/people/satisfaction.yaml": edited(SATISFACTION, "2022: 75", "2022-23: 75")})

    assert (
        kpi("list").err
        == "kpi: kpis/people/satisfaction.yaml has errors and may be missing here. Run kpi lint.\n"
    )
    assert kpi("list").code == 0
    assert (
        kpi("show", "satisfaction").err
        == "kpi: kpis/people/satisfaction.yaml has errors; not all of it is shown. Run kpi lint.\n"
    )
    assert "81%" in kpi("show", "satisfaction").out
    assert kpi("show", "loans").err == ""
    assert kpi("list", "-q").err == ""


def test_show_says_of_a_file_that_cannot_be_used_where_it_is(kpi: Kpi, root: Path) -> None:
    written(root, {"kpis/people/satisfaction.yaml": "a: [\n"})

    assert kpi("show", "satisfaction") == (
        2,
        "",
        "kpi: kpis/people/satisfaction.yaml can't be used. Run kpi lint to see why.\n",
    )


def test_show_says_of_a_file_that_the_plan_does_not_list_where_to_look(kpi: Kpi, root: Path) -> None:
    written(root, {"kpis/plan.yaml": edited(PLAN, "satisfaction, staff", "staff")})

    assert kpi("show", "satisfaction") == (
        2,
        "",
        "kpi: kpis/people/satisfaction.yaml can't be used. Run kpi lint to see why.\n",
    )


def test_where_the_plan_is_broken_list_says_so_once(kpi: Kpi, root: Path) -> None:
    written(root, {"kpis/plan.yaml": "a: [\n"})

    assert kpi("list") == (2, "", "kpi: kpis/plan.yaml can't be used. Run kpi lint to see why.\n")


def test_without_a_plan_or_a_kpi_there_is_nothing_to_list(kpi: Kpi, root: Path) -> None:
    (root / "kpis/plan.yaml").unlink()

    assert kpi("list", "-q") == (2, "", "kpi: kpis/plan.yaml is not there yet. kpi init writes one.\n")


@pytest.mark.parametrize("command", [["list"], ["show", "loans"]], ids=" ".join)
def test_where_every_file_is_broken_nobody_is_told_to_begin_one(
    command: list[str], tmp_path: Path, kpi: Kpi
) -> None:
    broken = {path: text if path == "kpis/plan.yaml" else "title: [\n" for path, text in FILES.items()}
    written(tmp_path, broken)
    output = kpi(*command).err

    assert (
        "can be used. Run kpi lint to see why." in output
        or "loans.yaml can't be used. Run kpi lint" in output
    )
    assert "kpi new" not in output
