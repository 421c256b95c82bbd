"""Every address of the web process."""

from django.urls import URLPattern, URLResolver, include, path

from refinery.api import urls as api
from refinery.web import urls as web

urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/", include(api)),
    path("", include(web)),
]
