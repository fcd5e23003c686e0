"""One file a plot: `plot_x(data, ax=None)` draws on the axes given or on its own, shows and saves nothing."""

from galleria.experiments.figures.city_map import ZoneTimes, plot_city_map
from galleria.experiments.figures.day import DayByHour, plot_day
from galleria.experiments.figures.delivery_times import DeliveryTimes, plot_delivery_times
from galleria.experiments.figures.gains import Gains, plot_gains
from galleria.experiments.figures.heat_map import HeatMap, plot_heat_map
from galleria.experiments.figures.predicted import Predicted, plot_predicted
from galleria.experiments.figures.response import Response, plot_response
from galleria.experiments.figures.scatter import Scatter, plot_scatter
from galleria.experiments.figures.shares import Shares, plot_shares

__all__ = [
    "DayByHour",
    "DeliveryTimes",
    "Gains",
    "HeatMap",
    "Predicted",
    "Response",
    "Scatter",
    "Shares",
    "ZoneTimes",
    "plot_city_map",
    "plot_day",
    "plot_delivery_times",
    "plot_gains",
    "plot_heat_map",
    "plot_predicted",
    "plot_response",
    "plot_scatter",
    "plot_shares",
]
