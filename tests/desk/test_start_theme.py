"""An installation is opened without a demo, in steps that may be repeated."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings
from django_q.models import Schedule
from wagtail.models import Page, Site

from base.models import User
from base.roles import Role
from desk.demo.content import FOLDER
from themes.models import SubTheme, TargetGroup, Theme

EMAIL, PASSWORD = "eka@kantama.internal", "kivilinnan-ratsu-71"


pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True, scope="module")
def address():
    at = override_settings(BASE_URL="https://www.kantama.internal", ALLOWED_HOSTS=["www.kantama.internal", "testserver"])
    with at, pytest.MonkeyPatch.context() as patch:
        patch.delenv("ADMINISTRATOR_PASSWORD", raising=False)
        yield


def start(*words):
    out = StringIO()
    call_command("start_theme", *words, stdout=out)
    return out.getvalue()


@pytest.fixture(scope="module")
def opened(address, shared_db):
    """What the command said when it opened the installation."""
    return start("--administrator", EMAIL)


def link(output):
    return output.split("once: ")[1].strip()


# ---- on an empty installation: before `opened` makes its own
@pytest.mark.parametrize(
    ("words", "password", "message"),
    [
        ((), "", "--administrator"),
        (("--administrator", "eka"), "", "valid email"),
        (("--administrator", EMAIL), "abc", "too short"),
        (("--administrator", EMAIL, "--content", "/nowhere"), "", "cannot be read"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_leaves_nothing(monkeypatch, words, password, message):
    monkeypatch.setenv("ADMINISTRATOR_PASSWORD", password)
    with pytest.raises(CommandError, match=message):
        start(*words)
    assert not Theme.objects.exists()
    assert not User.objects.exists()


def test_a_theme_of_ones_own_comes_from_a_folder_and_a_password_from_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("ADMINISTRATOR_PASSWORD", PASSWORD)
    for name in ("theme", "pages"):
        text = (FOLDER / f"{name}.toml").read_text(encoding="utf-8")
        (tmp_path / f"{name}.toml").write_text(text.replace('key = "tyoelaman-kehittaminen"', 'key = "jatkuva-oppiminen"'), encoding="utf-8")
    start("--administrator", EMAIL, "--content", str(tmp_path))
    assert Theme.objects.get().key == "jatkuva-oppiminen"
    assert User.objects.get().check_password(PASSWORD)
    with pytest.raises(CommandError, match="belongs to"):
        start()
    (tmp_path / "pages.toml").write_text("[home]\n", encoding="utf-8")
    Page.objects.filter(depth__gt=1).delete()
    with pytest.raises(CommandError, match="has no 'title'"):
        start("--content", str(tmp_path))


def test_the_demo_makes_no_logins_in_production(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="start_theme"):
        call_command("demo", "--logins")
    assert not User.objects.exists()


# ---- on one that is open
def test_the_site_stands_in_three_languages(opened, client):
    assert Theme.objects.get().name_en == "Development of working life"
    assert SubTheme.objects.exists()
    assert TargetGroup.objects.exists()
    site = Site.objects.get()
    assert (site.hostname, site.port, site.root_url) == ("www.kantama.internal", 443, "https://www.kantama.internal")
    for code, section in (("fi", "jutut"), ("sv", "artiklar"), ("en", "stories")):
        for path in (f"/{code}/", f"/{code}/{section}/"):
            page = client.get(path, headers={"host": "www.kantama.internal"})
            assert page.status_code == 200, path
            assert f'<html lang="{code}"' in page.content.decode()


def test_the_schedules_of_the_worker_are_registered(opened):
    assert {"mail.sweep", "events.delete_due", "base.check_pages"} <= set(Schedule.objects.values_list("name", flat=True))


def test_run_again_it_adds_nothing(opened):
    Schedule.objects.filter(name="events.delete_due").update(next_run="2030-01-01T00:00Z")

    def rows():
        found = [model.objects.count() for model in (Theme, SubTheme, TargetGroup, Page, Site, User, Schedule)]
        return found, Schedule.objects.get(name="events.delete_due").next_run

    before = rows()
    assert "already open" in start()
    assert rows() == before


def test_a_new_address_moves_the_site(opened, settings):
    settings.BASE_URL = "https://teema.kantama.internal"
    start()
    assert Site.objects.get().root_url == "https://teema.kantama.internal"


def test_the_first_administrator_sets_a_password_by_a_link_that_works_once(opened, client):
    address = link(opened).removeprefix("https://www.kantama.internal")
    user = User.objects.get()
    assert user.is_superuser
    assert [group.name for group in user.groups.all()] == [Role.ADMINISTRATORS]
    assert not user.has_usable_password()
    form = client.get(address, follow=True)
    client.post(form.redirect_chain[-1][0], {"new_password1": PASSWORD, "new_password2": PASSWORD})
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert not client.get(address, follow=True).context["validlink"]
    assert "already" in start("--administrator", EMAIL).splitlines()[-1]
