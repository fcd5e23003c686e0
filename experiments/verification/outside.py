"""Others' data: reference paths, best-known assignments, bounds of meal-delivery instances, best-known tours."""

import csv
import json
import tarfile
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import TypeAdapter
from scipy.sparse.csgraph import dijkstra

from galleria.agents.dispatch.settings import DispatchSettings
from galleria.agents.fleets.tours import plan_routes, route_km
from galleria.agents.kernel.arrays import Floats
from galleria.experiments.design.one_node import one_node, one_tree
from galleria.experiments.mdrp import Delivered, find_instances, read_bounds, run_instance, score
from galleria.experiments.verification.findings import Finding, bound, near, none_of, worst
from galleria.experiments.verification.registry import row
from galleria.models.city import CitySettings
from galleria.models.city.build import build_roads
from galleria.models.city.readers.tntp_files import beside, read_flows
from galleria.models.city.roads import Roads
from galleria.models.city.settings import FileSettings
from galleria.models.traffic.tntp_networks import assign_tntp


def settings_of(path: Path) -> FileSettings:
    """Compose the settings of a city read from a file."""
    adapter: TypeAdapter[Any] = TypeAdapter(CitySettings)
    settings = adapter.validate_python(one_tree(["city=file", f"city.path={path}"], "verify", None)["city"])
    if not isinstance(settings, FileSettings):
        raise TypeError(f"city=file is a {type(settings).__name__}")
    return settings


@lru_cache(maxsize=2)
def roads_of(path: Path) -> Roads:
    """Read a road graph."""
    return build_roads(settings_of(path))[0]


def table_of(path: Path) -> list[dict[str, str]]:
    """Read a table of references."""
    with path.open(newline="") as stream:
        return list(csv.DictReader(stream))


GRAPHS = {
    "Las Vegas, GraphML": "city-las-vegas/graph.graphml.gz",
    "Las Vegas, CSV": "city-las-vegas/edges.csv.gz",
    "Phoenix, GraphML": "city-phoenix-arterials/graph.graphml.gz",
    "Pittsburgh, GraphML": "city-pittsburgh/graph.graphml.gz",
    "Baltimore, GraphML": "city-baltimore-south/graph.graphml.gz",
    "Baltimore, OpenStreetMap": "city-baltimore-south/baltimore.osm.pbf",
    "Porto, CSV": "city-porto/edges.csv.gz",
}
PATHS = {name: {"graph": graph} for name, graph in GRAPHS.items()}
PAIRS = "pairs of nodes drawn by others; a hundredth"


def pairs_of(folder: Path, roads: Roads) -> tuple[list[dict[str, str]], Any, Any]:
    """Return reference pairs, and rows of their origins and destinations."""
    number = {name: k for k, name in enumerate(roads.node_id.tolist())}
    pairs = table_of(folder / "reference_od_pairs.csv")
    origin, destination = (np.array([number[pair[end]] for pair in pairs]) for end in ("origin", "dest"))
    return pairs, origin, destination


@row("O1.time", PAIRS, oracle="paths by others' code", quick=False, data=".", cases=PATHS)
def fastest_paths(graph: str, data: Path) -> Finding:
    """Largest distance of fastest times from references, s."""
    roads = roads_of(data / graph)
    pairs, origin, destination = pairs_of((data / graph).parent, roads)
    found = dijkstra(roads.fastest(), indices=origin)[np.arange(len(pairs)), destination]
    return worst(found, [float(pair["freeflow_s"]) for pair in pairs], by=0.01)


@row("O1.length", PAIRS, oracle="paths by others' code", quick=False, data=".", cases=PATHS)
def shortest_paths(graph: str, data: Path) -> Finding:
    """Largest distance of shortest lengths from references, m."""
    roads = roads_of(data / graph)
    pairs, origin, destination = pairs_of((data / graph).parent, roads)
    found = dijkstra(roads.shortest(), indices=origin)[np.arange(len(pairs)), destination] * 1000
    return worst(found, [float(pair["shortest_m"]) for pair in pairs], by=0.01)


CITIES = {"Las Vegas": {"city": "city-las-vegas"}, "Baltimore": {"city": "city-baltimore-south"}}


@lru_cache
def nearest_m(folder: Path) -> tuple[Floats, Floats, Floats, Floats]:
    """Return numbers of idle drivers, mean network distance to the nearest, the reference and its standard error, m."""
    roads = roads_of(folder / "graph.graphml.gz")
    rows = table_of(folder / "reference_nearest_driver.csv")
    names = ("idle_drivers", "mean_nearest_network_m", "se_m")
    drivers, level, error = (np.array([float(each[name]) for each in rows]) for name in names)
    rng, graph = np.random.default_rng(11), roads.shortest()

    def sample(k: int) -> float:
        # paths lead from a driver to a node, so the nearest of all drivers is one multi-source search
        return float(dijkstra(graph, indices=rng.choice(roads.nodes, k, replace=False), min_only=True).mean()) * 1000

    found = [np.mean([sample(int(k)) for _ in range(max(60, 3000 // int(k)))]) for k in drivers]
    return drivers, np.array(found), level, error


@row(
    "O2.level",
    "idle drivers at random nodes; 3 % or 2.5 of the reference's errors",
    oracle="others' code",
    quick=False,
    data=".",
    cases=CITIES,
)
def nearest_levels(city: str, data: Path) -> Finding:
    """Numbers of drivers at which the nearest is not as far as the reference."""
    _, found, level, error = nearest_m(data / city)
    return none_of(np.abs(found - level) > np.maximum(0.03 * level, 2.5 * error))


@row("O2.slope", "idle drivers at random nodes; .02", oracle="others' code", quick=False, data=".", cases=CITIES)
def nearest_slopes(city: str, data: Path) -> Finding:
    """Elasticity of the way to the nearest driver by the number of drivers."""
    drivers, found, level, _ = nearest_m(data / city)
    slope, reference = (np.polyfit(np.log(drivers), np.log(values), 1)[0] for values in (found, level))
    return near(slope, reference, by=0.02)


NETWORKS = {
    "Sioux Falls": {"name": "SiouxFalls/SiouxFalls", "objective": 4_231_335.287, "gap": 1e-6},
    "Anaheim": {"name": "Anaheim/Anaheim", "objective": 1_286_032.171, "gap": 1e-8},
    "Chicago Sketch": {"name": "Chicago-Sketch/ChicagoSketch", "objective": 17_313_018.739, "gap": 1e-5},
}


@lru_cache
def assigned(path: Path, gap: float) -> tuple[float, float, Floats, Floats]:
    """Return the objective, the gap reached, and flows found and best-known of the links with large ones."""
    network, found = assign_tntp(path, None, gap=gap, iterations=2000, weights=settings_of(path).read.tntp_weights)
    flows = beside(path, "flow")
    if flows is None:
        raise ValueError(f"no flows beside {path}")
    best = {(int(u), int(v)): float(flow) for u, v, flow in zip(*read_flows(flows), strict=True)}
    reference = np.array([best[int(u), int(v)] for u, v in zip(network.tail, network.head, strict=True)])
    large = reference > 0.2 * reference.max()
    return found.objective, found.relative_gap, found.flow[large], reference[large]


@row("O3", "user equilibrium; 1e-4", oracle="best-known", quick=False, data="tntp", cases=NETWORKS)
def objective(name: str, objective: float, gap: float, data: Path) -> Finding:
    """Beckmann's objective of a published network."""
    return near(assigned(data / f"{name}_net.tntp.gz", gap)[0], objective, share=1e-4)


@row(
    "O3.least",
    "user equilibrium; nothing lies below the optimum",
    oracle="best-known",
    quick=False,
    data="tntp",
    cases=NETWORKS,
)
def no_lower(name: str, objective: float, gap: float, data: Path) -> Finding:
    """Beckmann's objective of a published network, from below."""
    return bound(assigned(data / f"{name}_net.tntp.gz", gap)[0], "at least", objective, share=1e-9)


@row("O3.gap", "user equilibrium", oracle="asked for", quick=False, data="tntp", cases=NETWORKS)
def gap_reached(name: str, objective: float, gap: float, data: Path) -> Finding:  # noqa: ARG001 (of a case)
    """Relative gap of the assignment."""
    return bound(assigned(data / f"{name}_net.tntp.gz", gap)[1], "at most", gap)


@row(
    "O3.flows",
    "user equilibrium; links of a fifth of the largest flow or more; 1 %",
    oracle="best-known",
    quick=False,
    data="tntp",
    cases=NETWORKS,
)
def flows(name: str, objective: float, gap: float, data: Path) -> Finding:  # noqa: ARG001 (of a case)
    """Largest distance of large flows from the best-known, as a share."""
    _, _, found, reference = assigned(data / f"{name}_net.tntp.gz", gap)
    return worst(found / reference, 1.0, by=0.01)


INSTANCES = ("0o100t100s1p100", "2o50t75s2p125", "4r50t75s2p100", "3o50t100s2p125", "1o100t100s1p100", "1r50t100s1p125")
EACH_INSTANCE = {name: {"instance": name} for name in INSTANCES}


@lru_cache
def solved(data: Path, instance: str) -> tuple[Delivered, dict[str, Any]]:
    """Run an instance by the dispatcher of restaurant meals; return what was delivered and its scores."""
    settings = one_node("dispatch", DispatchSettings, ["dispatch=meals"], "verify", None)
    done = run_instance(dict(find_instances(data))[instance](), settings)
    return done, dict(score(done, read_bounds(data)))


@row("O4.pay", "meal-delivery instances", oracle="published bound", quick=False, data="mdrplib", cases=EACH_INSTANCE)
def pay_bound(instance: str, data: Path) -> Finding:
    """Pay of couriers above its bound, as a share."""
    return bound(float(solved(data, instance)[1]["pay_gap"]), "at least", 0.0, by=1e-9)


@row(
    "O4.soonest",
    "meal-delivery instances",
    oracle="ready, collected and driven at once",
    quick=False,
    data="mdrplib",
    cases=EACH_INSTANCE,
)
def soonest(instance: str, data: Path) -> Finding:
    """Meals at the door sooner than can be."""
    done, _ = solved(data, instance)
    case, (_, dropped, _) = done.instance, done.times()
    direct = case.travel_min[case.restaurant_of, case.door]
    least = case.ready_min + case.pickup_min / 2 + direct + case.dropoff_min / 2
    return none_of(dropped < least)


@row("O4.delivered", "meal-delivery instances", oracle="98 %", quick=False, data="mdrplib", cases=EACH_INSTANCE)
def delivered(instance: str, data: Path) -> Finding:
    """Share of meals that are delivered."""
    scores = solved(data, instance)[1]
    return bound(scores["delivered"] / scores["orders"], "at least", 0.98)


@row(
    "O4.click",
    "meal-delivery instances in which all is delivered",
    oracle="published bound",
    quick=False,
    data="mdrplib",
    cases={name: EACH_INSTANCE[name] for name in INSTANCES[:4]},
)
def click_to_door(instance: str, data: Path) -> Finding:
    """Mean time from click to door above its bound, as a share."""
    scores = solved(data, instance)[1]
    if scores["delivered"] < scores["orders"]:
        raise ValueError(f"{scores['delivered']} of {scores['orders']} meals are delivered")
    return bound(float(scores["ctd_gap"]), "at least", 0.0)


@lru_cache
def searched(data: Path, instance: str) -> float:
    """Search for the shortest van tours to 100 customers with their demands, at any time; return their length."""
    with tarfile.open(data / "solomon.tar.gz") as archive:
        member = next(each for each in archive.getmembers() if each.name.endswith(f"{instance}.txt"))
        stream = archive.extractfile(member)
        text = "" if stream is None else stream.read().decode()
    rows = [[int(word) for word in line.split()] for line in text.splitlines() if line.replace(" ", "").isdigit()]
    capacity = next(row[1] for row in rows if len(row) == 2)
    customers = np.array([row for row in rows if len(row) == 7])
    xy = customers[:, 1:3].astype(np.float64)
    km = np.hypot(*(xy[:, None] - xy).transpose(2, 0, 1))
    return sum(route_km(km, route) for route in plan_routes(km, customers[1:, 3], capacity, 2000))


@row(
    "O5.capacity",
    "vans have a capacity, customers are at home at any time; 2000 iterations; 2 %",
    oracle="best-known (Christofides, Mingozzi, Toth 1979, problems 3 and 12)",
    data="vrp-benchmarks",
    # customers of R1 and C1 are those of problems 3 and 12; tables of several public solvers state these lengths
    cases={"R1": {"instance": "R101", "best": 826.14}, "C1": {"instance": "C101", "best": 819.56}},
)
def tours(instance: str, best: float, data: Path) -> Finding:
    """Length of van tours to 100 customers."""
    return near(searched(data, instance), best, share=0.02)


@row(
    "O5.windows",
    "hours at home do not count here but in the oracle, so no longer than it",
    oracle="best-known with windows",
    data="vrp-benchmarks",
    cases={name: {"instance": name} for name in ("C201", "R112", "R211", "RC108", "RC208")},
)
def tours_without_windows(instance: str, data: Path) -> Finding:
    """Length of van tours to 100 customers."""
    best = json.loads((data / "best_known_vrptw.json").read_text(encoding="utf-8"))[instance]
    return bound(searched(data, instance), "at most", best["best_known_cost"])
