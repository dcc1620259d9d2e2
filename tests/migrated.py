"""An embedded database with every migration. Made once for a tree of migrations, and copied: to migrate takes longer than most test files."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "var" / "tests"


def copy_migrated(to: Path) -> None:
    """Whoever takes the copy migrates it still: what the migrations themselves import may have changed."""
    KEPT.mkdir(parents=True, exist_ok=True)
    kept = KEPT / f"migrated-{_key()}.sqlite3"
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            for old in KEPT.glob("migrated-*.sqlite3"):
                old.unlink()
            _make(kept)
    shutil.copy(kept, to)


def _key() -> str:
    found = sha256((ROOT / "uv.lock").read_bytes())
    for folder in ("site", "themes", "contacts", "newsletters", "events"):
        for path in sorted((ROOT / folder).glob("**/migrations/*.py")):
            found.update(path.name.encode() + path.read_bytes())
    return found.hexdigest()[:16]


def _make(kept: Path) -> None:
    settings = {"DJANGO_SETTINGS_MODULE": "config.settings.dev", "LOG_LEVEL": "WARNING"}
    others = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    with tempfile.TemporaryDirectory(dir=KEPT) as folder:
        migrate = [sys.executable, str(ROOT / "manage.py"), "migrate", "--verbosity", "0"]
        subprocess.run(migrate, env=others | settings | {"KANTAMA_DATA": folder}, check=True)
        (Path(folder) / "kantama.sqlite3").rename(kept)
