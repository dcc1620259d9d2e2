"""What people need to know of a venue before they come, as facts to choose, each in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.utils.functional import _StrPromise

# In the order in which somebody comes to the place. Those of what happens there hold online, too.
OF_THE_PLACE: dict[str, _StrPromise] = {
    "step_free": _("Step-free way in and inside"),
    "automatic_doors": _("Doors that open by themselves"),
    "parking": _("Parking space for people with reduced mobility"),
    "lift": _("Lift that a wheelchair fits into"),
    "toilet": _("Accessible toilet"),
    "wheelchair_places": _("Places for wheelchairs in the hall"),
    "induction_loop": _("Induction loop"),
    "quiet_room": _("Quiet room"),
    "guide_dogs": _("Guide and assistance dogs are welcome"),
    "assistant": _("A personal assistant comes along free of charge, without a seat of their own"),
}
OF_WHAT_HAPPENS: dict[str, _StrPromise] = {
    "captions_fi": _("Live captions in Finnish"),
    "captions_sv": _("Live captions in Swedish"),
    "captions_en": _("Live captions in English"),
    "sign_fi": _("Interpreted into Finnish Sign Language"),
    "sign_sv": _("Interpreted into Finland-Swedish Sign Language"),
    "interpreted": _("Interpreted between Finnish and Swedish"),
    "material_before": _("Presentations can be read beforehand"),
    "easy_language": _("In easy language"),
}
FACTS = OF_THE_PLACE | OF_WHAT_HAPPENS


def access_in_words(keys: Iterable[str]) -> list[str]:
    chosen = set(keys)
    return [str(words) for key, words in FACTS.items() if key in chosen]


def names_the_place(keys: Iterable[str]) -> bool:
    return not OF_THE_PLACE.keys().isdisjoint(keys)
