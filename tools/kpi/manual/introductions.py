"""What comes before the tables of the manual: how the files are meant, with a whole example of each.

The examples are one small repository. `EXAMPLE` has its files; the tests lint them, and the other guides show what the
commands say of them.
"""

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
