"""Who gains, who loses, by how much and how sure: at most five sentences, the bold words between two stars each."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from galleria.experiments.report.answer.parties import WELFARE, Gain, gains
from galleria.experiments.report.comparing import Comparison
from galleria.experiments.report.draws import number_of_draws
from galleria.experiments.report.study import Study
from galleria.experiments.report.words import NARROW, lower_first, number, upper_first

_MOST_COMPARED = 4
_MOST_NAMED = 3
_NOBODY = "**No party is seen to gain or to lose**"
_DAYS_A_YEAR = 365
_HAD = {"driver_surplus_usd": "surplus", "public_revenue_usd": "revenue", "external_cost_usd": "burden"}


@dataclass(frozen=True)
class Answer:
    """What one comparison says.

    Attributes
    ----------
    lead
        What was changed.
    sentences
        In the order of reading; words that stand out are between two stars each (**so**).
    """

    lead: str
    sentences: tuple[str, ...]


def answers(study: Study, compared: Sequence[Comparison]) -> list[Answer]:
    """Answer by each comparison of other points, of one at length, of more more briefly; of at most four."""
    different = list({(c.before, c.after): c for c in reversed(compared)}.values())[::-1]
    write = (_at_length, _briefly, _in_one)[min(len(different), 3) - 1]
    made = []
    for c in different[:_MOST_COMPARED]:
        found = gains(study, c.before, c.after)
        if found:
            made.append(Answer(c.lead(study), tuple(write(study, found))))
    return made


def _at_length(study: Study, found: list[Gain]) -> list[str]:
    """Write a sentence on those who gain, one on those who lose, one on all, one on those not known to do either."""
    winners, losers = _sides(found)
    if not winners and not losers:
        return [f"{_NOBODY}.", *_all_together(study, found)]
    said = [_leader(study, winners, "gain") + _others(winners, "gain"), _leader(study, losers, "lose")]
    said[1] += _others(losers, "lose")
    unknown = [gain.name for gain in _parties(found) if not gain.clear and gain.mean]
    told = [f"{text}." for text in said]
    if unknown and found[0].estimate.n > 1:
        told.append(f"For {_list(unknown)} no difference can be seen.")
    return [*told[:2], *_all_together(study, found), *told[2:]]


def _briefly(study: Study, found: list[Gain]) -> list[str]:
    winners, losers = _sides(found)
    if not winners and not losers:
        return [f"{_NOBODY}.", *_all_together(study, found)]
    sides = ((winners, "gain"), (losers, "lose"))
    said = [_leader(study, side, verb) + _others(side, verb, amounts=False) for side, verb in sides]
    return [f"{'. '.join(said)}.", *_all_together(study, found)]


def _in_one(study: Study, found: list[Gain]) -> list[str]:
    winners, losers = _sides(found)
    parts = [_leader(study, winners, "gain", everyday=False), _leader(study, losers, "lose", everyday=False)]
    if not winners and not losers:
        parts = [_NOBODY]
    parts += [text.removesuffix(".") for text in _all_together(study, found)]
    return [_mended("; ".join(parts) + ".")]


def _mended(text: str) -> str:
    """Begin what follows a semicolon with a small letter, within bold words too."""
    first, *rest = text.split("; **")
    return "; **".join([first, *(lower_first(part) for part in rest)])


def _parties(found: Sequence[Gain]) -> list[Gain]:
    return [gain for gain in found if gain.metric != WELFARE]


def _sides(found: Sequence[Gain]) -> tuple[list[Gain], list[Gain]]:
    """Return those known to gain and those known to lose, most first; with one replication, all that do."""
    known = [gain for gain in _parties(found) if gain.clear or gain.estimate.n < 2]
    winners = sorted((gain for gain in known if gain.mean > 0), key=lambda gain: -gain.mean)
    losers = sorted((gain for gain in known if gain.mean < 0), key=lambda gain: gain.mean)
    return winners, losers


def _leader(study: Study, side: Sequence[Gain], verb: str, *, everyday: bool = True) -> str:
    if not side:
        return f"**Nobody is seen to {verb}**"
    first = side[0]
    ending = "" if first.plural else "s"
    most = " most" if len(side) > 1 else ""
    size = f", {_everyday(study, first)}" if everyday and _everyday(study, first) else ""
    return f"**{upper_first(first.name)} {verb}{ending}{most}**, {first.amount()}{size}"


def _others(side: Sequence[Gain], verb: str, *, amounts: bool = True) -> str:
    rest = side[1:]
    if not rest:
        return ""
    most = len(rest) if len(rest) <= _MOST_NAMED else _MOST_NAMED - 1  # never "and 1 more"
    named = [f"{gain.name} (${number(abs(gain.mean), 0)})" if amounts else gain.name for gain in rest[:most]]
    if len(rest) > most:
        named.append(f"{len(rest) - most} others")
    ending = "s" if len(rest) == 1 and not rest[0].plural else ""
    return f"; {_list(named)} {verb}{ending} too"


def _all_together(study: Study, found: Sequence[Gain]) -> list[str]:
    """Say what becomes of the sum of all parties, and in how many replications or draws it goes that way."""
    sums = [gain for gain in found if gain.metric == WELFARE]
    if not sums:
        return []
    total = sums[0]
    if total.mean == 0:
        return ["**All together** nothing changes."]
    n = int(total.estimate.n)
    if n < 2:
        way = "gained" if total.mean > 0 else "lost"
        return [
            f"**All together** {total.amount()} is {way} in the one replication, which says nothing of how sure it is."
        ]
    what = "draws of what is not known" if number_of_draws(study) else "replications"
    same = f"in {'each of the' if total.same == n else f'{total.same} of'} {n} {what}"
    if not total.clear:
        return [f"**All together** no difference can be seen ({total.amount()}; the same way {same})."]
    way = "gains" if total.mean > 0 else "loses"
    per_home = _everyday(study, total)
    return [
        f"**All together the town {way}** {total.amount()}{f', {per_home}' if per_home else ''}, and does so {same}."
    ]


def _everyday(study: Study, gain: Gain) -> str:
    """Write a gain in units of everyday life: a household and year, else as a share of what the party had."""
    if gain.metric in {"consumer_surplus_usd", WELFARE}:
        homes = (study.results.config.get("city") or {}).get("households")
        varied = {factor.key.split(".")[0] for factor in study.factors}
        if isinstance(homes, int | float) and homes > 0 and "city" not in varied:
            dollars = abs(gain.mean) * _DAYS_A_YEAR / homes
            money = f"${number(dollars, 0 if dollars >= 10 else 2)}" if dollars >= 1 else f"{100 * dollars:.2g} cents"
            return f"about {money} a household and year"
    if not np.isfinite(gain.before) or abs(gain.before) < 1:
        return ""
    share = 100 * abs(gain.mean / gain.before)
    had = _HAD.get(gain.metric, "profit")
    return f"{number(share, 1 if share < 10 else 0)}{NARROW}% of {'their' if gain.plural else 'its'} {had}"


def _list(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
