"""`make bench-first-load`: an article with its picture, opened for the first time in headless Chromium as a telephone, beside the limits.

The product runs as production runs it, with the demo. Every article that begins with a picture is opened in a browser context of its own, so
that nothing is kept from before; once with the line of a good mobile network and a processor four times as slow, once without either.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bench.load import spread
from bench.machine import BenchProblem, fetch, say
from bench.product import HEADERS, Product, prepare, settings, start_product

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM = "/usr/bin/chromium"
# Of a first load: all that travels, the largest thing painted, and how much moves afterwards.
MOST_BYTES, MOST_LCP_MS, MOST_SHIFT = 100_000, 1000.0, 0.02
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}
# Bits a second down and up, milliseconds there and back, times that the processor is slower.
LINES = {"4G": (9_000_000, 4_500_000, 60, 4), "no limit": None}
PAINTED = """() => new Promise(done => {
  const found = { lcp: 0, shift: 0 };
  new PerformanceObserver(list => { for (const one of list.getEntries()) found.lcp = one.startTime })
    .observe({ type: "largest-contentful-paint", buffered: true });
  new PerformanceObserver(list => { for (const one of list.getEntries()) if (!one.hadRecentInput) found.shift += one.value })
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(found), 300);
})"""


@dataclass(frozen=True)
class Load:
    """One first load. `strangers` are hosts of others that were asked."""

    path: str
    line: str
    bytes: int
    requests: int
    lcp_ms: float
    shift: float
    strangers: list[str]


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench-first-load BENCH=", description="First loads of articles as a telephone, beside the limits.")
    parser.add_argument("--json", action="store_true", help="the figures as JSON")
    parser.add_argument("--rounds", type=int, default=3, help="how often each article is opened on each line (3)")
    parser.add_argument("--data", type=Path, help="a folder that keeps the demo for the next run; else a temporary one")
    options = parser.parse_args()
    try:
        loads = bench(options)
    except BenchProblem as problem:
        sys.exit(f"bench: {problem}")
    report = summary(loads)
    sys.stdout.write((json.dumps(report | {"loads": [asdict(one) for one in loads]}, indent=2) if options.json else table(report)) + "\n")
    sys.exit(not report["holds"])


def bench(options: argparse.Namespace) -> list[Load]:
    from playwright.sync_api import sync_playwright

    if not Path(CHROMIUM).exists():
        raise BenchProblem("Debian's package that this needs is not installed: chromium.")
    with tempfile.TemporaryDirectory(prefix="kantama-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        environment = settings(options.data.resolve() if options.data else folder / "data")
        prepare(environment)
        product = start_product(stack, environment, folder)
        paths = pictured(product)
        say(f"{len(paths)} articles begin with a picture.")
        browser = stack.enter_context(sync_playwright()).chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        stack.callback(browser.close)
        # What the servers keep is warm, as it is for all but the first reader.
        for path in paths:
            first_load(browser, product, path, "no limit")
        return [first_load(browser, product, path, line) for _round in range(options.rounds) for line in LINES for path in paths]


def pictured(product: Product) -> list[str]:
    plain = HEADERS | {"Accept-Encoding": "identity"}
    found: list[str] = re.findall(r"<loc>https?://[^/]+(/fi/[^<]+)</loc>", fetch(f"{product.url}/fi/sitemap.xml", plain)[0].decode())
    paths = [path for path in found if 'fetchpriority="high"' in fetch(product.url + path, plain)[0].decode()]
    if not paths:
        raise BenchProblem("No page of the map begins with a picture.")
    return paths


def first_load(browser: Browser, product: Product, path: str, line: str) -> Load:
    context = browser.new_context(**PHONE, extra_http_headers={"X-Forwarded-Proto": "https"})
    try:
        page, here = context.new_page(), urlsplit(product.url).netloc
        told = context.new_cdp_session(page)
        told.send("Network.enable")
        sizes: list[int] = []
        hosts: list[str] = []
        told.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
        page.on("request", lambda request: hosts.append(urlsplit(request.url).netloc))
        if limits := LINES[line]:
            down, up, latency, slower = limits
            speeds = {"downloadThroughput": down / 8, "uploadThroughput": up / 8, "latency": latency, "offline": False}
            told.send("Network.emulateNetworkConditions", speeds)
            told.send("Emulation.setCPUThrottlingRate", {"rate": slower})
        page.goto(product.url + path, wait_until="networkidle")
        painted = page.evaluate(PAINTED)
        return Load(path, line, sum(sizes), len(sizes), painted["lcp"], painted["shift"], sorted({host for host in hosts if host not in {here, ""}}))
    finally:
        context.close()


def summary(loads: list[Load]) -> dict[str, Any]:
    """By line: the worst article, each by the median of its rounds."""
    found: dict[str, Any] = {"limits": {"bytes": MOST_BYTES, "lcp_ms": MOST_LCP_MS, "shift": MOST_SHIFT}, "lines": {}}
    for line in dict.fromkeys(one.line for one in loads):
        by_path: dict[str, list[Load]] = {}
        for one in loads:
            if one.line == line:
                by_path.setdefault(one.path, []).append(one)
        worst = {
            name: max((spread([getattr(one, name) for one in rounds]).median, path) for path, rounds in by_path.items())
            for name in ("bytes", "lcp_ms", "shift", "requests")
        }
        found["lines"][line] = {name: {"value": value, "path": path} for name, (value, path) in worst.items()}
    found["articles"] = len({one.path for one in loads})
    found["strangers"] = sorted({host for one in loads for host in one.strangers})
    held = [row[name]["value"] <= limit for row in found["lines"].values() for name, limit in found["limits"].items()]
    found["holds"] = all(held) and not found["strangers"]
    return found


def table(report: dict[str, Any]) -> str:
    limits = report["limits"]
    lines = [
        f"The heaviest, slowest and least steady of {report['articles']} articles; at most {limits['bytes']:,} bytes, "
        f"{limits['lcp_ms']:.0f} ms until the largest thing is painted, {limits['shift']} moved.",
        "",
        f"{'':<10}{'bytes':>10}{'requests':>10}{'LCP ms':>10}{'moved':>10}",
    ]
    for line, row in report["lines"].items():
        values = {name: cell["value"] for name, cell in row.items()}
        lines.append(f"{line:<10}{values['bytes']:>10,.0f}{values['requests']:>10.0f}{values['lcp_ms']:>10,.0f}{values['shift']:>10.3f}")
    lines.append(f"Hosts of others that were asked: {', '.join(report['strangers']) or 'none'}.")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
