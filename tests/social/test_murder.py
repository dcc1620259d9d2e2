"""Some hundreds of posts, a fifth of the requests failing, and workers killed at random: the networks' own logs beside the ledger."""

from __future__ import annotations

import pytest

from tests.social.murder import Scene


@pytest.mark.django_db(transaction=True)
def test_no_post_is_doubled_and_none_is_lost():
    scene = Scene(posts=300, seed=20261128)
    try:
        scene.run(kills=6, patience=900)
        states = scene.compare()
        assert sum(states.values()) == 300
        assert set(states) <= {"sent", "in_doubt"}
        assert scene.killed >= 3
        faults = sum(count for fake in scene.networks.values() for fault, count in fake.given.items() if fault != "200")
        assert faults > 40
        # A person looks at each network, and then there is one of each.
        scene.settle()
        for fake in scene.networks.values():
            fake.rate = 0.0
        scene.run(kills=0, patience=600)
        assert set(scene.one_of_each()) == {"sent"}
    finally:
        scene.end()
