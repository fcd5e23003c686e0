"""Nested and mixed logit: shares, log-sums, draws with stored noise (model 7.2)."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import root
from scipy.special import logsumexp, softmax

from galleria.agents.kernel.arrays import Floats, Ints


@dataclass(frozen=True)
class Nests:
    """A two-level choice tree.

    Attributes
    ----------
    of_channel
        int64 [C], the nest of each channel.
    dissimilarity
        float64 [G], lambda of each nest in (0, 1]; 1 makes its channels independent alternatives.
    """

    of_channel: Ints
    dissimilarity: Floats

    @property
    def of_each(self) -> Floats:
        """Dissimilarity of the nest of each channel, float64 [C]."""
        return self.dissimilarity[self.of_channel]


def within_nests(utility: Floats, nests: Nests) -> tuple[Floats, Floats]:
    """Compute P_{j|g} = exp(V_j / lambda_g - I_g) and I_g = ln sum_{l in g} exp(V_l / lambda_g).

    Parameters
    ----------
    utility
        float64 [n, C] in utils; -inf where a channel is not available.
    nests
        The choice tree.

    Returns
    -------
    float64 [n, C], 0 throughout a nest with no available channel, and float64 [n, G], -inf there.

    Notes
    -----
    One pass of exponentials gives both. `scipy.special.logsumexp` and `softmax` nest by nest take twice as long
    (40,000 shoppers, 7 channels: 19 ms against 10), and this is what calibration and fee games spend their time on.
    """
    scaled = utility / nests.of_each
    within = np.empty_like(scaled)
    sums = np.empty((len(utility), len(nests.dissimilarity)))
    for nest in range(sums.shape[1]):
        members = nests.of_channel == nest
        if not members.any():
            sums[:, nest] = -np.inf
            continue
        top = scaled[:, members].max(axis=1)
        finite = np.where(np.isfinite(top), top, 0.0)
        weight = np.exp(scaled[:, members] - finite[:, None])
        total = weight.sum(axis=1)
        within[:, members] = weight / np.maximum(total, np.finfo(np.float64).tiny)[:, None]
        with np.errstate(divide="ignore"):
            sums[:, nest] = finite + np.log(total)
    return within, sums


def probabilities(utility: Floats, nests: Nests) -> Floats:
    """Compute the nested logit probabilities P_j = P_{j|g} P_g, P_g = exp(lambda_g I_g) / sum_h exp(lambda_h I_h).

    Parameters
    ----------
    utility
        float64 [n, C] in utils, at least one channel of each shopper finite.
    nests
        The choice tree.

    Returns
    -------
    float64 [n, C], rows sum to 1.
    """
    within, inclusive = within_nests(utility, nests)
    return within * softmax(inclusive * nests.dissimilarity, axis=1)[:, nests.of_channel]


def log_sum(utility: Floats, nests: Nests) -> Floats:
    """Compute the expected maximum utility ln sum_g exp(lambda_g I_g), float64 [n], in utils.

    The mean of max_j(V_j + eps_j) under `gev_noise` is this plus Euler's constant (Williams 1977; Small and
    Rosen 1981).
    """
    return np.asarray(logsumexp(within_nests(utility, nests)[1] * nests.dissimilarity, axis=1))


def choose_channel(utility: Floats, noise: Floats) -> Ints:
    """Choose the channel with the largest V + eps; utility is -inf where a channel is not to be had.

    Parameters
    ----------
    utility, noise
        float64 [n, C], utils.

    Returns
    -------
    int64 [n], the chosen channel's number.
    """
    return np.asarray((utility + noise).argmax(axis=1))


def positive_stable(index: float, angle: Floats, exponential: Floats) -> Floats:
    """Turn uniform angles and exponentials into positive stable variates S with E exp(-tS) = exp(-t^index).

    Parameters
    ----------
    index
        In (0, 1]; 1 gives the constant 1.
    angle
        Uniform on (0, pi).
    exponential
        Standard exponential, same shape.

    Notes
    -----
    Kanter 1975, Stable densities under change of scale and total variation inequalities.
    """
    if index == 1.0:
        return np.ones_like(angle)
    first = np.sin(index * angle) / np.sin(angle) ** (1 / index)
    second = np.sin((1 - index) * angle) / exponential
    return np.asarray(first * second ** ((1 - index) / index))


def gev_noise(exponentials: Floats, stable: Floats, nests: Nests) -> Floats:
    """Compose one noise vector a shopper whose argmax with V follows the nested logit exactly.

    Parameters
    ----------
    exponentials
        float64 [n, C], standard exponential.
    stable
        float64 [n, G], positive stable of index lambda_g.
    nests
        The choice tree.

    Returns
    -------
    float64 [n, C], eps_j = lambda_g (ln S_g - ln E_j).
    """
    noise: Floats = nests.of_each * (np.log(stable)[:, nests.of_channel] - np.log(exponentials))
    return noise


def invert_shares(utility: Floats, target: Floats, nests: Nests, tolerance: float) -> Floats:
    """Find the channel constants at which the mean choice probabilities equal the target shares.

    Parameters
    ----------
    utility
        float64 [n, C] without constants, on a fixed sample of shoppers; the last channel is "do not buy", whose
        constant is 0.
    target
        float64 [C], positive, sums to 1.
    nests
        The choice tree.
    tolerance
        Largest absolute error of a share.

    Returns
    -------
    float64 [C], the last entry 0.

    Raises
    ------
    ValueError
        If no constants reach the target within the tolerance (a channel's share exceeds the part of shoppers
        to whom it is available).

    Notes
    -----
    Solves ln s(delta) - ln s_0(delta) = ln s* - ln s*_0, the fixed point of Berry, Levinsohn and Pakes (1995),
    by Powell's hybrid method from the closed form for one homogeneous shopper (Berry 1994), which needs fewer
    passes over the sample than the contraction.
    """
    goal = np.log(target[:-1]) - np.log(target[-1])

    def gap(constants: Floats) -> Floats:
        share = probabilities(utility + np.append(constants, 0.0), nests).mean(axis=0)
        share = np.maximum(share, np.finfo(np.float64).tiny)
        return np.asarray(np.log(share[:-1]) - np.log(share[-1]) - goal)

    nest_target = np.bincount(nests.of_channel, target)[nests.of_channel]
    start = np.log(target) - np.log(target[-1]) - (1 - nests.of_each) * np.log(target / nest_target)
    finite = np.where(np.isfinite(utility), utility, 0.0)
    start -= finite.mean(axis=0) - finite[:, -1].mean()
    solution = root(gap, start[:-1], method="hybr", options={"xtol": 1e-12})
    constants = np.append(solution.x, 0.0)
    reached = probabilities(utility + constants, nests).mean(axis=0)
    error = np.abs(reached - target / target.sum()).max()  # settings' shares sum to 1 but for rounding
    if not error <= tolerance:
        raise ValueError(
            f"the channel shares cannot be reached: the nearest constants miss them by {error:.2g}. "
            "A share may exceed the part of shoppers to whom its channel is open (opening hours, service radius)."
        )
    return constants
