"""Where it changes: maps of the difference in delivery times between the two points of each comparison."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from galleria.experiments.figures.city_map import ZoneTimes, plot_city_map
from galleria.experiments.report.charts import Chart, Section, slug
from galleria.experiments.report.comparing import Comparison
from galleria.experiments.report.service import ORDER_COLUMNS, rows_of, zone_times
from galleria.experiments.report.study import Study
from galleria.experiments.report.words import lower_first, signed

if TYPE_CHECKING:
    from galleria.models.city import City

_MOST = 4
_FEWEST_ORDERS = 5
_TITLE = "Change of minutes to the door, mall-direct"
_READING = (
    "Zones in blue wait less after the change, zones in red longer, by the median of mall-direct orders over all "
    f"replications; grey zones had fewer than {_FEWEST_ORDERS} orders at either point. Single zones hold few orders: "
    "read regions, not zones."
)


def difference_section(study: Study, compared: Sequence[Comparison], city: "City | str") -> Section | None:
    """Draw one map a comparison, of at most four; None where no zone can be compared."""
    if isinstance(city, str):
        return None
    different = {(c.before, c.after): c for c in reversed(compared) if not c.factor.key.startswith("city")}
    charts = [chart for c in list(different.values())[::-1][:_MOST] if (chart := _map(study, c, city)) is not None]
    if not charts:
        return None
    return Section(key="where", title="Where delivery changes", paragraphs=(_READING,), charts=tuple(charts))


def zone_changes(study: Study, before: int, after: int) -> pd.DataFrame:
    """Return zone, before, after and minutes (their difference) of zones with enough orders at both points."""
    ends = []
    for point in (before, after):
        times = zone_times(study, point, rows_of(study, "orders", point, ORDER_COLUMNS))
        ends.append(times[times["orders"] >= _FEWEST_ORDERS].set_index("zone")["minutes"])
    both = pd.concat(ends, axis=1, join="inner", keys=["before", "after"]).reset_index()
    return both.assign(minutes=both["after"] - both["before"])


def _map(study: Study, c: Comparison, city: "City") -> Chart | None:
    frame = zone_changes(study, c.before, c.after)
    if frame.empty:
        return None
    lead = c.lead(study)
    longer = float((frame["minutes"] > 0).mean())
    return Chart(
        name=f"where-{slug(c.factor.key)}-{c.before}-{c.after}",
        draw=partial(plot_city_map, ZoneTimes(city, frame, _TITLE, middle=0.0)),
        frame=frame,
        caption=f"{lead}: change of the median minutes from order to door by zone; the zone "
        f"in the middle changes by {signed(float(frame['minutes'].median()), 1)} minutes.",
        alt=f"Map of the change of delivery times, {lower_first(lead)}: {100 * longer:.0f} % of zones wait longer.",
    )
