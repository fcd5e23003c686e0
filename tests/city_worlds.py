"""Cities for tests: settings as conf/ states them, with overrides, and a road graph written by hand."""

import os
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from hydra import compose, initialize_config_dir
from omegaconf import OmegaConf
from pydantic import TypeAdapter

from galleria.models.city import CitySettings

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("GALLERIA_DATA", ROOT.parent / "shared" / "data"))
ADAPTER: TypeAdapter[CitySettings] = TypeAdapter(CitySettings)


def city_settings(name: str, *overrides: str) -> CitySettings:
    """Compose conf/city/<name>.yaml with overrides as on a command line (`city.seed=2`)."""
    with initialize_config_dir(str(ROOT / "conf"), version_base="1.3"):
        config = compose("config", overrides=[f"city={name}", *overrides])
    tree: Any = OmegaConf.to_container(config.city, resolve=True)
    return ADAPTER.validate_python(tree)


def file_settings(path: Path, *overrides: str) -> CitySettings:
    """Compose the settings of a city read from a file."""
    return city_settings("file", f"city.path={path}", *overrides)


def graphml(
    nodes: Mapping[str, tuple[object, object]], edges: list[tuple[str, str, dict[str, Any]]], crs: str = "epsg:4326"
) -> str:
    """Write GraphML as OSMnx does: every attribute a string."""
    names = sorted({name for *_, held in edges for name in held})
    keys = "".join(f'<key id="e{k}" for="edge" attr.name="{name}" attr.type="string"/>' for k, name in enumerate(names))
    points = "".join(
        f'<node id="{n}"><data key="x">{x}</data><data key="y">{y}</data></node>' for n, (x, y) in nodes.items()
    )
    links = "".join(
        f'<edge source="{u}" target="{v}">'
        + "".join(f'<data key="e{names.index(name)}">{value}</data>' for name, value in held.items())
        + "</edge>"
        for u, v, held in edges
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
        '<key id="x" for="node" attr.name="x" attr.type="string"/>'
        '<key id="y" for="node" attr.name="y" attr.type="string"/>'
        f'<key id="crs" for="graph" attr.name="crs" attr.type="string"/>{keys}<graph edgedefault="directed">'
        f'<data key="crs">{crs}</data>{points}{links}</graph></graphml>'
    )


def two_way(names: list[str], **held: Any) -> list[tuple[str, str, dict[str, Any]]]:
    """Join nodes in a row, in both directions."""
    pairs = list(pairwise(names))
    return [(u, v, held) for u, v in pairs] + [(v, u, held) for u, v in pairs]


def street(
    names: list[str], lon: float, lat: float, **held: Any
) -> tuple[dict[str, tuple[float, float]], list[tuple[str, str, dict[str, Any]]]]:
    """Lay a two-way street of nodes 0.01 degrees of latitude apart."""
    return {name: (lon, lat + 0.01 * k) for k, name in enumerate(names)}, two_way(names, **held)
