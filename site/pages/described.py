"""Kinds of page as schema.org describes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from base.pages import site_address, web_address
from base.sharing import organization
from contacts.models import ProjectParty

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

MEDIA_TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}


def european_union() -> dict[str, str]:
    return {"@type": "Organization", "name": _("European Union"), "url": "https://european-union.europa.eu/"}


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
            "funder": european_union(),
        },
    }


def service(page: Any) -> dict[str, Any]:
    regions = [str(region) for region in page.regions.all()] or [_("Finland")]
    channel = {"serviceUrl": page.link, "servicePhone": page.phone, "availableLanguage": page.languages}
    described: dict[str, Any] = {
        "@type": "Service",
        "name": page.title,
        "description": page.search_description or page.lead,
        "url": web_address(page),
        "provider": {"@type": "Organization", "name": str(page.organisation)},
        "areaServed": [{"@type": "AdministrativeArea", "name": name} for name in regions],
        "audience": [{"@type": "Audience", "audienceType": str(group)} for group in page.target_groups.all()],
        "availableChannel": {"@type": "ServiceChannel"} | {name: value for name, value in channel.items() if value},
    }
    if page.is_free:
        described["offers"] = {"@type": "Offer", "price": "0", "priceCurrency": "EUR"}
    return described


def call(page: Any) -> dict[str, Any]:
    """A grant that one may apply for: schema.org has no word for a call."""
    apply = {
        "@type": "ApplyAction",
        "startTime": _local(page.opens_at),
        "endTime": _local(page.closes_at),
        "target": page.apply_url or web_address(page),
    }
    described: dict[str, Any] = {
        "@type": "MonetaryGrant",
        "name": page.title,
        "description": page.search_description or page.lead,
        "url": web_address(page),
        "funder": [european_union(), {"@type": "Organization", "name": str(page.authority)}],
        "potentialAction": apply,
    }
    if page.amount_eur:
        described["amount"] = {"@type": "MonetaryAmount", "value": str(page.amount_eur), "currency": "EUR"}
    return described


def _local(moment: datetime) -> str:
    return timezone.localtime(moment).isoformat(timespec="minutes")


# What each form of publication is called by schema.org.
PUBLICATIONS = {"report": "Report", "guide": "Guide", "article": "ScholarlyArticle"}


def publication(page: Any, files: list[dict[str, Any]]) -> dict[str, Any]:
    site = site_address(page)
    numbers = [number for file in files if (number := file["isbn"])]
    facts = {
        "isPartOf": {"@type": "PublicationIssue", "name": page.series, "issn": page.issn} if page.series and page.issn else None,
        "publisher": {"@type": "Organization", "name": page.publisher} if page.publisher else None,
        "sameAs": page.doi_address,
        "identifier": [*numbers, *([f"doi:{page.doi}"] if page.doi else [])],
    }
    return {
        "@type": PUBLICATIONS[page.form],
        "name": page.title,
        "headline": page.title,
        "description": page.search_description or page.lead,
        "url": web_address(page),
        "inLanguage": page.locale.language_code,
        "datePublished": str(page.year),
        "author": [author(name) for name in page.author_names],
        "license": page.licence,
        "encoding": [
            {
                "@type": "MediaObject",
                "name": file["title"],
                "contentUrl": f"{site}{file['url']}",
                "encodingFormat": file["document"].content_type,
                "inLanguage": file["code"],
            }
            for file in files
        ],
    } | {name: value for name, value in facts.items() if value}


def author(name: str) -> dict[str, str]:
    """“Esimerkki, Maija” is a person; a name without a comma is an organisation's."""
    family, comma, given = (part.strip() for part in name.partition(","))
    if not comma:
        return {"@type": "Organization", "name": name}
    return {"@type": "Person", "name": f"{given} {family}", "familyName": family, "givenName": given}


def of_story(page: Any) -> dict[str, Any]:
    """What a story adds to an article of the site: who wrote it, and the series that it is part of."""
    found: dict[str, Any] = {}
    organisation = {"@type": "Organization", "name": str(page.author_organisation)} if page.author_organisation_id else None
    if page.author_name:
        found["author"] = {"@type": "Person", "name": page.author_name}
        if page.author_role:
            found["author"]["jobTitle"] = page.author_role
        if organisation:
            found["author"]["worksFor"] = organisation
    elif organisation:
        found["author"] = organisation
    if page.series_id:
        found["isPartOf"] = {"@type": "CreativeWorkSeries", "name": page.series.name}
        if page.series_part:
            found["position"] = page.series_part
    return found
