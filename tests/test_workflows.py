"""The workflows may do little, run only what is pinned, and never take what people wrote for commands."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from kpi.cli.main import COMMANDS
from rendered import read_page
from repositories import WHO, committed
from runner import commands
from running import check_jsonschema
from small import LOANS, SATISFACTION, VISITS, edited, written

ROOT = Path(__file__).parent.parent
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.y*ml"))
CHECK, PUBLISH, OVERDUE, NOTIFY, INBOX, SITE, FUZZ, SYSTEMS, RELEASE = (
    ROOT / f".github/workflows/{name}.yml"
    for name in ("check", "publish", "overdue", "notify", "inbox", "site", "fuzz", "systems", "release")
)
ACTIONS = sorted((ROOT / ".github/actions").glob("*/action.yml"))
SHELL = (".ci/run", ".github/actions/show", ".github/actions/kpi")
CHECKING, PUBLISHES, LATENESS, NOTIFIES, IMPORTS, WEBSITE = (
    ROOT / f".github/actions/{name}/action.yml"
    for name in ("check", "publish", "overdue", "notify", "inbox", "site")
)
CALLING = {PUBLISH, OVERDUE, NOTIFY, INBOX, SITE}
"""Workflows that only run an action of ours."""
KPI = f'"{sys.executable}" -m kpi "$@"'
HOSTILE = "<img src=x> [x](javascript:y) @admin ::error::x\\n::add-mask::9\\r##[error]y | ` ** </details>"
PROSE = {"h2", "h3", "p", "ul", "li", "strong", "span", "pre", "code"}
ALLOWED = PROSE | {"table", "thead", "tbody", "tr", "th", "td", "em"}
"""What a summary of findings may hold as HTML; and that of a change, which has tables."""
BASH = shutil.which("bash")

each_workflow = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
each_file = pytest.mark.parametrize(
    "path", WORKFLOWS + ACTIONS, ids=lambda path: f"{path.parent.name}-{path.name}"
)


@cache
def read(path: Path) -> dict[str, Any]:
    actual: dict[str, Any] = YAML(typ="safe", pure=True).load(path)
    return actual


def steps(path: Path) -> list[dict[str, Any]]:
    """The steps of a workflow's jobs, or of an action."""
    whole = read(path)
    jobs = whole["jobs"].values() if "jobs" in whole else [whole["runs"]]
    return [step for job in jobs for step in job["steps"]]


def scripts(path: Path) -> list[str]:
    return [step["run"] for step in steps(path) if "run" in step]


def script(name: str) -> str:
    named = (step for path in WORKFLOWS + ACTIONS for step in steps(path) if step.get("name") == name)
    (actual,) = [step["run"] for step in named if "run" in step]
    assert isinstance(actual, str)
    return actual


def tool(name: str) -> str:
    """A program that was installed beside this Python, else the one on the path."""
    actual = shutil.which(name, path=os.fspath(Path(sys.executable).parent)) or shutil.which(name)
    assert actual, f"{name} is not installed: run make test"
    return actual


def run(*command: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False, cwd=ROOT, **options)


def test_these_are_all_the_workflows() -> None:
    assert sorted([CHECK, PUBLISH, OVERDUE, NOTIFY, INBOX, SITE, FUZZ, SYSTEMS, RELEASE]) == WORKFLOWS
    assert sorted([CHECKING, PUBLISHES, LATENESS, NOTIFIES, IMPORTS, WEBSITE]) == ACTIONS


@each_workflow
def test_a_workflow_may_do_nothing_but_what_its_jobs_ask_for(path: Path) -> None:
    assert read(path)["permissions"] == {}


@pytest.mark.parametrize(
    ("path", "may"),
    [
        (CHECK, {"contents": "read", "pull-requests": "write"}),
        (OVERDUE, {"contents": "read"}),
        (NOTIFY, {"contents": "read", "issues": "write"}),
        (SYSTEMS, {"contents": "read"}),
        (PUBLISH, {"contents": "write", "pull-requests": "write"}),
        (INBOX, {"contents": "write", "pull-requests": "write", "actions": "write"}),
    ],
    ids=lambda value: value.name if isinstance(value, Path) else "",
)
def test_a_job_may_do_no_more_than_it_must(path: Path, may: dict[str, str]) -> None:
    assert [job["permissions"] for job in read(path)["jobs"].values()] == [may]


def test_the_site_is_built_by_one_job_and_put_up_by_another_that_has_no_checkout() -> None:
    jobs = read(SITE)["jobs"]

    assert jobs["build"]["permissions"] == {"contents": "read"}
    assert jobs["deploy"]["permissions"] == {"pages": "write", "id-token": "write"}
    assert (jobs["deploy"]["environment"]["name"], jobs["deploy"]["needs"]) == ("github-pages", "build")
    assert [step["uses"].partition("@")[0] for step in jobs["deploy"]["steps"]] == ["actions/deploy-pages"]
    assert [job.get("if") for job in (jobs["build"], read(NOTIFY)["jobs"]["notify"])] == [
        "github.ref == 'refs/heads/main'"
    ] * 2


def test_what_may_write_runs_on_main_only_and_never_for_a_pull_request() -> None:
    document = read(PUBLISH)

    assert document["on"] == {
        "push": {"branches": ["main"]},
        "schedule": [{"cron": "0 4 * * *"}],
        "workflow_dispatch": None,
        "workflow_call": None,
    }
    assert [job["if"] for job in document["jobs"].values()] == ["github.ref == 'refs/heads/main'"]
    assert document["concurrency"]["cancel-in-progress"] is False


def test_tables_are_imported_on_branches_of_this_repository_alone() -> None:
    whole = read(INBOX)

    assert whole["on"] == {
        "push": {"branches-ignore": ["main", "scorecard-pages"], "paths": ["inbox/**"]},
        "pull_request": {"types": ["opened"]},
        "workflow_call": None,
    }
    assert [job["if"] for job in whole["jobs"].values()] == [
        "github.event_name == 'push' || github.event.pull_request.head.repo.full_name == github.repository"
    ]


def test_the_token_is_given_to_few_steps_only() -> None:
    held = [
        step["name"] for path in WORKFLOWS + ACTIONS for step in steps(path) if "github.token" in str(step)
    ]

    assert held == [COMMENT, IMPORTED, UPLOADED, NOTIFYING, PUBLISHING]


def test_this_repository_s_own_workflows_are_made_of_the_actions_at_their_own_commit() -> None:
    used = {
        path.stem: [step.get("uses", "") for step in steps(path)]
        for path in (CHECK, PUBLISH, OVERDUE, NOTIFY, INBOX, SITE)
    }

    assert all(f"$/.github/actions/{name}" in actions for name, actions in used.items())
    assert all("workflow_call" in read(path)["on"] for path in (PUBLISH, OVERDUE, NOTIFY, INBOX, SITE))


@pytest.mark.parametrize("path", ACTIONS, ids=lambda path: path.parent.name)
def test_an_action_runs_nothing_of_the_repository_that_uses_it(path: Path) -> None:
    """Its own scripts are named by its own place, and so is the program."""
    together = "\n".join(scripts(path))
    own = re.findall(r'"\$GITHUB_ACTION_PATH/([^"]*)"', together)

    assert set(own) <= {"../../..", "../kpi", "../show", "../../../.venv/bin/zensical"}
    assert not re.search(r"(?:^|[;&|(]\s*)(?:\./|\.ci/|\.venv/|kpi )", together, re.MULTILINE)
    assert all(step["shell"] == "bash" for step in steps(path) if "run" in step)


def test_overdue_figures_are_told_every_week() -> None:
    expected = {"schedule": [{"cron": "0 6 * * 1"}], "workflow_dispatch": None, "workflow_call": None}
    assert read(OVERDUE)["on"] == expected


def test_made_up_inputs_are_tried_every_week_and_are_there() -> None:
    made = (ROOT / "Makefile").read_text(encoding="utf-8").replace("\\\n", "")
    (line,) = re.findall(r"^FUZZED := (.*)$", made, re.MULTILINE)

    assert read(FUZZ)["on"] == {"schedule": [{"cron": "0 3 * * 0"}], "workflow_dispatch": None}
    assert "make fuzz RUNS=4" in scripts(FUZZ)
    names = re.findall(r"[a-z_/]+\.py", line)
    assert len(names) == 13
    assert all(list((ROOT / "tests").glob(f"**/*{name.rpartition('/')[2]}")) for name in names)


def test_the_check_runs_on_every_pull_request_and_push() -> None:
    assert read(CHECK)["on"] == {"pull_request": None, "push": None, "workflow_dispatch": None}


@each_workflow
def test_no_workflow_lends_its_rights_to_a_fork(path: Path) -> None:
    assert not {"pull_request_target", "workflow_run", "issue_comment"} & set(read(path)["on"])


@each_workflow
def test_no_workflow_uses_a_secret(path: Path) -> None:
    assert "secrets" not in path.read_text(encoding="utf-8")


@each_file
def test_actions_are_pinned_by_hash_and_say_their_version(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    for line in (line for line in lines if re.match(r"\s*(- )?uses: (?!\$/\.github/actions/)", line)):
        assert re.search(r"uses: [\w.-]+/[\w./-]+@[0-9a-f]{40} # v[0-9]+\.[0-9]+\.[0-9]+$", line), line


@each_workflow
def test_checkouts_keep_no_credentials(path: Path) -> None:
    checkouts = [step for step in steps(path) if step.get("uses", "").startswith("actions/checkout@")]

    assert checkouts
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


@each_workflow
def test_every_job_has_a_time_limit_and_a_fixed_runner(path: Path) -> None:
    for job in read(path)["jobs"].values():
        assert job["timeout-minutes"] <= (30 if path in {FUZZ, SYSTEMS, RELEASE} else 10)
        systems = job.get("strategy", {}).get("matrix", {}).get("system", [job["runs-on"]])
        assert all(
            re.fullmatch(r"ubuntu-[0-9]{2}\.[0-9]{2}|(windows|macos)-[0-9]+", system) for system in systems
        )


@each_file
def test_what_a_step_is_given_holds_no_text_of_people(path: Path) -> None:
    given = {value for step in steps(path) for value in step.get("env", {}).values()}

    harmless = ("github.token", "github.event.before", "github.event.pull_request.number")
    by_workflows = ("inputs.label", "inputs.scorecards", "inputs.site-at")
    assert given <= {f"${{{{ {name} }}}}" for name in (*harmless, *by_workflows)}


@each_file
def test_no_expression_is_pasted_into_shell(path: Path) -> None:
    assert not [text for text in scripts(path) if "${{" in text]


@each_file
def test_a_workflow_runs_what_the_makefile_and_the_program_have(path: Path) -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    made = {
        target
        for text in scripts(path)
        for target in re.findall(r'^\s*make (?:--[\w-]+ )*(?:-C "[^"]+" )?([\w-]+)', text, re.MULTILINE)
    }
    called = {name for text in scripts(path) for name in re.findall(r'/kpi" (\w+)', text)}

    assert made | called or path in CALLING
    assert made <= set(targets)
    assert called <= set(COMMANDS)


def test_the_check_runs_the_tests_and_all_that_make_check_does() -> None:
    together = "\n".join([*scripts(CHECK), *scripts(CHECKING)])

    assert all(
        part in together
        for part in ("make test\n", "make test-external", '/kpi" lint', '/kpi" build --check', " check-code")
    )


def test_an_independent_auditor_finds_nothing() -> None:
    done = run(tool("zizmor"), "--offline", "--no-progress", "--persona", "auditor", ".github")

    assert (done.returncode, done.stdout.strip()) == (0, "No findings to report. Good job!"), done.stderr


@pytest.mark.parametrize(
    ("form", "paths"),
    [
        ("vendor.github-workflows", WORKFLOWS),
        ("vendor.github-actions", ACTIONS),
        ("vendor.dependabot", [ROOT / ".github/dependabot.yml"]),
    ],
    ids=["workflows", "actions", "dependabot"],
)
def test_github_s_own_form_is_kept(form: str, paths: list[Path]) -> None:
    assert check_jsonschema("--builtin-schema", form, *paths) == (0, "ok -- validation done\n")


@pytest.mark.parametrize(
    "text",
    [
        *(text for path in WORKFLOWS + ACTIONS for text in scripts(path)),
        *((ROOT / name).read_text(encoding="utf-8") for name in SHELL),
    ],
    ids=lambda text: text.splitlines()[0],
)
def test_shell_is_sound(text: str) -> None:
    done = run(tool("shellcheck"), "--shell=bash", "-", input=text)

    assert done.stdout == ""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such bit")
def test_the_local_check_can_be_run() -> None:
    assert all(os.access(ROOT / name, os.X_OK) for name in SHELL)


HOSTILE = "kpis/a/b.yaml:1:1: error x: ```\n::add-mask::9\n##[error]y\r# z\n</pre><img src=x>\n::stop-commands::1\n::1::"


class Ran:
    """What a step's shell did with a program in the place of `kpi`, in a folder with `kpis/` of its own or without.

    Attributes:
        code: the exit code.
        log: what it printed.
        summary: what it added to the summary of the run.
        output: what it handed to the steps after it.
    """

    def __init__(
        self,
        folder: Path,
        step: str,
        program: str,
        ref: str = "refs/heads/main",
        path: str = "",
        before: str = "",
    ) -> None:
        action = folder / ".venv/actions/one"
        action.mkdir(parents=True, exist_ok=True)
        fake = action.parent / "kpi"
        fake.write_text(f"#!/bin/sh\n{program}\n", encoding="utf-8")
        fake.chmod(0o755)
        shutil.copy(ROOT / ".github/actions/show", action.parent)
        given = {
            "RUNNER_TEMP": os.fspath(folder / ".venv"),
            "GITHUB_ACTION_PATH": os.fspath(action),
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_REPOSITORY": "owner/figures",
            "GITHUB_RUN_ID": "12",
            "NUMBER": "7",
            "LABEL": "scorecard",
            "SCORECARDS": ".",
            "SITE_AT": "",
            "GITHUB_ACTIONS": "true",
            "GITHUB_WORKSPACE": os.fspath(folder),
            "GITHUB_STEP_SUMMARY": os.fspath(folder / ".venv/summary"),
            "GITHUB_OUTPUT": os.fspath(folder / ".venv/output"),
            "BEFORE": before,
            "GITHUB_EVENT_NAME": "pull_request" if ref.startswith("refs/pull/") else "push",
            "GITHUB_REF": ref,
            "GITHUB_REF_NAME": ref.removeprefix("refs/heads/").removeprefix("refs/pull/"),
            "GH_TOKEN": "not-for-kpi",
            "PATH": f"{path}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": os.fspath(ROOT / "tools"),
            **{
                name: value
                for name, value in WHO.items()
                if name.startswith(("GIT_CONFIG_", "GIT_TEMPLATE_"))
            },
        }
        done = subprocess.run(
            [BASH or "bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script(step)],
            env={name: value for name, value in os.environ.items() if not name.startswith("GITHUB_")} | given,
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        self.code, self.log = done.returncode, done.stdout.decode()
        self.summary, self.output = (
            place.read_text(encoding="utf-8") if place.exists() else ""
            for place in (folder / ".venv/summary", folder / ".venv/output")
        )


def says(folder: Path, text: str, code: int, where: str = "") -> str:
    """A program that prints a text and leaves with a code; `where` may send the text elsewhere."""
    folder.mkdir(exist_ok=True)
    (folder / "told").write_bytes(text.encode())
    return f'cat "{folder}/told" {where}\nexit {code}'


LINT, MEANING, PAGES = "Lint", "Say what the change means", "Say which pages change"
PROGRAM = "See whether the program changes"
COMMENT, BUILT = "Say on the pull request what it means", "Build the pages"
LOOKED, IMPORTED, UPLOADED = "Look into the inbox", "Import the tables", "Say what was imported before"
PUBLISHING, LATE = "Write the pages and commit them", "Say which figures are overdue"
NOTIFYING, SITE_MADE = "Tell of missed targets and overdue figures", "Make the site"
REAL = f'exec "{sys.executable}" -m kpi "$@" --as-of 2024-06-01'
SPOILT = edited(LOANS, "2021/22: 5200", '2021/22: "x\\n::error file=x::pwned\\n::add-mask::9\\n##[error]y"')

shell = pytest.mark.skipif(BASH is None or os.name == "nt", reason="needs a Unix shell")


@shell
@pytest.mark.parametrize(
    ("step", "where"),
    [(LINT, ">&2"), *((step, where) for step in (MEANING, PAGES, LATE) for where in ("", ">&2"))],
)
def test_what_people_wrote_is_never_a_command_to_the_runner(tmp_path: Path, step: str, where: str) -> None:
    log = Ran(tmp_path, step, says(tmp_path, HOSTILE, 0, where)).log

    begun = re.match(r"::stop-commands::([0-9a-f]{32})\n", log)
    assert begun
    assert log == f"{begun[0]}{HOSTILE}\n::{begun[1]}::\n"


@shell
@pytest.mark.parametrize("step", [LINT, MEANING, PAGES, LATE])
def test_the_word_that_ends_the_pause_can_t_be_foretold(tmp_path: Path, step: str) -> None:
    first, second = (Ran(tmp_path / name, step, says(tmp_path / name, "", 0)).log for name in ("one", "two"))

    assert first != second


@shell
def test_lint_s_findings_are_the_only_commands_in_its_log(tmp_path: Path) -> None:
    root = written(tmp_path, loans=SPOILT)
    (root / "kpis/people/::error file=x::y\n::error::z.yaml").touch()
    ran = Ran(root, LINT, REAL)
    actual = commands(ran.log)

    assert ran.code == 1
    assert [item.name for item in actual] == [
        "error",
        "error",
        "group",
        "stop-commands",
        "endgroup",
        "stop-commands",
    ]
    assert [item.properties.get("title") for item in actual[:2]] == ["odd-path", "not-a-number"]
    assert "pwned" in actual[1].data


@shell
def test_lint_s_findings_stay_plain_text_in_the_summary(tmp_path: Path) -> None:
    summary = Ran(written(tmp_path, loans=SPOILT), LINT, REAL).summary

    assert summary.startswith("## Lint\n\n1 error to fix before merging.")
    assert "pwned" in summary
    assert {tag for tag, _ in read_page(summary).tags} <= PROSE


@shell
def test_a_long_summary_is_cut_before_github_refuses_it(tmp_path: Path) -> None:
    root = written(tmp_path)
    for number in range(2500):
        (root / f"kpis/people/Odd {'name ' * 30}{number}.yaml").touch()
    ran = Ran(root, LINT, REAL)

    assert ran.code == 1
    assert 800_000 < len(ran.summary.encode()) < 1_000_000
    assert " more findings had no room here" in ran.summary
    assert len(commands(ran.log)) < 20


@shell
def test_what_stands_on_changed_lines_is_told_first(tmp_path: Path) -> None:
    root = written(tmp_path, satisfaction=edited(SATISFACTION, "2023: 81", "2023: 81%"))
    committed(root)
    written(
        root,
        satisfaction=edited(SATISFACTION, "2023: 81", "2023: 81%"),
        visits=edited(VISITS, "2024-01: 900", "2024-01: 9OO"),
    )
    committed(root)
    titles = [
        command.properties["file"]
        for command in commands(Ran(root, LINT, REAL).log)
        if command.name == "error"
    ]

    assert titles == ["kpis/reading/visits.yaml", "kpis/people/satisfaction.yaml"]


@shell
@pytest.mark.parametrize("code", [0, 1, 2, 3])
@pytest.mark.parametrize("ref", ["refs/heads/main", "refs/pull/7/merge"])
def test_lint_fails_the_check_as_it_fails_itself(tmp_path: Path, code: int, ref: str) -> None:
    ran = Ran(tmp_path, LINT, says(tmp_path, "told", code, ">&2"), ref)

    assert ran.code == code
    assert [command.name for command in commands(ran.log)] == ["stop-commands", *["error"] * (code > 1)]


@shell
@pytest.mark.parametrize(
    ("reported", "where", "code", "leaves_with"),
    [
        pytest.param("current", ">&2", 0, 0, id="current"),
        pytest.param("a.md: is missing\n", "", 1, 0, id="stale pages are a notice"),
        pytest.param(
            "kpi: Nothing was done. Run kpi lint.\n", ">&2", 1, 0, id="lint has said that files can't be used"
        ),
        pytest.param("Traceback", ">&2", 1, 1, id="a bug fails"),
        pytest.param("", "", 2, 2, id="wrong use fails"),
        pytest.param("", "", 3, 3, id="a tool that could not work fails"),
    ],
)
@pytest.mark.parametrize("ref", ["refs/heads/main", "refs/pull/7/merge"])
def test_stale_pages_never_fail_the_check(
    tmp_path: Path, reported: str, where: str, code: int, leaves_with: int, ref: str
) -> None:
    committed(tmp_path)
    committed(tmp_path)
    ran = Ran(tmp_path, PAGES, says(tmp_path, reported, code, where), ref)
    levels = re.findall(r"^::(\w+) title=Scorecard::", ran.log, re.MULTILINE)

    assert (ran.code, levels) == (leaves_with, ["notice"] if "missing" in reported else [])
    assert ("    a.md\n" in ran.summary) == ("missing" in reported)


@shell
@pytest.mark.parametrize(("code", "leaves_with"), [(0, 0), (1, 1), (2, 0), (3, 3)])
def test_a_comparison_fails_the_check_where_it_is_not_whole_or_the_tool_fails(
    tmp_path: Path, code: int, leaves_with: int
) -> None:
    ran = Ran(tmp_path, MEANING, says(tmp_path, "told", code), "refs/pull/7/merge")

    assert (ran.code, ran.summary) == (leaves_with, "told" if code <= 1 else "")


@each_file
def test_every_workflow_installs_the_pinned_packages_by_the_makefile_alone(path: Path) -> None:
    installing = [step.get("run", "") for step in steps(path) if step.get("name") == "Install"]
    target = "zensical" if path == WEBSITE else "program"
    program = f'make --no-print-directory -C "$GITHUB_ACTION_PATH/../../.." {target}'

    assert installing == ([] if path in CALLING else [program if path in ACTIONS else "make install"])
    assert not re.search(r"\b(?:pip|uv|pipx|npm|apt-get)\b", "\n".join(scripts(path)))


def test_publish_checks_the_figures_before_it_writes_pages() -> None:
    commands_run = re.findall(r'/kpi" (\w+)', script(PUBLISHING))

    assert commands_run == ["lint", "build", "build"]
    assert '/kpi" build --check HEAD' in script(PUBLISHING)


def test_windows_and_macos_run_the_tests_too() -> None:
    (job,) = read(SYSTEMS)["jobs"].values()

    assert {name.partition("-")[0] for name in job["strategy"]["matrix"]["system"]} == {"windows", "macos"}
    assert "make test" in scripts(SYSTEMS)


# A release.


@pytest.mark.external
def test_a_release_is_built_twice_to_the_same_bytes_with_its_commit_in_it(tmp_path: Path) -> None:
    """The workflow's own lines, in a copy of the repository: what the wheel then begins calls the actions at that commit."""
    for name in (
        "tools",
        "schema",
        "tests/examples",
        "kpis",
        "docs/kpi-file.md",
        "pyproject.toml",
        "README.md",
        "LICENSE",
        "CHANGELOG.md",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copyfile
        copy(ROOT / name, tmp_path / name)
    committed(tmp_path)
    (tmp_path / ".venv").symlink_to(Path(sys.prefix))
    commit = "0123456789abcdef0123456789abcdef01234567"
    surroundings = os.environ | {
        "GITHUB_REPOSITORY": "owner/name",
        "GITHUB_SHA": commit,
        "RUNNER_TEMP": str(tmp_path / "temp"),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
    }
    for step in ("Say what is released", "Build the wheel twice"):
        done = subprocess.run(
            [str(BASH), "-e", "-c", script(step)],
            cwd=tmp_path,
            env=surroundings,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    (wheel,) = (tmp_path / "dist").glob("*.whl")
    assert str(wheel.name) in (tmp_path / "summary").read_text(encoding="utf-8")
    with zipfile.ZipFile(wheel) as archive:
        assert f'RELEASED_FROM = "owner/name@{commit}"'.encode() in archive.read("kpi/__init__.py")


def test_a_release_needs_no_password_and_its_tag_is_the_version() -> None:
    jobs = read(RELEASE)["jobs"]

    assert jobs["publish"]["permissions"] == {"id-token": "write"}
    assert (jobs["publish"]["environment"], jobs["publish"]["needs"]) == ("release", "build")
    assert read(RELEASE)["on"] == {"push": {"tags": ["v*"]}}
    assert '"$GITHUB_REF_NAME" != "v$version"' in script("Compare the tag with the version")
