from __future__ import annotations

from django.urls import path

from desk.door import views

app_name = "door"
urlpatterns = [
    path("queue/", views.queue, name="queue"),
    path("queue/<int:pk>/return/", views.return_to_submitter, name="return"),
    path("<int:pk>/", views.edit, name="edit"),
    path("<slug:kind>/", views.submit, name="submit"),
]
