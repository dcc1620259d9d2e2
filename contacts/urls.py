from __future__ import annotations

from django.urls import URLPattern, path

from contacts.privacy import address_views, own_views

app_name = "contacts"
urlpatterns: list[URLPattern] = [
    path("own-data/<str:token>/", own_views.own_data, name="own_data"),
    path("own-data/<str:token>/again/", own_views.again, name="again"),
    path("own-data/<str:token>/address/", address_views.ask, name="address"),
    path("own-data/new-address/<str:token>/confirm/", address_views.confirm, name="new_address"),
    path("own-data/<str:token>/erase/", own_views.erase, name="erase"),
    path("own-data/<str:token>/data.json", own_views.as_json, name="own_json"),
    path("own-data/<str:token>/data.vcf", own_views.as_vcard, name="own_vcard"),
    path("own-data/<str:token>/data.pdf", own_views.as_pdf, name="own_pdf"),
]
