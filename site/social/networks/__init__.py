"""What speaks with each network. A `Network` is made for an account, speaks, and is closed; it touches no row of the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from social.networks.wire import Credentials, Network

if TYPE_CHECKING:
    from collections.abc import Callable


def network(name: str, credentials: Credentials, server: str = "", keep: Callable[[Credentials], None] | None = None) -> Network:
    """`keep` is told of credentials that the network has renewed. `server` is the account's own, on networks of many servers."""
    from social.networks.bluesky import Bluesky
    from social.networks.linkedin import LinkedIn
    from social.networks.mastodon import Mastodon
    from social.networks.x import X

    kinds: dict[str, type[Network]] = {"x": X, "mastodon": Mastodon, "bluesky": Bluesky, "linkedin": LinkedIn}
    return kinds[name](credentials, server, keep)
