"""Runs beside the server (`Server.call`): where its pages are. What must be there for it is made by the product's own actions."""

from __future__ import annotations

from base64 import b64encode
from datetime import timedelta
from email import message_from_bytes
from io import StringIO
from typing import Any
from urllib.parse import urlencode
from uuid import uuid5

from django.core.management import call_command
from django.test import RequestFactory
from django.urls import reverse
from django.utils import translation
from django.utils.text import slugify
from django.views.defaults import server_error as server_error_view
from wagtail.models import Page

from base.blocks import StoryBlocks
from base.busy import answer as busy_answer
from base.models import TrashedPage, User
from base.tasks import in_this_process
from base.trash import actions as trash
from contacts import purposes
from contacts.importing import actions as contact_importing
from contacts.importing import forms as contact_files
from contacts.importing import looking as contact_looking
from contacts.models import (
    Bridge,
    ContactImport,
    Merge,
    Network,
    Organisation,
    Outreach,
    Pair,
    Person,
    ProjectParty,
    Purpose,
    Segment,
    ServiceNeed,
    Tag,
    ThemeBody,
    Tie,
    WorkArea,
)
from contacts.models import Role as Post
from contacts.privacy import links as own_links
from contacts.privacy import retention
from desk.models import Submission
from events import actions, invitations, links, publishing, telling
from events import own_calendar as calendars
from events.models import Event, EventPage, EventsPage, Invitation, MeetingPage, Registration, page_in
from events.organising.rights import source_of
from mail import links as mail_links
from mail import suppression
from mail.models import Bounce, Delivery, ReceivingDomain, Suppression
from newsletters import subscriptions
from newsletters.importing import actions as importing
from newsletters.importing.forms import read_heading
from newsletters.models import IssuePage, Newsletter, NewsletterPage, SubscriberImport, Subscription
from pages.models import (
    AccessibilityPage,
    CallPage,
    CallsPage,
    ContactPage,
    Enquiry,
    HomePage,
    InformationPage,
    LandingPage,
    PracticePage,
    PrivacyPage,
    ProjectPage,
    ProjectsPage,
    PublicationPage,
    ResultPage,
    SectionPage,
    ServicePage,
    ServicesPage,
    StoryPage,
    StorySeries,
)
from themes.models import Goal, Plan, PlanVersion, Project, Theme

# Of some kinds the page that has a block which no other place has. The front page and the landing page have the rest.
BLOCKS = {
    "story": ("story", "timeline"),
    "outside": ("story", "outside_recording"),
    "result": ("result", "chart"),
    "project": ("project", "gallery"),
    "figure": ("project", "figure"),
}

# The calendar's other faces, by what its address asks for.
CALENDARS = {"week": "view=week", "month": "view=month", "narrowed": "region=06&mode=online", "past": "when=past"}


def places(language: str = "fi") -> dict[str, str]:
    """Path of one page of each kind, by name."""
    with translation.override(language):
        found = public(language) | of_search(language) | of_registrations(language) | of_own_data() | of_subscribers(language) | of_staff()
    return {name: address[address.index("/", 8) :] if address.startswith("http") else address for name, address in found.items()}


def public(language: str) -> dict[str, str]:
    models: dict[str, Any] = {
        "home": HomePage, "landing": LandingPage, "section": SectionPage, "story": StoryPage, "result": ResultPage, "practice": PracticePage,
        "publication": PublicationPage,
        "projects": ProjectsPage, "project": ProjectPage, "services": ServicesPage, "service": ServicePage,
        "calls": CallsPage,
        "newsletter": NewsletterPage, "issue": IssuePage, "events": EventsPage,
        "information": InformationPage, "contact": ContactPage, "accessibility": AccessibilityPage, "privacy": PrivacyPage,
    }  # fmt: skip
    pages = {name: model.objects.filter(locale__language_code=language, live=True).first() for name, model in models.items()}
    pages |= {name: with_block(models[kind], block, language) for name, (kind, block) in BLOCKS.items()}
    shown = {child.block_type for page in pages.values() if hasattr(page, "body") for child in page.body}
    assert shown >= set(StoryBlocks().child_blocks), f"no place shows {set(StoryBlocks().child_blocks) - shown}"
    found = {name: page.url for name, page in pages.items()}
    coming = EventPage.objects.filter(pk__in=[page_in(language, event).pk for event in Event.objects.public().upcoming()])
    past = page_in(language, Event.objects.public().exclude(pk__in=Event.objects.upcoming()).first())
    found["shared_section"] = Bridge.objects.standing().first().section.specific.versions[language].url
    found |= {f"events_{name}": f"{found['events']}?{query}" for name, query in CALENDARS.items()}
    found["projects_narrowed"] = f"{found['projects']}?region=06"
    # The first of the demo's has closed; the last is a joint one that is coming.
    calls = CallPage.objects.filter(locale__language_code=language, live=True).order_by("closes_at")
    found |= {name: page.url for name, page in zip(("closed_call", "call", "joint_call"), calls, strict=True)}
    return found | {"event": coming.order_by("starts_at").last().url, "past_event": past.url, "not_found": f"/{language}/ei-ole/"}


def with_block(model: Any, block: str, language: str) -> Any:
    pages = model.objects.filter(locale__language_code=language, live=True)
    return next(page for page in pages if any(child.block_type == block for child in page.body))


def server_error() -> str:
    """What a reader sees when the server fails."""
    return server_error_view(RequestFactory().get("/fi/")).content.decode()


def busy() -> str:
    """What who sent a form sees when the database had no turn for it."""
    return busy_answer(RequestFactory().post("/fi/events/1/register/", {"first_name": "Aino", "needs": "Gluteeniton"})).content.decode()


def of_own_data() -> dict[str, str]:
    """What somebody finds behind the link to their own data."""
    person = Person.objects.filter(memberships__isnull=False).first()
    return {"own_data": own_links.path_of(person), "own_data_erase": own_links.path_of(person, "erase")}


def of_search(language: str) -> dict[str, str]:
    """Before a question, with much found, and with nothing."""
    address, word = reverse("pages:search"), {"fi": "työpaikkojen", "sv": "arbetsplatser", "en": "workplaces"}[language]
    return {"search": f"{address}?{urlencode({'q': word})}", "search_empty": address, "search_nothing": f"{address}?q=qwxz"}


def of_registrations(language: str) -> dict[str, str]:
    rows = {name: register(f"{name}.{language}@example.org", language) for name in ("holding", "going", "leaving", "renewing")}
    for name in ("going", "leaving", "renewing"):
        actions.confirm_registration(rows[name])
    calendars.make(person=rows["renewing"].person, language=language)
    full = Event.objects.public().upcoming().filter(pools__is_queued=True).first()
    asking, waiting = (register(f"{name}.{language}@example.org", language, full) for name in ("asking", "waiting"))
    actions.confirm_registration(waiting)
    offered = Registration.objects.filter(state=Registration.State.OFFERED).first()
    offered.language = language
    to_come, held = (Invitation.objects.filter(meeting_key=page.translation_key).first() for page in finnish_meetings())
    return {
        "meeting_to_come": reverse("events:meeting", args=[invitations.token_of(to_come)]),
        "meeting_held": reverse("events:meeting", args=[invitations.token_of(held)]),
        "waiting_question": links.registration_url(asking),
        "waiting_answer": links.registration_url(waiting),
        "offer": links.registration_url(offered),
        "change_form": links.registration_url(rows["going"], to="change"),
        "own_calendar_new": calendars.settings_url(rows["going"]),
        "own_calendar": calendars.settings_url(rows["renewing"]),
        "registration_question": links.registration_url(rows["holding"]),
        "registration_answer": links.registration_url(rows["going"]),
        "cancel_question": links.registration_url(rows["leaving"], to="cancel"),
        "broken_link": reverse("events:confirm", args=["broken"]),
    }


def register(email: str, language: str, event: Event | None = None) -> Registration:
    # The one with questions.
    event = event or Event.objects.public().upcoming().filter(pools__key__startswith="option:").first()
    assert event is not None
    details = {"organisation": "Esimerkkikunta", "needs": ""}
    return actions.ask_registration(event=event, first_name="Maija", last_name="Esimerkki", email=email, language=language, **details)


def invite(email: str, language: str) -> str:
    """Registers and confirms. Where the registration is cancelled."""
    return links.registration_url(actions.confirm_registration(register(email, language)), to="cancel")


def begin_rush() -> str:
    """An event of its own, at which ten people have not followed the link. Its address."""
    page = EventPage.objects.filter(locale__language_code="fi", live=True, scope="external").order_by("starts_at").last()
    made: EventPage = page.copy(update_attrs={"title": "Ruuhka", "slug": "ruuhka", "capacity": 40, "questions": []}, copy_revisions=False)
    made.save_revision().publish()
    for number in range(10):
        email = f"ruuhka{number}@example.org"
        actions.ask_registration(event=made.event, email=email, first_name="Maija", last_name="Esimerkki", language="fi")
    return str(made.url)


def states_in_rush() -> list[tuple[str, str]]:
    rows = Registration.objects.filter(event=EventPage.objects.get(slug="ruuhka").event)
    return list(rows.exclude(person__email__startswith="ruuhka").values_list("person__email", "state"))


def end_rush() -> None:
    """Other tests count what the calendar holds."""
    made = EventPage.objects.get(slug="ruuhka")
    Registration.objects.filter(event=made.event).delete()
    made.events.delete()
    made.delete()


def life_of_an_invitation() -> list[str]:
    """The calendars that one registrant is sent while their event is moved, and they leave and come back; in Base64, as they stand in the outbox."""
    page = EventPage.objects.filter(locale__language_code="fi", live=True, scope="external").order_by("starts_at").last()
    made: EventPage = page.copy(update_attrs={"title": "Kutsun elämä", "slug": "kutsun-elama"}, copy_revisions=False)
    made.save_revision().publish()
    asked = {"email": "elama@example.org", "first_name": "Maija", "last_name": "Esimerkki", "language": "fi"}
    registration = actions.confirm_registration(actions.ask_registration(event=made.event, **asked))
    made.starts_at, made.ends_at = made.starts_at + timedelta(hours=1), made.ends_at + timedelta(hours=1)
    made.save_revision().publish()
    telling.send_updates(registration.event_id)
    actions.cancel_registration(registration)
    actions.confirm_registration(actions.ask_registration(event=made.event, **asked))
    publishing.cancel_event(event=made.event)
    telling.end_registrations(registration.event_id)
    mails = Delivery.objects.filter(recipient_key=registration.person.key, stream="events").order_by("pk")
    parts = [part for row in mails for part in message_from_bytes(bytes(row.mime)).walk() if part.get_content_type() == "text/calendar"]
    # Other tests count what the calendar holds.
    registration.delete()
    made.events.delete()
    made.delete()
    return [b64encode(part.get_payload(decode=True)).decode() for part in parts]


def public_events(language: str) -> list[tuple[str, str, float, float]]:
    """(uid, title, start, end) of what the calendar should hold; moments in seconds."""
    return [
        (str(event.uid), page_in(language, event).title, event.starts_at.timestamp(), event.ends_at.timestamp()) for event in Event.objects.public()
    ]


def moments_of_calls(language: str) -> list[tuple[str, str, float]]:
    """(uid, summary, when) of what the calendar should hold beside events."""
    what = {"fi": ("Haku avautuu", "Haku päättyy"), "sv": ("Utlysningen öppnar", "Utlysningen stänger"), "en": ("The call opens", "The call closes")}
    return [
        (str(uuid5(call.translation_key, name)), f"{words}: {call.title}", at.timestamp())
        for call in CallPage.objects.filter(locale__language_code=language, live=True)
        for name, words, at in zip(("opens", "closes"), what[language], (call.opens_at, call.closes_at), strict=True)
    ]


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
    reached = Outreach.objects.filter(touches__isnull=False).first()
    sent = IssuePage.objects.filter(mailing__isnull=False).first()
    unsent = unsent_issue(sent)
    found = {
        "desk": reverse("desk:goals"),
        "plan_versions": reverse("desk:plan", args=[(version := PlanVersion.objects.get()).plan_id]),
        "plan_version": reverse("desk:plan_version", args=[version.plan_id, version.number]),
        "plan_compare": reverse("desk:plan_compare", args=[version.plan_id]),
        "goal": reverse("desk:goal", args=[Outreach.objects.filter(goals__isnull=False).first().goals.first().pk]),
        "outreach": reverse("desk:outreach", args=[reached.pk]),
        "send_issue": reverse("newsletters_send_issue", args=[unsent.pk]),
        "sent_issue": reverse("newsletters_send_issue", args=[sent.pk]),
        "issue_list": reverse("issues:index"),
        "issue_results": reverse("newsletters_results", args=[sent.pk]),
        "edit_story": reverse("wagtailadmin_pages:edit", args=[with_block(StoryPage, "timeline", "fi").pk]),
        "service_report": f"{reverse('service_report')}?which=all",
        "service_check": reverse("service_check", args=[ServicePage.objects.filter(locale__language_code="fi").first().pk]),
        "edit_event": reverse("wagtailadmin_pages:edit", args=[EventPage.objects.filter(locale__language_code="fi").first().pk]),
        "edit_call": reverse("wagtailadmin_pages:edit", args=[CallPage.objects.filter(locale__language_code="fi").first().pk]),
        "edit_publication": reverse("wagtailadmin_pages:edit", args=[PublicationPage.objects.filter(locale__language_code="fi").first().pk]),
        "edit_issue": reverse("wagtailadmin_pages:edit", args=[unsent.pk]),
        "sheet": reverse("translations:sheet", args=[unsent.pk]),
    }
    returned = Submission.objects.filter(state=Submission.State.RETURNED).first()
    found |= {
        "review": reverse("desk:review", args=[asked_for_approval()]),
        "door": reverse("wagtailadmin_home"),
        "door_form": reverse("door:submit", args=["result"]),
        "door_returned": reverse("door:edit", args=[returned.pk]),
        "door_queue": reverse("door:queue"),
        "door_return": reverse("door:return", args=[Submission.objects.waiting().first().pk]),
    }
    found |= {
        "importing": reverse("importing:bring"),
        "keep_template": reverse("desk:keep_template", args=[StoryPage.objects.filter(live=True).order_by("pk")[0].pk]),
        "exempt": reverse("desk:exempt", args=[HomePage.objects.order_by("depth", "pk")[0].pk]),
        "trash": reverse("trash:list"),
        "trash_back": reverse("trash:back", args=[trashed().pk]),
        "trash_delete": reverse("trash:delete", args=[trashed().pk]),
        "bridging": reverse("bridging:list"),
        "bridging_share": reverse("bridging:share", args=[with_block(StoryPage, "timeline", "fi").pk]),
        "bridging_answer": reverse("bridging:answer", args=[Bridge.objects.waiting().first().pk]),
    }
    for model in (
        Goal,
        Plan,
        Theme,
        Project,
        Person,
        Organisation,
        Network,
        ServiceNeed,
        WorkArea,
        Tie,
        ProjectParty,
        ThemeBody,
        Purpose,
        Outreach,
        Newsletter,
    ):
        name = model._meta.model_name
        found[f"{name}_list"] = reverse(model.snippet_viewset.get_url_name("list"))
        found[f"{name}_form"] = reverse(model.snippet_viewset.get_url_name("edit"), args=[model.objects.first().pk])
        found[f"{name}_new"] = reverse(model.snippet_viewset.get_url_name("add"))
    for row in (Person.objects.filter(notes__isnull=False).first(), Organisation.objects.filter(units__isnull=False).first(), Network.objects.last()):
        found[f"{row._meta.model_name}_page"] = reverse(row.snippet_viewset.get_url_name("inspect"), args=[row.pk])
    need = ServiceNeed.objects.open().first()
    found |= {
        "need": reverse(need.snippet_viewset.get_url_name("inspect"), args=[need.pk]),
        "search_contacts": f"{reverse('contacts_search')}?q=ka",
        "need_counts": reverse("contacts_need_counts"),
        "coverage": reverse("contacts_coverage", args=[Goal.objects.filter(audiences__isnull=False).first().pk]),
        "coverage_reached": reverse("contacts_coverage_reached", args=[Goal.objects.filter(outreaches__touches__isnull=False).first().pk]),
        "log": f"{reverse('contacts_log')}?people={Person.objects.first().pk}",
        "logged": reverse("contacts_logged", args=[Outreach.objects.logged().first().pk]),
        "segment": reverse("contacts_segment", args=[Segment.objects.order_by("-pk")[1].pk]),
        "segment_new": reverse("contacts_segment_new"),
        "write_to_people": f"{reverse('wagtail_bulk_action', args=['contacts', 'person', 'write'])}?id={Person.objects.exclude(email='').first().pk}",
        "notices": reverse("contacts_notices"),
        "contacts_forgotten_next": of_the_forgotten(),
        "contacts_log_of": reverse("contacts_audit"),
        "take_along": f"{reverse('wagtail_bulk_action', args=['contacts', 'person', 'take_along'])}?id={Person.objects.first().pk}",
        "whole_network": reverse("contacts_network"),
        "network_of_a_person": reverse("contacts_network_of", args=["person", Person.objects.filter(ties__isnull=False).first().pk]),
        "network_of_an_organisation": reverse("contacts_network_of", args=["organisation", Organisation.objects.last().pk]),
        "pairs": reverse("contacts_pairs"),
        "pair": reverse("contacts_pair", args=[Pair.objects.waiting().first().pk]),
        "merges": reverse("contacts_merges"),
        "undo_merge": reverse("contacts_undo_merge", args=[Merge.objects.standing().first().pk]),
        "tag_list": reverse(Tag.snippet_viewset.get_url_name("list")),
    }
    for model in (Registration, Subscription, Enquiry, StorySeries, Segment):
        found[f"{model._meta.model_name}_list"] = reverse(model.snippet_viewset.get_url_name("list"))
    found |= of_imports() | of_contact_imports()
    found["subscription"] = reverse(Subscription.snippet_viewset.get_url_name("inspect"), args=[Subscription.objects.mailable().first().pk])
    found |= {
        "bounce_list": reverse(came_back().snippet_viewset.get_url_name("list")),
        "suppression_list": reverse(Suppression.snippet_viewset.get_url_name("list")),
        "receiving_domain_list": reverse(ReceivingDomain.snippet_viewset.get_url_name("list")),
        "receiving_domain_new": reverse(ReceivingDomain.snippet_viewset.get_url_name("add")),
        "suppression_new": reverse(Suppression.snippet_viewset.get_url_name("add")),
        "suppression_lift": reverse("mail_lift_suppression", args=[suppression.suppress("estetty@example.org", "by_hand").pk]),
    }
    marked = Registration.objects.filter(state=Registration.State.CONFIRMED).first()
    found["meeting_people"] = reverse("events_meeting_people", args=[finnish_meetings()[0].pk])
    found["end_dates"] = reverse("events_end_dates", args=[shortened_tour().pk])
    found["cancel_event"] = reverse("events_cancel_event", args=[page_in("fi", marked.event).pk])
    found["make_anew"] = reverse("events_anew", args=[page_in("fi", marked.event).pk])
    found["mark_attended"] = f"{reverse('wagtail_bulk_action', args=['events', 'registration', 'mark_attended'])}?id={marked.pk}"
    return found | of_desk(marked)


def of_the_forgotten() -> str:
    """With people of whom nothing has been heard for a month."""
    purpose = purposes.usual(Theme.objects.order_by("pk")[0], purposes.COOPERATION)
    purpose.months = 1
    purpose.save()
    retention.renew(purpose.theme)
    assert retention.ending().exists()
    return reverse("contacts_retention")


def of_desk(registration: Registration) -> dict[str, str]:
    """The organiser's desk of the event that somebody has registered for."""
    page = source_of(page_in("fi", registration.event))
    screens = ("desk", "desk_figures", "desk_attendance", "desk_letters", "desk_add")
    found = {f"event_{name}": reverse(f"events_{name}", args=[page.pk]) for name in screens}
    return found | {
        "registration": reverse("events_desk_registration", args=[registration.pk]),
        "write_to_registrants": f"{reverse('wagtail_bulk_action', args=['events', 'registration', 'write'])}?id={registration.pk}",
        "retention": reverse("events_retention"),
    }


def finnish_meetings() -> list[MeetingPage]:
    """The one to come, and the one that was held."""
    return list(MeetingPage.objects.filter(locale__language_code="fi").order_by("-starts_at"))


def shortened_tour() -> EventPage:
    """Its draft leaves out a date that somebody has registered for."""
    page = next(page for page in EventPage.objects.filter(locale__language_code="fi", live=True) if len(page.dates) > 1)
    actions.confirm_registration(register("kiertue@example.org", "fi", page.events.last()))
    page.dates = page.dates.get_prep_value()[:-1]
    page.save_revision()
    return page


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


def of_contact_imports() -> dict[str, str]:
    """One that waits, with an error and a possible duplicate; one that was brought; one that was taken back."""
    theme, role = Theme.objects.order_by("pk")[0], Post.objects.filter(person__theme=Theme.objects.order_by("pk")[0]).first()
    why = {"source": "Messut 2026", "purpose": purposes.usual(theme, purposes.COOPERATION)}
    waits = ContactImport.objects.filter(file_name="odottaa.csv").first()
    if waits is None:
        known = f"{role.person.first_name};{role.person.last_name};;{role.organisation.name_fi}"
        lines = f"Etunimi;Sukunimi;Sähköposti;Työhyvinvointikoordinaatiohankkeen organisaatio\nÄijä;Esimerkki;ei osoite;\n{known}\n;;;\n"
        waits = ContactImport(theme=theme, file_name="odottaa.csv", content=f"Messut;;;\n{lines}".encode(), **why)
        contact_files.read_heading(waits)
        waits.columns = {"first_name": [0], "last_name": [1], "email": [2], "organisation": [3]}
        waits.save()
        contact_looking.start(waits)
    made = []
    for name in ("tuotu.csv", "peruttu.csv"):
        row = ContactImport.objects.filter(file_name=name).first()
        if row is None:
            file = f"last_name\nTuotu{name[0]}\n".encode()
            told = contact_importing.Why("Messut 2026", purposes.usual(theme, purposes.COOPERATION))
            row = contact_importing.bring(file, theme=theme, file_name=name, why=told).bringing
        made.append(row)
    contact_importing.undoing.undo(made[1])
    return {
        "contact_import_start": reverse("contacts_import_start"),
        "contact_import_look": reverse("contacts_import", args=[waits.pk]),
        "contact_import_done": reverse("contacts_import", args=[made[0].pk]),
        "contact_import_undo": reverse("contacts_import_undo", args=[made[0].pk]),
        "contact_import_undone": reverse("contacts_import", args=[made[1].pk]),
        "contact_imports": reverse("contacts_imports"),
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


def command(name: str, **options: Any) -> str:
    """What the command prints."""
    call_command(name, stdout=(printed := StringIO()), **options)
    return printed.getvalue()


def list_of_stories() -> str:
    """Where the staff see the Finnish ones."""
    story = StoryPage.objects.filter(locale__language_code="fi").first()
    return reverse("wagtailadmin_explore", args=[story.get_parent().pk])


def draft(title: str, *, by: User) -> StoryPage:
    """Of a story that stands."""
    story = with_block(StoryPage, "timeline", "fi")
    made: StoryPage = story.copy(update_attrs={"title": title, "slug": slugify(title), "live": False}, keep_live=False, copy_revisions=False)
    made.save_revision(user=by)
    return made


def draft_to_edit(title: str) -> str:
    """Where its writer edits it."""
    return reverse("wagtailadmin_pages:edit", args=[draft(title, by=User.objects.get(username="viestija")).pk])


def trashed() -> TrashedPage:
    by = User.objects.get(username="viestija")
    return TrashedPage.objects.filter(by=by).first() or trash.put(draft("Työhyvinvointikoordinaatiohankkeen väliraportti", by=by), by=by)


def asked_for_approval() -> int:
    """Of a story that its writer has sent to be approved: the state that the review is about."""
    title, writer = "Vuorolistat tehdään yhdessä", User.objects.get(username="viestija")
    made = StoryPage.objects.filter(title=title).first()
    if made is None:
        made = draft(title, by=writer)
        with in_this_process():
            made.get_workflow().start(Page.objects.get(pk=made.pk).specific, writer)
    return int(made.current_workflow_task_state.pk)


def states_of(title: str) -> list[str]:
    """Of each page of this title: "live", "in_workflow" or "draft"."""
    found = Page.objects.filter(title=title).order_by("pk")
    return ["live" if page.live else "in_workflow" if page.workflow_in_progress else "draft" for page in found]


def stored_text(title: str) -> str:
    """The first block of the newest draft of this title, as it is stored."""
    draft = Page.objects.get(title=title).specific.get_latest_revision_as_object()
    return str(draft.body.raw_data[0]["value"])
