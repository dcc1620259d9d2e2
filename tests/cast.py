"""The people of the tests: one of each role, and somebody with a login and no role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import Group

from base.models import User
from base.roles import Role

if TYPE_CHECKING:
    from django.test import Client

NAMES = {
    Role.COMMUNICATIONS: ("viola", "Viola", "Viestijä"),
    Role.ORGANISERS: ("jarno", "Jarno", "Järjestäjä"),
    Role.COORDINATORS: ("kaisa", "Kaisa", "Koordinaattori"),
    Role.ADMINISTRATORS: ("hanna", "Hanna", "Hallinta"),
    Role.PROJECTS: ("helmi", "Helmi", "Hanke"),
    None: ("ulla", "Ulla", "Ulkopuolinen"),
}


class Cast:
    """Each is made when first asked for. `None` is the one without a role."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def user(self, role: Role | None) -> User:
        username, first_name, last_name = NAMES[role]
        user, is_new = User.objects.get_or_create(
            username=username, defaults={"email": f"{username}@example.org", "first_name": first_name, "last_name": last_name}
        )
        if is_new and role:
            user.groups.add(Group.objects.get(name=role.value))
        return user

    def enter(self, role: Role | None) -> Client:
        """The client, logged in."""
        self.client.force_login(self.user(role))
        return self.client
