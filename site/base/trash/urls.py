from __future__ import annotations

from django.urls import path

from base.trash import views

app_name = "trash"

urlpatterns = [
    path("", views.TrashList.as_view(), name="list"),
    path("results/", views.TrashList.as_view(results_only=True), name="results"),
    path("<int:pk>/back/", views.bring_back, name="back"),
    path("<int:pk>/delete/", views.delete, name="delete"),
]
