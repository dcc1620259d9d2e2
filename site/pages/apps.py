from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    name = "pages"
    verbose_name = _("Site")

    def ready(self) -> None:
        from base.blocks import register
        from base.page_changes import watch
        from mail import streams
        from pages import call_moments, calls, enquiries, in_timeline, measures, publications, service_checks, services
        from pages.blocks import NewestBlock
        from pages.models import ServiceCheck, StorySeries

        # A person has just written to us.
        streams.register(streams.Stream(enquiries.STREAM, _("Answer to a message to us"), suppressible=False))
        enquiries.register_holdings()
        measures.register_all()
        register("newest", NewestBlock)
        calls.register_all()
        in_timeline.register_all()
        call_moments.register()
        publications.register_all()
        services.register_all()
        service_checks.connect()
        watch(ServiceCheck, StorySeries)
