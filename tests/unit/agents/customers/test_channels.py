"""The channels and their tree."""

from galleria.agents.customers.channels import channel_names, choice_tree
from tests.market_worlds import settings_of


def test_the_tree_nests_couriers_on_demand_stores_and_vans() -> None:
    assert channel_names(("a", "b")) == ("a", "b", "store_mall", "store_big_box", "none")
    tree = choice_tree(settings_of("city=toy").customers, (False, True))
    assert tree.of_channel.tolist() == [0, 3, 1, 1, 2]
    assert tree.dissimilarity.tolist() == [0.6, 0.7, 1.0, 0.7]
