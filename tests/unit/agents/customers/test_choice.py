"""Nested logit by hand: plain logit at lambda 1, the textbook formula, Kanter's constant, inversion of shares."""

import numpy as np
import pytest

from galleria.agents.customers.choice import (
    Nests,
    choose_channel,
    gev_noise,
    invert_shares,
    log_sum,
    positive_stable,
    probabilities,
    within_nests,
)

PLAIN = Nests(np.array([0, 0, 1]), np.array([1.0, 1.0]))
NESTED = Nests(np.array([0, 0, 1]), np.array([0.5, 1.0]))
V = np.array([[1.0, 2.0, 0.0]])


def test_with_lambda_one_it_is_the_plain_logit() -> None:
    np.testing.assert_allclose(probabilities(V, PLAIN), np.exp(V) / np.exp(V).sum(), rtol=1e-14)
    np.testing.assert_allclose(log_sum(V, PLAIN), np.log(np.exp(V).sum()), rtol=1e-14)


def test_a_nest_follows_the_formula_written_out() -> None:
    inside = np.exp(1 / 0.5) + np.exp(2 / 0.5)
    nest = inside**0.5
    within, inclusive = within_nests(V, NESTED)
    np.testing.assert_allclose(inclusive[0], [np.log(inside), 0])
    np.testing.assert_allclose(within[0], [np.exp(1 / 0.5) / inside, np.exp(2 / 0.5) / inside, 1])
    expected = [
        np.exp(1 / 0.5) / inside * nest / (nest + 1),
        np.exp(2 / 0.5) / inside * nest / (nest + 1),
        1 / (nest + 1),
    ]
    np.testing.assert_allclose(probabilities(V, NESTED)[0], expected, rtol=1e-14)
    np.testing.assert_allclose(log_sum(V, NESTED), np.log(nest + 1), rtol=1e-14)


def test_what_is_not_to_be_had_is_not_chosen_and_worth_nothing() -> None:
    without = np.array([[-np.inf, 2.0, 0.0]])
    np.testing.assert_allclose(probabilities(without, NESTED)[0], [0, np.exp(2) / (np.exp(2) + 1), 1 / (np.exp(2) + 1)])
    nothing = np.array([[-np.inf, -np.inf, 0.0]])
    assert probabilities(nothing, NESTED)[0].tolist() == [0, 0, 1]
    assert log_sum(nothing, NESTED).tolist() == [0]


def test_huge_utilities_do_not_overflow() -> None:
    huge = np.array([[800.0, 801.0, 0.0]])
    assert np.isfinite(log_sum(huge, NESTED)).all()
    np.testing.assert_allclose(probabilities(huge, NESTED).sum(), 1)


def test_index_one_is_the_constant_one_and_half_is_levy() -> None:
    """For index 1/2 Kanter's formula is 1 / (4 W cos^2(U / 2)), the Levy law."""
    angle, exponential = np.array([0.3, 1.0, 2.5]), np.array([0.2, 1.0, 3.0])
    assert positive_stable(1.0, angle, exponential).tolist() == [1, 1, 1]
    levy = 1 / (4 * exponential * np.cos(angle / 2) ** 2)
    np.testing.assert_allclose(positive_stable(0.5, angle, exponential), levy, rtol=1e-12)


def test_noise_is_gumbel_where_nothing_is_nested() -> None:
    exponential = np.array([[0.5, 2.0, 1.0]])
    np.testing.assert_allclose(gev_noise(exponential, np.ones((1, 2)), PLAIN), -np.log(exponential))


def test_constants_for_one_homogeneous_shopper_are_the_closed_form() -> None:
    """Berry 1994: delta_j = ln s_j - ln s_0 - (1 - lambda) ln s_{j|g}."""
    target = np.array([0.2, 0.3, 0.5])
    within = target[:2] / 0.5
    expected = np.log(target[:2] / 0.5) - 0.5 * np.log(within)
    constants = invert_shares(np.zeros((10, 3)), target, NESTED, 1e-9)
    np.testing.assert_allclose(constants, [*expected, 0], atol=1e-9)


def test_constants_reproduce_the_shares_of_a_mixed_crowd() -> None:
    rng = np.random.default_rng(3)
    utility = rng.normal(0, 2, (500, 3))
    utility[:, -1] = 0
    utility[::4, 0] = -np.inf
    target = np.array([0.1, 0.4, 0.5])
    constants = invert_shares(utility, target, NESTED, 1e-9)
    np.testing.assert_allclose(probabilities(utility + constants, NESTED).mean(axis=0), target, atol=1e-9)


def test_a_share_beyond_those_who_can_have_the_channel_is_refused() -> None:
    utility = np.zeros((100, 3))
    utility[10:, 0] = -np.inf
    with pytest.raises(ValueError, match="cannot be reached"):
        invert_shares(utility, np.array([0.2, 0.3, 0.5]), NESTED, 1e-9)


def test_the_best_available_channel_is_chosen() -> None:
    utility = np.array([[1.0, 2.0, -np.inf], [1.0, 2.0, 0.0]])
    noise = np.array([[0.0, 0.0, 99.0], [2.0, 0.0, 0.0]])
    assert choose_channel(utility, noise).tolist() == [1, 0]
