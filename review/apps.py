"""Review as a Django app."""

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """Name the app."""

    name = "review"
    label = "review"
