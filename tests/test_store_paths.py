"""Which files are KPI files, what stands oddly among them, and what can't be read: always told, never followed, never a crash."""

import json
import os
import socket
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from kpi.lint.engine import lint
from kpi.model.errors import UserError
from kpi.store.files import LIMIT, UnreadableError, read_bytes
from kpi.store.paths import find_root, holds_kpis, walk
from kpi.store.yaml import MISREAD
from small import FILES, LOANS, SATISFACTION, edited, written

ROOT = Path(__file__).parent.parent
TODAY = date(2024, 6, 1)

on_unix = pytest.mark.skipif(os.name == "nt", reason="Windows has no such names, links or pipes")


def put(root: Path, path: str, text: str = LOANS) -> Path:
    place = root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")
    return place


def odd(root: Path) -> dict[str, str]:
    """The message about each odd path."""
    return {path: f"{problem.message} {problem.help}".strip() for path, problem in walk(root).odd}


def test_the_files_come_in_order_with_their_id_and_folder(tmp_path: Path) -> None:
    tree = walk(written(tmp_path))

    assert [file.path for file in tree.files] == sorted(FILES.keys() - {"kpis/plan.yaml"})
    assert all(file.path == f"kpis/{file.priority}/{file.kpi}.yaml" for file in tree.files)
    assert tree.odd == []


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("kpis/people/Wait Times.yaml", 'The file name "Wait Times" isn\'t made of lower-case letters, digits and hyphens, starting with a letter. Rename it to wait-times.yaml'),
        ("kpis/people/wait_times.yaml", 'The file name "wait_times" isn\'t made of lower-case letters, digits and hyphens, starting with a letter. Rename it to wait-times.yaml'),
        ("kpis/people/2022-figures.yaml", 'The file name "2022-figures" isn\'t made of lower-case letters, digits and hyphens, starting with a letter. Rename it to figures.yaml'),
        ("kpis/people/café.yaml", 'The file name "café" isn\'t made of lower-case letters, digits and hyphens, starting with a letter. Rename it to cafe.yaml'),
        ("kpis/people/日本.yaml", 'The file name "日本" isn\'t made of lower-case letters, digits and hyphens, starting with a letter. Rename it to kpi.yaml'),
        ("kpis/people/-rf.yaml", 'The file name "-rf" isn\'t made of lower-case letters, digits and hyphens, starting with a letter. Rename it to rf.yaml'),
        ("kpis/people/a.b.yaml", 'The file name "a.b" isn\'t made of lower-case letters, digits and hyphens, starting with a letter. Rename it to a-b.yaml'),
        ("kpis/people/visits.yml", '"visits.yml" ends with ".yml". Rename it to visits.yaml'),
        ("kpis/people/visits.YAML", '"visits.YAML" ends with ".YAML". Rename it to visits.yaml'),
        ("kpis/people/con.yaml", 'The file name "con" is reserved on Windows. Choose another name.'),
        ("kpis/people/lpt1.yaml", 'The file name "lpt1" is reserved on Windows. Choose another name.'),
        ("kpis/people/yes.yaml", 'The file name "yes" is a word that YAML reads as something else. Choose another name.'),
        (f"kpis/people/{'a' * 65}.yaml", f'The file name "{"a" * 65}" has more than 64 letters. Choose a shorter name.'),
        ("kpis/visits.yaml", '"visits.yaml" is directly in kpis/. Move it into its priority\'s folder: kpis/<priority>/visits.yaml'),
        ("kpis/plan.yml", 'The plan is called "plan.yml" here. Rename it to plan.yaml.'),
        ("kpis/Plan.yaml", 'The plan is called "Plan.yaml" here. Rename it to plan.yaml.'),
        ("kpis/My People/visits.yaml", 'The folder\'s name "My People" isn\'t made of lower-case letters, digits and hyphens, starting with a letter. Rename it to my-people'),
        ("kpis/aux/visits.yaml", 'The folder\'s name "aux" is reserved on Windows. Choose another name.'),
    ],
)  # fmt: skip
def test_a_name_that_is_no_id_is_told_with_a_better_one(path: str, message: str, tmp_path: Path) -> None:
    put(written(tmp_path), path)

    assert odd(tmp_path) == {path: message}
    assert len(walk(tmp_path).files) == len(FILES) - 1


@pytest.mark.parametrize("deep", ["kpis/people/2024/visits.yaml", "kpis/people/a/b/c/visits.yml"])
def test_files_that_stand_too_deep_are_told(deep: str, tmp_path: Path) -> None:
    put(written(tmp_path), deep)
    (place,) = odd(tmp_path)

    assert place == "/".join(deep.split("/")[:3])
    assert "one level too deep. Move its files to kpis/people/." in odd(tmp_path)[place]


def test_other_files_and_hidden_ones_are_passed_over(tmp_path: Path) -> None:
    for path in (
        "kpis/README.md",
        "kpis/people/notes.md",
        "kpis/people/.visits.yaml.swp",
        "kpis/.cache/x/a.yaml",
    ):
        put(written(tmp_path), path)
    (tmp_path / "kpis/people/pictures").mkdir()

    assert odd(tmp_path) == {}


@pytest.mark.parametrize("path", ["kpis/people/visits.yaml", "kpis/visits.yaml", "kpis/people.yaml"])
def test_a_folder_with_the_name_of_a_file_is_told(path: str, tmp_path: Path) -> None:
    (written(tmp_path) / path).mkdir()

    name = path.rpartition("/")[2]
    assert odd(tmp_path) == {path: f'"{name}" is a folder, not a file. Rename the folder, or take it out.'}


def test_the_words_that_are_no_ids_are_those_of_the_schemas() -> None:
    for name in ("kpi", "plan"):
        schema = json.loads((ROOT / "schema" / f"{name}.schema.json").read_text(encoding="utf-8"))
        assert set(schema["definitions"]["id"]["not"]["enum"]) == set(MISREAD)


@on_unix
@pytest.mark.parametrize(
    "target",
    ["outside.yaml", "nowhere", "visits.yaml", "../people"],
    ids=["out", "dangling", "loop", "folder"],
)
def test_a_linked_file_is_told_and_not_followed(target: str, tmp_path: Path) -> None:
    root = written(tmp_path / "root")
    put(tmp_path, "outside.yaml", "title: SECRET\n")
    (root / "kpis/people/visits.yaml").symlink_to(tmp_path / target if target == "outside.yaml" else target)
    report = lint(root, TODAY)

    assert [(finding.path, finding.rule) for finding in report.findings] == [
        ("kpis/people/visits.yaml", "odd-path")
    ]
    assert report.findings[0].message == '"visits.yaml" is a link to another file.'
    assert "SECRET" not in str(report)


@on_unix
@pytest.mark.parametrize("path", ["kpis/elsewhere", "kpis/people/elsewhere"])
def test_a_linked_folder_is_told_and_not_followed(path: str, tmp_path: Path) -> None:
    root = written(tmp_path / "root")
    put(tmp_path / "other", "visits.yaml", "title: SECRET\n")
    (root / path).symlink_to(tmp_path / "other")
    report = lint(root, TODAY)

    assert [(finding.path, finding.rule) for finding in report.findings] == [(path, "odd-path")]
    assert "SECRET" not in str(report)


@on_unix
def test_a_linked_plan_is_told_and_not_followed(tmp_path: Path) -> None:
    root = written(tmp_path / "root")
    put(tmp_path, "plan.yaml", "organisation: SECRET\n")
    (root / "kpis/plan.yaml").unlink()
    (root / "kpis/plan.yaml").symlink_to(tmp_path / "plan.yaml")
    report = lint(root, TODAY)

    assert [(finding.path, finding.rule) for finding in report.findings] == [
        ("kpis/plan.yaml", "unreadable-file")
    ]
    assert report.findings[0].message.startswith(
        "This is a link to another file, and links are not followed."
    )
    assert "SECRET" not in str(report)


@on_unix
def test_a_linked_kpis_folder_is_no_repository(tmp_path: Path) -> None:
    written(tmp_path / "other")
    (tmp_path / "root").mkdir()
    (tmp_path / "root/kpis").symlink_to(tmp_path / "other/kpis")

    assert not holds_kpis(tmp_path / "root")


@on_unix
def test_a_pipe_is_told_and_not_waited_for(tmp_path: Path) -> None:
    place = written(tmp_path) / "kpis/people/staff.yaml"
    place.unlink()
    os.mkfifo(place)
    (actual,) = lint(tmp_path, TODAY).findings

    assert (actual.rule, actual.message) == (
        "unreadable-file",
        "This is not an ordinary file. Nothing in it was checked.",
    )


@on_unix
def test_a_plan_that_is_a_folder_a_pipe_or_a_socket_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = written(tmp_path) / "kpis/plan.yaml"
    monkeypatch.chdir(tmp_path)  # a socket's path must be short
    with socket.socket(socket.AF_UNIX) as listening:
        makes: list[Callable[[], None]] = [
            plan.mkdir,
            lambda: os.mkfifo(plan),
            lambda: listening.bind("kpis/plan.yaml"),
        ]
        for make in makes:
            plan.rmdir() if plan.is_dir() else plan.unlink()
            make()
            (actual,) = lint(tmp_path, TODAY).findings
            assert (actual.path, actual.rule) == ("kpis/plan.yaml", "unreadable-file")


def test_reading_stops_one_byte_after_the_limit(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * (LIMIT + 5))
    (tmp_path / "b").write_bytes(b"x" * LIMIT)

    assert len(read_bytes(tmp_path / "a")) == LIMIT + 1
    assert len(read_bytes(tmp_path / "b")) == LIMIT


def test_reading_what_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match=r"^The file is not there\.$"):
        read_bytes(tmp_path / "a")


@pytest.fixture
def plain_user(tmp_path: Path) -> Iterator[Path]:
    """A folder in which permissions count, even where the tests run as root."""
    if os.name == "nt":
        pytest.skip("permissions are another thing on Windows")
    if os.geteuid() != 0:
        yield tmp_path
        return
    above = [folder for folder in tmp_path.parents if folder.stat().st_uid == 0 and folder != Path("/")]
    modes = [(folder, folder.stat().st_mode) for folder in above]
    for folder, mode in modes:
        folder.chmod(mode | 0o011)
    os.chown(tmp_path, 65534, 65534)
    os.seteuid(65534)
    try:
        yield tmp_path
    finally:
        os.seteuid(0)
        for folder, mode in modes:
            folder.chmod(mode)


def test_a_file_without_permission_is_told_and_the_others_are_checked(plain_user: Path) -> None:
    root = written(plain_user, satisfaction=edited(SATISFACTION, "2023: 81", "2023: 810"))
    (root / "kpis/reading/loans.yaml").chmod(0)
    report = lint(root, TODAY)

    assert [(finding.path, finding.rule) for finding in report.findings] == [
        ("kpis/people/satisfaction.yaml", "percent-range"),
        ("kpis/reading/loans.yaml", "unreadable-file"),
    ]
    assert (
        report.findings[1].message
        == "The file can't be opened: Permission denied. Nothing in it was checked."
    )


def test_a_folder_without_permission_is_told_and_the_others_are_checked(plain_user: Path) -> None:
    root = written(plain_user)
    (root / "kpis/people").chmod(0)
    try:
        report = lint(root, TODAY)
    finally:
        (root / "kpis/people").chmod(0o700)

    findings = [finding for finding in report.findings if finding.path == "kpis/people"]
    assert [item.message for item in findings] == [
        "The folder can't be opened: Permission denied. Nothing in it was checked."
    ]
    assert len([path for path in report.paths if path.startswith("kpis/reading/")]) == 3


def test_the_root_is_the_nearest_folder_upwards_that_holds_kpis(tmp_path: Path) -> None:
    root = written(tmp_path / "root")
    inner = root / "docs" / "deep"
    inner.mkdir(parents=True)

    assert find_root(inner) == find_root(root) == find_root(root / "kpis" / "people") == root


def test_a_sparse_clone_without_a_kpis_folder_is_told_as_that(tmp_path: Path) -> None:
    (tmp_path / ".git/info").mkdir(parents=True)
    (tmp_path / ".git/info/sparse-checkout").touch()
    (tmp_path / "docs").mkdir()

    with pytest.raises(UserError, match=r"The clone is sparse\. Get all of it: git sparse-checkout disable$"):
        find_root(tmp_path / "docs")


def test_without_a_kpis_folder_the_message_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UserError) as error:
        find_root(tmp_path)
    assert str(error.value) == (
        f'There is no kpis/ folder in "{tmp_path}" or above it. Run this in the repository, or give --root. kpi init creates a new one.'
    )
