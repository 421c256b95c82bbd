"""Webhooks: receivers, their secrets and their deliveries."""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from refinery.core.tenancy.roles import Verb
from refinery.core.web.endpoint import Endpoint
from refinery.core.web.idempotency import body_fingerprint, once
from refinery.core.web.outbound_http import RefusedAddress
from refinery.core.web.pagination import KeysetPagination
from refinery.core.web.problems import Problem
from refinery.core.webhooks.models import WebhookDelivery, WebhookEndpoint
from refinery.core.webhooks.services import (
    UnknownEvent,
    add_endpoint,
    remove_endpoint,
    replay_delivery,
    rotate_secret,
    show_upload_secret,
)


class WebhookRequest(serializers.Serializer[Any]):
    """A receiver; no events means all of them."""

    url = serializers.URLField(max_length=500)
    events = serializers.ListField(child=serializers.CharField(max_length=40), required=False)


class WebhookAnswer(serializers.ModelSerializer[WebhookEndpoint]):
    """A receiver without its secret."""

    class Meta:
        model = WebhookEndpoint
        fields = ("id", "url", "events", "is_active", "created_at")
        read_only_fields = fields


class WebhookSecretAnswer(serializers.ModelSerializer[WebhookEndpoint]):
    """A receiver with its secret: shown when made and when rotated, never again."""

    class Meta:
        model = WebhookEndpoint
        fields = ("id", "url", "events", "is_active", "created_at", "secret")
        read_only_fields = fields


class DeliveryAnswer(serializers.ModelSerializer[WebhookDelivery]):
    """What became of one event."""

    class Meta:
        model = WebhookDelivery
        fields = (
            "id", "url", "event", "attempts", "status_code", "error", "created_at", "delivered_at", "gave_up_at",
        )  # fmt: skip
        read_only_fields = fields


class WebhooksView(Endpoint):
    """All receivers."""

    verbs: ClassVar = {"GET": Verb.WEBHOOK_EDIT, "POST": Verb.WEBHOOK_EDIT}

    @extend_schema(responses=WebhookAnswer(many=True))
    def get(self, request: Request) -> Response:
        """List receivers."""
        pages = KeysetPagination()
        found = pages.paginate_queryset(WebhookEndpoint.objects.visible_to(self.actor), request, self) or []
        return pages.get_paginated_response(WebhookAnswer(found, many=True).data)

    @extend_schema(request=WebhookRequest, responses={201: WebhookSecretAnswer})
    def post(self, request: Request) -> Response:
        """Name a receiver; the answer holds its signing secret, this once."""
        values = self.valid(WebhookRequest)
        return once(request, self.actor, body_fingerprint(values), lambda: self._add(values))

    def _add(self, values: dict[str, Any]) -> Response:
        try:
            row = add_endpoint(actor=self.actor, url=values["url"], events=values.get("events", []))
        except RefusedAddress as reason:
            raise Problem(
                422, "refused-address", "Refused address", str(reason), errors={"url": [str(reason)]}
            ) from reason
        except UnknownEvent as reason:
            raise Problem(
                422, "unknown-event", "Unknown event", str(reason), errors={"events": [str(reason)]}
            ) from reason
        return Response(WebhookSecretAnswer(row).data, status=201)


class SecretAnswer(serializers.Serializer[Any]):
    """A signing secret."""

    secret = serializers.CharField()


class UploadSecretView(Endpoint):
    """The secret that signs what goes to a `webhook_url`."""

    verbs: ClassVar = {"GET": Verb.WEBHOOK_EDIT}

    @extend_schema(responses=SecretAnswer)
    def get(self, request: Request) -> Response:
        """Give the secret that signs events to addresses named at upload: one a tenant, always the same."""
        secret = show_upload_secret(actor=self.actor)
        return Response({"secret": secret}, headers={"Cache-Control": "no-store"})


class WebhookView(Endpoint):
    """One receiver."""

    verbs: ClassVar = {"GET": Verb.WEBHOOK_EDIT, "DELETE": Verb.WEBHOOK_EDIT}

    @extend_schema(responses=WebhookAnswer)
    def get(self, request: Request, webhook_id: UUID) -> Response:
        """Give the receiver."""
        return Response(WebhookAnswer(WebhookEndpoint.objects.visible_to(self.actor).get(pk=webhook_id)).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, webhook_id: UUID) -> Response:
        """Forget the receiver."""
        remove_endpoint(actor=self.actor, endpoint_id=webhook_id)
        return Response(status=204)


class RotateView(Endpoint):
    """A receiver's secret."""

    verbs: ClassVar = {"POST": Verb.WEBHOOK_EDIT}

    @extend_schema(request=None, responses=WebhookSecretAnswer)
    def post(self, request: Request, webhook_id: UUID) -> Response:
        """Make a new secret; the one before signs beside it until the next rotation."""
        return Response(WebhookSecretAnswer(rotate_secret(actor=self.actor, endpoint_id=webhook_id)).data)


class DeliveriesView(Endpoint):
    """A receiver's deliveries."""

    verbs: ClassVar = {"GET": Verb.WEBHOOK_EDIT}

    @extend_schema(responses=DeliveryAnswer(many=True))
    def get(self, request: Request, webhook_id: UUID) -> Response:
        """List deliveries, newest first."""
        endpoint = WebhookEndpoint.objects.visible_to(self.actor).get(pk=webhook_id)
        rows = WebhookDelivery.objects.visible_to(self.actor).filter(endpoint=endpoint).defer("payload")
        pages = KeysetPagination("created_at")  # a delivery's id is a hash of what it tells
        found = pages.paginate_queryset(rows, request, self) or []
        return pages.get_paginated_response(DeliveryAnswer(found, many=True).data)


class ReplayView(Endpoint):
    """One delivery."""

    verbs: ClassVar = {"POST": Verb.WEBHOOK_EDIT}

    @extend_schema(request=None, responses={202: DeliveryAnswer})
    def post(self, request: Request, webhook_id: UUID, delivery_id: UUID) -> Response:
        """Send the event again under its old id."""
        WebhookDelivery.objects.visible_to(self.actor).only("pk").get(pk=delivery_id, endpoint_id=webhook_id)
        row = replay_delivery(actor=self.actor, delivery_id=delivery_id)
        return Response(DeliveryAnswer(row).data, status=202)
