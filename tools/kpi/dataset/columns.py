"""The tables of a data export and their columns: the one place that names, types and explains them.

Names and meanings are kept from version to version (docs/data.md); new columns may come at the end of a table.
"""

from typing import NamedTuple

STRING, INTEGER, NUMBER, DATE, BOOLEAN = "string", "integer", "number", "date", "boolean"


class Column(NamedTuple):
    """A column: its name, the type of its values (in the words of the Table Schema), and what they mean."""

    name: str
    type: str
    description: str


class Reference(NamedTuple):
    """Columns that name a row of another table, column by column."""

    columns: tuple[str, ...]
    table: str
    there: tuple[str, ...]


class Table(NamedTuple):
    """A table: `key` names its row, `references` the rows of other tables that belong to it."""

    name: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    references: tuple[Reference, ...] = ()


_ORGANISATION = Column(
    "organisation", STRING, "The organisation: its name in small letters, joined by hyphens."
)
_KPI = Column("kpi", STRING, "The KPI: its file's name.")
_MEASURE = Column("measure", STRING, "The measure: its name in the KPI's file.")
_PERIOD = (
    Column("period", STRING, "The period as the file writes it."),
    Column("start", DATE, "Its first day."),
    Column("end", DATE, "Its last day."),
    Column("months", INTEGER, "Its length in whole months; 0 for days and weeks."),
)
_OF_ORGANISATION = Reference(("organisation",), "organisation", ("organisation",))
_OF_MEASURE = Reference(("organisation", "kpi", "measure"), "measures", ("organisation", "kpi", "measure"))


def _named(name: str, title: str) -> tuple[Column, ...]:
    return (_ORGANISATION, Column(name, STRING, f"The {name}'s short name."), Column("title", STRING, title))


TABLES = (
    Table(
        "organisation",
        "Whose figures these are: one row.",
        (
            _ORGANISATION,
            Column("title", STRING, "Its name."),
            Column("plan", STRING, "The title of its plan."),
            Column("area", STRING, "Its own area."),
            Column("year_starts", INTEGER, "The month that its years start in, 1 to 12."),
            Column("as_of", DATE, "The day that everything is judged on."),
            Column("edition", DATE, "The day of the meeting that the scorecard is for."),
        ),
        ("organisation",),
    ),
    Table(
        "priorities",
        "The priorities of the plan, in printed order.",
        (*_named("priority", "Its title."), Column("position", INTEGER, "Its place in the plan, from 1.")),
        ("organisation", "priority"),
        (_OF_ORGANISATION,),
    ),
    Table(
        "areas",
        "The areas that figures are for.",
        (
            *_named("area", "Its name."),
            Column("own", BOOLEAN, "Whether it is the organisation's own."),
            Column("whole", BOOLEAN, "Whether it contains the own area, as a nation does."),
        ),
        ("organisation", "area"),
        (_OF_ORGANISATION,),
    ),
    Table(
        "sources",
        "Where figures and targets come from.",
        (
            *_named("source", "Its title."),
            Column("url", STRING, "Its address."),
            Column("note", STRING, "What should be known of it."),
        ),
        ("organisation", "source"),
        (_OF_ORGANISATION,),
    ),
    Table(
        "kpis",
        "The KPIs of the plan, in printed order.",
        (
            _ORGANISATION,
            _KPI,
            Column("priority", STRING, "The first priority that it is under."),
            Column("objective", STRING, "The objective that it is under."),
            Column("code", STRING, "The organisation's own code."),
            Column("title", STRING, "Its title."),
            Column("definition", STRING, "What it counts."),
            Column("owner", STRING, "Who answers for it."),
            Column("status", STRING, "The worst state of its measures on the day."),
        ),
        ("organisation", "kpi"),
        (
            _OF_ORGANISATION,
            Reference(("organisation", "priority"), "priorities", ("organisation", "priority")),
        ),
    ),
    Table(
        "measures",
        "The measures of the KPIs, each at its home, with its state on the day.",
        (
            _ORGANISATION,
            _KPI,
            _MEASURE,
            Column("title", STRING, "Its title."),
            Column("unit", STRING, "What its figures are in."),
            Column("kind", STRING, "What a figure covers: total, average, snapshot or cumulative."),
            Column("better", STRING, "Which way is better: higher, lower, near or neither."),
            Column("aim", STRING, "What is intended: increase, reduce, maintain or monitor."),
            Column("frequency", STRING, "How often a figure comes."),
            Column("owner", STRING, "Who answers for it."),
            Column("derived", BOOLEAN, "Whether it is computed from other measures of its KPI."),
            Column("state", STRING, "Its state: that of its first target in force, or why there is none."),
            Column("rag", STRING, "The colour of its state: red, amber or green."),
            Column("class", STRING, "How its newest figure has changed (see judgements)."),
            Column("reason", STRING, "Why that can't be told, or is no clear change."),
            Column(
                "breach", STRING, "new, continuing, alone or recovered, for a target not met or met again."
            ),
            Column("since", DATE, "The last day of the first period of the breach."),
            Column("periods", INTEGER, "How many periods running the target is not met."),
            Column("newest", DATE, "The last day of its newest figure."),
            Column("due", DATE, "The day that the next figure is due."),
            Column("days_late", INTEGER, "How many days late that figure is; 0 if it isn't."),
        ),
        ("organisation", "kpi", "measure"),
        (_OF_ORGANISATION, Reference(("organisation", "kpi"), "kpis", ("organisation", "kpi"))),
    ),
    Table(
        "targets",
        "The targets of the measures, in the order of their files.",
        (
            _ORGANISATION,
            _KPI,
            _MEASURE,
            Column("target", INTEGER, "Its place among the measure's targets, from 1."),
            Column("how", STRING, "at_least, more_than, at_most, less_than, equals, between or in_words."),
            Column("value", NUMBER, "The bound; the lower end of a range; seconds for durations."),
            Column("upper", NUMBER, "The upper end of a range."),
            Column("taken_from", STRING, "For a bound taken from the series: the period, or previous."),
            Column("change", NUMBER, "What is added to the figure that the bound is taken from."),
            Column("change_in_percent", BOOLEAN, "Whether that is a share of the figure."),
            Column("starts", DATE, "The first day that it is for."),
            Column("by", DATE, "The last day to reach it by."),
            Column("until", DATE, "The last day that it is for."),
            Column("over", INTEGER, "The length of the periods that it is for, in months."),
            Column("tolerance", NUMBER, "How far outside the bound is near."),
            Column("tolerance_in_percent", BOOLEAN, "Whether that is a share of the bound."),
            Column("label", STRING, "A name that tells it apart from the measure's other targets."),
            Column("source", STRING, "Where it comes from."),
            Column("words", STRING, "The target as pages say it."),
        ),
        ("organisation", "kpi", "measure", "target"),
        (_OF_MEASURE,),
    ),
    Table(
        "figures",
        "Every figure at its home measure, other areas' and computed ones included.",
        (
            _ORGANISATION,
            Column("priority", STRING, "The first priority that the KPI is under."),
            _KPI,
            _MEASURE,
            Column("area", STRING, "The area that the figure is for."),
            *_PERIOD,
            Column("value", NUMBER, "The figure; seconds for durations. Empty where a mark says why."),
            Column("unit", STRING, "What it is in."),
            Column("marks", STRING, "What is said of it, such as provisional, joined by semicolons."),
            Column("note", STRING, "The note at it."),
            Column(
                "assessment", STRING, "met, near or missed, where somebody's judgement replaces a figure."
            ),
            Column("numerator", NUMBER, "The number on top of a share or ratio."),
            Column("denominator", NUMBER, "The number below."),
            Column("margin", NUMBER, "Half the width of the figure's 95% interval."),
            Column("derived", BOOLEAN, "Whether it is computed from other measures."),
        ),
        ("organisation", "kpi", "measure", "area", "period"),
        (
            _OF_MEASURE,
            Reference(("organisation", "area"), "areas", ("organisation", "area")),
        ),
    ),
    Table(
        "judgements",
        "Each figure of the own area held against each target that was in force for it, by all that is known today.",
        (
            _ORGANISATION,
            _KPI,
            _MEASURE,
            *_PERIOD,
            Column("target", INTEGER, "The target, as in targets; 0 where none was in force."),
            Column(
                "decides", BOOLEAN, "Whether it is the first in force, which gives the state of its period."
            ),
            Column("state", STRING, "The state of the target by this figure (see docs/judgement.md)."),
            Column("bound", NUMBER, "The bound that it was held against."),
            Column("bound_upper", NUMBER, "The second end of a range."),
            Column("on_the_way", BOOLEAN, "Whether that is a way point."),
            Column("gap", NUMBER, "How far the figure is from the bound, in the measure's unit."),
            Column(
                "class", STRING, "better, worse, higher, lower, no clear change, the same, or can't be told."
            ),
            Column("reason", STRING, "Why that can't be told, or is no clear change."),
            Column(
                "compared_with", STRING, "The period of the earlier figure that this one was compared with."
            ),
        ),
        ("organisation", "kpi", "measure", "period", "target"),
        (_OF_MEASURE,),
    ),
)
"""All tables, those that others refer to first."""
