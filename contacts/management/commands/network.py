"""`manage.py network [--json] [--export FILE]`: the network of a theme, measured now (docs/network.md)."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from wagtail.log_actions import log

from base.tables import as_table
from contacts.network import export, graph, snapshots
from contacts.network.metrics import measure
from themes.named import theme_named

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from contacts.network.graph import Graph
    from contacts.network.metrics import Metrics
    from themes.models import Theme

SHOWN = ("id", "label", "degree", "betweenness", "constraint", "core", "community")


class Command(BaseCommand):
    help = "Measures the network of a theme: degree, betweenness, constraint, core and community of each contact that has a tie."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--theme", metavar="KEY", help="the national theme, where there are several")
        parser.add_argument("--json", action="store_true", help="for programs: the network's figures, and each contact's")
        parser.add_argument("--export", type=Path, metavar="FILE", help="write contacts, metrics and ties to FILE.graphml or FILE.gexf")
        parser.add_argument("--keep", action="store_true", help="also write it down as today's snapshot, as the worker does nightly")
        parser.add_argument("--top", type=int, default=20, metavar="N", help="without --json: how many are listed, by betweenness")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path | None = options["export"]
        if file and file.suffix.lower() not in export.WRITERS:
            raise CommandError(f"{file}: name a file that ends in {' or '.join(export.WRITERS)}.")
        theme = theme_named(options["theme"])
        began = time.perf_counter()
        found = graph.read(theme)
        metrics = measure(found)
        facts = facts_of(theme, found, metrics) | {"seconds": round(time.perf_counter() - began, 2)}
        if options["keep"]:
            snapshots.take(theme)
        if file:
            self.export(file, found, metrics)
            log(theme, "contacts.exported", data={"format": file.suffix[1:], "rows": len(found.contacts)})
        self.tell(facts, [{"id": node.id, **node.values} for node in export.nodes_of(found, metrics)], options)

    def export(self, file: Path, found: Graph, metrics: Metrics) -> None:
        try:
            with file.open("wb") as out:
                export.WRITERS[file.suffix.lower()](out, found, metrics)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from None

    def tell(self, facts: dict[str, Any], nodes: list[dict[str, Any]], options: dict[str, Any]) -> None:
        if options["json"]:
            # Each node has every key.
            rows = [dict.fromkeys(export.TYPES) | node for node in nodes]
            self.stdout.write(json.dumps(facts | {"nodes": rows}, ensure_ascii=False))
            return
        top = sorted(nodes, key=lambda node: (-node["betweenness"], -node["degree"], node["id"]))[: options["top"]]
        self.stdout.write("\n".join(f"{name}: {value}" for name, value in facts.items()))
        self.stdout.write(as_table(SHOWN, [dict.fromkeys(SHOWN) | node for node in top]))


def facts_of(theme: Theme, found: Graph, metrics: Metrics) -> dict[str, Any]:
    return {
        "theme": theme.key,
        "contacts": len(found.contacts),
        "ties": len(found.pairs),
        "parts": metrics.parts,
        "communities": len(set(metrics.communities)),
        "modularity": metrics.modularity,
        "betweenness_sources": metrics.sources,
        "betweenness_largest_error": max(metrics.errors, default=0.0),
    }
