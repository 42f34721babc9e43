"""The format of the files, from their schemas; and what `kpi explain` says of a field or one of its words."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from itertools import chain
from operator import getitem
from typing import Any, NamedTuple

from kpi.manual.answer import Block, Code, Guides, Heading, Words, as_text
from kpi.model.text import joined, listed
from kpi.pages.markdown import code, slug
from kpi.rules.rule import Rule

Schema = Mapping[str, Any]  # a part of a schema: what one value must be

KPI_CHAPTERS = {
    "": "The KPI",
    "definitions/measure": "A measure",
    "definitions/figure": "A figure",
    "definitions/figure/properties/marks/items": "Marks",
    "definitions/unit": "Unit",
    "definitions/kind": "Kind",
    "definitions/compare": "Compare",
    "definitions/aim": "Aim",
    "definitions/better": "Better",
    "definitions/target": "A target",
    "definitions/bound": "Another figure as the bound",
    "definitions/reference": "A reference",
    "definitions/trigger": "A trigger",
    "definitions/derived": "A derived measure",
    "definitions/check": "A check",
    "definitions/no_figures": "No figures",
    "definitions/no_figures/properties/because": "Reasons for no figures",
}
PLAN_CHAPTERS = {
    "": "The plan",
    "properties/compare": "Compare",
    "definitions/licence": "A licence",
    "properties/edition": "The edition",
    "definitions/priority": "A priority",
    "definitions/objective": "An objective",
    "definitions/area": "An area",
    "definitions/source": "A source",
    "properties/status": "Statuses",
    "properties/status/properties/amber": "Amber",
    "properties/status/properties/words": "Words for statuses",
}
"""The parts of a schema that have a chapter, the whole first, each with its heading."""
_ABOUT = {
    "Marks": "A figure may have several. The last three replace a number.",
    "Another figure as the bound": "A bound may be taken from the measure's own figures: less_than with {period: 2019/20}.",
}
"""What opens a chapter if the schema doesn't describe the part."""

_PIECE = re.compile(r"\{[^{}]*\}|\b[a-z]+_[a-z]+\b|\b[a-z]+:(?=[.,;]|$)|\bkpis/(?:[a-z]+\.yaml)?|\bhttps://")
"""A piece of a file in a schema's description: `{near: 1}`, `at_least`, `note:`."""

_QUOTED = re.compile(r"^(?![\w-])|: | #|^(?:yes|no|on|off|true|false|null|[0-9.]+)$", re.IGNORECASE)
"""Text that needs quotation marks wherever it stands."""


class Field(NamedTuple):
    """One field: what it is, examples as they are written in a file, and whether it is needed.

    `choices` are the words it can take, if they have no chapter of their own; `chapter` is the heading of the chapter about it.
    `needed` is yes, no, "one of these", or what makes it needed, as Markdown; `together` says how it combines with these.
    """

    name: str
    meaning: str
    examples: tuple[str, ...]
    needed: str
    choices: tuple[str, ...] = ()
    chapter: str = ""
    together: tuple[str, ...] = ()


class Section(NamedTuple):
    """A chapter of the manual: words with their meanings, fields, and how the fields combine."""

    heading: str
    about: str
    words: tuple[tuple[str, str], ...]
    fields: tuple[Field, ...]
    together: tuple[str, ...]


def sections(schema: Schema, chapters: Mapping[str, str]) -> tuple[Section, ...]:
    """The chapters with what the schema says of each."""
    made = []
    for part, title in chapters.items():
        block = _at(schema, part)
        names = block.get("properties", {})
        fields = (_field(schema, block, f"{part}/properties/{name}".lstrip("/"), chapters) for name in names)
        about, chosen = block.get("description", _ABOUT.get(title, "")), block.get("then", block)
        words = zip(chosen.get("enum", ()), chosen.get("enumDescriptions", ()), strict=False)
        made.append(Section(title, about, tuple(words), tuple(fields), tuple(_together(block))))
    return tuple(made)


def _at(schema: Schema, part: str) -> Schema:
    return reduce(getitem, filter(None, part.split("/")), schema)


def examples_of(block: Schema) -> tuple[Any, ...]:
    """A field's examples. For a word or a block the schema has them beside the words."""
    return tuple(block.get("examples", block.get("then", {}).get("examples", ())))


def _field(schema: Schema, holder: Schema, part: str, chapters: Mapping[str, str]) -> Field:
    name = part.rpartition("/")[2]
    written = _at(schema, part)
    block = {**_at(schema, written["$ref"][2:]), **written} if "$ref" in written else written
    chapter = _chapter(schema, written, part, chapters)
    examples = tuple(f"{name}: {_flow(example)}" for example in examples_of(block))
    choices = () if chapter else tuple(block.get("enum", ()))
    needed, meaning = _needed(holder, name), block.get("description", "")
    together = tuple(_together(holder)) if needed == "one of these" else ()
    return Field(name, meaning, examples, needed, choices, chapter, together)


def _chapter(schema: Schema, block: Schema, part: str, chapters: Mapping[str, str]) -> str:
    """The heading of the nearest chapter about a value or what it holds; empty for none."""
    own = [title for place, title in chapters.items() if f"{place}/".startswith(f"{part}/")]
    used = re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(block))
    inside = (_chapter(schema, _at(schema, at), at, chapters) for at in used)
    return next(filter(None, chain(own, inside)), "")


def _needed(holder: Schema, name: str) -> str:
    if name in holder.get("required", ()):
        return "yes"
    if any(name in choice["required"] for word in ("oneOf", "anyOf") for choice in holder.get(word, ())):
        return "one of these"
    when = [f"with {code(other)}" for other, needs in holder.get("dependencies", {}).items() if name in needs]
    cases = (case for case in holder.get("allOf", ()) if name in case.get("then", {}).get("required", ()))
    return joined([*when, *(_condition(case["if"]) for case in cases)], "or") or "no"


def _condition(block: Schema) -> str:
    """When a condition of the schema holds, in words: "with `because: in-words`", "without `value`"."""
    if "not" in block:
        absent = [name for choice in block["not"]["anyOf"] for name in choice["required"]]
        return f"without {joined(map(code, absent), 'and')}"
    for name, field in block.get("properties", {}).items():
        if field and "const" in field:
            return f"with {code(name + ': ' + field['const'])}"
        if field and "contains" in field:
            return f"with the mark {code(field['contains']['const'])}"
    return f"with {joined(map(code, block['required']))}"


def _together(block: Schema) -> Iterator[str]:
    for word, how in (("oneOf", "Exactly one of"), ("anyOf", "At least one of")):
        names = [name for choice in block.get(word, ()) for name in choice["required"]]
        if names:
            yield f"{how} {joined(map(code, names))} is needed."
    apart = block.get("not", {}).get("required", ())
    if apart:
        yield f"{joined(map(code, apart))} exclude each other."


def _flow(value: Any, *, nested: bool = False) -> str:
    """A value as it is written on one line of a file."""
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}: {_flow(inner, nested=True)}' for key, inner in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(_flow(inner, nested=True) for inner in value)}]"
    if isinstance(value, str) and (_QUOTED.search(value) or (nested and set(value) & set(",[]{}"))):
        return f'"{value}"'
    return str(value).lower() if isinstance(value, bool) else str(value)


def quote_pieces(text: str) -> str:
    """A schema's text as Markdown, with pieces of files between backticks."""
    return _PIECE.sub(r"`\g<0>`", text)


# What `kpi explain` says of a field

Trail = tuple[str, ...]  # the names of the fields around a field, the outermost first

_FILES = {
    "kpi": ("a KPI file", "docs/kpi-file.md", KPI_CHAPTERS),
    "plan": ("kpis/plan.yaml", "docs/plan-file.md", PLAN_CHAPTERS),
}
"""What each file is called, where its page of the manual is, and the chapters there."""

_STEP = re.compile(r"\s*[./›>:]\s*")


class Place(NamedTuple):
    """A field in a "kpi" or "plan" file: `trails` are the fields around it, `inside` the chapter about its contents."""

    file: str
    field: Field
    trails: list[Trail]
    inside: Section | None

    @property
    def words(self) -> dict[str, str]:
        """The words that it can take, each with its meaning, which may be empty."""
        return dict.fromkeys(self.field.choices, "") | dict(self.inside.words if self.inside else ())


def list_places(schemas: Mapping[str, Schema]) -> tuple[Place, ...]:
    """Every field of the files whose schemas these are, once; their names are "kpi" and "plan"."""
    places: dict[tuple[str, Field], Place] = {}
    for file, schema in schemas.items():
        by_heading = {chapter.heading: chapter for chapter in sections(schema, _FILES[file][2])}
        # The trails of each chapter's fields, below every field that leads to it; the first is about the whole file.
        trails: dict[str, list[Trail]] = {heading: [] for heading in by_heading}
        trails[next(iter(trails))].append(())
        for heading, section in by_heading.items():
            for field in section.fields:
                if field.chapter:
                    trails[field.chapter] += [(*trail, field.name) for trail in trails[heading]]
        for heading, section in by_heading.items():
            for field in section.fields:
                place = Place(file, field, [], by_heading.get(field.chapter))
                places.setdefault((file, field), place).trails.extend(dict.fromkeys(trails[heading]))
    return tuple(places.values())


def names(places: Iterable[Place]) -> list[str]:
    """Every name that can be explained, each once: of fields and of their words."""
    return list(dict.fromkeys(name for place in places for name in (place.field.name, *place.words)))


def last_step(wanted: str) -> str:
    """The name at the end of a path such as `targets.at_least`."""
    return _STEP.split(wanted.strip())[-1]


def explain_name(places: Sequence[Place], wanted: str, at: Callable[[str], str] = str) -> str:
    """Explain a field or a word in all its places; empty if there is none of that name.

    `wanted` is a name, or a path such as `targets.at_least` or `measures/…/marks`, whose steps that are no field are skipped.
    """
    *around, name = map(_folded, _STEP.split(wanted.strip()))
    fields = {_folded(place.field.name) for place in places}
    steps = [step for step in around if step in fields]
    answers = []
    for place in places:
        if around and around[0] in _FILES and around[0] != place.file:
            continue
        inside = [(*trail, place.field.name) for trail in place.trails]
        word = next((word for word in place.words if _folded(word) == name), "")
        if _folded(place.field.name) == name and _leads(steps, place.trails):
            title, trails, blocks = place.field.name, place.trails, _about_field(place)
        elif word and _leads(steps, inside):
            title, trails, blocks = word, inside, _about_word(place, word)
        else:
            continue
        called, page, _ = _FILES[place.file]
        heading = place.inside.heading if place.inside else page
        guide = Guides(((heading, f"{page}#{slug(heading)}" if place.inside else page),))
        nearest = sorted(trails, key=len)
        where = "" if nearest == [()] else f" ({listed(map(_standing, nearest), 2)})"
        answers.append(as_text(f"{title} in {called}{where}", [*blocks, guide], at))
    return "\n\n".join(answers)


def overview(places: Iterable[Place], families: Iterable[tuple[str, Iterable[Rule]]]) -> str:
    """The names of all rules by family, and of all fields by the fields around them."""
    rules = tuple((subject, ", ".join(rule.name for rule in rules)) for subject, rules in families)
    opening = "With the name of a rule or a field, `kpi explain` says more: `kpi explain outlier-jump`."
    blocks: list[Block] = [opening, Heading("Rules"), Words(rules)]
    for file, (called, *_) in _FILES.items():
        rows: dict[Trail, list[str]] = {}
        for place in places:
            if place.file == file:
                rows.setdefault(place.trails[0], []).append(place.field.name)
        words = tuple((_standing(trail), ", ".join(fields)) for trail, fields in rows.items())
        blocks += [Heading(f"Fields of {called}"), Words(words)]
    return as_text("Rules and fields", blocks)


def _leads(steps: Iterable[str], trails: Iterable[Trail]) -> bool:
    """Whether one of the trails contains the steps in this order."""
    ways = [iter([_folded(name) for name in trail]) for trail in trails]
    return any(all(step in way for step in steps) for way in ways)


def _folded(name: str) -> str:
    return name.casefold().replace("-", "_").replace(" ", "_")


def _about_field(place: Place) -> Iterator[Block]:
    field, inside = place.field, place.inside
    yield quote_pieces(field.meaning)
    yield " ".join(field.together) or f"Needed: {field.needed}."
    yield Code("\n".join(field.examples[:3]))
    if field.choices:
        yield f"One of {joined(field.choices, 'and')}."
    if inside is not None:
        if inside.about != field.meaning:
            yield quote_pieces(inside.about)
        if inside.words:
            yield Words(tuple((word, quote_pieces(meaning)) for word, meaning in inside.words))
        if inside.fields:
            yield "Or, in braces:" if inside.words else "It holds:"
            yield Words(tuple((each.name, quote_pieces(each.meaning)) for each in inside.fields))
        yield from inside.together


def _about_word(place: Place, word: str) -> Iterator[Block]:
    if place.words[word]:
        yield quote_pieces(place.words[word])
    shown = [example for example in place.field.examples if word in re.split(r"[^\w-]+", example)]
    yield from map(Code, shown[:1])
    yield f"A word for `{place.field.name}`, which can be {joined(place.words, 'or')}."


def _standing(trail: Trail) -> str:
    return " › ".join(trail) or "at the top"
