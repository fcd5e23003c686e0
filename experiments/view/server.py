"""The live city's page, served to this machine alone.

The server listens on the loopback address. A page of another origin that the browser has open is refused by its
`Origin`, and a name that somebody lets point here by its `Host`; the page asks for runs, never for files.
"""

import gzip
import json
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from galleria.experiments.view.controls import DAY
from galleria.experiments.view.live import Live
from galleria.experiments.view.page import as_json, page_of
from galleria.models.errors import UsageError

ADDRESS = "127.0.0.1"
_LONGEST = 65_536
"""Bytes of a question."""
_MOST_DAYS = 1000
"""Replications that can be asked for."""


class LiveServer(ThreadingHTTPServer):
    """Serves one live city.

    Parameters
    ----------
    live
        What runs the market.
    port
        Where to listen, 0 for any that is free.
    title
        Of the page.
    """

    daemon_threads = True

    def __init__(self, live: Live, port: int, title: str) -> None:
        super().__init__((ADDRESS, port), _Answers)
        self.live = live
        self.page = page_of(
            {"title": title, "ground": live.ground(), "days": [live.day()], "live": live.controls.as_data()}
        ).encode()

    @property
    def url(self) -> str:
        """Where the page is."""
        return f"http://{ADDRESS}:{self.server_port}/"

    def is_own(self, host: str | None, origin: str | None) -> bool:
        """Say whether a request was meant for this page and comes from it."""
        hosts = {f"{name}:{self.server_port}" for name in (ADDRESS, "localhost")}
        return host in hosts and (origin is None or origin in {f"http://{name}" for name in hosts})


class _Answers(BaseHTTPRequestHandler):
    """Answers the page's requests."""

    server: LiveServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Send the page."""
        if self._is_refused():
            return
        if self.path != "/":
            self._send(HTTPStatus.NOT_FOUND, b"there is one page, /", "text/plain")
            return
        self._send(HTTPStatus.OK, self.server.page, "text/html; charset=utf-8")

    def do_POST(self) -> None:
        """Run the market as asked, or say what is wrong."""
        if self._is_refused():
            return
        try:
            asked = self._asked()
            self._answer(HTTPStatus.OK, self._found(asked))
        except UsageError as error:
            self._answer(HTTPStatus.BAD_REQUEST, {"problem": str(error)})
        except Exception as error:  # noqa: BLE001 (the page says it; the server goes on)
            self._answer(HTTPStatus.INTERNAL_SERVER_ERROR, {"problem": f"{type(error).__name__}: {error}"})

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the standard library's name)
        """Say nothing for each request."""

    def _found(self, asked: Any) -> Any:
        """Return what is asked for: a run, or what the shopper of an order had to choose from."""
        if not isinstance(asked, dict) or not isinstance(changes := asked.get("changes"), dict):
            raise UsageError("a question names its changes")
        if not isinstance(changes.get(DAY, 0), int) or not 0 <= changes.get(DAY, 0) < _MOST_DAYS:
            raise UsageError(f"{DAY} is a whole number from 0 to {_MOST_DAYS - 1}")
        if self.path == "/run":
            return self.server.live.day(changes)
        if self.path == "/offers" and isinstance(asked.get("order"), int):
            return self.server.live.offers(changes, asked["order"])
        raise UsageError(f"{self.path} is not among what can be asked")

    def _asked(self) -> Any:
        if self.headers.get_content_type() != "application/json":
            raise UsageError("questions are sent as application/json")
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > _LONGEST:
            self.close_connection = True
            raise UsageError(f"a question has at most {_LONGEST} bytes")
        try:
            return json.loads(self.rfile.read(int(length)))
        except ValueError as error:
            raise UsageError(f"this is no JSON: {error}") from error

    def _is_refused(self) -> bool:
        if self.server.is_own(self.headers.get("Host"), self.headers.get("Origin")):
            return False
        self.close_connection = True
        self._send(HTTPStatus.FORBIDDEN, b"this page is for this machine alone", "text/plain")
        return True

    def _answer(self, status: HTTPStatus, content: Any) -> None:
        self._send(status, as_json(content).encode(), "application/json")

    def _send(self, status: HTTPStatus, content: bytes, kind: str) -> None:
        packed = "gzip" in self.headers.get("Accept-Encoding", "") and len(content) > _LONGEST
        body = gzip.compress(content, 1) if packed else content
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("X-Frame-Options", "DENY")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cache-Control", "no-store")
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(body)
