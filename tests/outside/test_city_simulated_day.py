"""A day of the market runs on real road graphs of every format."""

from pathlib import Path
from typing import Any

import pytest
from hydra import compose, initialize_config_dir
from omegaconf import OmegaConf

from galleria.models.city import build_city
from galleria.models.settings.tree import Settings
from galleria.models.settings.validation import validate
from galleria.models.simulate import simulate
from tests.city_worlds import DATA, ROOT

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"no outside data in {DATA} (set GALLERIA_DATA)")


def settings_on(path: Path) -> Settings:
    overrides = ["city=file", f"city.path={path}", "city.home_places=150", "city.households=8000", "drivers.pool=40"]
    with initialize_config_dir(str(ROOT / "conf"), version_base="1.3"):
        config = compose("config", overrides=overrides)
    tree: Any = OmegaConf.to_container(config, resolve=True)
    return validate({name: node for name, node in tree.items() if name in Settings.model_fields})


@pytest.mark.parametrize(
    "graph",
    [
        "city-las-vegas/graph.graphml.gz",
        "city-baltimore-south/baltimore.osm.pbf",
        "city-phoenix-i10",
        "city-dc-downtown",
        "city-manhattan/manhattan_network.json.gz",
        "graphml-nootdorp",
    ],
)
def test_a_day_is_simulated(graph: str, tmp_path: Path) -> None:
    path = DATA / graph
    if not path.exists():
        pytest.skip(f"{path} is not there")
    settings = settings_on(path)
    metrics = simulate(settings, build_city(settings.city, tmp_path), 0).metrics.set_index("metric")["value"]
    assert metrics["orders_placed"] > 100
    ended = metrics["orders_delivered"] + metrics["orders_cancelled"] + metrics["orders_open"]
    assert metrics["orders_placed"] == ended
