"""User equilibrium on networks small enough to solve by hand."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from models.errors import UsageError
from models.traffic.assignment import CostFunction, Loader, equilibrium
from models.traffic.tntp_networks import assign_tntp

ZONES = np.arange(2, dtype=np.int32)
NONE = np.empty(0, dtype=np.int32)


def costs(free: Sequence[float], b: Sequence[float], fixed: Sequence[float] | None = None) -> CostFunction:
    """Return linear costs: free + b * flow (a capacity of 1 and b relative to free)."""
    free_time = np.array(free)
    share = np.divide(np.array(b), free_time, out=np.zeros(len(free)), where=free_time > 0)
    return CostFunction(
        free_time,
        share,
        np.ones(len(free)),
        np.ones(len(free)),
        np.zeros(len(free)) if fixed is None else np.array(fixed),
    )


def test_two_parallel_roads_share_until_they_cost_the_same() -> None:
    # 10 + x on one, 15 + x / 2 on the other, 10 trips: 10 + x = 15 + (10 - x) / 2, so x = 20 / 3
    tail, head = np.array([0, 0], dtype=np.int32), np.array([1, 1], dtype=np.int32)
    loader = Loader(tail, head, 2, np.array([[0.0, 10.0], [0.0, 0.0]]), ZONES, ZONES, NONE)
    found = equilibrium(loader, costs([10, 15], [1, 0.5]), gap=1e-10, iterations=200)
    np.testing.assert_allclose(found.flow, [20 / 3, 10 / 3], rtol=1e-6)
    np.testing.assert_allclose(found.cost, [50 / 3, 50 / 3], rtol=1e-6)
    # integrals: 10 x + x^2 / 2 and 15 y + y^2 / 4
    x, y = 20 / 3, 10 / 3
    assert found.objective == pytest.approx(10 * x + x**2 / 2 + 15 * y + y**2 / 4)


def test_braess_paradox() -> None:
    """Six trips, the classic costs: with the bridge everyone pays 92, without it 83."""
    # nodes 0 origin, 1 destination, 2 and 3 between; the two long roads and the bridge grow by 1, the short by 10
    tail, head = np.array([0, 0, 2, 3, 2], dtype=np.int32), np.array([2, 3, 1, 1, 3], dtype=np.int32)
    trips = np.array([[0.0, 6.0], [0.0, 0.0]])

    def paid(links: int) -> float:
        loader = Loader(tail[:links], head[:links], 4, trips, ZONES, ZONES, NONE)
        free, b = [1e-9, 50, 50, 1e-9, 10], [10, 1, 1, 10, 1]
        found = equilibrium(loader, costs(free[:links], b[:links]), gap=1e-12, iterations=2000)
        return float(found.cost @ found.flow) / 6

    assert paid(4) == pytest.approx(83, rel=1e-6)
    assert paid(5) == pytest.approx(92, rel=1e-4)


def test_closed_nodes_are_not_driven_through() -> None:
    # 0 to 2 by way of zone 1 costs 2, around by node 3 costs 10; zones are closed
    tail, head = np.array([0, 1, 0, 3], dtype=np.int32), np.array([1, 2, 3, 2], dtype=np.int32)
    zones = np.arange(3, dtype=np.int32)
    trips = np.zeros((3, 3))
    trips[0, 2], trips[1, 1] = 4.0, 9.0  # trips within a zone take no road
    loader = Loader(tail, head, 4, trips, zones, zones, zones)
    flow, total = loader.load(np.array([1.0, 1.0, 5.0, 5.0]))
    assert flow.tolist() == [0.0, 0.0, 4.0, 4.0]
    assert total == 40.0


def test_tolls_move_traffic() -> None:
    tail, head = np.array([0, 0], dtype=np.int32), np.array([1, 1], dtype=np.int32)
    loader = Loader(tail, head, 2, np.array([[0.0, 10.0], [0.0, 0.0]]), ZONES, ZONES, NONE)
    found = equilibrium(loader, costs([10, 10], [1, 1], [0, 4]), gap=1e-10, iterations=200)
    np.testing.assert_allclose(found.flow, [7, 3], rtol=1e-6)


def test_no_path_is_said() -> None:
    loader = Loader(
        np.array([1], dtype=np.int32),
        np.array([0], dtype=np.int32),
        2,
        np.array([[0.0, 1.0], [0.0, 0.0]]),
        ZONES,
        ZONES,
        NONE,
    )
    with pytest.raises(UsageError, match="no path"):
        loader.load(np.ones(1))


def test_a_cut_network_is_said(tmp_path: Path) -> None:
    net = tmp_path / "x_net.tntp"
    net.write_text(
        "<NUMBER OF ZONES> 2\n<NUMBER OF NODES> 2\n<NUMBER OF LINKS> 2\n<END OF METADATA>\n1 2 1 1 1 1 1 1 1 1 ;\n"
    )
    (tmp_path / "x_trips.tntp").write_text("<END OF METADATA>\nOrigin 1\n2 : 3;\n")
    with pytest.raises(UsageError, match="states 2 links but holds 1"):
        assign_tntp(net, None, gap=1e-4, iterations=9, weights={})
