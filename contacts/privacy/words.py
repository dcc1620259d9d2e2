"""Where data came from and what was consented to, in words. Packages store keys of their own (`newsletter:tyokirje`) and say here what they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django_stubs_ext import StrOrPromise

_tellers: list[Callable[[set[str]], dict[str, str]]] = []
OWN: dict[str, StrOrPromise] = {
    "event registration": gettext_lazy("Registration for an event"),
    "contacts.shown_on_site": gettext_lazy("Showing on the site"),
}


def register(tell: Callable[[set[str]], dict[str, str]]) -> None:
    _tellers.append(tell)


def in_words(keys: Iterable[str]) -> dict[str, str]:
    """What nobody knows is told as it stands: the staff typed it. One query at most for each package."""
    wanted = set(keys)
    found = {key: str(OWN[key]) for key in wanted & set(OWN)}
    for tell in _tellers:
        found |= tell(wanted - set(found))
    return {key: found.get(key, key) for key in wanted}


def told(key: str) -> str:
    return in_words([key])[key]


def basis_in_words(basis: str) -> str:
    """With its place in the law, as Article 14(1)(c) asks."""
    articles = {
        "consent": _("your consent (GDPR, Article 6(1)(a))"),
        "public_task": _("a task carried out in the public interest (GDPR, Article 6(1)(e))"),
        "legitimate_interest": _("a legitimate interest (GDPR, Article 6(1)(f)): cooperation in the programme"),
    }
    return articles[basis]
