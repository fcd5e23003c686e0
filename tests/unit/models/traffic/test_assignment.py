"""User equilibrium on networks small enough to solve by hand."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from galleria.models.errors import UsageError
from galleria.models.traffic.assignment import CostFunction, Loader
from galleria.models.traffic.tntp_networks import assign_tntp

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
