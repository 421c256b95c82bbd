"""URLs that belong to no app: sessions, health, metrics."""

from django.contrib.admin import autodiscover
from django.urls import path

from refinery.core.web.admin_site import site
from refinery.core.web.health import healthz, readyz
from refinery.core.web.metrics import metrics
from refinery.core.web.views.passwords import ChoosePasswordView, change_password
from refinery.core.web.views.sessions import sign_in, sign_out, switch_tenant

autodiscover()  # registers the pages of every app before the site builds its URLs

urlpatterns = [
    path("sign-in/", sign_in, name="sign-in"),
    path("sign-out/", sign_out, name="sign-out"),
    path("switch-tenant/", switch_tenant, name="switch-tenant"),
    path("join/<uidb64>/<token>/", ChoosePasswordView.as_view(), name="join"),
    path("password/", change_password, name="change-password"),
    path("admin/", site.urls),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
]
