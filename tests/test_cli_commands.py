"""Every command, its options and exit codes: the result on stdout, the rest on stderr, a user's mistake in one sentence."""

import json
import re
from pathlib import Path

import pytest

from running import Kpi
from small import FILES, HOURS, LOANS, PLAN, SATISFACTION, edited, written

FORBIDDEN = re.compile(r"\b(invalid|illegal|exception|cannot|unexpected|traceback|error)\b", re.IGNORECASE)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return written(tmp_path)


MISTAKES = [
    (["bild"], 'There is no command "bild". Did you mean build? kpi --help says more.'),
    (["zzz"], 'There is no command "zzz". There are: init, lint, fmt, record, import, template, new, build, breaches, list, show, diff, export, paper, site, notify, upgrade, explain. kpi --help says more.'),
    (["lint", "--fromat", "json"], 'There is no option "--fromat". Did you mean --format? kpi lint --help says more.'),
    (["lint", "--zzzzz"], 'There is no option "--zzzzz". kpi lint --help says more.'),
    (["--zzzzz", "lint"], 'There is no option "--zzzzz". kpi --help says more.'),
    (["breaches", "--format", "xml"], "--format: 'xml' is not one of 'markdown', 'json'. kpi breaches --help says more."),
    (["breaches", "--format", "jsn"], "--format: 'jsn' is not one of 'markdown', 'json'. kpi breaches --help says more."),
    (["breaches", "--fail-on", "blue"], "--fail-on: 'blue' is not one of 'red', 'amber'. kpi breaches --help says more."),
    (["breaches", "--fail-on", "it's"], "--fail-on: \"it's\" is not one of 'red', 'amber'. kpi breaches --help says more."),
    (["--color", "alway", "list"], "--color: 'alway' is not one of 'auto', 'always', 'never'. kpi --help says more."),
    (["show"], "KPI is missing. kpi show --help says more."),
    (["show", ""], "KPI is missing. kpi show --help says more."),
    (["record", " ", "2024-01", "5"], "KPI[/MEASURE] is missing. kpi record --help says more."),
    (["record", "visits", "", "5"], "PERIOD is missing. kpi record --help says more."),
    (["new", ""], "PRIORITY/ID is missing. kpi new --help says more."),
    (["site"], "--output is missing. kpi site --help says more."),
    (["export", "--format", "xlsx", "--output", "figures.csv"], "A workbook's name ends with .xlsx. Write figures.xlsx."),
    (["show", "loans", "visits"], 'One word is too many: "visits". kpi show --help says more.'),
    (["list", "a", "b"], 'These words are too many: "a b". kpi list --help says more.'),
    (["show", "loans", "--format", "json"], "--format goes with --history. kpi export has the figures as JSON."),
    (["show", "lones", "--history"], 'There is no KPI called "lones". Did you mean "loans"?'),
    (["list", "--format", "markdown"], "--format markdown goes with --overdue. The scorecard's pages list the KPIs as Markdown."),
    (["show", "lones"], 'There is no KPI called "lones". Did you mean "loans"?'),
    (["show", "zzzzzz"], 'There is no KPI called "zzzzzz". kpi list shows them all.'),
    (["--as-of", "yesterday", "list"], '"yesterday" is not a day. Write it like 2024-02-27.'),
    (["list", "--as-of", "2024-02-30"], '"2024-02-30" is not a day. Write it like 2024-02-27.'),
    (["list", "--as-of", "27/2/2024"], '"27/2/2024" is not a day. Write it like 2024-02-27.'),
    (["list", "--as-of", "9999-12-31"], '"9999-12-31" is not a day. Write it like 2024-02-27.'),
    (["list", "--as-of"], "Option '--as-of' requires an argument. kpi list --help says more."),
    (["build", "--check=yes"], "Option '--check' does not take a value. kpi build --help says more."),
    (["--as-of"], "Option '--as-of' requires an argument. kpi --help says more."),
    (["--quiet=yes", "list"], "Option '--quiet' does not take a value. kpi --help says more."),
    (["list", "-3"], 'One word is too many: "-3". kpi list --help says more.'),
    (["show", "loans", "two words"], 'One word is too many: "two words". kpi show --help says more.'),
    (["show", "loans/bokks"], '"loans" has no measure called "bokks". Did you mean "books"?'),
    (["show", "loans/zzzzz"], '"loans" has no measure called "zzzzz". There are: all, books, other, share-of-books.'),
    (["show", "lones/books"], 'There is no KPI called "lones/books". Did you mean "loans"?'),
    (["explain", "outlier"], 'There is no rule and no field called "outlier". Did you mean "outlier-jump"?'),
    (["explain", "KPI710"], 'There is no rule and no field called "KPI710". kpi explain lists them all.'),
    (["explain", "obsevations"], 'There is no rule and no field called "obsevations". Did you mean "observations"?'),
    (["explain", "targets.atleast"], 'There is no rule and no field called "targets.atleast". Did you mean "at_least"?'),
    (["explain", "provisionel"], 'There is no rule and no field called "provisionel". Did you mean "provisional"?'),
    (["explain", "zzzzz"], 'There is no rule and no field called "zzzzz". kpi explain lists them all.'),
    (["--root", "nowhere", "list"], 'There is no folder "nowhere".'),
    (["list", "--root", "nowhere"], 'There is no folder "nowhere".'),
    (["--root", "kpis", "list"], 'There is no kpis/ folder in "kpis".'),
    (["--root", "kpis/plan.yaml", "list"], 'There is no folder "kpis/plan.yaml".'),
    (["lint", "kpis/peeple"], 'Nothing was found to check at "kpis/peeple".'),
    (["lint", "kpis/people", "kpis/people/gone.yaml"], 'Nothing was found to check at "kpis/people/gone.yaml".'),
    (["lint", "notes.md"], 'Nothing was found to check at "notes.md".'),
    (["lint", "kpis/people/\x1b[31m.yaml"], 'Nothing was found to check at "kpis/people/‹U+001B›[31m.yaml".'),
    (["show", "a\nb"], 'There is no KPI called "a‹U+000A›b". kpi list shows them all.'),
    (["export", "--output", "kpis"], '"kpis" is a folder. Name a file.'),
    (["export", "--format", "xlsx", "--output", "kpis"], '"kpis" is a folder. Name a file.'),
    (["template", ""], '"." is a folder. Name a file.'),
    (["paper", "--output", "kpis"], "--output: File 'kpis' is a directory. kpi paper --help says more."),
    (["lint", "--summary", "kpis"], "--summary: File 'kpis' is a directory. kpi lint --help says more."),
    (["diff", "--output", "."], "--output: File '.' is a directory. kpi diff --help says more."),
]  # fmt: skip


@pytest.mark.usefixtures("root")
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    MISTAKES,
    ids=[" ".join(each).encode("unicode_escape").decode() for each, _ in MISTAKES],
)
def test_a_mistake_of_the_user_is_one_plain_sentence(kpi: Kpi, arguments: list[str], sentence: str) -> None:
    assert kpi(*arguments) == (2, "", f"kpi: {sentence}\n")
    assert not FORBIDDEN.search(sentence)


def test_a_path_outside_the_repository_is_a_mistake(kpi: Kpi, root: Path) -> None:
    done = kpi("--root", root, "lint", root.parent / "other.yaml")

    assert (done.code, done.out) == (2, "")
    assert 'other.yaml" is not in the repository' in done.err


def test_without_a_command_the_help_is_shown_as_wrong_use(kpi: Kpi) -> None:
    done = kpi()

    assert (done.code, done.err) == (2, "")
    assert done.out == kpi("--help").out


def test_global_options_may_stand_before_the_command_or_after_it(kpi: Kpi, root: Path) -> None:
    elsewhere = written(root / "elsewhere", {path: FILES[path] for path in FILES if "people" not in path} | {
        "kpis/plan.yaml": PLAN.replace("  - id: people\n    title: People\n    kpis: [satisfaction, staff, reading-circles, school-links]\n", "")
    })  # fmt: skip
    before = kpi("--root", elsewhere, "--as-of", "2023-05-01", "list", "--format", "json")
    after = kpi("list", "--as-of", "2023-05-01", "--format", "json", "--root", elsewhere)
    mixed = kpi(
        "--root",
        root,
        "--as-of",
        "2020-01-01",
        "list",
        "--format=json",
        "--root",
        elsewhere,
        "--as-of=2023-05-01",
    )

    assert before.code == 0
    assert before == after == mixed
    assert json.loads(before.out)["as_of"] == "2023-05-01"
    assert [item["kpi"] for item in json.loads(before.out)["kpis"]] == ["loans", "visits", "opening-hours"]


@pytest.mark.parametrize("command", ["lint", "fmt", "build", "breaches", "list", "show", "export", "paper"])
def test_every_command_knows_the_global_options_and_says_what_it_does(kpi: Kpi, command: str) -> None:
    done = kpi(command, "--help")

    assert (done.code, done.err) == (0, "")
    for option in ("--root", "--as-of", "--color", "--quiet", "--help"):
        assert option in done.out


def test_as_of_judges_from_the_figures_known_by_that_day(kpi: Kpi, root: Path) -> None:
    del root
    then, now = kpi("show", "loans", "--as-of", "2022-06-01").out, kpi("show", "loans").out

    assert "Met (green)" in then
    assert "2022/23" not in then
    assert "Off target (red, no clear change)" in now


@pytest.mark.parametrize("day", ["1000-01-01", "1900-01-01", "2999-12-31"])
def test_any_day_there_is_can_be_judged_on(kpi: Kpi, root: Path, day: str) -> None:
    del root
    for command in (
        ["list"],
        ["show", "visits"],
        ["breaches"],
        ["export", "--format", "json"],
        ["build", "--check"],
    ):
        assert kpi(*command, "--as-of", day).code in {0, 1}


# build


def test_build_writes_the_pages_and_says_so(kpi: Kpi, root: Path) -> None:
    assert kpi("build") == (0, "", "19 files in docs/scorecard/: 19 written, 0 unchanged, 0 removed.\n")
    assert (root / "docs/scorecard/README.md").is_file()
    assert kpi("build") == (0, "", "19 files in docs/scorecard/: 0 written, 19 unchanged, 0 removed.\n")
    assert kpi("build", "-q") == kpi("--quiet", "build") == (0, "", "")


def test_build_check_writes_nothing_and_names_what_is_stale(kpi: Kpi, root: Path) -> None:
    assert kpi("build", "--check").code == 1
    assert not (root / "docs").exists()
    kpi("build")
    assert kpi("build", "--check") == (0, "", "19 files current.\n")
    written(root, {"kpis/people/satisfaction.yaml": edited(SATISFACTION, "2023: 43.5s", "2023: 44s")})

    assert kpi("build", "--check") == (
        1,
        "".join(
            f"docs/scorecard/{name}: is not what the figures say\n"
            for name in (
                "README.md",
                "changes.md",
                "charts/satisfaction.svg",
                "kpis/satisfaction.md",
                "people.md",
            )
        ),
        "5 files stale. Run kpi build.\n",
    )


def test_build_removes_the_page_of_a_kpi_that_is_no_more(kpi: Kpi, root: Path) -> None:
    kpi("build")
    (root / "kpis/people/school-links.yaml").unlink()
    written(root, {"kpis/plan.yaml": edited(PLAN, ", school-links", "")})

    assert kpi("build").err == "18 files in docs/scorecard/: 2 written, 16 unchanged, 1 removed.\n"
    assert not (root / "docs/scorecard/kpis/school-links.md").exists()


def test_a_folder_that_cannot_be_written_ends_with_3(kpi: Kpi, root: Path) -> None:
    (root / "docs").write_text("in the way", encoding="utf-8")
    done = kpi("build")

    assert (done.code, done.out) == (3, "")
    assert "can't be written: " in done.err
    assert done.err.count("\n") == 1


# list, show, breaches


def test_list_has_a_line_for_every_kpi_under_its_priority(kpi: Kpi, root: Path) -> None:
    del root
    assert kpi("list").out == (
        "More reading\n"
        "loans          Off target  4,800 [p] (2023/24)              Loans: All items, and 3 more\n"
        "visits         No data     950 (February 2024)              Visits\n"
        "opening-hours  Near        39 hours a week (31 March 2024)  Opening hours: hours a week, and 1 more\n"
        "\n"
        "People\n"
        "satisfaction     Off target           79.5% (2023)                Satisfaction: 25 and over, and 2 more\n"
        "staff            Near                 assessed as near (2023/24)  Staff: Well at work, and 3 more\n"
        "reading-circles  In words                                         Reading circles\n"
        "school-links     Monitored elsewhere                              Links with schools\n"
    )


@pytest.mark.parametrize("name", ["loans", "reading/loans", "kpis/reading/loans.yaml", "loans.yaml"])
def test_show_takes_a_kpi_with_or_without_its_folder(kpi: Kpi, root: Path, name: str) -> None:
    del root
    assert kpi("show", name).out.startswith("Loans\nOff target, as of 15 May 2024\n")


@pytest.mark.usefixtures("root")
def test_show_takes_a_measure_and_shows_it_alone(kpi: Kpi) -> None:
    output = kpi("show", "loans/books").out

    assert output.startswith("Loans\nOff target, as of 15 May 2024\n")
    assert re.findall(r"\[([\w/-]+)\]$", output, re.MULTILINE) == ["loans/books"]
    assert kpi("show", "reading/loans").out == kpi("show", "loans").out


def test_show_prints_texts_of_several_lines_as_sentences(kpi: Kpi, root: Path) -> None:
    del root
    assert "\nPeople who came in, counted at the door.\n" in kpi("show", "visits").out


def test_show_prints_no_hidden_character_whatever_the_file_holds(kpi: Kpi, root: Path) -> None:
    evil = edited(HOURS, "name: hours a week", 'name: "hours\\e[31m\\u202e a week"')
    evil = edited(evil, "title: Opening hours", 'title: "Opening\\n::error:: hours"')
    written(root, {"kpis/reading/opening-hours.yaml": evil})
    for command in (["show", "opening-hours"], ["list"], ["lint"]):
        text = "".join(kpi(*command)[1:])
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", text)
        assert not re.search(r"^\s*::", text, re.MULTILINE)


def test_breaches_are_the_page_of_the_scorecard(kpi: Kpi, root: Path) -> None:
    kpi("build")

    assert kpi("breaches").out == (root / "docs/scorecard/breaches.md").read_text(encoding="utf-8")


IMPROVING = edited(
    edited(LOANS, "2022/23: 4900", "2022/23: 4100"), "marks: [provisional]", "marks: [revised]"
)


@pytest.mark.parametrize(
    ("loans", "satisfaction", "red", "amber"),
    [
        (LOANS, SATISFACTION, 1, 1),
        (IMPROVING, edited(SATISFACTION, "2023: 79.5", "2023: 85"), 0, 1),
        (edited(LOANS, "value: 4800", "value: 5200"), edited(SATISFACTION, "2023: 79.5", "2023: 85"), 0, 1),
    ],
    ids=["one red", "one amber", "one near"],
)
def test_breaches_fail_only_where_asked_to(
    kpi: Kpi, tmp_path: Path, loans: str, satisfaction: str, red: int, amber: int
) -> None:
    written(tmp_path, loans=loans, satisfaction=satisfaction)

    assert kpi("breaches").code == 0
    assert kpi("breaches", "--fail-on", "red").code == red
    assert kpi("breaches", "--fail-on", "amber", "--format", "json").code == amber
