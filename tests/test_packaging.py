"""What is installed is what is here: the built package, and the pins."""

import configparser
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import kpi
from kpi.cli.main import COMMANDS
from kpi.lint.reporters import REPORTERS
from kpi.manual.answer import HOME, address_of
from kpi.manual.field import list_places, names
from kpi.rules import RULES
from kpi.store.schema import load
from repositories import committed
from running import IN_ONE_PROCESS
from small import SATISFACTION, edited, written
from test_docs import page

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "tests" / "examples" / "rules"
DATA = tuple(f"tools/kpi/store/{name}" for name in ("starter", "website", "word"))
SCHEMAS = [path.relative_to(ROOT / "schema").as_posix() for path in sorted((ROOT / "schema").rglob("*.json"))]
PINS = ["build", "run", "test", "external", "mutants"]
SOURCES = ["pyproject.toml", "README.md", "LICENSE", "tools", "schema", "tests"]


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def build(folder: Path, out: Path) -> Path:
    """The wheel that the installed back end builds from `folder`, without a network."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", os.fspath(out)]
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    (wheel,) = out.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds what the wheel installs, away from this repository."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def run_from(folder: Path, *arguments: str) -> tuple[int, str, str]:
    """What the program in `folder` answers, as its exit code, stdout and stderr."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "kpi", *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": os.fspath(folder)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_wheel_carries_the_schemas_byte_for_byte(installed: Path, name: str) -> None:
    assert (installed / "kpi/schema" / name).read_bytes() == (ROOT / "schema" / name).read_bytes()


def test_the_wheel_carries_every_module_and_nothing_else(installed: Path) -> None:
    carried = {path.relative_to(installed) for path in installed.rglob("*") if path.is_file()}
    package = {path for path in carried if path.parts[0] == "kpi"}

    assert {path.parts[0] for path in carried - package} == {f"kpi_as_code-{kpi.__version__}.dist-info"}
    assert package == {
        *(path.relative_to(ROOT / "tools") for path in (ROOT / "tools/kpi").rglob("*.py")),
        *(
            path.relative_to(ROOT / "tools")
            for folder in DATA
            for path in (ROOT / folder).rglob("*")
            if path.is_file() and path.suffix != ".pyc"
        ),
        Path("kpi/py.typed"),
        *(Path("kpi/schema", name) for name in SCHEMAS),
        *(Path("kpi/examples", path.relative_to(EXAMPLES)) for path in EXAMPLES.rglob("*") if path.is_file()),
    }


def test_the_wheel_carries_the_rules_examples_byte_for_byte(installed: Path) -> None:
    for path in (path for path in EXAMPLES.rglob("*") if path.is_file()):
        assert (installed / "kpi/examples" / path.relative_to(EXAMPLES)).read_bytes() == path.read_bytes()


def test_the_wheel_names_the_command_the_version_and_the_licence(installed: Path) -> None:
    about = installed / f"kpi_as_code-{kpi.__version__}.dist-info"
    entries = configparser.ConfigParser()
    entries.read(about / "entry_points.txt", encoding="utf-8")

    assert dict(entries["console_scripts"]) == {"kpi": "kpi.__main__:main"}
    assert f"\nVersion: {kpi.__version__}\n" in (about / "METADATA").read_text(encoding="utf-8")
    assert (about / "licenses/LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()


def test_what_the_wheel_installs_runs_without_this_repository(installed: Path) -> None:
    lint = ("--root", os.fspath(ROOT), "lint", "--format", "concise")

    assert run_from(installed, "--version") == (0, f"kpi {kpi.__version__}\n", "")
    assert run_from(installed, *lint) == run_from(ROOT / "tools", *lint)
    about = (*lint[:2], "explain", "odd-path")
    assert run_from(installed, *about) == run_from(ROOT / "tools", *about)
    assert run_from(installed, "explain", "marks")[0] == 0


def test_what_the_wheel_installs_begins_a_repository(installed: Path, tmp_path: Path) -> None:
    code, out, _ = run_from(installed, "init", os.fspath(tmp_path))

    assert (code, len(out.splitlines())) == (0, 14)
    assert run_from(installed, "--root", os.fspath(tmp_path), "lint")[0] == 0


@pytest.fixture(scope="module")
def clean(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment in which the wheel was installed; what it depends on is lent by this one, and nothing else."""
    folder = tmp_path_factory.mktemp("clean")
    venv.create(folder, with_pip=False)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    (place,) = (path for path in folder.rglob("site-packages") if path.is_dir())
    lent = Path(pytest.__file__).parents[
        1
    ]  # a path there leads to packages, not to what their own .pth files name
    (place / "lent.pth").write_text(f"{lent}\n", encoding="utf-8")
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        os.fspath(python),
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--no-compile",
    ]
    subprocess.run([*pip, os.fspath(wheel)], check=True)
    return python


NAMED = [*(rule.name for rule in RULES), *names(list_places({"kpi": load("kpi"), "plan": load("plan")}))]
OUTPUTS = [
    ["--help"],
    *([command, "--help"] for command in COMMANDS),
    ["explain"],
    *(["explain", name] for name in NAMED),
    *(["lint", "--format", form] for form in REPORTERS),
    ["lint", "--statistics"],
    ["build"],
    ["diff"],
    ["diff", "--format", "markdown"],
    ["list"],
    ["paper"],
    ["init", "begun"],
    ["record", "loans/books", "2024/25", "39OO"],
    ["import", "nothing.csv"],
]
OF_OTHERS = (
    "https://json.schemastore.org/sarif-2.1.0.json",
    "https://example.org/return",
    "https://example.org/terms",
    "https://www.nationalarchives.gov.uk/doc/open-government-licence/",
    "https://github.com/owner/figures/edit/",
    "https://www.gov.uk/",
    "https://stats.example",
)
"""Addresses that are not ours to follow: the form of SARIF, sources of the small repository and of examples, its web editor."""


def outputs(python: Path, root: Path) -> str:
    """All that the installed program says in a repository of figures with mistakes, in a workflow on GitHub."""
    written(root)
    subprocess.run([os.fspath(python), "-I", "-m", "kpi", "build"], cwd=root, capture_output=True, check=True)
    written(root, satisfaction=edited(SATISFACTION, "2023: 81", "2023: 81%"))
    committed(root)
    workflow = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_REPOSITORY": "owner/figures",
        "GITHUB_SHA": "c0ffee",
        "GITHUB_REF_NAME": "main",
        "GITHUB_REF_TYPE": "branch",
        "GITHUB_STEP_SUMMARY": os.fspath(root / "summary.md"),
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "PYTHON"))}
    command = [os.fspath(python), "-I", "-c", IN_ONE_PROCESS]
    done = subprocess.run(
        command,
        cwd=root,
        env=kept | workflow,
        input=json.dumps([(".", arguments) for arguments in OUTPUTS]),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    text = "".join(f"{out}{err}\n" for _, out, err in json.loads(done.stdout))
    assert "Traceback" not in text
    return text + (root / "summary.md").read_text(encoding="utf-8")


@pytest.mark.external
def test_every_address_and_path_that_the_installed_program_names_leads_somewhere(
    clean: Path, tmp_path: Path
) -> None:
    reported = outputs(clean, tmp_path)
    ours, theirs = address_of(""), "https://github.com/owner/figures/blob/c0ffee/"
    addresses = set(re.findall(r"https?://[^\s<>()\"'`|\]\\]+[^\s<>()\"'`|\]\\.,:;]", reported))
    followed = {address for address in addresses if address.startswith(ours)}

    assert len(followed) > len(RULES)
    for address in followed:
        place, _, anchor = address.removeprefix(ours).partition("#")
        assert (ROOT / place).is_file(), address
        assert not anchor or anchor in page(ROOT / place).anchors, address
    for address in addresses - followed:
        place = unquote(address.removeprefix(theirs)).partition("?")[0]
        assert address.startswith(OF_OTHERS) or (tmp_path / place).is_file(), address
    for path in set(re.findall(r"(?<![\w/.-])docs/[\w./-]*\w", reported)):
        assert (tmp_path / path).exists(), path


def test_a_release_names_the_pages_of_its_own_commit() -> None:
    assert project()["project"]["urls"]["Homepage"] == HOME
    assert address_of("docs/cli.md", "") == f"{HOME}/blob/v{kpi.__version__}/docs/cli.md"
    assert address_of("docs/cli.md", "o/n@abc") == "https://github.com/o/n/blob/abc/docs/cli.md"


def test_in_a_repository_with_the_manual_its_own_pages_are_named(clean: Path) -> None:
    command = [os.fspath(clean), "-I", "-m", "kpi", "--root", os.fspath(ROOT), "explain", "odd-path"]
    stdout = subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout

    assert "  docs/rules/README.md\n" in stdout
    assert HOME not in stdout


def test_a_copy_with_other_dates_builds_the_same_bytes(wheel: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            copy.mkdir(exist_ok=True)
            shutil.copyfile(ROOT / name, copy / name)
    for path in copy.rglob("*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))

    assert build(copy, tmp_path / "out").read_bytes() == wheel.read_bytes()


def pinned(name: str) -> dict[str, tuple[Requirement, list[str]]]:
    """Each pin of a file under requirements/, by its name, with its hashes."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8").replace("\\\n", " ")
    actual: dict[str, tuple[Requirement, list[str]]] = {}
    for line in text.splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            wanted, *hashes = line.split(" --hash=")
            requirement = Requirement(wanted.strip())
            actual[canonicalize_name(requirement.name)] = (requirement, [item.strip() for item in hashes])
    return actual


def declared() -> Iterator[tuple[str, str]]:
    """Every dependency that pyproject.toml declares, with the file that must pin it."""
    about = project()
    yield from (("build", item) for item in about["build-system"]["requires"])
    yield from (("run", item) for item in about["project"]["dependencies"])
    yield from (("test", item) for item in about["project"]["dependencies"])
    for name, group in about["dependency-groups"].items():
        yield from ((name, item) for item in group)


@pytest.mark.parametrize(("name", "wanted"), list(declared()))
def test_every_declared_dependency_is_pinned_within_its_range(name: str, wanted: str) -> None:
    requirement = Requirement(wanted)
    pin, _ = pinned(name)[canonicalize_name(requirement.name)]
    (version,) = pin.specifier

    assert requirement.specifier.contains(version.version, prereleases=True)
    assert pin.marker == requirement.marker


@pytest.mark.parametrize("name", PINS)
def test_every_pin_is_one_version_with_its_hashes(name: str) -> None:
    pins = pinned(name)

    assert pins
    for requirement, hashes in pins.values():
        assert [item.operator for item in requirement.specifier] == ["=="]
        assert hashes
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", item) for item in hashes)


@pytest.mark.parametrize("name", PINS)
def test_pins_name_no_index_and_no_machine(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")

    assert not re.search(r"://|--(?:extra-)?index|--find-links|--trusted|(?:^|[\s'\"=])[/~]|[A-Z]:\\", text)


def test_all_pins_agree_with_each_other() -> None:
    versions: dict[str, set[str]] = {}
    for name in PINS:
        for package, (requirement, _) in pinned(name).items():
            versions.setdefault(package, set()).add(str(requirement.specifier))

    assert {package: actual for package, actual in versions.items() if len(actual) > 1} == {}
