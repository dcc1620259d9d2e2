"""The kinds of staff, as groups. `desk` grants their rights in a migration."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """The name of each group, as the admin shows it."""

    COMMUNICATIONS = "Communications"
    ORGANISERS = "Event organisers"
    COORDINATORS = "Coordinators"
    ADMINISTRATORS = "Administrators"
    # Of regional projects: they send in texts by a door of their own (`desk.door`).
    PROJECTS = "Project staff"
