"""What an analyst is told on the web page: slips made on real content, and where the messages lead who follows them.

`slips/said.txt` has what lint says of each. `pytest --update` writes it anew.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from analyst import TODAY, Case, Desk, Said, cases, content, in_words, verdict
from kpi.judge.changes import compare_versions
from kpi.pages.change_report import changes_text
from kpi.store.versions import of_files, read_versions

SAID = Path(__file__).parent / "slips" / "said.txt"
UNKNOWABLE = {"m01", "m02", "m33", "v34", "v36"}
"""Slips that no file shows: a figure that is as likely as the right one."""

Judged = list[tuple[Case, Said]]


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Judged:
    base = content()
    if base is None:
        pytest.skip("this clone doesn't have the commit that the slips were made on")
    desk = Desk(tmp_path_factory.mktemp("desk"), base)
    return [(case, desk.said(case)) for case in cases(base)]


def share(judged: Judged, good: set[str]) -> float:
    return sum(verdict(*item) in good for item in judged) / len(judged)


def test_lint_says_of_every_slip_what_the_list_has(
    judged: Judged, golden: Callable[[Path, str], None]
) -> None:
    golden(SAID, "\n\n".join(in_words(*item) for item in judged) + "\n")


def test_slips_with_one_meaning_are_found_and_mended_by_the_letter(judged: Judged) -> None:
    meant = [item for item in judged if item[0].want is not None and item[0].name not in UNKNOWABLE]
    assert share(meant, {"fixed", "told, but not fixed"}) >= 0.95
    assert share(meant, {"fixed"}) >= 0.85


def test_of_the_other_slips_most_are_told(judged: Judged) -> None:
    open_ = [
        item
        for item in judged
        if item[0].want is None and not item[0].is_legitimate and item[0].name not in UNKNOWABLE
    ]
    assert share(open_, {"told"}) >= 0.85


BESIDE = {
    "m01": "95%, after 84% (January 2024)",
    "m02": "84,109, after 49,360 (2022/23)",
    "m08": "neighbourhood-crime/robbery-personal (2022/23) has the same figure",
    "m09": "4,045, after 4,045 (2022/23); not met; was it copied forward?",
    "m14": 'February 2024 has no figure yet for "Priority 1 reached within 15 minutes"',
    "m33": "985, after 107 (2022/23)",
    "v17": 'February 2024 has no figure yet for "999 calls answered within 10 seconds"',
    "v34": "298, after 313 (2022/23) (The 289 assaults",
    "v36": "11, after 40 (2022/23)",
}
"""What `kpi diff` puts beside a figure that no file shows to be wrong."""


def test_what_no_file_shows_diff_puts_before_the_reviewer(judged: Judged) -> None:
    base = content()
    assert base is not None
    said = {
        case.name: changes_text(compare_versions(*read_versions(of_files(base, case.slip)), TODAY))
        for case, _ in judged
        if case.name in BESIDE
    }

    assert [name for name, words in BESIDE.items() if words not in said[name]] == []
    assert {case.name for case, lint in judged if verdict(case, lint) == "not noticed"} <= BESIDE.keys()


def test_nothing_is_said_of_legitimate_edits(judged: Judged) -> None:
    assert [item[0].name for item in judged if item[0].is_legitimate and verdict(*item) != "passes"] == []


if __name__ == "__main__":
    import sys
    import tempfile

    base = content() or {}
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder), base)
        counts: dict[str, list[str]] = {}
        for case in cases(base):
            if len(sys.argv) < 2 or case.name in sys.argv[1:] or case.name[0] in sys.argv[1:]:
                said = desk.said(case)
                counts.setdefault(verdict(case, said), []).append(case.name)
                sys.stdout.write(f"{in_words(case, said)}\n")
        for what, names in counts.items():
            sys.stdout.write(f"{what}: {len(names)}: {' '.join(names)}\n")
