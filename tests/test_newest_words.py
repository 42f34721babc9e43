"""No verdict on an older figure stands where a newer one can't be judged or is missing: from the file to the page's words."""

import json
from pathlib import Path

import pytest

from judge.examples import judged, targets
from judge.test_target import deciding, judged_on
from kpi.judge.state import MET
from one_measure import fact, kpi_page_of, one_measure, pages_of
from repositories import committed
from running import Kpi

NOT_JUDGED = "What could not be judged"
AT_LEAST_90 = """
unit: percent
better: higher
{more}
targets:
  - {{at_least: 90, source: plan{target}}}
observations:
  {observations}
"""


def answered(observations: str, *, target: str = "", more: str = "kind: average") -> str:
    """A share with a target of 90."""
    return AT_LEAST_90.format(observations=observations.replace("; ", "\n  "), target=target, more=more)


# What can't be compared


@pytest.mark.parametrize(
    ("observations", "reason"),
    [
        pytest.param("2022/23: 95; 2023/24: 91; 2024/25: {value: 70, marks: [break], note: New.}", "not comparable (break)", id="a-break"),
        pytest.param("2022/23 Q1: 90; 2023/24 Q1: 95; 2023/24 Q2: 60", "April to June 2023 is another time of year", id="another-season"),
        pytest.param("2021-01: 80; 2022-01: 95; 2022-02: 60", "January 2022 is another time of year", id="another-month"),
    ],
)  # fmt: skip
def test_a_newest_figure_that_can_not_be_compared_is_no_data_with_the_reason(
    tmp_path: Path, observations: str, reason: str
) -> None:
    fields = answered(observations).replace("at_least: 90", "at_least: {period: previous}")
    pages = pages_of(one_measure(tmp_path, fields, date="2025-06-30"))
    page, front = pages["kpis/calls.md"], pages["README.md"]

    assert fact(page, "Status") == f"No data ({reason})"
    assert NOT_JUDGED in front
    assert not any("Met 🟢" in text for text in pages.values())


def test_another_season_than_the_named_period_s_is_no_data() -> None:
    observations = {"2022/23 Q1": 80, "2023/24 Q1": 95, "2023/24 Q2": 60}
    judgement = judged(targets=targets({"at_least": {"period": "2022/23 Q1"}}), observations=observations)

    assert (judgement.state, deciding(judgement).reason) == (
        "no data",
        "April to June 2022 is another time of year",
    )


# Another length


MONTHS_AFTER_THE_YEAR = """
unit: count
better: lower
targets:
  - {{at_most: {bound}, source: plan{target}}}
observations:
  2021/22: 1200
  2022/23: 1100
  2023-12: 95
  2024-01: 99
"""


@pytest.mark.parametrize(
    ("bound", "target"),
    [("1250", ", over: 12 months"), ("{period: 2021/22}", ""), ("{period: previous}", ", over: 12 months")],
)
def test_months_after_the_year_leave_the_year_s_verdict_with_its_age(
    tmp_path: Path, kpi: Kpi, bound: str, target: str
) -> None:
    fields = MONTHS_AFTER_THE_YEAR.format(bound=bound, target=target)
    pages = pages_of(one_measure(tmp_path, fields, date="2024-02-27"))
    page = pages["kpis/calls.md"]

    assert fact(page, "Status") == "Met 🟢"
    assert fact(page, "Latest") == "1,100 (2022/23), 11 months old"
    assert "Calls: met 🟢\n1,100\nat most" in pages["README.md"]
    assert "Met 🟢; judged on 1,100 (2022/23), 11 months old" in pages["service.md"]
    assert "met, judged on 1,100 (2022/23), 11 months old" in kpi("show", "calls").out


def test_of_a_bound_for_every_length_the_years_stand_while_no_month_has_another_to_compare_with() -> None:
    observations = {"2021/22": 1200, "2022/23": 1100, "2023-12": 95, "2024-01": 99}
    judgement = judged(
        unit="count", better="lower", targets=targets({"at_most": {"period": "previous"}}), observations=observations
    )  # fmt: skip
    assert (judgement.state, judged_on(judgement)) == (MET, "2022/23")


def test_of_a_bound_for_every_length_an_older_month_does_not_stand_for_a_newer_one() -> None:
    observations = {"2022-12": 90, "2023-12": 80, "2024-01": 99}
    judgement = judged(
        unit="count", better="lower", targets=targets({"at_most": {"period": "previous"}}), observations=observations
    )  # fmt: skip
    assert (judgement.state, deciding(judgement).reason) == (
        "no data",
        "December 2023 is another time of year",
    )


# What is missing


@pytest.mark.parametrize("mark", ["not-available", "suppressed", "not-applicable"])
def test_a_period_that_is_marked_as_missing_is_no_data_everywhere(
    tmp_path: Path, kpi: Kpi, mark: str
) -> None:
    pages = pages_of(one_measure(tmp_path, answered(f"2022/23: 95; 2023/24: {{marks: [{mark}]}}")))
    page, front = pages["kpis/calls.md"], pages["README.md"]
    text = f"no figure for 2023/24, which is {mark.replace('-', ' ')}"

    assert fact(page, "Status") == f"No data ({text})"
    assert fact(page, "Target") == "at least 90%"
    assert f"No data: {text}: Calls" in front
    assert NOT_JUDGED in front
    assert "🟢" not in pages["service.md"]
    assert "Status: No data" in kpi("show", "calls").out
    assert f"at least 90%: no data ({text})" in kpi("show", "calls").out
    verdict = json.loads(kpi("export", "--format", "json").out)["kpis"][0]["measures"][0]["judgement"][
        "verdicts"
    ]
    assert [(item["state"], item["period"], item["reason"]) for item in verdict] == [("no data", None, text)]


def test_a_figure_after_it_is_judged_again(tmp_path: Path) -> None:
    fields = answered("2021/22: 95; 2022/23: {marks: [not-available]}; 2023/24: 91")
    assert fact(kpi_page_of(one_measure(tmp_path, fields)), "Status") == "Met 🟢"


def test_a_missing_month_leaves_a_yearly_target_s_verdict_and_a_missing_year_does_not(tmp_path: Path) -> None:
    yearly = ", over: 12 months"
    month = answered("2022/23: 95; 2023-11: 80; 2023-12: {marks: [not-available]}", target=yearly)
    year = answered("2022/23: 95; 2023/24: {marks: [not-available]}; 2024-04: 80", target=yearly)

    month_page = kpi_page_of(one_measure(tmp_path, month))
    assert fact(month_page, "Status") == "Met 🟢"
    assert fact(month_page, "Latest").startswith("95% (2022/23)")
    assert fact(kpi_page_of(one_measure(tmp_path, year)), "Status").startswith(
        "No data (no figure for 2023/24"
    )


def test_a_missing_month_does_not_hide_the_year_that_ends_with_it() -> None:
    observations = {"2022/23": 70, "2023-03": {"marks": ["not-available"]}}
    judgement = judged(targets=targets({"at_least": 90}), observations=observations)
    assert (judgement.state, judged_on(judgement)) == ("not met", "2022/23")


@pytest.mark.parametrize(
    ("date", "status"),
    [
        ("2024-06-30", "Met 🟢"),
        ("2024-07-01", "No data (no figure for April 2023 to March 2024, which is overdue)"),
    ],
)
def test_a_figure_that_is_overdue_is_missing_and_one_that_is_due_today_is_not(
    tmp_path: Path, date: str, status: str
) -> None:
    fields = answered("2021/22: 80; 2022/23: 95", more="frequency: annual\nlag: 3 months")
    pages = pages_of(one_measure(tmp_path, fields, date=date))

    assert fact(pages["kpis/calls.md"], "Status") == status
    assert (NOT_JUDGED in pages["README.md"]) == status.startswith("No data")


def test_without_a_frequency_the_older_figure_is_judged_with_its_age(tmp_path: Path) -> None:
    page = kpi_page_of(one_measure(tmp_path, answered("2019/20: 95"), date="2024-06-30"))
    assert fact(page, "Status") == "Met 🟢"
    assert "95% (2019/20), 51 months old" in page


def test_a_month_that_is_overdue_leaves_the_year_s_verdict() -> None:
    judgement = judged(
        day="2024-06-30",
        unit="count",
        frequency="monthly",
        targets=targets({"at_least": 1000, "over": "12 months"}),
        observations={"2023/24": 1100, "2024-04": 95},
    )
    assert (judgement.state, judged_on(judgement)) == (MET, "2023/24")


@pytest.mark.parametrize(
    ("newest", "frequency", "missing"),
    [
        ("12 months to 2024-01", "monthly", "March 2023 to February 2024"),
        ("2023-02", "quarterly", "May 2023"),
        ("2023/24 Q3", "quarterly", "January to March 2024"),
        ("2023-04-06 to 2023-07-05", "quarterly", "6 July to 5 October 2023"),
    ],
)
def test_what_is_overdue_is_named(newest: str, frequency: str, missing: str) -> None:
    judgement = judged(targets=targets({"at_least": 90}), frequency=frequency, observations={newest: 95})
    assert deciding(judgement).reason == f"no figure for {missing}, which is overdue"


def test_a_figure_at_a_date_that_is_overdue_is_named_by_its_day() -> None:
    judgement = judged(
        kind="snapshot", frequency="annual", targets=targets({"at_least": 90}), observations={"2022/23": 95}
    )
    assert deciding(judgement).reason == "no figure for 31 March 2024, which is overdue"


# No figure yet


def test_a_target_in_force_without_any_figure_is_no_data(tmp_path: Path) -> None:
    fields = answered("2021/22: 80; 2022/23: 95", target=", from: 2024/25")
    pages = pages_of(one_measure(tmp_path, fields))
    front = pages["README.md"]

    assert fact(pages["kpis/calls.md"], "Status") == "No data (no figures from 2024/25 on)"
    assert "No target" not in pages["kpis/calls.md"]
    assert NOT_JUDGED in front
    assert "No data: no figures from 2024/25 on" in front


def test_before_it_begins_it_is_no_target(tmp_path: Path) -> None:
    fields = answered("2021/22: 80; 2022/23: 95", target=", from: 2024/25")
    page = kpi_page_of(one_measure(tmp_path, fields, date="2024-03-31"))
    assert fact(page, "Status") == ""


def test_a_successor_s_missing_figure_ends_the_predecessor_s_verdict() -> None:
    written = targets({"at_least": 60}, {"at_least": 90, "start": "2023/24"})
    kept = judged(targets=written, observations={"2022/23": 70})
    lost = judged(targets=written, observations={"2022/23": 70, "2023/24": {"marks": ["not-available"]}})
    late = judged(targets=written, frequency="annual", observations={"2022/23": 70})

    assert (kept.state, judged_on(kept)) == (MET, "2022/23")
    assert [verdict.target.start is not None for verdict in lost.verdicts] == [True]
    assert (lost.state, deciding(lost).reason) == ("no data", "no figure for 2023/24, which is not available")
    assert late.state == "no data"


# Words


def test_a_missing_assessment_is_no_data_only_where_there_are_assessments() -> None:
    lost = {"marks": ["not-available"]}
    words = targets({"in_words": "Good."})
    assessed = judged(targets=words, observations={"2022/23": {"assessment": "met"}, "2023/24": lost})
    never = judged(targets=words, observations={"2022/23": 52, "2023/24": lost})

    assert (assessed.state, never.state) == ("no data", "in words")


# What a change says


def test_a_missed_target_whose_next_figure_is_missing_has_not_recovered(tmp_path: Path, kpi: Kpi) -> None:
    committed(one_measure(tmp_path, answered("2022/23: 80")))
    one_measure(tmp_path, answered("2022/23: 80; 2023/24: {marks: [not-available]}"))
    output = kpi("diff", "HEAD").out

    assert "Not met → no data: no figure for 2023/24, which is not available, at least 90%" in output
    assert "Recovered" not in output
