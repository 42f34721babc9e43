"""The tables of a data export and their columns, named, typed and explained; new columns come at the end (docs/data.md)."""

from typing import NamedTuple

STRING, INTEGER, NUMBER, DATE, BOOLEAN = "string", "integer", "number", "date", "boolean"


class Column(NamedTuple):
    """A column: its name, what its values mean, and their type (in the words of the Table Schema)."""

    name: str
    description: str
    type: str = STRING


class Table(NamedTuple):
    """A table: the columns of its `key` name a row; it `refers` to tables whose keys it has among its columns, too."""

    name: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    refers: tuple[str, ...]


_ORGANISATION = Column("organisation", "The organisation: its name in small letters, joined by hyphens.")
_KPI = Column("kpi", "The KPI: its file's name.")
_ADDRESS = (_KPI, Column("measure", "The measure: its name in the KPI's file."))
_PERIOD = (
    Column("period", "The period as the file writes it."),
    Column("start", "Its first day.", DATE),
    Column("end", "Its last day.", DATE),
    Column("months", "Its length in whole months; 0 for days and weeks.", INTEGER),
)


def _table(name: str, description: str, keys: tuple[str, str], *columns: Column) -> Table:
    """A table with its key and what it refers to; its first column, and the first part of its key, is the organisation."""
    key, refers = (tuple(names.split()) for names in keys)
    return Table(name, description, (_ORGANISATION, *columns), ("organisation", *key), refers)


TABLES = (
    _table(
        "organisation",
        "Whose figures these are: one row.",
        ("", ""),
        Column("title", "Its name."),
        Column("plan", "The title of its plan."),
        Column("area", "Its own area."),
        Column("year_starts", "The month that its years start in, 1 to 12.", INTEGER),
        Column("as_of", "The day that everything is judged on.", DATE),
        Column("edition", "The day of the meeting that the scorecard is for.", DATE),
    ),
    _table(
        "priorities",
        "The priorities of the plan, in printed order.",
        ("priority", "organisation"),
        Column("priority", "The priority's short name."),
        Column("title", "Its title."),
        Column("position", "Its place in the plan, from 1.", INTEGER),
    ),
    _table(
        "areas",
        "The areas that figures are for.",
        ("area", "organisation"),
        Column("area", "The area's short name."),
        Column("title", "Its name."),
        Column("own", "Whether it is the organisation's own.", BOOLEAN),
        Column("whole", "Whether it contains the own area, as a nation does.", BOOLEAN),
    ),
    _table(
        "sources",
        "Where figures and targets come from.",
        ("source", "organisation"),
        Column("source", "The source's short name."),
        Column("title", "Its title."),
        Column("url", "Its address."),
        Column("note", "What should be known of it."),
    ),
    _table(
        "kpis",
        "The KPIs of the plan, in printed order.",
        ("kpi", "organisation priorities"),
        _KPI,
        Column("priority", "The first priority that it is under."),
        Column("objective", "The objective that it is under."),
        Column("code", "The organisation's own code."),
        Column("title", "Its title."),
        Column("definition", "What it counts."),
        Column("owner", "Who answers for it."),
        Column("status", "The worst state of its measures on the day."),
    ),
    _table(
        "measures",
        "The measures of the KPIs, each at its home, with its state on the day.",
        ("kpi measure", "organisation kpis"),
        *_ADDRESS,
        Column("title", "Its title."),
        Column("unit", "What its figures are in."),
        Column("kind", "What a figure covers: total, average, snapshot or cumulative."),
        Column("better", "Which way is better: higher, lower, near or neither."),
        Column("aim", "What is intended: increase, reduce, maintain or monitor."),
        Column("frequency", "How often a figure comes."),
        Column("owner", "Who answers for it."),
        Column("derived", "Whether it is computed from other measures of its KPI.", BOOLEAN),
        Column("state", "Its state: that of its first target in force, or why there is none."),
        Column("rag", "The colour of its state: red, amber or green."),
        Column("class", "How its newest figure has changed (see judgements)."),
        Column("reason", "Why that can't be told, or is no clear change."),
        Column("breach", "new, continuing, alone or recovered, for a target not met or met again."),
        Column("since", "The last day of the first period of the breach.", DATE),
        Column("periods", "How many periods running the target is not met.", INTEGER),
        Column("newest", "The last day of its newest figure.", DATE),
        Column("due", "The day that the next figure is due.", DATE),
        Column("days_late", "How many days late that figure is; 0 if it isn't.", INTEGER),
    ),
    _table(
        "targets",
        "The targets of the measures, in the order of their files.",
        ("kpi measure target", "measures"),
        *_ADDRESS,
        Column("target", "Its place among the measure's targets, from 1.", INTEGER),
        Column("how", "at_least, more_than, at_most, less_than, equals, between or in_words."),
        Column("value", "The bound; the lower end of a range; seconds for durations.", NUMBER),
        Column("upper", "The upper end of a range.", NUMBER),
        Column("taken_from", "For a bound taken from the series: the period, or previous."),
        Column("change", "What is added to the figure that the bound is taken from.", NUMBER),
        Column("change_in_percent", "Whether that is a share of the figure.", BOOLEAN),
        Column("starts", "The first day that it is for.", DATE),
        Column("by", "The last day to reach it by.", DATE),
        Column("until", "The last day that it is for.", DATE),
        Column("over", "The length of the periods that it is for, in months.", INTEGER),
        Column("tolerance", "How far outside the bound is near.", NUMBER),
        Column("tolerance_in_percent", "Whether that is a share of the bound.", BOOLEAN),
        Column("label", "A name that tells it apart from the measure's other targets."),
        Column("source", "Where it comes from."),
        Column("words", "The target as pages say it."),
    ),
    _table(
        "figures",
        "Every figure at its home measure, other areas' and computed ones included.",
        ("kpi measure area period", "measures areas"),
        Column("priority", "The first priority that the KPI is under."),
        *_ADDRESS,
        Column("area", "The area that the figure is for."),
        *_PERIOD,
        Column("value", "The figure; seconds for durations. Empty where a mark says why.", NUMBER),
        Column("unit", "What it is in."),
        Column("marks", "What is said of it, such as provisional, joined by semicolons."),
        Column("note", "The note at it."),
        Column("assessment", "met, near or missed, where somebody's judgement replaces a figure."),
        Column("numerator", "The number on top of a share or ratio.", NUMBER),
        Column("denominator", "The number below.", NUMBER),
        Column("margin", "Half the width of the figure's 95% interval.", NUMBER),
        Column("derived", "Whether it is computed from other measures.", BOOLEAN),
    ),
    _table(
        "judgements",
        "Each figure of the own area held against each target that was in force for it, by all that is known today.",
        ("kpi measure period target", "measures"),
        *_ADDRESS,
        *_PERIOD,
        Column("target", "The target, as in targets; 0 where none was in force.", INTEGER),
        Column("decides", "Whether it is the first in force, which gives the state of its period.", BOOLEAN),
        Column("state", "The state of the target by this figure (see docs/judgement.md)."),
        Column("bound", "The bound that it was held against.", NUMBER),
        Column("bound_upper", "The second end of a range.", NUMBER),
        Column("on_the_way", "Whether that is a way point.", BOOLEAN),
        Column("gap", "How far the figure is from the bound, in the measure's unit.", NUMBER),
        Column("class", "better, worse, higher, lower, no clear change, the same, or can't be told."),
        Column("reason", "Why that can't be told, or is no clear change."),
        Column("compared_with", "The period of the earlier figure that this one was compared with."),
    ),
)
"""All tables, those that others refer to first."""
