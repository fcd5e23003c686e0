"""How a plan gets done: workers and their folder, what is grown by what is found, progress and provenance."""
