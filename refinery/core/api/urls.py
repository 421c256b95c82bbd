"""Routes of the kernel below /v1: sign-in, API keys, webhooks and the OpenAPI file."""

from django.urls import path

from refinery.core.api import webhooks
from refinery.core.api.api_keys import ApiKeysView, ApiKeyView
from refinery.core.api.tokens import RefreshView, TicketsView, TokensView
from refinery.core.web.openapi import SchemaView, docs

urlpatterns = [
    path("tokens", TokensView.as_view(), name="tokens"),
    path("tokens/refresh", RefreshView.as_view(), name="tokens-refresh"),
    path("tickets", TicketsView.as_view(), name="tickets"),
    path("api-keys", ApiKeysView.as_view(), name="api-keys"),
    path("api-keys/<uuid:key_id>", ApiKeyView.as_view(), name="api-key"),
    path("schema", SchemaView.as_view(), name="schema"),
    path("docs", docs, name="docs"),
    path("webhooks", webhooks.WebhooksView.as_view(), name="webhooks"),
    path("webhooks/upload-secret", webhooks.UploadSecretView.as_view(), name="webhook-upload-secret"),
    path("webhooks/<uuid:webhook_id>", webhooks.WebhookView.as_view(), name="webhook"),
    path("webhooks/<uuid:webhook_id>/rotate", webhooks.RotateView.as_view(), name="webhook-rotate"),
    path("webhooks/<uuid:webhook_id>/deliveries", webhooks.DeliveriesView.as_view(), name="webhook-deliveries"),
    path(
        "webhooks/<uuid:webhook_id>/deliveries/<uuid:delivery_id>/replay",
        webhooks.ReplayView.as_view(),
        name="webhook-replay",
    ),
]
