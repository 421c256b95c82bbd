"""URLs of the web process."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.cache import cache_control
from django.views.i18n import JavaScriptCatalog

from ingestion import urls as ingestion
from quality import urls as quality
from refinery.api import urls as api
from refinery.core.web import urls as web
from review import urls as review

handler400 = "refinery.core.web.error_responses.bad_request"
handler404 = "refinery.core.web.error_responses.not_found"
handler500 = "refinery.core.web.error_responses.server_error"
javascript_catalog = cache_control(private=True, max_age=3600)(JavaScriptCatalog.as_view())

urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/", include(api)),
    path("i18n.js", javascript_catalog, name="javascript-catalog"),
    path("", include(review)),  # the most requested first: Django tries them in order
    path("", include(ingestion)),
    path("", include(quality)),
    path("", include(web)),
]
