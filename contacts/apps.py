from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContactsConfig(AppConfig):
    name = "contacts"
    verbose_name = _("Contacts")

    def ready(self) -> None:
        from base.blocks import register
        from base.page_changes import watch
        from contacts import bridges, holdings, late, letters, own_measures, pages, search, showing
        from contacts.blocks import PeopleBlock
        from contacts.models import Bridge, Organisation, ProjectParty, Role
        from contacts.privacy import links, words
        from contacts.timeline import sources
        from mail import streams

        own_measures.register_all()
        late.connect()
        holdings.register_holdings()
        pages.connect()
        bridges.connect()
        register("people", PeopleBlock)
        showing.connect()
        search.connect()
        letters.connect()
        sources.register_all()
        words.register(streams.words_of)
        # A duty, whoever wants our news or not.
        streams.register(streams.Stream(links.STREAM, _("About your own data"), suppressible=False))
        watch(Bridge, Organisation, ProjectParty, Role)
