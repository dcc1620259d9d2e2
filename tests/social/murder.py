"""The outbox of posts while a fifth of the requests fail and workers are killed at random points. The networks' own logs are the truth.

`make posts` does it in full: 10,000 posts. The suite does it with some hundreds (`test_murder.py`).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

from tests.mail.murder import ROOT, database_url
from tests.own_database import own_database

if TYPE_CHECKING:
    from tests.social.servers.base import Network, Server

WORKERS, RATE = 2, 0.2
NAMES = ("x", "mastodon", "bluesky", "linkedin")


class Scene:
    """Four networks, some workers, and posts for each account."""

    def __init__(self, posts: int, seed: int) -> None:
        from tests import factories
        from tests.social.conftest import make_account, start

        self.chance = random.Random(seed)
        started = {name: start(name) for name in NAMES}
        self.networks: dict[str, Network] = {name: fake for name, (fake, _server) in started.items()}
        self.servers: list[Server] = [server for _fake, server in started.values()]
        self.urls = {name: server.url for name, (_fake, server) in started.items()}
        for number, fake in enumerate(self.networks.values()):
            fake.hang = 0.5
            fake.fail(RATE, seed=seed + number)
        theme = factories.make_theme()
        accounts = [make_account(theme, name, self.urls[name]) for name in NAMES]
        self.fill(theme, accounts, posts)
        self.workers: list[subprocess.Popen[bytes]] = []
        self.killed = self.looks = 0

    def fill(self, theme: Any, accounts: list[Any], posts: int) -> None:
        """Approved by the product's own actions, each post with a variant for all four accounts."""
        from social.models import Post, Variant
        from tests import factories
        from tests.social.conftest import send

        goal = factories.make_goal(theme)
        for number in range(posts // len(accounts)):
            post = Post(theme=theme, title=f"Numero {number}")
            post.goals = [goal]
            post.save()
            Variant.objects.bulk_create(
                Variant(post=post, account=account, language="fi", text=f"Uutinen numero {number}: työelämä & tuottavuus") for account in accounts
            )
            send(post)

    def start(self) -> subprocess.Popen[bytes]:
        hosts = {"x": self.urls["x"], "linkedin": self.urls["linkedin"], "linkedin_login": self.urls["linkedin"]}
        extra = {"DATABASE_URL": database_url(), "SOCIAL_TEST_HOSTS": json.dumps(hosts), "LOG_LEVEL": "ERROR"}
        path = os.pathsep.join([str(ROOT), str(ROOT / "site"), *sys.path])
        words = [sys.executable, "-m", "tests.social.worker"]
        return subprocess.Popen(words, cwd=ROOT, env=os.environ | extra | {"PYTHONPATH": path}, stdout=subprocess.DEVNULL)

    def kill_one(self) -> None:
        number = self.chance.randrange(WORKERS)
        kill(self.workers[number])
        self.workers[number] = self.start()
        self.killed += 1

    def look(self) -> Any:
        """The sums, whatever is going on."""
        from django.db import transaction

        from social import ledger

        with transaction.atomic():
            found = ledger.balance()
        assert found.is_balanced, found
        self.looks += 1
        return found

    def run(self, *, kills: int, patience: float) -> None:
        """Kills at random times while posts leave; then the rest leaves in peace, and the networks are as they should be."""
        self.end_workers()
        self.workers = [self.start() for _ in range(WORKERS)]
        end, left = time.monotonic() + patience, kills
        due = time.monotonic() + 2.5
        while (found := self.look()).waiting or left:
            assert time.monotonic() < end, found
            if left and time.monotonic() > due:
                self.kill_one()
                left -= 1
                # A worker needs some two seconds until it works.
                due = time.monotonic() + 2 + self.chance.random() * 2
                if not found.waiting:
                    break
            if not left:
                for fake in self.networks.values():
                    fake.rate = 0.0 if found.waiting < found.queued // 10 else fake.rate
            time.sleep(0.05)
        self.wait_for_confirmation(end)

    def wait_for_confirmation(self, end: float) -> None:
        from social.models import Delivery

        while Delivery.objects.filter(state="sent", confirmed_at=None).exclude(remote_id="").exists() or self.look().waiting:
            assert time.monotonic() < end
            time.sleep(0.1)

    def end_workers(self) -> None:
        for worker in self.workers:
            kill(worker)
        self.workers = []

    def end(self) -> None:
        self.end_workers()
        for server in self.servers:
            server.stop()

    def compare(self) -> Counter[str]:
        """No duplicate, no silent loss, every unknown outcome visible. Returns how many are in which state."""
        from social.models import Delivery
        from social.networks.linkedin import little

        states: Counter[str] = Counter()
        for name, fake in self.networks.items():
            taken = fake.texts()
            doubled = {text: count for text, count in taken.items() if count > 1}
            assert not doubled, (name, doubled)
            rows = Delivery.objects.filter(account__network=name)
            for row in rows:
                text = little(row.whole_text) if name == "linkedin" else row.whole_text
                states[row.state] += 1
                if row.state == "sent":
                    assert taken[text] == 1, f"{name}: {text} is called sent, and is not there"
                    assert fake.posts[row.remote_id].text == text
                else:
                    assert row.state == "in_doubt" or taken[text] == 0, f"{name}: {text} is {row.state}, and is there"
            assert set(taken) <= {little(row.whole_text) if name == "linkedin" else row.whole_text for row in rows}
        return states

    def settle(self) -> tuple[int, int]:
        """As somebody does who looks at each network. Returns how many were there, and how many had to be sent again."""
        from social import actions
        from social.models import Delivery
        from social.networks.linkedin import little

        there = again = 0
        for row in Delivery.objects.filter(state__in=Delivery.FOR_A_PERSON).select_related("account", "variant__post"):
            name = row.account.network
            if self.networks[name].texts()[little(row.whole_text) if name == "linkedin" else row.whole_text]:
                assert actions.say_sent(delivery=row, url="https://example.org/123", by=None)
                there += 1
            else:
                assert actions.send_again(delivery=row, by=None)
                again += 1
        return there, again

    def one_of_each(self) -> Counter[str]:
        """After a person has settled all."""
        from social.models import Delivery

        for name, fake in self.networks.items():
            assert set(fake.texts().values()) == {1}, name
            assert len(fake.posts) == Delivery.objects.filter(account__network=name).count()
        return Counter(Delivery.objects.values_list("state", flat=True))


def kill(process: subprocess.Popen[bytes]) -> None:
    """The process that we started, and no other."""
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


def main() -> None:
    parser = argparse.ArgumentParser(prog="make posts POSTS=", description="The outbox of posts, beside the networks' own logs.")
    parser.add_argument("--posts", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    options = parser.parse_args()
    with own_database():
        sys.stdout.write(report(options))


def report(options: argparse.Namespace) -> str:
    before = time.monotonic()
    scene = Scene(options.posts, options.seed)
    try:
        scene.run(kills=options.kills, patience=7200)
        first = scene.compare()
        there, again = scene.settle()
        for fake in scene.networks.values():
            fake.rate = 0.0
        scene.run(kills=0, patience=3600)
        last = scene.one_of_each()
    finally:
        scene.end()
    faults = sum((fake.given for fake in scene.networks.values()), Counter())
    return (
        f"Seed {options.seed}: {options.posts:,} posts, workers killed {scene.killed} times, {time.monotonic() - before:.0f} s.\n"
        f"What the networks did: {dict(sorted((fault.value, count) for fault, count in faults.items()))}\n"
        f"The sums balanced at {scene.looks:,} of {scene.looks:,} looks. No duplicate, no silent loss.\n"
        f"Then: {dict(first)}. Of those in doubt, {there} were there, {again} were sent again.\nAt the end: {dict(last)}.\n"
    )


if __name__ == "__main__":
    main()
