"""The ledger: all money that moves, double entry, in whole 1/10,000 dollars (model 10.1 L3)."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from galleria.agents.kernel.arrays import Floats, Ints

UNITS_PER_USD = 10_000


class Ledger:
    """Accounts in named blocks, and how much has flowed through each kind of posting.

    Parameters
    ----------
    blocks
        Name and number of accounts of each block ("driver": 250). All accounts start at zero.
    couriers
        Number J of them.

    Attributes
    ----------
    balance
        int64, units, of all accounts.
    posted
        Total of each kind of posting, units.
    contribution
        int64 [J], units; part of each courier in the balance of the firm that owns it.
    """

    def __init__(self, blocks: Mapping[str, int], couriers: int = 0) -> None:
        ends = np.cumsum(list(blocks.values())).tolist()
        self._block = {name: slice(end - size, end) for (name, size), end in zip(blocks.items(), ends, strict=True)}
        self.balance: NDArray[np.int64] = np.zeros(ends[-1] if ends else 0, np.int64)
        self.posted: dict[str, int] = {}
        self.contribution: NDArray[np.int64] = np.zeros(couriers, np.int64)

    def account(self, block: str, number: Ints | int = 0) -> Ints:
        """Return the positions of accounts of a block.

        Raises
        ------
        IndexError
            If the block has no such account.
        """
        position: Ints = np.asarray(number) + self._block[block].start
        if np.any(position < self._block[block].start) or np.any(position >= self._block[block].stop):
            raise IndexError(f"the ledger's block {block!r} has no account {number}")
        return position

    def post(self, leg: str, payer: Ints, payee: Ints, amount_usd: ArrayLike) -> None:
        """Move money from payers to payees.

        Parameters
        ----------
        leg
            What it is for ("fee", "pay", "commission"); kept as a total in `posted`.
        payer, payee
            Accounts, from `account`; broadcast with the amounts.
        amount_usd
            $; each amount is rounded to a whole unit on its own.
        """
        units = np.rint(np.asarray(amount_usd, dtype=np.float64) * UNITS_PER_USD).astype(np.int64)
        payer, payee, units = np.broadcast_arrays(payer, payee, units)
        np.subtract.at(self.balance, payer, units)
        np.add.at(self.balance, payee, units)
        self.posted[leg] = self.posted.get(leg, 0) + int(units.sum())

    def balance_usd(self, block: str) -> Floats:
        """Return the balances of a block, $."""
        return np.asarray(self.balance[self._block[block]] / UNITS_PER_USD)

    def total_usd(self, block: str) -> float:
        """Return the sum of a block's balances, $, exact in units before the division."""
        return int(self.balance[self._block[block]].sum()) / UNITS_PER_USD

    def posted_usd(self, leg: str) -> float:
        """Return what has been posted as a leg, $."""
        return self.posted.get(leg, 0) / UNITS_PER_USD

    @property
    def is_balanced(self) -> bool:
        """Whether all accounts sum to zero."""
        return int(self.balance.sum()) == 0
