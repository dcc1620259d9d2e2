"""Kinds of page as schema.org describes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from base.pages import site_address, web_address
from base.sharing import organization
from contacts.models import ProjectParty

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

MEDIA_TYPES = {"csv": "text/csv", "json": "application/json"}


def list_of_operations(page: Any, files: Mapping[str, str]) -> dict[str, Any]:
    return {
        "@type": "Dataset",
        "name": _("List of operations"),
        "description": _("Every operation of the theme with its facts, by Article 49(3) of Regulation (EU) 2021/1060."),
        "url": web_address(page),
        "inLanguage": page.locale.language_code,
        "creator": organization(page.theme.name, page),
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": MEDIA_TYPES[form], "contentUrl": f"{site_address(page)}{url}"} for form, url in files.items()
        ],
    }


def project(page: Any, parties: list[ProjectParty], today: date) -> dict[str, Any]:
    facts = page.project
    names = [party.public_name(today) for party in parties if party.part == ProjectParty.Part.BENEFICIARY and party.organisation_id]
    return {
        "@type": "Project",
        "name": page.title,
        "description": page.search_description or page.lead,
        "url": web_address(page),
        "identifier": facts.code,
        "foundingDate": facts.starts.isoformat(),
        "dissolutionDate": facts.ends.isoformat(),
        "location": {"@type": "Place", "name": facts.location},
        "member": [{"@type": "Organization", "name": name} for name in names],
        "funding": {
            "@type": "Grant",
            "identifier": facts.code,
            "funder": {"@type": "Organization", "name": _("European Union"), "url": "https://european-union.europa.eu/"},
        },
    }
