"""`manage.py social_keys`: locks the secrets of all accounts anew, with the first key."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from social.models import Account
from social.sealing import Locked, seal, unseal


class Command(BaseCommand):
    help = "Locks the secrets of social media accounts anew, with the first of SOCIAL_KEYS, or with SECRET_KEY where there is none."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        rows = list(Account.objects.exclude(sealed=""))
        for account in rows:
            try:
                sealed = seal(unseal(account.sealed))
            except Locked:
                raise CommandError(
                    f"No key opens the account {account}. Put the old key behind the new one, or give its credentials again."
                ) from None
            Account.objects.filter(pk=account.pk, sealed=account.sealed).update(sealed=sealed)
        self.stdout.write(f"{len(rows)} accounts are locked with the first key.")
