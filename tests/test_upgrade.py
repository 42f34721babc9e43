"""A promise for years: the number of the form, the versions that a plan asks for, and `kpi upgrade` for what is older."""

import json
import re
import shutil
from datetime import date
from pathlib import Path

import pytest

import kpi as program
from kpi.cli.main import COMMANDS
from kpi.lint.engine import lint
from kpi.model.errors import UserError
from kpi.store.repository import hold_requirement
from repositories import committed, git
from running import Done, Kpi
from small import PLAN, edited, written

ROOT = Path(__file__).parent.parent
FORMS = Path(__file__).parent / "forms"
TODAY = date(2026, 1, 15)


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """A committed repository from before forms had a number, set up by an earlier version."""
    shutil.copytree(FORMS / "0", tmp_path, dirs_exist_ok=True)
    for name in ("github", "pre-commit-config.yaml"):
        (tmp_path / f"dot-{name}").rename(tmp_path / f".{name}")
    committed(tmp_path)
    return tmp_path


def test_an_older_repository_is_brought_to_this_form_and_says_the_same(older: Path, kpi: Kpi) -> None:
    before = kpi("export", "--format", "json").out
    plan = (older / "kpis/plan.yaml").read_text(encoding="utf-8")
    assert lint(older, TODAY).findings == ()

    checked = kpi("upgrade", "--check")
    assert (checked.code, git(older, "status", "--porcelain")) == (1, "")
    done = kpi("upgrade")

    assert (done.code, done.out) == (0, checked.out)
    changed = {line.split()[-1] for line in git(older, "status", "--porcelain").splitlines()}
    assert changed == {
        ".github/workflows/check.yml",
        ".pre-commit-config.yaml",
        "kpis/plan.yaml",
        "schema/kpi.schema.json",
        "schema/plan.schema.json",
    }
    assert (older / "kpis/plan.yaml").read_text(encoding="utf-8") == f"format: 1\n{plan}"
    assert (older / "schema/kpi.schema.json").read_bytes() == (ROOT / "schema/kpi.schema.json").read_bytes()
    pinned = (older / ".github/workflows/check.yml").read_text(encoding="utf-8")
    assert f"kpi-as-code=={program.__version__}\n" in pinned
    assert kpi("export", "--format", "json").out == before
    assert lint(older, TODAY).findings == ()


@pytest.mark.usefixtures("older")
def test_what_has_this_form_stays_as_it_is(kpi: Kpi) -> None:
    kpi("upgrade")

    assert kpi("upgrade") == Done(0, "", "kpi: Everything has the form of this version.\n")
    assert kpi("upgrade", "--check").code == 0


@pytest.mark.parametrize(
    ("path", "line", "later", "message"),
    [
        (".pre-commit-config.yaml", f"=={program.__version__}", "==99.1", 'installs kpi 99.1, and this is kpi {0}. Install that one first: pip install "kpi-as-code==99.1"'),
        (".github/workflows/check.yml", f"=={program.__version__}", "==99.0b2", 'installs kpi 99.0b2, and this is kpi {0}. Install that one first: pip install "kpi-as-code==99.0b2"'),
        ("kpis/plan.yaml", "format: 1", "format: 7", "has form 7, and kpi {0} knows forms up to 1. Install a later one: pip install --upgrade kpi-as-code"),
        ("kpis/plan.yaml", "format: 1", 'format: 1\nrequires: ">=99"', 'requires kpi >=99, and this is kpi {0}. Install one that fits: pip install "kpi-as-code>=99"'),
    ],
)  # fmt: skip
def test_what_a_later_version_wrote_is_not_taken_back(
    path: str, line: str, later: str, message: str, older: Path, kpi: Kpi
) -> None:
    kpi("upgrade")
    file = older / path
    file.write_text(edited(file.read_text(encoding="utf-8"), line, later), encoding="utf-8")
    committed(older)

    assert kpi("upgrade") == Done(2, "", f"kpi: {path} {message.format(program.__version__)}\n")
    assert git(older, "status", "--porcelain") == ""


def test_what_init_writes_has_this_form(kpi: Kpi) -> None:
    kpi("init")

    assert kpi("upgrade", "--check").code == 0


def test_this_repository_has_this_form(kpi: Kpi) -> None:
    assert kpi("--root", ROOT, "upgrade", "--check").code == 0
    assert kpi("--root", ROOT / "docs/examples/hospital", "upgrade", "--check").code == 0


@pytest.mark.parametrize(
    "command",
    [
        ("lint",),
        ("lint", "--no-cache"),
        ("build",),
        ("list",),
        ("record", "loans/books", "2024/25", "1"),
        ("new", "people/x2"),
    ],
    ids=" ".join,
)
def test_a_plan_that_asks_for_another_version_stops_a_command_with_one_sentence(
    command: tuple[str, ...], tmp_path: Path, kpi: Kpi
) -> None:
    written(tmp_path, plan=f'requires: ">=99.0, <100"\nnew_field: from a later form\n{PLAN}')

    assert kpi(*command) == Done(
        2,
        "",
        f"kpi: kpis/plan.yaml requires kpi >=99.0, <100, and this is kpi {program.__version__}. "
        'Install one that fits: pip install "kpi-as-code>=99.0,<100"\n',
    )


def test_a_version_that_fits_goes_on_also_from_what_lint_has_kept(tmp_path: Path, kpi: Kpi) -> None:
    written(tmp_path, plan=f'format: 1\nrequires: ">=0.1,<2"\n{PLAN}')

    assert kpi("lint").code == kpi("lint").code == 0


@pytest.mark.parametrize(
    ("wanted", "version", "fits"),
    [
        (">=1.0,<2", "1.0.0", True), (">=1.0,<2", "1.9.3", True), (">=1.0,<2", "2.0.0", False), (">=1.0,<2", "0.9", False),
        ("==1.2", "1.2.0", True), ("==1.2", "1.2.1", False), ("!=1.2", "1.2.0", False), (">1", "1.0.1", True), ("<= 1.10", "1.9", True),
    ],
)  # fmt: skip
def test_versions_are_compared_as_numbers(wanted: str, version: str, fits: bool) -> None:
    if fits:
        hold_requirement({"requires": wanted}, version)
    else:
        with pytest.raises(UserError, match="requires kpi"):
            hold_requirement({"requires": wanted}, version)


@pytest.mark.parametrize(
    ("line", "reported"),
    [("format: 2", "format"), ("requires: one", "versions like >=1.0,<2"), ("requires: 1.0", "requires")],
)
def test_a_form_or_version_that_is_none_is_told(line: str, reported: str, tmp_path: Path) -> None:
    written(tmp_path, plan=f"{line}\n{PLAN}")
    findings = [finding for finding in lint(tmp_path, TODAY).findings if finding.line == 1]

    assert len(findings) == 1
    assert reported in f"{findings[0].message} {findings[0].help}"


def test_the_schemas_have_ids_that_name_the_form() -> None:
    for name in ("kpi", "plan"):
        text = json.loads((ROOT / f"schema/{name}.schema.json").read_text(encoding="utf-8"))
        assert text["$id"] == f"urn:kpi-as-code:{name}:1"


def test_a_plan_with_comments_and_windows_line_ends_keeps_them(tmp_path: Path, kpi: Kpi) -> None:
    text = edited(PLAN, "\narea: ", "\n# our own\narea: ").replace("\n", "\r\n")
    written(tmp_path)
    (tmp_path / "kpis/plan.yaml").write_bytes(text.encode())

    assert kpi("upgrade").code == 0
    assert (tmp_path / "kpis/plan.yaml").read_bytes() == f"format: 1\r\n{text}".encode()


def test_the_promise_names_every_command() -> None:
    promise = (ROOT / "docs/promise.md").read_text(encoding="utf-8")

    assert set(re.findall(r"`kpi ([a-z]+)`", promise)) == {*COMMANDS}
