"""Telling the page cache of every process, and with Redis of every machine, that something which pages show has changed."""

from __future__ import annotations

import logging
import threading
import time
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import redis
from django.conf import settings
from django.db import transaction
from django.db.models.signals import m2m_changed, post_delete, post_save
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished, post_page_move

from base.page_cache import Generation

if TYPE_CHECKING:
    from django.db.models import Model

log = logging.getLogger(__name__)
CHANNEL = "kantama.pages"
# Who sends: what a machine says itself it has counted already.
MACHINE = uuid4().hex
WAIT_SECONDS = 1


@cache
def generation() -> Generation:
    """Of this machine: one file in the data folder."""
    return Generation(settings.DATA / "pages.generation")


def forget_pages() -> None:
    """Once the transaction has committed. Call it for a change that no signal tells of, such as an `update()`."""
    transaction.on_commit(_tell)


def _tell() -> None:
    generation().bump()
    if settings.REDIS_URL:
        try:
            _redis().publish(CHANNEL, MACHINE)
        except redis.RedisError:
            log.exception("Other machines were not told of a change: they keep their pages until these grow old.")


@cache
def _redis() -> Any:
    return redis.from_url(settings.REDIS_URL)


def watch(*models: type[Model]) -> None:
    """Pages show rows of these: any change of them makes all pages old."""
    for model in models:
        post_save.connect(_on_change, sender=model)
        post_delete.connect(_on_change, sender=model)
        for field in model._meta.many_to_many:
            m2m_changed.connect(_on_change, sender=getattr(model, field.name).through)


def watch_pages() -> None:
    """A draft that is saved changes nothing for visitors."""
    for signal in (page_published, page_unpublished, post_page_move):
        signal.connect(_on_change)
    post_delete.connect(_on_delete)


def _on_change(**_what: object) -> None:
    forget_pages()


def _on_delete(sender: type[Model], **_what: object) -> None:
    if issubclass(sender, Page):
        forget_pages()


def listen() -> None:
    """In a web process: hears what other machines change. Does nothing without Redis."""
    if settings.REDIS_URL:
        threading.Thread(target=_listen, name="page-changes", daemon=True).start()


def _listen() -> None:
    while True:
        try:
            heard = _redis().pubsub(ignore_subscribe_messages=True)
            heard.subscribe(CHANNEL)
            # What was said before is not known.
            generation().bump()
            for message in heard.listen():
                if message["data"] != MACHINE.encode():
                    generation().bump()
        except redis.RedisError:
            log.warning("Redis does not answer: pages grow old by the clock alone.")
            time.sleep(WAIT_SECONDS)
