"""The EU emblem as a small PNG, for mails: clients block SVG, and a picture inside the mail asks no server."""

from __future__ import annotations

from base import emblem

CONTENT_ID = "eu-emblem"
URL = f"cid:{CONTENT_ID}"
# Shown at 84 x 56; twice as many pixels for sharp screens.
HEIGHT = 112


def emblem_png() -> bytes:
    return emblem.emblem_png(HEIGHT)
