"""Which of several targets is in force, and which decides."""

from typing import Any

import pytest

from judge.examples import judged, targets
from judge.test_target import deciding, judged_on
from kpi.judge.judgement import MeasureJudgement

SUCCESSION = targets({"at_least": 60}, {"at_least": 90, "start": "2023/24"})


def bounds(judgement: MeasureJudgement) -> list[Any]:
    """The bound of every verdict, the deciding one first."""
    return [
        verdict.target.bound.value if verdict.target.bound else verdict.target.in_words
        for verdict in judgement.verdicts
    ]


@pytest.mark.parametrize(
    ("newest", "state", "bound"),
    [
        pytest.param("2022/23", "met", 60, id="the-year-before"),
        pytest.param("2023-03", "met", 60, id="ends-the-day-before"),
        pytest.param("2023-04-01", "not met", 90, id="ends-on-the-first-day"),
        pytest.param("2023", "not met", 90, id="ends-after-the-start-though-it-began-before"),
        pytest.param("2023/24", "not met", 90, id="the-year-itself"),
    ],
)
def test_a_target_is_in_force_for_figures_that_end_on_or_after_the_start_of_from(
    newest: str, state: str, bound: int
) -> None:
    judgement = judged(targets=SUCCESSION, observations={newest: 70})
    assert (judgement.state, bounds(judgement)) == (state, [bound])


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 1, 0], [1, 2, 0]])
def test_of_several_targets_in_succession_the_latest_from_decides_whatever_the_order(
    order: list[int],
) -> None:
    written = targets(
        {"at_least": 60}, {"at_least": 80, "start": "2022/23"}, {"at_least": 90, "start": "2023/24"}
    )
    observations = {"2021/22": 70, "2022/23": 70, "2023/24": 95}
    judgement = judged(targets=[written[number] for number in order], observations=observations)
    assert (judgement.state, bounds(judgement)) == ("met", [90])
    earlier = judged(
        day="2023-12-31", targets=[written[number] for number in order], observations=observations
    )
    assert (earlier.state, bounds(earlier)) == ("not met", [80])


def test_a_target_that_is_not_in_force_yet_is_no_target() -> None:
    written = targets({"at_least": 90, "start": "2024/25"})
    judgement = judged(day="2024-03-31", targets=written, observations={"2022/23": 67})
    assert (judgement.state, judgement.verdicts, judgement.rag.colour) == ("no target", (), "")


def test_a_target_that_has_begun_and_has_no_figure_yet_has_no_data() -> None:
    written = targets({"at_least": 90, "start": "2024/25"})
    judgement = judged(day="2024-04-01", targets=written, observations={"2022/23": 67})
    assert (judgement.state, deciding(judgement).reason, judgement.rag.colour) == (
        "no data",
        "no figures from 2024/25 on",
        "",
    )


def test_a_successor_that_has_no_figure_yet_leaves_the_predecessor_to_be_shown() -> None:
    written = targets(
        {"at_least": 1000, "over": "12 months"}, {"at_least": 1200, "over": "12 months", "start": "2024-04"}
    )
    judgement = judged(unit="count", targets=written, observations={"2023/24": 1100, "2024-05": 95})
    assert (judgement.state, judged_on(judgement), bounds(judgement)) == ("met", "2023/24", [1000])


def test_a_successor_whose_figure_can_not_be_compared_over_a_break_is_shown_with_no_data() -> None:
    written = targets({"at_least": 60}, {"at_least": {"period": "2019/20"}, "start": "2022/23"})
    observations = {"2019/20": 70, "2021/22": 75, "2022/23": {"value": 80, "marks": ["break"]}}
    judgement = judged(targets=written, observations=observations)
    assert (judgement.state, len(judgement.verdicts), deciding(judgement).reason) == (
        "no data",
        1,
        "not comparable (break)",
    )


def test_of_three_in_succession_only_the_newest_that_can_judge_is_shown() -> None:
    written = [
        {**bound, "over": "12 months"}
        for bound in targets(
            {"at_least": 1}, {"at_least": 2, "start": "2022/23"}, {"at_least": 3, "start": "2024/25"}
        )
    ]
    judgement = judged(unit="count", targets=written, observations={"2021/22": 5, "2022/23": 5, "2024-05": 1})
    assert bounds(judgement) == [2]


def test_a_target_in_words_may_follow_a_number() -> None:
    written = targets({"at_least": 60}, {"in_words": "To be set.", "start": "2023/24"})
    assert judged(targets=written, observations={"2022/23": 70}).state == "met"
    assert judged(targets=written, observations={"2022/23": 70, "2023/24": 50}).state == "in words"


def test_of_two_labelled_targets_in_force_at_once_the_first_written_decides() -> None:
    written = targets({"at_least": 60, "label": "Minimum"}, {"at_least": 90, "label": "Stretch"})
    judgement = judged(targets=written, observations={"2022/23": 70})
    assert (judgement.state, bounds(judgement)) == ("met", [60, 90])
    assert [verdict.state for verdict in judgement.verdicts] == ["met", "not met"]
    turned = judged(targets=written[::-1], observations={"2022/23": 70})
    assert (turned.state, bounds(turned)) == ("not met", [90, 60])


def test_a_later_from_does_not_displace_a_target_with_another_label() -> None:
    written = targets(
        {"at_least": 60, "label": "Minimum"}, {"at_least": 90, "label": "Stretch", "start": "2022/23"}
    )
    assert bounds(judged(targets=written, observations={"2022/23": 70})) == [60, 90]


def test_a_later_from_displaces_the_target_with_the_same_label_only() -> None:
    written = targets(
        {"at_least": 60, "label": "Minimum"},
        {"at_least": 90, "label": "Stretch"},
        {"at_least": 65, "label": "Minimum", "start": "2022/23"},
    )
    judgement = judged(targets=written, observations={"2022/23": 70})
    assert bounds(judgement) == [90, 65]
    assert judgement.state == "not met"


@pytest.mark.parametrize(
    "labels", [("Minimum", ""), ("", "Minimum"), ("", "")], ids=["first", "second", "neither"]
)
def test_a_label_on_one_of_them_only_does_not_keep_targets_apart(labels: tuple[str, str]) -> None:
    written = targets(
        {"at_least": 60, "label": labels[0]}, {"at_least": 90, "label": labels[1], "start": "2022/23"}
    )
    assert bounds(judged(targets=written, observations={"2022/23": 70})) == [90]


def test_a_target_beside_another_is_shown_even_without_data() -> None:
    written = targets(
        {"at_least": {"period": "2019/20"}, "label": "Rising"}, {"at_least": 90, "label": "Charter"}
    )
    judgement = judged(targets=written, observations={"2022/23": 95})
    assert [verdict.state for verdict in judgement.verdicts] == ["no data", "met"]
    assert judgement.state == "no data"


def test_the_first_written_decides_even_where_only_the_second_could_judge_older_figures() -> None:
    written = targets(
        {"at_least": {"period": "previous"}, "label": "Rising"}, {"at_least": 90, "label": "Charter"}
    )
    judgement = judged(targets=written, observations={"2021/22": 70, "2022/23": 65})
    assert judgement.state == "not met"
    assert judgement.breach is not None
    assert (judgement.breach.state, judgement.breach.periods) == ("alone", 1)


def test_a_target_stays_in_force_after_by_until_a_successor_starts() -> None:
    written = targets(
        {"at_least": 60, "by": "2022/23"}, {"at_least": 90, "start": "2025/26", "by": "2027/28"}
    )
    between = judged(targets=written, observations={"2024/25": 50})
    assert (between.state, bounds(between)) == ("missed", [60])
    after = judged(targets=written, observations={"2024/25": 50, "2025/26": 70}, day="2026-03-31")
    assert (after.state, bounds(after)) == ("not due", [90])


def test_a_verdict_says_which_target_and_which_figure() -> None:
    verdict = deciding(judged(targets=SUCCESSION, observations={"2022/23": 50, "2023/24": 70}))
    assert verdict.target.start is not None
    assert verdict.target.start.text == "2023/24"
    assert verdict.gap == 20
