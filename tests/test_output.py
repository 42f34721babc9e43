"""What is generated is written whole or not at all, touches nothing that is the same, and never leaves its folder."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from kpi.model.errors import ToolError
from kpi.store.output import MANIFEST, stale, write, write_file

PAGES = {"README.md": "# Front\n", "violence.md": "# Violence – é 🔴\n", "kpis/homicide.md": "# Homicide\n"}

on_unix = pytest.mark.skipif(os.name == "nt", reason="links and permissions are another thing on Windows")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "docs" / "scorecard"


def there(folder: Path) -> dict[str, str]:
    """Every file under a folder, hidden ones too."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes().decode()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_pages_are_written_with_their_manifest(tmp_path: Path, folder: Path) -> None:
    written = write(tmp_path, PAGES)

    assert there(folder) == {**PAGES, MANIFEST: "README.md\nkpis/homicide.md\nviolence.md\n"}
    assert written == (["README.md", "kpis/homicide.md", "violence.md"], [])
    assert stale(tmp_path, PAGES) == []


def test_unchanged_pages_are_left_untouched(tmp_path: Path, folder: Path) -> None:
    write(tmp_path, PAGES)
    for path in folder.rglob("*.*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    written = write(tmp_path, PAGES | {"violence.md": "# Changed\n"})

    assert written == (["violence.md"], [])
    times = {path.relative_to(folder).as_posix(): path.stat().st_mtime for path in folder.rglob("*.*")}
    assert {name for name, time in times.items() if time != 1_000_000_000} == {"violence.md"}


def test_pages_that_are_no_more_are_removed_and_nothing_else_is(tmp_path: Path, folder: Path) -> None:
    write(tmp_path, PAGES)
    (folder / "notes.md").write_text("by hand", encoding="utf-8")
    (folder / "kpis" / "by-hand.md").write_text("by hand", encoding="utf-8")
    _, removed = write(tmp_path, {"README.md": "# Front\n"})

    assert removed == ["kpis/homicide.md", "violence.md"]
    assert there(folder) == {
        "README.md": "# Front\n",
        MANIFEST: "README.md\n",
        "notes.md": "by hand",
        "kpis/by-hand.md": "by hand",
    }


@pytest.mark.parametrize(
    "line",
    ["../outside.md", "kpis/../../outside.md", "/etc/passwd", "..\\outside.md", "kpis", "kpis/", ".", "", "\0", "a\x00.md", "outside.md/../../x.md",
     "../../kpis/plan.yaml", "README.md\x85../outside.md"],
    ids=ascii,
)  # fmt: skip
def test_a_manifest_cannot_have_anything_removed_outside(line: str, tmp_path: Path, folder: Path) -> None:
    write(tmp_path, PAGES)
    (folder.parent / "outside.md").write_text("precious", encoding="utf-8")
    (folder / MANIFEST).write_text(f"{line}\nviolence.md\n", encoding="utf-8")

    _, removed = write(tmp_path, {"README.md": "# Front\n"})

    assert removed == ["violence.md"]
    assert (folder.parent / "outside.md").read_text(encoding="utf-8") == "precious"
    assert there(folder).keys() == {"README.md", MANIFEST, "kpis/homicide.md"}


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"\n\n\n", b"violence.md", b"violence.md\r\n"])
def test_a_damaged_manifest_is_written_anew(content: bytes, tmp_path: Path, folder: Path) -> None:
    write(tmp_path, PAGES)
    (folder / MANIFEST).write_bytes(content)

    assert stale(tmp_path, PAGES) == [(MANIFEST, "is not current")]
    write(tmp_path, PAGES)
    assert stale(tmp_path, PAGES) == []


def test_stale_names_every_page_with_the_reason(tmp_path: Path, folder: Path) -> None:
    write(tmp_path, PAGES | {"old.md": "# Old\n"})
    (folder / "README.md").write_text("# Edited by hand\n", encoding="utf-8")
    (folder / "kpis" / "homicide.md").unlink()

    assert stale(tmp_path, PAGES) == [
        ("README.md", "is not what the figures say"),
        ("kpis/homicide.md", "is missing"),
        (MANIFEST, "is not current"),
        ("old.md", "is no longer part of the scorecard"),
    ]


def test_other_line_ends_are_another_page(tmp_path: Path, folder: Path) -> None:
    write(tmp_path, PAGES)
    (folder / "README.md").write_bytes(b"# Front\r\n")

    assert stale(tmp_path, PAGES) == [("README.md", "is not what the figures say")]


def test_what_was_interrupted_half_way_is_recognised_and_mended(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, PAGES)
    newer = {name: f"{text}\nmore\n" for name, text in PAGES.items()} | {"new.md": "# New\n"}
    replace = Path.replace
    done: list[Path] = []

    def interrupted(path: Path, target: Path) -> Path:
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(path)
        return replace(path, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", interrupted)
        with pytest.raises(KeyboardInterrupt):
            write(tmp_path, newer)

    assert [why for _, why in stale(tmp_path, newer)].count("is not what the figures say") == 1
    assert (MANIFEST, "is not current") in stale(tmp_path, newer)
    assert not [name for name in there(folder) if name.endswith(".tmp")]
    write(tmp_path, newer)
    assert stale(tmp_path, newer) == []


def test_what_a_killed_run_left_half_written_is_cleared_away(tmp_path: Path, folder: Path) -> None:
    write(tmp_path, PAGES)
    for name in (".README.md.x1y2.tmp", "kpis/.homicide.md.abc.tmp"):
        (folder / name).write_text("half", encoding="utf-8")
    write(tmp_path, PAGES)

    assert there(folder).keys() == {*PAGES, MANIFEST}


@on_unix
def test_a_page_that_is_a_link_is_replaced_and_not_followed(tmp_path: Path, folder: Path) -> None:
    write(tmp_path, PAGES)
    outside = tmp_path / "outside.md"
    for content in ("precious", PAGES["violence.md"]):
        outside.write_text(content, encoding="utf-8")
        (folder / "violence.md").unlink()
        (folder / "violence.md").symlink_to(outside)
        assert stale(tmp_path, PAGES) == [("violence.md", "is missing")]
        write(tmp_path, PAGES)
        assert not (folder / "violence.md").is_symlink()
        assert outside.read_text(encoding="utf-8") == content
    assert there(folder)["violence.md"] == PAGES["violence.md"]


@on_unix
def test_a_linked_manifest_is_replaced_and_not_followed(tmp_path: Path, folder: Path) -> None:
    write(tmp_path, PAGES)
    outside = tmp_path / "outside.txt"
    outside.write_text("violence.md\n", encoding="utf-8")
    (folder / MANIFEST).unlink()
    (folder / MANIFEST).symlink_to(outside)

    _, removed = write(tmp_path, {"README.md": "# Front\n"})

    assert removed == []
    assert outside.read_text(encoding="utf-8") == "violence.md\n"
    assert not (folder / MANIFEST).is_symlink()


@on_unix
@pytest.mark.parametrize("place", ["docs", "docs/scorecard", "docs/scorecard/kpis"])
def test_a_linked_folder_on_the_way_stops_everything(place: str, tmp_path: Path) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    (outside / "scorecard" / "kpis").mkdir(parents=True)
    (outside / "homicide.md").write_text("precious", encoding="utf-8")
    (root / place).parent.mkdir(parents=True)
    (root / place).symlink_to(outside)
    before = there(tmp_path)

    with pytest.raises(ToolError) as error:
        write(root, PAGES)
    assert str(error.value) == f"{place} is a link, and links are not followed. Nothing was written."
    assert there(tmp_path) == before


@on_unix
def test_a_linked_folder_cannot_have_a_listed_page_removed_behind_it(tmp_path: Path) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    outside.mkdir()
    (outside / "homicide.md").write_text("precious", encoding="utf-8")
    write(root, {"README.md": "# Front\n"})
    (root / "docs/scorecard/kpis").symlink_to(outside)
    (root / "docs/scorecard" / MANIFEST).write_text("kpis/homicide.md\n", encoding="utf-8")

    with pytest.raises(ToolError):
        write(root, {"README.md": "# Front\n"})
    assert (outside / "homicide.md").read_text(encoding="utf-8") == "precious"


def in_the_way_of_a_page(folder: Path) -> None:
    (folder / "violence.md").mkdir(parents=True)
    (folder / "violence.md" / "x").touch()


def in_the_way_of_a_folder(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "kpis").touch()


@pytest.mark.parametrize("block", [in_the_way_of_a_page, in_the_way_of_a_folder])
def test_what_cannot_be_written_is_one_sentence(
    block: Callable[[Path], None], tmp_path: Path, folder: Path
) -> None:
    block(folder)
    assert ("violence.md", "is missing") in stale(tmp_path, PAGES)

    with pytest.raises(ToolError, match=r"can't be written: .*of 3 pages were written before that") as raised:
        write(tmp_path, PAGES)
    assert ".tmp" not in str(raised.value)
    assert not [name for name in there(folder) if name.endswith(".tmp")]


def test_a_page_is_read_by_everyone(tmp_path: Path, folder: Path) -> None:
    write(tmp_path, PAGES)

    if os.name != "nt":
        assert (folder / "README.md").stat().st_mode & 0o777 == 0o644


def test_a_single_file_is_written_whole_in_a_new_folder_too(tmp_path: Path) -> None:
    write_file(tmp_path / "new" / "figures.csv", "a,é\n")

    assert (tmp_path / "new" / "figures.csv").read_bytes() == "a,é\n".encode()
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["figures.csv"]


def test_a_single_file_that_cannot_be_written_stays_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old", encoding="utf-8")

    with pytest.raises(ToolError, match=r"can't be written: .*\. It is as it was\.$"):
        write_file(tmp_path / "a" / "b.csv", "new")
    assert there(tmp_path) == {"a": "old"}


@on_unix
def test_what_is_no_ordinary_file_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_file(pipe, "a,b\n")
        assert os.read(reading, 100) == b"a,b\n"
    finally:
        os.close(reading)

    assert pipe.is_fifo()
