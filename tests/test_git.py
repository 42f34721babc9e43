"""What is asked of git: real repositories, odd names, and hostile ones."""

import os
import shutil
import sys
from pathlib import Path

import pytest

from kpi.model.errors import ToolError, UserError
from kpi.pages.change_report import NOTHING
from kpi.store import git
from kpi.store.files import LIMIT
from kpi.store.versions import check_out
from repositories import committed
from repositories import git as run
from running import Kpi
from small import FILES, LOANS, edited, written

on_unix = pytest.mark.skipif(os.name == "nt", reason="Windows has no such names or modes")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = written(tmp_path / "repository")
    committed(root)
    return root


# Commits.


@pytest.mark.parametrize("ref", ["HEAD", "main", "@", "edition", "HEAD^0"])
def test_a_commit_is_found_by_all_its_names(root: Path, ref: str) -> None:
    run(root, "tag", "--annotate", "--message=x", "edition")

    assert (
        git.resolve(root, ref)
        == run(root, "rev-parse", "HEAD")
        == git.resolve(root, git.resolve(root, ref)[:10])
    )


@pytest.mark.parametrize(
    "ref",
    ["", "nowhere", "HEAD^", "--output=x", "-h", "--git-dir=/", "--help", "HEAD..main", "HEAD:kpis", "a b", "^HEAD", "--all",
     "HEAD\nHEAD", "..", "--", "\u202e", "$(touch x)", "HEAD^{tree}"],
    ids=ascii,
)  # fmt: skip
def test_what_names_no_commit_is_refused_and_does_nothing(root: Path, ref: str) -> None:
    before = sorted(root.rglob("*"))
    with pytest.raises(UserError, match="is not a commit in this clone"):
        git.resolve(root, ref)

    assert sorted(root.rglob("*")) == before


def test_a_branch_is_compared_from_where_it_began(root: Path) -> None:
    start = run(root, "rev-parse", "HEAD")
    run(root, "checkout", "--quiet", "-b", "figures")
    committed(root, "Mine")
    run(root, "checkout", "--quiet", "-b", "other", "main")
    other = committed(root, "Theirs")
    run(root, "checkout", "--quiet", "figures")

    assert git.branched_off(root, other) == start


def test_histories_with_nothing_in_common_are_told(root: Path) -> None:
    run(root, "checkout", "--quiet", "--orphan", "other")
    other = committed(root, "Other")
    run(root, "checkout", "--quiet", "main")

    with pytest.raises(UserError, match=f"no history in common with {other[:12]}. Name a commit"):
        git.branched_off(root, other)


def test_a_clone_without_its_history_says_how_to_get_it(root: Path, tmp_path: Path) -> None:
    committed(root, "Second")
    run(tmp_path, "clone", "--quiet", "--depth=1", f"file://{root}", "shallow")

    with pytest.raises(UserError, match="fetch-depth: 0"):
        git.resolve(tmp_path / "shallow", "HEAD^")


def test_a_repository_without_a_commit_is_told_as_that(tmp_path: Path, kpi: Kpi) -> None:
    root = written(tmp_path)
    run(root, "init", "--quiet")

    for words in (
        ("diff",),
        ("diff", "main"),
        ("lint", "--changed-since", "main"),
        ("show", "loans", "--history"),
    ):
        done = kpi(*words, "--root", root)
        assert "This repository has no commit yet" in done.err, words
    assert kpi("lint", "--root", root).code == 0


@pytest.mark.parametrize(
    ("ref", "apart"),
    [
        ("main..work", "main work"),
        ("main...work", "main work"),
        ("main..", "main HEAD"),
        ("..work", "HEAD work"),
    ],
)
def test_a_range_is_told_with_the_two_commits_to_write(
    tmp_path: Path, kpi: Kpi, ref: str, apart: str
) -> None:
    root = written(tmp_path)
    committed(root)
    run(root, "branch", "work")
    text = f'kpi: "{ref}" is not a commit in this clone. It looks like a range: write its two commits apart, {apart}, or {apart.split(maxsplit=1)[0]} alone where one is wanted.\n'

    assert kpi("diff", ref, "--root", root).err == text
    assert kpi("diff", *apart.split(), "--root", root).code == 0


def test_a_sparse_clone_is_told_as_that_and_not_as_deleted_files(tmp_path: Path, kpi: Kpi) -> None:
    committed(written(tmp_path / "whole"))
    run(tmp_path, "clone", "--quiet", "whole", "sparse")
    root = tmp_path / "sparse"
    run(root, "sparse-checkout", "set", "--no-cone", "/kpis/plan.yaml", "/kpis/reading/")

    for words in (("diff",), ("lint",), ("lint", "--changed-since", "HEAD")):
        done = kpi(*words, "--root", root)
        assert done.code == 3, done
        assert "This is a sparse clone, and kpis/people/" in done.err
        assert "not checked out. Get all of kpis/: git sparse-checkout disable" in done.err
    assert kpi("diff", "HEAD", "HEAD", "--root", root).code == 0
    run(root, "sparse-checkout", "disable")
    assert kpi("lint", "--root", root).code == 0


def test_a_line_end_of_windows_among_others_is_told_at_its_line(root: Path, kpi: Kpi) -> None:
    path = root / "kpis/reading/loans.yaml"
    path.write_bytes(LOANS.encode().replace(b"aim: increase\n", b"aim: increase\r\n"))
    done = kpi("lint", "--changed-since", "HEAD", "--format", "concise", "--root", root)

    assert done.code == 0
    assert (
        "kpis/reading/loans.yaml:3:14: warning not-formatted: This line has the line end of Windows (CRLF)"
        in done.out
    )
    assert kpi("diff", "--root", root).out == f"{NOTHING}\n"


def test_a_partial_clone_is_told_as_that_once_a_file_is_wanted(tmp_path: Path, kpi: Kpi) -> None:
    root = written(tmp_path / "whole")
    committed(root)
    written(root, None, loans=edited(LOANS, "2022/23: 4900", "2022/23: 4950"))
    committed(root)
    run(root, "config", "uploadpack.allowFilter", "true")
    run(tmp_path, "clone", "--quiet", "--filter=blob:none", f"file://{root}", "partial")
    partial = tmp_path / "partial"

    assert kpi("diff", "--root", partial).code == 0
    for words in (("diff", "HEAD^"), ("lint", "--changed-since", "HEAD^")):
        done = kpi(*words, "--root", partial)
        assert done.code == 3, done
        assert "Some older files are not in this clone. Get the whole history" in done.err


# Trouble.


def test_a_folder_that_is_no_repository_is_told(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="is not in a git repository"):
        git.resolve(tmp_path, "HEAD")


def test_a_machine_without_git_is_told(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.fspath(tmp_path))

    with pytest.raises(ToolError, match="git can't be run"):
        git.resolve(root, "HEAD")


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only root can give files away")
def test_a_repository_of_somebody_else_is_told_with_the_way_out(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", os.fspath(tmp_path))  # where nothing is called safe
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    for path in (root, *root.rglob("*")):
        os.chown(path, 12345, 12345)

    with pytest.raises(ToolError, match=r"safe\.directory"):
        git.resolve(root, "HEAD")


def test_other_trouble_is_told_in_git_s_own_words(root: Path) -> None:
    (root / ".git" / "config").write_text("[core\n", encoding="utf-8")

    with pytest.raises(ToolError, match='git could not work: "fatal: bad config line'):
        git.resolve(root, "HEAD")


def test_a_content_that_is_lost_is_told(root: Path) -> None:
    commit = git.resolve(root, "HEAD")
    name = run(root, "rev-parse", "HEAD:kpis/reading/loans.yaml")
    (root / ".git" / "objects" / name[:2] / name[2:]).unlink()

    with pytest.raises(ToolError):
        git.read(root, commit)


# What runs beside it.


@on_unix
def test_no_program_that_settings_name_is_started(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trap, sprung = tmp_path / "trap", tmp_path / "sprung"
    trap.write_text(f"#!/bin/sh\ntouch '{sprung}'\n", encoding="utf-8")
    trap.chmod(0o755)
    (root / ".gitattributes").write_text("*.yaml diff=x filter=x\n", encoding="utf-8")
    commit = committed(root)
    for name in (
        "core.fsmonitor",
        "core.pager",
        "core.sshCommand",
        "diff.external",
        "diff.x.textconv",
        "filter.x.smudge",
    ):
        run(root, "config", name, os.fspath(trap))
    shutil.rmtree(root / ".git" / "hooks", ignore_errors=True)
    (root / ".git" / "hooks").mkdir()
    shutil.copy(trap, root / ".git" / "hooks" / "post-index-change")
    for name in ("GIT_EXTERNAL_DIFF", "GIT_PAGER", "GIT_SSH_COMMAND"):
        monkeypatch.setenv(name, os.fspath(trap))

    assert git.resolve(root, "HEAD") == git.branched_off(root, commit) == commit
    assert set(git.read(root, commit)) == set(FILES)
    assert not sprung.exists()


def test_the_environment_leads_to_no_other_repository(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = written(tmp_path / "other")
    committed(other, "Other")
    monkeypatch.setenv("GIT_DIR", os.fspath(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", os.fspath(other))
    actual = git.resolve(root, "HEAD")
    monkeypatch.delenv("GIT_DIR")
    monkeypatch.delenv("GIT_WORK_TREE")

    assert actual == run(root, "rev-parse", "HEAD")


@on_unix
def test_reading_takes_two_processes_however_many_files_there_are(root: Path, tmp_path: Path) -> None:
    counter, real = tmp_path / "bin" / "git", shutil.which("git")
    counter.parent.mkdir()
    counter.write_text(f"#!/bin/sh\necho >>'{tmp_path}/calls'\nexec '{real}' \"$@\"\n", encoding="utf-8")
    counter.chmod(0o755)
    commit = git.resolve(root, "HEAD")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{counter.parent}{os.pathsep}{os.environ['PATH']}")
        git.read(root, commit)

    assert (tmp_path / "calls").read_text(encoding="utf-8").count("\n") == 2


# Files.


def test_files_are_as_they_were_stored(root: Path) -> None:
    commit = git.resolve(root, "HEAD")
    (root / "kpis/reading/loans.yaml").write_bytes(b"title: Changed\r\n")
    (root / "kpis/people/staff.yaml").unlink()

    assert git.read(root, commit) == {path: text.encode() for path, text in FILES.items()}


def test_only_yaml_files_under_kpis_are_read(root: Path) -> None:
    (root / "docs").mkdir()
    for path in ("docs/a.yaml", "kpis/reading/notes.md", "kpis/reading/odd.YML"):
        (root / path).write_text("x\n", encoding="utf-8")
    commit = committed(root)

    assert set(git.read(root, commit)) == {*FILES, "kpis/reading/odd.YML"}


def test_a_repository_in_a_folder_of_another_is_read_by_its_own_paths(tmp_path: Path) -> None:
    root = written(tmp_path / "town" / "scorecard")
    (tmp_path / "kpis").mkdir()
    (tmp_path / "kpis" / "plan.yaml").write_text("x\n", encoding="utf-8")
    committed(tmp_path)

    assert set(git.read(root, git.resolve(root, "HEAD"))) == set(FILES)


def test_a_commit_without_kpis_has_no_files(tmp_path: Path) -> None:
    commit = committed(tmp_path)

    assert git.read(tmp_path, commit) == {}


@pytest.mark.parametrize("data", [b"", b"\n", b"\0\n\xff", b"x", b"a\n" * 9, b"0123 blob 5\nabcde\n"])
def test_any_content_is_read_back(tmp_path: Path, data: bytes) -> None:
    root = written(tmp_path)
    (root / "kpis/reading/loans.yaml").write_bytes(data)
    committed(root)

    document = git.read(root, git.resolve(root, "HEAD"))
    assert document["kpis/reading/loans.yaml"] == data
    assert document["kpis/reading/visits.yaml"].startswith(b"title: Visits")


def test_a_huge_file_is_not_read_but_is_still_too_large(tmp_path: Path) -> None:
    root = written(tmp_path)
    (root / "kpis/reading/loans.yaml").write_bytes(b"a: b\n" * LIMIT)
    document = git.read(root, committed(root))

    assert len(document["kpis/reading/loans.yaml"]) == LIMIT + 1


@on_unix
@pytest.mark.parametrize(
    "name",
    ["a\nb.yaml", '"q".yaml', "tab\t.yaml", "é.yaml", "\u202e.yaml", "caf\udce9.yaml", "-x.yaml"],
    ids=ascii,
)
def test_odd_names_are_kept(tmp_path: Path, name: str) -> None:
    root = written(tmp_path)
    (root / "kpis/reading" / name).write_text("x\n", encoding="utf-8")
    document = git.read(root, committed(root))

    assert document[f"kpis/reading/{name}"] == b"x\n"
    with check_out(document) as folder:
        assert (folder / "kpis/reading" / name).read_bytes() == b"x\n"


@on_unix
def test_links_are_left_out(root: Path) -> None:
    (root / "kpis/reading/link.yaml").symlink_to("/etc/passwd")
    document = git.read(root, committed(root))

    assert set(document) == set(FILES)


@pytest.mark.parametrize(
    "path", ["../x.yaml", "kpis/../../x.yaml", "/x.yaml", "kpis/./../../x.yaml", "other/x.yaml"]
)
def test_nothing_is_written_outside_the_folder(path: str) -> None:
    with check_out({path: b"x", "kpis/a/b.yaml": LOANS.encode()}) as folder:
        assert [item.relative_to(folder).as_posix() for item in sorted(folder.rglob("*"))] == [
            "kpis",
            "kpis/a",
            "kpis/a/b.yaml",
        ]
        assert not (folder.parent / "x.yaml").exists()

    assert not folder.exists()
