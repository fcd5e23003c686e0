"""Space: nearest drivers, hubs and lattices as the real dispatcher sees them (model 10.2 S1, S2, H1)."""

import numpy as np

from galleria.agents.dispatch.itinerary import approaches
from galleria.experiments.verification.findings import Finding, bound, near, of_sample
from galleria.experiments.verification.registry import row
from galleria.experiments.verification.space_laboratory import Laboratory, plane, poisson
from galleria.experiments.verification.towns import POINTS, at_random, laboratory, town

SIDE_KM, V, TAU_H, DRIVERS = 10.0, 30.0, 0.3, 120
SIMULATED = "simulation by others' code"


def scaled(lab: Laboratory, requests: int, seed: int, warm_up_h: float) -> float:
    """Return the mean way to the nearest driver in units of 1 / sqrt(idle drivers per km2)."""
    seen = at_random(lab, DRIVERS, 156.0, requests, seed)
    idle = seen.idle[seen.after(warm_up_h)]
    return float((seen.pickup_km(warm_up_h) * np.sqrt(idle / SIDE_KM**2)).mean())


@row(
    "S1",
    "torus, idle drivers at fresh random places at each request; 2 % for 120 drivers",
    cases={
        "straight": {"euclid": True, "constant": 0.5},
        "blocks": {"euclid": False, "constant": float(np.sqrt(np.pi / 8))},
    },
)
def nearest(euclid: bool, constant: float) -> Finding:  # noqa: FBT001 (a case)
    """Way to the nearest driver in mean gaps of drivers, Poisson field."""
    lab = laboratory(town(SIDE_KM, V, euclid=euclid), TAU_H, redraw=np.arange(POINTS))
    return near(scaled(lab, 4000, 1, 1.0), constant, share=0.02)


@row(
    "S1d",
    "torus, drivers idle where they dropped, 120 drivers; grows with the size of the system",
    oracle=SIMULATED,
    quick=False,
    cases={"straight": {"euclid": True, "constant": 0.61}, "blocks": {"euclid": False, "constant": 0.76}},
)
def nearest_in_motion(euclid: bool, constant: float) -> Finding:  # noqa: FBT001 (a case)
    """Way to the nearest driver in mean gaps where idle places cluster."""
    lab = laboratory(town(SIDE_KM, V, euclid=euclid), TAU_H)
    runs = [scaled(lab, 5000, seed, 3.0) for seed in (0, 1, 2)]
    return near(np.mean(runs), constant, share=0.03, error=float(np.std(runs, ddof=1) / np.sqrt(3)))


def hub_km(rows: int, drivers: int, requests: int) -> float:
    """Collect at hubs in the middles of rows x rows squares of a town, drop anywhere; return the mean empty way."""
    side_km, cells = 20.0, 40
    middle = (np.arange(rows) + 0.5) * side_km / rows
    homes = (np.arange(cells) + 0.5) * side_km / cells
    x_km = np.concatenate([np.repeat(middle, rows), np.repeat(homes, cells)])
    y_km = np.concatenate([np.tile(middle, rows), np.tile(homes, cells)])
    roads = plane(x_km, y_km, 40.0, euclid=False, torus_km=None, days=10)
    rng = np.random.default_rng(rows)
    hubs, places = rows**2, np.arange(rows**2, len(x_km))
    seen = laboratory(roads, 0.1).run(
        rng.choice(places, drivers),
        poisson(100.0, requests, rng),
        rng.integers(hubs, size=requests),
        rng.choice(places, requests),
        seed=1,
    )
    return float(seen.pickup_km(seen.request_s[requests // 3] / 3600).mean())


@row(
    "H1",
    "pick-ups at one hub, drops anywhere, drivers idle where they dropped; the static formula says 1.96 and 1.14 km",
    quick=False,
    cases={"120 drivers": {"drivers": 120}, "200 drivers": {"drivers": 200}},
)
def lone_hub(drivers: int) -> Finding:
    """Empty way to a lone hub, km: as far as loaded, whatever the fleet."""
    return near(hub_km(1, drivers, 4500), 10.0, share=0.02)


HUBS = {"4 hubs": {"rows": 2, "least_km": 5.0}, "9 hubs": {"rows": 3, "least_km": 10 / 3}}


@row("H1.least", "several hubs, 120 drivers", quick=False, cases=HUBS)
def hubs_at_least(rows: int, least_km: float) -> Finding:
    """Empty way to many hubs, km: no less than moving the drops back takes (Kantorovich)."""
    return bound(hub_km(rows, 120, 3500), "at least", least_km, share=0.02)


@row("H1.most", "several hubs, 120 drivers; 10 % above the bound", oracle=SIMULATED, quick=False, cases=HUBS)
def hubs_at_most(rows: int, least_km: float) -> Finding:
    """Empty way to many hubs, km: hardly more than moving the drops back takes."""
    return bound(hub_km(rows, 120, 3500), "at most", least_km, share=0.10)


@row("S2", "40 drivers at random crossings of a torus of 41 x 41 blocks")
def lattice() -> Finding:
    """Blocks to the nearest driver on a lattice, sum of the chances that nobody is within k blocks."""
    rows = 41
    x_km, y_km = np.divmod(np.arange(rows**2), rows)
    roads = plane(x_km.astype(np.float64), y_km.astype(np.float64), 60.0, euclid=False, torus_km=float(rows), days=2)
    rng = np.random.default_rng(2)
    blocks = [
        approaches(roads, rng.integers(rows**2, size=40), np.full(40, rng.integers(rows**2)), 0.0)[1].min()
        for _ in range(6000)
    ]
    return of_sample(blocks, 3.9766, error_below=0.02)
