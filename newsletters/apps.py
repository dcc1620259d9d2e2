from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewslettersConfig(AppConfig):
    name = "newsletters"
    verbose_name = _("Newsletters")

    def ready(self) -> None:
        from base.blocks import register
        from base.page_changes import watch
        from contacts.privacy import words
        from newsletters import gate, in_timeline, measures, measuring, personal
        from newsletters.blocks import SignUpBlock
        from newsletters.evidence import words_of_purposes
        from newsletters.models import Newsletter

        measuring.register_streams()
        measures.register_all()
        personal.register()
        words.register(words_of_purposes)
        gate.register_all()
        in_timeline.register_all()
        register("sign_up", SignUpBlock)
        watch(Newsletter)
