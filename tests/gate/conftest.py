from __future__ import annotations

import pytest
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file

from tests import factories
from tests.gate.corpus import Ground
from tests.gate.files import make_document


@pytest.fixture
def ground(section):
    image = get_image_model().objects.create(title="Palautehetki", file=get_test_image_file(), credit="Kantama", rights="own", people="nobody")
    document = make_document("pdf", "Opas. Euroopan unionin osarahoittama", title="Opas")
    live = factories.make_story(section)
    draft = factories.publish(type(live)(title="Luonnos", slug="luonnos", lead="Luonnos", body=live.body), section, live=False)
    return Ground(live=live.pk, draft=draft.pk, document=document.pk, image=image)
