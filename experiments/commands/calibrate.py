"""`galleria calibrate`: parameters at which the model gives the moments that were seen."""

from pathlib import Path
from typing import Any

import click

from galleria.experiments.commands.options import DIR, command, config_dir, overrides, plugins


@command(
    "  galleria calibrate my_city.yaml\n"
    "  galleria calibrate my_city.yaml run.replications=8 run.output=fitted\n"
    "  galleria calibrate my_city.yaml --dry-run"
)
@click.argument("file", type=DIR, metavar="FILE.yaml")
@overrides
@config_dir
@plugins
@click.option("--quiet", is_flag=True, help="No progress, no findings.")
@click.option("--dry-run", is_flag=True, help="Print the plan and run nothing.")
@click.option("--retry-failed", is_flag=True, help="Do failed runs again.")
def calibrate(file: Path, overrides: tuple[str, ...], config_dir: Path | None, **flags: Any) -> int:
    """Fit parameters to moments; run again, it continues.

    FILE.yaml names moments (measure: value, or {value, se, weight, source}), parameters (key: [low, high]) and what
    else the market is (overrides). The results folder gets calibration/fitted.yaml, which composes, and draws from the
    posterior; docs/calibration.md shows the way.
    """
    from galleria.experiments.design.compose import CONF, Source
    from galleria.experiments.galleria import Galleria
    from galleria.experiments.sweep.calibration_command import calibration_command
    from galleria.experiments.sweep.execute import execute

    debug = click.get_current_context().meta["debug"]
    source = Source(CONF, extra=config_dir)
    return execute(calibration_command(file, overrides, source=source, debug=debug, **flags), Galleria())
