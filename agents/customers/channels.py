"""The channels among which customers choose, and how alike they are (model 7.2)."""

import numpy as np

from agents.customers.choice import Nests
from agents.customers.settings import CustomerSettings

MALL_DIRECT, STORE_MALL, STORE_BIG_BOX, NONE = "mall_direct", "store_mall", "store_big_box", "none"


def choice_tree(settings: CustomerSettings, couriers: int) -> Nests:
    """Build the tree {couriers}, {store_mall, store_big_box}, {none} in the order of the channels."""
    nest = np.array([0] * couriers + [1, 1, 2])
    return Nests(nest, np.array([settings.dissimilarity.delivery, settings.dissimilarity.store, 1.0]))


def channel_names(couriers: tuple[str, ...]) -> tuple[str, ...]:
    """Name the channels: the couriers in the order of the config, the two kinds of store, not buying."""
    return (*couriers, STORE_MALL, STORE_BIG_BOX, NONE)
