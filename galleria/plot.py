"""Every figure: `plot_x(data, ax=None)` draws `data` into axes of yours or its own, and returns the axes.

>>> import pandas as pd
>>> from galleria.plot import HeatMap, plot_heat_map
>>> cells = pd.DataFrame({"x": ["100", "200"], "y": "0.2", "mean": [1.0, 2.0], "low": [0.9, 1.9], "high": [1.1, 2.1]})
>>> plot_heat_map(HeatMap(cells, "Orders", "Drivers", "Share of stores")).get_xlabel()
'Drivers'
"""

from galleria.experiments import figures
from galleria.experiments.figures import *  # noqa: F403 (the figures' own list)

__all__ = list(figures.__all__)
