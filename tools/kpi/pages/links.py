"""Where each page is, and how one page links to another or to its file. Paths are relative to `docs/scorecard/`."""

FOLDER = "docs/scorecard"
FRONT = "README.md"
BREACHES = "breaches.md"
CHANGES = "changes.md"
ABOUT = "about.md"
TARGETS = "targets.svg"
OF_THE_WHOLE = (FRONT, BREACHES, CHANGES, ABOUT)  # the pages that are beside those of the priorities
TO_ROOT = "../.."  # from docs/scorecard/ to the repository's root


def priority_page(priority: str) -> str:
    """The page of a priority."""
    return f"{priority}.md"


def is_taken(priority: str) -> bool:
    """Whether a priority's page would be written over one of the whole, where case makes no difference."""
    return priority_page(priority).casefold() in map(str.casefold, OF_THE_WHOLE)


def kpi_page(kpi: str) -> str:
    """The page of a KPI."""
    return f"kpis/{kpi}.md"


def chart(kpi: str) -> str:
    """The picture of a KPI."""
    return f"charts/{kpi}.svg"


def sparkline(address: str) -> str:
    """The sparkline of a measure."""
    return f"sparklines/{address}.svg"


def between(here: str, there: str, anchor: str = "") -> str:
    """The link from one page, in the folder itself or in one right below it, to another or to a place on it."""
    if here == there:
        return f"#{anchor}"
    folder, slash, _ = here.rpartition("/")
    if slash:
        there = there.removeprefix(f"{folder}/") if there.startswith(f"{folder}/") else f"../{there}"
    return f"{there}#{anchor}" if anchor else there


def kpi_source(priority: str, kpi: str) -> str:
    """The file that a KPI's page is made from, from the repository's root."""
    return f"kpis/{priority}/{kpi}.yaml"
