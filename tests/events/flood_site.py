"""The web server of `tests.events.flood`: production's entry, where what takes half an hour or a minute is over sooner, by the factor FLOOD_HURRY."""

from __future__ import annotations

import os

from config.wsgi import application as application
from events import actions, rush

HURRY = float(os.environ["FLOOD_HURRY"])

actions.HOLD /= HURRY
rush.FIRST_SLOW, rush.SLOW_GAP, rush.LONGEST_SLOW = rush.FIRST_SLOW / HURRY, rush.SLOW_GAP / HURRY, rush.LONGEST_SLOW / HURRY
