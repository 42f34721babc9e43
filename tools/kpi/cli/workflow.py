"""What a workflow on GitHub tells its steps by the environment: where links lead, where the summary goes, what was pushed."""

import json
import os
import re
from contextlib import suppress
from pathlib import Path

from kpi.lint.reporters import Links, Workflow
from kpi.store.paths import holds_manual

_SERVER = re.compile(r"https://[\w.-]+(?::[0-9]+)?\Z")
_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+\Z")


def in_workflow() -> bool:
    """Whether this is a step of a workflow on GitHub."""
    return os.environ.get("GITHUB_ACTIONS") == "true"


def step_summary() -> Path | None:
    """The file whose Markdown is shown on the page of the run."""
    named = os.environ.get("GITHUB_STEP_SUMMARY")
    return Path(named) if named else None


def pause() -> str:
    """A random word. The runner executes no command between its two occurrences."""
    from secrets import token_hex

    return token_hex(16)


def this_workflow(root: Path) -> Workflow:
    """The context of a report: link targets and a fresh stop-commands token."""
    folder = ""
    with suppress(ValueError):  # not below the workspace: then paths start at the root
        place = root.resolve().relative_to(Path(os.environ.get("GITHUB_WORKSPACE") or root).resolve())
        folder = "" if place == Path() else f"{place.as_posix()}/"
    return Workflow(_links(), folder, pause(), holds_manual(root))


def _links() -> Links | None:
    """Where links lead; None outside a workflow."""
    known = os.environ.get
    server, repository = known("GITHUB_SERVER_URL", ""), known("GITHUB_REPOSITORY", "")
    sha = known("GITHUB_SHA", "")
    if not (in_workflow() and sha and _SERVER.match(server) and _REPOSITORY.match(repository)):
        return None
    branch = known("GITHUB_HEAD_REF") or (
        known("GITHUB_REF_NAME", "") * (known("GITHUB_REF_TYPE") == "branch")
    )
    return Links(server, repository, sha, branch, _fork())


def _fork() -> str:
    """The repository that a pull request comes from, by the event; empty if there is none."""
    try:
        event = json.loads(Path(os.environ.get("GITHUB_EVENT_PATH", "")).read_bytes())
        name = event["pull_request"]["head"]["repo"]["full_name"]
    except (OSError, ValueError, LookupError, TypeError):
        return ""  # no pull request, or its repository is gone
    return name if isinstance(name, str) and _REPOSITORY.match(name) else ""
