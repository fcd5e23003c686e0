"""Settings of a design point: the tree, its errors, and checks across its branches."""
