"""A web process, as it is when it has started."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Modules, models and their fields: far fewer would mean that it froze before they were loaded.
LEAST_FROZEN = 100_000


def test_a_web_process_does_not_look_for_garbage_in_what_it_has_loaded(tmp_path: Path) -> None:
    says = "import gc; from config.wsgi import application; print(callable(application), gc.get_freeze_count())"
    extra = {"DJANGO_SETTINGS_MODULE": "config.settings.dev", "KANTAMA_DATA": str(tmp_path), "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'site'}"}
    environment = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}} | extra
    said = subprocess.run([sys.executable, "-c", says], cwd=ROOT, env=environment, capture_output=True, text=True, check=True, timeout=180)
    is_there, frozen = said.stdout.split()
    assert (is_there, int(frozen) > LEAST_FROZEN) == ("True", True)
