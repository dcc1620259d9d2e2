"""What a graph says of each contact. By igraph, which is imported here alone, and weighs too much for a web process: call this in tasks and commands.

Degree, betweenness, constraint and core look at who is tied to whom; communities also at how strongly.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from itertools import accumulate
from statistics import fmean, stdev
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from contacts.network.graph import Graph

# Contacts times pairs. Exact betweenness of this takes some 12 s (10,000 contacts, 50,000 pairs).
EXACT_UP_TO = 500_000_000
BATCHES, BATCH = 10, 20
# Of so many on either side in the order of betweenness an error is taken together.
NEAR = 100
# Rounds of Leiden, never "until nothing gets better": where rounding lets two partitions look better than each other, igraph goes on for ever.
# Of many ties, two rounds are as good within a thousandth.
ROUNDS, ROUNDS_OF_MANY, MANY = 10, 2, 100_000
# Of ties that say nothing of their strength. Leiden takes no weight of 0.
LEAST = 0.001
SEED = 20_210_701


@dataclass(frozen=True)
class Metrics:
    """Lists in the order of the graph's contacts.

    `betweenness` is normalised as networkx does, by the pairs of others, and 0 in a graph of two. `errors` are its standard errors, 0 where it is
    exact; `sources` is how many contacts it was sampled from, 0 for all. `constraint` is Burt's (1992), None for a contact without neighbours.
    `communities` are numbered from 0, the largest first; `modularity` is of them with the strengths.
    """

    degree: list[int]
    betweenness: list[float]
    errors: list[float]
    constraint: list[float | None]
    core: list[int]
    communities: list[int]
    modularity: float
    parts: int
    sources: int


def measure(graph: Graph, *, exact_up_to: int = EXACT_UP_TO) -> Metrics:
    import igraph

    made = igraph.Graph(len(graph.contacts), graph.pairs)
    betweenness, errors, sources = betweenness_of(made, exact_up_to)
    communities, modularity = communities_of(made, graph.strengths)
    return Metrics(
        degree=made.degree(),
        betweenness=betweenness,
        errors=errors,
        constraint=[None if math.isnan(value) else value for value in made.constraint()],
        core=made.coreness(),
        communities=communities,
        modularity=modularity,
        parts=len(made.connected_components()),
        sources=sources,
    )


def betweenness_of(made: Any, exact_up_to: int) -> tuple[list[float], list[float], int]:
    number = made.vcount()
    if number < 3:
        return [0.0] * number, [0.0] * number, 0
    scale = 2 / ((number - 1) * (number - 2))
    if number * made.ecount() <= exact_up_to or number <= BATCHES * BATCH:
        return [value * scale for value in made.betweenness(directed=False)], [0.0] * number, 0
    return _sampled(made, scale)


def _sampled(made: Any, scale: float) -> tuple[list[float], list[float], int]:
    """From some of the contacts to all (Brandes and Pich 2007, doi 10.1142/S0218127407018403), in batches: how far these differ is the error.

    The same graph is sampled from the same contacts, so that a night without changes changes nothing.
    """
    number = made.vcount()
    # igraph counts half of a pair from each of its ends.
    scale *= number / BATCH
    chosen = random.Random(SEED).sample(range(number), BATCHES * BATCH)  # noqa: S311  # a sample, no secret
    batches = [made.betweenness(directed=False, sources=chosen[start : start + BATCH]) for start in range(0, len(chosen), BATCH)]
    # What is drawn without putting back differs less, the more of all is drawn.
    spread = math.sqrt((1 - len(chosen) / number) / BATCHES) * scale
    estimates = [fmean(values) * scale for values in zip(*batches, strict=True)]
    errors = [stdev(values) * spread if any(values) else 0.0 for values in zip(*batches, strict=True)]
    return estimates, _taken_together(estimates, errors), len(chosen)


def _taken_together(estimates: list[float], errors: list[float]) -> list[float]:
    """The own error, or that of those who are as much between others, if it is larger: who was missed by the few sources that count for them seems to
    be known well. Of 2,000 contacts 19 of 20 of the upper tenth then lie within two errors; by their own error alone it is 13."""
    order = sorted(range(len(errors)), key=estimates.__getitem__)
    sums = [0.0, *accumulate(errors[place] ** 2 for place in order)]
    found = [0.0] * len(errors)
    for rank, place in enumerate(order):
        first, end = max(0, rank - NEAR), min(len(order), rank + NEAR + 1)
        found[place] = max(errors[place], math.sqrt(max(0.0, sums[end] - sums[first]) / (end - first)))
    return found


def communities_of(made: Any, strengths: list[float]) -> tuple[list[int], float]:
    """By Leiden (Traag, Waltman and van Eck 2019): unlike Louvain's, each is connected."""
    import igraph

    if not made.ecount():
        return list(range(made.vcount())), 0.0
    rounds = ROUNDS if made.ecount() <= MANY else ROUNDS_OF_MANY
    weights = [max(strength, LEAST) for strength in strengths]
    igraph.set_random_number_generator(random.Random(SEED))  # noqa: S311  # as above
    try:
        found = made.community_leiden(objective_function="modularity", weights=weights, n_iterations=rounds)
    finally:
        igraph.set_random_number_generator(random)
    sizes = found.sizes()
    rank = {community: at for at, community in enumerate(sorted(range(len(sizes)), key=lambda community: -sizes[community]))}
    return [rank[community] for community in found.membership], made.modularity(found.membership, weights=weights)
