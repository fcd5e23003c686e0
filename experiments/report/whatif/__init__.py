"""The what-if page: the design's factors as sliders, answered by surfaces that are packed into the page."""

from galleria.experiments.report.whatif.emulator import Group, emulate
from galleria.experiments.report.whatif.page import what_if

__all__ = ["Group", "emulate", "what_if"]
