"""What else comes in by mail and is no bounce: a package above registers a reader of it in `AppConfig.ready`, such as of answers to invitations."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from mail.inbound.parts import Mail

    # True for what it understood, whether or not anything followed: nobody else reads it then. It bears a repeat, and raises only what a broken
    # database raises.
    Reader = Callable[[Mail], bool]

_readers: dict[str, Reader] = {}


def register(name: str, reader: Reader) -> None:
    _readers[name] = reader


def is_read(mail: Mail) -> bool:
    return any(reader(mail) for reader in _readers.values())
