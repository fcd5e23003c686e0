"""A headless Chromium driven over a pipe by its own protocol (Chrome DevTools Protocol), without a further package."""

import base64
import itertools
import json
import os
import select
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any, Self

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
NO_BROWSER = "no Chromium or Chrome is installed"
_OPTIONS = (
    "--headless --no-sandbox --disable-gpu --hide-scrollbars --disable-background-networking "
    "--disable-component-update --disable-sync --no-first-run --remote-debugging-pipe"
)


class Chromium:
    """One page in a browser of its own.

    Parameters
    ----------
    profile
        An empty folder for the browser's own files.
    """

    def __init__(self, profile: Path) -> None:
        to_browser, self._write = os.pipe()
        self._read, from_browser = os.pipe()
        pipes = f'exec "$@" 3<&{to_browser} 4>&{from_browser}'
        command = ["bash", "-c", pipes, "chromium", str(BROWSER), *_OPTIONS.split(), f"--user-data-dir={profile}"]
        self._process = subprocess.Popen(command, pass_fds=(to_browser, from_browser), stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self._numbers, self._rest = itertools.count(1), b""
        self.console: list[str] = []
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            self._ask(f"{domain}.enable")

    def __enter__(self) -> Self:
        """Return the page."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the browser."""
        self.close()

    def close(self) -> None:
        """End the browser."""
        self._process.terminate()
        self._process.wait(timeout=20)
        os.close(self._write)
        os.close(self._read)

    def open(self, url: str, width: int = 1440, height: int = 900) -> None:
        """Open a page at a size of the window, and wait until it is loaded."""
        self.resize(width, height)
        self._ask("Page.navigate", url=url)
        self.wait("document.readyState === 'complete' && location.href !== 'about:blank'")

    def resize(self, width: int, height: int) -> None:
        """Give the window a size, which may be narrower than a real one can be."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self._ask("Emulation.setDeviceMetricsOverride", **size)

    def prefer(self, scheme: str) -> None:
        """Ask pages for light or dark colours."""
        self._ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def evaluate(self, expression: str) -> Any:
        """Return what an expression is worth on the page, awaited if it is a promise."""
        found = self._ask("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in found:
            raise AssertionError(found["exceptionDetails"]["exception"].get("description", found))
        return found["result"].get("value")

    def wait(self, condition: str, most_s: float = 180.0) -> None:
        """Wait until a condition holds on the page."""
        end_s = time.monotonic() + most_s
        while not self.evaluate(f"Boolean({condition})"):
            if time.monotonic() > end_s:
                raise AssertionError(f"not within {most_s:.0f} s: {condition}; the console: {self.console}")
            time.sleep(0.05)

    def press(self, key: str, text: str = "") -> None:
        """Press a key."""
        self._ask("Input.dispatchKeyEvent", type="keyDown", key=key, text=text)
        self._ask("Input.dispatchKeyEvent", type="keyUp", key=key)

    def click(self, x: float, y: float) -> None:
        """Click at a point of the window."""
        for kind in ("mousePressed", "mouseReleased"):
            self._ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def picture(self, path: Path) -> None:
        """Save what the window shows."""
        path.write_bytes(base64.b64decode(self._ask("Page.captureScreenshot", format="png")["data"]))

    def _ask(self, method: str, **parameters: Any) -> Any:
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": parameters}
        if hasattr(self, "_session"):
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            told = self._next()
            if told.get("id") == number:
                if "error" in told:
                    raise AssertionError(f"{method}: {told['error']}")
                return told["result"]
            self._note(told)

    def _next(self, most_s: float = 60.0) -> dict[str, Any]:
        while b"\0" not in self._rest:
            if not select.select([self._read], [], [], most_s)[0]:
                raise AssertionError(f"the browser says nothing for {most_s:.0f} s")
            part = os.read(self._read, 1 << 20)
            if not part:
                raise AssertionError("the browser has ended")
            self._rest += part
        first, _, self._rest = self._rest.partition(b"\0")
        told: dict[str, Any] = json.loads(first)
        return told

    def _note(self, told: dict[str, Any]) -> None:
        """Keep what the page says on the console, and what goes wrong on it."""
        about = told.get("params", {})
        if told.get("method") == "Runtime.consoleAPICalled":
            self.console.append(" ".join(str(each.get("value", each)) for each in about["args"]))
        elif told.get("method") == "Runtime.exceptionThrown":
            self.console.append(str(about["exceptionDetails"].get("exception", {}).get("description", about)))
        elif told.get("method") == "Log.entryAdded":
            self.console.append(f"{about['entry']['level']}: {about['entry']['text']}")
