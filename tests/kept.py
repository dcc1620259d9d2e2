"""What takes long to make and is the same for the same sources: made once, by whoever comes first, kept in `var/tests`, and copied."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "var" / "tests"
PACKAGES = ("site", "themes", "contacts", "newsletters", "events")
DATABASE = "kantama.sqlite3"
SUBSCRIBERS = 60
# Of the demo, as of the site.
TODAY = str(datetime.now(ZoneInfo("Europe/Helsinki")).date())


def copy_migrated(to: Path) -> None:
    """An embedded database with every migration. Whoever takes the copy migrates it still: what the migrations themselves import may have changed."""
    of = _kept("schemas", KEPT / f"schemas-{_digest_of_migrations()}", _migrate) / DATABASE
    for log in ("-wal", "-shm"):
        to.with_name(f"{to.name}{log}").unlink(missing_ok=True)
    new = to.with_name(f"{to.name}-new")
    shutil.copy(of, new)
    new.replace(to)


def copy_migrated_on_server(to: str) -> None:
    """The same on PostgreSQL, whose databases are copies of one that stays there. One of the name goes."""
    from django.db import connection

    # Checkouts of the sources share a server, and none takes what another made.
    ours = f"kantama_{sha256(str(ROOT).encode()).hexdigest()[:8]}"
    made = f"{ours}_{_digest_of_migrations()}"
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [ours])
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [ours])
        names = {row[0] for row in cursor.fetchall()}
        if made not in names:
            for old in names:
                cursor.execute(f'DROP DATABASE "{old}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{ours}"')
            _migrate(KEPT, DATABASE_URL=url_of(ours))
            cursor.execute(f'ALTER DATABASE "{ours}" RENAME TO "{made}"')
        drop_on_server(to)
        cursor.execute(f'CREATE DATABASE "{to}" TEMPLATE "{made}"')


def drop_on_server(name: str) -> None:
    from django.db import connection

    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def url_of(name: str) -> str:
    """The address of a database on the server that the tests have."""
    from django.db import connection

    values = connection.settings_dict
    return f"postgres://{values['USER']}:{values['PASSWORD']}@{values['HOST']}:{values['PORT']}/{name}"


def copy_demo(to: Path) -> None:
    """A data folder with the demo of today, its logins and `SUBSCRIBERS`. Who writes tests may keep one, in the folder that E2E_DEMO names."""
    sources = (path for package in PACKAGES for path in (ROOT / package).glob("**/*") if path.is_file() and path.suffix != ".pyc")
    kept = Path(os.environ.get("E2E_DEMO") or KEPT / f"demo-{_digest(sources)}-{TODAY}")
    shutil.copytree(_kept("demo", kept, _make_demo), to, dirs_exist_ok=True)


def _kept(name: str, kept: Path, make: Callable[[Path], None]) -> Path:
    """The folder, which `make` has filled. One of other sources goes."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            for old in KEPT.glob(f"{name}-*"):
                shutil.rmtree(old)
            with tempfile.TemporaryDirectory(dir=KEPT, ignore_cleanup_errors=True) as folder:
                make(Path(folder))
                shutil.move(folder, kept)
    return kept


def _digest(sources: Iterator[Path]) -> str:
    found = sha256((ROOT / "uv.lock").read_bytes())
    for path in sorted(sources):
        found.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return found.hexdigest()[:16]


@cache
def _digest_of_migrations() -> str:
    return _digest(path for package in PACKAGES for path in (ROOT / package).glob("**/migrations/*.py"))


def _migrate(folder: Path, **more: str) -> None:
    _manage(folder, "migrate", "--verbosity", "0", **more)


def _make_demo(folder: Path) -> None:
    copy_migrated(folder / DATABASE)
    _migrate(folder)
    _manage(folder, "demo", "--logins", "--subscribers", str(SUBSCRIBERS), "--today", TODAY)


def _manage(folder: Path, *words: str, **more: str) -> None:
    ours = {"KANTAMA_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings.dev", "LOG_LEVEL": "WARNING", "BASE_URL": "http://127.0.0.1:8000"}
    others = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL", "EMAIL_URL"}}
    done = subprocess.run([sys.executable, str(ROOT / "manage.py"), *words], env=others | ours | more, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-4000:])
