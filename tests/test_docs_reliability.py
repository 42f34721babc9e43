"""docs/reliability.md promises only what a test holds, and lists the licence of every package."""

import re
from importlib.metadata import metadata
from pathlib import Path

from guides import DOCS, ROOT

GUIDE = (DOCS / "reliability.md").read_text(encoding="utf-8")


def test_every_promise_names_tests_that_are_there() -> None:
    named = set(re.findall(r"`(test_\w+)`", GUIDE))
    there = {
        name
        for path in Path(__file__).parent.rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)\(", path.read_text(encoding="utf-8"), re.MULTILINE)
    }

    assert len(named) > 50
    assert named - there == set()


def test_every_package_that_runs_with_the_program_is_listed_with_its_licence() -> None:
    pins = (ROOT / "requirements/run.txt").read_text(encoding="utf-8")
    pinned = dict(re.findall(r"^([\w.-]+)==(.*)$", pins, re.MULTILINE))
    listed = dict(re.findall(r"^\| ([a-z][a-z-]+) \| ([\w.-]+) \|$", GUIDE, re.MULTILINE))

    assert listed.keys() == pinned.keys()
    for name in (name for name, rest in pinned.items() if ";" not in rest):  # not installed everywhere
        about = metadata(name)
        assert [listed[name]] in (about.get_all("License-Expression"), about.get_all("License")), name
