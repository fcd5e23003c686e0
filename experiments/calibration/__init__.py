"""From what was seen of a market to the parameters of its model: the simulated method of moments."""
