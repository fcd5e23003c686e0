"""Runs at the edge and Hydra's grammar: names with marks, seeds of many bits, nobody, one corner, zones by GEOID."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser
from pydantic import ValidationError

from galleria.experiments.commands.city_settings import city_settings
from galleria.experiments.report import sensitivity
from galleria.experiments.report.comparing import HEADLINE_METRICS
from galleria.experiments.report.service import _shares
from galleria.experiments.sweep.command import quoted
from galleria.models.city import build_city
from galleria.models.city.build import check_city
from galleria.models.errors import UsageError
from galleria.models.measures.outcome import zone_names_frame
from galleria.models.settings.tree import RunSettings
from tests.cases.town import as_graphml, settings_of
from tests.city_worlds import graphml


def test_zones_carry_the_name_of_their_block_group(tmp_path: Path) -> None:
    """S31: as text, its leading zero kept, in a table that joins to zones by number and to a census by name."""
    people = tmp_path / "people.csv"
    rows = [f"0600137000{k}{j},100,{36.1 + 0.008 * k},{-115.2 + 0.008 * j}" for k in (0, 1) for j in (0, 1)]
    people.write_text("GEOID,population,latitude,longitude\n" + "\n".join(rows) + "\n")
    path = as_graphml(tmp_path, lambda m: {"length": m, "highway": "residential"})
    given = ("city/homes=census", f"city.homes.path={people}", "city.zones.kind=block_group", "city.households=400")
    city = build_city(settings_of(path, *given), tmp_path / "cache")
    table = zone_names_frame(city)
    assert sorted(table["name"]) == ["060013700000", "060013700001", "060013700010", "060013700011"]
    assert table["zone"].tolist() == list(range(4))
    assert table["households"].sum() == pytest.approx(400)


@pytest.mark.parametrize("name", ["o'brien", "a b", "a(b)", "a\\'b", "Straße", "a,b=c", "{x}"])
def test_results_folders_of_any_name_reach_the_workers(name: str) -> None:
    """S36: shards get their folder as an override."""
    assert OverridesParser.create().parse_override(f"run.output={quoted(name)}").value() == name


@pytest.mark.parametrize("name", ["a(b).graphml", "a,(b).graphml", "a[1.graphml", "a{b.graphml"])
def test_a_refused_name_is_shown_in_its_quotes(name: str) -> None:
    """S39: what the message shows works."""
    with pytest.raises(UsageError) as caught:
        city_settings([f"city.path={name}"], None)
    shown = f"city.path=\"'{name}'\""
    assert shown in str(caught.value)
    settings: Any = city_settings([shown.replace('"', "")], None)
    assert settings.path == name


def test_nobody_shops() -> None:
    """S40: no shares are drawn, and that is said."""
    cube = SimpleNamespace(at=lambda *_: np.array([np.nan]))
    study = SimpleNamespace(channels=("mall", "none"), cube=cube)
    said: list[str] = []
    assert _shares(cast("Any", study), 0, said) is None
    assert said == ["Nobody had an occasion to shop, so there are no shares to draw."]


@pytest.mark.parametrize("edges", [[("1", "1", {"length": 5})], [("1", "2", {"length": 5})]])
def test_a_graph_with_nowhere_to_drive(edges: list[Any], tmp_path: Path) -> None:
    """S41: check and run agree, since both refuse."""
    path = tmp_path / "one.graphml"
    path.write_text(graphml(dict.fromkeys({end for u, v, _ in edges for end in (u, v)}, (-115.0, 36.0)), edges))
    for command in (check_city, lambda settings: build_city(settings, tmp_path / "cache")):
        with pytest.raises(UsageError, match=r"one\.graphml"):
            command(settings_of(path))


@pytest.mark.parametrize(("bits", "fits"), [(62, True), (63, False), (128, False)])
def test_seeds_of_many_bits(bits: int, fits: bool) -> None:  # noqa: FBT001
    """S42: the largest is named before anything runs."""
    try:
        RunSettings.model_validate({"seed": 2**bits + 1})
    except ValidationError as error:
        of_seed = [each for each in error.errors() if each["loc"] == ("seed",)]
        assert fits is not bool(of_seed)
        assert fits or "9223372036854775807" in of_seed[0]["msg"]


def test_measures_that_do_not_vary_have_no_indices(monkeypatch: pytest.MonkeyPatch) -> None:
    """S44: that is said, without a nan."""
    frame = pd.DataFrame({"index": ["ST", "ST"], "factor": [0, 1], "value": np.nan, "low": np.nan, "high": np.nan})
    monkeypatch.setattr(sensitivity, "indices_of", lambda *_: SimpleNamespace(frame=frame))
    results = SimpleNamespace(provenance={"design": {"kind": "sobol_indices", "varied": ["a", "b"]}})
    study = SimpleNamespace(cube=set(HEADLINE_METRICS), results=results)
    said = [claim.text for claim in sensitivity.sensitivity_claims(cast("Any", study))]
    assert said
    assert all(sentence.endswith("not vary") for sentence in said)
