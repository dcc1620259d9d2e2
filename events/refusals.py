"""Why a wish is not granted. Views say it in words; nothing is kept of what was asked."""

from __future__ import annotations


class EventFull(Exception):
    """There is no seat left."""


class WrongCode(Exception):
    """The event opens by an access code, and this is none."""


class GroupTooLarge(Exception):
    """More people than one registration may bring."""


class TooManyMails(Exception):
    """The address got so many links within a day that somebody may be using us against its owner."""


class RegistrationClosed(Exception):
    """The event is over or cancelled, or the registration was cancelled."""
