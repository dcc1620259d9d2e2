"""Mails of comments beside fields, each in its reader's language. They stand in for Wagtail's, which know only a language that was chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from wagtail.admin import mail

from desk.approval.notices import edit_address, name_of, write

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from base.models import User


def tell(people: Iterable[User], notification: str, what: dict[str, Any]) -> bool:
    """With the arguments that Wagtail's editor gives; comments are the only ones that it tells of."""
    page, moment = what["page"], timezone.now().timestamp()
    for person in people:
        with translation.override(person.language):
            write(
                person,
                wants=notification,
                key=f"desk.comments:{page.pk}:{person.pk}:{moment}",
                subject=_("Comments on the page: %(title)s") % {"title": page.get_admin_display_title()},
                paragraphs=list(_sentences(name_of(what["editor"]), what)),
                button=(_("Edit the page"), edit_address(page)),
            )
    return True


def _sentences(name: str, what: dict[str, Any]) -> Iterator[str]:
    for comment in what["new_comments"]:
        yield _("%(name)s commented: “%(text)s”") % {"name": name, "text": comment.text}
    for thread in what["replied_comments"]:
        for reply in thread["replies"]:
            words = {"name": name, "comment": thread["comment"].text, "text": reply.text}
            yield _("%(name)s answered the comment “%(comment)s”: “%(text)s”") % words
    for comment in what["resolved_comments"]:
        yield _("%(name)s marked the comment “%(text)s” as resolved") % {"name": name, "text": comment.text}
    for comment in what["deleted_comments"]:
        yield _("%(name)s deleted the comment “%(text)s”") % {"name": name, "text": comment.text}


def connect() -> None:
    """Before Wagtail's editor takes it from there."""
    mail.send_notification = tell
