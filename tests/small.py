"""A small made-up repository that uses most of the format, as text: for tests of pages, lint, store and the command line."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from kpi.judge.judgement import Judgement, judge
from kpi.pages.scorecard import scorecard_pages
from kpi.store.output import write
from kpi.store.repository import Repository, load

PLAN = """\
organisation: Riverside Libraries
title: Library plan
area: riverside
edition:
  board: Library Board
  date: 2024-05-15
  title: Library scorecard
  presented_by: The Librarian
  purpose: To be noted.
priorities:
  - id: reading
    title: More reading
    note: The plan's first promise.
    objectives:
      - title: Loans and visits
        kpis: [loans, visits]
      - title: More reading
        note: The heading of the priority once more.
        kpis: [opening-hours]
  - id: people
    title: People
    kpis: [satisfaction, staff, reading-circles, school-links]
areas:
  riverside: Riverside
  hillside: {name: Hillside, short: Hill}
  nation: {name: The nation, whole: true}
sources:
  library-plan: {title: Library plan}
  return: {title: Annual return, url: "https://example.org/return?year=2024&part=2", note: Published in May.}
bodies:
  schools-board: Schools Board
owners:
  head: Head of Libraries
status: {words: {missed: off target}}
"""
LOANS = """\
title: Loans
definition: Items lent, and how many of them are books.
aim: increase
owner: head
sources: [return]
commentary:
  2024-04-30: Two branches were closed for repairs.
checks:
  # kpi: ignore[check-fails] the return counts audio books twice
  - {total: all, parts: [books, other]}
measures:
  all:
    title: All items
    unit: count
    targets:
      - {at_least: 5000, source: library-plan}
    references:
      - {label: Last plan, value: 4500}
    baseline: 2020/21
    observations:
      2020/21: 4000
      2021/22: 5200
      2022/23: 4900
      2023/24: {value: 4800, marks: [provisional]}
    peers:
      hillside: {2022/23: 3000, 2023/24: 3100}
      nation: {2022/23: 900000}
  books:
    title: Books
    unit: count
    observations:
      2022/23: 4000
      2023/24: 3900
  other:
    title: Other items
    unit: count
    observations:
      2022/23: 900
      2023/24:
        value: 901
        marks: [break, estimated]
        note: Games are counted from now on | and magazines < 1990 & comics too.
  share-of-books:
    title: Share of books
    derived: {share: books, of: [books, other]}
    better: neither
    decimals: 1
"""
VISITS = """\
title: Visits
definition: |
  People who came in,
  counted at the door.
unit: count
better: higher
measures:
  visits:
    title: Visits
    targets:
      - {at_least: 1000, over: 1 months, by: 2024-12, source: library-plan}
    triggers:
      - {when: decrease, minimum: 20%}
    observations:
      2024-01: 900
      2024-02: 950
      2024-03: {marks: [not-available]}
sources: [return]
"""
HOURS = """\
title: Opening hours
definition: Hours open in a week.
unit: {name: hours a week}
better: higher
kind: snapshot
note: Sundays are counted.
also_shows: [loans/books]
measures:
  hours:
    targets:
      - {at_least: 40, tolerance: 5%, source: library-plan}
    observations:
      2023-03-31: 35
      2024-03-31: 39
"""
SATISFACTION = """\
title: Satisfaction
definition: Share of users who are satisfied.
unit: percent
better: higher
dimensions:
  age: {young: Under 25, old: 25 and over}
measures:
  young:
    is: {age: young}
    targets:
      - {at_least: 80, source: library-plan}
    observations: {2022: 75, 2023: 81}
  old:
    is: {age: old}
    targets:
      - {at_least: 80, source: library-plan}
    observations: {2022: 85, 2023: 79.5}
  waiting:
    title: Time at the desk
    unit: duration
    better: lower
    observations: {2022: 2m18s, 2023: 43.5s}
sources: [return]
"""
STAFF = """\
title: Staff
definition: Staff gained since the plan began, and what they cost.
sources: [return]
measures:
  gained:
    title: Staff gained
    unit: count
    kind: cumulative
    better: higher
    since: 2022-04-01
    targets:
      - {at_least: 10, source: library-plan}
    observations: {2024-03-31: 6}
  cost:
    title: Cost of staff
    unit: {currency: GBP}
    better: neither
    observations: {2022/23: 100000, 2023/24: 101500.50}
  well:
    title: Well at work
    unit: percent
    better: higher
    targets:
      - {in_words: Most staff are well., source: library-plan}
    observations: {2023/24: {assessment: near}}
  trained:
    title: Trained
    no_figures: {because: awaiting-data}
    unit: percent
    better: higher
"""
CIRCLES = """\
title: Reading circles
definition: Circles that meet.
unit: count
better: higher
no_figures: {because: in-words, text: Seven circles meet.}
"""
SCHOOLS = """\
title: Links with schools
definition: Schools that bring their classes.
unit: count
better: higher
no_figures: {because: monitored-elsewhere, body: schools-board, as_of: 2024-03}
"""
FILES = {
    "kpis/plan.yaml": PLAN,
    "kpis/reading/loans.yaml": LOANS,
    "kpis/reading/visits.yaml": VISITS,
    "kpis/reading/opening-hours.yaml": HOURS,
    "kpis/people/satisfaction.yaml": SATISFACTION,
    "kpis/people/staff.yaml": STAFF,
    "kpis/people/reading-circles.yaml": CIRCLES,
    "kpis/people/school-links.yaml": SCHOOLS,
}
"""The repository: text by path from the root."""


def written(root: Path, files: Mapping[str, str] | None = None, **changed: str) -> Path:
    """Write a repository and return its root: the small one, or other files.

    `changed` replaces whole files of the small one by their id: `written(root, loans="title: …")`.
    """
    for path, text in (files or FILES).items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(changed.get(place.stem.replace("-", "_"), text), encoding="utf-8", newline="\n")
    return root


def edited(text: str, old: str, new: str) -> str:
    """The text with its one `old` replaced."""
    assert text.count(old) == 1, (old, text.count(old))
    return text.replace(old, new)


def judged(root: Path) -> tuple[Repository, Judgement]:
    """A repository, read and judged. All of it must be readable."""
    repository = load(root)
    assert ([file.location.path for file in repository.files if not file.whole], repository.odd) == ([], ())
    assert repository.plan.whole
    assert repository.plan.plan is not None
    return repository, judge(repository.plan.plan, repository.kpis)


def scorecard(root: Path) -> tuple[Repository, Judgement, dict[str, str]]:
    """A repository, read, judged and told as `kpi build` does it. All of it must be readable."""
    repository, judgement = judged(root)
    return repository, judgement, scorecard_pages(judgement, repository.reasons())


@cache
def both_contents() -> tuple[Judgement, Judgement]:
    """The content of this repository and that of its example, judged: pure values, for all tests."""
    root = Path(__file__).parent.parent
    return judged(root)[1], judged(root / "docs/examples/hospital")[1]


def with_pages(root: Path) -> Path:
    """Write the small repository with the pages that `kpi build` makes of it, and return its root."""
    write(written(root), scorecard(root)[2])
    return root
