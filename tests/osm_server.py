"""A server on this machine that speaks Overpass and Nominatim about a town, with faults on demand."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlparse

from tests.osm_town import LAT, LON, SIDE, STEP, Town

QUERY = re.compile(r"\b(node|way|relation)((?:\[[^\]]*\])*)\(poly:['\"]([^'\"]*)['\"]\)")
FILTER = re.compile(r"""\[['"]([^'"]+)['"](?:(=|~)['"]([^'"]*)['"])?\]""")
PAGE = b"<!DOCTYPE html><html><body>Please sign in to the wireless network</body></html>"
STATUS = (
    "Connected as: 1\nCurrent time: 2026-01-01T00:00:00Z\nAnnounced endpoint: none\nRate limit: 2\n"
    "2 slots available now.\n"
)


class MapServer(ThreadingHTTPServer):
    """Answers from one town; `faults` are used up first, one a question, `asked` keeps path and user agent."""

    def __init__(self, town: Town) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.town = town
        self.faults: list[str] = []
        self.asked: list[tuple[str, str]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def questions(self, path: str) -> int:
        return sum(asked == path for asked, _ in self.asked)


@contextmanager
def serving(town: Town) -> Iterator[MapServer]:
    with MapServer(town) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def overpass(town: Town, query: str) -> dict[str, Any]:
    """Answer the part of Overpass QL that OSMnx writes: tags within a polygon, and the nodes of what is found."""
    nodes: set[int] = set()
    ways: set[int] = set()
    for kind, filters, around in QUERY.findall(query):
        wanted = FILTER.findall(filters)
        ring = [float(value) for value in around.split()]
        corners = list(zip(ring[1::2], ring[::2], strict=True))  # lon, lat
        if kind == "node":
            nodes |= {n for n, (x, y, tags) in town.nodes.items() if _fits(tags, wanted) and _within(x, y, corners)}
        if kind == "way":
            found = {w for w, (refs, tags) in town.ways.items() if _fits(tags, wanted)}
            ways |= {w for w in found if any(_within(*town.nodes[n][:2], corners) for n in town.ways[w][0])}
    nodes |= {n for w in ways for n in town.ways[w][0]}
    elements: list[dict[str, Any]] = [
        {"type": "node", "id": n, "lon": town.nodes[n][0], "lat": town.nodes[n][1], "tags": town.nodes[n][2]}
        for n in sorted(nodes)
    ]
    elements += [{"type": "way", "id": w, "nodes": town.ways[w][0], "tags": town.ways[w][1]} for w in sorted(ways)]
    return {"version": 0.6, "osm3s": {"timestamp_osm_base": "2026-01-02T03:04:05Z"}, "elements": elements}


def _fits(tags: dict[str, str], wanted: list[tuple[str, str, str]]) -> bool:
    return all(
        key in tags and (not how or (tags[key] == value if how == "=" else re.search(value, tags[key]) is not None))
        for key, how, value in wanted
    )


def _within(x: float, y: float, corners: list[tuple[float, float]]) -> bool:
    """Count the sides a ray to the east crosses."""
    inside = False
    for (ax, ay), (bx, by) in zip(corners, corners[1:] + corners[:1], strict=True):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            inside = not inside
    return inside


def nominatim(place: str) -> list[dict[str, Any]]:
    """Know one place, the town with some land around."""
    if "town" not in place.lower():
        return []
    west, south, east, north = LON - STEP, LAT - STEP, LON + SIDE * STEP, LAT + SIDE * STEP
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return [
        {
            "place_id": 1,
            "osm_type": "relation",
            "osm_id": 1,
            "class": "boundary",
            "type": "administrative",
            "place_rank": 16,
            "importance": 0.5,
            "addresstype": "town",
            "name": place,
            "lat": str((south + north) / 2),
            "lon": str((west + east) / 2),
            "display_name": place,
            "boundingbox": [str(south), str(north), str(west), str(east)],
            "geojson": {"type": "Polygon", "coordinates": [ring]},
        }
    ]


class _Answers(BaseHTTPRequestHandler):
    server: MapServer

    def do_GET(self) -> None:
        asked = urlparse(self.path)
        if asked.path == "/api/status":
            self._send(200, STATUS.encode(), "text/plain")
        elif asked.path == "/search":
            self._answer("/search", lambda: nominatim(parse_qs(asked.query)["q"][0]))
        else:
            self._send(404, b"nothing here", "text/plain")

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self._answer(self.path, lambda: overpass(self.server.town, form["data"][0]))

    def _answer(self, path: str, found: Any) -> None:
        self.server.asked.append((path, self.headers.get("User-Agent", "")))
        fault = self.server.faults.pop(0) if self.server.faults else ""
        if fault.isdigit():
            self._send(int(fault), b"busy", "text/plain")
        elif fault == "html":
            self._send(200, PAGE, "text/html")
        elif fault == "remark":
            held = {"elements": [], "remark": 'runtime error: Query timed out in "query" at line 1 after 25 seconds.'}
            self._send(200, json.dumps(held).encode(), "application/json")
        elif fault == "empty":
            self._send(200, b'{"version": 0.6, "elements": []}', "application/json")
        elif fault == "hang up":
            self.close_connection = True
        else:  # no fault, or the fault "none" that lets one question pass
            self._send(200, json.dumps(found()).encode(), "application/json")

    def _send(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass
