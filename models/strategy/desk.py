"""The pricing desk of a market: the analytic demand and the unit costs that fees are set on (model 7.6).

The demand is that of the calibration sample, with one quote a courier. What is worked out is a case: today's terms,
stores, policies and remembered lateness; the same with other stores listed or other couriers in the market; or the
market in which shares were observed, from which the values of orders are inverted. What a courier's order costs, and
what it quotes, are first expected and then taken from simulated days.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np

from galleria.agents.couriers.fee_schedule import Buyers
from galleria.agents.customers.choice_set import ChoiceSet, Shopping
from galleria.agents.customers.terms import Terms
from galleria.agents.kernel.arrays import Bools, Floats, Ints
from galleria.agents.pricing.conduct import values_of_orders
from galleria.agents.pricing.fees import Demand, FeeGame, ownership_of
from galleria.models.settings.strategy import FixedFeesSettings, HillClimbSettings, NashSettings
from galleria.models.settings.tree import Settings
from galleria.models.strategy.baseline import baseline_conditions
from galleria.models.strategy.case import Case, Conditions, NoRules, Sample, commissions, pays_fees
from galleria.models.strategy.expected import draw_sample, expected_conditions
from galleria.models.strategy.seen import conditions_seen
from galleria.models.supply.terms import TermsDesk
from galleria.models.world import World

GIG = ("gig",)
"""Kinds of couriers whose orders have a value beside the margin where no fees are set."""


class Desk:
    """Works out games of fees for a market as it stands, or for what would be.

    Parameters
    ----------
    world
        Whose couriers set fees.
    terms
        What couriers offer today.
    settings
        Which fees are set, between which limits; none, where they are fixed.
    simulate
        Runs a design point in this world's city and replication, for the baseline; None to go by what is expected.
    """

    def __init__(
        self,
        world: World,
        terms: TermsDesk,
        settings: FixedFeesSettings | HillClimbSettings | NashSettings,
        simulate: Callable[[Settings], World] | None = None,
    ) -> None:
        self.world, self.terms, self._simulate = world, terms, simulate
        self._of: tuple[str, ...] = ()
        self._limits_usd = (0.0, np.inf)
        self.sets_rates = isinstance(settings, NashSettings) and settings.sets == "fee_and_rate"
        if not isinstance(settings, FixedFeesSettings):
            self._of, self._limits_usd = settings.of, (settings.lowest_usd, settings.highest_usd)

    @cached_property
    def sample(self) -> Sample:
        """The shoppers on whom demand is worked out."""
        return draw_sample(self.world)

    @property
    def occasions_per_day(self) -> float:
        """Expected shopping occasions of a day."""
        return len(self.world.households) * self.world.settings.customers.occasions_per_household_day

    @property
    def priced(self) -> Ints:
        """Numbers of the couriers whose fees are set now."""
        couriers = enumerate(self.world.couriers)
        return np.array(
            [k for k, each in couriers if each.posted.active and each.settings.fulfilment in self._of], np.int64
        )

    @property
    def fees_usd(self) -> Floats:
        """Fees as posted, float64 [J]."""
        return np.array([courier.posted.fee_usd for courier in self.world.couriers])

    @property
    def rates(self) -> Floats:
        """Service rates on the basket as posted, float64 [J]."""
        return np.array([courier.posted.service_rate for courier in self.world.couriers])

    @property
    def price_usd(self) -> Floats:
        """What is charged for a delivery: fees [J], or [n, J] with the rate on the basket where that is set too, $."""
        return self._price(self.fees_usd, self.rates, self._pays_fee)

    @cached_property
    def _pays_fee(self) -> Floats | float:
        """Who of the sample pays the fees that couriers post, see `Demand`: members' terms do not change in a run."""
        return pays_fees(self.terms.of_all(self.sample.occasions, self.sample.households))

    @property
    def values_usd(self) -> Floats:
        """What an order with a mean basket is worth to each courier beside its margin, float64 [J], $."""
        return np.asarray(self.values[0] + self.world.settings.customers.basket.mean_usd * self.values[1])

    @cached_property
    def values(self) -> Floats:
        """What an order, and each dollar of its basket, is worth beside the margin, float64 [2, J], $.

        They are inverted from the fees that were observed, under the owners of then and in the market without policies;
        nought where no fee is set, and where the settings say so. A courier that was not observed has the value of the
        one whose constant it has. Baskets have a value where a rate on them is set beside the fee.
        """
        couriers = self.world.couriers
        values = np.zeros((2, len(couriers)))
        if self.world.settings.strategy.value_of_order == "zero":
            return values
        case = self._observed
        game = self._game(case, self.baseline, values)
        ones, baskets_usd = np.ones(len(game.margin_usd)), self.basket_usd
        features = np.column_stack([ones, baskets_usd] if self.sets_rates else [ones])
        values[: features.shape[1]] = values_of_orders(game, case.price_usd, features)
        for number, courier in enumerate(couriers):
            if courier.settings.constant_of in self.world.channels.names[: len(couriers)]:
                values[:, number] = values[:, self.world.channels.names.index(courier.settings.constant_of)]
        return values

    @cached_property
    def baseline(self) -> Conditions:
        """What orders cost and how long they take in the market as it was observed, as far as it was simulated."""
        world, settings, simulate = self.world, self.world.settings, self._simulate
        expected = self._expected_then
        if simulate is None or settings.strategy.baseline_days == 0:
            return expected

        def simulated(point: Settings) -> Conditions:
            return conditions_seen(simulate(point), 0, point.run.days)

        seen = baseline_conditions(settings, world.city.key, world.streams.replication, simulated)
        return expected.averaged(seen, 1.0)

    def anticipated(self, case: Case | None = None) -> Conditions:
        """Return the baseline's conditions with what is expected to change by today's terms and policies.

        What a case is expected to cost and to quote is worked out on the sample as if nobody waited and each parcel had
        a trip of its own; by how much that changes is added to what the baseline has shown.
        """
        now, then, base = self.expected(case), self._expected_then, self.baseline
        known = np.array([offer.active for offer in self._observed.terms])
        quote_h = np.where(known, np.maximum(0.0, base.quote_h + now.quote_h - then.quote_h), now.quote_h)
        return Conditions(
            quote_h, np.where(known, base.unit_cost_usd + now.unit_cost_usd - then.unit_cost_usd, now.unit_cost_usd)
        )

    @cached_property
    def _observed(self) -> Case:
        return self.observed()

    @cached_property
    def _expected_then(self) -> Conditions:
        """What was to be expected of the market as it was observed."""
        return self.expected(self._observed)

    def today(self, *, listed: Bools | None = None, active: Bools | None = None) -> Case:
        """Return the market as it stands, or as it would be.

        Parameters
        ----------
        listed
            bool [R, J], stores on couriers' apps in the place of those that are.
        active
            bool [J], couriers in the market in the place of those that are.
        """
        world, couriers = self.world, self.world.couriers
        terms = self.terms.of_all(self.sample.occasions, self.sample.households)
        if listed is not None:
            terms = [
                replace(offer, source=courier.settings.source(listed[:, number], self._warehouse))
                for number, (courier, offer) in enumerate(zip(couriers, terms, strict=True))
            ]
        if active is not None:
            terms = [replace(offer, active=bool(is_in)) for offer, is_in in zip(terms, active, strict=True)]
        return Case(
            terms=terms,
            choices=self._choices(terms, world.shopping, world.memory.lateness_h),
            price_usd=self.price_usd,
            quote_h=np.array([courier.quote_h for courier in couriers]),
            firms=tuple(courier.settings.firm for courier in couriers),
            pay=tuple(courier.posted.pay if courier.settings.fulfilment == "gig" else None for courier in couriers),
            promised_h=tuple(courier.posted.promise.hours for courier in couriers),
            priced=self._priced([offer.active for offer in terms], self._of),
            rules=world.regulator,
        )

    def observed(self) -> Case:
        """Return the market in which shares were observed, on this market's stores; no policy or choice is in it."""
        world, buyers = self.world, Buyers(self.basket_usd, self.sample.households.member)
        settings = [courier.settings for courier in world.couriers]
        seen = [each.constant_of is None for each in settings]
        terms = [
            replace(each.observed_terms(world.stores, number, buyers, self._warehouse), active=seen[number])
            for number, each in enumerate(settings)
        ]
        fees_usd, rates = np.array([(each.observed.fee_usd, each.observed.service_rate) for each in settings]).T
        shopping = replace(world.shopping, toll=lambda home, store, km, depart_s: np.zeros(len(km)))  # noqa: ARG005
        return Case(
            terms=terms,
            choices=self._choices(terms, shopping, np.zeros_like(world.memory.lateness_h)),
            price_usd=self._price(fees_usd, rates, pays_fees(terms)),
            quote_h=np.array([each.observed_quote_h for each in settings]),
            firms=tuple(each.observed.firm for each in settings),
            pay=tuple(each.observed_pay for each in settings),
            promised_h=(None,) * len(settings),
            priced=self._priced(seen, self._of or GIG),
            rules=NoRules(),
        )

    def demand(self, case: Case) -> Demand:
        """Return the sample's demand in a case, at its quotes and if nothing of what is set is charged."""
        return self._demand(case, case.quote_h)

    def shares(self, case: Case | None = None) -> Floats:
        """Return the channels' shares of occasions at the fees and quotes of a case, today's if none, float64 [C]."""
        case = case or self.today()
        return self._demand(case, case.quote_h).shares(case.price_usd)

    def game(self, conditions: Conditions, case: Case | None = None) -> FeeGame:
        """Work out the game of fees under some conditions, today's if no case is given."""
        return self.games([conditions], case)[0]

    def games(self, several: Sequence[Conditions], case: Case | None = None) -> list[FeeGame]:
        """Work out the games of fees under several conditions."""
        case = case or self.today()
        return [self._game(case, conditions, self.values) for conditions in several]

    def _game(self, case: Case, conditions: Conditions, values: Floats) -> FeeGame:
        rates = [0.0 if self.sets_rates else offer.service_rate for offer in case.terms]
        commission = commissions(case.terms, self.world.stores.is_independent(case.choices.store))
        margin_usd = np.stack(
            [
                (rate + taken - courier.settings.processing_rate + per_usd) * self.basket_usd
                + offer.added_fee_usd
                + (offer.commission_usd - offer.appeal.promotion_usd + value - cost)
                for courier, offer, taken, rate, value, per_usd, cost in zip(
                    self.world.couriers, case.terms, commission.T, rates, *values, conditions.unit_cost_usd, strict=True
                )
            ],
            axis=1,
        )
        demand = self._demand(case, conditions.quote_h)
        return FeeGame(demand, margin_usd, ownership_of(case.firms), case.priced, *self._limits_usd)

    def expected(self, case: Case | None = None) -> Conditions:
        """Expect conditions before anything was seen: the case's quotes, the pay of the sample's orders, tours."""
        case = case or self.today()
        likely = self._demand(case, case.quote_h).of_couriers(case.price_usd)[0]
        return expected_conditions(self.world, self.sample, case, likely, self.occasions_per_day)

    @property
    def _warehouse(self) -> int:
        return self.world.city.warehouses[0].place

    @property
    def basket_usd(self) -> Floats:
        """Baskets of the sample, float64 [n], $."""
        return self.sample.occasions.basket_usd

    def _price(self, fee_usd: Floats, rate: Floats, pays_fee: Floats | float) -> Floats:
        paid_usd = np.asarray(pays_fee * fee_usd)
        return np.asarray(paid_usd + self.basket_usd[:, None] * rate) if self.sets_rates else paid_usd

    def _priced(self, active: Sequence[bool], kinds: tuple[str, ...]) -> Bools:
        return np.array(
            [
                is_in and courier.settings.fulfilment in kinds
                for is_in, courier in zip(active, self.world.couriers, strict=True)
            ]
        )

    def _choices(self, terms: list[Terms], shopping: Shopping, memory_h: Floats) -> ChoiceSet:
        """Work out what the sample has before it if nothing of what is set is charged for delivery."""
        free = [replace(offer, fee_usd=0.0) for offer in terms]
        if self.sets_rates:
            free = [replace(offer, service_rate=0.0) for offer in free]
        return shopping.choice_set(
            self.sample.occasions, self.sample.households, free, self.world.channels.constants, memory_h
        )

    def _demand(self, case: Case, quote_h: Floats) -> Demand:
        world, choices = self.world, case.choices
        every_h = np.zeros((len(choices.drive_h), len(world.channels.names)))
        every_h[:, : len(quote_h)] = quote_h
        for number, promised_h in enumerate(case.promised_h):
            if promised_h is not None:
                every_h[:, number] = promised_h - choices.drive_h[:, number]
        utility = choices.quoted(slice(None), every_h, world.settings.customers.quote_cap_h)
        alpha, nests = self.sample.households.price_sensitivity, world.channels.nests
        return Demand(utility, alpha, nests, len(quote_h), pays_fees(case.terms))
