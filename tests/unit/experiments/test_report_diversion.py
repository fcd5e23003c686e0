"""Where mall-direct's customers would go without it: the figure's numbers are those of the results."""

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from galleria.experiments.report.diversion import diversion_section
from galleria.experiments.report.study import Study
from galleria.experiments.results import load
from tests.synthetic_results import POOL, Design, write_results

SHARES = {"warehouse": 0.5, "store_mall": 0.3, "none": 0.2}


def with_diversion(folder: Path, shares: dict[str, float]) -> Study:
    """Add the shares to synthetic results, the second replication a tenth of a point off."""
    points = [{POOL: 60.0}, {POOL: 400.0}]
    design = Design(points=list(points), labels={POOL: "Driver pool"}, units={POOL: "drivers"}, tables=())
    path = write_results(folder, design) / "metrics.parquet"
    metrics = pd.read_parquet(path)
    runs = metrics.drop_duplicates("run_key")
    added = [
        runs.assign(metric=f"diversion_to_{name}", unit="-", value=share + 0.001 * (runs["replication"] == 1))
        for name, share in shares.items()
    ]
    pd.concat([metrics, *added], ignore_index=True).to_parquet(path)
    return Study.of(load(folder))


def test_each_channel_has_its_share_and_the_largest_comes_first(tmp_path: Path) -> None:
    section = diversion_section(with_diversion(tmp_path, SHARES))
    assert section is not None
    (chart,) = section.charts
    assert chart.frame["channel"].tolist() == ["warehouse", "store_mall", "none"]
    assert chart.frame["share"].tolist() == pytest.approx([share + 0.00025 for share in SHARES.values()])
    assert "Warehouse 50" in chart.alt
    assert "(driver pool: 60 drivers)" in chart.caption


def test_bands_are_as_wide_as_the_shares_and_keep_apart(tmp_path: Path) -> None:
    section = diversion_section(with_diversion(tmp_path, SHARES))
    assert section is not None
    ax = section.charts[0].draw()
    bands = [part.get_paths()[0].vertices for part in ax.collections[1::2]]
    ends = [np.asarray(band)[np.isclose(np.asarray(band)[:, 0], np.asarray(band)[:, 0].max())][:, 1] for band in bands]
    widths = [np.ptp(end) for end in ends]
    assert widths == pytest.approx([0.50025, 0.30025, 0.20025], abs=1e-6)
    assert all(above.min() > below.max() for above, below in itertools.pairwise(ends))


def test_without_such_customers_there_is_no_part(tmp_path: Path) -> None:
    assert diversion_section(with_diversion(tmp_path, dict.fromkeys(SHARES, np.nan))) is None
