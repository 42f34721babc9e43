"""Slips of one line that an analyst makes on real content: what lint says to write, put in by the letter, is what was meant."""

from collections.abc import Iterator

import pytest

from analyst import Case, Desk, content, verdict

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

WAITS = [
    ("2:25", "2m25s"),
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
    ("aim: maintain\n", "aim maintain\n", "aim: maintain\n", "aim: maintain\n"),
]
"""A line, what was typed instead, what was meant, and the part of the file that holds the line."""

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
    "    2024-02: 86\n",
    "      2024-02: 86\n      2024-02: 86\n",
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
        None if one is None else {**desk.base, CALLS: text.replace(part, part.replace(old, one)).encode()}
        for one in (new, want)
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
    assert {one.name: said for one in every(desk) if (said := verdict(one, desk.said(one))) != "mended"} == {}


def test_what_a_person_has_to_decide_is_told_and_ends_at_no_other_figure(desk: Desk) -> None:
    for new in TOLD:
        slip = case(desk, SHARE, SHARE + new, None)
        said = desk.said(slip)
        assert said.findings, new
        again = desk.report(said.mended).findings
        assert not any(one.rule == "yaml-syntax" for one in again) or said.mended == slip.slip, new
