"""Family 2xx: the fields of a file. Most are found when a file is held against the schema."""

from collections.abc import Iterator

from kpi.model.finding import ERROR, Problem
from kpi.model.kpi import Kpi
from kpi.rules.rule import UNSAFE, Context, about_kpi, raised


@about_kpi("KPI201", "missing-field", ERROR)
def missing_field(kpi: Kpi, _: Context) -> Iterator[Problem]:
    """A field that every KPI, measure or plan needs is absent or empty.

    A measure's title may be left out only where the KPI has one measure, or where labelled dimensions make it.
    """
    if len(kpi.measures) < 2:
        return
    for measure in kpi.measures:
        if not measure.title:
            yield Problem(
                missing_field.name,
                ("measures", measure.id),
                f'"{measure.id}" has no title, and this KPI has {len(kpi.measures)} measures.',
                'Add "title:" so that readers can tell the measures apart.',
                on_key=True,
            )


RULES = (
    missing_field,
    raised(
        "KPI202",
        "unknown-field",
        ERROR,
        "A field that nobody reads: misspelt, or not part of the format.",
        fix=UNSAFE,
    ),
    raised(
        "KPI203",
        "unknown-choice",
        ERROR,
        "A field that takes one of a few words has another one.",
        fix=UNSAFE,
    ),
    raised(
        "KPI204",
        "wrong-kind",
        ERROR,
        "A list stands where a text belongs, a text where a list belongs, and so on.",
        fix=UNSAFE,
    ),
    raised(
        "KPI205",
        "not-a-number",
        ERROR,
        "A figure has a comma, a sign or a unit in it, or isn't a number at all. The unit stands in `unit`, once.",
        fix=UNSAFE,
    ),
    raised(
        "KPI299",
        "disagreement",
        ERROR,
        "Two programs that check the fields disagree about this file. That is a fault of the tool: please report it.",
        required=True,
    ),
)
