"""What must be true between files: an entry for each file, and what must be true before the whole framework is reported."""

from collections.abc import Iterator
from datetime import date
from zlib import crc32

from kpi.lint.rule_choice import setting_problems
from kpi.model.finding import ERROR, Problem
from kpi.model.kpi import Kpi, Measure
from kpi.rules import BY_NAME, RULES
from kpi.rules.rule import FileEntry, Framework
from kpi.store.paths import PLAN, renamed
from kpi.store.repository import KpiFile, Repository

_TELLING_DIGITS = 4
_NO_VALUE = 10**40  # no figure has so many digits


def entry_of(file: KpiFile) -> FileEntry:
    """What the rules about all KPIs need of one file."""
    kpi = file.kpi
    if kpi is None:
        return _name_of(file)
    return _name_of(file)._replace(
        measures=_measures(file, kpi),
        also_shows=kpi.also_shows,
        code=kpi.code,
        title=kpi.title,
        series={
            measure.id: fingerprint for measure in kpi.measures if (fingerprint := _fingerprint(measure))
        },
    )


def _name_of(file: KpiFile) -> FileEntry:
    """What the required rules need: where the file is. Only lint compares its figures."""
    return FileEntry(file.place.path, file.place.kpi, file.place.priority, readable=file.kpi is not None)


def _measures(file: KpiFile, kpi: Kpi) -> tuple[str, ...]:
    """The ids of the file's measures, with those that could not be read."""
    written = file.document.values if file.document and not file.whole else None
    named = written.get("measures") if written else None
    return tuple(named) if isinstance(named, dict) else tuple(measure.id for measure in kpi.measures)


def conflicts(repository: Repository) -> Iterator[tuple[str, Problem]]:
    """What the required rules find between the files, as (path, problem): a file that no page would show, one id twice.

    A plan that can't be used has none; that is reported elsewhere.
    """
    plan = repository.plan.plan
    if plan is None:
        return
    yield from ((PLAN, problem) for problem in setting_problems(plan))
    misnamed = frozenset(renamed(path) for path, _ in repository.odd)
    framework = Framework(plan, PLAN, tuple(_name_of(file) for file in repository.files), misnamed)
    for rule in RULES:
        if rule.required and rule.about_plan is not None:
            yield from ((PLAN, problem._replace(rule=rule.name)) for problem in rule.about_plan(plan))
        if rule.required and rule.about_all is not None:
            yield from (
                (path, problem._replace(rule=rule.name)) for path, problem in rule.about_all(framework)
            )


def broken_files(repository: Repository) -> dict[str, int]:
    """The files with errors that keep them from being used as they are, and how many."""
    counts: dict[str, int] = dict.fromkeys((path for path, _ in repository.odd), 1)
    for path, problems in (
        (repository.plan.path, repository.plan.problems),
        *((file.place.path, file.problems) for file in repository.files),
    ):
        errors = sum(BY_NAME[problem.rule].severity == ERROR for problem in problems)
        if errors:
            counts[path] = errors
    if repository.plan.path not in counts:
        for path, _ in conflicts(repository):
            counts[path] = counts.get(path, 0) + 1
    return counts


def _fingerprint(measure: Measure) -> int:
    """A number that two series share if their units and figures are the same; 0 where that could be chance.

    Two one-digit figures may well be equal by chance; four digits in all hardly are. It is the same in every run, because it is
    cached: Python's hashes of texts and days differ between runs, those of numbers don't.
    """
    if len(measure.observations) < 2 or measure.derived is not None or not _is_telling(measure):
        return 0
    periods, values, *_ = zip(*measure.observations, strict=True)
    starts, ends, *_ = zip(*periods, strict=True)
    days = map(date.toordinal, (*starts, *ends))
    return hash(
        (
            crc32(repr(measure.unit).encode()),
            *days,
            *[_NO_VALUE if value is None else value for value in values],
        )
    )


def _is_telling(measure: Measure) -> bool:
    digits = 0
    for figure in measure.observations:
        digits += 0 if figure.value is None else len(figure.value.as_tuple().digits)
        if digits >= _TELLING_DIGITS:
            return True
    return False
