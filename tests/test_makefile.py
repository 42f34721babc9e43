"""The Makefile finds a Python, installs once, installs again what changed, and says what to do where it can't."""

import os
import re
import shutil
import stat
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAKE = shutil.which("make")

needs_make = pytest.mark.skipif(MAKE is None or os.name == "nt", reason="needs make and a Unix shell")

FAKE_PYTHON = """#!/bin/sh
echo "$@" >>calls
case "$1 $2" in
  -c*) echo ready ;;
  "-m venv") mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
esac
"""


class Checkout:
    """A folder with this Makefile and what it installs from, where a stand-in for Python notes what it is asked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in (
            *(f"requirements/{item}.txt" for item in ("build", "run", "test")),
            "pyproject.toml",
            "tools/kpi/__init__.py",
        ):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).touch()
            os.utime(folder / name, (1_000_000_000, 1_000_000_000))
        self.python = self.python_that("python", FAKE_PYTHON)

    def python_that(self, name: str, text: str) -> str:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return os.fspath(path)

    def make(self, *arguments: str, python: str | None = None) -> subprocess.CompletedProcess[str]:
        """What make does, told nothing by the make that may have started these tests."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
        return subprocess.run(
            [MAKE or "make", "-f", os.fspath(ROOT / "Makefile"), *arguments],
            cwd=self.folder,
            env=kept | {"PYTHON": python or self.python},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    def installs(self) -> list[str]:
        """What `make install` asks pip to install, as the files or the folder that it names."""
        (self.folder / "calls").unlink(missing_ok=True)
        done = self.make("install")
        assert done.returncode == 0, done.stderr
        calls = (
            (self.folder / "calls").read_text(encoding="utf-8") if (self.folder / "calls").exists() else ""
        )
        return re.findall(r"pip install .*?((?: -r \S+)+|--editable \S+)$", calls, re.MULTILINE)


ALL_INSTALLS = [
    " -r requirements/run.txt -r requirements/build.txt",
    "--editable .",
    " -r requirements/test.txt",
]


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path / "checkout")


@needs_make
def test_make_alone_lists_what_there_is(checkout: Checkout) -> None:
    listed = checkout.make().stdout

    assert listed == checkout.make("help").stdout
    assert [line.split()[1] for line in listed.splitlines()[:4]] == ["help", "scorecard", "test", "check"]


def this_python_after(prelude: str) -> str:
    """A script that answers the Makefile's question with this Python, after it was made to look different."""
    code = f"import importlib.util, sys; {prelude or 'pass'}; exec(sys.argv[1])"
    return f"#!/bin/sh\n[ \"$1\" = -c ] && exec '{sys.executable}' -c '{code}' \"$2\"\n" + FAKE_PYTHON


THIS = this_python_after("")
TOO_OLD = this_python_after("sys.version_info = (3, 10, 99)")
NO_VENV = this_python_after('importlib.util.find_spec = lambda name: name != "ensurepip"')
NOT_THERE = "#!/bin/sh\nexit 127\n"


@needs_make
@pytest.mark.parametrize("target", ["scorecard", "test"])
@pytest.mark.parametrize(
    ("python", "sentence"),
    [
        pytest.param(NO_VENV, r"Install python3-venv, then run make again: \S+ can't .*\.", id="no venv"),
        pytest.param(TOO_OLD, r"Install Python 3\.11 or newer, then .* \(looked for: \S+\)\.", id="too old"),
        pytest.param(
            NOT_THERE, r"Install Python 3\.11 or newer, then .* \(looked for: \S+\)\.", id="not there"
        ),
    ],
)
def test_one_sentence_says_what_to_do_where_python_won_t_do(
    checkout: Checkout, target: str, python: str, sentence: str
) -> None:
    done = checkout.make(target, python=checkout.python_that("other", python))
    (first, *rest) = done.stderr.splitlines()

    assert done.returncode != 0
    assert re.fullmatch(sentence, first)
    assert all(re.match(r"make: \*\*\* ", line) for line in rest)
    assert not (checkout.folder / ".venv").exists()


@needs_make
def test_a_python_that_won_t_do_is_passed_over_for_one_that_does(checkout: Checkout) -> None:
    old, bare, good = (checkout.python_that(f"p{n}", text) for n, text in enumerate((TOO_OLD, NO_VENV, THIS)))

    done = checkout.make("install", python=f"no-such-python {old} {bare} {good} {checkout.python}")
    assert (done.returncode, done.stderr.count(f"with {good};")) == (0, 1)


@needs_make
def test_the_makefile_and_the_package_want_the_same_python() -> None:
    floor = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["requires-python"]
    texts = re.findall(
        r">= \((\d+), (\d+)\)|--python-version (\S+)|Install Python (\S+) or",
        (ROOT / "Makefile").read_text(encoding="utf-8"),
    )

    assert {".".join(filter(None, item)) for item in texts} == {floor.removeprefix(">=")}
    assert len(texts) == 3


@needs_make
def test_a_half_made_environment_is_removed(checkout: Checkout) -> None:
    halfway = '#!/bin/sh\n[ "$1" = -c ] && echo ready && exit\nmkdir -p .venv/bin && cp "$0" .venv/bin/python\nexit 1\n'
    done = checkout.make("install", python=checkout.python_that("halfway", halfway))

    assert done.returncode != 0
    assert not (checkout.folder / ".venv").exists()


@needs_make
def test_a_second_run_installs_nothing(checkout: Checkout) -> None:
    assert checkout.installs() == ALL_INSTALLS
    assert checkout.installs() == []


@needs_make
@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ("requirements/test.txt", ALL_INSTALLS[2:]),
        ("requirements/run.txt", ALL_INSTALLS),
        ("pyproject.toml", ALL_INSTALLS),
    ],
)
def test_what_changed_is_installed_again(checkout: Checkout, changed: str, expected: list[str]) -> None:
    checkout.installs()
    for stamp in (checkout.folder / ".venv").glob("*.stamp"):
        os.utime(stamp, (1_100_000_000, 1_100_000_000))
    os.utime(checkout.folder / changed, (1_200_000_000, 1_200_000_000))

    assert checkout.installs() == expected


@needs_make
def test_a_moved_checkout_is_installed_again(checkout: Checkout, tmp_path: Path) -> None:
    checkout.installs()
    checkout.folder = checkout.folder.rename(tmp_path / "moved here")

    assert checkout.installs() == ALL_INSTALLS
    assert checkout.installs() == []


@needs_make
def test_every_install_insists_on_hashes(checkout: Checkout) -> None:
    checkout.installs()
    lines = [
        line
        for line in (checkout.folder / "calls").read_text(encoding="utf-8").splitlines()
        if "install" in line
    ]

    assert all("--require-hashes" in line or "--no-deps --no-build-isolation" in line for line in lines)
    assert len(lines) == len(ALL_INSTALLS)
