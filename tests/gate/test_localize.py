"""wagtail-localize publishes once the transaction has committed: the gate holds it there too."""

from __future__ import annotations

import pytest
from wagtail.models import Locale
from wagtail_localize.models import Translation, TranslationSource

from base.gate.guard import NotPublishable
from tests import factories
from tests.gate.test_ways_in import is_live, spoil


@pytest.mark.django_db(transaction=True)
def test_publishing_a_translation_by_localize():
    section = factories.make_section(factories.make_home(factories.make_theme()))
    story = factories.make_story(section)
    spoiled = spoil(story)
    source, _made = TranslationSource.update_or_create_from_instance(section)
    Translation.objects.create(source=source, target_locale=Locale.objects.get(language_code="sv")).save_target(publish=False)
    source, _made = TranslationSource.update_or_create_from_instance(spoiled)
    translation = Translation.objects.create(source=source, target_locale=Locale.objects.get(language_code="sv"))
    with pytest.raises(NotPublishable):
        translation.save_target(publish=True)
    assert not is_live(translation.get_target_instance())
