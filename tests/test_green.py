"""A green tick means what it says: whatever stands beside the files, and whatever git makes of them on the way."""

import os
import shutil
from pathlib import Path

import pytest

from kpi.store.git import tracked
from kpi.store.output import MANIFEST
from repositories import committed, git, packed
from running import Kpi
from small import LOANS, PLAN, edited, with_pages, written

DAY = ("--as-of", "2024-06-01")
PAGES = "docs/scorecard"
on_unix = pytest.mark.skipif(os.name == "nt", reason="links and capitals are another thing on Windows")


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = with_pages(tmp_path_factory.mktemp("pattern"))
    committed(root)
    return packed(root)


@pytest.fixture
def root(pattern: Path, tmp_path: Path) -> Path:
    """The small repository with its pages, committed."""
    return shutil.copytree(pattern, tmp_path, symlinks=True, dirs_exist_ok=True)


def put(path: Path, text: str = "x\n") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


# What is there.


STRANGE = [
    f"{PAGES}/.gitattributes",
    f"{PAGES}/.gitignore",
    f"{PAGES}/KPIS/loans.md",
    f"{PAGES}/README.MD",
    f"{PAGES}/Readme.md",
    f"{PAGES}/index.html",
    f"{PAGES}/kpis/.gitattributes",
    f"{PAGES}/kpis/.loans.md.0a1b.tmp",
    f"{PAGES}/kpis/Loans.md",
    f"{PAGES}/new/deep/README.md",
    f"{PAGES}/notes.md",
]


@on_unix
def test_the_check_names_what_the_build_would_not_write(kpi: Kpi, root: Path) -> None:
    for path in STRANGE:
        put(root / path)
    named = "".join(f"{path}: is not made by kpi build; delete it\n" for path in STRANGE)
    said = (1, named, "11 files to delete.\n")
    assert kpi("build", "--check") == said

    committed(root)
    assert kpi("build", "--check", "HEAD") == said
    for path in STRANGE:
        (root / path).unlink()
    committed(root)
    assert kpi("build", "--check", "HEAD").code == 0


@on_unix
def test_a_path_of_any_length_is_named_with_what_to_do(kpi: Kpi, root: Path) -> None:
    put(root / PAGES / ("a" * 200) / ("b" * 200) / "x.md")

    assert kpi("build", "--check").out.endswith("b…: is not made by kpi build; delete it\n")


@on_unix
@pytest.mark.parametrize("folder", ["Docs", "DOCS", "docs/Scorecard"])
def test_the_check_names_another_spelling_of_the_folder(kpi: Kpi, root: Path, folder: str) -> None:
    put(root / folder / "README.md")

    assert kpi("build", "--check").out == f"{folder}: is not made by kpi build; delete it\n"
    committed(root)
    assert kpi("build", "--check", "HEAD").out == f"{folder}: is not made by kpi build; delete it\n"


@on_unix
def test_the_check_names_links_to_files_folders_and_repositories(kpi: Kpi, root: Path) -> None:
    (root / PAGES / "file.md").symlink_to("README.md")
    (root / PAGES / "folder").symlink_to("kpis")
    other = committed(written(root / "other"))
    git(root, "add", PAGES)
    git(root, "update-index", "--add", "--cacheinfo", f"160000,{other},{PAGES}/module")
    git(root, "commit", "--quiet", "--message=Links")
    git(root, "clone", "--quiet", ".", "clone")
    named = "".join(
        f"{PAGES}/{name}: is not made by kpi build; delete it\n" for name in ("file.md", "folder", "module")
    )

    assert kpi("build", "--check", "--root", "clone").out == named
    assert kpi("build", "--check", "HEAD").out == named


@on_unix
@pytest.mark.parametrize("place", ["docs", PAGES, f"{PAGES}/kpis"])
def test_the_check_stops_where_writing_would(kpi: Kpi, root: Path, place: str) -> None:
    (root / place).rename(root / "elsewhere")
    (root / place).symlink_to(root / "elsewhere")
    refused = (3, "", f"kpi: {place} is a link, and links are not followed. Nothing was written.\n")

    assert kpi("build", "--check") == refused
    assert kpi("build") == refused


def test_a_build_leaves_no_empty_folder_behind(kpi: Kpi, root: Path) -> None:
    put(root / PAGES / "breaches/reading.md")
    listed = root / PAGES / MANIFEST
    listed.write_text(listed.read_text(encoding="utf-8") + "breaches/reading.md\n", encoding="utf-8")
    kpi("build")

    assert kpi("build", "--check").code == 0


def test_pages_are_written_from_what_stands_here_alone(kpi: Kpi, root: Path) -> None:
    del root
    done = kpi("build", "HEAD")

    assert done.code == 2
    assert "To check a commit, add --check." in done.err


# Names that start with a dot, and other spellings of kpis/.


@pytest.mark.parametrize(
    "path", ["kpis/.gitattributes", "kpis/reading/.gitattributes", "kpis/.hidden/x.yaml"]
)
def test_what_git_tracks_under_a_dot_is_refused_and_the_rest_is_told(kpi: Kpi, root: Path, path: str) -> None:
    put(root / path, "*.yaml working-tree-encoding=UTF-16\n")
    entry = "kpis/.hidden" if "hidden" in path else path
    output = kpi("lint", "--format", "concise", *DAY).out
    assert f"Skipped, because git doesn't track it: {entry}." in output
    assert "odd-path" not in output

    git(root, "add", "--force", path)
    refused = kpi("lint", "--format", "concise", *DAY)
    assert refused.code == 1
    assert f"{entry}:1:1: error odd-path: " in refused.out
    assert "Passed over" not in refused.out


def test_what_is_half_written_is_not_told(kpi: Kpi, root: Path) -> None:
    put(root / "kpis/reading/.loans.yaml.0a1b2c3d.tmp")

    assert "Passed over" not in kpi("lint", *DAY).out


def test_without_a_repository_hidden_names_are_told(kpi: Kpi, tmp_path: Path) -> None:
    put(written(tmp_path) / "kpis/.gitattributes")

    assert tracked(tmp_path, ["kpis/.gitattributes"]) == []
    assert "git doesn't track it: kpis/.gitattributes." in kpi("lint", *DAY).out


@on_unix
@pytest.mark.parametrize("name", ["KPIS", "Kpis", "\N{KELVIN SIGN}pis"])
def test_another_spelling_of_kpis_is_refused(kpi: Kpi, root: Path, name: str) -> None:
    put(root / name / "reading/extra.yaml", LOANS)
    done = kpi("lint", "--format", "concise", *DAY)

    assert done.code == 1
    assert f'"{name}" is another spelling of kpis, and nothing in it is read.' in done.out
    assert kpi("build").code == 1


# Results are never written over figures.


FIGURES = (
    "kpis/reading/loans.yaml",
    "kpis/plan.yaml",
    "kpis/new.yml",
    "KPIS/Reading/LOANS.YAML",
    "docs/../kpis/reading/loans.yaml",
    "link.csv",
    "linked/loans.yaml",
    "linked/../plan.yaml",
)


@on_unix
@pytest.mark.parametrize(
    "command",
    [
        ("lint", "--output"),
        ("lint", "--summary"),
        ("export", "--output"),
        ("diff", "--output"),
        ("paper", "--output"),
    ],
)
def test_no_result_is_written_over_figures(kpi: Kpi, root: Path, command: tuple[str, str]) -> None:
    (root / "link.csv").symlink_to("kpis/reading/loans.yaml")
    (root / "linked").symlink_to("kpis/reading")
    before = {path: path.read_bytes() for path in root.rglob("*.y*ml")}
    ended = {place: kpi(*command, place) for place in FIGURES}

    assert {place: (done.code, done.err) for place, done in ended.items()} == {
        place: (2, f'kpi: "{place}" is a place for figures. Nothing was written; name another file.\n')
        for place in FIGURES
    }
    assert {path: path.read_bytes() for path in root.rglob("*.y*ml")} == before


def test_a_result_goes_beside_a_place_for_figures(kpi: Kpi, root: Path) -> None:
    assert kpi("export", "--output", "kpis/../figures.yaml").code == 0
    assert (root / "figures.yaml").read_text(encoding="utf-8").startswith("priority,")


@on_unix
def test_no_result_reaches_figures_by_a_second_name_of_their_file(kpi: Kpi, root: Path) -> None:
    second = root / "second.md"
    second.hardlink_to(root / "kpis/reading/loans.yaml")

    assert kpi("lint", "--summary", second).err == (
        f'kpi: "{second}" has another name, which may be a place for figures. '
        "Nothing was written; name another file.\n"
    )
    assert second.read_text(encoding="utf-8") == LOANS
    assert kpi("lint", "--output", second).code == 0
    assert (root / "kpis/reading/loans.yaml").read_text(encoding="utf-8") == LOANS != second.read_text()


def test_the_summary_of_a_workflow_is_not_written_over_figures(
    kpi: Kpi, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(root / "kpis/reading/loans.yaml"))

    assert kpi("lint").code == 2
    assert (root / "kpis/reading/loans.yaml").read_text(encoding="utf-8") == LOANS


# What is checked is what is committed.


def test_in_a_workflow_lint_reads_the_commit_whatever_git_makes_of_it(
    kpi: Kpi, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(root / "kpis/reading/loans.yaml", edited(LOANS, "2021/22: 5200", "2021/22: 9²"))
    committed(root)
    put(root / "kpis/reading/loans.yaml", LOANS)
    assert "not-a-number" not in kpi("lint", "--format", "concise", *DAY).out

    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    for options in ((), ("--format", "concise"), ("--changed-since", "HEAD^")):
        assert "not-a-number" in kpi("lint", *options, *DAY).out
    (root / "kpis/reading/loans.yaml").unlink()
    assert "not-a-number" in kpi("lint", *DAY).out


def test_a_commit_is_checked_byte_by_byte(kpi: Kpi, root: Path) -> None:
    page = root / PAGES / "reading.md"
    right = page.read_bytes()
    page.write_bytes(right.replace(b"\n", b"\r\n"))
    committed(root)
    page.write_bytes(right)

    assert kpi("build", "--check").code == 0
    assert kpi("build", "--check", "HEAD").out == f"{PAGES}/reading.md: is not what the figures say\n"


def test_attributes_change_nothing_of_what_a_commit_says(kpi: Kpi, root: Path) -> None:
    put(root / ".gitattributes", f"{PAGES}/** text eol=crlf\nkpis/** ident text eol=crlf\n")
    committed(root)
    for path in ("reading.md", "README.md"):
        (root / PAGES / path).unlink()
    git(root, "checkout", "--", PAGES)

    assert kpi("build", "--check").code == 1
    assert kpi("build", "--check", "HEAD").code == 0


def test_replace_objects_and_grafts_change_nothing(kpi: Kpi, root: Path) -> None:
    first = git(root, "rev-parse", "HEAD")
    put(root / "kpis/reading/loans.yaml", edited(LOANS, "2021/22: 5200", "2021/22: 5100"))
    second = committed(root)
    done = kpi("diff", "HEAD^", "HEAD")
    assert "1 published figure revised" in done.out

    git(root, "replace", first, second)
    git(root, "replace", f"{first}:kpis/reading/loans.yaml", f"{second}:kpis/reading/loans.yaml")
    put(root / ".git/info/grafts", f"{second}\n")
    assert kpi("diff", "HEAD^", "HEAD") == done


def test_where_the_new_side_is_left_out_the_comparison_is_not_green(kpi: Kpi, root: Path) -> None:
    put(root / "kpis/reading/loans.yaml", "title: [\n")
    committed(root)
    put(root / "kpis/reading/loans.yaml", LOANS)
    committed(root)

    assert kpi("diff", "HEAD~2", "HEAD~1").code == 1
    assert kpi("diff", "HEAD~1", "HEAD").code == 0
    assert kpi("diff", "HEAD~2", "HEAD").code == 0


def test_a_plan_that_is_left_out_on_the_new_side_is_not_green(kpi: Kpi, root: Path) -> None:
    put(root / "kpis/plan.yaml", edited(PLAN, "organisation:", "organization:"))
    committed(root)

    assert kpi("diff", "HEAD^", "HEAD").code == 1


@pytest.mark.parametrize("what", ["gone", "a link"])
@pytest.mark.parametrize("path", ["kpis/plan.yaml", "kpis/reading/loans.yaml"])
@on_unix
def test_what_is_no_file_any_more_is_not_green(kpi: Kpi, root: Path, path: str, what: str) -> None:
    (root / path).rename(root / "elsewhere")
    if what == "a link":
        (root / path).symlink_to(root / "elsewhere")
    committed(root)

    removed = (path, what) == ("kpis/reading/loans.yaml", "gone")
    done = kpi("diff", "HEAD^", "HEAD")
    assert done.code == (0 if removed else 1)
    assert (f"Left out, because not all of it could be read after the change: {path}" in done.out) != removed


def test_in_a_workflow_diff_reads_the_commit_whatever_git_makes_of_it(
    kpi: Kpi, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(root / "kpis/reading/loans.yaml", edited(LOANS, "2021/22: 5200", "2021/22: 5100"))
    committed(root)
    put(root / "kpis/reading/loans.yaml", LOANS)
    assert "no history revised" not in kpi("diff", "HEAD^", "HEAD").out
    assert kpi("diff", "HEAD^").out == "Nothing that counts has changed.\n"

    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert kpi("diff", "HEAD^") == kpi("diff", "HEAD^", "HEAD")


def test_in_a_workflow_lint_says_that_it_could_not_read_the_commit(
    kpi: Kpi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path)
    monkeypatch.setenv("GITHUB_ACTIONS", "true")

    assert "kpi: The files in the work tree were checked, not a commit. " in kpi("lint", *DAY).err


@pytest.mark.parametrize("what", ["a KPI", "a measure", "a share", "a figure"])
def test_a_headline_counts_the_figures_that_are_gone(kpi: Kpi, root: Path, what: str) -> None:
    loans = root / "kpis/reading/loans.yaml"
    if what == "a KPI":
        loans.unlink()
    elif what == "a measure":
        before, _, rest = LOANS.partition("  books:\n")
        loans.write_text(before + "  other:\n" + rest.partition("  other:\n")[2], encoding="utf-8")
    elif what == "a share":
        loans.write_text(LOANS.partition("  share-of-books:\n")[0], encoding="utf-8")
    else:
        loans.write_text(edited(LOANS, "      2022/23: 4900\n", ""), encoding="utf-8")
    reported = kpi("diff").out.splitlines()[0]

    gone = {
        "a KPI": "1 KPI removed, 11 published figures gone.",
        "a measure": "2 published figures gone.",
        "a share": "2 published figures gone.",
        "a figure": "1 published figure revised.",
    }
    assert reported.endswith(gone[what])
    assert "no history revised" not in reported
