"""Real git repositories for tests, whatever the machine's own settings are, and whether this one has its first content."""

import os
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from kpi.store.repository import read_plan

CONTENT = ("West Midlands Police", "Police and Crime Plan")
"""Whose plan the tests in tests/content are about, and what it is called."""

WHO = {
    "GIT_AUTHOR_NAME": "Test",
    "GIT_AUTHOR_EMAIL": "test@example.org",
    "GIT_COMMITTER_NAME": "Test",
    "GIT_COMMITTER_EMAIL": "test@example.org",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_TEMPLATE_DIR": "",  # no examples of hooks, which would be copied for each test
    "GIT_CONFIG_COUNT": "2",
    "GIT_CONFIG_KEY_0": "maintenance.auto",  # it would start a process after each commit
    "GIT_CONFIG_VALUE_0": "false",
    "GIT_CONFIG_KEY_1": "core.fsync",  # no test's repository has to outlive a power cut
    "GIT_CONFIG_VALUE_1": "none",
}


def has_another_plan() -> bool:
    """Whether another plan stands in place of the first content, which has an instance of whatever a page can hold."""
    plan = read_plan(Path(__file__).parent.parent).plan
    return plan is None or (plan.organisation, plan.title) != CONTENT


def git(root: Path, *arguments: str, given: bytes = b"") -> str:
    """Run git in a folder and return what it prints. It must succeed."""
    done = subprocess.run(
        ["git", *arguments], cwd=root, env=os.environ | WHO, input=given, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return done.stdout.decode().strip()


def committed(root: Path, message: str = "A change") -> str:
    """Commit everything in a folder, as a new repository where there is none, and return the commit's hash."""
    if not (root / ".git").exists():
        copied(initialised, root)
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--allow-empty", f"--message={message}")
    head = (root / ".git/HEAD").read_text(encoding="ascii").strip()
    if not head.startswith("ref: "):
        return head
    return (root / ".git" / head.removeprefix("ref: ")).read_text(encoding="ascii").strip()


def initialised(root: Path) -> None:
    """Make a repository without a commit."""
    git(root, "init", "--quiet", "--initial-branch=main")


def packed(root: Path) -> Path:
    """A repository with few files, so that it is quickly copied."""
    git(root, "repack", "-a", "-d", "--quiet")
    git(root, "pack-refs", "--all")
    return root


def copied(make: Callable[[Path], object], root: Path) -> Path:
    """What `make` writes into an empty folder, written into another one. It is made once and then copied: git takes its time."""
    return Path(shutil.copytree(_made(make).name, root, symlinks=True, dirs_exist_ok=True))


@cache
def _made(make: Callable[[Path], object]) -> TemporaryDirectory[str]:
    folder = TemporaryDirectory()
    make(Path(folder.name))
    for place in {path.parent for path in Path(folder.name).rglob("objects")}:
        packed(place)
    return folder
