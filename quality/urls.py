"""URLs of the quality and learning pages."""

from django.urls import path

from quality.views import models, promote, roll_back_champion, train

app_name = "quality"
urlpatterns = [
    path("models/", models, name="models"),
    path("models/train", train, name="train"),
    path("models/back", roll_back_champion, name="back"),
    path("models/<uuid:model_id>/promote", promote, name="promote"),
]
