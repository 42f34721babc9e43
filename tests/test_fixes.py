"""Mending: what `kpi lint --fix` changes, what it leaves alone, and that it makes nothing worse."""

import subprocess
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.lint.engine import lint
from kpi.lint.fixes import FixResult, make_fixes
from kpi.model.finding import Finding
from kpi.rules import RULES
from kpi.store.reader import read
from running import Kpi
from small import LOANS, SATISFACTION, edited, written
from test_explain import MISTAKES
from trials import trials

TODAY = date(2024, 6, 1)
SATISFIED = "kpis/people/satisfaction.yaml"


def fixed(root: Path, *, unsafe: bool = False) -> FixResult:
    return make_fixes(root, lint(root, TODAY), lambda files: lint(root, TODAY, files), unsafe=unsafe)


def after(root: Path, path: str = SATISFIED, *, unsafe: bool = False) -> str:
    """What a file becomes; empty where it stays as it is."""
    files = fixed(root, unsafe=unsafe).files
    return files[path][1].decode() if path in files else ""


def test_a_guess_is_made_only_where_guesses_are_asked_for(tmp_path: Path) -> None:
    root = written(tmp_path, satisfaction=edited(SATISFACTION, "unit: percent", "unit: percentage"))

    assert after(root) == ""
    assert after(root, unsafe=True) == SATISFACTION


def test_several_mistakes_of_a_file_are_mended_at_once_and_nothing_else_changes(tmp_path: Path) -> None:
    bad = SATISFACTION
    for old, new in (
        ("unit: percent", "unit: percentage"),
        ("{2022: 75, 2023: 81}", "{2022: 75%, 2023: 81}"),
    ):
        bad = edited(bad, old, new)
    root = written(tmp_path, satisfaction=bad)

    assert after(root, unsafe=True) == SATISFACTION
    assert fixed(root, unsafe=True).findings == 2


def test_a_comment_that_hides_nothing_goes_with_its_line_or_with_the_spaces_before_it(tmp_path: Path) -> None:
    above = edited(SATISFACTION, "unit: percent", "# kpi: ignore[stale] because\nunit: percent")
    behind = edited(SATISFACTION, "unit: percent", "unit: percent  # kpi: ignore[stale] because")

    assert after(written(tmp_path / "a", satisfaction=above)) == SATISFACTION
    assert after(written(tmp_path / "b", satisfaction=behind)) == SATISFACTION


def test_of_a_comment_for_two_rules_only_the_idle_one_goes(tmp_path: Path) -> None:
    bad = edited(SATISFACTION, "2023: 81}", "2023: 181} # kpi: ignore[percent-range, stale] printed so")
    text = after(written(tmp_path, satisfaction=bad))

    assert text == bad.replace("[percent-range, stale]", "[percent-range]")


def test_a_file_that_the_plan_does_not_list_gets_its_line(tmp_path: Path) -> None:
    root = written(tmp_path, files={"kpis/plan.yaml": _GOOD_PLAN, "kpis/victims/support.yaml": _SUPPORT})
    (root / "kpis/victims/refuges.yaml").write_text(_SUPPORT, encoding="utf-8")
    plan = "    kpis:\n      - support\n"
    for before, added in (
        (_GOOD_PLAN, "[support]"),
        (edited(_GOOD_PLAN, "    kpis: [support]\n", plan), plan),
    ):
        (root / "kpis/plan.yaml").write_text(before, encoding="utf-8")
        listed = added.replace("support", "support, refuges") if "[" in added else f"{added}      - refuges\n"

        assert after(root, "kpis/plan.yaml") == edited(before, added, listed)


def test_where_a_priority_has_several_lists_nobody_knows_which_is_meant(tmp_path: Path) -> None:
    root = written(tmp_path)
    (root / "kpis/reading/films.yaml").write_text(LOANS, encoding="utf-8")

    assert fixed(root, unsafe=True).files == {}


def test_line_ends_and_a_mark_at_the_start_stay_where_style_is_not_the_matter(tmp_path: Path) -> None:
    root = written(tmp_path)
    place = root / SATISFIED
    crlf = edited(SATISFACTION, "unit: percent", "unit: percentage").replace("\n", "\r\n").encode()
    place.write_bytes(crlf)

    assert fixed(root, unsafe=True).files[SATISFIED][1] == SATISFACTION.replace("\n", "\r\n").encode()


def test_a_letter_of_an_older_windows_program_becomes_the_same_letter(tmp_path: Path) -> None:
    root = written(tmp_path)
    text = edited(SATISFACTION, "title: Satisfaction", "title: Café’s satisfaction")
    both = text.encode().replace("é".encode(), b"\xe9")
    for data in (text.encode("cp1252"), text.encode("utf-16"), both):
        (root / SATISFIED).write_bytes(data)

        assert after(root, unsafe=True) == text


def test_a_field_that_is_spelt_rightly_at_last_may_show_a_wrong_value(tmp_path: Path) -> None:
    bad = edited(SATISFACTION, "unit: percent", "unti: percnt")
    root = written(tmp_path, satisfaction=bad)
    actual = fixed(root, unsafe=True)

    assert actual.files[SATISFIED][1].decode() == edited(SATISFACTION, "unit: percent", "unit: percnt")
    assert [finding.rule for finding in actual.report.findings if finding.path == SATISFIED] == [
        "unknown-choice"
    ]


def test_what_would_be_no_better_is_not_written(tmp_path: Path) -> None:
    """The period that was meant is there already: fixed, a name would stand there twice, and less could be read."""
    bad = edited(SATISFACTION, "{2022: 75, 2023: 81}", "{2022: 75, 2023: 81, FY 2023: 5, Jan-Dec 2023: 80}")
    root = written(tmp_path, satisfaction=bad)

    assert any("write 2023." in finding.help for finding in lint(root, TODAY).findings)
    assert after(root, unsafe=True) == ""


def test_what_can_be_mended_beside_what_would_be_no_better_is_mended(tmp_path: Path) -> None:
    period = "{2022: 75, 2023: 81, FY 2023: 5, Jan-Dec 2023: 80}"
    good = edited(SATISFACTION, "{2022: 75, 2023: 81}", period)
    root = written(tmp_path, satisfaction=edited(good, "unit: percent", "unit: percentage"))

    assert after(root, unsafe=True) == good
    assert fixed(root, unsafe=True).findings == 1


SERIES = (
    "title: Satisfaction\ndefinition: Share.\nunit: percent\nbetter: higher\nsources: [return]\nmeasures:\n"
    "  young:\n    observations:\n      2019: 70.1\n      2020: 75.1\n"
)


@pytest.mark.parametrize(
    "figure",
    [
        "      2021: 81.12345\n",
        "      2021: {value: 81.12345, marks: [provisional]}\n",
        "      2021:\n        value: 81.12345\n        marks: [revised]\n        note: It was wrong.\n",
    ],
)
def test_a_figure_that_is_rounded_keeps_its_marks_and_its_note(figure: str, tmp_path: Path) -> None:
    root = written(tmp_path, satisfaction=SERIES + figure)

    assert after(root, unsafe=True) == SERIES + edited(figure, "81.12345", "81.1")


@pytest.mark.parametrize("data", [b"title: Caf\xe9 \x81\n", "title: A\n".encode("utf-16") + b"\0"])
def test_a_byte_that_stands_for_no_letter_is_left_to_a_person(data: bytes, tmp_path: Path) -> None:
    root = written(tmp_path)
    (root / SATISFIED).write_bytes(data)

    assert [finding.rule for finding in lint(root, TODAY).findings if finding.path == SATISFIED] == [
        "not-utf8"
    ]
    assert after(root, unsafe=True) == ""


def test_odd_spaces_become_as_many_ordinary_ones_so_that_a_line_keeps_its_place(tmp_path: Path) -> None:
    odd = edited(SATISFACTION, "    title: Time", "\xa0\xa0 \xa0title: Time")

    assert after(written(tmp_path, satisfaction=odd)) == SATISFACTION


def test_an_idle_comment_stays_while_a_mistake_may_be_why_it_hides_nothing(tmp_path: Path) -> None:
    bad = edited(LOANS, "{total: all,", "{total: al,")
    root = written(tmp_path, loans=bad)

    assert [finding.rule for finding in lint(root, TODAY).findings] == ["unused-ignore", "unknown-reference"]
    assert after(root, "kpis/reading/loans.yaml", unsafe=True) == LOANS


def test_a_line_for_the_plan_stands_below_the_comment_of_the_line_before(tmp_path: Path) -> None:
    plan = edited(_GOOD_PLAN, "[support]", "\n      - support # since 2020").replace("kpis: ", "kpis:")
    for text in (plan, plan.replace("\n", "\r\n"), plan.rstrip("\n")):
        root = written(tmp_path, files={"kpis/plan.yaml": "", "kpis/victims/support.yaml": _SUPPORT})
        (root / "kpis/plan.yaml").write_bytes(text.encode())
        (root / "kpis/victims/refuges.yaml").write_text(_SUPPORT, encoding="utf-8")
        reported = after(root, "kpis/plan.yaml").replace("\r", "")

        assert reported == edited(plan, "# since 2020\n", "# since 2020\n      - refuges\n")


@pytest.mark.parametrize(
    ("list_", "longer"),
    [
        (" [support]", " [support, refuges, shelters]"),
        ("\n      - support", "\n      - support\n      - refuges\n      - shelters"),
    ],
)
def test_several_files_get_their_lines_at_once(tmp_path: Path, list_: str, longer: str) -> None:
    plan = edited(_GOOD_PLAN, " [support]", list_)
    files = {f"kpis/victims/{name}.yaml": _SUPPORT for name in ("support", "refuges", "shelters")}
    reported = after(written(tmp_path, files={"kpis/plan.yaml": plan, **files}), "kpis/plan.yaml")

    assert reported == edited(plan, list_, longer)


def test_where_there_is_nothing_to_mend_only_that_is_said(tmp_path: Path, kpi: Kpi) -> None:
    written(tmp_path)

    for option in ("--fix", "--unsafe-fixes"):
        done = kpi("lint", option)
        assert done == (0, "Nothing to fix. 8 files checked; 1 finding ignored with a reason.\n", "")
    assert kpi("lint", "--diff") == (0, "", "0 findings would be fixed in 0 files.\n")


def test_what_a_change_does_is_seen_also_where_only_one_rule_is_asked_for(tmp_path: Path, kpi: Kpi) -> None:
    """As a year, the period would stand there twice; the rule that says so was not selected."""
    bad = f"{SERIES}      2010-11: 80\n      12 months to 2011-03: 79\n".replace("2019:", "2008/09:")
    bad = bad.replace("2020:", "2009/10:")
    root = written(tmp_path, satisfaction=bad)
    done = kpi("lint", "--unsafe-fixes", "--select", "looks-like-a-year")

    assert done.err == "0 findings fixed in 0 files.\n"
    assert "warning looks-like-a-year\n" in done.out
    assert (root / SATISFIED).read_text(encoding="utf-8") == bad


def test_a_file_that_has_other_lines_since_it_was_checked_is_left_alone(tmp_path: Path) -> None:
    root = written(tmp_path, satisfaction=edited(SATISFACTION, "unit: percent", "unit: percentage"))
    report = lint(root, TODAY)
    later = edited(SATISFACTION, "unit: percent", "note: percentage, rounded\nunit: percent")
    (root / SATISFIED).write_text(later, encoding="utf-8")

    assert make_fixes(root, report, lambda files: lint(root, TODAY, files), unsafe=True).files == {}


def test_a_mended_mistake_of_the_list_is_not_told_again(tmp_path: Path) -> None:
    for number, mistake in enumerate(MISTAKES):
        place = "kpis/plan.yaml" if mistake.part == "plan" else "kpis/victims/support.yaml"
        root = written(tmp_path / str(number), files={"kpis/plan.yaml": _GOOD_PLAN, place: mistake.file})
        fixes = fixed(root, unsafe=True)
        results = {(finding.path, finding.rule, finding.line) for finding in fixes.report.findings}
        wanted = _wanted(root) if fixes.files else []

        for path, (before, new) in fixes.files.items():
            assert before != new, mistake
            assert read(new).values is not None or read(before).values is None, mistake
            again = [item for item in wanted if item.path == path and (path, item.rule, item.line) in results]
            assert len(again) < len([item for item in wanted if item.path == path]), mistake


_GOOD_PLAN = (
    "organisation: Police\ntitle: Plan\narea: wmp\nareas:\n  wmp: West Midlands\nsources:\n  paper: {title: Paper}\n"
    "priorities:\n  - id: victims\n    title: Victims\n    kpis: [support]\n"
)


_SUPPORT = (
    "title: Support\ndefinition: Support given.\nsources: [paper]\nno_figures: {because: awaiting-data}\n"
)


def _wanted(root: Path) -> list[Finding]:
    fixes = {rule.name for rule in RULES if rule.fix}
    return [finding for finding in lint(root, TODAY).findings if finding.rule in fixes]


@trials(60)
@given(data=st.data())
def test_mending_again_and_again_comes_to_an_end(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    lines = SATISFACTION.split("\n")
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(lines) - 2))
        word = data.draw(
            st.sampled_from(["  ", "%", " # kpi: ignore[stale] x", "\u200b", ",", "s", "\t", " 1"])
        )
        lines[at] += word
    root = written(tmp_path_factory.mktemp("again"), satisfaction="\n".join(lines))
    for _ in range(6):
        actual = fixed(root, unsafe=True)
        if not actual.files:
            break
        for path, (_, new) in actual.files.items():
            (root / path).write_bytes(new)
    assert not actual.files


SLIPS = [
    ("unit: percent", "unit: percentage"),
    ("better: higher", "beter: higher"),
    ("2022: 75,", "2022: 75%,"),
    ("2023: 81}", '2023: "81"}'),
    ("2022: 85,", "2022: 85 per cent,"),
    ("2023: 79.5}", "2023: 79.5%}"),
    ("users who", "us\u200bers who"),
    ("Time at the", "Time\xa0at the"),
    ("Satisfaction", "S\u0430tisfaction"),
    ("better: lower", "better: less"),
    ("is: {age: young}", "is: {age: yuong}"),
    ("sources: [return]", "sources: return"),
    ("  old:\n    is", "  old:\n    # kpi: ignore[stale] no more\n    is"),
    ("2022: 2m18s", "2022: 2m18"),
]


@trials(50)
@given(
    slips=st.lists(st.sampled_from(SLIPS), unique=True, max_size=6),
    above=st.sampled_from(["", "# first\n", 'note: "75%, not 75 %"\n']),
    crlf=st.booleans(),
)
def test_mending_undoes_slips_and_touches_nothing_else(
    slips: list[tuple[str, str]], above: str, crlf: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    good = bad = above + SATISFACTION
    for right, wrong in slips:
        bad = edited(bad, right, wrong)
    if crlf:
        good, bad = (text.replace("\n", "\r\n") for text in (good, bad))
    root = written(tmp_path_factory.mktemp("slips"))
    (root / SATISFIED).write_bytes(bad.encode())
    for _ in slips:  # what a slip hides is reported when it is fixed
        for path, (_, new) in fixed(root, unsafe=True).files.items():
            (root / path).write_bytes(new)

    assert (root / SATISFIED).read_bytes().decode() == good


# The command.


def test_fix_writes_and_reports_what_is_left(tmp_path: Path, kpi: Kpi) -> None:
    bad = edited(SATISFACTION, "unit: percent", "unit:  percentage")
    written(tmp_path, satisfaction=bad)
    safe, unsafe = kpi("lint", "--fix"), kpi("lint", "--unsafe-fixes")

    assert safe.code == 1
    assert (unsafe.code, unsafe.err) == (0, "1 finding fixed in 1 file.\n")
    assert (tmp_path / SATISFIED).read_text(encoding="utf-8") == SATISFACTION


def test_diff_shows_what_would_be_mended_and_writes_nothing(tmp_path: Path, kpi: Kpi) -> None:
    bad = edited(SATISFACTION, "unit: percent", "unit: percentage")
    written(tmp_path, satisfaction=bad)
    done = kpi("lint", "--unsafe-fixes", "--diff")

    assert done.code == 1
    assert "\n-unit: percentage\n+unit: percent\n" in done.out
    assert (tmp_path / SATISFIED).read_text(encoding="utf-8") == bad
    assert kpi("lint", "--diff").code == 0


@pytest.mark.parametrize("last", ["", "\n"], ids=["without a last line end", "with one"])
def test_git_applies_what_diff_shows(tmp_path: Path, kpi: Kpi, last: str) -> None:
    bad = edited(SATISFACTION, "unit: percent", "unit: percentage").rstrip("\n") + last
    written(tmp_path, satisfaction=bad)
    shown = kpi("lint", "--unsafe-fixes", "--diff").out
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    subprocess.run(["git", "apply", "-"], cwd=tmp_path, input=shown, text=True, encoding="utf-8", check=True)

    assert (tmp_path / SATISFIED).read_text(encoding="utf-8") == SATISFACTION


def test_only_the_files_that_are_named_are_mended(tmp_path: Path, kpi: Kpi) -> None:
    written(tmp_path, satisfaction=f"\n{SATISFACTION}", loans=f"\n{LOANS}")
    kpi("lint", "--fix", SATISFIED)

    assert (tmp_path / SATISFIED).read_text(encoding="utf-8") == SATISFACTION
    assert (tmp_path / "kpis/reading/loans.yaml").read_text(encoding="utf-8") == f"\n{LOANS}"


def test_the_summary_says_what_can_be_mended(tmp_path: Path, kpi: Kpi) -> None:
    bad = edited(SATISFACTION, "unit: percent", "unit: percentage")
    written(tmp_path, satisfaction=bad, loans=f"\n{LOANS}")
    done = kpi("lint")

    assert done.out.endswith(
        "1 fix is available: kpi lint --fix\n"
        "1 fix is available but uncertain: kpi lint --unsafe-fixes (--diff shows it first)\n"
        "1 error to fix before merging, 1 warning to look at. 8 files checked; 1 finding ignored with a reason.\n"
    )
