"""What contacts give to running text: people whom readers may turn to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from base.blocks import groups
from base.blocks.choices import RowChoice
from contacts.models import Role
from contacts.showing import shown_people

if TYPE_CHECKING:
    from collections.abc import Sequence


def choices() -> list[tuple[str, str]]:
    return [(str(person.key), str(person)) for person in shown_people()]


class PeopleBlock(blocks.StructBlock):
    """Only those who have agreed to be shown. Without a page around it it has nothing to say: no feed and no index keeps a name."""

    title = blocks.CharBlock(label=_("Title"), max_length=90, required=False)
    people = blocks.ListBlock(
        RowChoice(label=_("Person"), choices=choices, help_text=_("Those who have agreed to be shown; write the agreement down in Contacts.")),
        label=_("People"),
        max_num=12,
    )

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        return context | {"people": cards(list(value["people"])) if context.get("page") is not None else []}

    class Meta:
        icon = "group"
        label = _("People")
        group = groups.SITE
        help_text = _("Contact persons with their job, organisation and office, as far as they have agreed to be shown.")
        template = "contacts/blocks/people.html"


def cards(keys: Sequence[str]) -> list[dict[str, str]]:
    """Name, role, organisation and address of each who may be shown now, in this order. Two queries."""
    people = {str(person.key): person for person in shown_people().filter(key__in=[key for key in keys if key])}
    today = timezone.localdate()
    roles = Role.objects.filter(Q(ends=None) | Q(ends__gte=today), person__in=people.values()).select_related("organisation").order_by("pk")
    role_of = {role.person_id: role for role in roles}
    found = []
    for person in (people[key] for key in keys if key in people):
        role = role_of.get(person.pk)
        organisation = role.organisation if role else None
        found.append(
            {
                "key": str(person.key),
                "name": f"{person.first_name} {person.last_name}".strip(),
                "role": role.title if role else "",
                "organisation": organisation.name if organisation else "",
                "address": organisation.address if organisation else "",
            }
        )
    return [card for card in found if card["name"]]
