"""`kpi notify`: which issues a missed target or an overdue figure opens or closes."""

import json
from pathlib import Path
from typing import Any

import click

from kpi.cli.context import Context
from kpi.cli.options import command, parse_address
from kpi.model.errors import UserError
from kpi.model.text import counted, quoted
from kpi.pages.issues import requests

_FILE = click.Path(path_type=Path)


@command("notify")
@click.argument("issues", type=_FILE)
@click.argument("breaches", type=_FILE)
@click.argument("overdue", type=_FILE)
@click.option(
    "--files-at",
    type=parse_address,
    required=True,
    metavar="ADDRESS",
    help="Where the web has the repository's files.",
)
@click.option("--label", default="scorecard", show_default=True, help="The label of the issues.")
def command_line(
    context: Context, issues: Path, breaches: Path, overdue: Path, files_at: str, label: str
) -> int:
    """Print the requests to GitHub, one on a line: method, path and JSON, separated by tabs.

    ISSUES is what gh issue list --state all --json number,state,body prints; BREACHES and OVERDUE what kpi breaches and
    kpi list --overdue print with --format json.
    """
    wanted, left = requests(
        _issues(issues),
        _document(breaches, "others", "kpi breaches --format json"),
        _document(overdue, "newest", "kpi list --overdue --format json"),
        files_at,
        label,
    )
    context.tell("".join(f"{request.line}\n" for request in wanted))
    if left:
        context.say(f"{counted(left, 'more issue is', 'more issues are')} left to the next run.")
    return 0


def _issues(path: Path) -> list[dict[str, Any]]:
    issues = _read(path)
    keys = {"number", "state", "body"}
    if not isinstance(issues, list) or not all(
        isinstance(issue, dict) and keys <= issue.keys() for issue in issues
    ):
        raise UserError(f"{quoted(str(path))} is not what gh issue list --json number,state,body prints.")
    return issues


def _document(path: Path, key: str, source: str) -> dict[str, Any]:
    document = _read(path)
    if not isinstance(document, dict) or key not in document:
        raise UserError(f"{quoted(str(path))} is not what this version of {source} prints.")
    return document


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except FileNotFoundError:
        raise UserError(f"There is no file {quoted(str(path))}.") from None
    except OSError as error:
        raise UserError(f"{quoted(str(path))} can't be read: {error.strerror}.") from None
    except ValueError:
        raise UserError(f"{quoted(str(path))} is not JSON.") from None
