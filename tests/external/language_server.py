"""A small editor: starts yaml-language-server, opens one file in it, and asks what an editor asks."""

import json
import os
import queue
import subprocess
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

SECONDS = 30
"""How long an answer may take on a busy machine."""


class Mark(NamedTuple):
    """A red or yellow line. Lines count from 1."""

    line: int
    message: str


class Editor:
    """A running language server with the settings of `.vscode/settings.json`.

    Args:
        command: how to start the server.
        root: the repository that is open.
        settings: what is in the editor's settings.
    """

    def __init__(self, command: list[str], root: Path, settings: dict[str, Any]) -> None:
        self.root = root
        self.settings = settings
        self._asked = 0
        self._told: queue.Queue[dict[str, Any]] = queue.Queue()
        self._later: list[dict[str, Any]] = []
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        threading.Thread(target=self._listen, daemon=True).start()

    def __enter__(self) -> Self:
        folders = [{"uri": self.root.as_uri(), "name": "repository"}]
        completion = {"completionItem": {"snippetSupport": True, "documentationFormat": ["markdown"]}}
        self.ask(
            "initialize",
            processId=os.getpid(),
            rootUri=self.root.as_uri(),
            workspaceFolders=folders,
            capabilities={
                "textDocument": {"completion": completion, "hover": {"contentFormat": ["markdown"]}},
                "workspace": {"configuration": True, "workspaceFolders": True},
            },
        )
        self.tell("initialized")
        self.tell("workspace/didChangeConfiguration", settings=self.settings)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            stream.close()

    def open(self, path: Path, text: str) -> list[Mark]:
        """Show a text as the content of a file, and return the marks that the server puts on it."""
        document = {"uri": path.as_uri(), "languageId": "yaml", "version": 1, "text": text}
        self.tell("textDocument/didOpen", textDocument=document)
        while True:
            reported = self._next()
            if (
                reported.get("method") == "textDocument/publishDiagnostics"
                and reported["params"]["uri"] == path.as_uri()
            ):
                return [
                    Mark(item["range"]["start"]["line"] + 1, item["message"])
                    for item in reported["params"]["diagnostics"]
                ]

    def close(self, path: Path) -> None:
        """Close the file again."""
        self.tell("textDocument/didClose", textDocument={"uri": path.as_uri()})

    def offers(self, path: Path, line: int, column: int) -> dict[str, str]:
        """What is offered at a place: each label with its explanation. Lines and columns count from 1."""
        actual = self.ask("textDocument/completion", **_place(path, line, column))
        items = actual["items"] if isinstance(actual, dict) else actual or []
        return {item["label"]: _words(item.get("documentation") or "") for item in items}

    def hover(self, path: Path, line: int, column: int) -> str:
        """What is shown when the mouse rests on a place."""
        actual = self.ask("textDocument/hover", **_place(path, line, column))
        return _words(actual["contents"]) if actual else ""

    def ask(self, method: str, **parameters: Any) -> Any:
        """Ask the server, and wait for its answer."""
        self._asked += 1
        self._send({"id": self._asked, "method": method, "params": parameters})
        while True:
            reported = self._next()
            if reported.get("id") == self._asked and "method" not in reported:
                assert "error" not in reported, reported
                return reported["result"]
            self._later.append(reported)

    def tell(self, method: str, **parameters: Any) -> None:
        """Tell the server, without an answer."""
        self._send({"method": method, "params": parameters})

    def _next(self) -> dict[str, Any]:
        """The next message, after answering what the server asks of an editor: its settings."""
        reported = self._told.get(timeout=SECONDS)
        while "method" in reported and "id" in reported:
            wanted = (
                reported["params"].get("items", []) if reported["method"] == "workspace/configuration" else []
            )
            answer = [self.settings.get(item.get("section", "")) for item in wanted]
            self._send({"id": reported["id"], "result": answer if wanted else None})
            reported = self._told.get(timeout=SECONDS)
        return reported

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0"} | message).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._process.stdin.flush()

    def _listen(self) -> None:
        stream = self._process.stdout
        assert stream is not None
        while header := stream.readline():
            size = int(header.partition(b":")[2])
            while stream.readline().strip():
                pass
            self._told.put(json.loads(stream.read(size)))


def _place(path: Path, line: int, column: int) -> dict[str, Any]:
    return {"textDocument": {"uri": path.as_uri()}, "position": {"line": line - 1, "character": column - 1}}


def _words(reported: Any) -> str:
    """Text from any of the forms in which a server may give it."""
    if isinstance(reported, list):
        return "\n".join(_words(item) for item in reported)
    return str(reported["value"] if isinstance(reported, dict) else reported)
