"""How judgements are told: short phrases for table cells and sentences, plain text without Markdown.

The door to its rooms, one a subject: figures, targets, trends, statuses, and the reading that joins them.
"""

from kpi.pages.words.digits import figure_decimals, shown_bound
from kpi.pages.words.figures import (
    NOTHING,
    age_words,
    capitalised,
    dated,
    ended,
    measure_label,
    names_its_end,
    number_words,
    place_words,
    told_apart,
    value_words,
    when,
)
from kpi.pages.words.reading import better_words, reading
from kpi.pages.words.statuses import (
    CIRCLES,
    kpi_status,
    no_figures_detail,
    no_figures_words,
    state_words,
    status_cell,
)
from kpi.pages.words.targets import (
    bound_words,
    gap_share_words,
    gap_words,
    judged_bound_words,
    older_words,
    reference_words,
    references_words,
    target_words,
    tolerance_words,
)
from kpi.pages.words.trends import (
    aim_words,
    answer_words,
    asked_words,
    chance_words,
    change_words,
    direction_words,
    interval_words,
    p_words,
    trend_words,
)

__all__ = [
    "CIRCLES",
    "NOTHING",
    "age_words",
    "aim_words",
    "answer_words",
    "asked_words",
    "better_words",
    "bound_words",
    "capitalised",
    "chance_words",
    "change_words",
    "dated",
    "direction_words",
    "ended",
    "figure_decimals",
    "gap_share_words",
    "gap_words",
    "interval_words",
    "judged_bound_words",
    "kpi_status",
    "measure_label",
    "names_its_end",
    "no_figures_detail",
    "no_figures_words",
    "number_words",
    "older_words",
    "p_words",
    "place_words",
    "reading",
    "reference_words",
    "references_words",
    "shown_bound",
    "state_words",
    "status_cell",
    "target_words",
    "told_apart",
    "tolerance_words",
    "trend_words",
    "value_words",
    "when",
]
