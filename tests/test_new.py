"""`kpi new`: a file with blanks that lint names, its line in the plan, both or neither."""

from collections.abc import Callable
from pathlib import Path

import pytest

from guides import TODAY, example
from kpi.lint.engine import lint
from kpi.model.errors import ToolError
from kpi.store.edit import UnplacedError, replace_file
from kpi.store.starter import Spot, plan_with
from running import Done, Kpi
from small import PLAN as SMALL_PLAN
from small import edited, written

NEW = "kpis/care/home-helpers.yaml"
FILLED = {
    "title:  # a few words, as readers see it": "title: Home helpers",
    "definition:  # in a sentence: what is counted or measured": "definition: Home helpers in post.",
    "unit:  # count, percent, ratio, duration, days, weeks, {currency: GBP} or {rate_per: 1000}": "unit: count",
    "better:  # higher, lower or neither": "better: higher",
    "sources:  # ids": "sources: [care-records]  # ids",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return example(tmp_path)


def text(root: Path, path: str) -> str:
    return (root / path).read_text(encoding="utf-8")


def everything(root: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_a_file_with_blanks_and_a_line_in_the_plan_are_written(root: Path, kpi: Kpi) -> None:
    before = text(root, "kpis/plan.yaml")

    assert kpi("new", "care/home-helpers") == Done(
        0,
        "kpis/care/home-helpers.yaml\nkpis/plan.yaml:14\n+       - home-helpers\n",
        "kpi: Now fill in the 6 blanks. kpi lint names those that are left.\n",
    )
    line = "      - care-at-home\n"
    assert text(root, "kpis/plan.yaml") == edited(before, line, f"{line}      - home-helpers\n")
    assert kpi("fmt", "--check").code == 0


def test_lint_names_every_blank_and_nothing_once_they_are_filled(root: Path, kpi: Kpi) -> None:
    kpi("new", "care/home-helpers")
    lines = text(root, NEW).splitlines()
    blanks = [number for number, line in enumerate(lines, 1) if ":  #" in line]
    findings = lint(root, TODAY).findings

    assert [(item.path, item.line, item.rule) for item in findings] == [
        (NEW, n, "missing-field") for n in blanks
    ]
    assert all(" has no value." in item.message for item in findings)
    for blank, line in FILLED.items():
        (root / NEW).write_text(edited(text(root, NEW), blank, line), encoding="utf-8")
    kpi("record", "home-helpers", "2024/25", "214")
    assert lint(root, TODAY).findings == ()
    assert kpi("fmt", "--check").code == 0
    assert "      2024/25: 214\n" in text(root, NEW)


def test_a_title_can_be_given_and_is_quoted_where_it_needs_it(root: Path, kpi: Kpi) -> None:
    done = kpi("new", "care/home-helpers", "--title", " Home helpers:  all # of them ")

    assert "the 5 blanks" in done.err
    assert text(root, NEW).startswith('title: "Home helpers: all # of them"\n')


@pytest.mark.parametrize(
    ("arguments", "line", "to"),
    [
        (["reading/bus", "--objective", "1"], "[loans, visits]", "[loans, visits, bus]"),
        (["reading/bus", "--objective", "more reading"], "[opening-hours]", "[opening-hours, bus]"),
        (["people/bus"], "reading-circles, school-links]", "reading-circles, school-links, bus]"),
    ],
)
def test_the_objective_can_be_named(
    tmp_path: Path, kpi: Kpi, arguments: list[str], line: str, to: str
) -> None:
    written(tmp_path)

    assert kpi("new", *arguments).code == 0
    assert text(tmp_path, "kpis/plan.yaml") == edited(SMALL_PLAN, line, to)


def test_the_only_objective_is_meant(tmp_path: Path, kpi: Kpi) -> None:
    each = edited(SMALL_PLAN, "      - title: More reading\n        note: The heading of the priority once more.\n        kpis: [opening-hours]\n", "")  # fmt: skip
    written(tmp_path, plan=edited(each, "[loans, visits]", "[loans, visits, opening-hours]"))

    assert kpi("new", "reading/bus").code == 0
    assert "[loans, visits, opening-hours, bus]" in text(tmp_path, "kpis/plan.yaml")


def test_a_priority_can_be_begun_with_its_first_kpi(root: Path, kpi: Kpi) -> None:
    before = text(root, "kpis/plan.yaml")
    done = kpi("new", "money/budget", "--priority-title", "Money: where it goes")

    begun = '  - id: money\n    title: "Money: where it goes"\n    kpis:\n      - budget\n'
    assert (done.code, "the 6 blanks" in done.err) == (0, True)
    assert text(root, "kpis/plan.yaml") == edited(before, "areas:\n", f"{begun}areas:\n")
    assert kpi("fmt", "--check").code == 0
    assert {finding.rule for finding in lint(root, TODAY).findings} == {"missing-field"}


def test_a_plan_with_a_priority_that_has_no_kpis_yet_can_be_used(tmp_path: Path, kpi: Kpi) -> None:
    plan = "organisation: A\ntitle: B\narea: a\nareas: {a: A}\npriorities:\n  - {id: care, title: Care, kpis: []}\n"
    written(tmp_path, {"kpis/plan.yaml": plan})

    assert kpi("lint").code == 0
    assert kpi("build").err == (
        "kpi: There are no KPIs under kpis/ yet. Begin one: kpi new care/waiting-times\n"
    )
    assert kpi("new", "care/waiting-times").code == 0
    assert "kpis: [waiting-times]" in text(tmp_path, "kpis/plan.yaml")


def test_what_is_offered_is_right_where_its_number_sign_is_taken_away(root: Path, kpi: Kpi) -> None:
    kpi("new", "care/home-helpers")
    for blank, line in FILLED.items():
        (root / NEW).write_text(edited(text(root, NEW), blank, line), encoding="utf-8")
    lines = [line.replace("# ", "", 1) if is_offer(line) else line for line in text(root, NEW).splitlines()]
    (root / NEW).write_text("\n".join(lines) + "\n", encoding="utf-8")
    kpi("record", "home-helpers", "2025-03", "94")
    kpi("record", "home-helpers", "2025-04", "95")

    assert sum(map(is_offer, lines)) == 0
    assert {finding.rule for finding in lint(root, TODAY).findings} <= {"target-source"}
    assert all(
        word in text(root, NEW) for word in ("owner: head-of-care", "frequency: monthly", "lag: 6 weeks")
    )


def is_offer(line: str) -> bool:
    """Whether a field stands there as a comment."""
    return (
        line.lstrip().startswith("# ")
        and ": " in line.split("  #", maxsplit=1)[0]
        and not line.startswith("# What")
    )


def test_a_kpi_that_the_plan_lists_already_needs_no_line(root: Path, kpi: Kpi) -> None:
    plan = edited(
        text(root, "kpis/plan.yaml"), "      - care-at-home\n", "      - home-helpers\n      - care-at-home\n"
    )
    (root / "kpis/plan.yaml").write_text(plan, encoding="utf-8")

    assert kpi("new", "care/home-helpers").out == f"{NEW}\n"
    assert text(root, "kpis/plan.yaml") == plan


REFUSED = [
    (["home-helpers"], "Write the priority and the id, such as reading/home-helpers. The priorities are: reading, people."),
    (["people/"], "Write the priority and the id, such as people/waiting-times. The priorities are: reading, people."),
    (["/"], "Write the priority and the id, such as reading/waiting-times. The priorities are: reading, people."),
    (["peple/x2"], 'The plan has no priority called "peple". Did you mean "people"? Add --priority-title "…" to begin it.'),
    (["people/x2", "--priority-title", "A"], 'The plan has the priority "people" already. Leave --priority-title out.'),
    (["Pay/x2", "--priority-title", "A"], 'The id "Pay" isn\'t made of lower-case letters, digits and hyphens, starting with a letter. Write pay.'),
    (["people/Home Helpers"], 'The id "Home Helpers" isn\'t made of lower-case letters, digits and hyphens, starting with a letter. Write home-helpers.'),
    (["people/../plan"], 'The id "../plan" isn\'t made of lower-case letters, digits and hyphens, starting with a letter. Write plan.'),
    (["people/yes"], 'The id "yes" is a word that YAML reads as something else. Choose another name.'),
    (["people/con"], 'The id "con" is reserved on Windows. Choose another name.'),
    (["people/loans"], 'The id "loans" is taken by kpis/reading/loans.yaml. Each id can be used once.'),
    (["reading/x2"], '"reading" has several objectives. Add --objective with a number: 1 "Loans and visits", 2 "More reading".'),
    (["reading/x2", "--objective", "3"], 'There is no objective "3" there. Add --objective with a number: 1 "Loans and visits", 2 "More reading".'),
    (["people/x2", "--objective", "1"], '"people" has no objectives in the plan. Leave --objective out.'),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "sentence"), REFUSED, ids=[" ".join(each) for each, _ in REFUSED])
def test_what_can_not_be_begun_is_refused_in_one_sentence(
    tmp_path: Path, kpi: Kpi, arguments: list[str], sentence: str
) -> None:
    before = everything(written(tmp_path))

    assert kpi("new", *arguments) == Done(2, "", f"kpi: {sentence}\n")
    assert everything(tmp_path) == before


def test_what_is_listed_elsewhere_belongs_there(tmp_path: Path, kpi: Kpi) -> None:
    written(tmp_path, plan=edited(SMALL_PLAN, "school-links]", "school-links, bus]"))

    assert kpi("new", "reading/bus", "--objective", "1").err == (
        'kpi: The plan lists "bus" under people. Write kpi new people/bus.\n'
    )


def test_where_the_plan_can_not_be_written_nothing_is_left(
    root: Path, kpi: Kpi, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything(root)

    write = replace_file

    def full(at: Path, path: str, old: bytes | None, new: bytes) -> None:
        if path == NEW:
            return write(at, path, old, new)
        raise ToolError("kpis/plan.yaml can't be written: No space left on device. It is as it was.")

    monkeypatch.setattr("kpi.store.edit.replace_file", full)

    assert kpi("new", "care/home-helpers") == Done(
        3,
        "",
        "kpi: kpis/plan.yaml can't be written: No space left on device. It is as it was. The others are as they were.\n",
    )
    assert everything(root) == before


def test_a_file_that_appears_meanwhile_is_not_written_over(
    root: Path, kpi: Kpi, monkeypatch: pytest.MonkeyPatch
) -> None:
    check: Callable[..., object] = lint

    def meanwhile(*given: object, **more: object) -> object:
        (root / NEW).write_text("mine\n", encoding="utf-8")
        return check(*given, **more)

    monkeypatch.setattr("kpi.lint.changes.lint", meanwhile)
    before = text(root, "kpis/plan.yaml")

    assert kpi("new", "care/home-helpers").code == 2
    assert (text(root, NEW), text(root, "kpis/plan.yaml")) == ("mine\n", before)


HEAD = b"organisation: A\ntitle: A\narea: a\npriorities:\n"


@pytest.mark.parametrize(
    ("plan", "spot", "after"),
    [
        (b"  - id: a\n    title: A\n    kpis:\n      - b  # c\n# d\n", Spot("a"), b"  - id: a\n    title: A\n    kpis:\n      - b  # c\n      - new\n# d\n"),
        (b"  - {id: a, title: A, kpis: [b]}\n", Spot("a"), b"  - {id: a, title: A, kpis: [b, new]}\n"),
        (b"  - id: a\n    title: A\n    kpis: []\n", Spot("a"), b"  - id: a\n    title: A\n    kpis:\n      - new\n"),
        (b"- id: a\n  title: A\n  kpis:\n  - b\n", Spot("a"), b"- id: a\n  title: A\n  kpis:\n  - b\n  - new\n"),
        (b"  - id: a\r\n    kpis:\r\n      - b", Spot("a"), b"  - id: a\r\n    kpis:\r\n      - b\r\n      - new"),
        (b"  - id: a\n    objectives:\n      - title: A\n        kpis: [b]\n      - title: B\n        kpis: [c]\n", Spot("a", objective=1), b"  - id: a\n    objectives:\n      - title: A\n        kpis: [b]\n      - title: B\n        kpis: [c, new]\n"),
    ],
)  # fmt: skip
def test_the_form_of_the_plan_stays(plan: bytes, spot: Spot, after: bytes) -> None:
    head = HEAD.replace(b"\n", b"\r\n") if b"\r" in plan else HEAD
    assert plan_with(head + plan, {spot: ["new"]}) == head + after


@pytest.mark.parametrize(
    "plan", [b"title: A\n\tx", b"{title: A, priorities: [{id: a, kpis: [b]}]}\n", b"priorities: a\n"]
)
def test_a_plan_that_can_not_be_added_to_is_left(plan: bytes) -> None:
    with pytest.raises(UnplacedError):
        plan_with(plan, {Spot("a"): ["new"]})
