"""Addresses of the pages about quality and learning."""

from django.urls import path

from quality.views import go_back, models, promote, train

app_name = "quality"
urlpatterns = [
    path("models/", models, name="models"),
    path("models/train", train, name="train"),
    path("models/back", go_back, name="back"),
    path("models/<uuid:model_id>/promote", promote, name="promote"),
]
