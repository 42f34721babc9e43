"""How a change is told: the sentence, the order, the limits, and that no text becomes more than text."""

import re
from itertools import cycle
from typing import Any

import pytest

from hostile_texts import READABLE, SHORT, TOGETHER
from judge.examples import kpi, plan, target
from kpi.judge.changes import Changes, FrameworkVersion, compare_versions
from kpi.model.kpi import Kpi
from kpi.pages.change_report import (
    HEADINGS,
    changes_markdown,
    changes_text,
    counts,
    sections,
    sentence,
)
from kpi.store.repository import Repository, load
from rendered import read_page
from small import written
from test_pages_hostile import spoilt

SERIES = {"2021/22": 84, "2022/23": 92}


def calls(number: int = 0, series: dict[str, Any] = SERIES, **fields: Any) -> Kpi:
    """A KPI with one measure."""
    made = {
        "unit": "percent",
        "better": "higher",
        "observations": series,
        "targets": target(at_least=90),
    } | fields
    return kpi(f"calls-{number}", title=f"Calls {number}", measures={"answered": made})


def compared(before: list[Kpi], after: list[Kpi]) -> Changes:
    both = plan([item.id for item in after])
    return compare_versions(FrameworkVersion(both, tuple(before)), FrameworkVersion(both, tuple(after)))


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (calls(), "Nothing that counts has changed."),
        (calls(series={**SERIES, "2023/24": 93}), "1 new figure, no history revised."),
        (calls(series={**SERIES, "2023/24": 88}), "1 new figure, 1 target newly not met, no history revised."),
        (calls(series={**SERIES, "2021/22": 85}), "1 published figure revised."),
        (calls(targets=target(at_least=80)), "1 target looser, no history revised."),
        (calls(targets=target(at_least=93)), "1 target newly not met, 1 target tighter, 1 status decided by a changed target, no history revised."),
        (calls(owner="head"), "1 smaller change, no history revised."),
        (calls(unit="ratio"), "1 target changed, 1 definition or unit changed, no history revised."),
    ],
)  # fmt: skip
def test_a_change_is_told_in_one_sentence(after: Kpi, expected: str) -> None:
    assert sentence(compared([calls()], [after])) == expected


def test_what_counts_most_comes_first() -> None:
    before = [calls(0), calls(1), calls(2), calls(3, series={"2022/23": 80}), calls(4)]
    after = [
        calls(4, note="By hand."),
        calls(3, series={"2022/23": 80, "2023/24": 91}),
        calls(2, targets=target(at_least=80)),
        calls(1, series={"2021/22": 83, "2022/23": 92}),
        calls(0, series={**SERIES, "2023/24": 88}),
    ]
    titles = list(sections(compared(before, after)))

    assert titles == [
        "Newly not met",
        "Published history revised",
        "Moved goalposts",
        "Recovered",
        "New figures",
        "Smaller changes",
    ]
    assert titles == [title for title in HEADINGS if title in titles]


def test_long_lists_end_with_what_was_left_out_in_markdown_only() -> None:
    series = {f"20{year:02}/{year + 1:02}": 80 for year in range(5, 20)}
    before = [calls(number, series) for number in range(30)]
    after = [calls(number, dict.fromkeys(series, 81)) for number in range(30)]
    actual = compared(before, after)
    markdown, text = changes_markdown(actual), changes_text(actual)

    assert "- … and 10 more; kpi diff lists them all.\n" in markdown
    assert markdown.count("  - … and 7 more\n") == 20
    assert markdown.count("80% → 81%") == 20 * 8
    assert text.count("80% → 81%") == 30 * 15 == counts(actual)["revised"]
    assert sentence(actual) == "450 published figures revised."


def test_a_summary_stays_small_whatever_the_texts_are() -> None:
    before = [calls(number) for number in range(60)]
    after = [
        item._replace(title="x" * 5000, definition="y" * 5000, note="z" * 5000, owner="w" * 5000)
        for item in before
    ]

    assert len(changes_markdown(compared(before, after))) < 200_000


def test_of_a_long_text_the_part_that_differs_is_told() -> None:
    text = "All calls that were made to the control room by members of the public, whatever their reason, in the period. "
    before, after = (
        kpi(
            "calls",
            definition=text * 2 + end,
            measures={"answered": {"unit": "percent", "better": "higher", "observations": SERIES}},
        )
        for end in ("Emergency calls too.", "Emergency calls not.")
    )
    reported = changes_text(compared([before], [after]))

    assert re.search(r'definition: "….*Emergency calls too\." → "….*Emergency calls not\."', reported)
    assert len(max(reported.splitlines(), key=len)) < 300


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    return load(written(tmp_path_factory.mktemp("small")))


def test_no_text_of_a_file_becomes_more_than_text(repository: Repository) -> None:
    old_plan = repository.plan.plan
    assert old_plan is not None
    before = FrameworkVersion(old_plan, repository.kpis)
    for hostile in (*TOGETHER, set(READABLE) - set(SHORT)):
        texts = cycle(hostile)
        new = tuple(
            spoilt(item, texts)._replace(commentary=(("2024-01-01", next(texts)),), owner=next(texts))
            for item in repository.kpis[1:]
        )
        broken = {f"odd-{number}": f"kpis/people/{text}.yaml" for number, text in enumerate(hostile)}
        changes = compare_versions(before, FrameworkVersion(spoilt(old_plan, texts), new, broken))
        markdown = changes_markdown(changes)
        page = read_page(markdown)

        assert {tag for tag, _ in page.tags} <= {"h2", "h3", "p", "ul", "li", "strong", "span"}, hostile
        assert page.links == [], hostile
        assert page.headings[1:] == [title for title in HEADINGS if title in page.headings], hostile
        assert not re.search("[\u202e\u200b]", markdown + changes_text(changes)), hostile
