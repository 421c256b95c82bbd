"""Addresses that belong to no single app: sessions, health, figures."""

from django.urls import path

from refinery.web.health import healthz, readyz
from refinery.web.metrics import metrics
from refinery.web.views.sessions import sign_in, sign_out, switch_tenant

urlpatterns = [
    path("sign-in/", sign_in, name="sign-in"),
    path("sign-out/", sign_out, name="sign-out"),
    path("switch-tenant/", switch_tenant, name="switch-tenant"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
]
