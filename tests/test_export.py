"""What machines are told: the CSV and JSON shapes of docs/formats.md, complete, and safe to open in a spreadsheet."""

import csv
import io
import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.__main__ import run
from kpi.assemble.build import build_kpi
from kpi.judge.judgement import Judgement, judge
from kpi.pages.export_json import breaches_json, framework_json, list_json
from kpi.pages.formats import figures_csv, unguarded
from kpi.pages.lists import off_target
from kpi.store.repository import load
from small import LOANS, VISITS, edited, scorecard, written
from trials import trials

ROOT = Path(__file__).parent.parent
quick = trials(100)
HEADER = "priority,objective,kpi,measure,area,period,start,end,months,value,unit,kind,derived,dimensions,marks,note,assessment,numerator,denominator,margin"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Judgement:
    return scorecard(written(tmp_path_factory.mktemp("small")))[1]


@pytest.fixture(scope="module")
def real() -> Judgement:
    """The first content as it was at its edition: figures that came later change nothing here."""
    repository = load(ROOT)
    assert repository.plan.plan is not None
    return judge(repository.plan.plan, repository.kpis, date(2024, 2, 27))


@pytest.fixture(params=["small", "real"])
def either(request: pytest.FixtureRequest) -> Judgement:
    actual: Judgement = request.getfixturevalue(request.param)
    return actual


def rows(judgement: Judgement) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(figures_csv(judgement))))


def test_the_header_is_as_promised_and_lines_end_in_a_line_feed(either: Judgement) -> None:
    text = figures_csv(either)

    assert text.split("\n")[0] == HEADER
    assert text.endswith("\n")
    assert "\r" not in text
    assert all(None not in row and None not in row.values() for row in rows(either))


def test_rows_come_in_the_plan_s_order_own_figures_before_peers(small: Judgement) -> None:
    reported = rows(small)

    assert list(dict.fromkeys(row["kpi"] for row in reported)) == [
        "loans",
        "visits",
        "opening-hours",
        "satisfaction",
        "staff",
    ]
    assert list(dict.fromkeys((row["measure"], row["area"]) for row in reported if row["kpi"] == "loans")) == [
        ("all", "riverside"), ("all", "hillside"), ("all", "nation"), ("books", "riverside"),
        ("other", "riverside"), ("share-of-books", "riverside"),
    ]  # fmt: skip


def row(reported: list[dict[str, str]], measure: str, period: str) -> dict[str, str]:
    (actual,) = [item for item in reported if (item["measure"], item["period"]) == (measure, period)]
    return actual


def test_a_row_says_everything_of_its_figure(small: Judgement) -> None:
    reported = rows(small)

    assert row(reported, "other", "2023/24") == {
        "priority": "reading", "objective": "Loans and visits", "kpi": "loans", "measure": "other", "area": "riverside",
        "period": "2023/24", "start": "2023-04-01", "end": "2024-03-31", "months": "12", "value": "901", "unit": "count",
        "kind": "total", "derived": "no", "dimensions": "", "marks": "break;estimated",
        "note": "Games are counted from now on | and magazines < 1990 & comics too.", "assessment": "", "numerator": "", "denominator": "",
        "margin": "",
    }  # fmt: skip
    assert row(reported, "share-of-books", "2023/24")["value"] == "81.2"
    assert row(reported, "share-of-books", "2023/24")["derived"] == "yes"
    assert row(reported, "share-of-books", "2023/24")["numerator"] == "3900"
    assert row(reported, "share-of-books", "2023/24")["denominator"] == "4801"
    assert row(reported, "waiting", "2022")["value"] == "138"
    assert row(reported, "waiting", "2023")["value"] == "43.5"
    assert row(reported, "cost", "2023/24")["value"] == "101500.50"
    assert row(reported, "hours", "2024-03-31")["months"] == "0"
    assert row(reported, "young", "2023")["dimensions"] == "age=young"
    assert (row(reported, "visits", "2024-03")["value"], row(reported, "visits", "2024-03")["marks"]) == (
        "",
        "not-available",
    )
    assert (row(reported, "well", "2023/24")["value"], row(reported, "well", "2023/24")["assessment"]) == (
        "",
        "near",
    )


def test_values_are_plain_decimals_and_days_are_iso(either: Judgement) -> None:
    for item in rows(either):
        assert all(re.fullmatch(r"-?[0-9]+(\.[0-9]+)?|", item[name]) for name in NUMBERS)
        assert re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", item["start"])
        assert item["start"] <= item["end"]


FORMULAS = [
    "=HYPERLINK(1)", "+1", "-2", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\n+1", "＝1", "＋1", "－1", "＠x", "\u00a0=1", "'=1", "'",
    '=cmd|" /C calc"!A1', "–5", "\u2212",
]  # fmt: skip
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def with_note(text: str, unit: str) -> Judgement:
    fields: dict[str, Any] = {
        "title": "Calls",
        "definition": "Calls.",
        "better": "higher",
        "unit": {"name": unit},
        "measures": {"calls": {"observations": {"2023": {"value": -5, "note": text}}}},
    }
    from judge.examples import judged_all

    return judged_all(build_kpi(fields, "calls", "service").kpi)


@pytest.mark.parametrize("text", FORMULAS, ids=ascii)
def test_a_text_that_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    (reported,) = rows(with_note(text, text))

    for cell in (reported["note"], reported["unit"]):
        assert not cell.startswith(DANGEROUS)
        assert cell.removeprefix("'") == " ".join(text.split()) or cell == " ".join(text.split())
    assert reported["value"] == "-5"


@quick
@given(st.text(alphabet=st.one_of(st.sampled_from(";'\"=+-@\t \uff1d,"), st.characters()), max_size=30))
def test_any_text_comes_back_as_it_was_but_for_white_space(text: str) -> None:
    (reported,) = rows(with_note(text, "x"))

    assert unguarded(reported["note"]) == " ".join(text.split())


PARTED = [
    "x;=1+1",
    "x; =1+1",
    "x;\t-2+3",
    'x;"=1+1',
    'a;";@SUM(1)',
    "=1;+2;-3",
    "a,b;=1,c",
    "'=;'=1",
    ";=1",
    "x;\uff1d1",
]


@pytest.mark.parametrize("text", PARTED, ids=ascii)
def test_where_semicolons_or_tabs_part_cells_no_text_is_run(text: str) -> None:
    reported = figures_csv(with_note(text, "x"))

    for mark in (";", "\t"):
        for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE):
            for row in csv.reader(io.StringIO(reported, newline=""), delimiter=mark, quoting=quoting):
                assert not [cell for cell in row if cell.strip(' "').startswith(DANGEROUS)]


@pytest.mark.parametrize("text", ["a;b", "a,b", '"a"', "=1", "'a"])
def test_a_text_that_some_spreadsheet_would_part_or_run_is_in_quotes(text: str) -> None:
    written = with_note(text, "x")
    (note,) = (row["note"] for row in rows(written))

    assert f',"{note.replace(chr(34), chr(34) * 2)}",' in figures_csv(written)


# JSON


def test_the_framework_tells_every_kpi_and_measure_once(either: Judgement) -> None:
    document = json.loads(framework_json(either))

    assert document["version"] == 2
    assert document["as_of"] == either.day.isoformat()
    assert [item["kpi"] for item in document["kpis"]] == [name for _, _, name in either.plan.listed()]
    for entry, judged in zip(document["kpis"], either.kpis, strict=True):
        assert [measure["measure"] for measure in entry["measures"]] == [
            measure.id for measure in judged.kpi.measures
        ]
        assert entry["also_shows"] == list(judged.kpi.also_shows)
        assert entry["status"] == judged.status


NUMBERS = ("value", "numerator", "denominator")


def figures(reported: Any) -> list[tuple[Any, ...]]:
    """Every figure of the JSON export as the CSV addresses it."""
    return [
        (kpi["kpi"], measure["measure"], area, item["period"], item["assessment"], *(item[name] for name in NUMBERS))
        for kpi in reported["kpis"]
        for measure in kpi["measures"]
        for area, series in {measure["area"]: measure["observations"], **measure["peers"]}.items()
        for item in series
    ]  # fmt: skip


def test_the_figures_of_both_forms_are_the_same_numbers_and_assessments(either: Judgement) -> None:
    document = json.loads(framework_json(either), parse_float=Decimal, parse_int=Decimal)
    listed = [
        (
            item["kpi"],
            item["measure"],
            item["area"],
            item["period"],
            item["assessment"] or None,
            *(Decimal(item[name]) if item[name] else None for name in NUMBERS),
        )
        for item in rows(either)
    ]

    assert any(item["numerator"] for item in rows(either))
    assert figures(document) == listed


def test_numbers_are_numbers_and_never_texts(small: Judgement) -> None:
    reported = framework_json(small)

    assert re.search(r'"value": 101500\.5,', reported)
    assert re.search(r'"value": 138,', reported)
    assert not re.search(r'"(value|gap|bound|change|per_cent)": "', reported)
    assert not re.search("NaN|Infinity", reported)


def part(values: dict[str, Any], *keys: str) -> tuple[Any, ...]:
    """Some of the values of an object, in this order."""
    return tuple(values[key] for key in keys)


def test_every_judgement_is_told(tmp_path: Path) -> None:
    regular = edited(VISITS, "better: higher\n", "better: higher\nfrequency: monthly\nlag: 2 weeks\n")
    _, judgement, _ = scorecard(written(tmp_path, visits=regular))
    results = {item["kpi"]: item for item in json.loads(framework_json(judgement))["kpis"]}
    loans = results["loans"]["measures"][0]["judgement"]

    assert (loans["state"], loans["rag"], loans["because"]) == ("not met", "red", "no clear change")
    (verdict,) = loans["verdicts"]
    assert part(verdict, "target", "state", "period", "value", "bound_how", "bound", "bound_upper", "on_the_way", "gap", "gap_per_cent") == (
        "at least 5,000", "not met", "2023/24", 4800, "at_least", 5000, None, False, 200, 4.0,
    )  # fmt: skip
    assert part(verdict["target_data"], "how", "value", "source", "source_title") == (
        "at_least", 5000, "library-plan", "Library plan",
    )  # fmt: skip
    assert part(loans["breach"], "state", "since", "periods", "last_met") == (
        "continuing", "2022/23", 2, "2021/22",
    )  # fmt: skip
    assert loans["directions"][0]["change"] == -100
    assert results["visits"]["measures"][0]["judgement"]["days_late"] == 1
    assert results["visits"]["measures"][0]["judgement"]["due"] == "2024-05-14"
    assert results["school-links"]["no_figures"] == "monitored-elsewhere"


LISTS = {"breaches": "missed", "near": "near", "part_of_the_way": "short", "recovered": "recovered"}


def test_what_is_off_target_comes_in_the_order_of_the_page(either: Judgement) -> None:
    document = json.loads(breaches_json(either))

    off = off_target(either, everywhere=True)
    assert list(document) == ["version", "as_of", *LISTS, "others"]
    assert (document["version"], document["as_of"]) == (2, either.day.isoformat())
    for key, rows in LISTS.items():
        assert [(item["kpi"], item["measure"]) for item in document[key]] == [
            (shown.kpi.kpi.id, shown.measure.measure.id) for shown in getattr(off, rows)
        ]
    others = [f"{row['kpi']}/{row['measure']}" for row in document["others"]]
    listed = {f"{row['home']}/{row['measure']}" for key in LISTS for row in document[key]}
    assert others == [judged.address for judged in either.once() if judged.address not in listed]


def test_the_breaches_of_the_small_repository(small: Judgement) -> None:
    loans, satisfaction = json.loads(breaches_json(small))["breaches"]

    keys = (
        "target",
        "period",
        "value",
        "bound",
        "gap",
        "state",
        "since",
        "periods",
        "direction",
        "rag",
        "owner",
    )
    assert part(loans, *keys) == (
        "at least 5,000", "2023/24", 4800, 5000, 200, "continuing", "2022/23", 2, "no clear change", "red", "head",
    )  # fmt: skip
    assert part(satisfaction, *keys) == (
        "at least 80%", "2023", 79.5, 80, 0.5, "new", "2023", 1, "worse", "red", None,
    )  # fmt: skip
    names = (
        "kpi",
        "kpi_title",
        "measure",
        "measure_title",
        "priority_title",
        "area_name",
        "owner_name",
        "home",
    )
    assert part(loans, *names) == (
        "loans", "Loans", "all", "All items", "More reading", "Riverside", "Head of Libraries", "loans",
    )  # fmt: skip


def test_the_list_has_every_kpi_and_its_measures_as_the_export_has_them(either: Judgement) -> None:
    document = json.loads(list_json(either))
    whole = {item["kpi"]: item for item in json.loads(framework_json(either))["kpis"]}

    assert [item["kpi"] for item in document["kpis"]] == [name for _, _, name in either.plan.listed()]
    for item in document["kpis"]:
        assert part(item, "title", "status", "met", "targeted") == part(
            whole[item["kpi"]], "title", "status", "met", "targeted"
        )
        for measure in item["measures"]:
            home = {each["measure"]: each for each in whole[measure["home"]]["measures"]}
            assert measure["judgement"] == home[measure["measure"]]["judgement"]
        shown = [f"{each['home']}/{each['measure']}" for each in item["measures"]]
        assert set(whole[item["kpi"]]["also_shows"]) <= set(shown)


@pytest.mark.parametrize("form", ["csv", "json"])
def test_a_file_gets_what_stdout_would(form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root, target = str(written(tmp_path)), tmp_path / "out" / f"figures.{form}"

    assert run(["export", "--root", root, "--format", form, "--output", str(target)]) == 0
    assert capsys.readouterr() == ("", "")
    assert run(["export", "--root", root, "--format", form]) == 0
    assert target.read_bytes().decode() == capsys.readouterr().out


def test_everything_for_machines_is_ascii_or_utf_8_without_a_mark(either: Judgement) -> None:
    assert framework_json(either).isascii()
    assert breaches_json(either).isascii()
    assert not figures_csv(either).startswith("\ufeff")


def test_the_p_of_a_change_is_for_programs_and_of_what_is_not_tested_there_is_none(tmp_path: Path) -> None:
    loans = edited(LOANS, "  books:\n", "  books:\n    triggers: [{when: decrease, level: 0.05}]\n")
    document = json.loads(framework_json(scorecard(written(tmp_path, loans=loans))[1]))
    measures = {
        f"{kpi['kpi']}/{item['measure']}": item["judgement"]
        for kpi in document["kpis"]
        for item in kpi["measures"]
    }

    assert measures["loans/books"]["directions"][0]["p"] == 0.2653
    assert measures["loans/books"]["triggers"] == [
        {"when": "decrease", "state": "not fired", "reason": None, "p": 0.2653}
    ]
    assert measures["satisfaction/young"]["directions"][0]["p"] is None
    assert "more than chance" not in json.dumps(document)
