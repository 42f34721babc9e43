"""The format of the files, field by field, from their schemas: `docs/kpi-file.md` and `docs/plan-file.md`.

`sections` gives the chapters as records; the pages are Markdown made of them, after an introduction with a whole example.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from kpi.model.text import joined
from kpi.pages.markdown import code, heading, link, page, prose, slug, table

_PLAN = """\
organisation: Riverside Council
title: Corporate plan
area: riverside
edition:
  board: Care Committee
  date: 2024-09-17
  title: Corporate plan scorecard
priorities:
  - id: care
    title: Care when it is needed
    kpis:
      - first-visits
      - care-at-home
areas:
  riverside: Riverside
  hillside: Hillside
  nation: {name: The nation, whole: true}
sources:
  corporate-plan: {title: Corporate plan 2023 to 2027}
  care-records: {title: Care records, note: Counted on the first working day of June.}
bodies:
  health-board: Health Board
owners:
  head-of-care: Head of Care
"""

_FIRST_VISITS = """\
title: Waiting for a first visit
definition: Share of people visited within ten days of asking for help, and the median wait.
aim: increase
frequency: annual
lag: 3 months
owner: head-of-care
sources: [care-records]
commentary:
  2024-09-03: Two more social workers start in October.
measures:
  visited-in-time:
    title: Visited within ten days
    unit: percent
    targets:
      - at_least: 90
        by: 2023/24
        source: corporate-plan
    observations:
      2020/21: 81
      2021/22: 84
      2022/23: 88
      2023/24: {value: 86, marks: [provisional]}
    peers:
      hillside:
        2023/24: 91
  median-wait:
    title: Median wait
    unit: days
    aim: reduce
    observations:
      2020/21: 14
      2021/22:
        value: 11
        marks: [break]
        note: From April 2021 the wait counts from the first call, no longer from the form.
      2022/23: 10.5
      2023/24: 12
"""

_CARE_AT_HOME = """\
title: Care at home
definition: Share of people who can stay in their own homes.
no_figures:
  because: monitored-elsewhere
  body: health-board
"""

EXAMPLE = {
    "kpis/plan.yaml": _PLAN,
    "kpis/care/first-visits.yaml": _FIRST_VISITS,
    "kpis/care/care-at-home.yaml": _CARE_AT_HOME,
}
"""The example's files by their path."""

KPI_INTRODUCTION = f"""\
# The KPI file

Each key performance indicator (KPI) is one file: `kpis/<priority>/<kpi>.yaml`.
The folder is the priority's id and the file's name is the KPI's id; neither is repeated inside.
Ids are lower-case letters, digits and hyphens, and start with a letter.
[`kpis/plan.yaml`](plan-file.md) lists every KPI in printed order.

[Change a figure](../CONTRIBUTING.md#change-a-figure) shows how to add a figure, and [Periods](periods.md) how periods are written.

## A whole example

This is `kpis/care/first-visits.yaml` of an invented council:

```yaml
{_FIRST_VISITS.rstrip()}
```

- An indented line belongs to the line above it that is indented less. Two spaces are one step.
- A figure is on one line, with its marks. One with a note gets a line for each part.
- Text needs quotation marks only where it holds a colon followed by a space, or starts with a sign such as `%`, `@`, `*` or `"`.
- A measure with figures needs a `unit`, and `better` unless its aim says which way is better. What is written on the KPI applies to all its measures.
- What the source doesn't say is left out.

A KPI without figures says why:

```yaml
{_CARE_AT_HOME.rstrip()}
```

The tables below are made from [`schema/kpi.schema.json`](../schema/kpi.schema.json). [An editor](editors.md) shows the same while you type.
"""

PLAN_INTRODUCTION = f"""\
# The plan file

`kpis/plan.yaml` is the plan's table of contents, with the names that KPI files refer to and the few settings there are.
A KPI file that isn't listed here, or a listed KPI without a file, is an error.
The fields of KPI files are in [The KPI file](kpi-file.md).

## A whole example

```yaml
{_PLAN.rstrip()}
```

To put a KPI in another place of the scorecard, move its line. To put it under another priority, move its file as well.

The tables below are made from [`schema/plan.schema.json`](../schema/plan.schema.json).
"""


Schema = Mapping[str, Any]
"""A part of a schema: what one value must be."""


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

_QUOTED = re.compile(
    r"""^$|^[\s,\[\]{}#&*!|>'"%@`]|^[?:-](?:\s|$)|: |:$| #|\s$"""
    r"|^(?:yes|no|on|off|y|n|true|false|null|~|[-+]?[0-9]+(?:\.[0-9]+)?)$",
    re.IGNORECASE,
)
_QUOTED_INSIDE = re.compile(r"[,\[\]{}]")
"""Text that needs quotation marks: anywhere, or inside braces or brackets."""


class Field(NamedTuple):
    """One field: what it is, examples as they are written in a file, and whether it is needed.

    `choices` are the words it can take, if they have no chapter of their own; `chapter` is the heading of the chapter about it.
    `needed` is yes, no, "one of these", or what makes it needed, as Markdown.
    """

    name: str
    meaning: str
    examples: tuple[str, ...]
    needed: str
    choices: tuple[str, ...] = ()
    chapter: str = ""


class Section(NamedTuple):
    """A chapter of the manual: words with their meanings, fields, and how the fields combine."""

    heading: str
    about: str
    words: tuple[tuple[str, str], ...]
    fields: tuple[Field, ...]
    together: tuple[str, ...]


def kpi_manual(schema: Schema) -> str:
    """The page about KPI files, from their schema."""
    return _manual(KPI_INTRODUCTION, sections(schema, KPI_CHAPTERS))


def plan_manual(schema: Schema) -> str:
    """The page about `kpis/plan.yaml`, from its schema."""
    return _manual(PLAN_INTRODUCTION, sections(schema, PLAN_CHAPTERS))


def sections(schema: Schema, chapters: Mapping[str, str]) -> tuple[Section, ...]:
    """The chapters with what the schema says of each.

    Raises:
        KeyError: a chapter's part isn't in the schema.
    """
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
    block: Schema = schema
    for step in filter(None, part.split("/")):
        block = block[step]
    return block


def examples_of(block: Schema) -> tuple[Any, ...]:
    """A field's examples. For a word or a block the schema has them beside the words, because editors explain those."""
    return tuple(block.get("examples", block.get("then", {}).get("examples", ())))


def _field(schema: Schema, holder: Schema, part: str, headings: Mapping[str, str]) -> Field:
    name = part.rpartition("/")[2]
    written = _at(schema, part)
    block = {**_at(schema, written["$ref"][2:]), **written} if "$ref" in written else written
    chapter = next(iter(_chapters(schema, written, part, headings)), "")
    examples = tuple(f"{name}: {_flow(example)}" for example in examples_of(block))
    choices = () if chapter else tuple(block.get("enum", ()))
    return Field(name, block.get("description", ""), examples, _needed(holder, name), choices, chapter)


def _chapters(schema: Schema, block: Schema, part: str, headings: Mapping[str, str]) -> Iterator[str]:
    """The headings of the chapters about a value or what it holds, the nearest first."""
    if part in headings:
        yield headings[part]
        return
    if "$ref" in block:
        there = block["$ref"].removeprefix("#/")
        yield from _chapters(schema, _at(schema, there), there, headings)
    inside = [(f"{part}/{word}", block.get(word)) for word in ("items", "additionalProperties")]
    others = (*block.get("allOf", ()), *block.get("patternProperties", {}).values())
    for place, inner in (*inside, *((part, other) for other in others)):
        if isinstance(inner, Mapping):
            yield from _chapters(schema, inner, place, headings)


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
    """How the fields combine, in sentences."""
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
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    if isinstance(value, str) and (_QUOTED.search(text) or (nested and _QUOTED_INSIDE.search(text))):
        return f'"{text}"'
    return text


# The pages.


def _manual(introduction: str, chapters: Collection[Section]) -> str:
    """The page. A field that an earlier chapter describes in the same words is only named."""
    blocks = [introduction.strip()]
    of_words = {section.heading: section.about for section in chapters if section.words}
    described: dict[tuple[str, str], str] = {}
    for section in chapters:
        fields: list[Field] = []
        again: dict[str, list[str]] = {}
        for field in section.fields:
            key = (field.name, field.meaning)
            earlier = section.heading if section.words else described.setdefault(key, section.heading)
            if earlier == section.heading:
                fields.append(field)
            else:
                again.setdefault(earlier, []).append(field.name)
        rows = _table(section._replace(fields=tuple(fields)), of_words)
        blocks += [heading(2, section.heading), _marked_up(section.about), rows]
        blocks += [
            f"Also {joined(map(code, names), 'and')}, as in {link(earlier, f'#{slug(earlier)}')}."
            for earlier, names in again.items()
        ]
        blocks.append(" ".join(section.together))
    return page(blocks)


def _table(section: Section, of_words: Mapping[str, str]) -> str:
    """The fields; if the value can be a word too, the words first and then each field in braces."""
    if section.words:
        words = [(code(word), _marked_up(meaning)) for word, meaning in section.words]
        words += [(code(f"{{{field.examples[0]}}}"), _marked_up(field.meaning)) for field in section.fields]
        return table(("Write", "It means"), words)
    rows = []
    for field in section.fields:
        # What its own chapter says too is cut to the first sentence.
        is_said_again = of_words.get(field.chapter) == field.meaning
        about = field.meaning.partition(". ")[0].rstrip(".") + "." if is_said_again else field.meaning
        parts = [_marked_up(about)]
        parts += [f"One of {joined(map(code, field.choices), 'and')}."] if field.choices else []
        parts += [f"See {link(field.chapter, f'#{slug(field.chapter)}')}."] if field.chapter else []
        rows.append((code(field.name), " ".join(parts), code(field.examples[0]), field.needed))
    return table(("Field", "What it is", "Example", "Needed"), rows)


def quote_pieces(text: str) -> str:
    """A schema's text as Markdown, with pieces of files between backticks."""
    return _PIECE.sub(r"`\g<0>`", text)


def _marked_up(text: str) -> str:
    return prose(quote_pieces(text))
