"""Where a sign turns: planted boxes are found, luck is not told, and the report says so in one sentence."""

import json
import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from galleria.experiments.report import build_report
from galleria.experiments.report.comparing import comparisons
from galleria.experiments.report.discovery import discovery_section, turn_claims, turns
from galleria.experiments.report.study import Study
from galleria.experiments.results import load
from galleria.experiments.statistics.discovery import discover, enough_draws, inside, peel
from galleria.experiments.statistics.tree import grow
from tests.synthetic_results import POOL, Design, write_results

KEYS = tuple(f"drivers.made_up_{i}" for i in range(6))


def planted(n: int, seed: int, columns: int = 6) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return draws, signs, and the box: nine in ten turn where the third is above .6 and the fifth below .5."""
    rng = np.random.default_rng(seed)
    x = rng.random((n, columns))
    box = (x[:, 2] > 0.6) & (x[:, 4] < 0.5)
    return x, rng.random(n) < np.where(box, 0.9, 0.1), box


def test_a_planted_box_is_found() -> None:
    x, turned, box = planted(200, seed=3)
    found = discover(x, turned)
    assert found is not None
    assert {limit.column for limit in found.limits} == {2, 4}
    ends = {limit.column: limit for limit in found.limits}
    assert ends[2].low == pytest.approx(0.6, abs=0.06)
    assert ends[4].high == pytest.approx(0.5, abs=0.06)
    assert math.isinf(ends[2].high)
    assert math.isinf(ends[4].low)
    assert np.mean(inside(x, found.limits) == box) > 0.9
    assert found.density > 0.75
    assert found.elsewhere < 0.25
    assert found.hits + found.misses == turned.sum()
    assert found.inside + found.outside == 200
    assert found.coverage == found.hits / turned.sum()
    assert found.chance <= 0.01
    assert found.left_out > 0.6


def test_boxes_in_noise_are_not_told() -> None:
    told = 0
    for seed in range(30):
        rng = np.random.default_rng(seed)
        told += discover(rng.random((60, 10)), rng.random(60) < 0.3, seed) is not None
    # At most one in a hundred searches: three of thirty have a chance of .4 %.
    assert told <= 2


def test_a_single_cut_is_told_with_one_limit() -> None:
    rng = np.random.default_rng(1)
    x = rng.random((100, 8))
    found = discover(x, (x[:, 0] < 0.3) ^ (rng.random(100) < 0.05))
    assert found is not None
    assert [limit.column for limit in found.limits] == [0]
    assert found.limits[0].high == pytest.approx(0.3, abs=0.05)


def test_too_few_draws_are_refused() -> None:
    assert not enough_draws([True] * 10 + [False] * 6)
    assert not enough_draws([True] * 5 + [False] * 60)
    assert enough_draws([True] * 6 + [False] * 18)
    with pytest.raises(ValueError, match="too few"):
        discover(np.zeros((16, 2)), [True] * 8 + [False] * 8)


def test_peeling_never_widens_and_goes_for_density() -> None:
    x, turned, _ = planted(150, seed=0)
    boxes = peel(x, turned)
    counts = [int(((x >= low) & (x <= high)).all(axis=1).sum()) for low, high in boxes]
    assert counts[0] == 150
    assert all(before > after for before, after in pairwise(counts))
    assert counts[-1] >= 15
    dense = ((x >= boxes[-1][0]) & (x <= boxes[-1][1])).all(axis=1)
    assert turned[dense].mean() > 2 * turned.mean()


def test_a_tree_asks_what_was_planted() -> None:
    x, turned, _ = planted(200, seed=3)
    tree = grow(x, turned)
    assert sum(leaf.draws for leaf in tree.leaves) == 200
    assert sum(leaf.hits for leaf in tree.leaves) == turned.sum()
    densest = tree.leaves[-1]
    assert {limit.column for limit in densest.limits} == {2, 4}
    assert tree.right > tree.commoner + 0.05


def study_of(folder: Path, draws: int, *, planted_welfare: bool) -> Study:
    """Write a comparison over draws in which welfare falls where the first parameter is high."""
    points = [{POOL: level} for level in (60.0, 400.0)]
    write_results(folder, Design(list(points), {POOL: "Driver pool"}, {POOL: "drivers"}, replications=draws, tables=()))
    x = np.random.default_rng(2).random((draws, len(KEYS)))
    path = folder / "provenance.json"
    said = json.loads(path.read_text(encoding="utf-8"))
    said["uncertainty"] = {"draws": [dict(zip(KEYS, row.tolist(), strict=True)) for row in x]}
    path.write_text(json.dumps(said), encoding="utf-8")
    if planted_welfare:
        metrics = pd.read_parquet(folder / "metrics.parquet")
        rows = (metrics["metric"] == "welfare_usd") & (metrics["point"] == 1)
        before = metrics[(metrics["metric"] == "welfare_usd") & (metrics["point"] == 0)].set_index("replication")[
            "value"
        ]
        falls = x[:, 0] > 0.7
        at = metrics.loc[rows, "replication"]
        metrics.loc[rows, "value"] = before.loc[at].to_numpy() + np.where(falls[at], -90.0, 120.0)
        metrics.to_parquet(folder / "metrics.parquet", index=False)
    return Study.of(load(folder))


def test_the_report_says_in_one_sentence_where_the_sign_turns(tmp_path: Path) -> None:
    study = study_of(tmp_path, 60, planted_welfare=True)
    found = turns(study, comparisons(study))
    assert [turn.effect.metric for turn in found] == ["welfare_usd"]
    (claim,) = turn_claims(found)
    falls = int(found[0].effect.turned.sum())
    assert claim.text.replace("\u202f", " ").startswith(f"welfare falls where {KEYS[0]} is above 0.")
    assert f"100 % of such draws ({falls} of {falls}) against 0 % elsewhere" in claim.text.replace("\u202f", " ")
    page = build_report(tmp_path).read_text(encoding="utf-8")
    assert "Where the sign turns" in page
    assert (tmp_path / "report" / "figures" / "discovery-1-welfare-usd.png").exists()
    assert "a tree of at most two questions" in page


def test_too_few_draws_are_told_and_no_box_is(tmp_path: Path) -> None:
    study = study_of(tmp_path, 16, planted_welfare=True)
    found = turns(study, comparisons(study))
    assert turn_claims(found) == []
    section = discovery_section(found)
    assert section is not None
    assert any(
        "Too few draws to tell where the sign turns" in text and "welfare" in text for text in section.paragraphs
    )
    assert section.charts == ()


def test_over_a_scattered_design_the_crossed_factor_is_judged(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    shares = rng.random((40, 2))
    points = [{KEYS[0]: float(a), KEYS[1]: float(b), "policy": policy} for a, b in shares for policy in ("none", "cap")]
    labels = {KEYS[0]: "A", KEYS[1]: "B", "policy": "Policy"}
    record = {"kind": "lhs", "crossed": ["policy"]}
    write_results(tmp_path, Design(points, labels, {}, baseline=None, replications=2, tables=(), record=record))
    metrics = pd.read_parquet(tmp_path / "metrics.parquet")
    rows = metrics["metric"] == "welfare_usd"
    point = metrics.loc[rows, "point"].to_numpy()
    effect = np.where(shares[point // 2, 1] < 0.4, -50.0, 30.0)
    metrics.loc[rows, "value"] = 1000.0 + np.where(point % 2 == 1, effect, 0.0)
    metrics.to_parquet(tmp_path / "metrics.parquet", index=False)
    found = [turn for turn in turns(Study.of(load(tmp_path)), []) if turn.effect.metric == "welfare_usd"]
    (claim,) = turn_claims(found)
    assert f"welfare falls where {KEYS[1]} is below 0.4" in claim.text or f"{KEYS[1]} is below 0.3" in claim.text
