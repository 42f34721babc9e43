"""Every target with a number in one picture: a bar for now, a line for the target, a ring for before."""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from kpi.judge.judgement import Judgement, MeasureJudgement
from kpi.judge.state import IS_MET, STATES_WORST_FIRST
from kpi.judge.target import relative_gap
from kpi.model.kpi import Bound, Observation
from kpi.model.period import span_words
from kpi.model.text import counted
from kpi.pages.charts import svg
from kpi.pages.charts.svg import EDGE, LINE, QUIET, ROOM, SIZE, TITLE, WIDTH, Sheet, Style
from kpi.pages.figure_words import number_words
from kpi.pages.standing import list_name, shown_once
from kpi.pages.target_words import bound_words, group_words, judged_bound_words, says_why

LIMIT, MOST = 16384, 40  # the bytes and the rows that the picture may have
BARS_AT, LINE_AT = 212, 300  # where bars begin, beside their names, and where the line of the target stands
_FURTHEST = 1.45  # how far a bar goes, as a part of its target
_NEARLY_ALL, _WHOLE = 90, 100
_RIGHT = 170  # pixels that numbers without a bar may take


class _Row(NamedTuple):
    """A target: its word and colour, name, and how far it is: `now` and `before` as parts of it."""

    judged: MeasureJudgement
    alike: tuple[str, str]
    name: str
    mark: str  # the sign of one that is drawn by what is left to 100
    now: Fraction | None
    before: Fraction | None


def targets_picture(judgement: Judgement) -> str:
    """The picture as SVG, at most `LIMIT` bytes and `MOST` rows of it; empty where no target has a number."""
    rows, text, day = _rows(judgement), "", span_words(judgement.day, judgement.day)
    title = f"{sum(row.judged.state in IS_MET for row in rows)} of {counted(len(rows), 'target')} met"
    counts = Counter(row.alike for row in rows)
    for most in (MOST, 30, 20, 10) if rows else ():
        sheet = Sheet()
        top = sheet.block((EDGE, EDGE), title, ROOM, TITLE) + 4
        top = sheet.block((EDGE, top), f"{judgement.plan.organisation}, {day}", ROOM, QUIET)
        top = sheet.block((EDGE, top), "Bar: now. Line: the target. Ring: before.", ROOM, QUIET)
        for alike, members in groupby(rows[:most], key=attrgetter("alike")):
            top = _draw_group(sheet, f"{alike[0]}: {counts[alike]}", list(members), top + 6)
        notes = ["* Drawn by what is left to 100%."] if any(row.mark for row in rows[:most]) else []
        notes += [f"{counted(len(rows) - most, 'more target')} not drawn."] if len(rows) > most else []
        for note in notes:
            top = sheet.block((EDGE, top + 6), note, ROOM, QUIET)
        text = svg.picture(top + EDGE, title, targets_words(judgement), sheet.shapes)
        if len(text.encode()) <= LIMIT:
            break
    return text


def targets_words(judgement: Judgement) -> str:
    """The picture in words: "18 targets with a number: 11 not met; 2 part of the way; 5 met"; empty for none."""
    rows = _rows(judgement)
    counts = Counter(row.alike[0] for row in rows)
    words = "; ".join(f"{many} {group[:1].lower()}{group[1:]}" for group, many in counts.items())
    return f"{counted(len(rows), 'target')} with a number: {words}" if rows else ""


def _rows(judgement: Judgement) -> list[_Row]:
    """A row a target with a number, the worst first: by state and colour, then by the widest gap."""
    rows = []
    for shown in shown_once(judgement):
        judged, verdict = shown.measure, shown.measure.deciding
        if verdict is None or verdict.target.bound is None:
            continue
        group = group_words(judged, judgement.plan.status.words)
        group += ", figure queried" if judged.queried and not says_why(judged) else ""
        at = verdict.observation
        earlier = next((travel.earlier for travel in judged.directions if travel.later == at), None)
        level = verdict.bound.value if verdict.bound is not None else None
        # Shares of nearly all would all look alike: they are drawn by what is left to 100.
        by_rest = judged.measure.unit.is_share and level is not None and _NEARLY_ALL <= level < _WHOLE
        now, before = (_part(verdict.bound, figure, by_rest=by_rest) for figure in (at, earlier))
        mark = "*" if now is not None and by_rest else ""
        rows.append(_Row(judged, (group, judged.rag.colour), list_name(shown), mark, now, before))

    def order(row: _Row) -> tuple[int, tuple[str, str], bool, Fraction]:
        is_endless, gap = relative_gap(row.judged.deciding, row.judged.measure.unit)
        return STATES_WORST_FIRST.index(row.judged.state), row.alike, not is_endless, -gap

    return sorted(rows, key=order)


def _part(bound: Bound | None, figure: Observation | None, *, by_rest: bool) -> Fraction | None:
    """A figure as a part of its target; None where that is zero or a range, or the figure negative."""
    value = figure.value if figure is not None else None
    if bound is None or bound.value is None or bound.upper is not None or value is None:
        return None
    end, at = Fraction(bound.value), Fraction(value)
    if by_rest:
        end, at = _WHOLE - end, _WHOLE - at
    return at / end if end > 0 and at >= 0 else None


def _draw_group(sheet: Sheet, title: str, rows: Sequence[_Row], top: float) -> float:
    """The rows that stand alike, below their word and its sign; how far their lower end is from the top."""
    indent = 15 if svg.draw_sign(sheet, rows[0].judged, EDGE, top) else 0
    top = sheet.block((EDGE + indent, top), title, ROOM, Style(bold=True)) + 3
    bars = ticks = rings = ""
    for row in rows:
        bottom = _draw_texts(sheet, row, top)
        if row.now is not None:
            left, end, upper = BARS_AT, _x(row.now), top + 3
            pointed = f"M{left} {svg.number(upper)}H{svg.number(end)}l6 4-6 4H{left}z"
            bars += pointed if row.now > _FURTHEST else svg.bar(left, end, upper, upper + 8)
            ticks += f"M{LINE_AT} {svg.number(top + 1)}v12"
            if row.before is not None and row.before <= _FURTHEST:
                rings += svg.dot(_x(row.before), top + 7, 3.5)
        top = bottom + 2
    sheet.fill(bars, rows[0].judged.rag.colour or "old")
    sheet.line(ticks, "ink", "thick")
    sheet.line(rings, "ink", "thick", "card")
    return top


def _x(part: Fraction) -> float:
    return BARS_AT + (LINE_AT - BARS_AT) * min(float(part), _FURTHEST)


def _draw_texts(sheet: Sheet, row: _Row, top: float) -> float:
    """A row's name, and at the right the numbers that have no bar; how far their lower end is from the top."""
    numbers, room = [], BARS_AT - EDGE - 14.0
    verdict, measure = row.judged.deciding, row.judged.measure
    if row.now is None and verdict is not None and verdict.target.bound is not None:
        words, at = bound_words(verdict.target.bound, measure.unit), verdict.observation
        if at is not None and at.value is not None:
            words = f"{number_words(at, measure)}, {judged_bound_words(verdict, measure)}"
        numbers = svg.wrapped(words, _RIGHT, 3)
        room = ROOM - 10 - max(map(svg.text_width, numbers))
        sheet.write((WIDTH - EDGE, top + SIZE), numbers, QUIET._replace(anchor="end"))
    name = svg.wrapped(row.name, room, 3) or [""]
    sheet.write((EDGE, top + SIZE), [*name[:-1], f"{name[-1]}{row.mark}"])
    return top + LINE * max(len(name), len(numbers))
