"""`make bench-network`: the metrics of a network of 100,000 people and 500,000 ties, beside networkx's in the same run.

The graph is made here, by preferential attachment (Barabási and Albert 1999): a few know many, as in life. All of the product's metrics but
betweenness have ten seconds together. networkx measures there what does not take it hours, and the rest on a smaller graph of the same kind, where
the product is asked too: ratios are taken on one graph. Betweenness is sampled at the full size; how far off that may be is held beside the exact
one at 2,000 people.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

PEOPLE, TIES_EACH, SMALL = 100_000, 5, 2_000
SECONDS = 10.0
# What networkx can measure at the full size; the rest takes it hours.
AT_FULL_SIZE = ("degree", "core", "parts")


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench-network BENCH=", description="The metrics of a large network, beside networkx's.")
    parser.add_argument("--json", action="store_true", help="the figures as JSON")
    parser.add_argument("--people", type=int, default=PEOPLE, help=f"in the large network ({PEOPLE})")
    parser.add_argument("--small", type=int, default=SMALL, help=f"in the one where networkx can measure all ({SMALL})")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    sys.path.insert(0, "site")
    import django

    django.setup()
    report = bench(options.people, options.small)
    sys.stdout.write((json.dumps(report, indent=2) if options.json else table(report)) + "\n")
    sys.exit(not report["holds"])


def bench(people: int, small: int) -> dict[str, Any]:
    load = os.getloadavg()[0]
    rows = measured(people, AT_FULL_SIZE) | {f"{name}, {small} people": row for name, row in measured(small, None).items()}
    ours = [row["here"] for name, row in rows.items() if "," not in name and not name.startswith("betweenness")]
    return {
        "people": people, "small": small, "load": load, "limit_s": SECONDS, "rows": rows, "but_betweenness_s": sum(ours),
        "sampling": sampling(small), "holds": sum(ours) <= SECONDS,
    }  # fmt: skip


def made(people: int) -> Any:
    """The product's graph, by its own reading of ties."""
    from contacts.network import graph

    chance = random.Random(people)  # noqa: S311 — who knows whom, not a secret
    ends: list[int] = list(range(1, TIES_EACH + 1))
    pairs = []
    for number in range(TIES_EACH + 1, people + 1):
        known: set[int] = set()
        while len(known) < TIES_EACH:
            known.add(chance.choice(ends))
        pairs += [(number, None, other, None, 0.3) for other in known]
        ends += [number] * TIES_EACH + list(known)
    return graph.joined(pairs)


def measured(people: int, by_networkx: tuple[str, ...] | None) -> dict[str, dict[str, float]]:
    """Processor seconds of each metric, here and by networkx, where it is asked."""
    import igraph
    import networkx

    from contacts.network import metrics

    found = made(people)
    drawn, plain = igraph.Graph(len(found.contacts), found.pairs), networkx.Graph(found.pairs)
    ours: dict[str, Callable[[], Any]] = {
        "degree": drawn.degree,
        "constraint": drawn.constraint,
        "core": drawn.coreness,
        "parts": drawn.connected_components,
        "communities": lambda: metrics.communities_of(drawn, found.strengths),
        "betweenness": lambda: metrics.betweenness_of(drawn, metrics.EXACT_UP_TO),
    }
    theirs: dict[str, Callable[[], Any]] = {
        "degree": lambda: dict(plain.degree()),
        "constraint": lambda: networkx.constraint(plain),
        "core": lambda: networkx.core_number(plain),
        "parts": lambda: networkx.number_connected_components(plain),
        "communities": lambda: networkx.community.louvain_communities(plain, seed=1),
        "betweenness": lambda: networkx.betweenness_centrality(plain),
    }
    rows = {}
    for name, act in ours.items():
        row = {"here": processor(act)}
        if by_networkx is None or name in by_networkx:
            row["networkx"] = processor(theirs[name])
            row["ratio"] = row["networkx"] / max(row["here"], 1e-6)
        rows[name] = row
    return rows


def sampling(people: int) -> dict[str, float]:
    """How far the sample lies from the exact, and how far it says that it may lie: of the tenth that is between others most."""
    from contacts.network import metrics

    found = made(people)
    exact, sampled = metrics.measure(found), metrics.measure(found, exact_up_to=0)
    rows = sorted(zip(exact.betweenness, sampled.betweenness, sampled.errors, strict=True), reverse=True)[: people // 10]
    return {
        "people": people,
        "sources": sampled.sources,
        "largest_error": max(sampled.errors),
        "within_two_errors": sum(abs(right - guess) <= 2 * error for right, guess, error in rows) / len(rows),
        "largest_difference": max(abs(right - guess) for right, guess, _error in rows),
    }


def processor(act: Callable[[], Any]) -> float:
    began = time.process_time()
    act()
    return time.process_time() - began


def table(report: dict[str, Any]) -> str:
    lines = [
        f"A network of {report['people']:,} people with {TIES_EACH} ties each; seconds of the processor.",
        f"The machine's load before it: {report['load']:.1f}.",
        "",
        f"{'':<28}{'here':>10}{'networkx':>10}{'ratio':>8}",
    ]
    for name, row in report["rows"].items():
        beside = f"{row['networkx']:>10.3f}{row['ratio']:>8.0f}" if "ratio" in row else f"{'-':>10}{'-':>8}"
        lines.append(f"{name:<28}{row['here']:>10.3f}{beside}")
    told = report["sampling"]
    return "\n".join([
        *lines,
        f"All but betweenness at the full size: {report['but_betweenness_s']:.2f} s, at most {SECONDS:.0f}.",
        f"Betweenness of {told['people']} from {told['sources']}: {told['within_two_errors']:.0%} of the upper tenth lie within two of their errors"
        f" of the exact; largest error {told['largest_error']:.5f}, largest difference {told['largest_difference']:.5f}.",
    ])  # fmt: skip


if __name__ == "__main__":
    main()
