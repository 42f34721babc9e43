"""What the workflows' steps do in real git repositories, with the environment that GitHub sets.

GitHub itself can't be had here. A bare repository stands for it, a hook for the protection of main, and a program that keeps
what it is told for `gh`.
"""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from _pytest.mark.structures import ParameterSet

from rendered import read_page
from repositories import WHO, committed, copied, git
from runner import commands
from small import LOANS, VISITS, edited, with_pages, written
from test_workflows import (
    ALLOWED,
    BASH,
    BUILT,
    COMMENT,
    HOSTILE,
    KPI,
    LATE,
    LINT,
    MEANING,
    PAGES,
    PROGRAM,
    PUBLISHING,
    ROOT,
    Ran,
)

pytestmark = [
    pytest.mark.external,
    pytest.mark.skipif(BASH is None or os.name == "nt", reason="needs a Unix shell"),
]

# A pull request.


def on_a_branch(root: Path) -> None:
    with_pages(root)
    (root / ".gitignore").write_text(".venv/\n", encoding="utf-8")
    committed(root)
    git(root, "checkout", "--quiet", "-b", "patch-1")


def merge(root: Path) -> None:
    """Check out what is checked out for a pull request: its branch merged into main."""
    git(root, "checkout", "--quiet", "--detach", "main")
    git(root, "merge", "--quiet", "--no-ff", "--no-edit", "patch-1")


def pull_request(root: Path, loans: str = LOANS, visits: str = VISITS) -> None:
    """What is checked out for a pull request with other figures."""
    written(copied(on_a_branch, root), loans=loans, visits=visits)
    committed(root, "Figures of April")
    merge(root)


def ran(root: Path) -> list[Ran]:
    return [Ran(root, step, KPI, "refs/pull/7/merge") for step in (LINT, MEANING, PAGES)]


def test_whoever_edits_only_the_yaml_gets_a_green_check_and_is_told_what_the_change_does(
    tmp_path: Path,
) -> None:
    pull_request(tmp_path, visits=edited(VISITS, "2024-03: {marks: [not-available]}", "2024-03: 1010"))
    done = ran(tmp_path)
    summary = done[-1].summary

    assert [item.code for item in done] == [0, 0, 0]
    assert not any(command.name == "error" for run in done for command in commands(run.log))
    assert "## Lint" in summary
    assert "1 new figure" in summary
    assert "March 2024: not available \\[x\\] → 1,010" in summary
    assert "## Effect on the scorecard" in summary
    assert "    docs/scorecard/kpis/visits.md\n" in summary
    assert "loans.md" not in summary


def test_a_mistake_is_red_and_what_could_be_compared_is_still_told(tmp_path: Path) -> None:
    pull_request(
        tmp_path,
        visits=edited(VISITS, "2024-01: 900", "2024-01: 9OO"),
        loans=edited(LOANS, "2023/24: 3900", "2023/24: 3950"),
    )
    done = ran(tmp_path)

    assert [item.code for item in done] == [1, 1, 0]
    assert "3,900 → 3,950" in done[-1].summary
    assert "kpis/reading/visits.yaml" in done[1].summary


def test_a_plan_that_can_t_be_used_fails_lint_alone(tmp_path: Path) -> None:
    pull_request(tmp_path)
    written(tmp_path)
    (tmp_path / "kpis/plan.yaml").write_text("a: [", encoding="utf-8")
    committed(tmp_path)
    git(tmp_path, "commit", "--quiet", "--allow-empty", "--message=On top")

    assert [item.code for item in ran(tmp_path)] == [1, 0, 0]


def test_what_people_wrote_is_no_command_in_the_log_and_no_markup_in_the_summary(tmp_path: Path) -> None:
    spoilt = edited(LOANS, "title: Loans", f'title: "{HOSTILE}"').replace("not-there", "")
    pull_request(
        tmp_path,
        loans=edited(spoilt, "note: Games are counted", f'note: "{HOSTILE}"\n        # Games are counted'),
    )
    done = ran(tmp_path)
    page = read_page(done[-1].summary)

    assert {tag for tag, _ in page.tags} <= ALLOWED
    named = [command.name for run in done[1:] for command in commands(run.log)]
    assert set(named) <= {"stop-commands", "notice", "error"}
    errors = [command.data for run in done[1:] for command in commands(run.log) if command.name == "error"]
    assert errors == [
        "Not all of the change could be compared. The summary of this run says what was left out."
    ]
    assert "@admin" not in done[1].summary.replace("@\u200badmin", "")


def a_program_on_a_branch(root: Path) -> None:
    written(root, {"README.md": "x\n", "docs/scorecard/manifest.txt": "README.md\n"})
    committed(root)
    git(root, "checkout", "--quiet", "-b", "patch-1")


@pytest.mark.parametrize(
    ("path", "changed"),
    [
        ("kpis/reading/visits.yaml", "no"),
        ("docs/scorecard/README.md", "no"),
        ("docs/scorecard/manifest.txt", "no"),
        ("docs/scorecard/conftest.py", "yes"),
        ("docs/scorecard/.gitattributes", "yes"),
        ("kpis/.gitattributes", "yes"),
        ("kpis/reading/conftest.py", "yes"),
        ("kpis/plan.yaml", "no"),
        ("docs/cli.md", "yes"),
        ("tools/kpi/x.py", "yes"),
        ("kpis2/x.yaml", "yes"),
        (".github/workflows/check.yml", "yes"),
    ],
)
def test_the_program_is_tested_only_where_it_changes(tmp_path: Path, path: str, changed: str) -> None:
    copied(a_program_on_a_branch, tmp_path)
    written(tmp_path, {path: "README.md\ny\n"})
    git(tmp_path, "add", path)
    git(tmp_path, "commit", "--quiet", "--message=Change")
    merge(tmp_path)

    assert Ran(tmp_path, PROGRAM, KPI, "refs/pull/7/merge").output == f"changed={changed}\n"


def test_what_is_renamed_to_a_file_of_figures_is_a_change_of_the_program(tmp_path: Path) -> None:
    written(tmp_path, {"tools/x.py": "x\n" * 20})
    committed(tmp_path)
    (tmp_path / "kpis/reading").mkdir(parents=True)
    (tmp_path / "tools/x.py").rename(tmp_path / "kpis/reading/x.yaml")
    committed(tmp_path)

    assert Ran(tmp_path, PROGRAM, KPI, "refs/pull/7/merge").output == "changed=yes\n"


def in_long(*values: object) -> list[ParameterSet]:
    """Values of a parameter that only `make fuzz` tries: they go the same way as others beside them."""
    return [pytest.param(value, marks=pytest.mark.long) for value in values]


def lie(root: Path, path: str = "docs/scorecard/README.md") -> None:
    place = root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    text = place.read_text(encoding="utf-8") if place.exists() else ""
    place.write_text(f"All is well.\n{text}", encoding="utf-8")


@pytest.mark.parametrize(
    "path",
    [
        *("README.md", ".gitattributes", "../\N{LATIN SMALL LETTER LONG S}corecard/README.md"),
        *in_long("notes.md", "Readme.md", "manifest.txt", "../Scorecard/README.md", "../Scorecard"),
    ],
)
def test_a_pull_request_that_changes_pages_by_hand_is_red_and_says_how_to_take_it_out(
    tmp_path: Path, path: str
) -> None:
    copied(on_a_branch, tmp_path)
    lie(tmp_path, f"docs/scorecard/{path}")
    committed(tmp_path, "A better page")
    merge(tmp_path)
    done = Ran(tmp_path, PAGES, KPI, "refs/pull/7/merge")

    assert done.code == 1
    assert "::error title=Scorecard::1 files under docs/scorecard/ are not what the figures say." in done.log
    assert '"Delete file"' in done.summary
    assert {tag for tag, _ in read_page(done.summary).tags} <= ALLOWED


def test_a_link_to_another_repository_is_red_whatever_gitmodules_says_of_it(tmp_path: Path) -> None:
    copied(on_a_branch, tmp_path)
    settings = "[submodule x]\n\tpath = docs/scorecard/x\n\turl = https://example.org\n\tignore = all\n"
    written(tmp_path, {".gitmodules": settings})
    git(tmp_path, "add", ".gitmodules")
    other = git(tmp_path, "rev-parse", "main")
    git(tmp_path, "update-index", "--add", "--cacheinfo", f"160000,{other},docs/scorecard/x")
    git(tmp_path, "commit", "--quiet", "--message=A hidden link")
    merge(tmp_path)

    assert Ran(tmp_path, PAGES, KPI, "refs/pull/7/merge").code == 1


def test_a_pull_request_with_the_pages_that_its_figures_make_is_green(tmp_path: Path) -> None:
    copied(on_a_branch, tmp_path)
    written(tmp_path, visits=edited(VISITS, "2024-03: {marks: [not-available]}", "2024-03: 1010"))
    environment = os.environ | {"PYTHONPATH": f"{ROOT / 'tools'}"}
    subprocess.run([sys.executable, "-m", "kpi", "build"], cwd=tmp_path, env=environment, check=True)
    committed(tmp_path, "A figure and its pages")
    merge(tmp_path)

    assert Ran(tmp_path, PAGES, KPI, "refs/pull/7/merge").code == 0


def three_changes(origin: Path) -> None:
    """A repository that got first a document, then code, then figures."""
    for path in ("README.md", "tools/x.py", "kpis/plan.yaml"):
        written(origin, {path: "x\n"})
        committed(origin)
    git(origin, "config", "uploadpack.allowAnySHA1InWant", "true")


@pytest.mark.parametrize(
    ("before", "changed"),
    [("main~1", "no"), ("main~2", "yes"), ("0" * 40, "no"), ("f" * 40, "yes"), ("-h", "yes")],
    ids=["figures pushed", "code and figures pushed", "a new branch", "a commit that is gone", "no commit"],
)
def test_all_that_was_pushed_counts(tmp_path: Path, before: str, changed: str) -> None:
    origin = copied(three_changes, tmp_path / "origin")
    name = git(origin, "rev-parse", before) if before.startswith("main") else before
    git(tmp_path, "clone", "--quiet", "--depth=2", f"file://{origin}", "work")

    assert Ran(tmp_path / "work", PROGRAM, KPI, before=name).output == f"changed={changed}\n"


def test_the_pages_are_handed_over_as_they_would_be_and_nothing_here_is_touched(tmp_path: Path) -> None:
    pull_request(tmp_path, visits=edited(VISITS, "2024-03: {marks: [not-available]}", "2024-03: 1010"))
    done = Ran(tmp_path, BUILT, KPI, "refs/pull/7/merge")
    page = tmp_path / ".venv/pages/docs/scorecard/kpis/visits.md"

    assert (done.code, done.output) == (0, f"folder={page.parents[1]}\n")
    assert "1,010" in page.read_text(encoding="utf-8")
    assert git(tmp_path, "status", "--porcelain") == ""


def test_where_pages_can_t_be_made_none_are_handed_over(tmp_path: Path) -> None:
    pull_request(tmp_path, visits="title: [")
    done = Ran(tmp_path, BUILT, KPI, "refs/pull/7/merge")

    assert (done.code, done.output) == (0, "")


class PullRequest:
    """A pull request that `gh` knows: the comments on it, and what was last written there."""

    def __init__(self, folder: Path, *ids: int, may_write: bool = True) -> None:
        self.root, self.bin = folder / "work", folder / "bin"
        self.root.mkdir(parents=True)
        self.bin.mkdir()
        listed = "".join(f"{number}\n" for number in ids)
        (self.bin / "ids").write_text(listed, encoding="utf-8")
        (self.bin / "gh").write_text(
            f'#!/bin/sh\nprintf "%s\\t" "$@" >>{self.bin}/told; echo >>{self.bin}/told\n'
            f'case "$*" in *--paginate*) cat {self.bin}/ids; exit;; esac\n'
            f'for one; do case "$one" in body=@*) cp "${{one#body=@}}" {self.bin}/body;; esac; done\n'
            f"exit {0 if may_write else 1}\n",
            encoding="utf-8",
        )
        (self.bin / "gh").chmod(0o755)

    def comment_on(self, change: str) -> Ran:
        """Run the step after a change of which this is said."""
        (self.root / ".venv").mkdir(exist_ok=True)
        (self.root / ".venv/diff.md").write_text(change, encoding="utf-8")
        return Ran(self.root, COMMENT, "exit 9", "refs/pull/7/merge", path=os.fspath(self.bin))

    @property
    def last(self) -> list[str]:
        """The last thing that gh was told to do."""
        return (self.bin / "told").read_text(encoding="utf-8").splitlines()[-1].rstrip("\t").split("\t")

    @property
    def body(self) -> str:
        return (self.bin / "body").read_text(encoding="utf-8")


def test_a_pull_request_has_one_comment_that_is_renewed(tmp_path: Path) -> None:
    first, later = PullRequest(tmp_path / "first"), PullRequest(tmp_path / "later", 31, 32)

    assert first.comment_on("## What this change means\n\n1 new figure.\n").code == 0
    assert first.last[:3] == ["api", "--silent", "repos/owner/figures/issues/7/comments"]
    assert "1 new figure." in first.body
    assert "(https://github.com/owner/figures/actions/runs/12)" in first.body
    assert first.body.startswith("<!-- kpi: what the change means -->\n\n## What")
    assert later.comment_on("2 new figures.\n").code == 0
    assert later.last[:5] == [
        "api",
        "--silent",
        "--method",
        "PATCH",
        "repos/owner/figures/issues/comments/31",
    ]


def test_where_a_run_may_not_write_a_comment_the_check_goes_on(tmp_path: Path) -> None:
    done = PullRequest(tmp_path, may_write=False).comment_on("1 new figure.\n")

    assert done.code == 0
    assert [command.name for command in commands(done.log)] == ["notice"]


def test_a_long_comment_is_cut_before_github_refuses_it_and_none_is_empty(tmp_path: Path) -> None:
    request = PullRequest(tmp_path)
    request.comment_on("A line of a table — with a dash.\n" * 4000)
    assert 55_000 < len(request.body.encode()) < 65_000
    assert "dash.\n\nThe rest had no room here.\n" in request.body

    request.comment_on("")
    assert "What this change means could not be said." in request.body


# Publishing.


def clones(folder: Path) -> None:
    """A repository without pages, and two checkouts of it."""
    clone(folder, written(folder / "first"))


def clones_with_pages(folder: Path) -> None:
    """The same after its pages have been published."""
    clone(folder, with_pages(folder / "first"))


def clone(folder: Path, first: Path) -> None:
    (first / ".gitignore").write_text(".venv/\n", encoding="utf-8")
    committed(first)
    git(folder, "clone", "--quiet", "--bare", f"file://{first}", "origin.git")
    for name in ("work", "other"):  # as actions/checkout does: the newest commit of main alone
        git(folder, "clone", "--quiet", "--depth=1", f"file://{folder}/origin.git", name)


class Runner:
    """A checkout of main as the workflow has it, the repository that it came from, and a `gh` that keeps what it is told."""

    def __init__(
        self, folder: Path, *, protected: bool = False, make: Callable[[Path], None] = clones
    ) -> None:
        self.root, self.origin, self.bin = folder / "work", folder / "origin.git", folder / "bin"
        self.other = folder / "other"
        copied(make, folder)
        for checkout in (self.root, self.other):
            git(checkout, "remote", "set-url", "origin", f"file://{self.origin}")
        self.bin.mkdir()
        self.program(
            "gh",
            f'printf "%s\\t" "$@" >>{self.bin}/told; echo >>{self.bin}/told\nif [ "$2" = list ]; then cat {self.bin}/open; fi',
        )
        self.program("sleep", f"echo $1 >>{self.bin}/slept")
        (self.bin / "open").write_text("0\n", encoding="utf-8")
        if protected:
            hook = self.origin / "hooks/pre-receive"
            hook.parent.mkdir(exist_ok=True)
            hook.write_text(
                "#!/bin/sh\nwhile read -r _ _ ref; do\n"
                '  if [ "$ref" = refs/heads/main ]; then echo "protected branch hook declined" >&2; exit 1; fi\ndone\n',
                encoding="utf-8",
            )
            hook.chmod(0o755)

    def program(self, name: str, text: str) -> None:
        (self.bin / name).write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        (self.bin / name).chmod(0o755)

    def publish(self, after_build: str = "", kpi: str = KPI) -> Ran:
        """Run the step; `after_build` happens each time when the pages have just been written."""
        program = f'env >>.venv/env\n{kpi} || exit $?\nif [ "$*" != build ]; then exit; fi\ntouch .venv/built\n{after_build}'
        return Ran(self.root, PUBLISHING, program, path=os.fspath(self.bin))

    def gh(self) -> list[list[str]]:
        """What gh was told."""
        reported = self.bin / "told"
        return (
            [line.rstrip("\t").split("\t") for line in reported.read_text(encoding="utf-8").splitlines()]
            if reported.exists()
            else []
        )

    def race(self, times: int, branch: str = "main") -> str:
        """Shell that pushes another change to a branch, so many times."""
        script = self.bin / "race"
        who = " ".join(f"{name}={value}" for name, value in WHO.items())
        script.write_text(
            f'#!/bin/sh\nset -e\nif [ "$(cat {self.bin}/raced 2>/dev/null | wc -l)" -ge {times} ]; then exit 0; fi\n'
            f"echo >>{self.bin}/raced\ncd {self.other}\nexport {who}\n"
            "number=$(wc -l <../bin/raced)\n"
            'sed -i "s/2024-01: 90[0-9]*/2024-01: 90$number/" kpis/reading/visits.yaml\n'
            f"git commit --quiet --all --message 'A figure in between'\ngit push --quiet origin HEAD:{branch}\n",
            encoding="utf-8",
        )
        return f"sh {script}"

    def main(self) -> str:
        return git(self.origin, "rev-parse", "main")


def stale_pages(runner: Runner, folder: Path, ref: str = "main") -> str:
    """What `kpi build --check` says of a ref of the origin."""
    git(folder, "clone", "--quiet", f"--branch={ref}", f"file://{runner.origin}", "looked-at")
    return Ran(folder / "looked-at", PAGES, KPI).log.split("\n", 1)[1].rsplit("\n", 3)[0]


def test_changed_pages_are_committed_alone_and_a_second_run_commits_nothing(tmp_path: Path) -> None:
    runner = Runner(tmp_path)
    before = runner.main()
    first = runner.publish()
    after = runner.main()
    changed = git(runner.origin, "diff", "--name-only", before, after).splitlines()

    assert first.code == 0
    assert git(runner.origin, "log", "--format=%an <%ae>: %s", f"{before}..{after}") == (
        "github-actions[bot] <41898282+github-actions[bot]@users.noreply.github.com>: Write the scorecard's pages"
    )
    assert changed
    assert all(name.startswith("docs/scorecard/") for name in changed)
    assert stale_pages(runner, tmp_path).endswith("files current.")

    second = runner.publish()
    assert (second.code, runner.main()) == (0, after)
    assert "The pages are current." in second.log
    assert runner.gh() == []


def test_a_page_that_was_changed_by_hand_on_main_is_written_anew(tmp_path: Path) -> None:
    runner = Runner(tmp_path, make=clones_with_pages)
    right = git(runner.root, "show", "HEAD:docs/scorecard/README.md")
    lie(runner.root)
    committed(runner.root, "A better page")
    git(runner.root, "push", "--quiet", "origin", "HEAD:main")

    assert runner.publish().code == 0
    assert git(runner.origin, "show", "main:docs/scorecard/README.md") == right


def ignored(root: Path) -> None:
    (root / ".gitignore").write_text(".venv/\ndocs/scorecard/breaches.md\n", encoding="utf-8")


def encoded(root: Path) -> None:
    (root / ".gitattributes").write_text("*.md working-tree-encoding=ISO-8859-1\n", encoding="utf-8")


def beside(root: Path) -> None:
    lie(root, "docs/scorecard/Readme.md")


@pytest.mark.parametrize("spoil", [ignored, encoded, *in_long(beside)])
def test_what_git_would_store_otherwise_is_not_pushed(tmp_path: Path, spoil: Callable[[Path], None]) -> None:
    runner = Runner(tmp_path)
    spoil(runner.root)
    committed(runner.root, "Spoilt")
    git(runner.root, "push", "--quiet", "origin", "HEAD:main")
    before = runner.main()
    done = runner.publish()

    assert (done.code, runner.main()) == (1, before)
    assert "What is committed is not what the figures say" in done.log
    assert "    docs/scorecard/" in done.summary


def test_two_merges_that_race_both_end_up_in_the_pages(tmp_path: Path) -> None:
    runner = Runner(tmp_path)
    done = runner.publish(after_build=runner.race(1))
    subjects = git(runner.origin, "log", "--format=%s", "main").splitlines()

    assert done.code == 0
    assert subjects == ["Write the scorecard's pages", "A figure in between", "A change"]
    assert stale_pages(runner, tmp_path).endswith("files current.")
    assert "901" in git(runner.origin, "show", "main:docs/scorecard/kpis/visits.md")


A_PAGE = "if [ $1 = build ]; then mkdir -p docs/scorecard; echo A page >docs/scorecard/README.md; fi"
"""In the place of `kpi`, where what it writes and how often is all that counts."""


def test_a_race_without_end_is_given_up(tmp_path: Path) -> None:
    runner = Runner(tmp_path)
    done = runner.publish(after_build=runner.race(99), kpi=A_PAGE)

    assert done.code == 1
    assert "::error title=Scorecard::main moved on five times" in done.log
    assert (runner.bin / "slept").read_text(encoding="utf-8").split() == ["0", "5", "10", "20", "40"]
    assert "Write the scorecard's pages" not in git(runner.origin, "log", "--format=%s", "main")


def test_where_main_is_protected_the_pages_are_proposed_once_and_renewed_after(tmp_path: Path) -> None:
    runner = Runner(tmp_path, protected=True)
    before = runner.main()
    done = runner.publish()

    assert (done.code, runner.main()) == (0, before)
    assert git(runner.origin, "rev-parse", "scorecard-pages^") == before
    assert stale_pages(runner, tmp_path, "scorecard-pages").endswith("files current.")
    assert [item[:2] for item in runner.gh()] == [["pr", "list"], ["pr", "create"]]
    assert "--base main --head scorecard-pages" in " ".join(runner.gh()[1])

    (runner.bin / "open").write_text("1\n", encoding="utf-8")
    git(runner.root, "reset", "--quiet", "--hard", before)
    assert runner.publish().code == 0
    assert [item[:2] for item in runner.gh()[2:]] == [["pr", "list"]]
    assert git(runner.origin, "rev-parse", "scorecard-pages^") == before


def test_a_file_that_can_t_be_used_publishes_nothing(tmp_path: Path) -> None:
    runner = Runner(tmp_path)
    before = runner.main()
    (runner.root / "kpis/reading/visits.yaml").write_text('title: "::error::x"\n', encoding="utf-8")
    committed(runner.root)
    done = runner.publish()

    assert (done.code, runner.main()) == (1, before)
    assert [command.name for command in commands(done.log)] == ["stop-commands", "error"]


def test_a_figure_with_an_error_is_not_published_though_pages_could_be_made_of_it(tmp_path: Path) -> None:
    runner = Runner(tmp_path)
    before = runner.main()
    written(runner.root, visits=edited(VISITS, "2024-01: 900", "2024-01: 900\n      2942-03: 99"))
    committed(runner.root)
    done = runner.publish()
    *_, reported = commands(done.log)

    assert (done.code, runner.main()) == (1, before)
    assert (reported.name, reported.data) == (
        "error",
        "The figures have errors, so no page was written. The summary of this run says which.",
    )
    assert "2942-03 has not ended yet" in done.summary
    assert not (runner.root / ".venv/built").exists()


def test_a_warning_does_not_keep_pages_back(tmp_path: Path) -> None:
    runner = Runner(tmp_path)
    written(runner.root, visits=edited(VISITS, "sources: [return]\n", ""))
    committed(runner.root)
    done = runner.publish()

    assert "**Warning**" in done.log
    assert (done.code, (runner.root / ".venv/built").exists()) == (0, True)


def test_where_the_figures_could_not_be_checked_nothing_is_published(tmp_path: Path) -> None:
    runner = Runner(tmp_path)
    before = runner.main()
    done = Ran(runner.root, PUBLISHING, 'if [ "$1" = lint ]; then exit 3; fi', path=os.fspath(runner.bin))
    *_, reported = commands(done.log)

    assert (done.code, runner.main(), done.summary) == (3, before, "")
    assert (
        reported.data
        == "The figures were not checked, so no page was written. The log of this step says why."
    )


def test_the_token_is_not_shown_to_what_runs_from_the_repository(tmp_path: Path) -> None:
    runner = Runner(tmp_path)
    done = runner.publish(after_build=runner.race(1), kpi=A_PAGE)

    assert done.code == 0
    assert "GH_TOKEN" not in (runner.root / ".venv/env").read_text(encoding="utf-8")
    assert "not-for-kpi" not in done.log


# Overdue.


def test_overdue_figures_are_told_in_the_summary(tmp_path: Path) -> None:
    late = edited(VISITS, "better: higher", "better: higher\nowner: head\nfrequency: monthly\nlag: 2 weeks")
    done = Ran(written(tmp_path, visits=late), LATE, f"{KPI} --as-of 2024-06-01")

    assert done.code == 0
    assert "1 figure is overdue on 1 June 2024." in done.summary
    assert re.search(r"^This ran on \d+ \w+ 20\d\d\. It runs on Mondays: ", done.summary, re.MULTILINE)
    assert "| Visits | March 2024 | 14 May 2024 | 18 days | Head of Libraries |" in done.summary


def test_a_file_that_can_t_be_used_is_named_in_the_summary_as_plain_text(tmp_path: Path) -> None:
    root = written(tmp_path)
    (root / "kpis/people/staff.yaml").write_text("a: [", encoding="utf-8")
    (root / "kpis/people/<img src=x> [x](y).yaml").touch()
    done = Ran(root, LATE, KPI)

    assert done.code == 0
    assert "kpi: kpis/people/staff.yaml has errors and may be missing here." in done.summary
    assert {tag for tag, _ in read_page(done.summary).tags} <= ALLOWED
