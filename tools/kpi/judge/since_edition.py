"""What has changed since the last edition, each edition judged on its own day: what its readers were told."""

from collections.abc import Iterator
from typing import NamedTuple

from kpi.judge.changes import FrameworkVersion
from kpi.judge.figure_changes import compare_figures
from kpi.judge.judgement import Judgement, judge
from kpi.judge.renames import kpi_evidence, measure_evidence, pair_up
from kpi.judge.state import IS_MET, UNMET
from kpi.model.kpi import Kpi, Measure


class SinceEdition(NamedTuple):
    """The addresses of the measures that changed.

    Attributes:
        edition: the day of the last edition's meeting as ISO text; empty where its plan had none.
        met: their target is met now; it was there before, and not met.
        unmet: their target isn't met now. It was before, or there was none.
        revised: a published figure of theirs is another now, or gone.
        unread: how many KPIs could not be compared.
    """

    edition: str
    met: frozenset[str]
    unmet: frozenset[str]
    revised: frozenset[str]
    unread: int = 0


def compare_editions(last: FrameworkVersion, after: Judgement) -> SinceEdition:
    """What has changed between two editions; KPIs of the last one that can't be read any more are left out.

    Raises:
        ValueError: if the last edition has no plan.
    """
    if last.plan is None:
        raise ValueError("the last edition has no plan")
    before = judge(last.plan, last.kpis)
    old = {judged.address: judged for judged in before.once()}
    new = {judged.address: judged for judged in after.once()}
    met, unmet, revised = set(), set(), set()
    for was, address, measure in _pairs(before, after):
        if address.partition("/")[0] in last.unusable:
            continue
        judged, earlier = new[address], old.get(was[0]) if was else None
        if (
            judged.state in IS_MET
            and earlier is not None
            and earlier.verdicts
            and earlier.state not in IS_MET
        ):
            met.add(address)
        if judged.state in UNMET and (earlier is None or earlier.state not in UNMET):
            unmet.add(address)
        if was and any(change.revised and not change.area for change in compare_figures(was[1], measure)):
            revised.add(address)
    unread = sum(judged.kpi.id in last.unusable for judged in after.kpis)
    return SinceEdition(last.plan.edition.date, frozenset(met), frozenset(unmet), frozenset(revised), unread)


def _pairs(before: Judgement, after: Judgement) -> Iterator[tuple[tuple[str, Measure] | None, str, Measure]]:
    """Each measure with what it was, renamed ones too: address and measure, before (if there was one) and now."""
    kpis: list[tuple[Kpi, ...]] = [tuple(judged.kpi for judged in each.kpis) for each in (before, after)]
    for old, new in pair_up(kpis[0], kpis[1], kpi_evidence):
        if new is None:
            continue
        for was, now in pair_up(old.measures if old else (), new.measures, measure_evidence):
            if now is not None:
                earlier = (f"{old.id}/{was.id}", was) if old and was else None
                yield earlier, f"{new.id}/{now.id}", now
