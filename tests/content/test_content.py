"""The KPI files against the board paper, figure by figure.

`tests/content/paper/` is an independent list of what the paper prints. This test reads the files with a plain YAML library and
has its own way with periods and printed values, so that a mistake in the program can't hide a mistake in the content.
Figures may be added freely that are later than the last that the paper prints of their series, and a figure may be
corrected that is marked `revised`. Whoever adds an earlier one says so here as well.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
KPIS = ROOT / "kpis"
PAPER = ROOT / "tests" / "content" / "paper"

AREAS = {
    "Greater Manchester": "greater-manchester",
    "Merseyside": "merseyside",
    "West Yorkshire": "west-yorkshire",
    "England and Wales": "england-wales",
}
OWN = "WMP"
BOUNDS = ("at_least", "more_than", "at_most", "less_than", "equals", "between", "value")

# Row 47 prints the definitions of four bands where other rows print history: volunteers for each unit, in words here.
BANDS = {
    "> 8 volunteers average per unit": "more than 8 volunteers",
    "5-7 volunteers": "5 to 7 volunteers",
    "2-4 volunteers": "2 to 4 volunteers",
    "<1 volunteer": "fewer than 1 volunteer",
}
# Row 53 prints its time limits inside the labels ("61% within 15m"), not as values of their own.
LIMITS_IN_LABELS = {("53", "p1-median", "at_most", "15m"), ("53", "p2-median", "at_most", "60m")}

Interval = tuple[int, int]
"""First and last month, counted from year 0; the last is included."""

PAPER_ENDS = 12 * 2024
"""January 2024, the last month of the paper's figures, counted in the same way: the end of what the paper has no series of."""


class Figure(NamedTuple):
    row: str
    measure: str
    area: str
    interval: Interval
    value: Decimal


# Reading the files


@cache
def read(path: Path) -> dict[str, Any]:
    values: dict[str, Any] = YAML(typ="safe", pure=True).load(path.read_text("utf-8"))
    return values


@cache
def plan_order() -> tuple[tuple[str, str], ...]:
    actual = []
    for priority in read(KPIS / "plan.yaml")["priorities"]:
        for part in priority.get("objectives", [priority]):
            actual += [(priority["id"], kpi) for kpi in part["kpis"]]
    return tuple(actual)


@cache
def kpi_of_row() -> dict[str, dict[str, Any]]:
    return {
        str(number): read(KPIS / priority / f"{kpi}.yaml")
        for number, (priority, kpi) in enumerate(plan_order(), start=1)
    }


@cache
def kpi_named(name: str) -> dict[str, Any]:
    return next(read(KPIS / priority / f"{kpi}.yaml") for priority, kpi in plan_order() if kpi == name)


def measures_shown(kpi: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Its own measures and those that it shows from other files."""
    actual = dict(kpi.get("measures", {}))
    for address in kpi.get("also_shows", ()):
        home, measure = address.split("/")
        actual[measure] = kpi_named(home)["measures"][measure]
    return actual


def observations_in_files(*, shown: bool) -> Iterator[tuple[str, str, str, str, dict[str, Any]]]:
    """Every observation up to the last that the paper prints of its series: row, measure, area, period and its fields."""
    last: dict[tuple[str, str, str], int] = {}
    for figure in figures_in_paper():
        last[figure[:3]] = max(figure.interval[1], last.get(figure[:3], 0))
    for row, kpi in kpi_of_row().items():
        for name, measure in (measures_shown(kpi) if shown else kpi.get("measures", {})).items():
            series = {OWN: measure.get("observations", {}), **measure.get("peers", {})}
            for area, observations in series.items():
                for period, each in observations.items():
                    if interval(str(period))[1] <= last.get((row, name, area), PAPER_ENDS):
                        yield (
                            row,
                            name,
                            area,
                            str(period),
                            each if isinstance(each, dict) else {"value": each},
                        )


def figures_in_files(*, shown: bool) -> list[Figure]:
    """The figures of the paper's time; for one that was revised since, what the paper had."""
    before = {figure[:4]: figure.value for figure in figures_in_paper()}
    return [
        Figure(
            *at,
            before[at] if "revised" in each.get("marks", ()) and at in before else number(str(each["value"])),
        )
        for row, name, area, period, each in observations_in_files(shown=shown)
        for at in [(row, name, area, interval(period))]
    ]


# Reading the paper


@cache
def paper(name: str) -> tuple[dict[str, str], ...]:
    with (PAPER / name).open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))


def figures_in_paper() -> list[Figure]:
    return [
        Figure(
            item["kpi"],
            item["measure"],
            AREAS.get(item["area"], item["area"]),
            interval(item["period_canonical"]),
            number(item["value_as_printed"]),
        )
        for item in paper("observations.csv")
    ]


def number(printed: str) -> Decimal:
    """A printed value with its digits; times in seconds, commas and units taken off."""
    if time := re.fullmatch(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?", printed):
        hours, minutes, seconds = (int(part or 0) for part in time.groups())
        return Decimal(3600 * hours + 60 * minutes + seconds)
    plain = re.fullmatch(r"([\d,]+(?:\.\d+)?) ?(?:%|kg|g|days|[Ww]eeks)?", printed)
    assert plain, f"{printed!r} is not a number"
    return Decimal(plain[1].replace(",", ""))


def interval(period: str) -> Interval:
    if rolling := re.fullmatch(r"(\d+) months to (\d{4}-\d\d)", period):
        last = _point(rolling[2])[1]
        return last - int(rolling[1]) + 1, last
    first, _, last_point = period.partition(" to ")
    return _point(first)[0], _point(last_point or first)[1]


def _point(text: str) -> Interval:
    if year := re.fullmatch(r"(\d{4})/(\d\d)", text):
        assert (int(year[1]) + 1) % 100 == int(year[2]), text
        april = 12 * int(year[1]) + 3
        return april, april + 11
    if month := re.fullmatch(r"(\d{4})-(\d\d)", text):
        at = 12 * int(month[1]) + int(month[2]) - 1
        return at, at
    january = 12 * int(text)
    return january, january + 11


def references_in_files() -> set[tuple[str, str, str, str]]:
    """Every undated value: (row, measure, what it is, its value as written). Targets relative to a period have none."""
    names = set()
    for row, kpi in kpi_of_row().items():
        for name, measure in kpi.get("measures", {}).items():
            for item in (*measure.get("references", ()), *measure.get("targets", ())):
                for bound in BOUNDS:
                    if bound in item and not isinstance(item[bound], dict):
                        names.add((row, name, bound, str(item[bound])))
    return names


def _as_written(each: dict[str, str]) -> tuple[str, str, str, str]:
    """How a reference value of the paper stands in the files."""
    printed = each["value_as_printed"]
    plain = re.sub(r"%| ?Weeks|,", "", printed)
    if "-" in plain:
        how, plain = "between", f"[{plain.replace('-', ', ')}]"
    elif plain.startswith(">"):
        how, plain = "more_than", plain[1:]
    else:
        how = "at_least" if each["label"] == "Citizens Charter SLA" else "value"
    return each["kpi"], each["measure"], how, plain


# The tests


def test_the_files_hold_every_dated_figure_of_the_paper_and_no_other() -> None:
    in_files, in_paper = Counter(figures_in_files(shown=True)), Counter(figures_in_paper())
    assert (in_paper - in_files, in_files - in_paper) == (Counter(), Counter())
    assert max(in_files.values()) == 1


def test_figures_keep_their_printed_digits() -> None:
    def digits(figures: list[Figure]) -> list[str]:
        return sorted(
            f"{figure.row} {figure.measure} {figure.area} {figure.interval} {figure.value}"
            for figure in figures
        )

    assert digits(figures_in_files(shown=True)) == digits(figures_in_paper())


def test_the_paper_has_355_figures_of_which_349_are_distinct() -> None:
    figures = figures_in_files(shown=True)
    assert len(figures) == 355
    assert sum(figure.area == OWN for figure in figures) == 317
    assert sum(figure.area != OWN for figure in figures) == 38
    assert len(figures_in_files(shown=False)) == 349


def test_every_row_is_one_file_in_the_papers_order() -> None:
    rows = [(item["priority"], item["kpi"]) for item in paper("rows.csv")]
    assert [item["row"] for item in paper("rows.csv")] == [str(number) for number in range(1, 78)]
    assert list(plan_order()) == rows
    files = {(path.parent.name, path.stem) for path in KPIS.glob("*/*.yaml")}
    assert files == set(rows)
    assert len({kpi for _, kpi in rows}) == 77
    assert len(read(KPIS / "plan.yaml")["priorities"]) == 8


def test_measures_stand_in_the_papers_order() -> None:
    """By first mention in a row. Where a measure is shown from another file, only the row's own are compared."""
    for row, kpi in kpi_of_row().items():
        printed = dict.fromkeys(item["measure"] for item in paper("observations.csv") if item["kpi"] == row)
        own = [name for name, measure in kpi.get("measures", {}).items() if "observations" in measure]
        assert own == [name for name in printed if name in own], f"row {row}"


@pytest.mark.parametrize(
    "each",
    [item for item in paper("references.csv") if item["kpi"] != "47"],
    ids=lambda each: each["measure"],
)
def test_an_undated_value_of_the_paper_is_a_target_or_a_reference(each: dict[str, str]) -> None:
    assert _as_written(each) in references_in_files()


@pytest.mark.parametrize(
    "each",
    [item for item in paper("references.csv") if item["kpi"] == "47"],
    ids=lambda each: each["measure"],
)
def test_a_band_is_told_in_the_title_and_the_definition(each: dict[str, str]) -> None:
    kpi = kpi_of_row()["47"]
    words = BANDS[each["value_as_printed"]]
    assert words in kpi["measures"][each["measure"]]["title"]
    assert words.partition(" volunteer")[0] in kpi["definition"]


def test_no_reference_is_invented() -> None:
    """Beside the paper's, files hold only the two limits that it prints in labels, and targets from the plan's wording."""
    in_paper = {_as_written(item) for item in paper("references.csv") if item["kpi"] != "47"}
    assert len(paper("references.csv")) == 15
    assert references_in_files() - in_paper == LIMITS_IN_LABELS | {
        ("1", "new-officers", "at_least", "1200"),
        ("2", "officers", "more_than", "8000"),
        ("4", "neighbourhood-officers-added", "at_least", "450"),
        ("6", "pcsos", "at_least", "464"),
        ("35", "bame-officers-added", "at_least", "1000"),
        ("42", "stop-search-positive-outcome", "at_least", "50"),
    }


def test_targets_against_another_period_are_as_the_plan_words_them() -> None:
    relative = {
        (row, name, bound, str(target[bound]["period"]))
        for row, kpi in kpi_of_row().items()
        for name, measure in measures_shown(kpi).items()
        for target in measure.get("targets", ())
        for bound in BOUNDS
        if isinstance(target.get(bound), dict)
    }
    neighbourhood = ("burglary-residential", "robbery-personal", "vehicle-theft", "theft-from-person")
    assert relative == {
        *(("29", name, "less_than", "2019/20") for name in neighbourhood),
        *(("67", name, "less_than", "2019/20") for name in ("knife-crime", "robbery-personal")),
        ("44", "bwv-stop-search", "at_least", "previous"),
        ("44", "bwv-use-of-force", "at_least", "previous"),
    }


def test_every_target_names_a_source_of_the_plan_and_no_date_that_the_paper_does_not_give() -> None:
    sources = read(KPIS / "plan.yaml")["sources"]
    targets = [
        target
        for kpi in kpi_of_row().values()
        for measure in kpi.get("measures", {}).values()
        for target in measure.get("targets", ())
    ]
    assert len(targets) == 20
    for target in targets:
        assert target["source"] in sources
        assert not {"by", "from", "trajectory", "tolerance"} & set(target)


def test_nine_rows_say_why_they_have_no_figures() -> None:
    reasons = {
        row: (kpi["no_figures"]["because"], kpi["no_figures"].get("body", ""))
        for row, kpi in kpi_of_row().items()
        if "no_figures" in kpi
    }
    assert reasons == {
        "5": ("awaiting-data", ""),
        "9": ("in-words", ""),
        "27": ("monitored-elsewhere", "disproportionality-committee"),
        "51": ("in-development", ""),
        "61": ("monitored-elsewhere", "reducing-reoffending-group"),
        "62": ("monitored-elsewhere", "disproportionality-committee"),
        "64": ("monitored-elsewhere", "spcb-group"),
        "65": ("monitored-elsewhere", "spcb-group"),
        "73": ("monitored-elsewhere", "safer-travel-partnership"),
    }
    rows_with_figures = {item["kpi"] for item in paper("observations.csv")}
    assert set(reasons) == set(kpi_of_row()) - rows_with_figures


def test_every_kpi_names_sources_that_the_plan_lists() -> None:
    sources = set(read(KPIS / "plan.yaml")["sources"])
    used = [name for kpi in kpi_of_row().values() for name in kpi["sources"]]
    assert set(used) <= sources
    assert all(kpi["sources"] for kpi in kpi_of_row().values())
    targets = {"plan", "citizens-charter"}
    assert sources - set(used) == targets


def test_only_these_figures_are_marked_and_each_says_why() -> None:
    marked = {
        (row, name, period): (each["marks"], bool(each.get("note")))
        for row, name, _, period, each in observations_in_files(shown=False)
        if {*each.get("marks", ())} - {"revised"}
    }
    assert marked == {
        ("11", "asb-incidents", "2022/23"): (["break"], True),
        ("13", "da-repeat-suspects", "2022/23"): (["queried"], True),
        ("31", "fraud-judicial-outcomes", "2022/23"): (["queried"], True),
        ("31", "fraud-nfa", "2022/23"): (["queried"], True),
        ("24", "county-lines-disruptions", "2022/23"): (["queried"], True),
        ("36", "workforce-ethnic-minority", "2022-06"): (["queried"], True),
        ("36", "workforce-female", "2023-03"): (["queried"], True),
        ("40", "victim-helped", "2022/23"): (["queried"], True),
        ("40", "victim-understanding", "2022/23"): (["queried"], True),
        ("53", "p2-within-60m", "2024-01"): (["queried"], True),
        ("53", "p2-median", "2024-01"): (["queried"], True),
    }


def test_measure_titles_fit_a_table_and_differ() -> None:
    titles = []
    for kpi in kpi_of_row().values():
        labels = kpi.get("dimensions", {})
        for measure in kpi.get("measures", {}).values():
            crossed = ", ".join(labels[name][at] for name, at in measure.get("is", {}).items())
            titles.append(measure.get("title") or crossed or kpi["title"])
    assert [title for title in titles if len(title) >= 50] == []
    assert [title for title, times in Counter(titles).items() if times > 1] == []
