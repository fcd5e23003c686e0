"""Boxes peeled from draws are those of EMA Workbench (Kwakkel 2017), where it is installed.

Not a requirement of development, as it brings a library under the GPL with it: `pip install ema_workbench` first.
"""

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest

from galleria.experiments.statistics.discovery import peel


def test_the_densest_boxes_agree() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        prim: Any = pytest.importorskip("ema_workbench.analysis.prim", reason="EMA Workbench is an optional referee")
    rng = np.random.default_rng(4)
    x = rng.random((400, 4))
    turned = rng.random(400) < np.where((x[:, 0] > 0.6) & (x[:, 2] < 0.5), 0.95, 0.05)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = prim.Prim(pd.DataFrame(x, columns=list("abcd")), turned.astype(int), peel_alpha=0.05, mass_min=0.1)
        trajectory = theirs.find_box().peeling_trajectory
    boxes = [((x >= low) & (x <= high)).all(axis=1) for low, high in peel(x, turned)]
    ours = [(box.mean(), turned[box].mean()) for box in boxes]
    for mass in (0.5, 0.3, 0.2):
        density = min(ours, key=lambda box: abs(box[0] - mass))[1]
        row = trajectory.iloc[(trajectory["mass"] - mass).abs().argmin()]
        assert density == pytest.approx(row["density"], abs=0.06)
