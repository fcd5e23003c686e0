"""A town of OpenStreetMap written by hand: as the nodes and ways a server holds, and as an extract."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import quoteattr

LON, LAT, STEP = -111.9000, 33.3000, 0.004
SIDE = 6


@dataclass
class Town:
    """Nodes (id to lon, lat, tags) and ways (id to node ids and tags)."""

    nodes: dict[int, tuple[float, float, dict[str, str]]] = field(default_factory=dict)
    ways: dict[int, tuple[list[int], dict[str, str]]] = field(default_factory=dict)

    def node(self, lon: float, lat: float, **tags: str) -> int:
        number = 100 + len(self.nodes)
        self.nodes[number] = (round(lon, 7), round(lat, 7), tags)
        return number

    def way(self, nodes: list[int], **tags: str) -> int:
        number = 9000 + len(self.ways)
        self.ways[number] = (nodes, tags)
        return number

    def box(self, lon: float, lat: float, size: float, **tags: str) -> int:
        """Draw a square building."""
        corners = [self.node(lon + dx, lat + dy) for dx, dy in ((0, 0), (size, 0), (size, size), (0, size))]
        return self.way([*corners, corners[0]], **tags)

    def extract(self, path: Path) -> Path:
        """Write an OpenStreetMap XML file."""

        def tags_of(tags: dict[str, str]) -> Iterator[str]:
            return (f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in tags.items())

        lines = ["<?xml version='1.0' encoding='UTF-8'?>", '<osm version="0.6">']
        lines += [
            f'<node id="{n}" version="1" lon="{lon:.7f}" lat="{lat:.7f}">{"".join(tags_of(tags))}</node>'
            for n, (lon, lat, tags) in self.nodes.items()
        ]
        lines += [
            f'<way id="{w}" version="1">{"".join(f"<nd ref={quoteattr(str(n))}/>" for n in nodes)}'
            f"{''.join(tags_of(tags))}</way>"
            for w, (nodes, tags) in self.ways.items()
        ]
        path.write_text("\n".join([*lines, "</osm>"]), encoding="utf-8")
        return path


def town() -> Town:
    """Six streets by six, a one-way street, a bend, a closed road, a mall, shops, a warehouse, restaurants."""
    made = Town()
    corner = {(i, j): made.node(LON + i * STEP, LAT + j * STEP) for i in range(SIDE) for j in range(SIDE)}
    for j in range(SIDE):
        street = [corner[i, j] for i in range(SIDE)]
        tags = {"highway": "primary", "maxspeed": "45 mph", "lanes": "4"} if j == 2 else {"highway": "residential"}
        made.way(street, name=f"East {j}", **tags)
    for i in range(SIDE):
        street = [corner[i, j] for j in range(SIDE)]
        tags = {"oneway": "yes"} if i == 1 else {"oneway": "-1"} if i == 4 else {}
        made.way(street, name=f"North {i}", highway="tertiary" if i == 3 else "residential", **tags)
    bend = [made.node(LON + (SIDE - 0.5) * STEP, LAT + k * STEP / 3) for k in (1, 2)]
    made.way([corner[SIDE - 1, 0], *bend, corner[SIDE - 1, 1]], highway="unclassified", maxspeed="30 mph")
    made.way([corner[0, 0], corner[1, 1]], highway="residential", access="private")
    made.way([corner[0, 1], corner[1, 2]], highway="residential", access="private", motor_vehicle="yes")
    made.way([corner[2, 2], corner[3, 3]], highway="footway")
    made.box(LON + 2.2 * STEP, LAT + 2.2 * STEP, 0.0024, shop="mall", name="Fashion & Square", building="retail")
    made.box(LON + 0.2 * STEP, LAT + 0.2 * STEP, 0.0003, shop="mall", name="Corner Shops")
    made.box(LON + 4.2 * STEP, LAT + 4.2 * STEP, 0.001, building="warehouse", name="Depot")
    made.node(LON + 1.1 * STEP, LAT + 1.1 * STEP, shop="supermarket", name="Fresh")
    made.node(LON + 3.1 * STEP, LAT + 1.1 * STEP, shop="department_store", name="Everything")
    made.node(LON + 3.1 * STEP, LAT + 3.1 * STEP, amenity="restaurant", name="Bún & co")
    made.node(LON + 3.3 * STEP, LAT + 3.1 * STEP, amenity="fast_food")
    made.node(LON - 40 * STEP, LAT, amenity="restaurant", name="Out of town")
    return made
