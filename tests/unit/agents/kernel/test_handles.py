"""Handles read and write their row; their set is Mesa's AgentSet, and makes nobody as long as nobody looks."""

import mesa
import numpy as np
import pytest

from galleria.agents.kernel.handles import Handles, register
from galleria.agents.kernel.population import Column, Handle, Population


class Cats(Population):
    """A population for this test."""

    lives = Column(np.int64, "-", "lives left")
    naps_h = Column(np.float64, "h", "naps", per="day")
    born = Column(np.int64, "day", "day of birth", kept=True)


class Cat(Handle):
    """One cat."""

    population: Cats

    def die(self) -> None:
        self.lives -= 1


class Dog(mesa.Agent):  # type: ignore[misc]  # Mesa is untyped
    """An agent that Mesa keeps itself."""


@pytest.fixture
def model() -> mesa.Model:
    model = mesa.Model(rng=1)
    Dog(model)
    cats = Cats(4, day=2)
    cats.lives[:] = [9, 4, 9, 7]
    register(model, Cat, cats)
    return model


def cats_of(model: mesa.Model) -> Handles:
    handles = model.agents_by_type[Cat]
    assert isinstance(handles, Handles)
    return handles


def lives_of(model: mesa.Model) -> list[int]:
    population = cats_of(model).population
    assert isinstance(population, Cats)
    return [int(each) for each in population.lives]


def is_made(model: mesa.Model) -> bool:
    return cats_of(model)._made is not None


def test_counting_reading_and_writing_columns_makes_no_handle(model: mesa.Model) -> None:
    cats = cats_of(model)
    assert len(cats) == 4
    assert len(model.agents) == 5
    assert model.agent_types == [Dog, Cat]
    assert cats.get("lives") == [9, 4, 9, 7]
    assert cats.agg("lives", [min, sum]) == [4, 29]
    cats.set("lives", 3)
    assert lives_of(model) == [3, 3, 3, 3]
    assert not is_made(model)


def test_made_handles_answer_as_the_columns_do(model: mesa.Model) -> None:
    cats = cats_of(model)
    lazy = cats.get("lives")
    assert [cat.lives for cat in cats] == lazy
    assert is_made(model)
    assert cats.get("lives") == lazy
    assert cats.get(["lives", "row"]) == [[9, 0], [4, 1], [9, 2], [7, 3]]
    with pytest.raises(AttributeError, match="Cat has no attribute 'dogs'"):
        cats.get("dogs")
    assert cats.get("dogs", handle_missing="default", default_value=0) == [0] * 4


def test_a_handle_reads_its_row_and_sees_changes(model: mesa.Model) -> None:
    tom = cats_of(model).to_list()[1]
    tom.population.lives[1] = 7
    assert tom.lives == 7
    assert "naps_h" in dir(tom)
    with pytest.raises(AttributeError, match="Cat has no attribute 'dogs'"):
        _ = tom.dogs


def test_a_handle_writes_its_row(model: mesa.Model) -> None:
    tom = cats_of(model).to_list()[1]
    tom.lives = 2
    tom.naps_h = [1.5, 2.5]
    tom.die()
    assert tom.population.lives.tolist() == [9, 1, 9, 7]
    assert tom.population.naps_h.tolist() == [[0, 0], [1.5, 2.5], [0, 0], [0, 0]]
    with pytest.raises(AttributeError, match=r"born .* is kept by the run"):
        tom.born = 3


def test_other_names_are_attributes_as_in_any_class(model: mesa.Model) -> None:
    tom = cats_of(model).to_list()[1]
    tom.name = "Tom"
    assert tom.name == "Tom"
    assert cats_of(model).to_list()[1] is tom


def test_everybody_has_a_number_of_his_own_whoever_is_looked_at_first(model: mesa.Model) -> None:
    dog = Dog(model)
    assert [each.unique_id for each in model.agents] == [1, dog.unique_id, 2, 3, 4, 5]
    assert dog.unique_id == 6


def test_do_select_groupby_shuffle_and_sort_are_mesas(model: mesa.Model) -> None:
    cats = cats_of(model)
    cats.do("die")
    assert lives_of(model) == [8, 3, 8, 6]
    many = cats.select(lambda cat: cat.lives > 5)
    assert isinstance(many, mesa.agent.AgentSet)
    assert [cat.row for cat in many] == [0, 2, 3]
    assert many.set("lives", 1) is many
    assert lives_of(model) == [1, 3, 1, 1]
    assert cats.groupby("lives").count() == {1: 3, 3: 1}
    assert cats.groupby("lives").agg("row", max) == {1: 3, 3: 1}
    assert sorted(cat.row for cat in cats.shuffle()) == [0, 1, 2, 3]
    assert [cat.row for cat in cats.sort("lives")] == [1, 0, 2, 3]
    assert cats.map(lambda cat: cat.row) == [0, 1, 2, 3]
    assert len(model.agents.select(agent_type=Dog)) == 1
    seen: list[int] = []
    cats.shuffle_do(lambda cat: seen.append(cat.row))
    assert sorted(seen) == [0, 1, 2, 3]


def test_order_after_a_shuffle_in_place_holds_for_values_too(model: mesa.Model) -> None:
    cats = cats_of(model)
    cats.shuffle(inplace=True)
    assert cats.get("row") != [0, 1, 2, 3]
    assert cats.get("lives") == [lives_of(model)[row] for row in cats.get("row")]


def test_who_is_removed_is_in_no_set(model: mesa.Model) -> None:
    cats = cats_of(model)
    tom = cats.to_list()[1]
    tom.remove()
    tom.remove()
    assert tom not in cats
    assert tom not in model.agents
    assert len(cats) == 3
    assert cats.get("row") == [0, 2, 3]
    assert cats.population.removed.tolist() == [False, True, False, False]


@pytest.mark.parametrize("looked_before", [True, False])
def test_rows_removed_by_a_mask_are_in_no_set_either(model: mesa.Model, looked_before: bool) -> None:  # noqa: FBT001
    cats = cats_of(model)
    if looked_before:
        list(model.agents)
    cats.population.remove(cats.population[:, "lives"] == 9)
    assert len(cats) == 2
    assert [cat.row for cat in cats] == cats.get("row") == [1, 3]
    cats.set("lives", 1)
    assert lives_of(model) == [9, 1, 9, 1]
    assert len(list(model.agents)) == len(model.agents) == 3


def test_all_can_be_removed(model: mesa.Model) -> None:
    model.agents.do("remove")
    assert list(model.agents) == []
    assert len(cats_of(model)) == 0


def test_agents_join_and_leave_the_set_of_all(model: mesa.Model) -> None:
    dog = Dog(model)
    assert dog in model.agents
    assert len(model.agents) == 6
    dog.remove()
    assert dog not in model.agents
    model.remove_all_agents()
    assert len(model.agents) == 0
