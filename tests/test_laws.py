"""What must hold of all files: the order of the disk and the surroundings change no byte, and any name or comment is read."""

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any, Self

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kpi.lint.engine import lint
from kpi.lint.reporters import REPORTERS
from kpi.model.errors import UserError
from kpi.model.finding import ignores
from kpi.pages.formats import figures_csv
from kpi.store import git
from repositories import committed
from small import scorecard, written
from trials import trials

# The order of the disk.


@contextmanager
def shuffled(seed: int) -> Iterator[None]:
    """Folders give their entries in another order, as another disk would."""
    really = os.scandir

    class Entries(list[os.DirEntry[str]]):
        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def close(self) -> None:
            pass

        def __next__(self) -> os.DirEntry[str]:
            if not self:
                raise StopIteration
            return self.pop()

    def scandir(path: Any = ".") -> Any:
        with really(path) as actual:
            entries = list(actual)
        random.Random(seed).shuffle(entries)  # noqa: S311 nothing secret
        return Entries(entries)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "scandir", scandir)
        yield


def everything_about(root: Path) -> dict[str, str]:
    """Everything that is told about a repository."""
    report = lint(root, date(2024, 6, 1))
    _, judgement, pages = scorecard(root)
    return {
        **pages,
        **{name: reporter(report) for name, reporter in REPORTERS.items()},
        "csv": figures_csv(judgement),
    }


@pytest.mark.parametrize("seed", range(3))
def test_the_order_in_which_a_disk_gives_files_changes_no_byte(seed: int, tmp_path: Path) -> None:
    root = written(tmp_path)
    usual = everything_about(root)
    with shuffled(seed):
        assert everything_about(root) == usual


# What people name.


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = written(tmp_path_factory.mktemp("repository"))
    committed(root)
    return root


NAMES = [
    "HEAD",
    "main",
    "-",
    "--",
    "@",
    "^",
    "~",
    "{",
    "}",
    ":",
    "/",
    "..",
    "kpis",
    "\n",
    " ",
    "é",
    "\udcff",
    "1",
    "upload-pack=x",
]


@trials(60)
@given(
    st.binary(max_size=12).filter(lambda data: b"\0" not in data).map(os.fsdecode)
    | st.lists(st.sampled_from(NAMES), max_size=5).map("".join)
)
@example("x" * 300_000)
def test_whatever_is_given_for_a_commit_it_is_one_or_refused(repository: Path, name: str) -> None:
    """What a command line can hold: any bytes but a zero."""
    with suppress(UserError):
        assert git.resolve(repository, name) == git.resolve(repository, "HEAD")


@given(
    st.lists(
        st.text(max_size=30)
        | st.sampled_from(["kpi: ignore", "kpi:ignore[a,b] x", "kpi: ignore[[", "KPI: IGNORE[]"]),
        max_size=6,
    )
)
def test_whatever_stands_in_comments_it_hides_something_on_a_line_that_is_there(comments: list[str]) -> None:
    lines = [f"a: 1 # {text}" for text in comments] + ["# last"]
    actual = ignores([(n, 6, f" {text}".lstrip()) for n, text in enumerate(comments, 1)], lines)
    for item in actual:
        assert 1 <= item.line <= item.covers <= len(lines)
        assert all(rule == rule.strip() != "" for rule in item.rules)
