"""What goes out beside the pages: the source of a website of them, an Atom feed of what is not met, and issues about it.

Zensical turns Markdown into HTML by other rules than GitHub's: it knows fewer escapes, wants folded parts marked, and calls the
first page of a folder `index.md`.
"""

import json
import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from html import escape
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID, uuid5
from xml.etree import ElementTree as ET

from kpi.judge.breach import RECOVERED
from kpi.judge.judgement import Judgement
from kpi.judge.state import ELSEWHERE, GIVEN_UP, IS_MET, NO_TARGET
from kpi.judge.target import Verdict, judge_at
from kpi.model.kpi import Observation
from kpi.model.text import display
from kpi.pages import links
from kpi.pages.figure_words import dated, when
from kpi.pages.front import headline
from kpi.pages.lists import off_target
from kpi.pages.markdown import fenced, heading, inline, link, page, relinked, shown
from kpi.pages.standing import ShownMeasure, list_name
from kpi.pages.target_words import target_words

# The source of a website

SETTINGS = "zensical.toml"
BESIDE = "docs/site"
"""The folder of the statement and what is added to Zensical's style; a priority's page may have any name."""

_DOCS, _FEED, _INDEX = "docs", "feed.xml", "index.md"
_ESCAPED = re.compile(r"\\([^\w\s])")
_LONG_NUMBER = re.compile(r"^((?:- )?[0-9]{10,})\.", re.MULTILINE)  # For GitHub no number of a list
_BLANK = re.compile(r"\[\[(name|address|nav)\]\]")
_NavItem: TypeAlias = (
    "str | dict[str, _NavItem] | list[_NavItem]"  # a page, or a title with one, or with several
)
_MAIN = """\
{{% extends "base.html" %}}
{{% block htmltitle %}}<title>{{{{ page.title | striptags | escape }}}} - {{{{ config.site_name }}}}</title>{{% endblock %}}
{{% block extrahead %}}
{feeds}
{{% endblock %}}
"""


class Scorecard(NamedTuple):
    """One organisation's scorecard."""

    judgement: Judgement
    pages: Mapping[str, str]  # by their path under `docs/scorecard/`
    # the text of the figures' files, by their path from the root; empty where the web shows them elsewhere
    files: Mapping[str, str]
    files_at: str  # the address that comes before such a path; empty where the files are copied


def website(scorecards: Mapping[str, Scorecard], address: str, settings: str) -> dict[str, str]:
    """Every file for Zensical by its path, but for those in `BESIDE`; `settings` have blanks to fill in."""
    files, name = {}, "Scorecards"
    if len(scorecards) > 1:
        blocks = [heading(1, name)]
        for folder, (judgement, *_) in scorecards.items():
            way = link(judgement.plan.scorecard_title, f"{folder}{_INDEX}")
            blocks += [heading(2, judgement.plan.organisation), way, inline(headline(judgement))]
        files[f"{_DOCS}/{_INDEX}"] = _for_zensical(page(blocks))
    feeds = []
    for folder, scorecard in scorecards.items():
        name = name if len(scorecards) > 1 else scorecard.judgement.plan.scorecard_title
        files |= {f"{_DOCS}/{folder}{path}": text for path, text in _pages(scorecard)}
        files[f"{_DOCS}/{folder}{_FEED}"] = feed(scorecard.judgement, f"{address}{folder}" if address else "")
        href = f"{{{{ '{folder}{_FEED}' | url }}}}"
        feeds.append(f'<link rel="alternate" type="application/atom+xml" href="{href}">')
    files["overrides/main.html"] = _MAIN.format(feeds="\n".join(feeds))
    site_url = f"site_url = {_toml(address)}" if address else ""
    title, nav = _toml(name.replace("<", "&lt;")), _toml(_navigation(scorecards))
    blanks = {"name": title, "address": site_url, "nav": nav}
    files[SETTINGS] = _BLANK.sub(lambda blank: blanks[blank[1]], settings)
    return files


def _pages(scorecard: Scorecard) -> Iterator[tuple[str, str]]:
    """The pages by their place on the site, where the front page and those of priorities begin folders."""
    priorities = scorecard.judgement.plan.priorities
    paths = {links.FRONT: _INDEX} | {links.priority_page(at.id): f"{at.id}/{_INDEX}" for at in priorities}
    for name, text in scorecard.pages.items():
        if not name.endswith(".md"):
            yield name, text
            continue
        lead = partial(_target_on_site, here=name, paths=paths, files_at=scorecard.files_at)
        way = f"\n[Feed of what is not met, and met again]({_FEED})\n" if name == links.FRONT else ""
        yield paths.get(name, name), _for_zensical(relinked(text, lead) + way)
    yield from scorecard.files.items()


def _target_on_site(target: str, *, here: str, paths: Mapping[str, str], files_at: str) -> str:
    """A link's target on the site: a page, or a file of figures where the web shows it or it is copied to."""
    if "://" in target or target.startswith("#"):
        return target
    path, sign, anchor = target.partition("#")
    there = posixpath.normpath(posixpath.join(links.FOLDER, posixpath.dirname(here), path))
    inside = posixpath.relpath(there, links.FOLDER)
    if inside.startswith("../"):
        if files_at:
            return f"{files_at}/{there}"
        inside = there
    folder = posixpath.dirname(paths.get(here, here)) or "."
    return f"{posixpath.relpath(paths.get(inside, inside), folder)}{sign}{anchor}"


def _for_zensical(markdown: str) -> str:
    """Markdown of ours with escaped characters as entities, which mean nothing in any Markdown."""
    escaped = _ESCAPED.sub(lambda character: f"&#{ord(character[1])};", markdown)
    return _LONG_NUMBER.sub(r"\1&#46;", escaped).replace("<details>", '<details markdown="1">')


def _navigation(scorecards: Mapping[str, Scorecard]) -> list[_NavItem]:
    """What the menu has, with the pages of several scorecards each under its title."""
    entries: list[_NavItem] = [_INDEX] if len(scorecards) > 1 else []
    for folder, (judgement, *_) in scorecards.items():
        own: list[_NavItem] = [f"{folder}{_INDEX}"]
        for priority in judgement.plan.priorities:
            pages: list[_NavItem] = [f"{folder}{priority.id}/{_INDEX}"]
            kpis = (judged.kpi for judged in judgement.of(dict.fromkeys(priority.kpis)))
            pages += ({kpi.full_title: f"{folder}{links.kpi_page(kpi.id)}"} for kpi in kpis)
            own.append({priority.title: pages})
        own.append({"Not met: since when, who answers": f"{folder}{links.BREACHES}"})
        own += (f"{folder}{name}" for name in (links.CHANGES, links.ABOUT))
        entries += [{judgement.plan.scorecard_title: own}] if len(scorecards) > 1 else own
    return [*entries, {"Accessibility": "site/accessibility.md"}]


def _toml(value: _NavItem) -> str:
    """Texts, lists and tables on one line; a string of JSON is one of TOML. Zensical takes titles for HTML."""
    if isinstance(value, dict):
        pairs = ((_toml(escape(key, quote=False)), _toml(entry)) for key, entry in value.items())
        return f"{{{', '.join(map(' = '.join, pairs))}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(shown(value), ensure_ascii=False)


# The feed

_OURS = UUID("2f6b6d0e-4a3c-5f0b-9d55-3c1f6a0a7e23")  # ids come from it, and from what they are about
_News = tuple[ShownMeasure, Observation, Verdict, str]


def feed(judgement: Judgement, address: str) -> str:
    """The feed as XML, the newest first. An entry comes from the figure with which a miss began or ended."""
    plan, off = judgement.plan, off_target(judgement)
    news: list[_News] = []
    for row in (*off.missed, *off.recovered):
        breach, deciding = row.measure.breach, row.measure.deciding
        if breach is not None and deciding is not None and deciding.observation is not None:
            then = judge_at(row.measure.measure, breach.since, plan.status.tolerance)
            news.append((row, breach.since, then or deciding, "not met"))
            news += [(row, deciding.observation, deciding, "met again")] if breach.state == RECOVERED else []
    news.sort(key=lambda piece: piece[1].period.end, reverse=True)
    newest = max((figure.period.end for _, figure, *_ in news), default=judgement.day)
    root = ET.Element("feed", xmlns="http://www.w3.org/2005/Atom")
    _add(root, "id", f"urn:uuid:{uuid5(_OURS, plan.organisation)}")
    _add(root, "title", f"{plan.scorecard_title}: targets not met, and met again")
    _add(root, "updated", f"{newest}T00:00:00Z")
    _add(_add(root, "author"), "name", plan.organisation)
    if address:
        _add(root, "link", rel="self", href=f"{address}{_FEED}")
    _add(root, "link", rel="alternate", type="text/html", href=address or "./")
    for row, figure, verdict, event in news:
        entry, measure = _add(root, "entry"), row.measure.measure
        start, end = figure.period.interval
        about = f"{plan.organisation} {row.measure.address} {event} {start} {end}"
        _add(entry, "id", f"urn:uuid:{uuid5(_OURS, about)}")
        _add(entry, "title", f"{list_name(row)}: {event}, {when(figure.period, measure)}")
        _add(entry, "updated", f"{figure.period.end}T00:00:00Z")
        page_path = links.kpi_page(row.kpi.kpi.id).removesuffix(".md")
        _add(entry, "link", rel="alternate", type="text/html", href=f"{address}{page_path}/")
        words = f"{dated(figure, measure)}; target: {target_words(verdict.target, measure, verdict)}."
        _add(entry, "content", words, type="text")
    ET.indent(root)
    return f"{ET.tostring(root, encoding='unicode')}\n"


def _add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, name, attributes)
    element.text = shown(text) or None
    return element


# The issues

MOST = 30  # so many issues are opened at once, so that a first run floods nobody
NOT_MET, OVERDUE = "not-met", "overdue"
# An issue of ours begins with a hidden line: what it is about, of which measure, and since which period. When it is closed here,
# that line goes; one that a person has closed keeps it, and is not opened again for the same miss.
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
_Key = tuple[str | Any, ...]  # what an issue is about, the measure's address, and since when


Request = tuple[str, str, _Json]
"""What GitHub's interface is asked for: a method, a path below the repository, and what is sent."""


def requests(
    issues: Sequence[_Json], breaches: _Json, overdue: _Json, files_at: str, label: str
) -> tuple[list[Request], int]:
    """What to ask for, and how many issues more are left to the next time.

    `issues` are those with our label, as `gh issue list --json number,state,body` has them; `breaches` and `overdue` are what
    `kpi breaches` and `kpi list --overdue` say as JSON; `files_at` is the address before the path of a file of the repository.
    """
    marks = ((issue, _MARK.match(issue["body"] or "")) for issue in issues)
    ours = [(issue, mark.groups()) for issue, mark in marks if mark]
    known = {key for _, key in ours}
    still = {key[:2] for issue, key in ours if issue["state"] == "OPEN"}
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
    posts: list[Request] = [("POST", "issues", {**body, "labels": [label]}) for body in opening[:MOST]]
    return [*closing, *posts], max(0, len(opening) - MOST)


def _by_address(rows: Sequence[_Json]) -> dict[str, _Json]:
    """The rows by measure: where several KPIs show one, the row of the KPI whose file has it."""
    by_address = {_address(row): row for row in rows}
    return by_address | {_address(row): row for row in rows if row["kpi"] == row["home"]}


def _address(row: _Json) -> str:
    return f"{row.get('home', row['kpi'])}/{row['measure']}"


def _opened(key: Sequence[str], row: _Json, title: str, words: Sequence[str], files_at: str) -> _Json:
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


def _closing(ours: Sequence[tuple[_Json, _Key]], breaches: _Json, overdue: _Json) -> Iterator[Request]:
    """Close what is met again or has come, with the figure, and what no figure can end any more."""
    listed = [row for name in ("breaches", "near", "part_of_the_way", "recovered") for row in breaches[name]]
    judged = {_address(row): row for row in breaches["others"]}
    judged |= {at: {**row, "state": row["judgement"]["state"]} for at, row in _by_address(listed).items()}
    late = {(_address(row), row["next_end"]) for row in overdue["overdue"]}
    newest = {_address(row): row for row in overdue["newest"]}
    for issue, (about, address, since) in sorted(ours, key=lambda each: each[1][0]):
        row, figure, words, reason = judged.get(address), newest.get(address), "", "not_planned"
        if about == OVERDUE and (address, since) not in late:
            words = "This figure is no longer expected. It has not come."
            if figure is not None and (figure["end"] or "") >= since:
                words, reason = f"The newest figure is {figure['figure']}.", "completed"
        elif about == NOT_MET and (row is None or row["state"] in _ASIDE):
            words = _NOT_JUDGED if row else _GONE
        elif about == NOT_MET and row and row["state"] in IS_MET:
            words, reason = f"Met again: {row['figure']}; target: {row['target']}.", "completed"
        if issue["state"] == "OPEN" and words:
            path = f"issues/{issue['number']}"
            body = _MARK.sub("<!-- kpi: closed -->", issue["body"], count=1)
            yield "POST", f"{path}/comments", {"body": inline(words)}
            yield "PATCH", path, {"state": "closed", "state_reason": reason, "body": body}
