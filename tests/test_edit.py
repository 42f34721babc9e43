"""Writing to files under `kpis/`: whole or not at all, and never over what somebody else wrote meanwhile."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.model.errors import ToolError, UserError
from kpi.store.edit import Edit, applied, compatible, replace_file
from trials import trials

PLACE = "kpis/care/visits.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "kpis/care").mkdir(parents=True)
    (tmp_path / "kpis/plan.yaml").write_bytes(b"title: Plan\n")
    (tmp_path / PLACE).write_bytes(b"old\n")
    return tmp_path


def test_edits_are_made_in_any_order_and_touch_nothing_else() -> None:
    edits = [Edit(4, 5, "FIVE"), Edit(0, 1, ""), Edit(2, 2, "+")]

    assert applied("abcde", edits) == applied("abcde", edits[::-1]) == "b+cdFIVE"


def test_two_edits_of_the_same_characters_are_refused_and_the_first_can_be_kept() -> None:
    edits = [Edit(1, 4, "x"), Edit(0, 2, "y"), Edit(4, 5, "z"), Edit(1, 4, "x")]

    with pytest.raises(ValueError, match="two edits at"):
        applied("abcde", edits)
    assert compatible(edits) == [Edit(1, 4, "x"), Edit(4, 5, "z")]


@trials(600)
@given(st.text(), st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20), st.text(max_size=3))))
def test_compatible_edits_can_always_be_made(text: str, raw: list[tuple[int, int, str]]) -> None:
    size = len(text)
    edits = [Edit(min(a, b, size), min(max(a, b), size), new) for a, b, new in raw]
    kept = compatible(edits)

    assert len(applied(text, kept)) == size + sum(len(item.text) - item.stop + item.start for item in kept)


def test_a_file_is_replaced_and_keeps_its_mode(root: Path) -> None:
    (root / PLACE).chmod(0o640)
    replace_file(root, PLACE, b"old\n", b"new\n")

    assert (root / PLACE).read_bytes() == b"new\n"
    assert stat.S_IMODE((root / PLACE).stat().st_mode) == 0o640
    assert [path.name for path in (root / "kpis/care").iterdir()] == ["visits.yaml"]


def test_a_file_that_changed_meanwhile_is_not_overwritten(root: Path) -> None:
    with pytest.raises(ToolError, match=r"visits.yaml was changed meanwhile. Nothing was written to it"):
        replace_file(root, PLACE, b"older\n", b"new\n")
    assert (root / PLACE).read_bytes() == b"old\n"


def test_what_an_editor_wrote_at_the_last_moment_is_not_overwritten(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Editors know nothing of the lock: this one saves while the new content is being forced to the disk."""
    monkeypatch.setattr(os, "fsync", lambda _: (root / PLACE).write_bytes(b"edited\n"))

    with pytest.raises(ToolError, match=r"visits.yaml was changed meanwhile. Nothing was written to it"):
        replace_file(root, PLACE, b"old\n", b"new\n")
    assert (root / PLACE).read_bytes() == b"edited\n"
    assert [path.name for path in (root / "kpis/care").iterdir()] == ["visits.yaml"]


def test_a_link_is_not_written_through(root: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(b"old\n")
    (root / PLACE).unlink()
    (root / PLACE).symlink_to(elsewhere)

    with pytest.raises(ToolError, match="links are not followed"):
        replace_file(root, PLACE, b"old\n", b"new\n")
    assert elsewhere.read_bytes() == b"old\n"


def test_a_file_that_is_gone_is_said_to_be_gone(root: Path) -> None:
    (root / PLACE).unlink()

    with pytest.raises(ToolError, match="is not there"):
        replace_file(root, PLACE, b"old\n", b"new\n")


@pytest.mark.parametrize("call", ["fsync", "rename"])
def test_trouble_on_the_way_leaves_the_file_as_it_was_and_nothing_beside_it(
    call: str, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, call, fails)
    monkeypatch.setattr(os, "replace", fails)
    with pytest.raises(ToolError, match=r"can't be written: No space left on device. It is as it was"):
        replace_file(root, PLACE, b"old\n", b"new\n")

    assert (root / PLACE).read_bytes() == b"old\n"
    assert [path.name for path in (root / "kpis/care").iterdir()] == ["visits.yaml"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such limits")
def test_a_disk_without_room_leaves_the_file_as_it_was(root: Path) -> None:
    """A real limit on the size of files stands for the full disk."""
    call = (
        "import resource, sys; from pathlib import Path; from kpi.store.edit import replace_file\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        f"replace_file(Path(sys.argv[1]), {PLACE!r}, b'old\\n', b'x' * 5000)"
    )
    path = os.pathsep.join(sys.path)
    done = subprocess.run(
        [sys.executable, "-c", call, root],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (
        "ToolError: kpis/care/visits.yaml can't be written: File too large. It is as it was." in done.stderr
    )
    assert (root / PLACE).read_bytes() == b"old\n"
    assert [item.name for item in (root / "kpis/care").iterdir()] == ["visits.yaml"]


def test_what_an_interrupted_run_left_beside_a_file_is_swept_away(root: Path) -> None:
    (root / "kpis/care/.visits.yaml.abc.tmp").write_bytes(b"half")
    (root / "kpis/care/.other.yaml.abc.tmp").write_bytes(b"half")
    (root / "kpis/care/.notes.tmp").write_bytes(b"somebody's own")
    replace_file(root, PLACE, b"old\n", b"new\n")

    assert sorted(path.name for path in (root / "kpis/care").iterdir()) == [".notes.tmp", "visits.yaml"]


ADDER = """
import sys
from pathlib import Path
from kpi.model.errors import ToolError, UserError
from kpi.store.edit import replace_file
root, mark = Path(sys.argv[1]), sys.argv[2]
done = 0
while done < 40:
    path = ("kpis/care/visits.yaml", "kpis/plan.yaml")[done % 2]
    before = (root / path).read_bytes()
    try:
        replace_file(root, path, before, before + f"{mark}{done}\\n".encode())
    except ToolError:
        continue
    done += 1
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such locks")
def test_writers_at_once_lose_nothing(root: Path) -> None:
    path = os.pathsep.join(sys.path)
    writers = [
        subprocess.Popen([sys.executable, "-c", ADDER, root, mark], env={**os.environ, "PYTHONPATH": path})
        for mark in "abc"
    ]

    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    lines = [
        line
        for path in (PLACE, "kpis/plan.yaml")
        for line in (root / path).read_text(encoding="utf-8").splitlines()
    ]
    assert sorted(lines) == sorted(
        ["old", "title: Plan", *(f"{mark}{n}" for mark in "abc" for n in range(40))]
    )


# New files.


def test_a_new_file_is_written_with_its_folder(root: Path) -> None:
    replace_file(root, "kpis/health/wait.yaml", None, b"new\n")

    assert (root / "kpis/health/wait.yaml").read_bytes() == b"new\n"
    assert [path.name for path in (root / "kpis/health").iterdir()] == ["wait.yaml"]


def test_what_is_there_is_not_written_over(root: Path) -> None:
    (root / "kpis/care/link.yaml").symlink_to("nowhere")

    for path in (PLACE, "kpis/care/link.yaml"):
        with pytest.raises(UserError, match=r"is there already. Nothing was written to it"):
            replace_file(root, path, None, b"new\n")
    assert (root / PLACE).read_bytes() == b"old\n"
    assert not (root / "kpis/care/nowhere").exists()


def test_a_folder_that_is_a_link_is_not_written_into(root: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (root / "kpis/health").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(ToolError, match=r"health is a link, and links are not followed. Nothing was written"):
        replace_file(root, "kpis/health/wait.yaml", None, b"new\n")
    assert list((tmp_path / "elsewhere").iterdir()) == []

    (tmp_path / "elsewhere/wait.yaml").write_bytes(b"old\n")
    with pytest.raises(ToolError, match=r"health is a link, and links are not followed. Nothing was written"):
        replace_file(root, "kpis/health/wait.yaml", b"old\n", b"new\n")
    assert (tmp_path / "elsewhere/wait.yaml").read_bytes() == b"old\n"


def test_a_new_file_that_can_not_be_finished_leaves_nothing(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(ToolError, match=r"kpis/care/new.yaml can't be written: No space left on device"):
        replace_file(root, "kpis/care/new.yaml", None, b"new\n")
    assert [path.name for path in (root / "kpis/care").iterdir()] == ["visits.yaml"]
