"""Every file of moments that is shipped asks for a calibration that can be planned."""

from pathlib import Path

import pytest

from galleria.experiments.calibration.file import read_calibration
from galleria.experiments.design.compose import CONF, Source, composer
from galleria.experiments.design.planning import plan_design
from galleria.experiments.design.request import parse
from galleria.experiments.galleria import Galleria


@pytest.mark.parametrize("path", sorted((CONF / "moments").glob("*.yaml")), ids=lambda path: path.stem)
def test_every_file_of_moments_can_be_planned(path: Path) -> None:
    asked = read_calibration(path)
    with composer(Source(CONF)) as composing:
        request = parse(("design=calibrate", "run.replications=2", *asked.overrides), composing)
        for key, value in asked.asked(path.stem).items():
            request = request.with_assignment(key, value)
        plan = plan_design(request, composing, Galleria())
    assert len(plan.design.moments) >= len(plan.factors)
    assert all(moment.source for moment in plan.design.moments.values())
