"""Routes of quality below /v1: models and training runs."""

from django.urls import path

from quality.api.learning import ModelsView, PromoteView, RollBackView, TrainingsView

urlpatterns = [
    path("models", ModelsView.as_view(), name="models"),
    path("models/trainings", TrainingsView.as_view(), name="trainings"),
    path("models/rollback", RollBackView.as_view(), name="model-rollback"),
    path("models/<uuid:model_id>/promote", PromoteView.as_view(), name="model-promote"),
]
