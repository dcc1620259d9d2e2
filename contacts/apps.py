from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContactsConfig(AppConfig):
    name = "contacts"
    verbose_name = _("Contacts")

    def ready(self) -> None:
        from base.page_changes import watch
        from contacts import measures, pages, people
        from contacts.models import Organisation, ProjectParty

        measures.register_all()
        people.register_holdings()
        pages.connect()
        watch(Organisation, ProjectParty)
