"""Makes rows for tests, by the product's own actions where there is one. Each function takes what matters and makes up the rest."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from itertools import count
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image
from wagtail.models import Locale, Page, Site

from base.models import SiteImage
from contacts import people, purposes
from contacts.models import Organisation, Person
from events.models import EventPage, EventsPage
from newsletters.models import IssuePage, Newsletter, NewsletterPage
from pages.models import CallPage, CallsPage, HomePage, ProjectPage, ProjectsPage, SectionPage, ServicePage, ServicesPage, StoryPage
from themes.models import Channel, ExpectedResult, Goal, Plan, Project, SubTheme, TargetGroup, Theme

_numbers = count(1)


def make_theme(**values: Any) -> Theme:
    number = next(_numbers)
    words = {f"{name}_{code}": f"{name} {number} {code}" for name in ("name", "programme", "objective", "summary") for code in ("fi", "sv", "en")}
    facts = {"key": f"theme-{number}", "objective_code": "4.g", "fund": "ESF+", "starts": 2021, "ends": 2027, "budget_eur": 27_700_000}
    return Theme.objects.create(**(words | facts | values))


def make_plan(theme: Theme, **values: Any) -> Plan:
    today = timezone.localdate()
    span = {"starts": today - timedelta(days=300), "ends": today + timedelta(days=300)}
    return Plan.objects.create(**({"theme": theme, "key": f"plan-{next(_numbers)}", "name_fi": "Suunnitelma"} | span | values))


def make_goal(theme: Theme, measure: str = "mail_clicks", **values: Any) -> Goal:
    """A goal with one expected result."""
    key = f"goal-{next(_numbers)}"
    plan = theme.plans.first() or make_plan(theme)
    goal = Goal.objects.create(
        **({"theme": theme, "plan": plan, "key": key, "name_fi": f"Tavoite {key}", "name_sv": f"Mål {key}", "name_en": f"Goal {key}"} | values)
    )
    ExpectedResult.objects.create(goal=goal, measure=measure, low=5, target=10, high=20, due=timezone.localdate() + timedelta(days=100))
    return goal


def make_target_group(theme: Theme, **values: Any) -> TargetGroup:
    return TargetGroup.objects.create(**({"theme": theme, "key": f"group-{next(_numbers)}", "name_fi": "Yritykset"} | values))


def make_sub_theme(theme: Theme, **values: Any) -> SubTheme:
    return SubTheme.objects.create(**({"theme": theme, "key": f"sub-theme-{next(_numbers)}", "name_fi": "Osaaminen"} | values))


def make_project(theme: Theme, **values: Any) -> Project:
    """With words in three languages. The code is unique."""
    number = next(_numbers)
    texts = {
        f"{name}_{code}": f"{name} {number} {code}" for name in ("name", "purpose", "location", "intervention_type") for code in ("fi", "sv", "en")
    }
    facts = {"key": f"project-{number}", "code": f"S{number}", "starts": "2024-01-01", "ends": "2035-12-31"}
    project = Project(**({"theme": theme, "total_cost_eur": 100_000, "cofinancing_rate": 70} | texts | facts | values))
    project.full_clean()
    project.save()
    return project


def make_person(theme: Theme, **values: Any) -> Person:
    number = next(_numbers)
    details = {"email": f"henkilo{number}@example.org", "first_name": "Testi", "last_name": f"Henkilö {number}", "source": "test"}
    why = {} if "purpose" in values else {"purpose": purposes.usual(theme, purposes.COOPERATION)}
    return people.person_at(theme=theme, **(details | why | values))


def make_organisation(theme: Theme, **values: Any) -> Organisation:
    return Organisation.objects.create(**({"theme": theme, "key": f"organisation-{next(_numbers)}", "name_fi": "Esimerkki oy"} | values))


def make_locales() -> None:
    for code in ("fi", "sv", "en"):
        Locale.objects.get_or_create(language_code=code)


def make_root() -> None:
    """Wagtail's migrations make the root page; it is not there without them, or after a test with transactions."""
    make_locales()
    if not Page.objects.exists():
        Page.add_root(title="Root", slug="root", locale=Locale.objects.get(language_code="fi"))


def make_home(theme: Theme) -> HomePage:
    """The Finnish front page, at the root of the default site."""
    make_root()
    Page.objects.filter(depth=2).delete()
    root = Page.objects.get(depth=1)
    home = root.add_child(
        instance=HomePage(title="Etusivu", slug="etusivu", lead="Johdanto", theme=theme, locale=Locale.objects.get(language_code="fi"))
    )
    Site.objects.update_or_create(is_default_site=True, defaults={"hostname": "localhost", "root_page": home, "site_name": "Kantama"})
    return home


def make_front(theme: Theme, parent: Page | None = None, hostname: str = "", **values: Any) -> HomePage:
    """Another theme's Finnish front page: in a tree of its own, or below `parent`; with a host name of its own when one is given."""
    number = next(_numbers)
    words = {"title": f"Teema {number}", "slug": f"teema-{number}", "lead": "Johdanto", "show_in_menus": True}
    home = HomePage(**(words | values), theme=theme, locale=Locale.objects.get(language_code="fi"))
    Page.objects.get(pk=(parent or Page.objects.get(depth=1)).pk).add_child(instance=home)
    if hostname:
        Site.objects.create(hostname=hostname, root_page=home, site_name=theme.key)
    return home


def publish(page: Any, parent: Page, *, goals: Any = (), live: bool = True) -> Any:
    """Adds the page and publishes its first revision, as the editor does."""
    page.live = False
    page.locale = parent.locale
    parent.add_child(instance=page)
    if hasattr(page, "goals"):
        # Nothing is published without a goal.
        page.goals = list(goals) or [page.theme.goals.first() or make_goal(page.theme)]
    revision = page.save_revision()
    if live:
        revision.publish()
    page.refresh_from_db()
    return page


def make_section(home: HomePage, **values: Any) -> SectionPage:
    return publish(SectionPage(**({"title": "Jutut", "slug": f"jutut-{next(_numbers)}", "show_in_menus": True} | values)), home)


def make_story(section: SectionPage, *, goals: Any = (), **values: Any) -> StoryPage:
    number = next(_numbers)
    words = {"title": f"Juttu {number}", "slug": f"juttu-{number}", "lead": f"Ingressi {number}", "body": [("paragraph", "<p>Teksti</p>")]}
    return publish(StoryPage(**(words | values)), section, goals=goals)


def make_story_draft(section: SectionPage, **values: Any) -> StoryPage:
    number = next(_numbers)
    words = {"title": f"Luonnos {number}", "slug": f"luonnos-{number}", "lead": f"Ingressi {number}", "body": [("paragraph", "<p>Teksti</p>")]}
    return publish(StoryPage(**(words | values)), section, live=False)


def make_newsletter(theme: Theme, **values: Any) -> Newsletter:
    words = {f"{name}_{code}": f"{name} {code}" for name in ("name", "consent") for code in ("fi", "sv", "en")}
    return Newsletter.objects.create(
        **(
            {"theme": theme, "key": f"letter-{next(_numbers)}", "from_email": "kirje@example.org", "consent_version": "1", "needs_approval": False}
            | words
            | values
        )
    )


def make_newsletter_page(home: HomePage, newsletter: Newsletter, **values: Any) -> NewsletterPage:
    goals = values.pop("goals", ())
    return publish(NewsletterPage(**({"title": "Kirje", "slug": f"kirje-{next(_numbers)}", "newsletter": newsletter} | values)), home, goals=goals)


def make_issue(page: NewsletterPage, *, goals: Any = (), **values: Any) -> IssuePage:
    number = next(_numbers)
    words = {
        "title": f"Numero {number}",
        "slug": f"numero-{number}",
        "preview_text": "Esikatselu",
        "lead": "Avaus",
        "body": [("paragraph", "<p>Teksti</p>")],
    }
    return publish(IssuePage(**(words | values)), page, goals=goals)


def make_events_page(home: HomePage, **values: Any) -> EventsPage:
    return publish(EventsPage(**({"title": "Tapahtumat", "slug": f"tapahtumat-{next(_numbers)}", "show_in_menus": True} | values)), home)


def make_event_page(section: EventsPage, *, goals: Any = (), **values: Any) -> EventPage:
    # By day: two hours of one day, whenever the tests run.
    number, starts = next(_numbers), timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=14)
    words = {
        "title": f"Tapahtuma {number}",
        "slug": f"tapahtuma-{number}",
        "lead": "Tule mukaan",
        "place": "Tampere",
        "starts_at": starts,
        "ends_at": starts + timedelta(hours=2),
    }
    return publish(EventPage(**(words | values)), section, goals=goals)


def make_channel(theme: Theme, key: str = "site") -> Channel:
    return Channel.objects.create(theme=theme, key=key, name_fi=key)


def make_image(width: int = 400, height: int = 260, *, form: str = "JPEG", **values: Any) -> SiteImage:
    """A picture with a real file: blue, with a red square at the right edge."""
    made, number = BytesIO(), next(_numbers)
    drawing = Image.new("RGB", (width, height), "#14506b")
    drawing.paste("#b03020", (width * 9 // 10, 0, width, height))
    # No two are the same: what was kept of a picture of an earlier test is not taken for this one's.
    # Its number stands in the corner in squares: a single pixel would be lost in a JPEG.
    for bit in range(20):
        if number >> bit & 1:
            drawing.paste("#000000", (8 * bit, 0, 8 * bit + 8, 8))
    drawing.save(made, form)
    name = f"kuva-{number}.{form.lower()}"
    facts = {"title": f"Kuva {number}", "credit": "Kuvaaja", "rights": "own", "people": "nobody"}
    image = SiteImage(**({"file": ContentFile(made.getvalue(), name)} | facts | values))
    image._set_image_file_metadata()
    image.save()
    return image


def make_projects_page(home: HomePage, **values: Any) -> ProjectsPage:
    return publish(ProjectsPage(**({"title": "Hankkeet", "slug": f"hankkeet-{next(_numbers)}", "show_in_menus": True} | values)), home)


def make_project_page(section: ProjectsPage, project: Project | None = None, **values: Any) -> ProjectPage:
    number = next(_numbers)
    words = {"title": f"Hanke {number}", "slug": f"hanke-{number}", "lead": f"Ingressi {number}", "body": [("paragraph", "<p>Teksti</p>")]}
    return publish(ProjectPage(project=project or make_project(section.theme), **(words | values)), section)


def make_services_page(home: HomePage, **values: Any) -> ServicesPage:
    return publish(ServicesPage(**({"title": "Palvelut", "slug": f"palvelut-{next(_numbers)}", "show_in_menus": True} | values)), home)


def make_service_page(section: ServicesPage, **values: Any) -> ServicePage:
    """`sub_themes`, `regions` and `target_groups` are lists."""
    number = next(_numbers)
    ticked = {name: values.pop(name) for name in ("sub_themes", "regions", "target_groups") if name in values}
    words = {"title": f"Palvelu {number}", "slug": f"palvelu-{number}", "lead": f"Ingressi {number}", "languages": ["fi"], "email": "a@example.org"}
    page = ServicePage(**({"organisation": values.get("organisation") or make_organisation(section.theme)} | words | values))
    for name, rows in ticked.items():
        setattr(page, name, rows)
    return publish(page, section)


def make_calls_page(home: HomePage, **values: Any) -> CallsPage:
    return publish(CallsPage(**({"title": "Hankehaut", "slug": f"haut-{next(_numbers)}", "show_in_menus": True} | values)), home)


def make_call_page(section: CallsPage, *, opens: int = -10, closes: int = 20, **values: Any) -> CallPage:
    """Opens and closes so many days from now. `further_themes`, `sub_themes` and `regions` are lists."""
    number, now = next(_numbers), timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
    ticked = {name: values.pop(name) for name in ("further_themes", "sub_themes", "regions") if name in values}
    times = {"opens_at": now + timedelta(days=opens), "closes_at": now + timedelta(days=closes)}
    words = {"title": f"Hankehaku {number}", "slug": f"hankehaku-{number}", "lead": f"Ingressi {number}", "email": "a@example.org"}
    texts = {"what_is_funded": "<p>Kehittäminen</p>", "who_may_apply": "<p>Kunnat</p>", "apply_url": "https://asiointi.example.org/"}
    page = CallPage(**({"authority": values.get("authority") or make_organisation(section.theme)} | words | texts | times | values))
    for name, rows in ticked.items():
        setattr(page, name, rows)
    return publish(page, section)
