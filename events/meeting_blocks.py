"""What a meeting is made of: the items of its agenda with papers, minutes and decisions, and who took part."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from base.blocks import RICH_TEXT
from base.blocks.choices import RowChoice
from base.bounds import bound, everywhere
from base.roles import Role
from themes.models import Theme
from themes.teams import people_of

CAME, INVITED = {"present", "online"}, "invited"
PARTS = [("chair", _("Chair")), ("secretary", _("Secretary")), ("member", _("Member")), ("expert", _("Expert"))]
STATES = [
    (INVITED, pgettext_lazy("meeting", "Invited")),
    ("present", _("Present")),
    ("online", _("Present online")),
    ("away", _("Was prevented")),
]


def staff() -> list[tuple[str, str]]:
    """Who works in the theme that the editor works in."""
    theme = Theme.objects.filter(pk=number).first() if (number := bound()) else None
    with everywhere():
        users = people_of(theme, [role.value for role in Role]) if theme else get_user_model().objects.filter(is_active=True)
        return [(str(user.pk), user.get_full_name() or user.get_username()) for user in users.order_by("last_name", "first_name", "username")]


class DecisionBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("What was decided"), max_length=1000, rows=2)
    responsible = RowChoice(
        label=_("Who follows it up"), choices=staff, required=False, help_text=_("It stands on their home screen until it is done.")
    )
    due = blocks.DateBlock(label=_("By when"), required=False)


class ItemBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=200)
    text = blocks.RichTextBlock(label=_("What it is about"), features=RICH_TEXT, required=False)
    documents = blocks.ListBlock(DocumentChooserBlock(label=_("File")), label=_("Papers"), default=[])
    minutes = blocks.RichTextBlock(label=_("Minutes of the meeting"), features=RICH_TEXT, required=False)
    decisions = blocks.ListBlock(DecisionBlock(label=_("Decision")), label=_("Decisions"), default=[])

    class Meta:
        icon = "list-ol"
        label = _("Item of the agenda")
        label_format = "{title}"


class AgendaBlock(blocks.StreamBlock):
    item = ItemBlock()

    class Meta:
        required = False


class TakesPartBlock(blocks.StructBlock):
    person = SnippetChooserBlock("contacts.Person", label=_("Person"))
    part = blocks.ChoiceBlock(label=_("Part"), choices=PARTS, default="member")
    state = blocks.ChoiceBlock(label=_("Took part"), choices=STATES, default=INVITED)

    class Meta:
        icon = "user"
        label = _("Person")
        label_format = "{person}"


class AttendanceBlock(blocks.StreamBlock):
    person = TakesPartBlock()

    class Meta:
        required = False
