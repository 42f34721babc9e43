"""A stand-in for GitHub's issues, and for `gh`, which this file is where it is run: the issues are kept in a file."""

import json
import sys
from pathlib import Path
from typing import Any

ISSUES = "repos/owner/figures/"


def answer(issues: list[dict[str, Any]], method: str, path: str, sent: dict[str, Any]) -> Any:
    """Do what GitHub's interface is asked for."""
    match method, *path.split("/"):
        case ["POST", "issues"]:
            assert sent.keys() == {"title", "body", "labels"}
            issues.append({"number": len(issues) + 1, "state": "OPEN", "comments": [], **sent})
            return issues[-1]
        case ["POST", "issues", number, "comments"]:
            issues[int(number) - 1]["comments"].append(sent["body"])
        case ["PATCH", "issues", number]:
            assert sent.keys() == {"state", "state_reason", "body"}
            issues[int(number) - 1] |= {**sent, "state": sent["state"].upper()}
        case _:
            raise AssertionError(f"GitHub has no {method} {path}")
    return {}


def _main(place: Path, words: list[str]) -> None:
    issues = json.loads(place.read_text(encoding="utf-8"))
    match words:
        case [
            "issue",
            "list",
            "--repo",
            _,
            "--label",
            label,
            "--state",
            "all",
            "--limit",
            _,
            "--json",
            fields,
        ]:
            labelled = [issue for issue in issues if label in issue["labels"]]
            sys.stdout.write(
                json.dumps([{field: item[field] for field in fields.split(",")} for item in labelled])
            )
        case ["api", "--method", method, path, "--input", "-", "--jq", ".labels[]?.name"]:
            assert path.startswith(ISSUES)
            reply = answer(issues, method, path.removeprefix(ISSUES), json.load(sys.stdin))
            if place.with_name("no-labels").exists() and "labels" in reply:
                reply["labels"] = []
            sys.stdout.write("".join(f"{label}\n" for label in reply.get("labels", [])))
            place.write_text(json.dumps(issues), encoding="utf-8")
        case _:
            sys.exit(f"gh knows nothing of {words}")


if __name__ == "__main__":
    _main(Path(sys.argv[1]), sys.argv[2:])
