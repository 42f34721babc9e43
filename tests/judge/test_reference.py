"""What stands beside a figure: references, compared in words, and the baseline."""

from decimal import Decimal
from typing import Any

import pytest

from judge.examples import judged, target


def word(reference: dict[str, Any], value: Any, **fields: Any) -> str | None:
    """How one figure stands to one reference."""
    written = [{"label": "Benchmark", **reference}]
    results = judged(references=written, observations={"2022/23": value}, **fields).references
    return results[0].word if results else None


@pytest.mark.parametrize(
    ("reference", "better", "value", "expected"),
    [
        pytest.param({"between": [20, 30]}, "lower", 60, "worse than", id="beyond-a-range-on-the-bad-side"),
        pytest.param({"between": [20, 30]}, "lower", 10, "better than", id="beyond-a-range-on-the-good-side"),
        pytest.param({"between": [2, 3]}, "lower", 3, "inside", id="at-the-end-of-a-range"),
        pytest.param({"between": [82, 85]}, "higher", 97, "better than", id="above-a-range"),
        pytest.param({"between": [82, 85]}, "neither", 97, "above", id="above-where-neither-is-better"),
        pytest.param({"between": [92, 95]}, "neither", 80, "below", id="below-where-neither-is-better"),
        pytest.param({"at_most": 15}, "lower", 12, "inside", id="inside-a-limit"),
        pytest.param({"at_most": 15}, "lower", 16, "about", id="hardly-beyond-a-limit"),
        pytest.param({"at_most": 15}, "lower", 26, "worse than", id="beyond-a-limit"),
        pytest.param({"more_than": 15}, "higher", 15, "the same as", id="at-a-strict-limit"),
        pytest.param({"value": 44}, "higher", 34, "worse than", id="below-a-value"),
        pytest.param({"value": 44}, "higher", 54, "better than", id="above-a-value"),
        pytest.param({"value": 44}, "lower", 54, "worse than", id="above-a-value-where-lower-is-better"),
        pytest.param({"value": 44}, "higher", 44, "the same as", id="equal"),
        pytest.param({"value": 44}, "neither", 44, "the same as", id="equal-where-neither-is-better"),
        pytest.param({"value": 44}, {"near": 50}, 50.5, "better than", id="nearer-to-the-middle"),
        pytest.param({"value": 44}, {"near": 50}, 52, "above", id="hardly-nearer-to-the-middle"),
    ],
)
def test_a_reference_is_compared_in_words(
    reference: dict[str, Any], better: Any, value: int, expected: str
) -> None:
    assert word(reference, value, better=better) == expected


def test_a_reference_gives_no_status_and_no_colour() -> None:
    judgement = judged(references=[{"label": "Benchmark", "value": 90}], observations={"2022/23": 60})
    assert (judgement.state, judgement.rag.colour, judgement.breach) == ("no target", "", None)


def test_a_reference_is_held_against_the_newest_figure_with_a_value() -> None:
    observations = {"2021/22": 95, "2022/23": {"marks": ["not-available"]}}
    (results,) = judged(
        references=[{"label": "Benchmark", "value": 80}], observations=observations
    ).references
    assert (results.observation.key, results.word, results.observation.queried) == (
        "2021/22",
        "better than",
        False,
    )
    assert (results.reference.label, results.reference.value) == ("Benchmark", Decimal(80))


def test_a_queried_figure_is_compared_with_that_word() -> None:
    doubted = {"value": 60, "marks": ["queried"], "note": "Odd."}
    (results,) = judged(
        references=[{"label": "Benchmark", "value": 90}], observations={"2022/23": doubted}
    ).references
    assert (results.word, results.observation.queried) == ("worse than", True)


def test_a_total_whose_figures_differ_in_length_is_not_held_against_a_reference() -> None:
    observations = {"2022/23": 1200, "2024-01": 95}
    assert (
        judged(unit="count", references=[{"label": "B", "value": 1000}], observations=observations).references
        == ()
    )


def test_without_figures_there_is_nothing_to_compare() -> None:
    assert word({"value": 90}, {"marks": ["suppressed"]}) is None


# The baseline


def baseline(observations: dict[str, Any], **fields: Any) -> tuple[str, str | None, str] | None:
    """The later and the earlier period and what became of it, or why it can't be told."""
    baseline = judged(baseline="2019/20", observations=observations, **fields).baseline
    if baseline is None:
        return None
    return (
        baseline.later.key,
        baseline.earlier.key if baseline.earlier else None,
        baseline.reason or baseline.outcome,
    )


@pytest.mark.parametrize(
    ("observations", "expected"),
    [
        pytest.param(
            {"2019/20": 60, "2021/22": 75, "2022/23": 67}, ("2022/23", "2019/20", "better"), id="the-newest"
        ),
        pytest.param(
            {"2019/20": 60, "2022/23": 50, "2024-01": 95},
            ("2022/23", "2019/20", "worse"),
            id="the-newest-comparable",
        ),
        pytest.param(
            {"2019/20": 60, "2024-01": 95},
            ("2024-01", None, "different lengths (a month and a year)"),
            id="none",
        ),
        pytest.param(
            {"2019/20": 60, "2023/24 Q1": 90, "2024-01": 95},
            ("2024-01", None, "different lengths (a month and a year)"),
            id="the-newest-says-why",
        ),
        pytest.param(
            {"2019/20": 60, "2021/22": 70, "2022/23": {"value": 67, "marks": ["break"]}},
            ("2022/23", None, "not comparable (break)"),
            id="a-break-and-no-older-pair",
        ),
        pytest.param({"2018/19": 50, "2019/20": 60}, None, id="nothing-after-it"),
        pytest.param({"2022/23": 67}, None, id="no-figure-for-it"),
    ],
)
def test_the_baseline_is_compared_with_the_newest_figure_that_can_be(
    observations: dict[str, Any], expected: tuple[str, str | None, str] | None
) -> None:
    assert baseline(observations) == expected


def test_a_baseline_at_a_date_is_found_by_the_date() -> None:
    baseline = judged(baseline="2020/21", kind="snapshot", observations={"2021-03": 5, "2023-03": 7}).baseline

    assert baseline is not None
    assert (baseline.earlier and baseline.earlier.key, baseline.change) == ("2021-03", Decimal(2))


def test_without_a_baseline_nothing_is_compared_with_it() -> None:
    assert judged(observations={"2019/20": 60, "2022/23": 67}).baseline is None


def test_a_baseline_changes_no_state() -> None:
    fields: dict[str, Any] = {"targets": target(at_least=90), "observations": {"2019/20": 60, "2022/23": 67}}
    with_baseline = judged(baseline="2019/20", **fields)
    assert with_baseline.baseline is not None
    assert with_baseline.baseline.change == Decimal(7)
    assert (with_baseline.state, with_baseline.rag) == (judged(**fields).state, judged(**fields).rag)
