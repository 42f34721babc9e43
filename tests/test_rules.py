"""Every rule, on example files: `tests/examples/rules/<rule>/` has a bad one, a good one, and what lint says of the bad.

An example is one KPI file (`bad.yaml`, put at `kpis/care/waiting-times.yaml` beside `tests/examples/plan.yaml`) or a whole
`kpis/` folder (`bad/`). A rule about a change also has what was there before (`before.yaml` or `before/`).
"""

import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from kpi.cli.explain import ONE_FILE
from kpi.lint.changes import lint_change
from kpi.lint.checker import conflicts
from kpi.lint.engine import lint
from kpi.lint.fixes import FixResult, make_fixes
from kpi.lint.report import Report
from kpi.lint.reporters import concise
from kpi.model.finding import OFF, WARNING
from kpi.rules import BY_NAME, RULES, find
from kpi.rules.rule import Rule
from kpi.store.paths import PLAN
from kpi.store.repository import THE_DISK, Overlay, load

EXAMPLES = Path(__file__).parent / "examples"
TODAY = date(2026, 11, 23)

WITHOUT_EXAMPLE = {
    "unreadable-file",  # needs a file that can't be opened: tests/test_paths.py
}
SHOWN = [rule for rule in RULES if rule.name not in WITHOUT_EXAMPLE]
NAMES = [rule.name for rule in SHOWN]
BETWEEN_FILES = [rule.name for rule in RULES if rule.required and (rule.about_all or rule.about_plan)] + [
    "rule-setting"
]
MENDED = [rule for rule in SHOWN if rule.fix]

FORBIDDEN = re.compile(
    r"\b(schema|regex|null|array|mapping|scalar|token|pars(?:e|er|ing)|invalid|illegal|exception|cannot|e\.g|i\.e)\b",
    re.IGNORECASE,
)
MOST_WORDS = 25


def example(tmp_path: Path, rule: str, kind: str) -> Path:
    """A repository with one example in it."""
    kpis = tmp_path / "kpis"
    source = EXAMPLES / "rules" / rule / kind
    if source.is_dir():
        shutil.copytree(source, kpis)
    else:
        (kpis / "care").mkdir(parents=True)
        shutil.copy(EXAMPLES / "plan.yaml", kpis / "plan.yaml")
        shutil.copy(source.with_suffix(".yaml"), kpis / "care" / "waiting-times.yaml")
    if BY_NAME[rule].severity == OFF:
        with (kpis / "plan.yaml").open("a", encoding="utf-8") as plan:
            plan.write(f"lint: {{{rule}: {WARNING}}}\n")
    return tmp_path


def checked(tmp_path: Path, rule: str, kind: str) -> Report:
    return linted(example(tmp_path, rule, kind), rule)


def linted(root: Path, rule: str, files: Overlay = THE_DISK) -> Report:
    """What lint says of an example; of a rule about changes, what it says of the change."""
    before = was(rule)
    return lint_change(root, TODAY, before, files) if before else lint(root, TODAY, files)


def was(rule: str) -> dict[str, bytes]:
    """The files before the change, of a rule about changes."""
    folder = EXAMPLES / "rules" / rule
    item = folder / "before.yaml"
    if item.exists():
        return {PLAN: (EXAMPLES / "plan.yaml").read_bytes(), ONE_FILE: item.read_bytes()}
    actual = ((path.relative_to(folder / "before"), path) for path in folder.glob("before/**/*.yaml"))
    return {f"kpis/{place.as_posix()}": path.read_bytes() for place, path in actual}


def sentences(text: str) -> list[str]:
    """The sentences of a message, with what the user wrote (in quotation marks) as one word."""
    plain = re.sub(r'"[^"]*"', "X", text)
    return re.split(r"(?<=[.?!:;])\s", plain)


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> dict[Rule, tuple[Path, Report]]:
    """Each rule with its bad example, and what lint finds there."""
    roots = {rule: tmp_path_factory.mktemp(rule.name) for rule in SHOWN}
    return {rule: (root, checked(root, rule.name, "bad")) for rule, root in roots.items()}


def test_a_bad_example_has_its_finding_and_no_other(bad: dict[Rule, tuple[Path, Report]]) -> None:
    for rule, (_, report) in bad.items():
        assert [finding.rule for finding in report.findings] == [rule.name]
        severity = WARNING if rule.severity == OFF else rule.severity
        assert (report.findings[0].code, report.findings[0].severity) == (rule.code, severity)


def test_a_good_example_is_clean(tmp_path: Path) -> None:
    for rule in SHOWN:
        assert checked(tmp_path / rule.name, rule.name, "good").findings == (), rule.name


def test_the_rules_whose_messages_name_lines_say_so() -> None:
    said = {rule.name: (EXAMPLES / "rules" / rule.name / "said.txt").read_text("utf-8") for rule in SHOWN}

    naming = {name for name, text in said.items() if re.search(r"\b[Ll]ines? [0-9]", text)}
    assert naming == {rule.name for rule in RULES if rule.names_lines}


@pytest.mark.parametrize("rule", BETWEEN_FILES)
def test_a_build_refuses_what_lint_finds_between_the_files_though_it_compares_no_figures(
    rule: str, tmp_path: Path
) -> None:
    root = example(tmp_path, rule, "bad")
    (finding,) = lint(root, TODAY).findings

    assert [(path, problem.message) for path, problem in conflicts(load(root))] == [
        (finding.path, finding.message)
    ]


def test_what_lint_says_of_a_bad_example(
    bad: dict[Rule, tuple[Path, Report]], golden: Callable[[Path, str], None]
) -> None:
    for rule, (_, report) in bad.items():
        golden(EXAMPLES / "rules" / rule.name / "said.txt", concise(report))


def fixed(tmp_path: Path, rule: str) -> FixResult:
    """The result of fixing the bad example, guesses included."""
    root = example(tmp_path, rule, "bad")
    return make_fixes(root, linted(root, rule), lambda files: linted(root, rule, files), unsafe=True)


@pytest.mark.parametrize("rule", MENDED, ids=[rule.name for rule in MENDED])
def test_a_rule_with_a_fix_mends_its_bad_example_and_nothing_is_wrong_with_it_then(
    rule: Rule, tmp_path: Path, golden: Callable[[Path, str], None]
) -> None:
    actual = fixed(tmp_path, rule.name)

    assert [finding.rule for finding in actual.report.findings] == []
    assert actual.findings == 1
    ((path, (_, after)),) = actual.files.items()
    folder = EXAMPLES / "rules" / rule.name
    whole = (folder / "bad").is_dir()
    golden(
        folder / "fixed" / Path(path).relative_to("kpis") if whole else folder / "fixed.yaml", after.decode()
    )


def test_what_only_a_person_can_mend_is_left_alone(tmp_path: Path) -> None:
    for rule in SHOWN:
        assert rule in MENDED or fixed(tmp_path / rule.name, rule.name).files == {}, rule.name


def test_messages_are_short_and_free_of_jargon(bad: dict[Rule, tuple[Path, Report]]) -> None:
    for finding in (finding for _, report in bad.values() for finding in report.findings):
        for sentence in sentences(finding.message) + sentences(finding.help):
            assert len(sentence.split()) <= MOST_WORDS, sentence
            assert not FORBIDDEN.search(sentence), sentence


def test_a_finding_points_into_its_file(bad: dict[Rule, tuple[Path, Report]]) -> None:
    for rule, (root, report) in bad.items():
        (finding, *_) = report.findings
        data = (root / finding.path).read_bytes()

        assert 1 <= finding.line <= data.count(b"\n") + 1, rule.name
        assert (finding.line, finding.column) <= (finding.end_line, finding.end_column), rule.name


def test_every_rule_has_an_example_and_every_example_a_rule() -> None:
    there = {path.name for path in (EXAMPLES / "rules").iterdir()}

    assert there == set(NAMES)


def test_codes_and_names_are_used_once_and_in_the_form_of_their_family() -> None:
    codes = [rule.code for rule in RULES]

    assert len(set(codes)) == len(codes)
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert all(re.fullmatch(r"KPI[1-9][0-9]{2}", code) for code in codes)
    assert all(re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", rule.name) for rule in RULES)


def test_a_rule_is_found_by_its_name_and_by_its_code() -> None:
    assert all(find(rule.name) is rule and find(rule.code.lower()) is rule for rule in RULES)


def test_every_rule_says_why() -> None:
    assert [rule.name for rule in RULES if len(rule.manual.split()) < 6] == []
