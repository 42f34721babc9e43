"""Chromium without a window: opens a page and gives back what its scripts have made of it."""

import shutil
import subprocess
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "msedge")
OPTIONS = (
    "--headless",
    "--no-sandbox",  # as root, in a container; it opens files of this test only
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--virtual-time-budget=600000",  # milliseconds that scripts may wait; they pass at once
    "--timeout=900000",  # milliseconds; a busy machine needs minutes for all pages
    "--dump-dom",
)


def browser() -> str | None:
    """The program, or None where there is none."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def opened(program: str, page: Path, profile: Path) -> str:
    """The page's HTML once its scripts have run; `profile` is an empty folder for what the browser keeps."""
    done = subprocess.run(
        [program, *OPTIONS, f"--user-data-dir={profile}", page.as_uri()],
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=900,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
