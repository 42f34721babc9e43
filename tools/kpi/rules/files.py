"""Families 1xx, 2xx and 9xx: the file, its YAML and its fields, and what is ignored. `store/` and `lint/` find most."""

from collections.abc import Iterator

from kpi.model.finding import ERROR, WARNING, Problem
from kpi.model.kpi import Kpi
from kpi.rules.rule import SAFE, UNSAFE, Context, about_kpi, problem_at, raised


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


@raised("KPI202", "unknown-field", ERROR, fix=UNSAFE)
def unknown_field() -> None:
    """A field that nobody reads: misspelt, or not part of the format.

    Its content would silently be left out of every page.

    Correct the name, or delete the line. `kpi explain` lists all fields.
    """


@raised("KPI203", "unknown-choice", ERROR, fix=UNSAFE)
def unknown_choice() -> None:
    """A field that takes one of a few words has another one.

    These words decide how figures are judged and shown, so a guess could mislead.

    Write one of the words that the message lists. `kpi explain` with the field's name says what each of them
    means.
    """


@raised("KPI204", "wrong-kind", ERROR, fix=UNSAFE)
def wrong_kind() -> None:
    """There is a list where a text belongs, a text where a list belongs, and so on.

    The program would have to guess which part of it is meant.

    Write it as the message shows. A list has a line for each item, which starts with a hyphen and a space.
    """


@raised("KPI205", "not-a-number", ERROR, fix=UNSAFE)
def not_a_number() -> None:
    """A figure has a comma, a sign or a unit in it, or isn't a number at all.

    Programs disagree about such text: 1,376 is one number in London and another in Berlin.

    Write the bare number; the unit belongs in `unit`, once. Where there is no figure, a mark such as
    `not-available` says why.
    """


@about_kpi("KPI201", "missing-field", ERROR)
def missing_field(kpi: Kpi, context: Context) -> Iterator[Problem]:
    """A field that every KPI, measure or plan needs is absent or empty.

    Readers would meet a heading or a table that doesn't say what it is about.

    Add the line that the message shows. The first measure may do without a title, and then has the KPI's. Labelled dimensions
    make titles, too.
    """
    if len(kpi.measures) < 2 or not context.whole:
        return
    for measure in kpi.measures:
        if not measure.title:
            message = f'"{measure.id}" has no title, and this KPI has {len(kpi.measures)} measures.'
            help_ = 'Add "title:" so that readers can tell the measures apart.'
            yield problem_at(("measures", measure.id), message, help_, on_key=True)


@raised("KPI901", "unused-ignore", WARNING, fix=SAFE)
def unused_ignore() -> None:
    """An ignore comment no longer hides anything.

    It would hide the next mistake on its line, which nobody has looked at.

    Delete it, or take the rule's name out of it.
    """


@raised("KPI902", "bad-ignore", ERROR, required=True)
def bad_ignore() -> None:
    """An ignore comment names no rule, names one that can't be ignored, or gives no reason.

    It hides nothing, and readers can't learn why the figure was accepted.

    Write the rule's name in the brackets and the reason after them: `# kpi: ignore[rule-name] the reason`.
    """


@raised("KPI903", "rule-setting", ERROR, required=True, fix=UNSAFE)
def rule_setting() -> None:
    """Under `lint:` the plan names a rule that doesn't exist, or one that always stays an error.

    The setting does nothing, and whoever wrote it believes that it does.

    Correct the name, or take the line out.
    """
