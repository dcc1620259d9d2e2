"""The staff hear of pictures that soon may not be shown any more."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from base.models import SiteImage
from base.roles import Role
from desk import picture_notices
from mail.models import Delivery
from tests import factories
from tests.letters import text_of

ALT = "Kaksi hitsaajaa taulun ääressä"


def in_days(days):
    return timezone.localdate() + timedelta(days=days)


def test_the_staff_are_told_once_a_step(section, cast):
    cast.user(Role.COMMUNICATIONS), cast.user(Role.COORDINATORS)
    image = factories.make_image(title="Hitsaajat", rights="licensed", licensed_until=in_days(20))
    factories.make_story(section, picture=image, picture_alt=ALT)
    assert (picture_notices.tell_of_ends(), picture_notices.tell_of_ends()) == (1, 0)
    letter = Delivery.objects.get()
    assert (letter.address, letter.subject) == ("viola@example.org", "Oikeus yhteen kuvaan on päättymässä")
    assert "Hitsaajat" in text_of(letter)
    assert reverse("wagtailimages:edit", args=[image.pk]) in text_of(letter)
    assert "Euroopan unionin osarahoittama" in text_of(letter)
    for days, told in ((7, 1), (3, 0), (-1, 1), (-9, 0)):
        SiteImage.objects.filter(pk=image.pk).update(licensed_until=in_days(days))
        assert picture_notices.tell_of_ends() == told
    # Put off, and near again.
    for days, told in ((200, 0), (20, 1)):
        SiteImage.objects.filter(pk=image.pk).update(licensed_until=in_days(days))
        assert picture_notices.tell_of_ends() == told


def test_nobody_is_told_of_a_picture_that_stands_nowhere(cast):
    cast.user(Role.COMMUNICATIONS)
    factories.make_image(rights="licensed", licensed_until=in_days(2))
    assert picture_notices.tell_of_ends() == 0
    assert not Delivery.objects.exists()
