"""The report: what an experiment asked, what it found, how surely, and how to get it again."""

from galleria.experiments.report.build import build_report, findings

__all__ = ["build_report", "findings"]
