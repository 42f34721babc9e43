"""The files of a commit in a folder of their own, for what has to read them from a disk."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from kpi.store.paths import KPIS, SCORECARD

_FOLDERS = (KPIS, SCORECARD.partition("/")[0])  # where files of a commit may be written


@contextmanager
def check_out(files: dict[str, bytes]) -> Iterator[Path]:
    """A folder with these files in it, as long as it is needed.

    A name that could lead out of the folder is passed over; the file system keeps one of two names that it takes for the same.
    """
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="kpi-") as folder:
        root = Path(folder)
        (root / KPIS).mkdir()
        for path, data in files.items():
            if _stays_inside(path) and not (root / path).exists():
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_bytes(data)
        yield root


def _stays_inside(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return (
        bool(parts)
        and parts[0].casefold() in _FOLDERS
        and ".." not in parts
        and not (os.name == "nt" and set(path) & set('\\:*?"<>|'))
    )
