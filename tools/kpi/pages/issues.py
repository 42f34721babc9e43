"""What an issue tracker has to be asked for so that somebody knows of a missed target, and of a figure that is overdue.

An issue of ours begins with a hidden line: what it is about, of which measure, and since which period. When it is closed here, that
line goes; one that a person has closed keeps it, and is not opened again for the same miss.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from kpi.judge.state import ELSEWHERE, GIVEN_UP, IS_MET, NO_TARGET
from kpi.model.text import display
from kpi.pages import links
from kpi.pages.markdown import fenced, inline, link, page

MOST = 30  # so many issues are opened at once, so that a first run floods nobody
NOT_MET, OVERDUE = "not-met", "overdue"
_MARK = re.compile(r"<!-- kpi: (not-met|overdue) ([a-z0-9/-]+) (.*?) -->")
_LONGEST = 120  # characters of a title, of which a mention counts twice; GitHub takes 256
_ASIDE = {NO_TARGET, ELSEWHERE, GIVEN_UP}  # no figure will meet the target any more

_COMMENTARY = """\
**Please say why, and what is being done.** In the file, add these lines at the end, with the date of today, and go on behind the \
colon. Where the file has a commentary already, add the second line alone, below the last one."""
_CLOSES = "This issue is closed by itself when a figure meets the target. Nothing is added here until then."
_ADD = """\
Add it to the file, below the last one. If there will be none, say so there: `{marks: [not-available]}`."""
_GONE = "This measure is no longer in the files under this name. That says nothing about its target."
_NOT_JUDGED = "No target of this measure is judged here any longer. That says nothing about the earlier one."
_COMES = "This issue is closed by itself when the figure is there."


_Json = Mapping[str, Any]


class Request(NamedTuple):
    """What GitHub's interface is asked for: a method, a path below the repository, and what is sent."""

    method: str
    path: str
    body: Mapping[str, Any]


class _Issue(NamedTuple):
    number: int
    is_open: bool
    body: str
    about: str
    address: str
    since: str


def requests(
    issues: Sequence[_Json], breaches: _Json, overdue: _Json, files_at: str, label: str
) -> tuple[list[Request], int]:
    """What to ask for, and how many issues more are left to the next time.

    `issues` are those with our label, as `gh issue list --json number,state,body` has them; `breaches` and `overdue` are what
    `kpi breaches` and `kpi list --overdue` say as JSON; `files_at` is the address before the path of a file of the repository.
    """
    bodies = ((issue, issue["body"] or "") for issue in issues)
    marked = ((issue, body, mark) for issue, body in bodies if (mark := _MARK.match(body)))
    ours = [
        _Issue(each["number"], each["state"] == "OPEN", body, *mark.groups()) for each, body, mark in marked
    ]
    known = {(issue.about, issue.address, issue.since) for issue in ours}
    still = {(issue.about, issue.address) for issue in ours if issue.is_open}
    closing, opening = list(_closing(ours, breaches, overdue)), []
    for row in _by_address(breaches["breaches"]).values():
        key = NOT_MET, _address(row), str(row["since"] or row["period"])
        if key not in known and key[:2] not in still:
            since = f" Not met since {row['since']}." if row["since"] else ""
            words = inline(f"{row['figure'] or 'Without a figure'}; target: {row['target']}.{since}")
            asking = (_COMMENTARY, fenced(f"commentary:\n  {breaches['as_of']}: "), _CLOSES)
            opening.append(_opened(key, row, "Target not met", (words, *asking), files_at))
    for row in overdue["overdue"]:
        key = OVERDUE, _address(row), row["next_end"]
        if key not in known:
            words = f"the figure of the period to {row['next_end']} was due on {row['due']}."
            title = f"Figure to {row['next_end']} overdue"
            opening.append(_opened(key, row, title, (words, _ADD, _COMES), files_at))
    posts = [Request("POST", "issues", {**body, "labels": [label]}) for body in opening[:MOST]]
    return [*closing, *posts], max(0, len(opening) - MOST)


def _by_address(rows: Sequence[_Json]) -> dict[str, _Json]:
    """The rows by measure: where several KPIs show one, the row of the KPI whose file has it."""
    by_address = {_address(row): row for row in rows}
    return by_address | {_address(row): row for row in rows if row["kpi"] == row["home"]}


def _address(row: _Json) -> str:
    return f"{row.get('home', row['kpi'])}/{row['measure']}"


def _opened(
    key: Sequence[str], row: _Json, title: str, words: Sequence[str], files_at: str
) -> dict[str, str]:
    """An issue: what has happened, and what to do about it. Page and file are where the row's KPI has them."""
    happened, *asking = words
    kpi = row.get("home", row["kpi"])
    page_at = f"{files_at}/{links.FOLDER}/{links.kpi_page(kpi)}"
    file_at = f"{files_at}/{links.kpi_source(row['priority'], kpi)}"
    titles = dict.fromkeys((row["kpi_title"], row["measure_title"]))
    names = ": ".join(filter(None, (row.get("code"), *titles)))
    blocks = [
        f"<!-- kpi: {' '.join(key)} -->",
        f"**{inline(names)}**: {happened}",
        inline(f"Owner: {row['owner_name'] or row['owner'] or 'nobody is named'}"),
        f"{link('Its page', page_at)} · {link('Its file', file_at)}",
        *asking,
    ]
    # A mention in a title would reach nobody, but looks as if it did.
    shown = display(" ".join(f"{title}: {names}".split()), _LONGEST).replace("@", "@\u200b")
    return {"title": shown, "body": page(blocks)}


def _closing(ours: Sequence[_Issue], breaches: _Json, overdue: _Json) -> Iterator[Request]:
    """Close what is met again or has come, with the figure, and what no figure can end any more, without saying that it did."""
    listed = [row for name in ("breaches", "near", "part_of_the_way", "recovered") for row in breaches[name]]
    judged = {_address(row): row for row in breaches["others"]}
    judged |= {at: {**row, "state": row["judgement"]["state"]} for at, row in _by_address(listed).items()}
    late = {(_address(row), row["next_end"]) for row in overdue["overdue"]}
    newest = {_address(row): row for row in overdue["newest"]}
    for issue in sorted(ours, key=lambda issue: issue.about):
        row, figure, words, reason = judged.get(issue.address), newest.get(issue.address), "", "not_planned"
        if issue.about == OVERDUE and (issue.address, issue.since) not in late:
            words = "This figure is no longer expected. It has not come."
            if figure is not None and (figure["end"] or "") >= issue.since:
                words, reason = f"The newest figure is {figure['figure']}.", "completed"
        elif issue.about == NOT_MET and (row is None or row["state"] in _ASIDE):
            words = _NOT_JUDGED if row else _GONE
        elif issue.about == NOT_MET and row and row["state"] in IS_MET:
            words, reason = f"Met again: {row['figure']}; target: {row['target']}.", "completed"
        if issue.is_open and words:
            path, body = f"issues/{issue.number}", _MARK.sub("<!-- kpi: closed -->", issue.body, count=1)
            yield Request("POST", f"{path}/comments", {"body": inline(words)})
            yield Request("PATCH", path, {"state": "closed", "state_reason": reason, "body": body})
