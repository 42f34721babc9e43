"""The states of a measure and a KPI, and the classes of a change; `tests/test_schema.py` holds the schemas to them."""

from typing import NamedTuple

MET, MISSED, NEAR = "met", "missed", "near"
NOT_MET, BEHIND, MET_LATE, DUE = "not met", "behind", "met late", "due"
NOT_DUE, SHORT, NO_DATA, NO_TARGET = "not due", "short", "no data", "no target"
IN_WORDS, ELSEWHERE, GIVEN_UP = "in words", "elsewhere", "withdrawn"
RED, AMBER, GREEN = "red", "amber", "green"

AWAITING_DATA, WITHDRAWN = "awaiting-data", "withdrawn"
"""Two of the reasons for no figures: the first figure replaces the one, and the other ends a measure for good."""


REACHED, UNREACHED, OPEN = "reached", "unreached", "open"
"""Where a figure stands that was held against a target: open if it doesn't reach it and that is no breach."""


class State(NamedTuple):
    """A state that a measure or a KPI can be in."""

    name: str  # what the code, the plan's own words and JSON call it
    meaning: str  # what legends say of it, after its word
    stands: str = ""  # where the figure stands; empty if none decided it
    colour: str = ""  # red, amber, green or empty; a target that is not met may still be amber
    words: str = ""  # what pages call it, if not by its name
    like: str = ""  # the state whose word in the plan is used where the plan has none for this one
    says_why: bool = False  # its word already gives the reason
    no_figures: str = ""  # the file's reason for no figures that puts a measure in this state

    @property
    def word(self) -> str:
        """What pages call it, unless the plan has a word of its own."""
        return self.words or self.name


_STATES = (
    State(MISSED, "the date of the target has passed, and the figure for it did not reach it.", UNREACHED, RED),
    State(NOT_MET, "the figure does not reach its target.", UNREACHED, RED, like=MISSED),
    State(BEHIND, "the figure does not reach the way point of its period; the target itself is not due yet.",
          UNREACHED, AMBER, like=MISSED),
    State(NEAR, "the figure does not reach its target, but somebody's assessment says that it is near.",
          OPEN, AMBER),
    State(DUE, "the date of the target has passed, and there is no figure for it.",
          words="due, no figure", says_why=True),
    State(SHORT, "a gain below its target, where the plan gives no date to reach it by. It has no colour.",
          OPEN, words="part of the way", says_why=True),
    State(NO_DATA, "there is a target, but the newest figure is missing or can't be held against it."),
    State(NOT_DUE, "the figure does not reach its target yet, and the date to reach it by has not come.", OPEN),
    State(MET_LATE, "the figure reaches its target, but the one for the target's date did not.",
          REACHED, GREEN, like=MET),
    State(MET, "the figure reaches its target.", REACHED, GREEN),
    State(IN_WORDS, "the plan or the figure is in words, and no number decides.",
          says_why=True, no_figures="in-words"),
    State(NO_TARGET, "the plan names no level to reach; the trend is shown without a judgement."),
    State("awaiting data", "the figures have not been supplied.", no_figures=AWAITING_DATA),
    State("in development", "the way to measure it is still being made.", no_figures="in-development"),
    State(ELSEWHERE, "another body watches it and the figures are not here.",
          words="monitored elsewhere", says_why=True, no_figures="monitored-elsewhere"),
    State(GIVEN_UP, "it is no longer measured.", no_figures=WITHDRAWN),
)  # fmt: skip

STATES = {state.name: state for state in _STATES}
"""Every state by its name, the worst first: summaries list them so, and a KPI takes the first of its measures' states."""

STATES_WORST_FIRST = tuple(STATES)

UNMET = frozenset(state.name for state in _STATES if state.stands == UNREACHED)
"""The states that are a breach."""

IS_MET = frozenset(state.name for state in _STATES if state.stands == REACHED)
"""The states that meet a target."""

WITHOUT_FIGURES = {state.no_figures: state.name for state in _STATES if state.no_figures}
"""The state of a KPI or measure that has no figures, by its reason."""

ASSESSMENTS = (MET, NEAR, MISSED)
"""What a written assessment of a target in words can say."""


class ChangeClass(NamedTuple):
    """A class of change."""

    name: str  # what the code, JSON and headlines call it
    head: str  # what pages print before the change; after a colon the change is a detail
    is_clear: bool = False  # whether the change is larger than such figures often show by chance


BETTER, WORSE, HIGHER, LOWER = "better", "worse", "higher", "lower"
NO_CLEAR_CHANGE, SAME, UNJUDGED = "no clear change", "the same", "can't be told"

_CLASSES = (
    ChangeClass(BETTER, "Better", is_clear=True),
    ChangeClass(WORSE, "Worse", is_clear=True),
    ChangeClass(HIGHER, "Higher", is_clear=True),
    ChangeClass(LOWER, "Lower", is_clear=True),
    ChangeClass(NO_CLEAR_CHANGE, "No clear change:"),
    ChangeClass(SAME, "The same"),
    ChangeClass(UNJUDGED, "Can't be told:"),
)

CHANGE_CLASSES = {change_class.name: change_class for change_class in _CLASSES}
"""Every class by its name, in the order of headlines."""
