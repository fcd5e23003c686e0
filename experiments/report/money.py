"""Who pays for deliveries and who gets it: money between parties at one point, from the orders."""

from functools import partial

import pandas as pd
from pyarrow.parquet import read_schema

from galleria.experiments.figures.sankey import Sankey, plot_sankey
from galleria.experiments.figures.theme import PLAYERS, QUIET, colours
from galleria.experiments.report.charts import Chart, Section
from galleria.experiments.report.service import rows_of
from galleria.experiments.report.study import NO_COURIER, Study
from galleria.experiments.report.words import channel_label, number

_CUSTOMERS, _SELLERS, _ADDED = "Customers", "Sellers", "Couriers add"
_DRIVERS, _PURSE, _KEPT, _BACK, _MARKED = "Drivers", "Public purse", "Couriers keep", "Customers again", "Sellers again"
_PLAYER = {
    _CUSTOMERS: "consumers",
    _SELLERS: "retailers",
    _ADDED: "platform",
    _DRIVERS: "drivers",
    _MARKED: "retailers",
    _BACK: "consumers",
    _PURSE: "government",
    _KEPT: "platform",
}
_PAYERS, _PAYEES = (_CUSTOMERS, _SELLERS, _ADDED), (_DRIVERS, _KEPT, _MARKED, _BACK, _PURSE)
_COLUMNS = ("day", "courier", "status", "delivered_s", "promised_s")
_OTHER = ("promotion_usd", "commission_usd", "pay_usd", "credit_usd")
_PAID = ("fee_usd", "service_usd", "markup_usd", "tax_usd", "tip_usd")
_READING = (
    "What customers pay to have orders delivered (fees, service fees, mark-ups on shelf prices, taxes, tips) and "
    "sellers in commissions, courier by courier, and who gets it. The goods themselves and the warehouse's vans are "
    "left out. Mark-ups go to sellers, promotions and credits for late orders back to customers. Of what couriers keep "
    "they pay vans, payment, support and what drivers get by the hour or shift; a courier that hands on more than it "
    "takes adds the difference."
)
_MOST_COURIERS = 7
_OTHERS = "Other couriers"
_CENT = 0.01


def money_section(study: Study) -> Section | None:
    """Draw the money of the delivered orders of the baseline point, or without one of the middle; needs the orders."""
    columns = (*_COLUMNS, *_PAID, *_OTHER)
    kept = [rows_of(study, name, study.centre, columns) for name in ("orders", "meals") if _has(study, name, columns)]
    kept = [frame for frame in kept if len(frame)]
    if not kept:
        return None
    orders = pd.concat(kept)
    orders = orders[~orders["courier"].isin(NO_COURIER)]
    run = study.results.config.get("run") or {}
    first = int(run.get("warmup_days") or 0)
    measured = (int(run.get("days") or 1) - first) * orders["replication"].nunique()
    flows = flows_of(orders[orders["day"] >= first], measured)
    if flows.empty:
        return None
    largest = flows[flows["payee"].isin(_PAYEES)].groupby("payer")["amount"].sum().sort_values(ascending=False).index
    there = {*flows["payer"], *flows["payee"]}
    ends = [[party for party in side if party in there] for side in (_PAYERS, _PAYEES)]
    parties = (ends[0], list(largest), ends[1])
    tones = colours(orders["courier"].unique())
    painted = {channel_label(name): tone for name, tone in tones.items()} | {_OTHERS: QUIET}
    painted |= {party: PLAYERS[player] for party, player in _PLAYER.items()}
    into, out = flows.groupby("payee")["amount"].sum(), flows.groupby("payer")["amount"].sum()
    texts = {p: f"${number(float((out if p in out.index else into)[p]), 0)}" for each in parties for p in each}
    told = [f"{payer} to {payee} ${number(amount, 0)}" for payer, payee, amount in flows.itertuples(index=False)]
    where = study.held(study.centre, but=[])
    chart = Chart(
        name="money",
        draw=partial(plot_sankey, Sankey(flows, parties, painted, texts, "Money of delivered orders ($ a day)")),
        frame=flows,
        caption="Who pays for deliveries, and who gets it, in dollars a day" + (f" ({where})." if where else "."),
        alt=f"Flows of money: {'; '.join(told)}.",
    )
    return Section(key="money", title="Who pays for deliveries", paragraphs=(_READING,), charts=(chart,))


def _has(study: Study, name: str, columns: tuple[str, ...]) -> bool:
    """Say whether a table was kept, and has these columns: results of other versions may not."""
    file = next((study.results.folder / "tables" / name).glob("*.parquet"), None)
    return file is not None and set(columns) <= set(read_schema(file).names)


def flows_of(orders: pd.DataFrame, days: int) -> pd.DataFrame:
    """Return payer, payee, amount ($ a day) of delivered orders; each courier hands on or keeps all that it takes.

    Parameters
    ----------
    orders
        Rows of the tables of orders and meals.
    days
        Over which they came, all replications together.
    """
    done = orders[orders["status"] == "delivered"]
    late = done["delivered_s"] > done["promised_s"]
    done = done.assign(credit_usd=done["credit_usd"].where(late, 0.0))
    sums = done.groupby("courier")[[*_PAID, *_OTHER]].sum() / days
    sums.index = [channel_label(str(name)) for name in sums.index]
    paid = sums[list(_PAID)].sum(axis=1)
    if len(sums) > _MOST_COURIERS:
        small = paid.sort_values(ascending=False).index[_MOST_COURIERS - 1 :]
        sums = sums.rename(index=dict.fromkeys(small, _OTHERS)).groupby(level=0).sum()
        paid = sums[list(_PAID)].sum(axis=1)
    out = {_DRIVERS: sums["pay_usd"] + sums["tip_usd"], _MARKED: sums["markup_usd"], _PURSE: sums["tax_usd"]}
    out[_BACK] = sums["promotion_usd"] + sums["credit_usd"]
    left = paid + sums["commission_usd"] - sum(out.values())
    out[_KEPT] = left.clip(lower=0)
    into = {_CUSTOMERS: paid, _SELLERS: sums["commission_usd"], _ADDED: (-left).clip(lower=0)}
    found = [(payer, str(name), float(usd)) for payer, amounts in into.items() for name, usd in amounts.items()]
    found += [(str(name), payee, float(usd)) for payee, amounts in out.items() for name, usd in amounts.items()]
    flows = pd.DataFrame(found, columns=["payer", "payee", "amount"])
    return flows[flows["amount"] > _CENT].reset_index(drop=True)
