"""Who decides, and how: one file an actor, one function a decision rule."""
