"""From a calibration's file to the command that does it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from galleria.experiments.calibration.file import read_calibration
from galleria.experiments.sweep.command import Command


def calibration_command(file: Path, overrides: Sequence[str], **flags: Any) -> Command:
    """Return the sweep that fits the parameters of a file to its moments.

    Parameters
    ----------
    file
        YAML; see docs/calibration.md.
    overrides
        What differs from the file, as on a command line.
    **flags
        Further fields of `Command`.

    Raises
    ------
    UsageError
        The file is not a calibration.
    """
    asked = read_calibration(file)
    given = (*asked.overrides, *overrides)
    scale = () if any(text.startswith("scale=") for text in given) else ("scale=calibration",)
    return Command(overrides=("design=calibrate", *scale, *given), multirun=True, asked=asked.asked(file.stem), **flags)
