"""A headless Chromium, driven by its DevTools protocol: https://chromedevtools.github.io."""

from __future__ import annotations

import asyncio
import base64
import itertools
import json
import os
import shutil
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import aiohttp

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_PATIENCE = 30  # seconds


def find() -> str | None:
    """Return the browser, None where there is none."""
    return next(filter(None, map(shutil.which, _NAMES)), None)


@dataclass(slots=True)
class Page:
    """One tab; what it asked of a network and what went wrong in it are kept."""

    loop: asyncio.AbstractEventLoop
    socket: aiohttp.ClientWebSocketResponse
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def send(self, method: str, **parameters: object) -> dict[str, Any]:
        """Send a command and return its result."""
        return self.loop.run_until_complete(asyncio.wait_for(self._send(method, parameters), 30))

    async def _send(self, method: str, parameters: dict[str, object]) -> dict[str, Any]:
        number = next(self.numbers)
        await self.socket.send_json({"id": number, "method": method, "params": parameters})
        while True:
            message = await self.socket.receive_json()
            self._note(message)
            if message.get("id") == number:
                assert "error" not in message, message
                result: dict[str, Any] = message["result"]
                return result

    def _note(self, message: dict[str, Any]) -> None:
        about = message.get("params", {})
        if message.get("method") == "Network.requestWillBeSent":
            self.requests.append(about["request"]["url"])
        elif message.get("method") in ("Runtime.exceptionThrown", "Log.entryAdded"):
            self.errors.append(json.dumps(about))

    def open(self, url: str, width: int = 1240, height: int = 900, scheme: str = "light") -> None:
        """Open a URL in a window of this size, and wait until it is drawn."""
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=1, mobile=False,
        )  # fmt: skip
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.send("Emulation.setEmulatedMedia", features=features)
        self.send("Page.navigate", url="about:blank")
        self.send("Page.navigate", url=url)
        self.until("document.readyState === 'complete' && location.href !== 'about:blank'")

    def run(self, code: str) -> Any:  # noqa: ANN401 - whatever JavaScript has
        """Return the value of an expression."""
        done = self.send("Runtime.evaluate", expression=code, returnByValue=True)
        assert "exceptionDetails" not in done, done
        return done["result"].get("value")

    def until(self, code: str) -> None:
        """Wait until an expression is true."""
        end = time.monotonic() + _PATIENCE
        while not self.run(code):
            assert time.monotonic() < end, f"never: {code}"
            time.sleep(0.02)

    def click(self, selector: str) -> None:
        """Click in the middle of an element's first line, as a mouse does."""
        found = f"document.querySelector({json.dumps(selector)})"
        self.run(f"{found}.scrollIntoView({{block: 'center', behavior: 'instant'}})")
        box = self.run(
            f"(({{x, y, width}}) => [x + width / 2, y + 8])({found}.getClientRects()[0])"
        )
        place = {"x": box[0], "y": box[1], "button": "left", "clickCount": 1}
        for kind in ("mousePressed", "mouseReleased"):
            self.send("Input.dispatchMouseEvent", type=kind, **place)

    def type(self, text: str) -> None:
        """Type into what has the focus."""
        self.send("Input.insertText", text=text)

    def screenshot(self, file: Path | None = None) -> bytes:
        """Return a PNG of what is seen; keep it in FILE, too."""
        data = base64.b64decode(self.send("Page.captureScreenshot", format="png")["data"])
        if file is not None:
            file.write_bytes(data)
        return data


@contextmanager
def browsing(program: str, folder: Path) -> Iterator[Page]:
    """Start the browser with a profile of its own in `folder`; it ends with the block."""
    options = ["--headless", "--remote-debugging-port=0", f"--user-data-dir={folder}"]
    options += ["--no-first-run", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"]
    options += ["--no-sandbox"] if os.geteuid() == 0 else []
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([program, *options, "about:blank"], stdout=log, stderr=log)
    try:
        port = _port(process, folder)
        loop = asyncio.new_event_loop()
        try:
            yield from _page(loop, port)
        finally:
            loop.close()
    finally:
        process.terminate()
        process.wait(_PATIENCE)


def _page(loop: asyncio.AbstractEventLoop, port: int) -> Iterator[Page]:
    session = loop.run_until_complete(_session())
    try:
        page = Page(loop, loop.run_until_complete(_connect(session, port)))
        for domain in ("Page", "Runtime", "Network", "Log"):
            page.send(f"{domain}.enable")
        yield page
    finally:
        loop.run_until_complete(session.close())


async def _session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession()


async def _connect(session: aiohttp.ClientSession, port: int) -> aiohttp.ClientWebSocketResponse:
    async with session.get(f"http://127.0.0.1:{port}/json/list") as answer:
        targets = await answer.json()
    url = next(target["webSocketDebuggerUrl"] for target in targets if target["type"] == "page")
    return await session.ws_connect(url, max_msg_size=0)


def _port(process: subprocess.Popen[bytes], folder: Path) -> int:
    """Return the port that the browser chose: the first line of a file in its profile."""
    file = folder / "DevToolsActivePort"
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and process.poll() is None:
        if file.exists() and (lines := file.read_text().split()):
            return int(lines[0])
        time.sleep(0.05)
    raise RuntimeError(f"the browser did not start: {(folder / 'log').read_text()[-300:]}")
