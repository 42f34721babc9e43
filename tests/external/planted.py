"""Mistakes that analysts really make, planted one a file into a good KPI or plan: what docs/evidence/compared.md compares checkers with."""

from pathlib import Path
from typing import NamedTuple

DAY = (2024, 9, 15)
"""The day on which the files are looked at."""

KPI = """\
title: Calls to the helpline
definition: Calls that people make to the helpline, and how soon they are answered.
aim: increase
unit: percent
better: higher
owner: contact-centre
sources: [quarterly-return]
checks:
  - {total: all-calls, parts: [by-phone, online]}
measures:
  in-time:
    title: Answered within a minute
    frequency: quarterly
    lag: 8 weeks
    targets:
      - at_least: 90
        source: charter
        by: 2025/26
    observations:
      2022/23 Q4: 84.2
      2023/24 Q1: 85.1
      2023/24 Q2: 84.7
      2023/24 Q3: 86.3
      2023/24 Q4: 87.4
      2024/25 Q1: {value: 86.9, marks: [provisional]}
  wait:
    title: Average wait
    unit: duration
    better: lower
    observations:
      2021/22: 2m48s
      2022/23: 2m31s
      2023/24: 2m18s
  all-calls:
    title: All calls
    unit: count
    observations:
      2018/19: 1105
      2019/20: 1150
      2020/21: 1098
      2021/22: 1204
      2022/23: 1310
      2023/24: 1287
  by-phone:
    title: By telephone
    unit: count
    observations:
      2021/22: 1004
      2022/23: 1050
      2023/24: 987
  online:
    title: Online
    unit: count
    observations:
      2021/22: 200
      2022/23: 260
      2023/24: 300
commentary:
  2024-07-15: Four more people answer calls from August.
"""
PLAN = """\
organisation: Riverside Council
title: Corporate plan
area: riverside
edition:
  board: Cabinet
  date: 2024-07-30
  title: Corporate plan scorecard
priorities:
  - id: service
    title: Good service
    kpis:
      - helpline
areas:
  riverside: Riverside
sources:
  quarterly-return:
    title: Quarterly return
    url: https://www.example.org/return
  charter:
    title: Customer charter
owners:
  contact-centre: Head of the contact centre
"""
FILES = {"kpi": ("kpis/service/helpline.yaml", KPI), "plan": ("kpis/plan.yaml", PLAN)}


class Planted(NamedTuple):
    """One mistake.

    Attributes:
        family: what kind of mistake it is.
        name: what somebody did.
        old: the text in the good file.
        new: what stands there instead.
        kind: which file it is planted in: "kpi" or "plan".
        lines: other lines that are as good as the first one that differs.
    """

    family: str
    name: str
    old: str
    new: str
    kind: str = "kpi"
    lines: tuple[int, ...] = ()

    @property
    def text(self) -> str:
        """The file with the mistake."""
        good = FILES[self.kind][1]
        assert good.count(self.old) == 1, (self.name, good.count(self.old))
        return good.replace(self.old, self.new)

    @property
    def line(self) -> int:
        """The first line that differs from the good file."""
        good, bad = FILES[self.kind][1].splitlines(), self.text.splitlines()
        return 1 + next(n for n, line in enumerate(bad) if n >= len(good) or good[n] != line)


def _figure(family: str, name: str, written: str) -> Planted:
    return Planted(family, name, "2023/24 Q4: 87.4", f"2023/24 Q4: {written}")


def _period(name: str, written: str) -> Planted:
    return Planted("Periods", name, "2023/24: 2m18s", f"{written}: 2m18s")


NUMBERS, FIELDS, YAML, TWICE = "Numbers", "Fields", "YAML", "Twice"
REFERENCES, TARGETS, SUMS, HIDDEN, SERIES = "References", "Targets", "Sums", "Characters", "Series"

MISTAKES = (
    _figure(NUMBERS, "a per cent sign", "87.4%"),
    _figure(NUMBERS, "a decimal comma", "87,4"),
    _figure(NUMBERS, "a thousands comma", "1,204"),
    _figure(NUMBERS, "a letter O for a nought", "8O.4"),
    _figure(NUMBERS, "n/a", "n/a"),
    _figure(NUMBERS, "a mark behind the figure", "87.4 (p)"),
    _figure(NUMBERS, "a figure in quotes", '"87.4"'),
    _figure(NUMBERS, "no figure", ""),
    _figure(NUMBERS, "a share above 100", "874"),
    _figure(NUMBERS, "not a number", ".nan"),
    Planted(NUMBERS, "a time where others see 138 seconds", "2023/24: 2m18s", "2023/24: 2:18"),
    Planted(NUMBERS, "half a call", "2023/24: 987", "2023/24: 987.5", lines=(9,)),
    Planted(NUMBERS, "a count below nought", "2023/24: 300", "2023/24: -300", lines=(9,)),
    _period("a hyphen for the slash", "2023-24"),
    _period("a month in words", "Mar 2024"),
    _period("FY24", "FY24"),
    _period("a year of one day", "2023/25"),
    _period("a day that is none", "2024-02-30"),
    Planted("Periods", "a year typed wrong, in the future", "2024/25 Q1: {", "2025/26 Q1: {"),
    Planted("Periods", "a quarter left out", "      2023/24 Q2: 84.7\n", "", lines=(21, 22, 23)),
    Planted("Periods", "the order turned round", "2021/22: 2m48s\n      2022/23: 2m31s", "2022/23: 2m31s\n      2021/22: 2m48s", lines=(32, 33)),
    Planted(FIELDS, "a field misspelt", "owner:", "onwer:"),
    Planted(FIELDS, "a field in capitals", "unit: percent", "Unit: percent", lines=(1, 11, 12)),
    Planted(FIELDS, "a choice misspelt", "unit: percent", "unit: percentage"),
    Planted(FIELDS, "a choice in other words", "aim: increase", "aim: go up"),
    Planted(FIELDS, "a mark misspelt", "[provisional]", "[provisonal]"),
    Planted(FIELDS, "text where a list belongs", "sources: [quarterly-return]", "sources: quarterly-return"),
    Planted(FIELDS, "a block where a list belongs", "      - at_least: 90\n        source: charter\n        by: 2025/26\n", "      at_least: 90\n      source: charter\n      by: 2025/26\n", lines=(15, 16)),
    Planted(FIELDS, "no title", "title: Calls to the helpline\n", "", lines=(1,)),
    Planted(FIELDS, "an id in words", "  in-time:", "  In time:"),
    Planted(YAML, "a colon in a text", "title: Calls to", "title: Calls: to"),
    Planted(YAML, "a tab", "    title: Average wait", "\ttitle: Average wait"),
    Planted(YAML, "no space after a colon", "unit: duration", "unit:duration"),
    Planted(YAML, "a quote left open", "title: Calls to the helpline", 'title: "Calls to the helpline'),
    Planted(YAML, "curly quotes", "title: Calls to the helpline", "title: “Calls: the helpline”"),
    Planted(YAML, "a word that others read as false", "owner: contact-centre", "owner: no"),
    Planted(YAML, "a line too far left", "    unit: duration", "   unit: duration", lines=(27, 28, 29)),
    Planted(YAML, "an anchor", "[quarterly-return]", "&s [quarterly-return]"),
    Planted(YAML, "an unfinished merge", "      2023/24: 987\n", "<<<<<<< HEAD\n      2023/24: 987\n=======\n      2023/24: 988\n>>>>>>> feb\n", lines=(49, 50, 51, 53)),
    Planted(TWICE, "a period twice", "      2023/24: 2m18s\n", "      2023/24: 2m18s\n      2023/24: 2m20s\n", lines=(33, 34)),
    Planted(TWICE, "a field twice", "better: lower\n", "better: lower\n    unit: count\n", lines=(28, 30)),
    Planted(TWICE, "a period twice, in two spellings", "      2023/24: 2m18s\n", "      2023/24: 2m18s\n      12 months to 2024-03: 2m18s\n", lines=(33, 34)),
    Planted(REFERENCES, "a source that there isn't", "source: charter", "source: charta"),
    Planted(REFERENCES, "an owner that there isn't", "owner: contact-centre", "owner: contact-center"),
    Planted(REFERENCES, "a measure that there isn't", "parts: [by-phone,", "parts: [by-telephone,"),
    Planted(REFERENCES, "a file that the plan doesn't list", "      - helpline\n", "      - helplines\n", "plan", lines=(1, 12)),
    Planted(REFERENCES, "a link without its colon", "https://www", "https//www", "plan"),
    Planted(TARGETS, "a target the wrong way round", "at_least: 90", "at_most: 90"),
    Planted(TARGETS, "two bounds", "      - at_least: 90\n", "      - at_least: 90\n        more_than: 90\n", lines=(16, 17)),
    Planted(TARGETS, "a target as a fraction", "at_least: 90", "at_least: 0.9"),
    Planted(TARGETS, "no source for a target", "        source: charter\n", "", lines=(16,)),
    Planted(TARGETS, "no bound", "      - at_least: 90\n        source", "      - source", lines=(16,)),
    Planted(SUMS, "parts that don't add up", "2023/24: 987", "2023/24: 997", lines=(9, 43, 56)),
    Planted(SUMS, "a part above its whole", "2023/24 Q4: 87.4", "2023/24 Q4: {value: 87.4, numerator: 437, denominator: 50}"),
    Planted(HIDDEN, "a space that doesn't break", "2023/24: 2m18s", "2023/24:\u00a02m18s"),
    Planted(HIDDEN, "a space of no width", "better: lower", "bet\u200bter: lower"),
    Planted(HIDDEN, "a Cyrillic letter", "  wait:", "  w\u0430it:"),
    Planted(HIDDEN, "text turned round", "title: Online", "title: On\u202enil"),
    Planted(SERIES, "a decimal point forgotten", "2023/24: 1287", "2023/24: 12870", lines=(9,)),
    Planted(SERIES, "a figure far from all others", "2023/24 Q3: 86.3", "2023/24 Q3: 36.3"),
    Planted(SERIES, "unrounded, as the spreadsheet had it", "2023/24 Q4: 87.4", "2023/24 Q4: 87.39582"),
    Planted(SERIES, "a figure that is overdue", "      2024/25 Q1: {value: 86.9, marks: [provisional]}\n", "", lines=(11, 12, 13, 24)),
    Planted(SERIES, "nought for not known", "2023/24: 300", "2023/24: 0", lines=(9,)),
)  # fmt: skip


def written(root: Path, mistake: Planted | None = None) -> Path:
    """The repository with the mistake, or without any; the path of the file concerned."""
    for path, text in FILES.values():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8", newline="\n")
    if mistake is None:
        return root
    place = root / FILES[mistake.kind][0]
    place.write_text(mistake.text, encoding="utf-8", newline="\n")
    return place
