"""Figures put in their place in a file: nothing else changes, and what is read back is what was meant."""

import json
from decimal import Decimal
from difflib import SequenceMatcher
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kpi.model.kpi import FIGURE_FIELDS
from kpi.model.period import parse_period
from kpi.store.add_figures import FigureEdit, Outcome, add_figures
from kpi.store.edit import UnplacedError
from kpi.store.format import formatted
from kpi.store.reader import read
from small import FILES
from test_fmt_made import Maker, is_readable
from trials import FUZZING, trials

ROOT = Path(__file__).parent.parent
HEAD = "title: A\nunit: percent\nmeasures:\n  a:\n"
SERIES = f"{HEAD}    observations:\n      2021/22: 84\n      2023/24: 88\n"


def put(text: str, *entries: FigureEdit, replace: bool = False) -> str:
    return add_figures(text.encode(), entries, replace=replace)[0].decode()


def outcomes(text: str, *entries: FigureEdit, replace: bool = False) -> list[str]:
    return [outcome.kind for outcome in add_figures(text.encode(), entries, replace=replace)[1]]


def below(*lines: str) -> str:
    """The file with these lines as the fields of its measure."""
    return HEAD + "".join(f"    {line}\n" for line in lines)


PLACES = {
    "first": (
        [FigureEdit("a", "2020/21", "1")],
        SERIES.replace("      2021", "      2020/21: 1\n      2021"),
    ),
    "between": (
        [FigureEdit("a", "2022/23", "1")],
        SERIES.replace("      2023", "      2022/23: 1\n      2023"),
    ),
    "last": ([FigureEdit("a", "2024-04", "1.50")], f"{SERIES}      2024-04: 1.50\n"),
    "two in one place, in order": (
        [FigureEdit("a", "2024-05", "2"), FigureEdit("a", "2024-04", "1")],
        f"{SERIES}      2024-04: 1\n      2024-05: 2\n",
    ),
    "with a mark": (
        [FigureEdit("a", "2024-04", "1", marks=("provisional", "estimated"))],
        f"{SERIES}      2024-04: {{value: 1, marks: [provisional, estimated]}}\n",
    ),
    "with a mark instead of a value": (
        [FigureEdit("a", "2024-04", "", marks=("not-available",))],
        f"{SERIES}      2024-04: {{marks: [not-available]}}\n",
    ),
    "with a note": (
        [FigureEdit("a", "2024-04", "1", marks=("break",), note="Counted anew, since: April # 4")],
        f'{SERIES}      2024-04:\n        value: 1\n        marks: [break]\n        note: "Counted anew, since: April # 4"\n',
    ),
    "with what a share was made from": (
        [
            FigureEdit(
                "a", "2024-04", "53.3", numerator="114", denominator="214", assessment="met", marks=("break",)
            )
        ],
        f"{SERIES}      2024-04: {{value: 53.3, marks: [break], assessment: met, numerator: 114, denominator: 214}}\n",
    ),
    "of the first peer": (
        [FigureEdit("a", "2024-04", "1", "north")],
        f"{SERIES}    peers:\n      north:\n        2024-04: 1\n",
    ),
}


@pytest.mark.parametrize("name", PLACES)
def test_a_figure_comes_to_its_place_in_time(name: str) -> None:
    entries, after = PLACES[name]

    assert put(SERIES, *entries) == after
    assert formatted(after) == after


def test_a_figure_in_any_series_of_this_repository_is_one_new_line() -> None:
    for path in (ROOT / "kpis").glob("*/*.yaml"):
        before = path.read_text(encoding="utf-8")
        for measure, fields in (read(before.encode()).values or {}).get("measures", {}).items():
            peers = fields.get("peers", {}).items()
            for area, series in [("", fields.get("observations")), *islice(peers, None if FUZZING else 1)]:
                if series:
                    after = put(before, FigureEdit(measure, "2031-05", "7.50", area))
                    lines = after.split("\n")
                    (new,) = (at for at, line in enumerate(lines) if line.strip() == "2031-05: 7.50")
                    del lines[new]
                    assert lines == before.split("\n"), (path, measure)


NEXT = FigureEdit("a", "2024-04", "1")
SHAPES = {
    "nothing yet": (below("observations:"), below("observations:", "  2024-04: 1")),
    "nothing yet, with a comment": (
        below("observations:  # none", "better: higher"),
        below("observations:  # none", "  2024-04: 1", "better: higher"),
    ),
    "empty brackets": (below("observations: {}  # none"), below("observations:  # none", "  2024-04: 1")),
    "brackets": (
        below("observations: {2023: 1, 2024-05: 2} # c"),
        below("observations: {2023: 1, 2024-04: 1, 2024-05: 2} # c"),
    ),
    "brackets at the end": (below("observations: {2023: 1}"), below("observations: {2023: 1, 2024-04: 1}")),
    "no line for figures": (
        below("better: higher", "peers: {b: {2023: 1}}"),
        below("better: higher", "observations:", "  2024-04: 1", "peers: {b: {2023: 1}}"),
    ),
    "all in brackets": (
        "title: A\nmeasures: {a: {unit: percent}}\n",
        "title: A\nmeasures: {a: {unit: percent, observations: {2024-04: 1}}}\n",
    ),
    "comments around": (
        below("observations:", "  # old", "  2023: 1  # x", "  # new", "  2024-05: 2", "  # end", "# after"),
        below(
            "observations:", "  # old", "  2023: 1  # x", "  2024-04: 1", "  # new", "  2024-05: 2", "  # end", "# after",
        ),
    ),
    "a figure over several lines above": (
        below("observations:", "  2023:", "    value: 1", "    note: |", "      one", "", "      two", "", "better: higher"),
        below("observations:", "  2023:", "    value: 1", "    note: |", "      one", "", "      two", "  2024-04: 1", "", "better: higher"),
    ),
    "spaces as nobody else writes them": (
        below("observations:", "     2023:   1", "     2024-05:  2"),
        below("observations:", "     2023:   1", "     2024-04: 1", "     2024-05:  2"),
    ),
    "no line end at the end": (SERIES[:-1], f"{SERIES}      2024-04: 1"),
    "the line ends of Windows": (
        SERIES.replace("\n", "\r\n"),
        f"{SERIES}      2024-04: 1\n".replace("\n", "\r\n"),
    ),
    "a byte-order mark": (f"\ufeff{SERIES}", f"\ufeff{SERIES}      2024-04: 1\n"),
    "a period that is none": (
        below("observations:", "  Jan 23: 1", "  2024-05: 2"),
        below("observations:", "  Jan 23: 1", "  2024-04: 1", "  2024-05: 2"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SHAPES)
def test_the_form_of_the_file_stays(name: str) -> None:
    before, after = SHAPES[name]

    assert put(before, NEXT) == after


CHANGES = {
    "a value": ("2023: 1  # c", FigureEdit("a", "2023", "2"), "2023: 2  # c"),
    "in brackets": (
        "2023: {value:  1, marks: [break]}  # c",
        FigureEdit("a", "2023", "2"),
        "2023: {value: 2, marks: [break]}  # c",
    ),
    "marks": (
        "2023: 1",
        FigureEdit("a", "2023", "1", marks=("revised",)),
        "2023: {value: 1, marks: [revised]}",
    ),
    "no marks any more": (
        "2023: {value: 1, marks: [provisional]}",
        FigureEdit("a", "2023", "1", marks=()),
        "2023: 1",
    ),
    "not available any more": ("2023: {marks: [not-available]}", FigureEdit("a", "2023", "1"), "2023: 1"),
    "not available at last": (
        "2023: 1",
        FigureEdit("a", "2023", "", marks=("not-available",)),
        "2023: {marks: [not-available]}",
    ),
    "a note": (
        "2023: 1",
        FigureEdit("a", "2023", "2", note="Late, but right"),
        "2023:\n        value: 2\n        note: Late, but right",
    ),
    "a note beside a comment": (
        "2023: 1  # c",
        FigureEdit("a", "2023", "2", note="Late, but right"),
        '2023: {value: 2, note: "Late, but right"}  # c',
    ),
    "lines": (
        "2023:\n        value: 1  # v\n        # m\n        marks: [break]\n        note: |-\n          a\n          b",
        FigureEdit("a", "2023", "2", marks=("revised",)),
        "2023:\n        value: 2  # v\n        # m\n        marks: [revised]\n        note: |-\n          a\n          b",
    ),
    "lines that go": (
        "2023:\n        value: 1\n        marks: [break]\n        note: a",
        FigureEdit("a", "2023", "1", marks=(), note=""),
        "2023: {value: 1}",
    ),
    "an assessment in the value's place": (
        "2023: 1",
        FigureEdit("a", "2023", "", assessment="near"),
        "2023: {assessment: near}",
    ),
    "an assessment where it was not available": (
        "2023: {marks: [not-available]}",
        FigureEdit("a", "2023", "", assessment="near"),
        "2023: {assessment: near}",
    ),
    "what a share was made from": (
        "2023: 50",
        FigureEdit("a", "2023", "53.3", numerator="114", denominator="214"),
        "2023: {value: 53.3, numerator: 114, denominator: 214}",
    ),
    "marks before what a share was made from": (
        "2023: {value: 50, numerator: 1, denominator: 2}",
        FigureEdit("a", "2023", "50", marks=("revised",), numerator="2", denominator="4"),
        "2023: {value: 50, marks: [revised], numerator: 2, denominator: 4}",
    ),
    "a share alone": (
        "2023: {value: 50, numerator: 1, denominator: 2}  # c",
        FigureEdit("a", "2023", "50", numerator="", denominator=""),
        "2023: 50  # c",
    ),
    "fields in the order of the schema among lines": (
        "2023:\n        marks: [break]\n        note: a\n        # d\n        denominator: 2\n        numerator: 1",
        FigureEdit("a", "2023", "50", marks=(), assessment="met", numerator="2"),
        "2023:\n        value: 50\n        note: a\n        assessment: met\n        # d\n        denominator: 2\n        numerator: 2",
    ),
    "another spelling": (
        "12 months to 2023-03: 1",
        FigureEdit("a", "2022/23", "2"),
        "12 months to 2023-03: 2",
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_figure_that_is_there_changes_in_its_place(name: str) -> None:
    old, entry, new = CHANGES[name]
    before, after = (
        f"{HEAD}    observations:\n      2019: 5\n      {line}\n      # kpi: last\n      2024-05: 7\n"
        for line in (old, new)
    )

    assert put(before, entry, replace=True) == after


@pytest.mark.parametrize(
    ("line", "entry", "what"),
    [
        ("2023: 1", FigureEdit("a", "2023", "1"), "unchanged"),
        ("2023: 1.0", FigureEdit("a", "2023", "1"), "unchanged"),
        ("2023: 60m", FigureEdit("a", "2023", "1h00m00s"), "unchanged"),
        ("2023: {value: 1, marks: [break, revised]}", FigureEdit("a", "2023", "1", marks=("revised", "break")), "unchanged"),
        ("2023: {value: 1, note: a b}", FigureEdit("a", "2023", "1", note=" a  b"), "unchanged"),
        ("2023: {value: 1, note: a b}", FigureEdit("a", "2023", "1"), "unchanged"),
        ("2023: 1", FigureEdit("a", "2023", "2"), "refused"),
        ("2023: 1", FigureEdit("a", "2023", "1", marks=("revised",)), "refused"),
        ("2023: 1", FigureEdit("a", "2023", "", marks=("suppressed",)), "refused"),
        ("2023: {assessment: met}", FigureEdit("a", "2023", "2"), "refused"),
        ("2023: {assessment: met}", FigureEdit("a", "2023", "", assessment="met"), "unchanged"),
        ("2023: {assessment: met}", FigureEdit("a", "2023", "", assessment="near"), "refused"),
        ("2023: {value: 50, numerator: 1, denominator: 2}", FigureEdit("a", "2023", "50"), "unchanged"),
        ("2023: {value: 50, numerator: 1, denominator: 2}", FigureEdit("a", "2023", "50", numerator="1.0", denominator="2"), "unchanged"),
        ("2023: {value: 50, numerator: 1, denominator: 2}", FigureEdit("a", "2023", "50", numerator="2", denominator="4"), "refused"),
        ("2023: {value: 50, numerator: 1, denominator: 2}", FigureEdit("a", "2023", "50", numerator="", denominator=""), "refused"),
        ("2023: {marks: [not-available]}", FigureEdit("a", "2023", "2"), "filled"),
        ("2023: 1", FigureEdit("a", "2024", "2"), "new"),
        ("2023: 1", FigureEdit("a", "2023-12-31", "2"), "new"),
    ],
)  # fmt: skip
def test_what_becomes_of_a_figure_is_told(line: str, entry: FigureEdit, what: str) -> None:
    text = below("observations:", f"  {line}")

    assert outcomes(text, entry) == [what]
    if what in {"unchanged", "refused"}:
        assert put(text, entry) == text


def test_a_refused_figure_is_told_as_it_is_and_as_it_would_be() -> None:
    text = below("observations:", "  2023: {value: 0.0000001, marks: [break], numerator: 1, denominator: 2}")
    _, (actual,) = add_figures(text.encode(), [FigureEdit("a", "2023", "50", note="b", numerator="4")])

    assert (actual.before, actual.after) == ("0.0000001 (1 of 2) [break]", "50 (4 of 2) [break]")
    assert actual.changed == ("value", "note", "numerator")


def test_the_fields_of_a_figure_are_written_in_the_order_of_the_schema() -> None:
    schema = json.loads((ROOT / "schema/kpi.schema.json").read_text(encoding="utf-8"))

    assert tuple(schema["definitions"]["figure"]["properties"]) == FIGURE_FIELDS


def test_figures_at_a_date_are_the_same_where_they_end_on_the_same_day() -> None:
    text = below("kind: snapshot", "observations:", "  2023: 1")

    assert outcomes(text, FigureEdit("a", "2023-12-31", "1")) == ["unchanged"]


@pytest.mark.parametrize(
    ("text", "entry", "why"),
    [
        (SERIES, FigureEdit("b", "2023", "1"), 'It has no measure called "b". There are: a.'),
        (below("derived: {share: c, of: [d]}"), NEXT, '"a" is computed from other measures'),
        (below("no_figures: {because: in-development}"), NEXT, "Delete that line first"),
        (f"{SERIES}      2021/22: 3\n", NEXT, "It can't be read as it is. Run kpi lint to see why."),
        (f"{SERIES}\tx", NEXT, "It can't be read as it is. Run kpi lint to see why."),
        ("{title: A, measures: {a: {unit: percent}}}\n", NEXT, "Edit the file by hand."),
        (below("observations: [1, 2]"), NEXT, "Its figures aren't written as period, colon and figure."),
        (
            f"{HEAD}    observations:\n      2024-04:\n        value: 3\n        marks: [break] # why\n",
            NEXT._replace(marks=()),
            "It isn't written in a form that can be changed safely.",
        ),
    ],
)
def test_what_can_not_be_done_is_said(text: str, entry: FigureEdit, why: str) -> None:
    with pytest.raises(UnplacedError) as raised:
        put(text, entry, replace=True)
    assert why in str(raised.value)


# Laws.

periods = st.one_of(
    st.integers(1985, 2009).map(str),
    st.integers(1985, 1999).map(lambda year: f"{year}/{(year + 1) % 100:02d}"),
    st.integers(1, 12).map(lambda month: f"1992-{month:02d}"),
    st.sampled_from(["12 months to 1992-12", "1992-01 to 1992-12", "1992-Q2"]),
)
notes = st.one_of(
    st.none(),
    st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), max_size=30),
    st.sampled_from(["", "yes", "12", "a: b", "# c", "- x", "it's", '"', "\\n", "[a", "&a", "a #b", "2024-01", "~"]),
)  # fmt: skip
entries = st.builds(
    FigureEdit,
    measure=st.sampled_from("ab"),
    period=periods,
    value=st.sampled_from(["0", "5", "7.50", "-3", "2m18s"]),
    area=st.sampled_from(["", "", "north", "south"]),
    marks=st.sampled_from([None, (), ("break",), ("provisional", "estimated")]),
    with_marks=st.sampled_from([(), (), ("revised",)]),
    without_marks=st.sampled_from([(), (), ("break",)]),
    note=notes,
    assessment=st.sampled_from([None, None, "", "met", "near"]),
    numerator=st.sampled_from([None, None, "", "5", "7.50", "-3"]),
    denominator=st.sampled_from([None, None, "", "7", "0"]),
    margin=st.sampled_from([None, None, "", "2", "0.5"]),
)
files = st.one_of(
    st.integers(0, 2**32).map(lambda seed: Maker(seed).file()),
    st.sampled_from(sorted(text for path, text in FILES.items() if "measures:" in text)),
)


@trials(600)
@given(files, st.lists(entries, min_size=1, max_size=5), st.booleans())
@example(SERIES, [FigureEdit("a", "2023/24", "2", note=" ")], True)
def test_every_line_that_is_not_meant_stays_and_the_standard_form_too(
    text: str, wanted: list[FigureEdit], replace: bool
) -> None:
    """That what is read back is what was meant `add_figures` sees to itself, and would say so; here the lines are compared."""
    measures = list((read(text.encode()).values or {}).get("measures") or {})
    wanted = [
        item._replace(measure=measures[ord(item.measure) % len(measures)]) for item in wanted if measures
    ]
    # An import refuses two figures for the same days before they come here.
    wanted = list(
        {(item.measure, item.area, parse_period(item.period).end): item for item in wanted}.values()
    )
    try:
        data, actual = add_figures(text.encode(), wanted, replace=replace)
    except UnplacedError:
        return
    after = data.decode()
    assert plain(read(data).values) == meant(read(text.encode()).values, tuple(actual))
    kinds = [outcome.kind for outcome in actual]
    assert is_readable(after)
    assert after == text or {"new", "filled", "replaced"} & {*kinds}
    assert formatted(text) != text or formatted(after) == after
    lost = lines_lost(text, after)
    assert len(lost) <= kinds.count("new") + LINES_OF_A_FIGURE * (
        kinds.count("filled") + kinds.count("replaced")
    )
    if "filled" not in kinds and "replaced" not in kinds:
        assert all("{" in line for line in lost), lost


def plain(values: Any) -> Any:
    """The values with every figure that has only a value as that value alone."""
    for measure in (values.get("measures") or {}).values():
        for series in (measure.get("observations"), *(measure.get("peers") or {}).values()):
            for key, figure in (series or {}).items():
                if isinstance(figure, dict) and set(figure) == {"value"}:
                    series[key] = figure["value"]
    return values


def meant(values: Any, reported: tuple[Outcome, ...]) -> Any:
    """What was there and what was written, worked out on the values alone."""
    for item in reported:
        entry = item.edit
        if item.kind not in {"new", "filled", "replaced"}:
            continue
        measure = values["measures"][entry.measure]
        if entry.area:
            measure["peers"] = measure.get("peers") or {}
        holder, name = (measure["peers"], entry.area) if entry.area else (measure, "observations")
        holder[name] = holder.get(name) or {}
        old = holder[name].get(item.key)
        figure = old if isinstance(old, dict) else {} if old is None else {"value": old}
        figure["value"] = read(f"v: {entry.value}\n".encode()).values["v"]  # type: ignore[index]
        marks = figure.get("marks", []) if entry.marks is None else entry.marks
        left = [mark for mark in marks if mark not in entry.without_marks]
        figure["marks"] = left + [mark for mark in entry.with_marks if mark not in left]
        if entry.note is not None and entry.note.split() != str(figure.get("note", "")).split():
            figure["note"] = entry.note if entry.note.split() else ""  # white space alone is no note
        if entry.assessment is not None:
            figure["assessment"] = entry.assessment
        for number in ("numerator", "denominator", "margin"):
            text = getattr(entry, number)
            if text is not None:
                figure[number] = read(f"v: {text}\n".encode()).values["v"] if text else ""  # type: ignore[index]
        holder[name][item.key] = {key: value for key, value in figure.items() if value not in ([], "")}
    return plain(values)


LINES_OF_A_FIGURE = 9


def lines_lost(before: str, after: str) -> list[str]:
    """The lines of a text that another has not, or not in that order."""
    old, new = (text.replace("\r\n", "\n").split("\n") for text in (before, after))
    same = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    kept = {number for item in same for number in range(item.a, item.a + item.size)}
    return [line for number, line in enumerate(old) if number not in kept]


def test_most_figures_can_be_placed_in_files_that_nobody_writes_by_hand() -> None:
    refused, tried = 0, 400 if FUZZING else 150
    for seed in range(tried):
        text = Maker(seed).file()
        try:
            add_figures(
                text.encode(), [FigureEdit("a", "1992", "7"), FigureEdit("a", "1993", "5")], replace=True
            )
        except UnplacedError:
            refused += is_readable(text)

    assert refused < tried / 50


def test_what_is_written_is_read_back() -> None:
    """The figure, its marks and its note, each as given."""
    note = 'Late: "see [p. 3]", it\'s #4 & \\ yes?'
    entry = FigureEdit("a", "2024-04", "1.50", marks=("break", "revised"), note=note)
    values = read(add_figures(SERIES.encode(), [entry])[0]).values

    assert values is not None
    assert values["measures"]["a"]["observations"] == {
        "2021/22": 84,
        "2023/24": 88,
        "2024-04": {"value": Decimal("1.50"), "marks": ["break", "revised"], "note": note},
    }
