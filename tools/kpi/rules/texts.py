"""Families 4xx and 8xx: texts, links, sources and the days of commentaries."""

import re
from collections.abc import Iterator

from kpi.judge.series import remember_last
from kpi.model.finding import ERROR, WARNING, FieldPath, Problem
from kpi.model.kpi import Kpi
from kpi.model.plan import Plan
from kpi.model.text import joined, quoted
from kpi.rules.rule import UNSAFE, Context, about_kpi, about_plan, problem_at

_LINKS = "Links start with https:// and a site's name."
_LINK = re.compile(r"https://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?::[0-9]+)?(?:[/?#][^\s<>\"'`\\]*)?")
_START_OF_LINK = re.compile(r"(?:https?(?=[:;/]))?[:;]?/{0,2}", re.IGNORECASE)
_PORT_OF_HTTP = re.compile(r"(https://[^/?#:]+):80(?![0-9])")
_FORMULA = re.compile(r"[=@]|[+-](?=[A-Za-z(@=])")
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.-]*\w")
_PHONE = re.compile(r"(?:\+(?<![\d.]\+)44\s?|0(?<![\d.]0))(?:\d[\s-]?){9,10}(?!\d|\.\d)")
_SECRET = re.compile(
    r"\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|AKIA[0-9A-Z]{16}|xox[abp]-[\w-]{10,})\b"
)

_Texts = list[tuple[FieldPath, str]]

_UNSAFE = (
    ("<", r"(?i)<(?:/?[a-z][a-z0-9]*\b|!--)", "looks like an HTML tag", "Write it in words."),
    ("![", r"!\[[^\]]*\]\(", "would load a picture", "Name the picture's page as a source instead."),
    ("](", r"(?i)\]\((?:javascript|data|vbscript):", "is a link that runs a script", "Take it out."),
)
"""Each pattern after what it always holds: most texts have none of these, and looking for them is quick."""


def _fields(where: FieldPath, record: tuple[object, ...], *names: str) -> _Texts:
    return [((*where, name), text) for name in names if (text := getattr(record, name))]


@remember_last
def _kpi_texts(kpi: Kpi) -> _Texts:
    """Every text of a KPI that pages show, with its place."""
    texts = _fields((), kpi, "title", "statement", "definition", "note")
    texts += ((("commentary", day), text) for day, text in kpi.commentary)
    if kpi.no_figures is not None:
        texts += _fields(("no_figures",), kpi.no_figures, "text")
    for name, labels in kpi.dimensions.items():
        texts += ((("dimensions", name, position), label) for position, label in labels.items())
    for measure in kpi.measures:
        stem: FieldPath = ("measures", measure.id)
        texts += _fields(stem, measure, "title", "short", "note", "noun")
        texts += (((*stem, "step", period.text), why) for period, why in measure.steps)
        for number, target in enumerate(measure.targets):
            texts += _fields((*stem, "targets", number), target, "in_words", "label")
        for number, reference in enumerate(measure.references):
            texts += _fields((*stem, "references", number), reference, "label")
        if measure.no_figures is not None:
            texts += _fields((*stem, "no_figures"), measure.no_figures, "text")
        peers = ((("peers", area), figures) for area, figures in measure.peers.items())
        for place, figures in ((("observations",), measure.observations), *peers):
            texts += [((*stem, *place, each.key, "note"), each.note) for each in figures if each.note]
    return texts


def _plan_texts(plan: Plan) -> _Texts:
    texts = _fields((), plan, "organisation", "title", "publisher")
    if plan.licence and plan.licence.url:
        texts += _fields(("licence",), plan.licence, "title")
    texts += _fields(("edition",), plan.edition, *plan.edition._fields)
    for number, priority in enumerate(plan.priorities):
        texts += _fields(("priorities", number), priority, "title", "note")
        for nth, objective in enumerate(priority.objectives):
            texts += _fields(("priorities", number, "objectives", nth), objective, "title", "note")
    for source in plan.sources.values():
        texts += _fields(("sources", source.id), source, "title", "note")
    for area in plan.areas.values():
        texts += _fields(("areas", area.id), area, "name", "short")
    names = {("status", "words"): plan.status.words, ("bodies",): plan.bodies, ("owners",): plan.owners}
    for place, named in names.items():
        texts += (((*place, name), text) for name, text in named.items())
    return texts


@about_kpi("KPI411", "future-commentary", WARNING)
def future_commentary(kpi: Kpi, context: Context) -> Iterator[Problem]:
    """A commentary is dated after today.
    The page prints it with that date, and nobody can have written it yet: the date is probably mistyped.
    Correct the date."""
    today = context.today.isoformat()
    for written in (day for day, _ in kpi.commentary if day > today):
        message = f"This commentary is dated {written}, which has not come yet (today is {today})."
        yield problem_at(("commentary", written), message, "Is the date right?", on_key=True)


@about_kpi("KPI802", "no-source", WARNING, needs_whole=True)
def no_source(kpi: Kpi, _: Context) -> Iterator[Problem]:
    """Figures have no source.
    Readers can't see where they come from, and nobody can check them.
    Add `sources` to the KPI or to the measure. A note on either will do."""
    written = [measure for measure in kpi.measures if measure.observations and measure.derived is None]
    without = [measure.id for measure in written if not measure.sources and not measure.note]
    if without and not kpi.note:
        message = f"Readers can't see where the figures of {joined(map(quoted, without[:3]))} come from."
        help_ = 'Add "sources:" with one of the plan\'s sources, or a note.'
        yield problem_at(("measures", without[0]), message, help_, on_key=True)


def _unsafe(texts: _Texts) -> Iterator[Problem]:
    for where, text in texts:
        for mark, pattern, fault, advice in _UNSAFE:
            if match := re.search(pattern, text) if mark in text else None:
                yield problem_at(where, f"{quoted(match.group(), 30)} {fault}.", advice)
        start = None if text[:1].isalpha() else _FORMULA.match(text.lstrip())
        if start is not None:
            message = f"{quoted(start.group(), 30)} at the start of the text would be run as a formula by a spreadsheet."
            yield problem_at(where, message, "Start the text with a letter.")


@about_kpi("KPI803", "unsafe-text", ERROR, about_plan=lambda plan: _unsafe(_plan_texts(plan)))
def unsafe_text(kpi: Kpi, _: Context) -> Iterator[Problem]:
    """Text that another program would act on: HTML tags, pictures and script links, or a formula.
    Pages show it as it is typed, but it also leaves the repository in exports.
    Write it in words, and start the text with a letter."""
    yield from _unsafe(_kpi_texts(kpi))


def _private(texts: _Texts) -> Iterator[Problem]:
    for where, text in texts:
        things = (
            "@" in text and _MAIL.search(text) and "an e-mail address",
            ("0" in text or "+44" in text) and _PHONE.search(text) and "a telephone number",
            ("_" in text or "AKIA" in text or "xox" in text) and _SECRET.search(text) and "a password",
        )
        for thing in filter(None, things):
            message = f"This looks like it holds {thing}. Everyone who can see the repository can read it."
            yield problem_at(where, message, "Name a team or a page instead.")


@about_kpi("KPI804", "private-data", WARNING, about_plan=lambda plan: _private(_plan_texts(plan)))
def private_data(kpi: Kpi, _: Context) -> Iterator[Problem]:
    """A text seems to hold an e-mail address, a telephone number or a password.
    Everyone who can see the repository can read it, in its history too.
    Name a team or a page instead. A password that was once committed has to be changed."""
    yield from _private(_kpi_texts(kpi))


@about_plan("KPI801", "bad-link", ERROR, fix=UNSAFE)
def bad_link(plan: Plan) -> Iterator[Problem]:
    """The link of a source or of the licence leads nowhere: it isn't https, is malformed, or is only a mark such as `#`.
    Readers who follow it can't check the figure.
    Copy the whole address from the browser. If there is none, take a source's link out and say in its note what is
      known."""
    sources = ((("sources", source.id, "url"), source.url) for source in plan.sources.values())
    for where, url in (*sources, (("licence", "url"), plan.licence.url if plan.licence else "")):
        if url and not _LINK.fullmatch(url):
            message = f"The link {quoted(url)} can't be followed. {_LINKS}"
            # Of `http://`, `https//` or `www.` all that follows stays as it is.
            meant = _PORT_OF_HTTP.sub(r"\1", f"https://{_START_OF_LINK.sub('', url.strip(), count=1)}")
            instead = meant if "." in url and _LINK.fullmatch(meant) else None
            or_else = ", or take it out and say in the source's note what is known" * (where[0] == "sources")
            help_ = f"Write: {meant}" if instead else f"Correct it{or_else}."
            yield problem_at(where, message, help_, instead)
