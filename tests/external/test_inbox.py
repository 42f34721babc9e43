"""A table that is uploaded to `inbox/` on a branch becomes figures there: the steps' shell, in real git repositories."""

import io
import os
from pathlib import Path

import pytest
import xlsxwriter

from external.test_workflow_runs import Runner
from rendered import read_page
from repositories import committed, git
from runner import commands
from small import LOANS, edited
from test_workflows import BASH, IMPORTED, KPI, LOOKED, UPLOADED, Ran

pytestmark = [
    pytest.mark.external,
    pytest.mark.skipif(BASH is None or os.name == "nt", reason="needs a Unix shell"),
]

MARCH: list[list[str | int]] = [
    ["kpi", "measure", "2023-24", "2024/25"],
    ["loans", "books", "3900", "3,950"],
    ["loans", "other", 901, 950],
]


def workbook(rows: list[list[str | int]], sheet: str = "Figures") -> bytes:
    """A workbook as a spreadsheet program writes it."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        page = book.add_worksheet(sheet)
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return made.getvalue()


class Inbox(Runner):
    """A branch with something in its inbox, as the workflow has it, and the repository that it came from."""

    def __init__(self, folder: Path, files: dict[str, bytes], *, opened: bool = False) -> None:
        super().__init__(folder)
        git(self.root, "checkout", "--quiet", "-b", "march")
        for name, content in files.items():
            place = self.root / "inbox" / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        committed(self.root, "Add files via upload")
        self.push()
        (self.bin / "open").write_text("7\n" if opened else "", encoding="utf-8")
        self.before = git(self.origin, "rev-parse", "march")

    def push(self) -> None:
        git(self.root, "push", "--quiet", "origin", "HEAD:march")

    def run(self, step: str = IMPORTED, ref: str = "refs/heads/march", after: str = "") -> Ran:
        """Run a step; `after` happens each time when a table has just been imported."""
        return Ran(
            self.root, step, f"env >>.venv/env\n{KPI} || exit $?\n{after}", ref, path=os.fspath(self.bin)
        )

    @property
    def subjects(self) -> list[str]:
        """What was committed to the branch, newest first."""
        return git(self.origin, "log", "--format=%s", "march").splitlines()

    def shown(self, path: str) -> str:
        """A file of the branch."""
        return git(self.origin, "show", f"march:{path}")


@pytest.mark.parametrize("opened", [True, False], ids=["with a pull request", "before there is one"])
def test_a_workbook_becomes_lines_and_every_reading_is_reported(tmp_path: Path, opened: bool) -> None:
    inbox = Inbox(tmp_path, {"march.xlsx": workbook(MARCH)}, opened=opened)
    done = inbox.run()

    assert done.code == 0, done.log
    assert inbox.subjects[:2] == ["Import what was uploaded", "Add files via upload"]
    assert "      2024/25: 3950\n" in inbox.shown("kpis/reading/loans.yaml")
    assert git(inbox.origin, "ls-tree", "-r", "--name-only", "march", "inbox") == ""
    assert git(inbox.origin, "diff", "--name-only", inbox.before, "march").splitlines() == [
        "inbox/march.xlsx",
        "kpis/reading/loans.yaml",
    ]
    for place in (done.summary, git(inbox.origin, "log", "-1", "--format=%b", "march")):
        assert '"2023-24" was read as 2023/24.' in place
        assert '"3,950" was read as 3950.' in place
    results = [words[:3] for words in inbox.gh()]
    assert results[0][:2] == ["pr", "list"]
    assert (["pr", "comment", "7"] in results) == opened
    assert inbox.gh()[-1] == ["workflow", "run", "check.yml", "--ref", "march"]


def test_what_was_imported_before_is_said_when_the_pull_request_is_opened(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path, {"march.csv": b"kpi,measure,period,value\nloans,books,2024-25,3950\n"})
    assert inbox.run(LOOKED).output == "found=yes\n"
    inbox.run()
    (inbox.root / ".venv/output").unlink()

    assert inbox.run(LOOKED, "refs/pull/7/merge").output == "found=no\n"
    assert inbox.run(UPLOADED, "refs/pull/7/merge").code == 0
    assert inbox.gh()[-1][:3] == ["pr", "comment", "7"]
    assert '    "2024-25" was read as 2024/25.' in (inbox.root / ".venv/inbox.md").read_text(encoding="utf-8")


def test_of_a_branch_without_an_import_nothing_is_said(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path, {})

    assert inbox.run(LOOKED).output == "found=no\n"
    assert (inbox.run(UPLOADED, "refs/pull/7/merge").code, inbox.gh()) == (0, [])


BAD = {
    "figures that can't be taken": {
        "a.csv": (b"kpi,measure,period,value\nloans,books,2024/25,39S0\n", "a.csv, row 2, column D: "),
        "b.csv": (b"kpi,measure,period,value\nlones,books,2024/25,3950\n", 'Did you mean "loans"?'),
        "x.csv": (b"kpi,measure,period,value\nloans,books,2023/24,1\n", "3900"),
    },
    "files that are no tables": {
        "x.pdf": (b"%PDF-1.7\n", 'x.pdf" is a PDF file.'),
        "half.xlsx": (workbook(MARCH)[:900], 'half.xlsx" is damaged'),
        "nothing.csv": (b"", 'nothing.csv" has no row of headings'),
    },
}
"""What `kpi import` ends with 1 for, and with 2: the files beside a good one, and what is said of each."""


@pytest.mark.parametrize("what", BAD)
def test_with_anything_to_mend_nothing_is_written_and_it_is_said(tmp_path: Path, what: str) -> None:
    files = {name: content for name, (content, _) in BAD[what].items()}
    inbox = Inbox(tmp_path, {"good.xlsx": workbook(MARCH), **files}, opened=True)
    done = inbox.run()

    assert done.code == 1
    assert git(inbox.origin, "rev-parse", "march") == inbox.before
    assert git(inbox.root, "status", "--porcelain") == ""
    assert [said for _, said in BAD[what].values() if said not in done.summary] == []
    assert inbox.gh()[-1][:3] == ["pr", "comment", "7"]
    assert [command.name for command in commands(done.log)] == ["stop-commands", "error"]


def test_a_mended_table_under_the_same_name_is_imported(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path, {"x.csv": b"kpi,measure,period,value\nloans,books,2024/25,39S0\n"})
    assert inbox.run().code == 1
    (inbox.root / "inbox/x.csv").write_bytes(b"kpi,measure,period,value\nloans,books,2024/25,3950\n")
    committed(inbox.root, "Add files via upload")
    inbox.push()

    assert inbox.run().code == 0
    assert "2024/25: 3950" in inbox.shown("kpis/reading/loans.yaml")


def test_figures_take_the_place_of_others_where_that_is_asked_for(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path, {"replace/x.csv": b"kpi,measure,period,value\nloans,books,2023/24,3905\n"})
    done = inbox.run()

    assert done.code == 0
    assert "loans/books: 3905, was 3900." in done.summary.replace("2023/24 of ", "")
    assert inbox.shown("kpis/reading/loans.yaml") + "\n" == edited(LOANS, "2023/24: 3900", "2023/24: 3905")


def test_no_link_is_followed_and_no_name_is_an_option_or_a_pattern(tmp_path: Path) -> None:
    inbox = Inbox(
        tmp_path,
        {"--help.csv": b"kpi,measure,period,value\nloans,books,2024/25,3950\n", "*": b"", "README.md": b"x"},
    )
    (inbox.root / "inbox/link.csv").symlink_to("/etc/passwd")
    committed(inbox.root, "A link")
    inbox.push()
    done = inbox.run()
    assert done.code == 1
    assert "root:" not in done.log
    assert "This is a link" in done.summary

    git(inbox.root, "rm", "--quiet", "inbox/link.csv", ":(literal)inbox/*")
    committed(inbox.root, "Without it")
    inbox.push()
    assert inbox.run().code == 0
    assert git(inbox.origin, "ls-tree", "-r", "--name-only", "march", "inbox") == "inbox/README.md"


def test_what_a_table_says_is_neither_a_command_nor_markup(tmp_path: Path) -> None:
    hostile = "<img src=x> [x](javascript:y) ::error::x"
    inbox = Inbox(
        tmp_path, {"x.xlsx": workbook([["kpi", "period", "value"], [f"{hostile}\n::error::z", "2024", 1]])}
    )
    done = inbox.run()

    assert done.code == 1
    assert [command.name for command in commands(done.log)] == ["stop-commands", "error"]
    assert {tag for tag, _ in read_page(done.summary).tags} <= {"h2", "p", "pre", "code"}
    assert "GH_TOKEN" not in (inbox.root / ".venv/env").read_text(encoding="utf-8")


def test_the_name_of_a_table_keeps_no_workflow_from_what_was_imported(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path, {"x [skip ci].csv": b"kpi,measure,period,value\nloans,books,2024/25,3950\n"})

    assert inbox.run().code == 0
    message = git(inbox.origin, "log", "-1", "--format=%B", "march")
    assert "inbox/x (skip ci).csv" in message
    assert "[skip ci]" not in message


def test_a_change_that_came_in_between_is_kept(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path, {"x.csv": b"kpi,measure,period,value\nloans,books,2024/25,3950\n"})
    git(inbox.other, "fetch", "--quiet", "origin", "march")
    git(inbox.other, "checkout", "--quiet", "-B", "march", "FETCH_HEAD")
    done = inbox.run(after=inbox.race(1, "march"))

    assert done.code == 0, done.log
    assert inbox.subjects[:3] == ["Import what was uploaded", "A figure in between", "Add files via upload"]


def test_a_branch_that_takes_no_push_is_said(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path, {"x.csv": b"kpi,measure,period,value\nloans,books,2024/25,3950\n"})
    hook = inbox.origin / "hooks/pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    hook.chmod(0o755)
    done = inbox.run()

    assert done.code == 1
    assert "::error title=Inbox::The branch took no push" in done.log
    assert git(inbox.origin, "rev-parse", "march") == inbox.before
