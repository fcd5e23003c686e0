"""Every road graph of the outside data loads and passes the check; what is remarked is explained."""

import re

import pytest

from galleria.models.city.build import check_city
from tests.city_worlds import DATA, file_settings

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"no outside data in {DATA} (set GALLERIA_DATA)")


@pytest.mark.parametrize(
    # nodes of the largest strongly connected part where the data's README states it; a remark that must be made
    ("graph", "nodes", "remark"),
    [
        ("city-las-vegas", 6908, None),
        ("city-phoenix-arterials", 5511, r"1 edges have an implausible speed .*170\.6"),
        ("city-pittsburgh/nodes.csv.gz", 20592, r"188 self-loops"),
        ("city-baltimore-south/baltimore.osm.pbf", 2348, r"16 ways closed to cars"),
        ("city-porto/porto_portugal.osm.pbf", None, r"2 edges have length zero"),
        ("city-porto/edges.csv.gz", 54758, r"419 self-loops"),
        ("city-phoenix-i10", 5604, r"7,650 links state a tool's default speed"),
        ("city-tempe/link.csv.gz", 511, r"272 links state a tool's default speed"),
        ("city-dc-downtown/node.csv.gz", 1656, r"26 links that no car uses"),
        ("city-manhattan/manhattan_network.json.gz", 4197, r"up to 251\.0"),
        ("city-manhattan/downtown_denver_network.json.gz", None, None),
        ("graphml-nootdorp/Nootdorp.graphml.gz", 533, r"386 of 1,257 edges had no speed"),
        ("tntp/SiouxFalls", 24, None),
        # 416 with paths through zones; without them 344, and 31 of the 38 zones, to which paths lead both ways
        ("tntp/Anaheim/Anaheim_net.tntp.gz", 375, r"No path leads through the 38 zones"),
        ("tntp/Chicago-Sketch", 933, None),
        ("tntp/Berlin-Center", None, r"edges have length zero"),
    ],
)
def test_graph_passes_the_check(graph: str, nodes: int | None, remark: str | None) -> None:
    path = DATA / graph
    if not path.exists():
        pytest.skip(f"{path} is not there")
    roads, said = check_city(file_settings(path))
    assert nodes in {None, roads.nodes}
    assert (roads.edge_time_s >= 0).all()
    assert all(sentence.endswith(".") for sentence in said)
    assert remark is None or any(re.search(remark, sentence) for sentence in said), said
