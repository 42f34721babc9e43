"""The source of the website, and its feed: what Zensical is given. tests/external/test_website.py looks at what it makes of that."""

import posixpath
import re
import shutil
import tomllib
from datetime import date
from itertools import cycle
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from guides import ROOT
from hostile_texts import READABLE, SHORT, TOGETHER
from kpi.judge.judgement import judge
from kpi.pages.publish import Scorecard, feed, website
from kpi.store.repository import load
from running import Kpi
from small import scorecard, written
from test_pages_hostile import spoilt

TEMPLATE = (ROOT / "tools/kpi/store/website/zensical.toml").read_text(encoding="utf-8")
ATOM = "{http://www.w3.org/2005/Atom}"
IN_A_FEED = {"feed", "entry", "id", "title", "updated", "author", "name", "link", "content"}
SETTINGS = {
    "site_name",
    "site_url",
    "docs_dir",
    "site_dir",
    "extra_css",
    "extra_javascript",
    "nav",
    "theme",
    "markdown_extensions",
}
DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T00:00:00Z"


def site(kpi: Kpi, folder: Path, *arguments: Any) -> Path:
    done = kpi(*arguments, "site", "--output", folder)
    assert (done.code, done.out) == (0, ""), done.err
    return folder


def settings(folder: Path) -> dict[str, Any]:
    whole = tomllib.loads((folder / "zensical.toml").read_text(encoding="utf-8"))
    project: dict[str, Any] = whole["project"]
    return project


def paths(navigation: list[Any]) -> list[str]:
    """Every page of the navigation, in order."""
    actual: list[str] = []
    for entry in navigation:
        for item in entry.values() if isinstance(entry, dict) else [entry]:
            actual += paths(item) if isinstance(item, list) else [item]
    return actual


# The pages.


def test_priorities_and_their_kpis_are_navigated_in_printed_order(kpi: Kpi, tmp_path: Path) -> None:
    project = settings(site(kpi, tmp_path / "site", "--root", written(tmp_path / "root")))

    assert project["site_name"] == "Library scorecard"
    assert project["nav"] == [
        "index.md",
        {
            "More reading": [
                "reading/index.md",
                {"Loans": "kpis/loans.md"},
                {"Visits": "kpis/visits.md"},
                {"Opening hours": "kpis/opening-hours.md"},
            ]
        },
        {
            "People": [
                "people/index.md",
                {"Satisfaction": "kpis/satisfaction.md"},
                {"Staff": "kpis/staff.md"},
                {"Reading circles": "kpis/reading-circles.md"},
                {"Links with schools": "kpis/school-links.md"},
            ]
        },
        {"Not met: since when, who answers": "breaches.md"},
        "changes.md",
        "about.md",
        {"Accessibility": "site/accessibility.md"},
    ]


@pytest.mark.parametrize("files_at", ["", "https://git.example/ours/edit/main"])
def test_every_page_is_navigated_and_every_link_leads_somewhere(
    kpi: Kpi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files_at: str
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ROOT / "docs/examples/hospital/kpis", written(tmp_path / "ours").parent / "theirs/kpis")
    done = kpi("site", "ours", "theirs", "--output", "site", *(("--files-at", files_at) if files_at else ()))
    assert done.code == 0, done.err
    docs = tmp_path / "site/docs"
    there = {path.relative_to(docs).as_posix() for path in docs.rglob("*") if path.is_file()}

    navigated = paths(settings(tmp_path / "site")["nav"])
    assert sorted(navigated) == sorted(name for name in there if name.endswith(".md"))
    addresses = set()
    for name in navigated:
        for target in re.findall(r"\]\(([^)\s]*)\)", (docs / name).read_text(encoding="utf-8")):
            if "://" in target:
                addresses.add(target)
            else:
                place = posixpath.normpath(posixpath.join(posixpath.dirname(name), target.partition("#")[0]))
                assert place in there, (name, target)
    assert (f"{files_at}/ours/kpis/reading/loans.yaml" in addresses) == bool(files_at)
    assert (docs / "riverside/kpis/reading/loans.yaml").exists() != bool(files_at)


def test_files_elsewhere_have_no_address(kpi: Kpi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = written(tmp_path / "root")
    monkeypatch.chdir(root)
    root = written(tmp_path / "other")
    done = kpi("--root", root, "site", "--output", "site", "--files-at", "https://git.example/ours/edit/main")

    assert done.code == 2
    assert "is not in the folder that --files-at is for" in done.err


def test_several_scorecards_stand_side_by_side_behind_one_first_page(kpi: Kpi, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    assert (
        kpi("site", written(tmp_path / "ours"), ROOT / "docs/examples/hospital", "--output", folder).code == 0
    )
    first = (folder / "docs/index.md").read_text(encoding="utf-8")

    assert first.startswith(
        "# Scorecards\n\n## Riverside Libraries\n\n[Library scorecard](riverside/index.md)\n"
    )
    assert "(rrk/index.md)" in first
    assert "6 have a target: 6 not met" in first
    assert (folder / "docs/rrk/feed.xml").is_file()
    head = (folder / "overrides/main.html").read_text(encoding="utf-8")
    assert head.count('type="application/atom+xml"') == 2

    same = kpi("site", tmp_path / "ours", tmp_path / "ours", "--output", folder)
    assert (same.code, same.err) == (
        2,
        'kpi: Two of the repositories have the area "riverside". Name one of them.\n',
    )


def test_the_organisation_s_own_statement_takes_the_place_of_the_one_with_blanks(
    kpi: Kpi, tmp_path: Path
) -> None:
    root = written(tmp_path / "root")
    blank = kpi("--root", root, "site", "--output", tmp_path / "site")
    statement = tmp_path / "site/docs/site/accessibility.md"
    assert "The accessibility statement has blanks." in blank.err
    assert "[NAME OF THE ORGANISATION]" in statement.read_text(encoding="utf-8")

    (root / "kpis/accessibility.md").write_text("# Accessibility\n\nOurs.\n", encoding="utf-8")
    own = kpi("--root", root, "site", "--output", tmp_path / "site")
    assert "blanks" not in own.err
    assert statement.read_text(encoding="utf-8") == "# Accessibility\n\nOurs.\n"
    assert kpi("--root", root, "lint").code == 0


def test_what_people_wrote_is_text_in_the_settings_and_in_the_feed(tmp_path: Path) -> None:
    repository, judgement, _ = scorecard(written(tmp_path))
    for hostile in (*TOGETHER, set(READABLE) - set(SHORT)):
        texts = cycle(hostile)
        plan = spoilt(judgement.plan, texts)
        own = Scorecard(judge(plan, [spoilt(kpi, texts) for kpi in repository.kpis]), {}, {}, "")
        files = website({"": own, "again/": own}, "https://example.org/", TEMPLATE)
        project = tomllib.loads(files["zensical.toml"])["project"]
        assert set(project) == SETTINGS, ascii(hostile)
        assert len(paths(project["nav"])) == 28
        for name in ("docs/feed.xml", "docs/again/feed.xml"):
            assert {
                element.tag.removeprefix(ATOM) for element in ET.fromstring(files[name]).iter()
            } == IN_A_FEED


def test_somebody_else_s_folder_is_left_alone(kpi: Kpi, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site/zensical.toml").write_text('[project]\nsite_name = "Ours"\n', encoding="utf-8")
    done = kpi("--root", written(tmp_path / "root"), "site", "--output", tmp_path / "site")

    assert done.code == 2
    assert "holds something else" in done.err
    assert (tmp_path / "site/zensical.toml").read_text(encoding="utf-8").endswith('"Ours"\n')


def test_a_site_is_written_in_place_of_an_earlier_one(kpi: Kpi, tmp_path: Path) -> None:
    root = written(tmp_path / "root")
    assert kpi("--root", root, "site", "--output", tmp_path / "site").code == 0
    (tmp_path / "site/docs/breaches.md").unlink()

    assert kpi("--root", root, "site", "--output", tmp_path / "site").code == 0
    assert (tmp_path / "site/docs/breaches.md").exists()


def test_a_broken_file_makes_no_site(kpi: Kpi, tmp_path: Path) -> None:
    done = kpi("--root", written(tmp_path / "root", loans="title: ["), "site", "--output", tmp_path / "site")

    assert (done.code, (tmp_path / "site").exists()) == (1, False)


# The feed.


def entries(root: Path, day: str = "", address: str = "") -> list[ET.Element]:
    repository = load(root)
    judgement = judge(repository.plan.usable(), repository.kpis, date.fromisoformat(day) if day else None)
    return list(ET.fromstring(feed(judgement, address)).iter(f"{ATOM}entry"))


def text(element: ET.Element, name: str) -> str:
    (actual,) = element.findall(f"{ATOM}{name}")
    return actual.text or ""


@pytest.mark.parametrize("root", [ROOT, ROOT / "docs/examples/hospital"], ids=["police", "hospital"])
def test_the_feed_has_what_rfc_4287_asks_for(root: Path) -> None:
    feed_text = feed(scorecard(root)[1], "https://example.org/x/")
    whole = ET.fromstring(feed_text)
    every = [whole, *whole.iter(f"{ATOM}entry")]

    assert whole.tag == f"{ATOM}feed"
    assert len(every) > 3
    for element in every:
        assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text(element, "id"))
        assert text(element, "title")
        assert re.fullmatch(DAY, text(element, "updated"))
        kinds = [(link.get("rel"), link.get("type")) for link in element.findall(f"{ATOM}link")]
        assert kinds.count(("alternate", "text/html")) == 1
        assert all(
            (link.get("href") or "").startswith("https://example.org/x/")
            for link in element.iter(f"{ATOM}link")
        )
    (author,) = whole.findall(f"{ATOM}author")
    assert text(author, "name")
    assert len({text(element, "id") for element in every}) == len(every)
    days = [text(element, "updated") for element in every]
    assert days[0] == max(days)
    assert days[1:] == sorted(days[1:], reverse=True)
    assert {element.tag.removeprefix(ATOM) for element in whole.iter()} == IN_A_FEED


CALLS = """\
title: Calls answered
definition: Calls answered within a minute.
unit: percent
better: higher
sources: [return]
measures:
  in-time:
    targets:
      - {at_least: 90, source: library-plan}
    observations:
      2024-01: 93
      2024-02: 84
"""


def test_an_entry_stays_the_same_while_a_miss_goes_on_and_its_end_has_one_of_its_own(tmp_path: Path) -> None:
    def judge_figures(*figures: str, day: str = "") -> dict[str, tuple[str, str, str]]:
        observations = "".join(f"      {figure}\n" for figure in ("2024-01: 93", *figures))
        root = written(tmp_path, loans=CALLS.replace("      2024-01: 93\n      2024-02: 84\n", observations))
        return {
            text(entry, "id"): (text(entry, "updated"), text(entry, "title"), text(entry, "content"))
            for entry in entries(root, day)
            if "Calls" in text(entry, "title")
        }

    first = judge_figures("2024-02: 84")
    assert list(first.values()) == [
        (
            "2024-02-29T00:00:00Z",
            "Calls answered: not met, February 2024",
            "84% (February 2024); target: at least 90%.",
        )
    ]
    assert judge_figures("2024-02: 84", "2024-03: 80", day="2025-01-01") == first
    ended = judge_figures("2024-02: 84", "2024-03: 91")
    assert ended.items() > first.items()
    assert (
        "2024-03-31T00:00:00Z",
        "Calls answered: met again, March 2024",
        "91% (March 2024); target: at least 90%.",
    ) in (ended.values())
