from __future__ import annotations

from wagtail.snippets.models import register_snippet

from contacts.viewsets import ContactsGroup

register_snippet(ContactsGroup)
