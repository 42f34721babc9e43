"""The cache of findings, outside the repository, where it could be forged: an unchanged file costs a hash."""

import json
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kpi.model.finding import Finding, Ignore
from kpi.store.files import LIMIT, UnreadableError, git_name, put_in_place, read_bytes
from kpi.store.paths import only_ours, own_file

if TYPE_CHECKING:
    from kpi.rules.rule import FileEntry

_PROGRAM = Path(__file__).parent.parent
# What a malformed cache may raise.
MALFORMED = (ValueError, TypeError, LookupError, AttributeError, RecursionError)


class CachedFile(NamedTuple):
    """What lint knows of a checked file: its findings, hidden ones too, and its entry for the framework."""

    findings: tuple[Finding, ...]
    ignores: tuple[Ignore, ...]
    entry: "FileEntry"
    whole: bool  # whether everything in it could be read
    newest: date  # the last day of its newest period, or `date.min`


class Cache:
    """The cache of one repository, for one run: entries that are read or added stay, the others go."""

    def __init__(self, root: Path, *settings: bytes) -> None:
        self.plan: dict[str, Any] | None = None  # the fields of the plan, if nothing at all was wrong with it
        self._file = own_file(root, "lint")
        # Another program, day or plan is another key.
        self._key = _digest(b"\0".join((_program(), *settings)))
        self._there: dict[str, str] = {}
        self._now: dict[str, str] = {}
        self._plan_there = "null"
        with suppress(UnreadableError, *MALFORMED):
            if self._file is not None and only_ours(self._file):
                head, _, body = read_bytes(self._file, 1 << 30).partition(b"\n")
                if head.decode("ascii", "replace") == f"{self._key}{_digest(body)}":
                    fields, *rows = body.decode().split("\n")
                    plan, there = json.loads(fields), dict(row.split("\t", 1) for row in rows)
                    self.plan = plan if isinstance(plan, dict) else None
                    self._plan_there, self._there = fields, there
        self.is_empty = not self._there

    def get(self, path: str, data: bytes | UnreadableError) -> CachedFile | None:
        """What is known of a file with this content; None if it has to be checked."""
        line = self._there.get(path)
        if line is None or isinstance(data, UnreadableError) or not line.startswith(_digest(data)):
            return None
        with suppress(*MALFORMED):
            kept = _parse(path, line)
            self._now[path] = line
            return kept
        return None

    def newest(self, path: str, name: str) -> date | None:
        """The last day of a file's newest period, by what git calls its content; None if it isn't known."""
        with suppress(ValueError):
            _, known, day, _ = self._there.get(path, "").split("\t", 3)
            return date.fromisoformat(day) if known == name else None
        return None

    def put(self, path: str, line: str) -> None:
        """Keep the `line_of` a file."""
        if line:
            self._now[path] = line

    def close(self) -> None:
        """Write what is new. If the cache can't be written there is none; nothing else depends on it."""
        try:
            plan = json.dumps(self.plan, separators=(",", ":"))
        except TypeError:  # a number with a point, whose digits would be lost
            plan = "null"
        if self._file is None or (self._now == self._there and plan == self._plan_there):
            return
        body = "\n".join((plan, *(f"{path}\t{line}" for path, line in self._now.items()))).encode()
        head = f"{self._key}{_digest(body)}\n".encode()
        with suppress(OSError):
            put_in_place(self._file, head + body, 0o600, lasting=False)


def line_of(data: bytes | UnreadableError, kept: CachedFile) -> str:
    """The cache's line for a file with this content; empty if the file can't be read to its end."""
    if isinstance(data, UnreadableError) or len(data) > LIMIT:
        return ""
    findings = [finding[1:] for finding in kept.findings]
    row = json.dumps((kept.whole, *kept.entry[3:], findings, kept.ignores), separators=(",", ":"))
    return "\t".join((_digest(data), git_name(data), kept.newest.isoformat(), row))


def _parse(path: str, line: str) -> CachedFile:
    """What a line of the cache says of a file; raises one of `MALFORMED` if `line_of` didn't write it."""
    from kpi.rules import BY_NAME
    from kpi.rules.rule import FileEntry

    _, _, day, row = line.split("\t", 3)
    whole, readable, measures, shows, series, code, title, findings, ignores = json.loads(row)
    *_, priority, name = path.removesuffix(".yaml").split("/")
    lists = (tuple(measures), tuple(shows), dict(series))
    entry = FileEntry(path, name, priority, readable, *lists, code, title)
    reported = tuple(Finding(path, *fields) for fields in findings)
    hidden = tuple(Ignore._make((*place, tuple(rules), why, text)) for *place, rules, why, text in ignores)
    fits = (map(_fits, each, type(each).__annotations__.values()) for each in (entry, *reported, *hidden))
    if not all(map(all, fits)) or any(finding.rule not in BY_NAME for finding in reported):
        raise ValueError("no line of a cache")
    return CachedFile(reported, hidden, entry, whole, date.fromisoformat(day))


def _fits(value: object, wanted: object) -> bool:
    if isinstance(value, tuple):
        return wanted == tuple[str, ...] and {*map(type, value)} <= {str}
    if isinstance(value, dict):
        return wanted == Mapping[str, int] and {*map(type, value.values())} <= {int}
    return type(value) is wanted or (wanted == str | None and isinstance(value, str | None))


def _digest(data: bytes) -> str:
    return blake2b(data, digest_size=16).hexdigest()


def _program() -> bytes:
    """What identifies the program: Python, its own files, and the folders of the packages that it uses."""
    seen = [f"{place} {place.stat().st_mtime_ns}" for place in map(Path, sys.path) if place.is_dir()]
    for folder in (_PROGRAM, _PROGRAM.parent.parent / "schema"):
        for place, _, names in os.walk(folder):
            for path in (f"{place}/{name}" for name in names if name.endswith((".py", ".json"))):
                about = os.stat(path)  # noqa: PTH116 a tenth of the time
                seen.append(f"{path} {about.st_size} {about.st_mtime_ns}")
    return "\0".join((sys.version, *sorted(seen))).encode()
