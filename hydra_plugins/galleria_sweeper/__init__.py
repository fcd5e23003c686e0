"""Hydra's door to Galleria's sweeps."""
