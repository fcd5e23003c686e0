"""User equilibria of the transportation test problems against the best-known solutions."""

import numpy as np
import pytest

from models.city.readers.tntp import beside, read_flows
from models.city.settings import FileSettings
from models.traffic.tntp_networks import assign_tntp
from tests.city_worlds import DATA, file_settings

pytestmark = pytest.mark.skipif(not (DATA / "tntp").is_dir(), reason=f"no {DATA / 'tntp'} (set GALLERIA_DATA)")


@pytest.mark.parametrize(
    ("name", "objective", "gap"),
    [
        ("SiouxFalls/SiouxFalls", 4_231_335.287, 1e-6),
        ("Anaheim/Anaheim", 1_286_032.171, 1e-8),
        ("Chicago-Sketch/ChicagoSketch", 17_313_018.739, 1e-5),
    ],
)
def test_objective_and_large_flows_equal_the_best_known(name: str, objective: float, gap: float) -> None:
    path = DATA / "tntp" / f"{name}_net.tntp.gz"
    settings = file_settings(path)
    assert isinstance(settings, FileSettings)
    network, found = assign_tntp(path, None, gap=gap, iterations=2000, weights=settings.read.tntp_weights)
    assert found.relative_gap <= gap
    assert found.objective == pytest.approx(objective, rel=1e-4)
    assert found.objective >= objective * (1 - 1e-9)  # nothing lies below the optimum
    flows = beside(path, "flow")
    assert flows is not None
    tail, head, volume = read_flows(flows)
    best = {(int(u), int(v)): float(flow) for u, v, flow in zip(tail, head, volume, strict=True)}
    reference = np.array([best[int(u), int(v)] for u, v in zip(network.tail, network.head, strict=True)])
    large = reference > 0.2 * reference.max()
    np.testing.assert_allclose(found.flow[large], reference[large], rtol=0.01)
