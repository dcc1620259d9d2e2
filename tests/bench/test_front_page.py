"""What the benchmark makes of wrk's reports. Nothing is timed here."""

from __future__ import annotations

import json

import pytest

from bench.front_page import Report, Round
from bench.load import Sample, read_report, spread
from bench.machine import BenchProblem

REPORT = """Running 4s test @ http://127.0.0.1:18431/fi/
  1 threads and 16 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency   160.35ms   29.37ms 278.01ms   92.58%
    Req/Sec    98.10     20.43   150.00     70.00%
  Latency Distribution
     50%  158.41ms
     75%  163.00ms
     90%  171.25ms
     99%    1.02s
  393 requests in 4.03s, 3.97MB read
Requests/sec:     97.64
Transfer/sec:      0.99MB
"""


def test_a_report_is_read():
    assert read_report(REPORT) == Sample(97.64, 158.41, 1020.0)


@pytest.mark.parametrize("line", ["  Non-2xx or 3xx responses: 393", "  Socket errors: connect 0, read 3, write 0, timeout 1"])
def test_a_report_of_failed_requests_is_no_result(line):
    with pytest.raises(BenchProblem, match=line.strip()):
        read_report(REPORT + line)


def test_a_report_without_figures_is_no_result():
    with pytest.raises(BenchProblem, match="cannot be read"):
        read_report("unable to connect")


def test_the_ratio_is_taken_within_each_round():
    rounds = [Round(Sample(product, 1, 2), Sample(nginx, 3, 4)) for product, nginx in ((100, 1000), (300, 1000), (90, 450))]
    report = Report({"page": "/fi/"}, rounds)
    assert report.ratio == spread([0.1, 0.3, 0.2])
    assert report.ratio.median == 0.2
    assert report.noise == 0.55
    found = json.loads(report.as_json())
    assert found["product"] == {"median": 100, "lowest": 90, "highest": 300}
    assert [one["ratio"] for one in found["rounds"]] == [0.1, 0.3, 0.2]
    assert "noisy machine" in report.as_table()
