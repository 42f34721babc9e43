"""The generated pages, on a small made-up repository and on the real content."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest

from kpi.judge.judgement import Judgement, judge
from kpi.model.kpi import Kpi
from kpi.pages import links
from kpi.pages.charts.chart import kpi_chart_words
from kpi.pages.charts.layout import sparkline
from kpi.pages.charts.targets_picture import targets_words
from kpi.pages.figure_words import capitalised, measure_label, measure_title, value_words
from kpi.pages.figures_table import crossed, grid_lines
from kpi.pages.scorecard import overview_pages, scorecard_pages
from kpi.pages.standing import list_name, shown_once
from kpi.pages.target_words import no_figures_words, state_words
from kpi.store.repository import Repository
from rendered import read_page, source_tables
from repositories import has_another_plan
from small import FILES, LOANS, SATISFACTION, edited, scorecard, written
from trials import FUZZING

ROOT = Path(__file__).parent.parent


class Site(NamedTuple):
    root: Path
    repository: Repository
    judgement: Judgement
    pages: dict[str, str]


@pytest.fixture(scope="module", params=["small", "real"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Site:
    root = ROOT if request.param == "real" else written(tmp_path_factory.mktemp("small"))
    return Site(root, *scorecard(root))


def rows_of(page: str) -> list[str]:
    """The lines of all tables below their headers."""
    return [line for line in page.split("\n") if line.startswith("| ") and not line.startswith("| ---")]


def test_every_page_is_made_once_and_ends_with_one_line_end(site: Site) -> None:
    plan = site.judgement.plan
    expected = {"README.md", "breaches.md", "changes.md", "about.md"}
    expected |= {"targets.svg"} if targets_words(site.judgement) else set()
    expected |= {f"{priority.id}.md" for priority in plan.priorities}
    expected |= {f"kpis/{name}.md" for _, _, name in plan.listed()}
    expected |= {
        f"charts/{kpi.kpi.id}.svg" for kpi in site.judgement.kpis if kpi_chart_words(kpi, site.judgement.plan)
    }

    expected |= {
        f"sparklines/{measure.address}.svg"
        for kpi in site.judgement.kpis
        for measure in kpi.measures
        if sparkline(measure.measure)
    }

    assert set(site.pages) == expected
    assert all(text.endswith("\n") and not text.endswith("\n\n") for text in site.pages.values())
    assert not any("\r" in text or "\t" in text or " \n" in text for text in site.pages.values())


def test_the_order_of_the_files_changes_nothing(site: Site) -> None:
    backwards = judge(site.judgement.plan, reversed(site.repository.kpis))

    assert scorecard_pages(backwards, site.repository.reasons()) == site.pages


@pytest.mark.parametrize("kind", ["small", pytest.param("real", marks=pytest.mark.long)])
def test_the_bytes_are_the_same_under_another_hash_seed_time_zone_and_language(
    kind: str, tmp_path: Path
) -> None:
    made = []
    for number, surroundings in enumerate(
        (
            {
                "PYTHONHASHSEED": "1",
                "TZ": "Pacific/Kiritimati",
                "LANG": "C",
                "LC_ALL": "C",
                "PYTHONUTF8": "0",
            },
            {"PYTHONHASHSEED": "2", "TZ": "Pacific/Niue", "LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8"},
        )
    ):
        root = tmp_path / str(number)
        files = FILES if kind == "small" else {
            str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in ROOT.glob("kpis/**/*.yaml")
        }  # fmt: skip
        written(root, files if number else dict(reversed(files.items())))
        subprocess.run(
            [sys.executable, "-m", "kpi", "--root", root, "build", "--quiet"],
            env=os.environ | {"PYTHONPATH": str(ROOT / "tools")} | surroundings,
            check=True,
        )
        made.append({path.relative_to(root): path.read_bytes() for path in (root / "docs").rglob("*.*")})

    assert made[0] == made[1]
    assert len(made[0]) > len(files)


def changed_figures(kpis: tuple[Kpi, ...]) -> Iterator[tuple[Kpi, str, Kpi]]:
    """Each KPI with the newest figure of one measure made a tenth more, for every measure that no other is made from."""
    shared = {address for kpi in kpis for address in kpi.also_shows}
    for kpi in kpis:
        inputs = {name for item in kpi.measures if item.derived for name in item.derived.inputs}
        for place, measure in enumerate(kpi.measures):
            figures = [observation for observation in measure.observations if observation.value]
            if not figures or measure.derived or measure.id in inputs or f"{kpi.id}/{measure.id}" in shared:
                continue
            last = figures[-1]
            assert last.value is not None
            new = last._replace(value=(last.value * Decimal("1.1")).quantize(last.value) + 1)
            observations = tuple(
                new if observation is last else observation for observation in measure.observations
            )
            measures = list(kpi.measures)
            measures[place] = measure._replace(observations=observations)
            yield kpi, measure.id, kpi._replace(measures=tuple(measures))


def test_one_changed_figure_changes_its_row_of_the_priority_page_and_what_is_counted_and_said_of_it(
    site: Site,
) -> None:
    plan = site.judgement.plan
    changes = list(changed_figures(site.repository.kpis))
    tried = 0
    for kpi, measure, changed in changes if FUZZING else changes[:: max(1, len(changes) // 12)]:
        others = [changed if item is kpi else item for item in site.repository.kpis]
        before = site.pages[links.priority_page(kpi.priority)].split("\n")
        after = overview_pages(judge(plan, others))[links.priority_page(kpi.priority)].split("\n")
        old, new = (set(rows_of("\n".join(page))) for page in (before, after))
        assert 1 <= len(new - old) <= 2, (kpi.id, measure, new - old)
        assert len(old - new) == len(new - old)
        assert sum(line not in before for line in after) <= 3, (kpi.id, measure)
        tried += 1

    assert tried >= 5


def test_a_figure_changed_in_its_file_changes_one_row(tmp_path: Path) -> None:
    before = scorecard(written(tmp_path / "a"))[2]
    new = edited(SATISFACTION, "2023: 43.5s", "2023: 44s")
    after = scorecard(written(tmp_path / "b", satisfaction=new))[2]

    differing = {name for name in before if before[name] != after[name]}
    assert differing == {
        "README.md",
        "changes.md",
        "people.md",
        "kpis/satisfaction.md",
        "charts/satisfaction.svg",
    }
    for name in differing - {"charts/satisfaction.svg"}:
        assert len(set(rows_of(after[name])) - set(rows_of(before[name]))) == 1, name


def test_a_shown_figure_changes_one_row_in_each_place_that_shows_it(tmp_path: Path) -> None:
    before = scorecard(written(tmp_path / "a"))[2]["reading.md"]
    new = edited(LOANS, "2023/24: 3900", "2023/24: 3901")
    after = scorecard(written(tmp_path / "b", loans=new))[2]["reading.md"]

    changed = [line.split(" | ")[:2] for line in rows_of(after) if line not in rows_of(before)]
    assert changed == [["| Books", "3,901"], ["| Books", "3,901"]]


def test_every_row_has_as_many_cells_as_its_header_and_says_what_it_is_about(site: Site) -> None:
    for name, text in site.pages.items():
        for table in source_tables(text):
            assert {len(row) for row in table} == {len(table[0])}, (name, table[0])
            assert all(table[0]), (name, table[0])
            assert all(row[0] for row in table), (name, table)
            assert len(table) > 2, (name, table)
        for seen in read_page(text).tables:
            assert all(row[0].strip() for row in seen), (name, seen)


def test_every_table_of_a_file_is_a_table_to_the_reader(site: Site) -> None:
    for name, text in site.pages.items():
        sizes = [(len(table) - 1, len(table[0])) for table in source_tables(text)]
        assert [(len(table), len(table[0])) for table in read_page(text).tables] == sizes, name


def test_the_row_of_a_priority_counts_all_its_measures(site: Site) -> None:
    plan, by_id = site.judgement.plan, site.judgement.by_id()
    (table,) = [item for item in read_page(site.pages["README.md"]).tables if item[0][0] == "Priority"]

    assert [row[0] for row in table[1:]] == [priority.title for priority in plan.priorities]
    for priority, row in zip(plan.priorities, table[1:], strict=True):
        measures = {
            measure.address: measure for name in priority.kpis for measure in by_id[name].measures
        }.values()
        colours, changes = ([int(number) for number in re.findall(r"\d+", cell)] for cell in row[1:])
        assert sum(colours) == sum(bool(measure.verdicts) for measure in measures)
        assert sum(changes) == len(measures)
        for colour in ("red", "amber", "green"):
            count = sum(measure.rag.colour == colour for measure in measures)
            assert (f"{count} {colour}" in row[1]) == bool(count)


def test_the_front_page_counts_what_its_table_lists(site: Site) -> None:
    page = site.pages["README.md"]
    counted = re.search(r"(\d+) have a target: (\d+) (?:not met|off target)[;.]", page)
    assert counted
    rows = next(table for table in source_tables(page) if table[0][-1].strip() == "Target")[1:]
    listed = [row for row in rows if not row[0].startswith("---")]

    assert int(counted[2]) == len(listed) == len({row[0] for row in listed})
    assert f"{counted[2]} of {counted[1]} measures." in site.pages["breaches.md"]


def test_every_kpi_stands_on_its_own_priority_s_page_in_the_plan_s_order(site: Site) -> None:
    for priority in site.judgement.plan.priorities:
        page = read_page(site.pages[links.priority_page(priority.id)])
        shown = dict.fromkeys(link for link in page.links if link.startswith("kpis/"))
        assert list(shown) == [f"kpis/{name}.md" for name in priority.kpis]


def test_every_measure_has_a_row_on_its_priority_s_page_and_on_its_kpi_s(site: Site) -> None:
    for kpi in site.judgement.kpis:
        names = [
            kpi.kpi.full_title,
            *(grid_lines(kpi) or [measure_title(kpi.kpi, each.measure) for each in kpi.measures]),
        ]
        shown = [kpi.kpi.full_title] if len(kpi.measures) < 2 else names
        page = read_page(site.pages[links.priority_page(kpi.kpi.priority)])
        rows = [row[0].partition(" (target: ")[0] for table in page.tables for row in table]
        at = rows.index(kpi.kpi.full_title)
        assert rows[at : at + len(shown)] == shown
        own = [row[0] for table in read_page(site.pages[links.kpi_page(kpi.kpi.id)]).tables for row in table]
        for measure in kpi.measures:
            if len(kpi.measures) > 1 and measure not in crossed(kpi).values():
                assert any(
                    row.partition(" (target: ")[0] == measure_title(kpi.kpi, measure.measure) for row in own
                )


def test_every_figure_stands_on_its_kpi_s_page(site: Site) -> None:
    for kpi in site.judgement.kpis:
        page = read_page(site.pages[links.kpi_page(kpi.kpi.id)])
        for measure in kpi.measures:
            for figure in measure.measure.observations:
                assert value_words(figure, measure.measure) in page.text, (kpi.kpi.id, figure)


def test_what_has_no_figures_says_why_on_its_page_and_the_front_page_and_what_it_is_in_its_row(
    site: Site,
) -> None:
    plan = site.judgement.plan
    silent = [kpi for kpi in site.judgement.kpis if kpi.kpi.no_figures is not None]
    assert silent or site.root == ROOT
    for judged in silent:
        assert judged.kpi.no_figures is not None
        why = no_figures_words(judged.kpi.no_figures, plan).removesuffix(".")
        word = capitalised(state_words(judged.status, plan.status.words))
        priority = read_page(site.pages[links.priority_page(judged.kpi.priority)])
        (row,) = [row for table in priority.tables for row in table if row[0] == judged.kpi.title]

        assert why in read_page(site.pages[links.kpi_page(judged.kpi.id)]).text
        assert row[1:3] == ["", ""]
        assert row[3].startswith(word)
        assert re.search(
            f"{re.escape(why)}: .*{re.escape(judged.kpi.title)}", read_page(site.pages["README.md"]).text
        )


def test_a_measure_shown_elsewhere_stands_in_both_places_with_a_way_home(site: Site) -> None:
    shown = [(item, address) for item in site.judgement.kpis for address in item.kpi.also_shows]
    assert shown or has_another_plan()
    for kpi, address in shown:
        home, _, _ = address.partition("/")
        label = measure_label(next(measure.measure for measure in kpi.measures if measure.address == address))
        title = site.judgement.by_id()[home].kpi.full_title
        results = [
            {row[3] for table in read_page(text).tables for row in table if row[0].partition(" (target: ")[0] in {label, title, kpi.kpi.full_title}}
            for text in (
                site.pages[links.priority_page(kpi.kpi.priority)],
                site.pages[links.priority_page(priority_of(site, home))],
            )
        ]  # fmt: skip
        assert results[0] & results[1], label
        assert f"{home}.md" in read_page(site.pages[links.kpi_page(kpi.kpi.id)]).links


def priority_of(site: Site, kpi: str) -> str:
    return site.judgement.by_id()[kpi].kpi.priority


def test_the_reasons_of_ignored_findings_are_printed(tmp_path: Path) -> None:
    pages = scorecard(written(tmp_path))[2]

    assert "check-fails: the return counts audio books twice" in read_page(pages["kpis/loans.md"]).text
    assert [name for name, text in pages.items() if "Accepted as they are" in text] == ["kpis/loans.md"]


def test_every_commentary_note_and_mark_of_the_small_repository_is_printed(tmp_path: Path) -> None:
    pages = {name: read_page(text).text for name, text in scorecard(written(tmp_path))[2].items()}

    for words in (
        "2024-04-30: Two branches were closed for repairs.",
        "Games are counted from now on | and magazines < 1990 & comics too.",
        "[b] the series changed between this figure and the one before",
        "Last plan: 4,500 (2023/24 is better than it)",
        "Against the baseline, All items: Better ▲ up 800 (20.0%) (2023/24 against 2020/21)",
        "Books divided by Books + Other items, in per cent",
        "Owner: Head of Libraries",
        "Sources. Targets: Library plan.",
    ):
        assert words in pages["kpis/loans.md"]
    assert "Annual return. Published in May." in pages["about.md"]
    assert "Published in May." not in pages["kpis/loans.md"]
    assert "at least 1,000 over 1 month, by December 2024" in pages["kpis/visits.md"]
    assert "People who came in, counted at the door." in pages["kpis/visits.md"]
    assert "Two branches were closed for repairs." in pages["README.md"]
    assert "off target" in pages["README.md"]
    assert "Not met 🔴" not in pages["README.md"]


def test_pages_stay_small_enough_for_github_to_render(site: Site) -> None:
    assert max(len(text.encode()) for text in site.pages.values()) < 450_000


def test_a_sentence_never_ends_twice(site: Site) -> None:
    for name, text in site.pages.items():
        assert not re.search(r"[.!?]\.(?:\s|$)", read_page(text).text), name


def test_the_reserved_ids_are_the_pages_that_are_always_there(site: Site) -> None:
    priorities = [priority.id for priority in site.judgement.plan.priorities]
    beside = {name for name in site.pages if "/" not in name and name != links.TARGETS} - {
        links.priority_page(id_) for id_ in priorities
    }

    assert beside == set(links.OF_THE_WHOLE)
    assert all(links.is_taken(name.removesuffix(".md").lower()) for name in beside)
    assert not any(map(links.is_taken, priorities))


def test_the_front_page_names_what_is_met_as_well_as_what_is_missed(site: Site) -> None:
    tables = read_page(site.pages["README.md"]).tables
    listed = {row[0].rpartition(": ")[0] for table in tables for row in table if ": met" in row[0]}
    met = {list_name(shown) for shown in shown_once(site.judgement) if shown.measure.state == "met"}
    assert listed == met


def test_a_row_without_a_target_says_how_it_stands_to_its_aim(site: Site) -> None:
    reported = 0
    for kpi in site.judgement.kpis:
        page = read_page(site.pages[links.priority_page(kpi.kpi.priority)])
        rows = [row for table in page.tables for row in table]
        at = next(
            number
            for number, row in enumerate(rows)
            if row[0].partition(" (target: ")[0] == kpi.kpi.full_title
        )
        for measure in kpi.measures:
            if measure.aim is not None and measure.aim.word in {"as intended", "against the aim", "held"}:
                name = (
                    kpi.kpi.full_title if len(kpi.measures) == 1 else measure_title(kpi.kpi, measure.measure)
                )
                row = next(row for row in rows[at:] if row[0] == name)
                assert measure.aim.word in row[3].lower().split("; ")
                reported += 1

    assert reported or site.root != ROOT or has_another_plan()
