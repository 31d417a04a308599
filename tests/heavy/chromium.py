"""Headless Chromium driven over its debugging pipe: enough to open a page as a signed-in user and to photograph it.

The pipe is Chromium's own (`--remote-debugging-pipe`: commands on descriptor 3, answers on 4, JSON ended by a zero
byte), so no driver, no port and no further package is needed.
"""

import base64
import fcntl
import json
import os
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

# Quiet and offline: nothing but the page under test is fetched.
OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)


def find_chromium() -> str:
    """Path of Chromium.

    Raises:
        FileNotFoundError: there is none; says how to install it.
    """
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found:
            return found
    raise FileNotFoundError("Chromium is needed: apt-get install chromium")


class Chromium:
    """One headless browser with one page; use as a context manager."""

    def __init__(self, profile: Path, width: int = 1440, height: int = 900) -> None:
        """Start the browser.

        Args:
            profile: an empty folder for its profile.
            width: of the window, in pixels.
            height: of the window, in pixels.
        """
        to_browser, self._write = os.pipe()
        self._read, from_browser = os.pipe()
        # The browser wants exactly descriptors 3 and 4: a small program puts them there and becomes the browser. Copies
        # with high numbers first, so that neither is overwritten by the other.
        copies = [fcntl.fcntl(descriptor, fcntl.F_DUPFD, 20) for descriptor in (to_browser, from_browser)]
        command = [
            sys.executable,
            "-c",
            "import os, sys\n"
            "os.dup2(int(sys.argv[1]), 3)\n"
            "os.dup2(int(sys.argv[2]), 4)\n"
            "os.execvp(sys.argv[3], sys.argv[3:])",
            *map(str, copies),
            find_chromium(),
            *OPTIONS,
            f"--user-data-dir={profile}",
            f"--window-size={width},{height}",
            "--remote-debugging-pipe",
            "about:blank",
        ]
        self._process = subprocess.Popen(command, pass_fds=copies, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for descriptor in (to_browser, from_browser, *copies):
            os.close(descriptor)
        self._buffer = b""
        self._number = 0
        self._session: str | None = None
        self.console_errors: list[str] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network"):
            self.call(f"{domain}.enable")

    def __enter__(self) -> "Chromium":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(timeout=20)
        os.close(self._write)
        os.close(self._read)

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """One command of the DevTools protocol.

        Returns:
            Its result.

        Raises:
            RuntimeError: the browser answered with an error.
            TimeoutError: it did not answer within a minute.
        """
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session is not None:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        give_up_at = time.monotonic() + 60
        while True:
            answer = self._next_message(give_up_at)
            if answer.get("method") == "Runtime.exceptionThrown":
                self.console_errors.append(json.dumps(answer["params"]["exceptionDetails"])[:500])
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]

    def _next_message(self, give_up_at: float) -> dict[str, Any]:
        """The browser's next message."""
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._read], [], [], max(0.0, give_up_at - time.monotonic()))
            if not ready:
                raise TimeoutError("Chromium did not answer within a minute")
            received = os.read(self._read, 1 << 20)
            if not received:
                raise RuntimeError("Chromium ended")
            self._buffer += received
        message, self._buffer = self._buffer.split(b"\0", 1)
        return json.loads(message)

    def evaluate(self, expression: str) -> Any:
        """Value of a JavaScript expression in the page."""
        return self.call("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")

    def wait_for(self, expression: str, seconds: float = 90) -> None:
        """Wait until a JavaScript expression holds.

        Raises:
            TimeoutError: it did not within that time.
        """
        give_up_at = time.monotonic() + seconds
        while not self.evaluate(expression):
            if time.monotonic() > give_up_at:
                raise TimeoutError(
                    f"the page never satisfied: {expression}\n{self.evaluate('document.body.innerText')}"
                )
            time.sleep(0.25)

    def photograph(self, path: Path) -> None:
        """Write a PNG of the page as it stands."""
        data = self.call("Page.captureScreenshot", format="png")["data"]
        path.write_bytes(base64.b64decode(data))
