"""Family 1xx: the file and its YAML. All are found while reading (`store/`)."""

from kpi.model.finding import ERROR, WARNING
from kpi.rules.rule import SAFE, UNSAFE, raised

RULES = (
    raised(
        "KPI101",
        "unreadable-file",
        ERROR,
        "The file can't be opened, or it isn't an ordinary file. Nothing in it was checked.",
        required=True,
    ),
    raised(
        "KPI102",
        "not-utf8",
        ERROR,
        "The file holds bytes that aren't UTF-8, the one encoding every program reads alike. Save it again as UTF-8.",
        required=True,
        fix=UNSAFE,
    ),
    raised(
        "KPI103",
        "yaml-syntax",
        ERROR,
        "The text breaks a rule of YAML, or is written in a way that other programs would read differently.",
        required=True,
        fix=UNSAFE,
    ),
    raised(
        "KPI104",
        "duplicate-key",
        ERROR,
        "A field or period is written twice in one place. Most programs would silently keep only the last.",
        required=True,
    ),
    raised(
        "KPI105",
        "merge-conflict",
        ERROR,
        "Two versions of the same text stand in the file, because a merge was left unfinished.",
        required=True,
    ),
    raised(
        "KPI106",
        "forbidden-yaml",
        ERROR,
        "YAML shorthand (anchors, aliases, tags) and words that programs read differently (yes, 010, 1:30) aren't used "
        "here, so that every reader sees the same figures.",
        required=True,
        fix=UNSAFE,
    ),
    raised(
        "KPI107",
        "hidden-character",
        ERROR,
        "A character that can't be seen, or that reorders text, can make a file say something else than it shows.",
        required=True,
        fix=SAFE,
    ),
    raised(
        "KPI108",
        "too-large",
        ERROR,
        "The file, its nesting or a number is larger than any real KPI needs.",
        required=True,
    ),
    raised(
        "KPI109",
        "odd-path",
        ERROR,
        "KPI files are kpis/<priority>/<kpi>.yaml with lower-case letters, digits and hyphens, so that the names work "
        "on every computer and in every link.",
        required=True,
    ),
    raised(
        "KPI110",
        "not-formatted",
        WARNING,
        "Spaces, blank lines or the shape of a figure differ from the standard form. Nothing is misread; tidy it when you can.",
        fix=SAFE,
    ),
)
