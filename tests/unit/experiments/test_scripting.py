"""From a script to a market in one line, with the messages of the command line."""

import hydra
import mesa
import pandas as pd
import pytest

from galleria.experiments.design.compose import CONF
from galleria.experiments.scripting import market, settings
from galleria.models.errors import UsageError
from galleria.models.simulate import simulate
from tests.market_worlds import BUSY_TOY, settings_of


def test_settings_are_those_of_the_command_line() -> None:
    assert settings(BUSY_TOY) == settings_of(*BUSY_TOY)
    assert settings().city.name == "sunbelt"
    assert list(settings(["policy=min_pay_seattle+pass_through"]).policy) == ["min_pay_seattle", "pass_through"]


def test_settings_are_read_within_a_script_that_is_hydras_own() -> None:
    with hydra.initialize_config_dir(str(CONF / "city"), version_base="1.3"):
        assert settings(BUSY_TOY) == settings_of(*BUSY_TOY)
        assert hydra.compose("toy").kind == "toy"


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("drivers.pol=60", r"drivers\.pol.*did you mean drivers\.pool\?"),
        ("drivers.pool=0", r"drivers\.pool"),
        ("drivers.pool=60,70", r"drivers\.pool: a script takes one value"),
        ("city=atlantis", r"city=atlantis: there is no such choice"),
    ],
)
def test_wrong_overrides_are_told_as_on_the_command_line(override: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        settings([override])


def test_a_market_runs_and_has_collected() -> None:
    town = market(BUSY_TOY)
    outcome = town.run()
    pd.testing.assert_frame_equal(outcome.metrics, simulate(settings(BUSY_TOY), town.world.city, 0).metrics)
    assert town.datacollector.get_model_vars_dataframe()["orders_placed"].iloc[-1] > 0


def test_mesa_can_batch_run_it() -> None:
    rows = mesa.batch_run(
        market,
        {"overrides": [[*BUSY_TOY, f"drivers.pool={pool}"] for pool in (5, 60)]},
        max_steps=10_000,
        display_progress=False,
    )
    few, many = (row["drivers_online"] for row in rows)
    assert len(rows) == 2
    assert few <= many
