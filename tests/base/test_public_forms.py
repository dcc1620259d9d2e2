"""Who sent a form, for the limit."""

from __future__ import annotations

import pytest

from base.public_forms import client_address


@pytest.mark.parametrize(
    ("proxies", "forwarded", "remote", "expected"),
    [
        (0, "192.0.2.9", "192.0.2.1", "192.0.2.1"),
        (1, "198.51.100.7, 192.0.2.9", "127.0.0.1", "192.0.2.9"),
        (2, "192.0.2.9", "127.0.0.1", "127.0.0.1"),
        (1, "2001:db8:1:2:3:4:5:6", "127.0.0.1", "2001:db8:1:2::/64"),
        (0, "", "2001:db8:1:2::7", "2001:db8:1:2::/64"),
        (0, "", "::ffff:192.0.2.1", "::ffff:192.0.2.1"),
        (1, "unknown", "127.0.0.1", "unknown"),
    ],
)
def test_the_senders_network(rf, settings, proxies, forwarded, remote, expected):
    settings.TRUSTED_PROXIES = proxies
    request = rf.post("/", REMOTE_ADDR=remote, headers={"x-forwarded-for": forwarded})
    assert client_address("any", request) == expected
