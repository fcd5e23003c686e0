"""User equilibrium of TNTP networks, for whose flows there are published answers."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from galleria.models.city.readers.tntp_files import TntpNetwork, beside, read_network, read_trips
from galleria.models.city.settings import TntpWeights
from galleria.models.errors import UsageError
from galleria.models.traffic.assignment import CostFunction, Equilibrium, Loader, equilibrium


def assign_tntp(
    path: Path,
    trips: Path | None,
    *,
    gap: float,
    iterations: int,
    weights: Mapping[str, TntpWeights],
) -> tuple[TntpNetwork, Equilibrium]:
    """Find the user equilibrium of a TNTP network.

    Parameters
    ----------
    path
        The `_net.tntp` file, or a folder that holds one.
    trips
        The `_trips.tntp` file; None finds it beside the network.
    gap, iterations
        When to stop.
    weights
        Time per unit of toll and of length, by the start of the file's name, for networks of generalised cost.

    Raises
    ------
    UsageError
        When a file is missing or bad, or some trips have no path.
    """
    if path.is_dir():
        nets = sorted(path.glob("*_net.tntp*"))
        if not nets:
            raise UsageError(f"{path} holds no file NAME_net.tntp. Name the network file in city.path.")
        path = nets[0]
    trips = trips or beside(path, "trips")
    if trips is None:
        raise UsageError(f"There is no trips file beside {path}. Name it in city.trips.")
    network = read_network(path)
    zones = np.arange(network.zones, dtype=np.int32)
    loader = Loader(
        network.tail,
        network.head,
        network.nodes,
        read_trips(trips, network.zones),
        zones,
        zones,
        np.arange(min(network.first_through_node - 1, network.nodes), dtype=np.int32),
    )
    costs = CostFunction(
        network.free_time,
        network.b,
        network.power,
        np.maximum(network.capacity, 1e-9),
        sum(
            (
                w.toll * network.toll + w.distance * network.length
                for n, w in weights.items()
                if path.name.startswith(n)
            ),
            start=np.zeros(network.tail.size),
        ),
    )
    return network, equilibrium(loader, costs, gap, iterations)
