"""What `kpi explain` says about a field or one of its words, from the schemas."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from kpi.manual.blocks import Block, Code, Guides, Heading, Prose, Words, as_text
from kpi.manual.guide import KPI_CHAPTERS, PLAN_CHAPTERS, Field, Schema, Section, quote_pieces, sections
from kpi.model.text import joined, listed
from kpi.pages.markdown import slug
from kpi.rules.rule import Rule

Trail = tuple[str, ...]  # the names of the fields around a field, the outermost first

_CHAPTERS = {"kpi": KPI_CHAPTERS, "plan": PLAN_CHAPTERS}
_FILES = {"kpi": ("a KPI file", "docs/kpi-file.md"), "plan": ("kpis/plan.yaml", "docs/plan-file.md")}
_STEP = re.compile(r"\s*[./›>:]\s*")
_PLACES_NAMED = 2
_EXAMPLES = 3


class Place(NamedTuple):
    """A field in a "kpi" or "plan" file, where `trails` are the fields around it: of `unit` none, for the KPI, and a measure.

    `together` says how it combines with its neighbours, if one of them is needed; `inside` is the chapter about its contents.
    """

    file: str
    field: Field
    trails: tuple[Trail, ...]
    together: tuple[str, ...]
    inside: Section | None

    @property
    def words(self) -> dict[str, str]:
        """The words that it can take, each with its meaning, which may be empty."""
        return dict.fromkeys(self.field.choices, "") | dict(self.inside.words if self.inside else ())


def list_places(schemas: Mapping[str, Schema]) -> tuple[Place, ...]:
    """Every field of the files whose schemas these are, once; their names are "kpi" and "plan"."""
    places: dict[tuple[str, Field], Place] = {}
    for file, schema in schemas.items():
        chapters = sections(schema, _CHAPTERS[file])
        trails, by_heading = _trails(chapters), {chapter.heading: chapter for chapter in chapters}
        for section in chapters:
            for field in section.fields:
                before = places[file, field].trails if (file, field) in places else ()
                together = section.together if field.needed == "one of these" else ()
                ways = (*before, *trails[section.heading])
                places[file, field] = Place(file, field, ways, together, by_heading.get(field.chapter))
    return tuple(places.values())


def names(places: Iterable[Place]) -> list[str]:
    """Every name that can be explained, each once: of fields and of their words."""
    return list(dict.fromkeys(name for place in places for name in (place.field.name, *place.words)))


def last_step(wanted: str) -> str:
    """The name at the end of a path such as `targets.at_least`."""
    return _STEP.split(wanted.strip())[-1]


def explain_name(places: Iterable[Place], wanted: str, at: Callable[[str], str] = str) -> str:
    """Explain a field or a word in all its places; empty if there is none of that name.

    `wanted` is a name, or a path such as `targets.at_least`, `measures/…/marks` or `plan.areas`. Steps that are no field, such
    as a measure's id, are skipped. `at` says where a page of the manual is, by its path from the root.
    """
    known = tuple(places)
    *around, name = map(_folded, _STEP.split(wanted.strip()))
    fields = {_folded(place.field.name) for place in known}
    steps = [step for step in around if step in fields]
    answers = []
    for place in known:
        if around and around[0] in _FILES and around[0] != place.file:
            continue
        inside = tuple((*trail, place.field.name) for trail in place.trails)
        word = next((word for word in place.words if _folded(word) == name), "")
        if _folded(place.field.name) == name and _leads(steps, place.trails):
            title = f"{place.field.name} in {_where(place.file, place.trails)}"
            answers.append(as_text(title, _about_field(place), at))
        elif word and _leads(steps, inside):
            answers.append(as_text(f"{word} in {_where(place.file, inside)}", _about_word(place, word), at))
    return "\n\n".join(answers)


def overview(places: Iterable[Place], families: Iterable[tuple[str, Iterable[Rule]]]) -> str:
    """The names of all rules by family, and of all fields by the fields around them."""
    rules = tuple((subject, ", ".join(rule.name for rule in rules)) for subject, rules in families)
    blocks: list[Block] = [
        Prose("With the name of a rule or a field, `kpi explain` says more: `kpi explain outlier-jump`."),
        Heading("Rules"),
        Words(rules),
    ]
    for file, (called, _) in _FILES.items():
        rows: dict[Trail, list[str]] = {}
        for place in places:
            if place.file == file:
                rows.setdefault(place.trails[0], []).append(place.field.name)
        words = tuple((_standing(trail), ", ".join(fields)) for trail, fields in rows.items())
        blocks += [Heading(f"Fields of {called}"), Words(words)]
    return as_text("Rules and fields", blocks)


def _trails(chapters: tuple[Section, ...]) -> dict[str, tuple[Trail, ...]]:
    """The trails of each chapter's fields, below every field that leads to it; the first is about the whole file."""
    trails: dict[str, list[Trail]] = {section.heading: [] for section in chapters}
    trails[chapters[0].heading].append(())
    for section in chapters:
        for field in section.fields:
            if field.chapter:
                trails[field.chapter] += [(*trail, field.name) for trail in trails[section.heading]]
    return {heading: tuple(dict.fromkeys(ways)) for heading, ways in trails.items()}


def _leads(steps: Iterable[str], trails: Iterable[Trail]) -> bool:
    """Whether one of the trails contains the steps in this order."""
    ways = [iter([_folded(name) for name in trail]) for trail in trails]
    return any(all(step in way for step in steps) for way in ways)


def _folded(name: str) -> str:
    return name.casefold().replace("-", "_").replace(" ", "_")


# The answers.


def _about_field(place: Place) -> Iterator[Block]:
    field, inside = place.field, place.inside
    yield Prose(quote_pieces(field.meaning))
    yield Prose(" ".join(place.together) or f"Needed: {field.needed}.")
    yield Code("\n".join(field.examples[:_EXAMPLES]))
    if field.choices:
        yield Prose(f"One of {joined(field.choices, 'and')}.")
    if inside is not None:
        if inside.about != field.meaning:
            yield Prose(quote_pieces(inside.about))
        if inside.words:
            yield Words(_meanings(inside.words))
        if inside.fields:
            yield Prose("Or, in braces:" if inside.words else "It holds:")
            yield Words(_meanings((each.name, each.meaning) for each in inside.fields))
        yield from map(Prose, inside.together)
    yield _guide(place)


def _about_word(place: Place, word: str) -> Iterator[Block]:
    if place.words[word]:
        yield Prose(quote_pieces(place.words[word]))
    shown = [example for example in place.field.examples if word in re.split(r"[^\w-]+", example)]
    yield from map(Code, shown[:1])
    yield Prose(f"A word for `{place.field.name}`, which can be {joined(place.words, 'or')}.")
    yield _guide(place)


def _meanings(rows: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, quote_pieces(meaning)) for name, meaning in rows)


def _where(file: str, trails: Iterable[Trail]) -> str:
    """The file, and the nearest places in it: "a KPI file (at the top, measures)"."""
    nearest, called = sorted(trails, key=len), _FILES[file][0]
    return called if nearest == [()] else f"{called} ({listed(map(_standing, nearest), _PLACES_NAMED)})"


def _standing(trail: Trail) -> str:
    return " › ".join(trail) or "at the top"


def _guide(place: Place) -> Guides:
    page = _FILES[place.file][1]
    title = place.inside.heading if place.inside else page
    return Guides(((title, f"{page}#{slug(title)}" if place.inside else page),))
