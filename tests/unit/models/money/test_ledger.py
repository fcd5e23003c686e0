"""Double entry in whole units."""

import numpy as np
import pytest

from galleria.models.money.ledger import Ledger


def test_what_one_pays_another_gets() -> None:
    ledger = Ledger({"customers": 1, "driver": 3})
    ledger.post("tip", ledger.account("customers"), ledger.account("driver", np.array([0, 2, 2])), [1.0, 2.5, 0.25])
    assert ledger.balance_usd("driver").tolist() == [1, 0, 2.75]
    assert ledger.total_usd("customers") == -3.75
    assert ledger.posted_usd("tip") == 3.75
    assert ledger.is_balanced


def test_every_amount_is_rounded_on_its_own_so_nothing_drifts() -> None:
    ledger = Ledger({"a": 1, "b": 1})
    ledger.post("third", ledger.account("a"), ledger.account("b"), np.full(3, 1 / 3))
    assert ledger.balance.tolist() == [-9999, 9999]


def test_an_account_that_is_not_there_is_refused() -> None:
    ledger = Ledger({"a": 2, "b": 1})
    for number in (2, -1):
        with pytest.raises(IndexError, match="'a' has no account"):
            ledger.account("a", number)


def test_a_posting_with_one_side_only_is_noticed() -> None:
    ledger = Ledger({"a": 1, "b": 1})
    ledger.balance[0] += 1
    assert not ledger.is_balanced
