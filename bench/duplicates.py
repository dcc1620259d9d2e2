"""`make bench-duplicates`: how well, and how fast, people who stand in the register twice are found.

On the seeds of `tests.contacts.corpus` that the rules were not tuned on, and on FEBRL's sets 1 and 2. The largest is timed.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from typing import Any

PRECISION, RECALL, SECONDS = 0.99, 0.93, 60.0


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench-duplicates BENCH=", description="Duplicates that are found, beside limits.")
    parser.add_argument("--json", action="store_true", help="the figures as JSON")
    parser.add_argument("--people", type=int, default=5_000, help="in each corpus (5000)")
    parser.add_argument("--large", type=int, default=88_000, help="people of the one that is timed (88000: some 100,000 records)")
    options = parser.parse_args()
    sys.path.insert(0, "site")
    from tests.contacts.corpus import UNSEEN
    from tests.contacts.corpus.scoring import score_febrl, score_organisations, score_people

    found = {f"seed {seed}": score_people(seed, options.people) for seed in UNSEEN} | {f"FEBRL {number}": score_febrl(number) for number in (1, 2)}
    rows: dict[str, Any] = {name: score._asdict() for name, score in found.items()}
    rows["all seeds"] = together([score for name, score in found.items() if name.startswith("seed")])
    rows["organisations"] = score_organisations(UNSEEN[0], 3_000)._asdict()
    began, worked = time.perf_counter(), time.process_time()
    if options.large:
        rows["large"] = score_people(UNSEEN[0], options.large)._asdict() | {
            "seconds": round(time.perf_counter() - began, 1),
            "processor_seconds": round(time.process_time() - worked, 1),
            "load": os.getloadavg()[0],
        }
    holds = all(score.precision >= PRECISION and score.recall >= RECALL for score in found.values())
    holds = holds and rows.get("large", {}).get("seconds", 0) <= SECONDS
    sys.stdout.write((json.dumps({"rows": rows, "holds": holds}, indent=2) if options.json else table(rows)) + "\n")
    sys.exit(not holds)


def together(scores: list[Any]) -> dict[str, Any]:
    """As of one register: a seed's own figures lie within one in a hundred of it by chance alone."""
    pairs, right = sum(one.pairs for one in scores), sum(one.pairs * one.recall for one in scores)
    found = sum(one.pairs * one.recall / one.precision for one in scores)
    return {"records": sum(one.records for one in scores), "pairs": pairs, "precision": right / found, "recall": right / pairs}


def table(rows: dict[str, Any]) -> str:
    lines = [f"{'':16}{'records':>10}{'pairs':>8}{'precision':>11}{'recall':>9}"]
    lines += [f"{name:16}{row['records']:>10}{row['pairs']:>8}{row['precision']:>11.4f}{row['recall']:>9.4f}" for name, row in rows.items()]
    if "large" in rows:
        large = rows["large"]
        told = f"large: {large['seconds']} s, {large['processor_seconds']} of the processor, the corpus made among it"
        lines.append(f"{told}; the machine's load was {large['load']:.1f}")
    return "\n".join([*lines, f"aims: precision {PRECISION}, recall {RECALL} in each but organisations; {SECONDS:.0f} s"])


if __name__ == "__main__":
    main()
