"""Asking questions of the model: designs, sweeps, results, statistics, figures and reports."""
