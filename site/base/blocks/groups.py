"""The groups that the editor's list of blocks is parted into, in this order."""

from django.utils.translation import gettext_lazy as _

TEXT = _("Text")
MEDIA = _("Pictures and recordings")
NUMBERS = _("Figures and maps")
SITE = _("From the site")
IN_ORDER = (TEXT, MEDIA, NUMBERS, SITE)
