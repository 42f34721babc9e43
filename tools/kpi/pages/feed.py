"""Targets that are not met, and those met again, as an Atom feed (RFC 4287), for readers and programs that wait for news."""

from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID, uuid5
from xml.etree import ElementTree as ET

from kpi.judge.breach import RECOVERED
from kpi.judge.judgement import Judgement
from kpi.judge.target import Verdict, judge_at
from kpi.model.kpi import Observation
from kpi.pages import links
from kpi.pages.breaches import off_target
from kpi.pages.markdown import shown as visible
from kpi.pages.table_cells import ShownMeasure, list_name
from kpi.pages.words.figure_words import dated, when
from kpi.pages.words.target_words import target_words

_ATOM = "http://www.w3.org/2005/Atom"
_OURS = UUID("2f6b6d0e-4a3c-5f0b-9d55-3c1f6a0a7e23")
"""Where the ids of feeds and entries come from, together with what they are about."""


class _News(NamedTuple):
    """A target that began not to be met with a figure, or was met again with it."""

    shown: ShownMeasure
    figure: Observation
    verdict: Verdict
    event: str

    @property
    def about(self) -> str:
        """What makes it the same news tomorrow: which measure, what happened, and in which period."""
        start, end = self.figure.period.interval
        return f"{self.shown.measure.address} {self.event} {start} {end}"

    @property
    def title(self) -> str:
        period = when(self.figure.period, self.shown.measure.measure)
        return f"{list_name(self.shown)}: {self.event}, {period}"

    @property
    def sentence(self) -> str:
        measure = self.shown.measure.measure
        return f"{dated(self.figure, measure)}; target: {target_words(self.verdict.target, measure, self.verdict)}."


def feed(judgement: Judgement, address: str) -> str:
    """The feed as XML, the newest first.

    What an entry says, its id and its day come from the figure with which a miss began or ended, so they stay while it goes on.

    Args:
        judgement: the whole framework, judged.
        address: where the site's folder stands, with a slash at the end; empty where links are to be relative.
    """
    plan = judgement.plan
    news = sorted(_news(judgement), key=lambda piece: piece.figure.period.end, reverse=True)
    newest = max((piece.figure.period.end for piece in news), default=judgement.day)
    root = ET.Element("feed", xmlns=_ATOM)
    _add(root, "id", _id(plan.organisation))
    _add(root, "title", f"{plan.scorecard_title}: targets not met, and met again")
    _add(root, "updated", f"{newest}T00:00:00Z")
    _add(_add(root, "author"), "name", plan.organisation)
    if address:
        _add(root, "link", rel="self", href=f"{address}feed.xml")
    _add(root, "link", rel="alternate", type="text/html", href=address or "./")
    for piece in news:
        entry = _add(root, "entry")
        _add(entry, "id", _id(f"{plan.organisation} {piece.about}"))
        _add(entry, "title", piece.title)
        _add(entry, "updated", f"{piece.figure.period.end}T00:00:00Z")
        page = links.kpi_page(piece.shown.kpi.kpi.id).removesuffix(".md")
        _add(entry, "link", rel="alternate", type="text/html", href=f"{address}{page}/")
        _add(entry, "content", piece.sentence, type="text")
    ET.indent(root)
    return f"{ET.tostring(root, encoding='unicode')}\n"


def _news(judgement: Judgement) -> Iterator[_News]:
    """The beginning of each run of missed figures that goes on or has just ended, and the ends."""
    off = off_target(judgement)
    for shown in (*off.missed, *off.recovered):
        judged = shown.measure
        breach, deciding = judged.breach, judged.deciding
        if breach is None or deciding is None or deciding.observation is None:
            continue
        then = judge_at(judged.measure, breach.since, judgement.plan.status.tolerance)
        yield _News(shown, breach.since, then or deciding, "not met")
        if breach.state == RECOVERED:
            yield _News(shown, deciding.observation, deciding, "met again")


def _id(about: str) -> str:
    return f"urn:uuid:{uuid5(_OURS, about)}"


def _add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, name, attributes)
    element.text = visible(text) or None
    return element
