"""`kpi init`: a repository that can be used at once, on any day, and nothing written over."""

import json
import re
import shutil
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

import kpi as program
from kpi.lint.engine import lint
from kpi.store.starter import starting_files
from repositories import committed
from running import Done, Kpi

ROOT = Path(__file__).parent.parent
COMMIT = "0123456789abcdef0123456789abcdef01234567"
SAMPLES = ["calls-answered", "complaints", "days-to-decide"]
DAYS = [date(2026, month, 1) for month in range(1, 13)] + [
    date(2026, 1, 31),
    date(2024, 2, 29),
    date(2026, 12, 31),
    date(2030, 7, 15),
]


def files(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()
    }


def test_three_commands_lead_from_an_empty_folder_to_a_scorecard(tmp_path: Path, kpi: Kpi) -> None:
    done = kpi("init")

    assert done.code == 0
    assert set(done.out.split()) == {*files(tmp_path)}
    assert done.err.endswith("written. Now run kpi lint and kpi build. README.md says what comes next.\n")
    assert kpi("lint", "--strict") == Done(0, "Nothing to fix. 4 files checked.\n", "")
    assert kpi("fmt", "--check").code == 0
    assert kpi("build").code == 0
    page = (tmp_path / "docs/scorecard/README.md").read_text(encoding="utf-8")
    assert page.startswith("# Our plan\n")
    assert all(name in page for name in SAMPLES)


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_the_samples_have_no_finding_on_whatever_day_they_are_written(day: date, tmp_path: Path) -> None:
    for path, content in starting_files(day).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)

    assert lint(tmp_path, day).findings == ()
    assert lint(tmp_path, day + timedelta(days=20)).findings == ()


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_the_samples_end_with_the_last_whole_month(day: date) -> None:
    text = starting_files(day)["kpis/service/complaints.yaml"].decode()
    months = re.findall(r"^ +(\d{4})-(\d\d): \d+$", text, re.MULTILINE)
    counted = [int(year) * 12 + int(month) for year, month in months]

    assert counted == list(range(day.year * 12 + day.month - 15, day.year * 12 + day.month))


def test_the_samples_show_what_a_file_can_say(tmp_path: Path, kpi: Kpi) -> None:
    kpi("init")
    text = "".join((tmp_path / f"kpis/service/{name}.yaml").read_text(encoding="utf-8") for name in SAMPLES)

    wanted = ["owner:", "frequency:", "lag:", "targets:", "commentary:", "marks: [break]", "peers:"]
    assert [word for word in wanted if word not in text] == []


def test_it_writes_over_nothing_and_can_be_run_again(tmp_path: Path, kpi: Kpi) -> None:
    (tmp_path / "README.md").write_text("mine\n", encoding="utf-8")
    assert kpi("init").err.startswith("kpi: Already there, and left unchanged: README.md.\n")
    (tmp_path / ".gitignore").unlink()
    (tmp_path / "kpis/service/complaints.yaml").unlink()
    before = files(tmp_path)

    done = kpi("init")

    assert done.out == ".gitignore\n"  # a sample that was deleted is not wanted
    after = files(tmp_path)
    assert {path: after[path] for path in before} == before
    assert kpi("init", "-q") == Done(0, "", "")
    assert files(tmp_path) == after


def test_kpi_files_without_a_plan_get_one_that_lists_them(tmp_path: Path, kpi: Kpi) -> None:
    kpi("init")
    (tmp_path / "kpis/plan.yaml").unlink()
    assert "Write one with kpi init." in kpi("lint").out
    assert kpi("list").err.endswith("kpi: kpis/plan.yaml is not there yet. kpi init writes one.\n")
    assert kpi("new", "care/x2").err == "kpi: kpis/plan.yaml is not there yet. kpi init writes one.\n"

    assert kpi("init").out == "kpis/plan.yaml\n"
    plan = (tmp_path / "kpis/plan.yaml").read_text(encoding="utf-8")
    listed = "".join(f"      - {name}\n" for name in SAMPLES)
    assert f"  - id: service\n    title: Service\n    kpis:\n{listed}" in plan
    assert {finding.rule for finding in lint(tmp_path, date(2026, 1, 1)).findings} - {
        "future-period",
        "future-commentary",
    } == {"unknown-reference"}


def test_a_folder_can_be_named_and_is_made(tmp_path: Path, kpi: Kpi) -> None:
    assert kpi("init", "new/place").code == 0
    assert kpi("lint", "--root", "new/place").code == 0
    assert kpi("--root", "new/place", "init").out == ""
    (tmp_path / "file").write_text("", encoding="utf-8")

    assert kpi("init", "file") == Done(2, "", 'kpi: There can be no folder "file": a file is in the way.\n')
    assert (
        kpi("init", "file/below").err == 'kpi: There can be no folder "file/below": a file is in the way.\n'
    )


def test_the_day_can_be_given(tmp_path: Path, kpi: Kpi) -> None:
    kpi("init", "--as-of", "2031-01-05")

    text = (tmp_path / "kpis/service/complaints.yaml").read_text(encoding="utf-8")
    assert "      2029-10: 52\n" in text
    assert "      2030-12: 38\n" in text


def test_the_settings_of_editor_and_git_are_those_of_this_repository() -> None:
    begun = starting_files(date(2026, 1, 1))
    checkout = re.compile(rb"actions/checkout@.*")
    own = {
        text
        for path in (ROOT / ".github/workflows").glob("*.yml")
        for text in checkout.findall(path.read_bytes())
    }

    assert json.loads(begun[".vscode/settings.json"]) == json.loads(
        (ROOT / ".vscode/settings.json").read_bytes()
    )
    for name in ("kpi", "plan"):
        assert begun[f"schema/{name}.schema.json"] == (ROOT / f"schema/{name}.schema.json").read_bytes()
    for path, content in (*begun.items(), *starting_files(date(2026, 1, 1), "a/b@c").items()):
        assert {*checkout.findall(content)} <= own, path
        assert path.startswith("schema/") or b"[[" not in content, path


def test_an_unreleased_program_is_installed_in_its_exact_version() -> None:
    begun = starting_files(date(2026, 1, 1))
    installing = [path for path, content in begun.items() if b"kpi-as-code==" in content]

    assert sorted(installing) == [
        *(f".github/workflows/{name}.yml" for name in ("check", "overdue", "publish")),
        ".pre-commit-config.yaml",
    ]
    for path in installing:
        assert f"kpi-as-code=={program.__version__}".encode() in begun[path]


def test_a_released_program_calls_its_actions_at_the_commit_of_the_release() -> None:
    begun = starting_files(date(2026, 1, 1), f"owner/name@{COMMIT}")

    assert not [path for path, content in begun.items() if b"kpi-as-code==" in content]
    for name in ("check", "publish", "overdue", "inbox"):
        action = f"      - uses: owner/name/.github/actions/{name}@{COMMIT} # v{program.__version__}\n"
        text = begun[f".github/workflows/{name}.yml"].decode()
        assert text.endswith(action)
        assert len(text.splitlines()) < 30
    assert f"rev: {COMMIT}" in begun[".pre-commit-config.yaml"].decode()
    assert begun.keys() - starting_files(date(2026, 1, 1)).keys() == {".github/workflows/inbox.yml"}


@pytest.mark.parametrize("released", ["", f"owner/name@{COMMIT}"], ids=["unreleased", "released"])
def test_the_workflows_pass_the_audit_of_this_repositorys_own(released: str, tmp_path: Path) -> None:
    for path, content in starting_files(date(2026, 1, 1), released).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    zizmor = shutil.which("zizmor", path=str(Path(sys.executable).parent))
    assert zizmor is not None

    audit = [zizmor, "--offline", "--no-progress", "--persona", "auditor", ".github"]
    done = subprocess.run(audit, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_pages_are_committed_by_the_workflows_own_lines(tmp_path: Path, kpi: Kpi) -> None:
    """What `publish.yml` runs after the build: a commit that a bare repository takes, and nothing where nothing changed."""
    kpi("init", "work")
    work = tmp_path / "work"
    committed(work)
    kpi("build", "--root", "work")
    text = (work / ".github/workflows/publish.yml").read_text(encoding="utf-8")
    script = text.partition("run: |\n")[2].replace(
        "-c credential.helper= -c 'credential.helper=!gh auth git-credential' ", ""
    )
    subprocess.run(["git", "init", "-q", "--bare", "../origin"], cwd=work, check=True)
    subprocess.run(["git", "remote", "add", "origin", "../origin"], cwd=work, check=True)

    for _ in range(2):
        subprocess.run(["bash", "-e", "-c", script], cwd=work, check=True)
    log = subprocess.run(
        ["git", "log", "--format=%s", "main"],
        cwd=tmp_path / "origin",
        capture_output=True,
        text=True,
        check=True,
    )
    assert log.stdout.splitlines()[0] == "Write the scorecard's pages"
    assert log.stdout.count("scorecard's pages") == 1
