"""Family 2xx: the fields of a file. Most are found when a file is checked against the schema."""

from collections.abc import Iterator

from kpi.model.finding import ERROR, Problem
from kpi.model.kpi import Kpi
from kpi.rules.rule import UNSAFE, Context, about_kpi, problem_at, raised


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
