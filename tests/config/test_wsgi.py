"""A web process and a worker, as they are when they have started."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Modules, models and their fields: far fewer would mean that it froze before they were loaded.
LEAST_FROZEN = 100_000


def said_by(says: str, data: Path) -> list[str]:
    extra = {"DJANGO_SETTINGS_MODULE": "config.settings.dev", "KANTAMA_DATA": str(data), "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'site'}"}
    environment = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}} | extra
    said = subprocess.run([sys.executable, "-c", says], cwd=ROOT, env=environment, capture_output=True, text=True, check=True, timeout=180)
    return said.stdout.split()


def test_a_web_process_does_not_look_for_garbage_in_what_it_has_loaded(tmp_path: Path) -> None:
    is_there, frozen = said_by("import gc; from config.wsgi import application; print(callable(application), gc.get_freeze_count())", tmp_path)
    assert (is_there, int(frozen) > LEAST_FROZEN) == ("True", True)


def test_nor_does_a_worker(tmp_path: Path) -> None:
    starts = "import django, gc; django.setup(); from queue import Queue; from multiprocessing import Value; from django_q.worker import worker"
    tasks = "tasks = Queue(); tasks.put('STOP')"
    (frozen,) = said_by(f"{starts}; {tasks}; worker(tasks, Queue(), Value('f', -1)); print(gc.get_freeze_count())", tmp_path)[-1:]
    assert int(frozen) > LEAST_FROZEN
