"""Sets of handles: the agents of a model, as Mesa knows them, made when somebody looks at them.

A run of the model never needs them: its rules work on whole columns. So `model.agents_by_type[Driver]` knows how many
drivers there are, and answers for their columns, without an object for each; the objects are made, all at once, the
first time that somebody goes through them.
"""

from collections.abc import Iterable
from random import Random
from typing import Any

import mesa
import numpy as np

# the set with strong references in which Mesa 3.5 keeps a model's agents
from mesa.agentset import AbstractAgentSet, GroupBy, _HardKeyAgentSet

from galleria.agents.kernel.arrays import Ints
from galleria.agents.kernel.population import Handle, Population


class _Lazy(_HardKeyAgentSet):  # type: ignore[misc]  # Mesa is untyped
    """A set that a subclass fills when somebody looks; what is selected from it is an ordinary AgentSet of Mesa's."""

    def select(self, *args: Any, inplace: bool = False, **options: Any) -> AbstractAgentSet:
        """Select agents, as Mesa does."""
        return super().select(*args, inplace=True, **options) if inplace else self.copy().select(*args, **options)

    def groupby(self, *args: Any, **options: Any) -> GroupBy:
        """Group agents, as Mesa does."""
        return self.copy().groupby(*args, **options)


class Handles(_Lazy):
    """The agents of one population.

    Parameters
    ----------
    model
        To which they belong.
    kind
        Class of the handles.
    population
        Its rows, less those that were removed, are the agents.
    first_id
        Mesa's `unique_id` of the first row; the others follow.
    """

    def __init__(self, model: mesa.Model, kind: type[Handle], population: Population, first_id: int) -> None:
        self.model, self.kind, self.population, self.first_id = model, kind, population, first_id
        self.random: Random = model.random
        self._made: dict[Handle, None] | None = None
        self._gone = population.gone

    @property
    def _agents(self) -> dict[Handle, None]:
        """The agents, as Mesa's methods look for them."""
        population = self.population
        if self._made is None:
            self._made = {
                self.kind(self.model, population, row, self.first_id + row): None for row in self.rows.tolist()
            }
        elif self._gone != population.gone:
            self._made = {each: None for each in self._made if not population.removed[each.row]}
        self._gone = population.gone
        return self._made

    @_agents.setter
    def _agents(self, agents: dict[Handle, None]) -> None:
        self._made = agents

    @property
    def rows(self) -> Ints:
        """Rows of the population whose agents are in the run, int64."""
        return np.flatnonzero(~self.population.removed)

    def __len__(self) -> int:
        """Count the agents, without making them."""
        return self.population.size - self.population.gone

    def remove(self, agent: Handle) -> None:
        """Forget a handle whose row was removed."""
        if self._made is not None:
            del self._made[agent]
            self._gone += 1

    def get(self, attr_names: str | list[str], *args: Any, **options: Any) -> list[Any]:
        """Return attributes of all agents, as Mesa does; a column is read as a whole."""
        if self._made is None and isinstance(attr_names, str) and attr_names in self.population.columns():
            return list(self.population[self.rows, attr_names])
        values: list[Any] = super().get(attr_names, *args, **options)
        return values

    def set(self, attr_name: str, value: Any) -> "Handles":
        """Set an attribute of all agents, as Mesa does; a column is written as a whole."""
        if attr_name in self.population.columns():
            self.population[self.rows, attr_name] = value
            return self
        super().set(attr_name, value)
        return self


class Everyone(_Lazy):
    """All agents of a model, kind by kind; who belongs to it is known from the sets of each kind.

    Parameters
    ----------
    by_type
        Mesa's sets of the model's agents, which it keeps up to date.
    random
        Of the model, for shuffles.
    """

    def __init__(self, by_type: dict[type[mesa.Agent], AbstractAgentSet], random: Random) -> None:
        self._by_type, self.random = by_type, random
        self._known: list[int] = []
        self._joined: dict[mesa.Agent, None] = {}

    @property
    def _agents(self) -> dict[mesa.Agent, None]:
        """The agents, as Mesa's methods look for them."""
        if self._known != self._sizes():
            self._known = self._sizes()
            self._joined = {agent: None for each in self._by_type.values() for agent in each}
        return self._joined

    @_agents.setter
    def _agents(self, agents: Iterable[mesa.Agent]) -> None:
        self._joined = dict.fromkeys(agents)

    def __len__(self) -> int:
        """Count the agents, without making them."""
        return sum(self._sizes())

    def add(self, agent: mesa.Agent) -> None:
        """Note that an agent has joined the set of its kind."""
        del agent
        self._known = []

    def remove(self, agent: mesa.Agent) -> None:
        """Note that an agent has left the set of its kind."""
        if sum(self._known) == len(self) + 1:
            self._joined.pop(agent, None)
            self._known = self._sizes()

    def _sizes(self) -> list[int]:
        return [len(each) for each in self._by_type.values()]


def register(model: mesa.Model, kind: type[Handle], population: Population) -> None:
    """Register the rows of a population with a model as its agents of a kind; none of them is made yet."""
    by_type = model.agents_by_type
    if not isinstance(model.agents, Everyone):
        model._all_agents = Everyone(by_type, model.random)  # noqa: SLF001 (Mesa has no other way in)
    by_type[kind] = Handles(model, kind, population, model.agent_id_counter)
    model.agent_id_counter += len(population)
