"""Which parts a report has."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from galleria.experiments.report.asked import asked_section
from galleria.experiments.report.bundling import bundling_section
from galleria.experiments.report.calibration import calibration_section, is_calibration
from galleria.experiments.report.causes import causes_section
from galleria.experiments.report.charts import Section
from galleria.experiments.report.comparing import Comparison
from galleria.experiments.report.difference_maps import difference_section
from galleria.experiments.report.discovery import Turn, discovery_section
from galleria.experiments.report.diversion import diversion_section
from galleria.experiments.report.heat_maps import heat_section
from galleria.experiments.report.money import money_section
from galleria.experiments.report.precision import bending_table, precision_section
from galleria.experiments.report.predicted import predicted_section
from galleria.experiments.report.published import published_section
from galleria.experiments.report.responses import response_section
from galleria.experiments.report.search import search_section
from galleria.experiments.report.sensitivity import sensitivity_section, surface_table
from galleria.experiments.report.service import service_section
from galleria.experiments.report.stakeholders import gains_section
from galleria.experiments.report.study import Study
from galleria.experiments.report.supply_demand import supply_demand_section
from galleria.experiments.report.tables import Table

if TYPE_CHECKING:
    from galleria.models.city import City

_SURFACE = (
    "Surfaces over all factors: a quadratic polynomial and a Gaussian process were fitted to the means of the points, "
    "and the one that predicts left-out points better is shown. The error is that of points left out one by one."
)
_BENDS = (
    "Where curves bend: breaks of a straight line along one factor, the others at the baseline point, that pass "
    "Holm's adjustment at 5 % over all curves tried. Intervals by resampling replications."
)
_NO_BENDS = "No curve bends so that these replications could tell it from a straight line (Holm's adjustment at 5 %)."


def sections_of(study: Study, compared: list[Comparison], turned: Sequence[Turn] = ()) -> list[Section]:
    """List the parts of the report that this experiment can have, their charts not yet drawn."""
    if is_calibration(study):  # its points were chosen to find one of them, and are nothing to compare
        return [section for section in (calibration_section(study),) if section is not None]
    city = _city(study)
    made = (
        published_section(study),
        discovery_section(turned),
        asked_section(study),
        search_section(study),
        causes_section(study, compared),
        gains_section(study, compared),
        sensitivity_section(study),
        # Curves and maps over switches that are off or on show less than what each of them adds.
        None if study.decomposed else _with_tables(study, response_section(study)),
        None if study.decomposed else heat_section(study),
        supply_demand_section(study),
        bundling_section(study),
        predicted_section(study),
        diversion_section(study),
        money_section(study),
        service_section(study, city),
        difference_section(study, compared, city),
        precision_section(study, compared),
    )
    return [section for section in made if section is not None]


def _with_tables(study: Study, responses: Section | None) -> Section | None:
    """Add to the responses where curves bend, and how well a surface predicts."""
    if responses is None:
        return None
    tables: list[tuple[str, Table]] = []
    if (surface := surface_table(study)) is not None:
        tables.append((_SURFACE, surface))
    if (bends := bending_table(study)) is not None:
        tables.append((_BENDS if bends.rows else _NO_BENDS, bends))
    return replace(responses, tables=tuple(tables))


def _city(study: Study) -> "City | str":
    """Return the city of the base configuration, or say why it cannot be had."""
    from galleria.models.city import CitySettings, build_city  # noqa: PLC0415 (slow to import)
    from galleria.models.errors import UsageError  # noqa: PLC0415 (slow to import)

    try:
        # Only the city's node: results of another version may differ in the rest.
        settings: CitySettings = TypeAdapter(CitySettings).validate_python(study.results.config.get("city"))
        return build_city(settings)
    except ValidationError:
        return "the city of these results does not fit this version of Galleria."
    except (UsageError, OSError) as error:
        return " ".join(str(error).split())
