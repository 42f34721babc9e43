"""The pages that are the program's manual: of the files' format, of each rule, and the rules' index.

What the program says of fields and rules is Markdown here. The examples of the format are one small repository: `EXAMPLE` has
its files; tests lint them, and the other guides show what the commands say of them.
"""

import posixpath
from collections.abc import Collection, Iterable, Mapping

from kpi.manual.answer import (
    READ_ON,
    Block,
    Code,
    Example,
    Facts,
    Guides,
    Heading,
    Quote,
    Words,
    rule_blocks,
    safe,
)
from kpi.manual.field import KPI_CHAPTERS, PLAN_CHAPTERS, Field, Schema, Section, quote_pieces, sections
from kpi.model.text import joined
from kpi.pages.markdown import bullets, code, heading, link, page, paragraph, prose, slug, table
from kpi.rules.rule import Rule

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


def kpi_manual(schema: Schema) -> str:
    """The page about KPI files, from their schema."""
    return _manual(KPI_INTRODUCTION, sections(schema, KPI_CHAPTERS))


def plan_manual(schema: Schema) -> str:
    """The page about `kpis/plan.yaml`, from its schema."""
    return _manual(PLAN_INTRODUCTION, sections(schema, PLAN_CHAPTERS))


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


def _marked_up(text: str) -> str:
    return prose(quote_pieces(text))


def rule_page(rule: Rule, example: Example) -> str:
    """The rule's page, as Markdown."""
    return _as_markdown(rule.name, rule_blocks(rule, example))


def rules_page(families: Iterable[tuple[str, Iterable[Rule]]]) -> str:
    """The index of the rules' pages: each family's rules with what they find."""
    blocks = [heading(1, "The rules"), _INTRODUCTION.strip()]
    for subject, rules in families:
        rows = []
        for rule in rules:
            severity = f"{rule.severity}, always" if rule.required else rule.severity
            name = f"[{code(rule.name)}]({rule.name}.md)"
            rows.append((name, rule.code, severity, prose(rule.paragraphs[0])))
        blocks += [heading(2, subject), table(("Rule", "Code", "Severity", "What it finds"), rows)]
    return page(blocks)


_INTRODUCTION = f"""
What {link("kpi lint", "../cli.md#lint")} looks for. Each rule has a page with an example, and `kpi explain` prints it.

An error has to be fixed before a change is merged; a warning deserves a look.
Rules marked "always" can't be ignored: without them something could not be read, or would be shown nowhere.
Those marked "off" are held where {link("the plan", "../plan-file.md#the-plan")} asks for them.
"""


def _as_markdown(title: str, blocks: Iterable[Block]) -> str:
    """The blocks as a page with a title."""
    return page([heading(1, title), *map(_on_page, blocks)])


def _on_page(block: Block) -> str:  # noqa: PLR0911 -- a case for each block
    match block:
        case Heading(words):
            return heading(2, words)
        case str():
            return prose(block)
        case Quote(words):
            return f"> {paragraph(words)}"
        case Code(lines, language):
            return f"```{language}\n{safe(lines)}\n```"
        case Facts(rows):
            return table([name for name, _ in rows], [[prose(fact) for _, fact in rows]])
        case Words(rows):
            meanings = (f"{code(word)}: {prose(meaning)}" for word, meaning in rows)
            return bullets(meanings)
        case Guides(links):
            items = bullets(link(title, posixpath.relpath(path, "docs/rules")) for title, path in links)
            return f"{heading(2, READ_ON)}\n\n{items}"
