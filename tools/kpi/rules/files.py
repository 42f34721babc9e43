"""What is found while a file is read: its YAML, its fields, ids and forms, and what is ignored; mostly by `store/`."""

from collections.abc import Iterator

from kpi.model.finding import ERROR, WARNING, Problem
from kpi.model.kpi import Kpi
from kpi.rules.rule import SAFE, UNSAFE, Context, Rule, about_kpi, problem_at


@about_kpi("KPI201", "missing-field", ERROR)
def missing_field(kpi: Kpi, context: Context) -> Iterator[Problem]:
    """A field that every KPI, measure or plan needs is absent or empty.
    Readers would meet a heading or a table that doesn't say what it is about.
    Add the line that the message shows. The first measure may do without a title, and then has the KPI's. Labelled dimensions
      make titles, too."""
    if len(kpi.measures) < 2 or not context.whole:
        return
    for measure in kpi.measures:
        if not measure.title:
            message = f'"{measure.id}" has no title, and this KPI has {len(kpi.measures)} measures.'
            help_ = 'Add "title:" so that readers can tell the measures apart.'
            yield problem_at(("measures", measure.id), message, help_, on_key=True)


_MANUALS = {  # a line a paragraph; what stands further in goes on with it
    Rule("KPI101", "unreadable-file", ERROR, required=True): """
        The file can't be opened, or it isn't an ordinary file.
        Nothing in it was checked, and no page can show it.
        Replace it with an ordinary file that the program may read. Links are not followed.""",
    Rule("KPI102", "not-utf8", ERROR, required=True, fix=UNSAFE, names_lines=True): """
        The file holds bytes that aren't UTF-8, the one encoding that every program reads alike.
        A letter such as é would turn into others, and nobody would notice.
        Save the file again as UTF-8: the editor's "Save as" has the choice. The GitHub web page always
          saves so.""",
    Rule("KPI103", "yaml-syntax", ERROR, required=True, fix=UNSAFE): """
        The text breaks a rule of YAML, or is written in a way that other programs would read differently.
        The lines concerned can't be read, so the figures in them would be missing.
        Write what the message shows. Most often a space is missing after a colon, a line is too far left or
          right, or text with a colon needs quotation marks.""",
    Rule("KPI104", "duplicate-key", ERROR, required=True, names_lines=True): """
        A field or period is written twice in one place.
        Most programs would silently keep only the last, and a figure would be lost without a trace.
        Keep one of the two lines. If the newer figure replaces a published one, mark it `revised`.""",
    Rule("KPI105", "merge-conflict", ERROR, required=True, fix=UNSAFE, names_lines=True): """
        The file has two versions of the same text, because a merge was left unfinished.
        Both can't be true, and nobody has chosen yet.
        Of a period or name that both have, keep one line. Of the others keep all: two people may have added
          different figures. Then delete the three lines that start with `<<<<<<<`, `=======` and `>>>>>>>`.""",
    Rule("KPI106", "forbidden-yaml", ERROR, required=True, fix=UNSAFE): """
        YAML shorthand (anchors, aliases, tags), or a word that programs read differently, such as `yes`,
          `010` or `1:30`.
        Every program must see the same figures, and everybody who edits the file must understand it.
        Write the value out in full, or put it in quotation marks where it is meant as text.""",
    Rule("KPI107", "hidden-character", ERROR, required=True, fix=SAFE): """
        A character that can't be seen, or that changes the order in which text is shown.
        It can make a file say something other than it shows, and a name that looks right isn't found.
        Delete it. It mostly comes from pasted text; the message says where it is.""",
    Rule("KPI108", "too-large", ERROR, required=True): """
        The file, its nesting or a number is larger than any real KPI needs.
        Programs become slow with such files, and silently change such numbers.
        Split the file, or round the number to at most 15 digits.""",
    Rule("KPI109", "odd-path", ERROR, required=True): """
        KPI files are `kpis/<priority>/<kpi>.yaml`, with lower-case letters, digits and hyphens.
        Other names don't work on every computer and in every link.
        Rename or move the file as the message says. Its name is the KPI's id, so correct its line in
          `kpis/plan.yaml` too.""",
    Rule("KPI110", "not-formatted", WARNING, fix=SAFE): """
        Spaces, blank lines or the shape of a figure differ from the standard form.
        Nothing is misread, but the next change would touch lines that it isn't about.
        Run `kpi fmt`, or write the line as the message shows it.""",
    Rule("KPI202", "unknown-field", ERROR, fix=UNSAFE): """
        A field that nobody reads: misspelt, or not part of the format.
        Its content would silently be left out of every page.
        Correct the name, or delete the line. `kpi explain` lists all fields.""",
    Rule("KPI203", "unknown-choice", ERROR, fix=UNSAFE): """
        A field that takes one of a few words has another one.
        These words decide how figures are judged and shown, so a guess could mislead.
        Write one of the words that the message lists. `kpi explain` with the field's name says what each of
          them means.""",
    Rule("KPI204", "wrong-kind", ERROR, fix=UNSAFE): """
        There is a list where a text belongs, a text where a list belongs, and so on.
        The program would have to guess which part of it is meant.
        Write it as the message shows. A list has a line for each item, which starts with a hyphen and a
          space.""",
    Rule("KPI205", "not-a-number", ERROR, fix=UNSAFE): """
        A figure has a comma, a sign or a unit in it, or isn't a number at all.
        Programs disagree about such text: 1,376 is one number in London and another in Berlin.
        Write the bare number; the unit belongs in `unit`, once. Where there is no figure, a mark such as
          `not-available` says why.""",
    Rule("KPI301", "id-format", ERROR): """
        An id isn't made of lower-case letters, digits and hyphens, or is a word that YAML misreads.
        Ids become the names of files, links and columns, and have to work everywhere.
        Write the id that the message shows; it starts with a letter. Correct it where it is named
          elsewhere, too.""",
    Rule("KPI306", "nothing-to-show", ERROR): """
        A KPI has neither figures, nor a measure shown from elsewhere, nor a reason why not.
        Readers would wonder whether it was forgotten.
        Add `measures`, or `no_figures` with the reason.""",
    Rule("KPI401", "period-format", ERROR, fix=UNSAFE): """
        A period is written in another way than the format's own, or isn't in the calendar.
        One period has one spelling, so that figures can be put in order and compared.
        Write the period that the message shows. Common ones are `2022/23`, `2023`, `2024-01` and `12 months
          to 2022-12`.""",
    Rule("KPI403", "period-order", WARNING, fix=SAFE): """
        The figures of a series aren't written from the oldest to the newest.
        People look for the newest figure at the end, and add the next one there.
        Move the line to its place.""",
    Rule("KPI501", "wrong-value-form", ERROR, fix=UNSAFE): """
        The value doesn't fit the unit: a time where the unit is percent, decimals in a count, a bare number
          in a duration.
        Either the figure or the unit isn't what it says it is.
        Write the value in the unit's form, or change the unit.""",
    Rule("KPI901", "unused-ignore", WARNING, fix=SAFE): """
        An ignore comment no longer hides anything.
        It would hide the next mistake on its line, which nobody has looked at.
        Delete it, or take the rule's name out of it.""",
    Rule("KPI902", "bad-ignore", ERROR, required=True): """
        An ignore comment names no rule, names one that can't be ignored, or gives no reason.
        It hides nothing, and readers can't learn why the figure was accepted.
        Write the rule's name in the brackets and the reason after them: `# kpi: ignore[rule-name] the
          reason`.""",
    Rule("KPI903", "rule-setting", ERROR, required=True, fix=UNSAFE): """
        Under `lint:` the plan names a rule that doesn't exist, or one that always stays an error.
        The setting does nothing, and whoever wrote it believes that it does.
        Correct the name, or take the line out.""",
}

RAISED = tuple(rule._replace(manual=manual) for rule, manual in _MANUALS.items())
"""The rules whose problems are found while a file is read, on the floors below."""
