"""Good documents that use every field of the format, and random damage to them, for tests of the schema and of its words."""

import copy
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from kpi.store.reader import read
from kpi.store.schema import Name

KPI = b"""\
title: Answering calls
definition: |
  Share of calls answered in time,
  as the Charter promises.
aim: maintain
unit: percent
better: higher
kind: average
frequency: monthly
lag: 6 weeks
owner: force-contact
sources: [board-paper, plan]
note: The paper prints both.
dimensions:
  light: {day: Daylight, dark: Dark}
commentary:
  2024-02-27: Forty more call handlers start in March.
also_shows: [attendance/within-15m]
checks:
  - {total: 100, parts: [answered, missed]}
  - {whole: answered, parts: [missed]}
  - {median: wait, share_within: answered, limit: 3m}
measures:
  answered:
    title: Answered
    is: {light: dark}
    decimals: 1
    targets:
      - {at_least: 90, source: charter, from: 2023/24, by: 2025-03, tolerance: 5%, label: Charter, over: 12 months}
      - more_than: {period: 2019/20, change: -10%}
        trajectory: {2023/24: 80, 2024/25: 85.5}
      - {less_than: {period: previous, change: -5}}
      - {between: [92, 95.5]}
      - {in_words: To be set.}
    triggers:
      - {when: increase, level: 0.05, minimum: 10%}
    baseline: 2019/20
    since: 2019-04-01
    references:
      - {label: Last plan, value: 88}
      - {label: Range, between: [78, 80]}
    observations:
      2015 to 2017: 60
      2020/21: 86
      2021/22 Q1: 75.50
      12 months to 2022-12: {value: 67, marks: [provisional, queried], note: In doubt.}
      2023-Q2: {marks: [not-available]}
      2024-01-31: {assessment: near, marks: [estimated]}
      2024-02: {value: 53.3, numerator: 114, denominator: 214}
    peers:
      merseyside: {2022/23: 70}
  wait:
    unit: duration
    better: {near: 1.5}
    noun: calls
    area: county
    observations: {2023: 2m18s, 2024: 1h44m30s}
  missed:
    unit: {rate_per: 100000}
    derived: {share: a, of: [a, b]}
  later:
    unit: {name: kg per head}
    no_figures: {because: monitored-elsewhere, body: committee, as_of: 2024-01}
"""
KPI_WITHOUT_FIGURES = b"""\
title: Harm
definition: Severity of crime.
unit: {currency: GBP}
no_figures: {because: in-words, text: Reported in words only.}
"""
KPI_SMALL = b"""\
title: Officers
code: CS02a
statement: More officers in post.
definition: Officers in post.
compare: previous
measures:
  officers:
    unit: count
    better: neither
    short: In post
    margin: 4.5
    step: {2023-03: Two forces were merged.}
    targets: [{at_least: 8000, until: 2023-03}]
    observations: {2023-03: {value: 8067, margin: 3}}
  ratio:
    unit: {percent: any}
    derived: {numerator: [officers], denominator: [officers]}
  less:
    derived: {add: [officers], subtract: [officers]}
"""
PLAN = b"""\
organisation: West Midlands Police
title: Police and Crime Plan
area: wmp
year_starts: 4
year_names: FY24
compare: season
publisher: The Council
licence: {title: Our terms, url: "https://example.org/terms"}
edition: {board: The Board, date: 2024-02-27, title: Scorecard, presented_by: The Chief, purpose: To be noted.}
priorities:
  - id: community
    title: Community
    note: The name is ours.
    kpis: [officers, calls]
  - id: victims
    title: Victims
    objectives:
      - {title: Support, note: As printed., kpis: [support]}
areas:
  wmp: West Midlands Police
  nation: {name: England and Wales, short: E and W, whole: true}
sources:
  paper: {title: Board paper, url: "https://example.org/paper", note: Page one.}
bodies: {group: The Group}
owners: {contact: Force Contact}
status: {amber: near, tolerance: 5%, words: {missed: off target, "not due": on its way}}
lint: {stale: "off", target-source: error}
"""
DOCUMENTS: list[tuple[Name, Any]] = [
    ("kpi", read(KPI).values),
    ("kpi", read(KPI_WITHOUT_FIGURES).values),
    ("kpi", read(KPI_SMALL).values),
    ("plan", read(PLAN).values),
]


ODD = st.one_of(
    st.sampled_from(
        ["", " ", "x", "a-b", "No", "true", "2022/23", "2022-23", "2023-02-30", "2022/23\n", "on\n", "95%", "-10%", "1,5", "12 months", "6 weeks",
         "2m18s", "percent", "previous", "a/b", "https://x", "a\nb", "\u2028", "٣"]
    ),
    st.sampled_from([0, 1, -1, 4, 13, 2023, 100, 10**15, Decimal("1.0"), Decimal("0.05"), Decimal("100.0"), Decimal("4.5"), True, False, None]),
    st.sampled_from([[], {}, [1], ["a"], ["a", "a"], {"x": 1}, {"value": 1}, {"period": "2019/20"}, {"a": {"2022/23": 1}}, [1, 2], [[]], [{}]]),
)  # fmt: skip


def places(values: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if path:
        yield path
    steps = (
        values.items() if isinstance(values, dict) else enumerate(values) if isinstance(values, list) else ()
    )
    for step, value in steps:
        yield from places(value, (*path, step))


@st.composite
def damaged(draw: st.DrawFn) -> tuple[Name, Any]:
    """A good document with one to three random changes."""
    name, values = draw(st.sampled_from(DOCUMENTS))
    values = copy.deepcopy(values)
    for _ in range(draw(st.integers(1, 3))):
        here = list(places(values))
        if not here:
            break
        *path, step = draw(st.sampled_from(here))
        holder = values
        for item in path:
            holder = holder[item]
        damage(draw, holder, step)
    return name, values


FIELDS = [
    "title",
    "unit",
    "observations",
    "no_figures",
    "at_least",
    "at_most",
    "value",
    "marks",
    "kpis",
    "total",
    "parts",
    "obsevations",
    "2022-23",
    "x y",
    "of",
]


def damage(draw: st.DrawFn, holder: Any, step: Any) -> None:
    how = draw(st.sampled_from(["replace", "delete", "rename", "add"]))
    if how == "replace" or (how == "rename" and isinstance(holder, list)):
        holder[step] = copy.deepcopy(draw(ODD))
    elif how == "delete":
        del holder[step]
    elif isinstance(holder, list):
        holder.append(copy.deepcopy(draw(st.one_of(ODD, st.sampled_from(holder))) if holder else draw(ODD)))
    elif how == "rename":
        holder[draw(st.sampled_from(FIELDS))] = holder.pop(step)
    else:
        holder[draw(st.sampled_from(FIELDS))] = copy.deepcopy(draw(ODD))
