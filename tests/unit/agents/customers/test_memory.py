"""Memory of late parcels."""

import numpy as np

from galleria.agents.customers.memory import remember


def test_memory_moves_towards_the_days_mean_where_there_were_orders() -> None:
    memory = np.array([[1.0, 1.0], [1.0, 1.0]])
    zone, channel = np.array([0, 0, 1]), np.array([0, 0, 1])
    after = remember(memory, zone, channel, np.array([0.0, 4.0, 0.0]), 0.25)
    assert after.tolist() == [[1.25, 1.0], [1.0, 0.75]]
    assert memory.tolist() == [[1.0, 1.0], [1.0, 1.0]]
