"""A login for each role, for trying the product out on one's own machine."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import Group
from wagtail.users.models import UserProfile

from base.models import User
from base.roles import Role

PASSWORD = "kantama"  # noqa: S105 — the demo's, printed on the screen


@dataclass(frozen=True)
class Login:
    username: str
    role: Role
    first_name: str
    last_name: str


LOGINS = (
    Login("viestija", Role.COMMUNICATIONS, "Viola", "Viestijä"),
    Login("jarjestaja", Role.ORGANISERS, "Jarno", "Järjestäjä"),
    Login("koordinaattori", Role.COORDINATORS, "Kaisa", "Koordinaattori"),
    Login("hallinta", Role.ADMINISTRATORS, "Hanna", "Hallinta"),
    Login("oppija", Role.COMMUNICATIONS, "Oona", "Oppija"),
    Login("hanke", Role.PROJECTS, "Helmi", "Hanke"),
)


def make_logins() -> None:
    """Those that are there already stay as they are."""
    for login in LOGINS:
        user, is_new = User.objects.get_or_create(
            username=login.username, email=f"{login.username}@example.org", defaults={"first_name": login.first_name, "last_name": login.last_name}
        )
        if not is_new:
            continue
        user.set_password(PASSWORD)
        user.is_superuser = user.is_staff = login.role == Role.ADMINISTRATORS
        user.save()
        user.groups.add(Group.objects.get(name=login.role.value))
        UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": "fi", "current_time_zone": "Europe/Helsinki"})
