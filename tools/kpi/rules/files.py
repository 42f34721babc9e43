"""Family 1xx: the file and its YAML. All are found while reading (`store/`)."""

from kpi.model.finding import ERROR, WARNING
from kpi.rules.rule import SAFE, UNSAFE, raised


@raised("KPI101", "unreadable-file", ERROR, required=True)
def unreadable_file() -> None:
    """The file can't be opened, or it isn't an ordinary file.

    Nothing in it was checked, and no page can show it.

    Replace it with an ordinary file that the program may read. Links are not followed.
    """


@raised("KPI102", "not-utf8", ERROR, required=True, fix=UNSAFE, names_lines=True)
def not_utf8() -> None:
    """The file holds bytes that aren't UTF-8, the one encoding that every program reads alike.

    A letter such as é would turn into others, and nobody would notice.

    Save the file again as UTF-8: the editor's "Save as" has the choice. The GitHub web page always saves
    so.
    """


@raised("KPI103", "yaml-syntax", ERROR, required=True, fix=UNSAFE)
def yaml_syntax() -> None:
    """The text breaks a rule of YAML, or is written in a way that other programs would read differently.

    The lines concerned can't be read, so the figures in them would be missing.

    Write what the message shows. Most often a space is missing after a colon, a line is too far left or
    right, or text with a colon needs quotation marks.
    """


@raised("KPI104", "duplicate-key", ERROR, required=True, names_lines=True)
def duplicate_key() -> None:
    """A field or period is written twice in one place.

    Most programs would silently keep only the last, and a figure would be lost without a trace.

    Keep one of the two lines. If the newer figure replaces a published one, mark it `revised`.
    """


@raised("KPI105", "merge-conflict", ERROR, required=True, fix=UNSAFE, names_lines=True)
def merge_conflict() -> None:
    """The file has two versions of the same text, because a merge was left unfinished.

    Both can't be true, and nobody has chosen yet.

    Of a period or name that both have, keep one line. Of the others keep all: two people may have added different figures.
    Then delete the three lines that start with `<<<<<<<`, `=======` and `>>>>>>>`.
    """


@raised("KPI106", "forbidden-yaml", ERROR, required=True, fix=UNSAFE)
def forbidden_yaml() -> None:
    """YAML shorthand (anchors, aliases, tags), or a word that programs read differently, such as `yes`, `010` or `1:30`.

    Every program must see the same figures, and everybody who edits the file must understand it.

    Write the value out in full, or put it in quotation marks where it is meant as text.
    """


@raised("KPI107", "hidden-character", ERROR, required=True, fix=SAFE)
def hidden_character() -> None:
    """A character that can't be seen, or that changes the order in which text is shown.

    It can make a file say something other than it shows, and a name that looks right isn't found.

    Delete it. It mostly comes from pasted text; the message says where it is.
    """


@raised("KPI108", "too-large", ERROR, required=True)
def too_large() -> None:
    """The file, its nesting or a number is larger than any real KPI needs.

    Programs become slow with such files, and silently change such numbers.

    Split the file, or round the number to at most 15 digits.
    """


@raised("KPI109", "odd-path", ERROR, required=True)
def odd_path() -> None:
    """KPI files are `kpis/<priority>/<kpi>.yaml`, with lower-case letters, digits and hyphens.

    Other names don't work on every computer and in every link.

    Rename or move the file as the message says. Its name is the KPI's id, so correct its line in `kpis/plan.yaml`
    too.
    """


@raised("KPI110", "not-formatted", WARNING, fix=SAFE)
def not_formatted() -> None:
    """Spaces, blank lines or the shape of a figure differ from the standard form.

    Nothing is misread, but the next change would touch lines that it isn't about.

    Run `kpi fmt`, or write the line as the message shows it.
    """
