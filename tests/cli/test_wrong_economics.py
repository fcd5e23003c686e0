"""Wrong economics is refused on the command line: the key, the value and the reason, before anything is written."""

from pathlib import Path

import pytest

from galleria.experiments.cli import main

HALF_THE_TOWN = (
    "customers.observed_share={mall_direct: 0.75, warehouse: 0.05, rival_a: 0.04, rival_b: 0.02, store_mall: 0.05, "
    "store_big_box: 0.04, none: 0.05}"
)


@pytest.mark.parametrize("command", ["run", "sweep"])
@pytest.mark.parametrize(
    ("arguments", "key", "reason"),
    [
        (["retailers.margin.mall=-0.1"], "retailers.margin.mall = -0.1", "allowed: at least 0"),
        (["couriers.rival_a.commission=0.8"], "couriers.rival_a.commission", "with a margin of 0.3 would lose"),
        (["couriers.mall_direct.commission=1.2"], "couriers.mall_direct.commission = 1.2", "at most 1"),
        ([HALF_THE_TOWN], "customers.observed_share.mall_direct = 0.75", "cannot be inverted"),
        (["couriers.rival_a.firm=[rival_a,rival_b]"], "couriers.rival_a.firm", "a channel has one owner"),
        (["couriers.rival_a.observed.preparation_min=5"], "preparation_min = 5", "shorter than the 8 min that picking"),
        (["couriers.mall_direct.promise.hours=0.2"], "couriers.mall_direct.promise.hours = 0.2", "shorter than the"),
        (["strategy=pay", "strategy.pay.lowest_usd=30"], "lowest_usd (30)", "must be below highest_usd"),
    ],
)
def test_wrong_economics_is_refused_before_anything_is_written(
    command: str,
    arguments: list[str],
    key: str,
    reason: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([command, "city=toy", "hydra/launcher=basic", f"run.output={tmp_path / 'results'}", *arguments]) == 2
    told = capsys.readouterr()
    assert key in told.err
    assert reason in " ".join(told.err.split())
    assert "Traceback" not in told.err
    assert list(tmp_path.iterdir()) == []
