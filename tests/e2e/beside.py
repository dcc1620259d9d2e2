"""Runs beside a server, on its database: one process that calls functions as long as the server stands (`Server.call`)."""

from __future__ import annotations

import json
import sys
import traceback
from typing import Any

from django.utils.module_loading import import_string


def answer_calls() -> None:
    """A JSON line for each: [function, arguments] comes in, {"answer": …} or {"error": …} goes out."""
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        function, arguments = json.loads(line)
        print(json.dumps(_answer(function, arguments)), file=answers, flush=True)


def _answer(function: str, arguments: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"answer": import_string(function)(**arguments)}
    except Exception:
        return {"error": traceback.format_exc()}
