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
            told = self._next()
            if (
                told.get("method") == "textDocument/publishDiagnostics"
                and told["params"]["uri"] == path.as_uri()
            ):
                return [
                    Mark(one["range"]["start"]["line"] + 1, one["message"])
                    for one in told["params"]["diagnostics"]
                ]

    def close(self, path: Path) -> None:
        """Close the file again."""
        self.tell("textDocument/didClose", textDocument={"uri": path.as_uri()})

    def offers(self, path: Path, line: int, column: int) -> dict[str, str]:
        """What is offered at a place: each label with its explanation. Lines and columns count from 1."""
        found = self.ask("textDocument/completion", **_place(path, line, column))
        items = found["items"] if isinstance(found, dict) else found or []
        return {one["label"]: _words(one.get("documentation") or "") for one in items}

    def hover(self, path: Path, line: int, column: int) -> str:
        """What is shown when the mouse rests on a place."""
        found = self.ask("textDocument/hover", **_place(path, line, column))
        return _words(found["contents"]) if found else ""

    def ask(self, method: str, **parameters: Any) -> Any:
        """Ask the server, and wait for its answer."""
        self._asked += 1
        self._send({"id": self._asked, "method": method, "params": parameters})
        while True:
            told = self._next()
            if told.get("id") == self._asked and "method" not in told:
                assert "error" not in told, told
                return told["result"]
            self._later.append(told)

    def tell(self, method: str, **parameters: Any) -> None:
        """Tell the server, without an answer."""
        self._send({"method": method, "params": parameters})

    def _next(self) -> dict[str, Any]:
        """The next message, after answering what the server asks of an editor: its settings."""
        told = self._told.get(timeout=SECONDS)
        while "method" in told and "id" in told:
            wanted = told["params"].get("items", []) if told["method"] == "workspace/configuration" else []
            answer = [self.settings.get(one.get("section", "")) for one in wanted]
            self._send({"id": told["id"], "result": answer if wanted else None})
            told = self._told.get(timeout=SECONDS)
        return told

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


def _words(told: Any) -> str:
    """Text from any of the forms in which a server may give it."""
    if isinstance(told, list):
        return "\n".join(_words(one) for one in told)
    return str(told["value"] if isinstance(told, dict) else told)
