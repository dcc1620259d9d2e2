from __future__ import annotations

import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from base.tables import as_table
from base.tasks import in_this_process
from mail import engine
from mail.balance import balance
from newsletters.issues import send_issue
from newsletters.ledgers import COLUMNS, ledger_rows
from newsletters.models import IssuePage
from newsletters.recipients import NotSendable

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from mail.models import Mailing

PAUSE_SECONDS = 1.0


class Command(BaseCommand):
    help = "Sends a newsletter issue. Sending it again changes nothing: each subscriber gets one copy."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("issue", type=int, metavar="ID", help="the issue's page")
        parser.add_argument("--wait", action="store_true", help="deliver from here, and end when nothing waits any more")

    def handle(self, *args: Any, issue: int, wait: bool, **options: Any) -> None:
        page = IssuePage.objects.filter(pk=issue).first()
        if page is None:
            raise CommandError(f"There is no newsletter issue with the id {issue}.")
        with ExitStack() as stack:
            if wait:
                stack.enter_context(in_this_process())
            try:
                mailing = send_issue(page)
            except NotSendable as error:
                raise CommandError(str(error)) from error
            if wait:
                deliver_all(mailing)
        page.refresh_from_db()
        self.stdout.write(as_table(COLUMNS, ledger_rows([page])))


def deliver_all(mailing: Mailing) -> None:
    """Until the ledger has nothing open. What a receiver put off is waited for; other workers may help."""
    while balance(mailing).waiting:
        engine.sweep()
        if balance(mailing).waiting:
            time.sleep(PAUSE_SECONDS)
