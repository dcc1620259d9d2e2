"""`manage.py start_theme`: an empty installation becomes a theme's, with its site and its first administrator, and without a demo."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, no_translations
from django.db import transaction

from base import environment
from base.languages import FALLBACK
from base.models import User
from desk.administrator import make_administrator, password_link
from desk.demo.content import FOLDER
from desk.opening import make_theme, open_site, open_standing, place_site, start_second
from desk.schedules import register_schedules
from pages.models import HomePage
from themes.models import Theme
from themes.places import address_of

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from wagtail.models import Page


class Command(BaseCommand):
    help = "Makes the theme, its site in three languages, the schedules and the first administrator. Run again, it adds only what is missing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--administrator", metavar="EMAIL", help="who signs in first; required until there is one")
        parser.add_argument(
            "--content", type=Path, default=FOLDER, metavar="FOLDER", help="theme.toml and pages.toml of your theme (Työelämän kehittäminen)"
        )

        parser.add_argument("--below", metavar="KEY", help="a further theme: a section of the site of the theme with this key")
        parser.add_argument("--host", metavar="NAME", default="", help="a further theme: its own host name, which is in ALLOWED_HOSTS")

    @no_translations
    def handle(self, *args: Any, **options: Any) -> None:
        email = options["administrator"]
        if not email and not User.objects.filter(is_superuser=True, is_active=True).exists():
            raise CommandError("There is no administrator yet; name one with --administrator EMAIL.")
        try:
            with transaction.atomic():
                # What may be refused comes before what takes its time.
                last = [self.administrator(email)] if email else []
                lines = [self.start(options["content"], options["below"], options["host"]), *last]
                register_schedules()
        except ValidationError as problem:
            raise CommandError(" ".join(problem.messages)) from None
        self.stdout.write("\n".join(lines))

    def start(self, folder: Path, below: str | None, hostname: str) -> str:
        content, pages = (self.content(folder / f"{name}.toml") for name in ("theme", "pages"))
        try:
            key = content["theme"]["key"]
            if (below or hostname) and not Theme.objects.filter(key=key).exists():
                return self.start_second(content, pages, below, hostname)
            is_alone = not (below or hostname)
            if is_alone and (other := Theme.objects.exclude(key=key).first()):
                raise CommandError(f"This installation belongs to {other.name} already.")
            theme = Theme.objects.filter(key=key).first()
            home: Page | None = HomePage.objects.filter(theme=theme, locale__language_code=FALLBACK).first() if theme else None
            is_new = home is None
            home = home or open_site(theme or make_theme(content), pages)["home"]
            open_standing(home, pages["standing"])
        except KeyError as missing:
            raise CommandError(f"{folder} has no {missing} where it is needed; compare it with {FOLDER}.") from None
        if is_alone:
            place_site(home)
        return f"{home.theme.name} is {'now' if is_new else 'already'} open, at {settings.BASE_URL}."

    def start_second(self, content: dict[str, Any], pages: dict[str, Any], below: str | None, hostname: str) -> str:
        above: Page | None = HomePage.objects.filter(theme__key=below, locale__language_code=FALLBACK).first() if below else None
        if below and above is None:
            raise CommandError(f"There is no theme with the key {below} and a site.")
        theme = start_second(content=content, pages=pages, below=above, hostname=hostname)
        return f"{theme.name} is now open, at {address_of(theme)}."

    def content(self, path: Path) -> dict[str, Any]:
        try:
            return tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, tomllib.TOMLDecodeError) as problem:
            raise CommandError(f"{path} cannot be read: {problem}.") from None

    def administrator(self, email: str) -> str:
        user = User.objects.filter(username=email).first()
        if user and not user.is_superuser:
            raise CommandError(f"{email} is a member of staff already, and no administrator.")
        if user and user.has_usable_password():
            return f"{email} is an administrator already."
        user = user or make_administrator(email=email, password=environment.text("ADMINISTRATOR_PASSWORD", ""))
        if user.has_usable_password():
            return f"{email} signs in at {settings.BASE_URL}/admin/ with ADMINISTRATOR_PASSWORD."
        return f"{email} sets a password here, once: {password_link(user)}"
