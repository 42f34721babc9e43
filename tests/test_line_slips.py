"""Slips of one line that an analyst makes on real content: what lint says to write, put in by the letter, is what was meant."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from analyst import Case, Desk, content, verdict
from kpi.store.paths import PLAN

CALLS = "kpis/confidence/call-answering.yaml"
SHARE = "      2022/23: 29\n      2024-01: 84\n"
WAIT = "      2022/23: 17m48s\n      2024-01: 2m18s\n"
SHARE_86 = "      2024-02: 86\n"
PROVISIONAL = "      2024-02: {value: 86, marks: [provisional]}\n"

FIGURES = [
    ("      2024-02: {value=86, marks=[provisional]}\n", PROVISIONAL),
    ("      2024-02: 86.\n", SHARE_86),
    ("      2024-02: 86 %\n", SHARE_86),
    ("      2024-02: 86pc\n", SHARE_86),
    ("      2024-02: 86 per cent\n", SHARE_86),
    ('      2024-02: "86"\n', SHARE_86),
    ("      2024-02: '86'\n", SHARE_86),
    ("      2024-02; 86\n", SHARE_86),
    ("      2024-02 = 86\n", SHARE_86),
    ("      2024-02 86\n", SHARE_86),
    ("      2024-02:86\n", SHARE_86),
    ("      - 2024-02: 86\n", SHARE_86),
    ("      2024-2: 86\n", SHARE_86),
    ("      2024/02: 86\n", SHARE_86),
    ("      02-2024: 86\n", SHARE_86),
    ("      02/2024: 86\n", SHARE_86),
    ("      Feb 2024: 86\n", SHARE_86),
    ("      February 2024: 86\n", SHARE_86),
    ("      Feb-24: 86\n", SHARE_86),
    ("      2024.02: 86\n", SHARE_86),
    ("      2024–02: 86\n", SHARE_86),
    ("      2024-O2: 86\n", SHARE_86),
    ("      2024-02: {value: 86, marks: provisional}\n", PROVISIONAL),
    ("      2024-02: {value: 86, mark: [provisional]}\n", PROVISIONAL),
    ("      2024-02: {value: 86, marks: [Provisional]}\n", PROVISIONAL),
    ("      2024-02: {value: 86, marks: [p]}\n", PROVISIONAL),
    ("      2024-02: {86, marks: [provisional]}\n", PROVISIONAL),
    ("      2024-02: 86 provisional\n", PROVISIONAL),
    ("      2024-02: ..\n", "      2024-02: {marks: [not-available]}\n"),
    ("      2024-02: -\n", "      2024-02: {marks: [not-available]}\n"),
    ("     2024-02: 86\n", SHARE_86),
    ("        2024-02: 86\n", SHARE_86),
    ("\t2024-02: 86\n", SHARE_86),
    ("2024-02: 86\n", SHARE_86),
    ("      2024-02: {value: 86, marks: [provisional}\n", PROVISIONAL),
    ("      2024-02: {value: 86 marks: [provisional]}\n", PROVISIONAL),
    ("      2024-02: {value: 86; marks: [provisional]}\n", PROVISIONAL),
    ("      2024-02: 86, provisional\n", PROVISIONAL),
    (
        "      2024-02: {value: 86, note: Two forces: late}\n",
        '      2024-02: {value: 86, note: "Two forces: late"}\n',
    ),
]
"""A line below the newest share, and the line that was meant."""

FIGURES += [
    ("      2024-02-01 00:00:00: 86\n", SHARE_86),
    ("     2024-02: 86\n     2024-03: 88\n", "      2024-02: 86\n      2024-03: 88\n"),
    ("    2024-02: 86\n", SHARE_86),
    ("      2024-02: [86]\n", SHARE_86),
    ("      2024-02: {value: 86} p\n", PROVISIONAL),
    ("      2024-02: value: 86, marks: [provisional]\n", PROVISIONAL),
    ("      2024-02: 0.86 \n", SHARE_86),
    ("      2024-02: 86\n      2024-02: 86\n", SHARE_86),
]

FIGURES += [
    ("      2024-02: !86\n", SHARE_86),
    ("      2024-02: &86\n", SHARE_86),
    ("      2024-02: =86\n", SHARE_86),
    ("      2024-02: 86;\n", SHARE_86),
    ("      2024-02: 86%.\n", SHARE_86),
    ("      2024-02: 86 - provisional\n", PROVISIONAL),
    ("      2024-02: 86#provisional\n", PROVISIONAL),
    ("      2024-02: 86 prov.\n", PROVISIONAL),
    ("      2024-02: 86 (provisional figure)\n", PROVISIONAL),
    ("      2024-02: provisional 86\n", PROVISIONAL),
    ("      2024-02: {value: 86, marks: provisonal}\n", PROVISIONAL),
    ("      2024-02: {value: 86, marks: prov}\n", PROVISIONAL),
    ("      2024-02: {value: 86, marks: [prov]}\n", PROVISIONAL),
    ("      2024-02: {value: 86, marks: {provisional}}\n", PROVISIONAL),
]

WAITS = [
    ("2:25", "2m25s"),
    ("2m 25", "2m25s"),
    ("2min25", "2m25s"),
    ("2m25s;", "2m25s"),
    ("!2m25s", "2m25s"),
    ("2m25s (p)", "{value: 2m25s, marks: [provisional]}"),
    ("~2m25s", "{value: 2m25s, marks: [estimated]}"),
    ("2m25s; provisional", "{value: 2m25s, marks: [provisional]}"),
    ("2m 25s provisional", "{value: 2m25s, marks: [provisional]}"),
    ("{2m25s, marks: [provisional]}", "{value: 2m25s, marks: [provisional]}"),
    ("{value: 2:25, marks: [provisional]}", "{value: 2m25s, marks: [provisional]}"),
    ("2m 25s", "2m25s"),
    ("2 min 25 sec", "2m25s"),
    ("2m25", "2m25s"),
    ("00:02:25", "2m25s"),
    ("2M25S", "2m25s"),
    ("2 minutes 25 seconds", "2m25s"),
    ("2m25s.", "2m25s"),
    ("2'25", "2m25s"),
]
"""A time as typed, and as it was meant."""

TARGET = "      - at_least: 90\n        source: citizens-charter\n    observations:\n      2020/21: 66\n"
BETTER = "    better: higher\n    targets:\n      - at_least: 90\n        source: citizens-charter\n    observations:\n      2020/21: 66\n"
FIELDS = [
    ("      - at_least: 90\n", "      - atleast: 90\n", "      - at_least: 90\n", TARGET),
    ("      - at_least: 90\n", "      - At_least: 90\n", "      - at_least: 90\n", TARGET),
    ("      - at_least: 90\n", "      - at least: 90\n", "      - at_least: 90\n", TARGET),
    ("      - at_least: 90\n", "      - at_least: 90%\n", "      - at_least: 90\n", TARGET),
    ("      - at_least: 90\n", "      - at_least: 0.9\n", "      - at_least: 90\n", TARGET),
    (
        "        source: citizens-charter\n",
        "        source: Citizens Charter\n",
        "        source: citizens-charter\n",
        TARGET,
    ),
    (
        "        source: citizens-charter\n",
        "        source: citizen-charter\n",
        "        source: citizens-charter\n",
        TARGET,
    ),
    (
        "        source: citizens-charter\n",
        "        sources: citizens-charter\n",
        "        source: citizens-charter\n",
        TARGET,
    ),
    (
        "        source: citizens-charter\n",
        "        source: citizens-charter\n        by: March 2025\n",
        "        source: citizens-charter\n        by: 2025-03\n",
        TARGET,
    ),
    (
        "        source: citizens-charter\n",
        "        source: citizens-charter\n        by: 31/03/2025\n",
        "        source: citizens-charter\n        by: 2025-03-31\n",
        TARGET,
    ),
    ("    better: higher\n", "    better: up\n", "    better: higher\n", BETTER),
    ("    better: higher\n", "    better: Higher\n", "    better: higher\n", BETTER),
    ("    better: higher\n", "    better: high\n", "    better: higher\n", BETTER),
    ("    better: higher\n", "    better:higher\n", "    better: higher\n", BETTER),
    ("    better: higher\n", "    beter: higher\n", "    better: higher\n", BETTER),
    ("    observations:\n", "    observation:\n", "    observations:\n", BETTER),
    ("    observations:\n", "    Observations:\n", "    observations:\n", BETTER),
    ("    observations:\n", "    observations\n", "    observations:\n", BETTER),
    ("    targets:\n", "    target:\n", "    targets:\n", BETTER),
    ("aim: maintain\n", "aim: Maintain\n", "aim: maintain\n", "aim: maintain\n"),
    ("aim: maintain\n", "aim: maintian\n", "aim: maintain\n", "aim: maintain\n"),
    ("aim: maintain\n", "aim: maintain.\n", "aim: maintain\n", "aim: maintain\n"),
    ("aim: maintain\n", "aims: maintain\n", "aim: maintain\n", "aim: maintain\n"),
    (
        "title: Time to answer 999 and 101 calls\n",
        "title: Time to answer: 999 and 101 calls\n",
        'title: "Time to answer: 999 and 101 calls"\n',
        "title: Time to answer 999 and 101 calls\n",
    ),
    (
        "title: Time to answer 999 and 101 calls\n",
        'title: "Time to answer 999 and 101 calls\n',
        'title: "Time to answer 999 and 101 calls"\n',
        "title: Time to answer 999 and 101 calls\n",
    ),
    (
        "sources: [board-paper]\n",
        "sources: board-paper\n",
        "sources: [board-paper]\n",
        "sources: [board-paper]\n",
    ),
    (
        "sources: [board-paper]\n",
        "sources: [board-paper\n",
        "sources: [board-paper]\n",
        "sources: [board-paper]\n",
    ),
    (
        "sources: [board-paper]\n",
        "sources: [board paper]\n",
        "sources: [board-paper]\n",
        "sources: [board-paper]\n",
    ),
    (
        "sources: [board-paper]\n",
        "source: [board-paper]\n",
        "sources: [board-paper]\n",
        "sources: [board-paper]\n",
    ),
    ("      - at_least: 90\n", "      - at_least: >=90\n", "      - at_least: 90\n", TARGET),
    ("      - at_least: 90\n", "      - at_least: 090\n", "      - at_least: 90\n", TARGET),
    ("      - at_least: 90\n", "      - at_least: !90\n", "      - at_least: 90\n", TARGET),
    ("      - at_least: 90\n", "      - at_least 90\n", "      - at_least: 90\n", TARGET),
    (
        "sources: [board-paper]\n",
        "sources [board-paper]\n",
        "sources: [board-paper]\n",
        "sources: [board-paper]\n",
    ),
    ("aim: maintain\n", "aim maintain\n", "aim: maintain\n", "aim: maintain\n"),
]
"""A line, what was typed instead, what was meant, and the part of the file that holds the line."""

OFFICERS = "kpis/community-policing/officer-strength.yaml"
CONSTABLES = "kpis/community-policing/special-constables.yaml"
ASSAULTS = "kpis/reducing-crime/retail-assaults.yaml"
DEATHS = "kpis/reducing-crime/drug-deaths.yaml"
HOMICIDE = "kpis/violence/homicide.yaml"
SAFE = "kpis/transport/feeling-safe-on-public-transport.yaml"
IN_OTHERS = [
    (OFFICERS, "        source: plan\n", "          source: plan\n"),
    (OFFICERS, "        source: plan\n", "      source: plan\n"),
    (OFFICERS, "        source: plan\n", "       source: plan\n"),
    (OFFICERS, "      - more_than", "      -more_than"),
    (OFFICERS, "more_than: 8000", "more_than: 8,000"),
    (OFFICERS, "more_than: 8000", "more_than: 8k"),
    (OFFICERS, "    observations:\n", ""),
    (OFFICERS, "[uplift-final, board-paper]", "[uplift-final; board-paper]"),
    (OFFICERS, "[uplift-final, board-paper]", "uplift-final, board-paper"),
    (OFFICERS, "kind: snapshot", "kind: point in time"),
    (OFFICERS, "unit: count", "unit: number"),
    (
        CONSTABLES,
        "derived: {share: specials-met-sla, of: [specials]}",
        "derived: share: specials-met-sla, of: [specials]",
    ),
    (CONSTABLES, "of: [specials]", "of: specials"),
    (CONSTABLES, "of: [specials]", "of: [special]"),
    (ASSAULTS, "- {when: increase, level: 0.05}", "- when: increase, level: 0.05"),
    (ASSAULTS, "{when: increase, level: 0.05}", "{when: rises, level: 0.05}"),
    (ASSAULTS, "{when: increase, level: 0.05}", "{when: increase, level: 5%}"),
    (DEATHS, "2019 to 2021: 442\n    peers:", "2019-21: 442\n    peers:"),
    (DEATHS, "2019 to 2021: 442\n    peers:", "2019–2021: 442\n    peers:"),
    (DEATHS, "2019 to 2021: 442\n    peers:", "2019 to 2021: 442"),
    (DEATHS, "2019 to 2021: 442\n    peers:", "2019 to 2021: 442\n  peers:"),
    (DEATHS, "2019 to 2021: 627\n      merseyside:", "2019 to 2021: 627\n      Merseyside:"),
    (DEATHS, "2019 to 2021: 627\n      merseyside:", "2019 to 2021: 627\n    merseyside:"),
    (DEATHS, "2019 to 2021: 627\n      merseyside:", "2019 to 2021: 627\n       merseyside:"),
    (DEATHS, "{rate_per: 100000}", "per 100,000"),
    (DEATHS, "{rate_per: 100000}", "rate_per: 100000"),
    (SAFE, "{light: day, mode: bus, leg: walking}", "light: day, mode: bus, leg: walking"),
    (SAFE, "{light: day, mode: bus, leg: walking}", "{light: Daylight, mode: Bus, leg: walking}"),
    (SAFE, "{light: day, mode: bus, leg: walking}", "{light=day, mode=bus, leg=walking}"),
    (SAFE, "{light: day, mode: bus, leg: walking}", "{light: day, mode: bus}"),
    (SAFE, "{day: Daylight, dark: Darkness}", "{day:Daylight, dark:Darkness}"),
    (PLAN, "      - officer-uplift\n", "     - officer-uplift\n"),
    (PLAN, "      - officer-uplift\n", "       - officer-uplift\n"),
    (PLAN, "      - officer-uplift\n", "      -officer-uplift\n"),
    (PLAN, "      - officer-uplift\n", "      officer-uplift\n"),
    (PLAN, "      - officer-strength\n", "      officer-strength\n"),
    (PLAN, "      - officer-strength\n", "       - officer-strength\n"),
    (PLAN, "year_starts: 4", "year_starts: April"),
    (PLAN, "year_starts: 4", "year_starts: 1st April"),
    (PLAN, "year_starts: 4", "year_starts: 04"),
]
"""A file, a part of it, and what was typed instead."""

TOLD = [
    "      2024-02: ,86\n",
    "      2024-02: ~86\n",
    "      2024-02: 86*\n",
    "      2024-02 : 86\n",
    "      2024-02-29: 86\n",
    "      2024-02-01: 86\n",
    "      2024-02: 8б\n",
    "      2024-02: {value: 86, note: late, again}\n",
    "      2024-02: tbc\n",
    "      2024-02: TBA\n",
    "      2024-02: not yet available\n",
    "      2024-02: 86→87\n",
    "      2024-02: 85-87\n",
    "      2024-02: 86 (was 84)\n",
    "      2023-02: 86\n",
    "      2024-13: 86\n",
    "  2024-02: 86\n",
    "      2024-02: {value: 86} tbc soon\n",
    "      2024-02: 86\n      2024-02: 88\n",
    "      2024-02: 860\n",
    "      2024-02: 8.6\n",
    "      2024-02: 86000\n",
]
"""Lines below the newest share of which a person has to decide, or which say so without a text to write."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    base = content()
    if base is None:
        pytest.skip("this clone doesn't have the commit that the slips were made on")
    return Desk(tmp_path_factory.mktemp("desk"), base)


def case(desk: Desk, old: str, new: str, want: str | None, within: str = "") -> Case:
    """A slip in the file of calls."""
    text = desk.base[CALLS].decode()
    part = within or old
    assert text.count(part) == 1
    slip, meant = (
        None if item is None else {**desk.base, CALLS: text.replace(part, part.replace(old, item)).encode()}
        for item in (new, want)
    )
    assert slip is not None
    return Case(new, new, slip, meant)


def every(desk: Desk) -> Iterator[Case]:
    """The slips of which one file was meant."""
    for new, want in FIGURES:
        yield case(desk, SHARE, SHARE + new, SHARE + want)
    for new, want in WAITS:
        yield case(desk, WAIT, f"{WAIT}      2024-02: {new}\n", f"{WAIT}      2024-02: {want}\n")
    for old, new, want, within in FIELDS:
        yield case(desk, old, new, want, within)


def test_following_the_message_to_the_letter_ends_at_what_was_meant(desk: Desk) -> None:
    assert {
        item.name: said for item in every(desk) if (said := verdict(item, desk.said(item))) != "fixed"
    } == {}


@pytest.mark.parametrize(("path", "old", "new"), IN_OTHERS)
def test_a_slip_in_targets_sources_and_shares_ends_at_what_stood_there(
    path: str, old: str, new: str, desk: Desk
) -> None:
    case = slip(desk, path, old, new, None)

    assert verdict(case, desk.said(case)) == "fixed"


@pytest.mark.parametrize(
    "typed",
    ["090", "+90", "9e1", "TRUE", "yes", "!90", "&a 90", "*90", "1:30", ".inf", "=", "12345678901234567890"],
)
def test_quotes_are_never_advised_for_a_number(typed: str, desk: Desk) -> None:
    for old in (
        "2024-01: 84",
        "2024-01: 2m18s",
        "- at_least: 90\n        source: citizens-charter\n    observations:\n      2020/21: 66",
    ):
        name = old.partition(":")[0]
        new = old.replace(old.split("\n")[0], f"{name}: {typed}")
        findings = desk.said(slip(desk, CALLS, old, new, None)).findings

        assert findings
        assert not [finding for finding in findings if "quotes" in finding.help]


def test_a_field_without_a_value_in_braces_is_deleted_and_not_its_line(desk: Desk) -> None:
    new = "2024-01: {value: 84, note}"
    (finding,) = desk.said(slip(desk, CALLS, "2024-01: 84", new, None)).findings

    assert finding.help.startswith("Delete it, or fill it in")


def test_a_list_under_a_wrong_name_is_shown_as_a_list(desk: Desk) -> None:
    typed = "2024-01: {value: 84, mark: prov, note: x}"
    (finding,) = desk.said(slip(desk, CALLS, "2024-01: 84", typed, None)).findings

    assert finding.help == "Write: marks: [provisional]"


def test_a_point_in_a_count_may_part_thousands(desk: Desk) -> None:
    for typed, words in (
        ("40.000", "Write 40, or 40000 if the point parts thousands."),
        ("1.376", "Write 1376 if"),
    ):
        (finding,) = desk.said(slip(desk, HOMICIDE, "2022/23: 40", f"2022/23: {typed}", None)).findings

        assert finding.help.startswith(words)
        assert finding.replacement is None


def test_a_measure_at_the_left_edge_is_not_to_be_deleted(desk: Desk) -> None:
    findings = desk.said(slip(desk, OFFICERS, "  officers:\n", "officers:\n", None)).findings

    assert [finding.help for finding in findings] == [
        "Put the measures below it, each 2 spaces further in.",
        "Start its line with 2 spaces, and the lines that belong to it with 4.",
    ]


def test_what_a_person_has_to_decide_is_told_and_ends_at_no_other_figure(desk: Desk) -> None:
    for new in TOLD:
        slip = case(desk, SHARE, SHARE + new, None)
        said = desk.said(slip)
        assert said.findings, new
        again = desk.report(said.fixed).findings
        assert not any(item.rule == "yaml-syntax" for item in again) or said.fixed == slip.slip, new


# The example of five hospitals: months with their whole numbers, and a plan with lists in brackets.

HOSPITAL = Path(__file__).parent.parent / "docs/examples/hospital"
SHARES, ADMISSIONS, BY_YEAR = (
    "kpis/waits/four-hours.yaml",
    "kpis/demand/admissions.yaml",
    "kpis/waits/four-hours-by-year.yaml",
)
NEWEST = "      2019-03: {value: 66.7, numerator: 21347, denominator: 32017}\n"
APRIL = f"{NEWEST}      2019-04: {{value: 67.3, numerator: 21450, denominator: 31872}}\n"
OWNERS = "owners:\n  chief-operating-officer: Chief Operating Officer\n  head-of-emergency-care: Head of Emergency Care\n"

MENDED = (
    [
        (SHARES, NEWEST, f"{NEWEST}      2019-04: {{{fields}}}\n", APRIL)
        for fields in (
            "value: 67.3, numerator: 21,450, denominator: 31,872",
            "value: 67.3%, numerator: 21450, denominator: 31872",
            "value: 67.3; numerator: 21450; denominator: 31872",
            "value: 67.3, numerater: 21450, denominator: 31872",
            "value: 0.673, numerator: 21450, denominator: 31872",
        )
    ]
    + [
        (SHARES, NEWEST, APRIL.replace("2019-04:", typed), APRIL)
        for typed in ("2018-04:", "2109-04:", "Apr-19:", "  2019-04:", "2019-4:")
    ]
    + [
        (SHARES, NEWEST, APRIL.replace("2019-04: {", "2019-04: ").replace("31872}", "31872"), APRIL),
        (SHARES, NEWEST, APRIL.replace("31872}", "31872"), APRIL),
        (SHARES, NEWEST, NEWEST.replace("66.7", "67.6"), NEWEST),
        (
            SHARES,
            "    observations:\n      2016-04: {value: 86.8",
            "   observations:\n      2016-04: {value: 86.8",
            None,
        ),
        (PLAN, "  nhs-constitution:\n", "   nhs-constitution:\n", None),
        (PLAN, "  - id: demand\n", "    id: demand\n", None),
        (PLAN, OWNERS, OWNERS + OWNERS, None),
        (PLAN, "[four-hours, four-hours-by-year]", "[four-hours four-hours-by-year]", None),
        (PLAN, "four-hours-by-year]", "four_hours_by_year]", None),
        (PLAN, "date: 2019-05-14", "date: 14/05/2019", None),
        (PLAN, "format: 1", "format: 2", None),
        (PLAN, "format: 1", "format: 01", None),
        (ADMISSIONS, "sources: [nhs-england]", "sources: NHS England", None),
        (ADMISSIONS, "lag: 6 weeks", "lag: six weeks", None),
        (ADMISSIONS, "lag: 6 weeks", "lag: 6weeks", None),
        (ADMISSIONS, "lag: 6 weeks", "lag: 6 Weeks", None),
    ]
)
"""A file, a part of it, what was typed instead, and what was meant; None where that is what stood there."""

SAID = [
    (SHARES, NEWEST, APRIL.replace("21450", "x").replace("31872", "21450").replace("x", "31872"), "31872 of 21450 is not a share. Are the two the wrong way round?"),
    (PLAN, "  - id: waits", "  - id: wait", 'Did you mean "wait"? Rename the folder, or the id of the priority in kpis/plan.yaml.'),
    (PLAN, "four-hours-by-year]", "four-hours-by-year, admissions]", "Keep the line under the folder that its file is in."),
    (ADMISSIONS, "unit: count", "unit: percent", 'Every figure of "admissions" is more than 100, so these are no shares.'),
    (ADMISSIONS, "unit: count", "unit: count\nkind: cumulative", "So do 14 others."),
    (SHARES, NEWEST, APRIL.replace("31872}", "31872} see e-mail"), 'Take "see e-mail" away, or write it between the brackets'),
]  # fmt: skip
"""A file, a part of it, what was typed instead, and what a person has to decide."""


@pytest.fixture(scope="module")
def hospital(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    files = {
        path.relative_to(HOSPITAL).as_posix(): path.read_bytes() for path in HOSPITAL.glob("kpis/**/*.yaml")
    }
    return Desk(tmp_path_factory.mktemp("hospital"), files, date(2019, 5, 20))


def slip(desk: Desk, path: str, old: str, new: str, want: str | None) -> Case:
    text = desk.base[path].decode()
    assert text.count(old) == 1, old
    typed, meant = ({**desk.base, path: text.replace(old, part).encode()} for part in (new, want or old))
    return Case(old, new, typed, meant)


@pytest.mark.parametrize(("path", "old", "new", "want"), MENDED)
def test_a_slip_in_the_hospitals_files_ends_at_what_was_meant(
    path: str, old: str, new: str, want: str | None, hospital: Desk
) -> None:
    case = slip(hospital, path, old, new, want)

    assert verdict(case, hospital.said(case)) == "fixed"


@pytest.mark.parametrize(("path", "old", "new", "words"), SAID)
def test_what_a_person_has_to_decide_in_the_hospitals_files_is_said(
    path: str, old: str, new: str, words: str, hospital: Desk
) -> None:
    findings = hospital.said(slip(hospital, path, old, new, None)).findings

    assert [finding for finding in findings if words in f"{finding.message} {finding.help}"]
    assert len(findings) <= 2


COUNCIL = {
    "kpis/plan.yaml": """\
organisation: Riverside Council
title: Corporate plan
area: riverside
edition:
  board: Cabinet
  date: 2024-09-10
  title: Corporate plan scorecard
priorities:
  - id: care
    title: Care
    objectives:
      - title: Help at home
        kpis:
          - visits
areas:
  riverside:
    name: Riverside
  hillside:
    name: Hillside
owners:
  head-of-care: Head of Care
  head-of-people: Head of People
sources:
  care-records:
    title: Care records
    url: https://example.org/care
  corporate-plan:
    title: Corporate plan 2022 to 2026
lint:
  stale: "off"
  target-source: error
""",
    "kpis/care/visits.yaml": """\
title: Waiting for a first visit
definition: Share of people visited within ten days, and the median wait.
aim: increase
frequency: annual
owner: head-of-care
sources: [care-records]
commentary:
  2024-09-03: Two more social workers start in October.
measures:
  visited:
    title: Visited within ten days
    unit: percent
    targets:
      - at_least: 90
        from: 2021/22
        by: 2025/26
        source: corporate-plan
        trajectory:
          2023/24: 85
          2024/25: 88
    observations:
      2022/23: 88
      2023/24: {value: 86, marks: [provisional]}
    peers:
      hillside:
        2022/23: 90
        2023/24: 91
  wait:
    title: Median wait
    unit: days
    aim: reduce
    triggers:
      - when: increase
        level: 0.05
    observations:
      2020/21: 14
      2021/22:
        value: 11
        marks: [break]
        note: >
          From April 2021 the wait counts from the first call,
          no longer from the form.
      2022/23: 10.5
  near:
    title: Visited by someone near
    unit: count
    aim: monitor
    observations:
      2022/23: 20
  far:
    title: Visited by someone far
    unit: count
    aim: monitor
    observations:
      2022/23: 30
  share-near:
    title: Share visited by someone near
    unit: percent
    aim: monitor
    derived:
      share: near
      of: [near, far]
""",
}
VISITS = "kpis/care/visits.yaml"
POINTS = "        trajectory:\n          2023/24: 85\n          2024/25: 88\n"
PEER = "      hillside:\n        2022/23: 90\n        2023/24: 91\n"
BY = "        from: 2021/22\n        by: 2025/26\n"
VALUE = "      2021/22:\n        value: 11\n"
NAMED = "areas:\n  riverside:\n    name: Riverside\n"
CORPORATE = "  corporate-plan:\n    title: Corporate plan 2022 to 2026\n"

IN_THE_COUNCIL = [
    # Fields, names and figures that are too far left or right.
    (VISITS, BY, BY.replace("        by", "    by")),
    (VISITS, BY, BY.replace("        by", "by")),
    (VISITS, "  wait:\n    title", "  wait:\n  title"),
    (VISITS, "  wait:\n    title", "  wait:\ntitle"),
    (VISITS, "  2024-09-03: Two", "2024-09-03: Two"),
    (VISITS, POINTS, POINTS.replace("          2023", "        2023")),
    (VISITS, POINTS, POINTS.replace("          2", "        2")),
    (VISITS, PEER, PEER.replace("        2022", "      2022")),
    (VISITS, PEER, PEER.replace("        2022", "2022")),
    (VISITS, PEER, PEER.replace("        2022", "          2022")),
    (VISITS, PEER, PEER.replace("        2", "      2")),
    (VISITS, "      2022/23: 88\n", "      - period: 2022/23\n        value: 88\n"),
    (VISITS, "  far:\n", "    far:\n"),
    (PLAN, "  head-of-care:", "head-of-care:"),
    (PLAN, "  date: 2024", "date: 2024"),
    (PLAN, "    url:", "  url:"),
    (PLAN, NAMED, NAMED.replace("    name", "name")),
    (PLAN, NAMED, NAMED.replace("  riverside", " riverside")),
    (PLAN, NAMED, NAMED.replace("  riverside", "    riverside")),
    (PLAN, CORPORATE, CORPORATE.replace("    title", "  title")),
    (PLAN, "    title: Care\n", "  title: Care\n"),
    # Dashes: too many, too few, and of another kind.
    (VISITS, "      - at_least: 90\n", "      at_least: 90\n"),
    (VISITS, "      - at_least: 90\n", "      * at_least: 90\n"),
    (VISITS, "      - when: increase\n", "      when: increase\n"),
    (VISITS, POINTS, POINTS.replace("  2023", "  - 2023")),
    (VISITS, PEER, PEER.replace("  2022", "  - 2022")),
    (PLAN, "  head-of-care:", "  - head-of-care:"),
    (PLAN, CORPORATE, CORPORATE.replace("  corporate-plan:", "  - corporate-plan:")),
    (PLAN, "      - title: Help", "      title: Help"),
    # Values.
    (VISITS, "- at_least: 90", "- >= 90"),
    (VISITS, POINTS, POINTS.replace(": 85", ": >= 85")),
    (VISITS, POINTS, POINTS.replace(": 88", ": ≥88")),
    (VISITS, POINTS, POINTS.replace("2023/24: 85", "2023/24 85")),
    (VISITS, "[near, far]", "near + far"),
    (VISITS, VALUE, VALUE.replace(":\n        value: 11", ": 11")),
    (VISITS, VALUE, "        value: 11\n"),
    (PLAN, "date: 2024-09-10", "date: 2024-09-10 10:00:00"),
    (PLAN, "          - visits\n", "          - care/visits\n"),
    (PLAN, "          - visits\n", "          - kpis/care/visits.yaml\n"),
    (PLAN, 'stale: "off"', 'stale: "Off"'),
    (PLAN, "  head-of-care: Head of Care\n", "  head-of-care: {name: Head of Care}\n"),
    (PLAN, "          - visits\n", "          - id: visits\n"),
    (PLAN, "          - visits\n", "          - visits:\n"),
    (VISITS, POINTS, POINTS.replace(": 85", ": {value: 85}")),
    (VISITS, "    observations:\n      2022/23: 88", "    observations: -\n      2022/23: 88"),
]
"""A file of an invented council, a part of it, and what was typed instead."""

IN_THE_COUNCIL_SAID = [
    (
        VISITS,
        "      2022/23: 10.5\n",
        "      2022/23: 10.5\n        value: 12\n",
        "below a name that ends with a colon",
    ),
    (VISITS, "  near:\n    title: V", "    near:\n      title: V", "looks like a measure"),
    (PLAN, "  head-of-care: Head of Care\n", "", 'Did you mean "head-of-people"?'),
    (PLAN, "\nowners:", "\n  owners:", "It is a field of this plan. Start its line at the left edge."),
    (PLAN, '  stale: "off"\n', "  ignore: [stale]\n", "Write a line for each rule, for example: stale:"),
]
"""A file of that council, a part of it, what was typed instead, and what a person has to decide."""


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    files = {path: text.encode() for path, text in COUNCIL.items()}
    return Desk(tmp_path_factory.mktemp("council"), files, date(2024, 9, 12))


@pytest.mark.parametrize(("path", "old", "new"), IN_THE_COUNCIL)
def test_a_slip_in_the_councils_files_ends_at_what_stood_there(
    path: str, old: str, new: str, council: Desk
) -> None:
    case = slip(council, path, old, new, None)

    assert verdict(case, council.said(case)) == "fixed"


@pytest.mark.parametrize(("path", "old", "new", "words"), IN_THE_COUNCIL_SAID)
def test_what_a_person_has_to_decide_in_the_councils_files_is_said(
    path: str, old: str, new: str, words: str, council: Desk
) -> None:
    case = slip(council, path, old, new, None)
    said = council.said(case)

    assert [finding for finding in said.findings if words in finding.help or words in finding.message]
    assert said.fixed == case.slip


def test_a_name_behind_the_id_of_an_area_goes_in_braces(council: Desk) -> None:
    typed, meant = "  hillside: name: Hillside\n", "  hillside: {name: Hillside}\n"
    case = slip(council, PLAN, "  hillside:\n    name: Hillside\n", typed, meant)

    assert verdict(case, council.said(case)) == "fixed"


def test_way_points_on_one_line_go_in_braces(council: Desk) -> None:
    typed, meant = (
        f"        trajectory: {points}\n"
        for points in ("2023/24: 85, 2024/25: 88", "{2023/24: 85, 2024/25: 88}")
    )
    case = slip(council, VISITS, POINTS, typed, meant)

    assert verdict(case, council.said(case)) == "fixed"
