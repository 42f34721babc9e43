"""A browser without a window that is driven like a person's: keys, widths, colours. It is spoken to through two pipes."""

import json
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import Any

from external.browser import OPTIONS

_OWN = ("--headless", "--no-sandbox", "--disable-gpu")
SWITCHES = [*_OWN, *(option for option in OPTIONS if option.startswith(("--no-", "--disable-")))]
KEYS = {"Tab": 9, "Enter": 13, "Escape": 27, "ArrowDown": 40}


class Page:
    """A tab of the browser, and every address that it has asked for."""

    def __init__(self, to_browser: int, from_browser: BufferedReader) -> None:
        self._out, self._in = to_browser, from_browser
        self._number, self._session, self._read = 0, "", b""
        self.requests: list[str] = []
        self._loaded = False
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for room in ("Page", "Network", "Runtime"):
            self.call(f"{room}.enable")

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """What the browser answers to a command."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                result: dict[str, Any] = answer["result"]
                return result

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._read:
            piece = self._in.read1(1 << 20)
            assert piece, "the browser has gone"
            self._read += piece
        message, _, self._read = self._read.partition(b"\0")
        event: dict[str, Any] = json.loads(message)
        if event.get("method") == "Network.requestWillBeSent":
            self.requests.append(event["params"]["request"]["url"])
        self._loaded |= event.get("method") == "Page.loadEventFired"
        return event

    def open(self, address: str) -> None:
        """Go to an address, and wait until it is loaded."""
        self._loaded = False
        self.call("Page.navigate", url=address)
        while not self._loaded:
            self._next()

    def ask(self, script: str) -> Any:
        """The value of an expression on the page; of a promise, what it comes to."""
        answer = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def wait(self, script: str, tries: int = 200) -> Any:
        """The value of an expression as soon as it is true; nothing if it isn't in so many twentieths of a second."""
        for _ in range(tries):
            if value := self.ask(script):
                return value
            time.sleep(0.05)
        return None

    def press(self, key: str, *, shift: bool = False) -> None:
        """Press and release a key."""
        about = {"key": key, "code": key, "windowsVirtualKeyCode": KEYS[key], "modifiers": 8 if shift else 0}
        text = {"text": "\r"} if key == "Enter" else {}
        self.call("Input.dispatchKeyEvent", type="keyDown", **about, **text)
        self.call("Input.dispatchKeyEvent", type="keyUp", **about)

    def type(self, text: str) -> None:
        """Write a text where the cursor is."""
        self.call("Input.insertText", text=text)

    def resize(self, width: int, height: int = 800) -> None:
        """Make the window so large."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )

    def emulate(self, media: str = "", scheme: str = "light") -> None:
        """Show it as on paper (`print`), or with dark colours."""
        features = [
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]
        self.call("Emulation.setEmulatedMedia", media=media, features=features)


@contextmanager
def opened_browser(program: str, profile: Path) -> Iterator[Page]:
    """A browser with one tab; `profile` is an empty folder for what it keeps."""
    its_in, our_out = os.pipe()
    our_in, its_out = os.pipe()
    command = [program, *SWITCHES, "--remote-debugging-pipe", f"--user-data-dir={profile}", "about:blank"]
    # The browser reads from 3 and writes to 4, whatever those are here.
    shell = ["bash", "-c", f'exec "$@" 3<&{its_in} 4>&{its_out}', "bash", *command]
    process = subprocess.Popen(
        shell, pass_fds=(its_in, its_out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    os.close(its_in)
    os.close(its_out)
    try:
        with os.fdopen(our_in, "rb") as answers:
            yield Page(our_out, answers)
    finally:
        process.kill()
        process.wait(10)
        os.close(our_out)
