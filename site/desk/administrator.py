"""The first administrator of an installation."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import default_token_generator
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from base.models import User
from base.roles import Role


@transaction.atomic
def make_administrator(*, email: str, password: str = "") -> User:
    """A member of staff who may do everything; without a password, one who sets it by `password_link`. Raises ValidationError."""
    validate_email(email)
    user = User(username=email, email=email, is_staff=True, is_superuser=True)
    if password:
        validate_password(password, user)
    user.set_password(password or None)
    user.save()
    user.groups.add(Group.objects.get(name=Role.ADMINISTRATORS))
    return user


def password_link(user: User) -> str:
    """Opens the form for a password once, for PASSWORD_RESET_TIMEOUT seconds."""
    code = urlsafe_base64_encode(force_bytes(user.pk))
    return settings.BASE_URL + reverse("wagtailadmin_password_reset_confirm", args=[code, default_token_generator.make_token(user)])
