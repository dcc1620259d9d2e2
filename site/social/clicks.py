"""Short links of posts: where they lead, and how often people follow them. No cookie is set, and nothing is kept of who it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from base.machines import agent_of, asks_for_peace, is_fetched_ahead, is_machines_name
from contacts import outreach
from contacts.models import Tally
from mail.clicks import Rule
from social.models.deliveries import Click, Delivery

if TYPE_CHECKING:
    from django.http import HttpRequest

PEACE = "peace"
HEAD = "head"


def short_address(token: str) -> str:
    return f"{settings.BASE_URL}{reverse('social:follow', args=[token])}"


@require_safe
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """Leads on at once, counted or not."""
    delivery = Delivery.objects.filter(token=token).exclude(link="").select_related("variant__post").first()
    if delivery is None:
        raise Http404
    count(delivery, rule_for(request))
    response = HttpResponseRedirect(delivery.link)
    patch_cache_control(response, private=True, no_store=True)
    response["X-Robots-Tag"] = "noindex"
    return response


def rule_for(request: HttpRequest) -> str:
    """The networks themselves fetch each link for its card: they are machines that say so, or ask with HEAD."""
    agent = agent_of(request.META)
    if request.method == "HEAD":
        return HEAD
    if not agent.strip():
        return Rule.NO_AGENT.value
    if is_machines_name(agent):
        return Rule.CRAWLER.value
    if is_fetched_ahead(request.META):
        return Rule.PREFETCH.value
    if asks_for_peace(request.META):
        return PEACE
    return Rule.PERSON.value


@transaction.atomic
def count(delivery: Delivery, rule: str) -> None:
    """Machines too, by their rule: what was left out is shown beside what was counted."""
    place = {"delivery": delivery, "day": timezone.localdate(), "rule": rule}
    if not Click.objects.filter(**place).update(number=F("number") + 1):
        row, is_new = Click.objects.get_or_create(**place, defaults={"number": 1})
        if not is_new:
            Click.objects.filter(pk=row.pk).update(number=F("number") + 1)
    act = outreach.of_item(delivery.variant.post.key)
    if rule == Rule.PERSON and act:
        outreach.count(act, Tally.Kind.CLICK, cause=f"social.delivery:{delivery.pk}", language=delivery.variant.language)
