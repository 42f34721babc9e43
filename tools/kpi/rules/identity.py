"""Family 3xx: identity and the plan. References have a file of their own."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from kpi.model.finding import ERROR, WARNING, FieldPath, Problem
from kpi.model.plan import Plan
from kpi.model.text import nearest
from kpi.rules.rule import SAFE, Entry, Framework, about_all, about_plan, raised

PAGES = frozenset({"readme", "breaches"})
"""The pages beside those of the priorities; `README.md` and `readme.md` are one file on many computers."""


@about_all("KPI302", "duplicate-id", ERROR, required=True)
def duplicate_id(framework: Framework) -> Iterator[tuple[str, Problem]]:
    """Two files with one name, in different folders. A KPI's id is its file name, so it must be the only one."""
    files: dict[str, list[Entry]] = defaultdict(list)
    for entry in framework.entries:
        files[entry.kpi].append(entry)
    for name, entries in files.items():
        for entry in entries[1:]:
            yield (
                entry.path,
                Problem(
                    duplicate_id.name,
                    (),
                    f'The id "{name}" is also used by {entries[0].path}. Each id can be used once.',
                    "Rename one of the two files, here and in kpis/plan.yaml.",
                ),
            )


@about_all("KPI303", "not-in-plan", ERROR, required=True, fix=SAFE)
def not_in_plan(framework: Framework) -> Iterator[tuple[str, Problem]]:
    """The plan is the table of contents: every file is listed there once, under its folder's priority."""
    plan, path = framework.plan, framework.plan_path
    listed_under = {name: priority.id for priority, _, name in plan.listed()}
    folders = {priority.id for priority in plan.priorities}
    lists = {priority.id: len(priority.objectives) for priority in plan.priorities}
    rightly = {entry.kpi for entry in framework.entries if listed_under.get(entry.kpi) == entry.priority}
    for entry in framework.entries:
        line = None
        if entry.kpi in rightly:  # a second file of that name is told by duplicate-id
            continue
        if entry.priority not in folders:
            near = nearest(entry.priority, folders)
            message = f'The folder "{entry.priority}" is not a priority of the plan.'
            help_ = (
                f'Did you mean "{near}"?' if near else f"Add a priority with id: {entry.priority} to {path}."
            )
        elif entry.kpi in listed_under:
            other = listed_under[entry.kpi]
            message = f'The plan lists "{entry.kpi}" under "{other}", but the file is in "{entry.priority}".'
            help_ = f"Move the file to kpis/{other}/, or the line in {path}."
        else:
            message = f'"{entry.kpi}" is not in {path}, so no page would show it.'
            help_ = f"Add this line under the priority {entry.priority}: - {entry.kpi}"
            line = (
                f"- {entry.kpi}" if lists[entry.priority] == 1 else None
            )  # else nobody knows which objective
        yield entry.path, Problem(not_in_plan.name, (), message, help_, line)
    there = {entry.kpi for entry in framework.entries}
    unlisted = there - listed_under.keys()
    for where, priority, name in _listed(plan):
        if name not in there:
            near = nearest(name, unlisted) or nearest(name, there)
            help_ = f'Did you mean "{near}"? ' if near else ""
            help_ += f"Otherwise write kpis/{priority}/{name}.yaml, or take this line out."
            yield path, Problem(not_in_plan.name, where, f'There is no file for "{name}".', help_)


def _listed(plan: Plan) -> Iterator[tuple[FieldPath, str, str]]:
    """Every listed id with its place in the plan and its priority."""
    for number, priority in enumerate(plan.priorities):
        for nth, objective in enumerate(priority.objectives):
            stem: FieldPath = ("priorities", number)
            if objective.title:
                stem = (*stem, "objectives", nth)
            for position, name in enumerate(objective.kpis):
                yield (*stem, "kpis", position), priority.id, name


def _listed_twice(plan: Plan) -> Iterator[Problem]:
    """A KPI listed twice in the plan, or two priorities with one id."""
    counts = Counter(name for _, _, name in plan.listed())
    seen: set[str] = set()
    for where, _, name in _listed(plan):
        if counts[name] > 1 and name in seen:
            yield Problem(
                not_in_plan.name,
                where,
                f'"{name}" is listed twice in the plan.',
                "Keep one of the two lines.",
            )
        seen.add(name)
    ids: set[str] = set()
    for number, priority in enumerate(plan.priorities):
        if priority.id in ids:
            where = ("priorities", number, "id")
            yield Problem(
                not_in_plan.name, where, f'Two priorities have the id "{priority.id}".', "Rename one of them."
            )
        ids.add(priority.id)


@about_all("KPI305", "same-measure-twice", WARNING)
def same_measure_twice(framework: Framework) -> Iterator[tuple[str, Problem]]:
    """Two measures in different KPIs with the same figures. Typed twice, they can drift apart; shown once, they can't.

    Only series of at least two figures count: one equal figure may be chance.
    """
    homes: dict[int, list[tuple[Entry, str]]] = defaultdict(list)
    for entry in framework.entries:
        for name, fingerprint in entry.series.items():
            homes[fingerprint].append((entry, name))
    for places in homes.values():
        kpis = {entry.kpi for entry, _ in places}
        if len(kpis) < 2:
            continue
        first, first_name = places[0]
        for entry, name in places[1:]:
            if entry.kpi == first.kpi:
                continue
            yield (
                entry.path,
                Problem(
                    same_measure_twice.name,
                    ("measures", name),
                    f'These figures are also in "{first.kpi}/{first_name}".',
                    f"Show them from there, so that they can't drift apart: also_shows: [{first.kpi}/{first_name}]",
                    on_key=True,
                ),
            )


@about_plan("KPI307", "reserved-id", ERROR, required=True)
def reserved_id(plan: Plan) -> Iterator[Problem]:
    """A priority's page has its id for a name, and the scorecard has pages of its own with the names readme and breaches."""
    for number, priority in enumerate(plan.priorities):
        if priority.id in PAGES:
            message = f'"{priority.id}" is the name of a page of the scorecard, so it can\'t be the id of a priority.'
            help_ = "Choose another id, and give the folder under kpis/ the same name."
            yield Problem(reserved_id.name, ("priorities", number, "id"), message, help_)


RULES = (
    raised(
        "KPI301",
        "id-format",
        ERROR,
        "Ids are lower-case letters, digits and hyphens, start with a letter, and aren't words that YAML misreads.",
    ),
    duplicate_id,
    not_in_plan._replace(about_plan=_listed_twice),
    same_measure_twice,
    raised(
        "KPI306",
        "nothing-to-show",
        ERROR,
        "A KPI needs figures, a shown measure, or a reason why it has none.",
    ),
    reserved_id,
)
