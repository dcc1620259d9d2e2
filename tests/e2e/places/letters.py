"""Newsletters, their subscribers, and what came back."""

from __future__ import annotations

from django.urls import reverse

from mail import links as mail_links
from mail import suppression
from mail.models import Bounce, Delivery, ReceivingDomain, Suppression
from newsletters import subscriptions
from newsletters.importing import actions as importing
from newsletters.importing.forms import read_heading
from newsletters.models import IssuePage, Newsletter, NewsletterPage, SubscriberImport, Subscription
from tests.e2e.places.rows import of_list, of_rows


def of_subscribers(language: str) -> dict[str, str]:
    newsletter = Newsletter.objects.get(pk=NewsletterPage.objects.filter(locale__language_code=language).first().newsletter_id)
    asked = subscriptions.ask_subscription(newsletter=newsletter, email=f"asking.{language}@example.org", language=language)
    found = {"subscribe_question": subscriptions.confirm_url(asked)}
    found["ask_link"] = reverse("newsletters:ask_link", args=[NewsletterPage.objects.filter(locale__language_code=language).first().pk])
    staying = Subscription.objects.mailable().filter(language=language).values("person__key")
    copy = Delivery.objects.filter(mailing__isnull=False, recipient_key__in=staying).first()
    for name in (mail_links.UNSUBSCRIBE, mail_links.PREFERENCES):
        found[name] = reverse(f"newsletters:{name}", args=[mail_links.token(name, copy)])
    return found


def of_staff() -> dict[str, str]:
    sent = IssuePage.objects.filter(mailing__isnull=False).first()
    unsent = unsent_issue(sent)
    found = {
        "send_issue": reverse("newsletters_send_issue", args=[unsent.pk]),
        "sent_issue": reverse("newsletters_send_issue", args=[sent.pk]),
        "issue_list": reverse("issues:index"),
        "issue_results": reverse("newsletters_results", args=[sent.pk]),
        "edit_issue": reverse("wagtailadmin_pages:edit", args=[unsent.pk]),
        "sheet": reverse("translations:sheet", args=[unsent.pk]),
        "subscription": reverse(Subscription.snippet_viewset.get_url_name("inspect"), args=[Subscription.objects.mailable().first().pk]),
    }
    return found | of_rows(Newsletter) | of_list(Subscription) | of_imports() | of_mail()


def of_mail() -> dict[str, str]:
    return {
        "bounce_list": reverse(came_back().snippet_viewset.get_url_name("list")),
        "suppression_list": reverse(Suppression.snippet_viewset.get_url_name("list")),
        "receiving_domain_list": reverse(ReceivingDomain.snippet_viewset.get_url_name("list")),
        "receiving_domain_new": reverse(ReceivingDomain.snippet_viewset.get_url_name("add")),
        "suppression_new": reverse(Suppression.snippet_viewset.get_url_name("add")),
        "suppression_lift": reverse("mail_lift_suppression", args=[suppression.suppress("estetty@example.org", "by_hand").pk]),
    }


def of_imports() -> dict[str, str]:
    """One that waits to be brought, and one that was."""
    lines = "etunimi;sukunimi;sähköposti;kieli\r\nAino;Esimerkki;aino@{}.example.org;suomi\r\nÄijä;Esimerkki;ei osoite;suomi"
    told = {
        "newsletter": Newsletter.objects.get(pk=NewsletterPage.objects.first().newsletter_id),
        "statement": "Paperilomake Kuopion seminaarissa: ”Haluan uutiskirjeen sähköpostiini.”",
        "stated_on": "2026-01-31",
    }
    made = []
    for name in ("odottaa.csv", "tyohyvinvointikoordinaatiohankkeen_seminaarin_osallistujat.csv"):
        row = SubscriberImport(file_name=name, content=lines.format(name[0]).encode("cp1252"), **told)
        read_heading(row)
        made.append(SubscriberImport.objects.filter(file_name=name).first() or row)
        made[-1].save()
    importing.bring(made[1])
    return {
        "import_start": reverse("newsletters_import_start"),
        "import_look": reverse("newsletters_import", args=[made[0].pk]),
        "import_done": reverse("newsletters_import", args=[made[1].pk]),
        "imports": reverse(SubscriberImport.snippet_viewset.get_url_name("list")),
    }


def came_back() -> type[Bounce]:
    """A bounce of a copy that was sent."""
    sent = Delivery.objects.filter(mailing__isnull=False, state=Delivery.State.SENT).exclude(address="").first()
    Bounce.objects.get_or_create(mark="places", defaults={"delivery": sent, "kind": "soft", "status": "5.2.2", "source": "mailbox"})
    return Bounce


def unsent_issue(sent: IssuePage) -> IssuePage:
    """Another with the same content, published and not yet sent."""
    title = "Työhyvinvointikoordinaatiohankkeen vaikuttavuusarviointi"
    if made := IssuePage.objects.filter(slug="lahettamatta", locale=sent.locale).first():
        return made
    return sent.copy(update_attrs={"title": title, "slug": "lahettamatta", "mailing": None})
