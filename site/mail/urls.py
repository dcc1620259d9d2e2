from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from mail import views
from mail.inbound import webhooks

if TYPE_CHECKING:
    from django.urls import URLPattern

app_name = "mail"
urlpatterns: list[URLPattern] = [
    path("l/<token:token>", views.follow_link, name="click"),
    path("esp/<path:path>", webhooks.receive, name="esp"),
    path("emblem.png", views.emblem_picture, name="emblem"),
    path("outbox/", views.outbox, name="outbox"),
    path("outbox/<str:name>/", views.outbox_mail, name="outbox_mail"),
    path("outbox/<str:name>/html/", views.outbox_html, name="outbox_html"),
    path("outbox/<str:name>/source/", views.outbox_source, name="outbox_source"),
    path("outbox/<str:name>/<int:number>/", views.outbox_file, name="outbox_file"),
]
