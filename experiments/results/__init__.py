"""Results folders: written by workers, collected into tables, and read as pandas frames by `load(folder)`."""

from galleria.experiments.results.loading import Results, load

__all__ = ["Results", "load"]
