"""The server answers its own page on this machine, and nobody else."""

import contextlib
import http.client
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from galleria.experiments.cli import main
from galleria.experiments.view.live import Live
from galleria.experiments.view.server import LiveServer
from tests.market_worlds import BUSY_TOY


@pytest.fixture(scope="module")
def server() -> Iterator[LiveServer]:
    served = LiveServer(Live(BUSY_TOY), 0, "a town")
    threading.Thread(target=served.serve_forever, daemon=True).start()
    yield served
    served.shutdown()
    served.server_close()


def ask(server: LiveServer, method: str = "GET", path: str = "/", body: Any = None, **headers: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=120)
    sent = None if body is None else json.dumps(body)
    kind = {} if body is None else {"Content-Type": "application/json"}
    connection.request(method, path, sent, {**kind, **{name.replace("_", "-"): each for name, each in headers.items()}})
    with contextlib.closing(connection):
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def test_the_page_holds_the_day(server: LiveServer) -> None:
    status, page = ask(server)
    assert status == 200
    assert '"first_meal"' in page


def test_other_machines_names_and_other_pages_are_refused(server: LiveServer) -> None:
    own = f"127.0.0.1:{server.server_port}"
    assert ask(server, Host=own, Origin=f"http://{own}")[0] == 200
    assert ask(server, Host="rebound.example")[0] == 403
    assert ask(server, Host=own, Origin="http://elsewhere.example")[0] == 403
    assert ask(server, Host=own, Origin="null")[0] == 403
    assert ask(server, "POST", "/run", {"changes": {}}, Origin="http://elsewhere.example")[0] == 403
    assert server.server_address[0] == "127.0.0.1"


def test_there_are_no_files(server: LiveServer) -> None:
    for path in ("/etc/passwd", "/../pyproject.toml", "/index.html"):
        assert ask(server, path=path)[0] == 404


def test_a_question_that_is_none_is_said_to_be_so(server: LiveServer) -> None:
    assert ask(server, "POST", "/else", {})[0] == 400
    assert ask(server, "POST", "/run", "x" * 70_000)[0] == 400
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=60)) as connection:
        connection.request("POST", "/run", "{", {"Content-Type": "application/json"})
        assert connection.getresponse().status == 400


def test_the_command_says_where_the_page_is_and_ends_by_interruption(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(_: LiveServer) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(LiveServer, "serve_forever", interrupted)
    assert main(["view", *BUSY_TOY, "--no-browser"]) == 0
    assert "http://127.0.0.1:" in capsys.readouterr().out


def test_a_port_that_is_taken_is_said(server: LiveServer, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["view", *BUSY_TOY, "--no-browser", "--port", str(server.server_port)]) == 2
    assert f"--port {server.server_port}" in capsys.readouterr().err
