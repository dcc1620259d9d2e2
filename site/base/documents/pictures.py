"""Drawings of a document as pixels, for programs that read no SVG: drawn by the typesetter, in the house's face."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from base.documents.pdf import compiled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from base.documents.parts import Picture

DOTS = 200


def as_png(pictures: Sequence[Picture]) -> Iterator[bytes]:
    """In their order; all in one go, as beginning costs more than drawing."""
    if not pictures:
        return iter(())
    made = compiled("pictures.typ", {"words": json.dumps({"pictures": [part.svg for part in pictures]})}, format="png", ppi=DOTS)
    return iter(made if isinstance(made, list) else [made])
