"""Signed tokens for links in mails: short, opaque, without an address in them, and useless for another purpose."""

from __future__ import annotations

from typing import Any

from django.core import signing


class BadToken(Exception):
    """A token that is forged, cut short by a mail client, of another purpose, or too old."""


def sign(purpose: str, *values: object) -> str:
    return signing.Signer(salt=f"kantama.{purpose}", sep=".").sign_object(list(values), compress=False)


def read(purpose: str, token: str) -> list[Any]:
    """The values that were signed. Raises BadToken."""
    try:
        values = signing.Signer(salt=f"kantama.{purpose}", sep=".").unsign_object(token)
    except (signing.BadSignature, ValueError) as error:
        raise BadToken(str(error)) from error
    if not isinstance(values, list):
        raise BadToken("not a list")
    return values
