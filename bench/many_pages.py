"""`make bench-many`: the lists of a site with 10,000 pages, beside a limit of time and beside themselves when it was a tenth as large.

The pages are made by the product's own actions, which takes a tenth of a second each: `--data FOLDER` keeps them, and a later run adds what it
lacks. Each list is asked in this process, past the page cache, and as after a change: nothing of what is remembered between changes is left.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.machine import say
from bench.product import demo_here

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_MS = 300.0
PERCENTILE = 95
LISTS = {
    "section": "/fi/jutut/",
    "section, far back": "/fi/jutut/?page={middle}",
    "search, a common word": "/fi/search/?q=työpaikka",
    "search, two words": "/fi/search/?q=perehdytys+vuoropäällikkö",
    "search, nothing": "/fi/search/?q=xyzzy",
    "search, mistyped": "/fi/search/?q=perehdyts",
    "site map": "/fi/sitemap.xml",
    "feed": "/fi/feeds/jutut.atom",
    "front page": "/fi/",
    "editors' list": "/admin/pages/{section}/",
    "editors' search": "/admin/pages/search/?q=perehdytys",
    "publication checks": "/admin/gate/",
    "languages": "/admin/languages/",
}
# What the stories are made of: each has some of them, so that common and rare words are asked for.
WORDS = [
    "työpaikka", "työyhteisö", "esihenkilö", "vuoropäällikkö", "perehdytys", "palautuminen", "osaaminen", "hanke", "verkosto", "tulos",
    "mittari", "kokeilu", "palaute", "työkyky", "hyvinvointi", "johtaminen", "turvallisuus", "etätyö", "rekrytointi", "kuormitus", "muutos",
    "vuorolista", "kehittäminen", "yritys", "kunta", "kuntayhtymä", "järjestö",
]  # fmt: skip


@dataclass(frozen=True)
class Row:
    """`queries` of one answer; `p95_ms` of all that were timed."""

    pages: int
    name: str
    queries: int
    p95_ms: float


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench-many BENCH=", description="Lists of a large site, beside a limit.")
    parser.add_argument("--json", action="store_true", help="the figures as JSON")
    parser.add_argument("--pages", type=int, default=10_000, help="how many stories the site has (10,000)")
    parser.add_argument("--times", type=int, default=40, help="how often each list is asked (40)")
    parser.add_argument("--data", type=Path, help="a folder that keeps the pages for the next run; else a temporary one")
    options = parser.parse_args()
    with demo_here(options.data):
        rows = list(bench(options.pages, options.times))
    report = summary(rows, options.pages)
    sys.stdout.write((json.dumps(report, indent=2) if options.json else table(report)) + "\n")
    sys.exit(not report["holds"])


def bench(pages: int, times: int) -> Iterator[Row]:
    sys.path.insert(0, "site")
    import django

    django.setup()
    from pages.models import StoryPage

    stories: Any = StoryPage.objects
    section = stories_section().pk
    for number in (pages // 10, pages):
        grow(number)
        # A folder that was kept may hold more already: then there is no smaller site to stand beside.
        if (found := stories.filter(locale__language_code="fi").count()) > number:
            say(f"The folder has {found:,} stories; {number:,} are not measured.")
            continue
        for name, path in LISTS.items():
            yield ask(name, path.format(middle=number // 20, section=section), number, times)


def stories_section() -> Any:
    """Of the first theme: a theme below it may have one of the same name."""
    from pages.models import SectionPage

    sections: Any = SectionPage.objects
    return sections.filter(slug="jutut").order_by("depth", "path").first()


def grow(number: int) -> None:
    """Stories by the actions of the product, each below the demo's own section."""
    from base.tasks import in_this_process
    from desk.opening import block, publish
    from pages.models import StoryPage

    stories: Any = StoryPage.objects
    section = stories_section()
    goals = list(section.theme.goals.all()[:1])
    have = stories.filter(locale__language_code="fi").count()
    with in_this_process():
        for count in range(have, number):
            chance = random.Random(count)  # noqa: S311 — words of a story, not a secret
            text = " ".join(chance.choices(WORDS, k=120)).capitalize() + "."
            title = f"Juttu {count}: {chance.choice(WORDS)} ja {chance.choice(WORDS)}"
            page = StoryPage(title=title, slug=f"juttu-{count}", lead=text[:150], search_description=text[:120])
            page.body = [block({"type": "paragraph", "text": text})]
            publish(page, section, {"goals": goals})
            if count % 500 == 0:
                say(f"{count:,} of {number:,} pages.")


def ask(name: str, path: str, pages: int, times: int) -> Row:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from base import remembered
    from base.models import User

    client, taken = Client(headers={"host": "localhost"}), []
    if path.startswith("/admin/"):
        client.force_login(User.objects.filter(is_superuser=True).first() or User.objects.create_superuser("bench"))
    for _time in range(times + 1):
        remembered.forget()
        before = time.perf_counter()
        answer = client.get(path)
        taken.append((time.perf_counter() - before) * 1000)
        assert answer.status_code == 200, path  # noqa: S101 — a bench of an error is none
    remembered.forget()
    with CaptureQueriesContext(connection) as found:
        client.get(path)
    # The first answer reads templates.
    return Row(pages, name, len(found), sorted(taken[1:])[min(times - 1, times * PERCENTILE // 100)])


def summary(rows: list[Row], pages: int) -> dict[str, Any]:
    before = {row.name: row for row in rows if row.pages < pages}
    large = [row for row in rows if row.pages == pages]
    found = [
        asdict(row) | {"queries_before": before[row.name].queries, "ratio": row.p95_ms / before[row.name].p95_ms}
        if row.name in before
        else asdict(row)
        for row in large
    ]
    holds = all(row["p95_ms"] <= MOST_MS and row["queries"] <= row.get("queries_before", row["queries"]) for row in found)
    return {"limit_ms": MOST_MS, "pages": pages, "lists": found, "holds": holds}


def table(report: dict[str, Any]) -> str:
    lines = [
        f"{report['pages']:,} stories; at most {report['limit_ms']:.0f} ms at p{PERCENTILE}, and no more queries than with a tenth of them.",
        "",
        f"{'':<24}{'p95 ms':>10}{'of a tenth':>12}{'queries':>10}{'of a tenth':>12}",
    ]
    for row in report["lists"]:
        ratio = f"{row['ratio']:.1f} ×" if "ratio" in row else ""
        lines.append(f"{row['name']:<24}{row['p95_ms']:>10,.0f}{ratio:>12}{row['queries']:>10}{row.get('queries_before', ''):>12}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
