"""One file a plot: `plot_x(data, ax=None)` draws on the axes given or on its own, shows and saves nothing.

From outside: `from galleria.plot import HeatMap, plot_heat_map`.
"""

from galleria.experiments.figures.arrows import Arrows, plot_arrows
from galleria.experiments.figures.city_map import ZoneTimes, plot_city_map
from galleria.experiments.figures.city_overview import plot_city_overview
from galleria.experiments.figures.day import DayByHour, plot_day
from galleria.experiments.figures.delivery_times import DeliveryTimes, plot_delivery_times
from galleria.experiments.figures.flows import Flows, plot_flows
from galleria.experiments.figures.gains import Gains, plot_gains
from galleria.experiments.figures.heat_map import HeatMap, plot_heat_map
from galleria.experiments.figures.heat_panels import HeatPanels, plot_heat_panels
from galleria.experiments.figures.incidence import Incidence, plot_incidence
from galleria.experiments.figures.lorenz import Lorenz, plot_lorenz
from galleria.experiments.figures.panels import Panels, plot_panels
from galleria.experiments.figures.pareto import Pareto, plot_pareto
from galleria.experiments.figures.plane import Plane, plot_plane
from galleria.experiments.figures.predicted import Predicted, plot_predicted
from galleria.experiments.figures.response import Response, plot_response
from galleria.experiments.figures.sankey import Sankey, plot_sankey
from galleria.experiments.figures.scatter import Scatter, plot_scatter
from galleria.experiments.figures.search import Course, Slice, plot_course, plot_slice
from galleria.experiments.figures.sensitivity import Sensitivity, plot_sensitivity
from galleria.experiments.figures.shares import Shares, plot_shares
from galleria.experiments.figures.throughput import Throughput, plot_throughput
from galleria.experiments.figures.violins import Violins, plot_violins
from galleria.experiments.figures.waterfall import Waterfall, plot_waterfall

__all__ = [
    "Arrows",
    "Course",
    "DayByHour",
    "DeliveryTimes",
    "Flows",
    "Gains",
    "HeatMap",
    "HeatPanels",
    "Incidence",
    "Lorenz",
    "Panels",
    "Pareto",
    "Plane",
    "Predicted",
    "Response",
    "Sankey",
    "Scatter",
    "Sensitivity",
    "Shares",
    "Slice",
    "Throughput",
    "Violins",
    "Waterfall",
    "ZoneTimes",
    "plot_arrows",
    "plot_city_map",
    "plot_city_overview",
    "plot_course",
    "plot_day",
    "plot_delivery_times",
    "plot_flows",
    "plot_gains",
    "plot_heat_map",
    "plot_heat_panels",
    "plot_incidence",
    "plot_lorenz",
    "plot_panels",
    "plot_pareto",
    "plot_plane",
    "plot_predicted",
    "plot_response",
    "plot_sankey",
    "plot_scatter",
    "plot_sensitivity",
    "plot_shares",
    "plot_slice",
    "plot_throughput",
    "plot_violins",
    "plot_waterfall",
]
