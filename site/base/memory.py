"""What a long-lived process has loaded stays."""

from __future__ import annotations

import gc


def keep_what_is_loaded(**_signal: object) -> None:
    """Looking through it again and again for garbage would cost single requests a tenth of a second and more, and a worker a tenth of its time."""
    gc.collect()
    gc.freeze()
