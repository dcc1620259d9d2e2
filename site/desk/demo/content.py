"""Reads the demo's texts, `content/*.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "content"


@cache
def read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def words(name: str, texts: dict[str, str]) -> dict[str, str]:
    """The fields of a row that has a text in three languages."""
    return {f"{name}_{code}": texts[code] for code in ("fi", "sv", "en")}
