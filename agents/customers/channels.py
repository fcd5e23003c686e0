"""The channels among which customers choose, and how alike they are (model 7.2)."""

from collections.abc import Sequence

import numpy as np

from galleria.agents.customers.choice import Nests
from galleria.agents.customers.settings import CustomerSettings

MALL_DIRECT, STORE_MALL, STORE_BIG_BOX, NONE = "mall_direct", "store_mall", "store_big_box", "none"


def choice_tree(settings: CustomerSettings, shipped: Sequence[bool]) -> Nests:
    """Build the tree {couriers on demand}, {store_mall, store_big_box}, {none}, {couriers that ship}.

    Parameters
    ----------
    settings
        Lambda of the nests.
    shipped
        By courier in the order of the channels, whether vans bring its parcels on a later day.
    """
    nest = np.array([3 if later else 0 for later in shipped] + [1, 1, 2])
    of_nest = settings.dissimilarity
    return Nests(nest, np.array([of_nest.on_demand, of_nest.store, 1.0, of_nest.shipped]))


def channel_names(couriers: tuple[str, ...]) -> tuple[str, ...]:
    """Name the channels: the couriers in the order of the config, the two kinds of store, not buying."""
    return (*couriers, STORE_MALL, STORE_BIG_BOX, NONE)
