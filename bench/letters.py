"""An issue in three languages with its subscribers, for `bench.sending`: made by the product's own actions, in a process with its settings.

`python -m bench.letters make 20000` prints what was frozen as JSON, and `freeze` cancels it then; `work` is a worker, which begins when the file
that it is given is there; `show` prints the words of the last mail.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bench.many_pages import WORDS

LANGUAGES = ("fi", "sv", "en")
# Of one mail, without its head.
BYTES = 40_000
BATCH = 2_000


def main() -> None:
    sys.path.insert(0, "site")
    import django

    django.setup()
    act, *words = sys.argv[1:]
    acts = {"make": lambda: make(int(words[0])), "freeze": lambda: freeze(int(words[0])), "work": lambda: work(Path(words[0])), "show": show}
    sys.stdout.write(json.dumps(acts[act]()))


def make(number: int) -> dict[str, Any]:
    """A further issue to `number` subscribers, who are made if they are not there."""
    from django.db import connection

    from mail.models import Variant
    from newsletters.issues import send_issue

    page = letter()
    subscribe(page.newsletter, number)
    issue = write(page)
    # A fresh connection: what its process has used is the freezing's alone, also where it is opened once more meanwhile.
    connection.close()
    before, used = time.perf_counter(), time.process_time()
    mailing = send_issue(issue)
    taken, used = time.perf_counter() - before, time.process_time() - used + database_seconds()
    sizes = [len(mime) for mime in Variant.objects.filter(mailing=mailing).values_list("mime", flat=True)]
    return {
        "mailing": mailing.pk, "frozen": mailing.frozen_count, "freeze_seconds": taken, "freeze_processor_seconds": used, "bytes": max(sizes),
        "variants": len(sizes),
    }  # fmt: skip


def database_seconds() -> float:
    """The processor time of this connection's process on PostgreSQL, where it runs on this machine; else 0, and SQLite works in our own."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return 0.0
    connection.ensure_connection()
    try:
        facts = Path(f"/proc/{connection.connection.info.backend_pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(facts[11]) + int(facts[12])) / os.sysconf("SC_CLK_TCK")


def freeze(number: int) -> dict[str, Any]:
    """And cancels, so that no worker sends it."""
    from mail import control
    from mail.models import Mailing

    made = make(number)
    control.cancel(Mailing.objects.get(pk=made["mailing"]), by=None)
    return made


def letter() -> Any:
    from desk.opening import publish, translate
    from newsletters.models import Newsletter, NewsletterPage
    from pages.models import HomePage
    from themes.models import Goal, Plan, Scope

    if page := NewsletterPage.objects.filter(locale__language_code="fi").first():
        return page
    home = HomePage.objects.filter(locale__language_code="fi").order_by("depth").first()
    assert home  # noqa: S101 — start_theme has made it
    newsletter, _made = Newsletter.objects.get_or_create(
        theme=home.theme, key="bench", defaults={
            "name_fi": "Mittauskirje", "name_sv": "Mätningsbrevet", "name_en": "Bench letter", "scope": Scope.EXTERNAL,
            "from_email": "bench@kantama.internal", "consent_fi": "Saa lähettää.", "consent_version": "1",
        }
    )  # fmt: skip
    today, names = date.today(), {f"name_{code}": f"Mittaus {code}" for code in LANGUAGES}
    plan = Plan.objects.create(theme=home.theme, key="bench", starts=today, ends=today + timedelta(days=365), **names)
    goal = Goal.objects.create(theme=home.theme, plan=plan, key="bench", **names)
    page = publish(NewsletterPage(title="Mittauskirje", newsletter=newsletter, lead="Kirje mittaamiseen."), home, {"goals": [goal]})
    translate(
        page,
        {code: {"title": f"Mittauskirje {code}", "lead": f"Kirje {code}."} for code in LANGUAGES} | {"fi": {"title": page.title, "lead": page.lead}},
    )
    return page


def subscribe(newsletter: Any, number: int) -> None:
    """Rows as an import makes them: a third in each language."""
    from django.utils import timezone

    from contacts.models import Consent, Person
    from newsletters.models import Subscription

    now, have = timezone.now(), Subscription.objects.filter(newsletter=newsletter).count()
    for start in range(have, number, BATCH):
        numbers = range(start, min(start + BATCH, number))
        people = Person.objects.bulk_create(
            Person(
                theme=newsletter.theme,
                first_name="Lukija",
                last_name=str(one),
                email=f"reader{one}@d{one % 97}.example.org",
                language=LANGUAGES[one % 3],
            )
            for one in numbers
        )
        consents = Consent.objects.bulk_create(
            Consent(person=person, purpose=newsletter.purpose, text="Saa lähettää.", text_version="1", language="fi", given_how="bench", given_at=now)
            for person in people
        )
        Subscription.objects.bulk_create(
            Subscription(
                newsletter=newsletter, person=person, language=person.language, state="confirmed", consent=consent, asked_at=now, confirmed_at=now
            )
            for person, consent in zip(people, consents, strict=True)
        )


def write(page: Any) -> Any:
    """An issue of paragraphs, links and lists: as long as a mail may be, and with twenty links."""
    from desk.opening import block, publish, translate
    from newsletters.models import IssuePage

    number = IssuePage.objects.count()
    texts = [f"{' '.join(WORDS[(row * 7 + word) % len(WORDS)] for word in range(70))}." for row in range(7)]
    body = [block({"type": "paragraph", "text": text}) for text in texts]
    issue = publish(IssuePage(title=f"Numero {number}", preview_text="Mittaus", lead="Avaus.", body=body), page, {"goals": list(page.goals.all())})
    words = {"title": issue.title, "preview_text": "Mittaus", "lead": "Avaus."}
    other = {
        code: {name: f"{text} {code}" for name, text in words.items()} | {"body": [f"{text} {code}" for text in texts]} for code in LANGUAGES[1:]
    }
    translate(issue, {"fi": words | {"body": texts}} | other)
    return issue


def show() -> dict[str, str]:
    """The text and the HTML of the last mailing, without slots."""
    from email import message_from_bytes, policy

    from mail.models import Variant

    mail = message_from_bytes(bytes(Variant.objects.order_by("-pk")[0].mime), policy=policy.default)
    parts = {"txt": mail.get_body(("plain",)), "html": mail.get_body(("html",))}
    return {kind: part.get_content() for kind, part in parts.items() if part}


def work(start: Path) -> dict[str, Any]:
    """Sends until nothing is due. Memory in KB: at the start, idle, and the most there was."""
    from django.db import connection

    from base.memory import keep_what_is_loaded
    from mail import engine

    connection.ensure_connection()
    # As each worker does when it begins.
    keep_what_is_loaded()
    idle = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    Path(f"{start}.{os.getpid()}").touch()
    while not start.exists():
        time.sleep(0.005)
    before = time.process_time()
    engine.deliver_now()
    return {"idle_kb": idle, "most_kb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, "processor_seconds": time.process_time() - before}


if __name__ == "__main__":
    main()
