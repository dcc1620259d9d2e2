"""A peer sends one issue to a number of people, by its own code, in its own environment: prints the seconds that it took.

`python send.py NUMBER`, with PEER, PEER_FOLDER, DATABASE_URL and SINK_PORT. The folder has the same mail as ours, as `letter.html` and `letter.txt`.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path


def main() -> None:
    folder, number = Path(os.environ["PEER_FOLDER"]), int(sys.argv[1])
    sys.path[:0] = [str(Path(__file__).parent), str(folder)]
    os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
    prepare(folder)
    import django
    from django.core.management import call_command

    django.setup()
    if os.environ["PEER"] == "wagtail-birdsong":
        call_command("makemigrations", "peer_app", verbosity=0)
    call_command("migrate", verbosity=0)
    send = {"django-newsletter": django_newsletter, "wagtail-birdsong": birdsong}[os.environ["PEER"]]
    sys.stdout.write(f"{send(number):.3f}\n")


def prepare(folder: Path) -> None:
    """Templates that are the mail itself, so that rendering costs as little as it can."""
    for name, place in (("message", "newsletter/message"), ("letter", "mail")):
        target = folder / "templates" / place
        target.mkdir(parents=True, exist_ok=True)
        for kind in ("html", "txt"):
            text = (folder / f"letter.{kind}").read_text()
            (target / f"{name}.{kind}").write_text(f"{{% verbatim %}}{text}{{% endverbatim %}}")
        (target / f"{name}_subject.txt").write_text("Mittaus")
    app = folder / "peer_app"
    app.mkdir(exist_ok=True)
    (app / "__init__.py").touch()
    (app / "models.py").write_text("from birdsong.models import Campaign\n\n\nclass Letter(Campaign):\n    pass\n")
    urls = "from django.urls import include, path\n"
    if os.environ["PEER"] == "django-newsletter":
        urls += "urlpatterns = [path('', include('newsletter.urls'))]\n"
    else:
        urls += "urlpatterns = []\n"
    (folder / "peer_urls.py").write_text(urls)


def addresses(number: int) -> list[str]:
    return [f"reader{one}@d{one % 97}.example.org" for one in range(number)]


def django_newsletter(number: int) -> float:
    from django.utils import timezone
    from newsletter.models import Message, Newsletter, Submission, Subscription

    letter = Newsletter.objects.create(title="Mittaus", slug="mittaus", email="bench@kantama.internal", sender="Mittaus")
    rows = [Subscription(newsletter=letter, email_field=address, subscribed=True) for address in addresses(number)]
    Subscription.objects.bulk_create(rows)
    message = Message.objects.create(title="Mittaus", slug="mittaus", newsletter=letter)
    submission = Submission.from_message(message)
    submission.publish_date = timezone.now() - timedelta(seconds=1)
    before = time.perf_counter()
    submission.submit()
    return time.perf_counter() - before


def birdsong(number: int) -> float:
    from birdsong.backends.smtp import SMTPEmailBackend
    from birdsong.models import Contact
    from django.test import RequestFactory
    from peer_app.models import Letter

    campaign = Letter.objects.create(name="Mittaus", subject="Mittaus")
    Contact.objects.bulk_create([Contact(email=address) for address in addresses(number)])
    before = time.perf_counter()
    SMTPEmailBackend().send_campaign(RequestFactory().get("/", headers={"host": "localhost"}), campaign, list(Contact.objects.all()))
    for thread in threading.enumerate():
        if thread is not threading.main_thread():
            thread.join()
    return time.perf_counter() - before


if __name__ == "__main__":
    main()
