"""App prices: what sellers ask on a courier's app, by what they pay it (model 7.3)."""


def app_markup(markup: float, commission_change: float, pass_through: float) -> float:
    """Return the mark-up on shelf prices, mu0 + pt (kappa - kappa0), as a share of the basket.

    Parameters
    ----------
    markup
        mu0, at the commission that was observed.
    commission_change
        kappa - kappa0, the commission in force less the one observed.
    pass_through
        pt, from 0 (prices stay) to 1.

    Notes
    -----
    At 1 it does not matter who pays a courier, the seller or the customer: a commission comes back in prices in full,
    and only what both pay together counts (Gans and King 2003, The neutrality of interchange fees in payment systems;
    Rochet and Tirole 2006, Two-sided markets: a progress report). A cap can bring prices below those in the store.
    """
    return markup + pass_through * commission_change
