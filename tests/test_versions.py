"""Two versions of the files, read for comparison."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import pytest

from kpi.judge.changes import compare_versions
from kpi.judge.series import newest_end
from kpi.store.paths import PLAN
from kpi.store.versions import Versions, of_files, on_disk, read_versions
from small import FILES, LOANS, SATISFACTION, edited, written
from small import PLAN as SMALL_PLAN

BEFORE = {path: text.encode() for path, text in FILES.items()}
LOANS_PATH, STAFF_PATH = "kpis/reading/loans.yaml", "kpis/people/staff.yaml"


def after(**changed: bytes | None) -> dict[str, bytes]:
    """The small repository with other bytes of some files, by their id; without those that are None."""
    by_id = {Path(path).stem.replace("-", "_"): path for path in FILES}
    actual = {
        **BEFORE,
        **{
            by_id.get(name, f"kpis/people/{name}.yaml"): data
            for name, data in changed.items()
            if data is not None
        },
    }
    gone = {by_id[name] for name, data in changed.items() if data is None}
    return {path: data for path, data in actual.items() if path not in gone}


NEW_LOANS = edited(LOANS, "2022/23: 4900", "2022/23: 4950").encode()


def test_the_files_on_the_disk_are_those_of_the_repository(tmp_path: Path) -> None:
    assert on_disk(written(tmp_path)) == BEFORE
    assert on_disk(tmp_path, {LOANS_PATH: b"x"})[LOANS_PATH] == b"x"


def test_a_file_that_is_the_same_is_read_once() -> None:
    was, now = read_versions(of_files(BEFORE, after(loans=NEW_LOANS)))
    pairs = {kpi.id: kpi for kpi in was.kpis}

    assert len(was.kpis) == len(now.kpis) == len(FILES) - 1
    assert [kpi.id for kpi in now.kpis if kpi is not pairs[kpi.id]] == ["loans"]


def test_only_what_differs_is_read_where_that_is_enough() -> None:
    was, now = read_versions(of_files(BEFORE, after(loans=NEW_LOANS, staff=None)), whole=False)

    assert sorted(kpi.id for kpi in was.kpis) == ["loans", "staff"]
    assert [kpi.id for kpi in now.kpis] == ["loans"]
    assert (
        compare_versions(was, now).kpis
        == compare_versions(*read_versions(of_files(BEFORE, after(loans=NEW_LOANS, staff=None)))).kpis
    )


def test_nothing_else_is_read_where_it_is_known_how_far_the_rest_goes() -> None:
    versions, requested = of_files(BEFORE, after(loans=NEW_LOANS)), list[str]()

    def noted(names: Iterable[str]) -> Mapping[str, bytes]:
        wanted = list(names)
        requested.extend(wanted)
        return versions.contents(wanted)

    was, now = read_versions(
        Versions(versions.before, versions.after, noted), newest=lambda *_: date(2031, 5, 6)
    )

    assert len(requested) == 3  # the plan, and the file as it was and as it is
    assert [kpi.id for kpi in was.kpis] == [kpi.id for kpi in now.kpis] == ["loans"]
    assert compare_versions(was, now).day == date(2031, 5, 6)


def known(path: str, name: str) -> date:
    """What lint keeps of a file."""
    del name
    _, alone = read_versions(of_files({}, {PLAN: BEFORE[PLAN], path: BEFORE[path]}))
    return max(map(newest_end, alone.kpis))


@pytest.mark.parametrize(
    "later",
    [
        after(loans=NEW_LOANS),
        after(plan=edited(SMALL_PLAN, "area: riverside\n", "area: riverside\nyear_starts: 7\n").encode()),
        after(plan=edited(SMALL_PLAN, "status: {", "status: {tolerance: 9%, amber: true, ").encode()),
        after(plan=b"title: [\n"),
        after(loans=None, staff=b"title: [\n"),
        after(loans=None) | {"kpis/people/loans.yaml": NEW_LOANS},
        after() | {"kpis/people/loans.yaml": NEW_LOANS},
    ],
    ids=["figure", "year", "tolerance", "broken", "gone", "moved", "twice"],
)
def test_what_is_known_of_unread_files_changes_nothing(later: dict[str, bytes]) -> None:
    versions = of_files(BEFORE, later)

    assert compare_versions(*read_versions(versions, newest=known)) == compare_versions(
        *read_versions(versions)
    )


def test_another_start_of_the_year_changes_what_every_file_means() -> None:
    plan = edited(SMALL_PLAN, "area: riverside\n", "area: riverside\nyear_starts: 7\n").encode()
    was, now = read_versions(of_files(BEFORE, after(plan=plan)), whole=False)

    assert (
        {kpi.id for kpi in now.kpis}
        == {kpi.id for kpi in was.kpis}
        == {Path(path).stem for path in FILES} - {"plan"}
    )


@pytest.mark.parametrize(
    "data", [b"title: [\n", b"\0", b"", b"title: x\n", SATISFACTION.replace("81", "81%").encode()]
)
def test_a_file_with_a_mistake_can_t_be_used(data: bytes) -> None:
    was, now = read_versions(of_files(BEFORE, after(satisfaction=data)))

    assert was.unusable == {}
    assert now.unusable == {"satisfaction": "kpis/people/satisfaction.yaml"}
    assert "satisfaction" not in {kpi.id for kpi in now.kpis}


def test_spacing_is_no_mistake() -> None:
    _, now = read_versions(of_files(BEFORE, after(loans=LOANS.replace(": 4000", ":  4000").encode())))

    assert now.unusable == {}


def test_a_mistake_that_was_there_before_is_no_news() -> None:
    broken = after(staff=b"title: [\n")
    was, now = read_versions(of_files(broken, {**broken, LOANS_PATH: NEW_LOANS}))

    assert was.unusable == now.unusable == {}
    assert "staff" not in {kpi.id for kpi in now.kpis}


def test_one_id_in_two_places_is_neither() -> None:
    twice = {**BEFORE, "kpis/people/loans.yaml": NEW_LOANS}
    _, now = read_versions(of_files(BEFORE, twice))

    assert "loans" not in {kpi.id for kpi in now.kpis}
    assert "loans" in now.unusable


def test_what_stands_oddly_is_named() -> None:
    _, now = read_versions(of_files(BEFORE, {**BEFORE, "kpis/people/Wait Times.yaml": b"title: x\n"}))

    assert now.unusable == {"kpis/people/Wait Times.yaml": "kpis/people/Wait Times.yaml"}


@pytest.mark.parametrize("data", [b"title: [\n", SMALL_PLAN.replace("board:", "bord:").encode()])
def test_a_plan_with_a_mistake_is_named(data: bytes) -> None:
    was, now = read_versions(of_files(BEFORE, after(plan=data)))

    assert (was.unusable_plan, now.unusable_plan) == ("", PLAN)


def test_without_a_plan_there_is_none() -> None:
    was, now = read_versions(of_files({}, BEFORE))

    assert (was.plan, was.kpis, was.unusable_plan) == (None, (), "")
    assert {kpi.what for kpi in compare_versions(was, now).kpis} == {"added"}
