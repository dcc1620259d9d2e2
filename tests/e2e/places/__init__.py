"""Runs beside the server (`Server.call`): where its pages are. What must be there for it is made by the product's own actions."""

from __future__ import annotations

from django.utils import translation

from tests.e2e.places import contacts, editing, events, letters, public, social


def places(language: str = "fi") -> dict[str, str]:
    """Path of one page of each kind, by name."""
    with translation.override(language):
        found = public.public(language) | public.of_search(language) | events.of_registrations(language) | public.of_own_data()
        found |= letters.of_subscribers(language) | of_staff()
    return {name: address[address.index("/", 8) :] if address.startswith("http") else address for name, address in found.items()}


def of_staff() -> dict[str, str]:
    return editing.of_staff() | letters.of_staff() | events.of_staff() | contacts.of_staff() | social.of_staff()
