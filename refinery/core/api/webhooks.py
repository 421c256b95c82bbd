"""REST endpoints of webhooks: receivers, their secrets and their deliveries."""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from refinery.core.tenancy.roles import Permission
from refinery.core.web.endpoint import Endpoint
from refinery.core.web.idempotency import IDEMPOTENCY_KEY, body_fingerprint, run_once
from refinery.core.web.outbound_http import AddressNotAllowed
from refinery.core.web.pagination import KeysetPagination
from refinery.core.web.problems import Problem
from refinery.core.webhooks import services
from refinery.core.webhooks.models import WebhookDelivery, WebhookEndpoint


class WebhookRequest(serializers.Serializer[Any]):
    """Receiver to register; an empty list of events subscribes to all of them."""

    url = serializers.URLField(max_length=500)
    events = serializers.ListField(child=serializers.CharField(max_length=40), required=False)


class WebhookResponse(serializers.ModelSerializer[WebhookEndpoint]):
    """Receiver without its secret."""

    class Meta:
        model = WebhookEndpoint
        fields = ("id", "url", "events", "is_active", "created_at")
        read_only_fields = fields


class WebhookSecretResponse(serializers.ModelSerializer[WebhookEndpoint]):
    """Receiver with its secret: returned only on creation and on rotation."""

    class Meta:
        model = WebhookEndpoint
        fields = ("id", "url", "events", "is_active", "created_at", "secret")
        read_only_fields = fields


class DeliveryResponse(serializers.ModelSerializer[WebhookDelivery]):
    """Delivery of one event and its outcome."""

    class Meta:
        model = WebhookDelivery
        fields = ("id", "url", "event", "attempts", "status_code", "error", "created_at", "delivered_at", "gave_up_at")
        read_only_fields = fields


class WebhooksView(Endpoint):
    """Webhook receivers of the tenant."""

    pagination_class = KeysetPagination
    required_permissions: ClassVar = {"GET": Permission.WEBHOOK_EDIT, "POST": Permission.WEBHOOK_EDIT}

    @extend_schema(responses=WebhookResponse(many=True))
    def get(self, request: Request) -> Response:
        """List the receivers."""
        return self.paginated(WebhookEndpoint.objects.visible_to(self.actor), WebhookResponse)

    @extend_schema(request=WebhookRequest, responses={201: WebhookSecretResponse}, parameters=[IDEMPOTENCY_KEY])
    def post(self, request: Request) -> Response:
        """Register a receiver; the response contains its signing secret, this once."""
        values = self.validated(WebhookRequest)
        return run_once(request, self.actor, body_fingerprint(values), lambda: self._add(values))

    def _add(self, values: dict[str, Any]) -> Response:
        try:
            row = services.add_endpoint(actor=self.actor, url=values["url"], events=values.get("events", []))
        except AddressNotAllowed as reason:
            raise Problem(
                422, "refused-address", "Refused address", str(reason), errors={"url": [str(reason)]}
            ) from reason
        except services.UnknownEvent as reason:
            raise Problem(
                422, "unknown-event", "Unknown event", str(reason), errors={"events": [str(reason)]}
            ) from reason
        return Response(WebhookSecretResponse(row).data, status=201)


class SecretResponse(serializers.Serializer[Any]):
    """Signing secret."""

    secret = serializers.CharField()


class UploadSecretView(Endpoint):
    """Secret that signs events sent to a `webhook_url`."""

    required_permissions: ClassVar = {"GET": Permission.WEBHOOK_EDIT}

    @extend_schema(responses=SecretResponse)
    def get(self, request: Request) -> Response:
        """Return the secret that signs events to addresses named at upload: one per tenant, always the same."""
        secret = services.show_upload_secret(actor=self.actor)
        return Response({"secret": secret}, headers={"Cache-Control": "no-store"})


class WebhookView(Endpoint):
    """A single webhook receiver."""

    required_permissions: ClassVar = {"GET": Permission.WEBHOOK_EDIT, "DELETE": Permission.WEBHOOK_EDIT}

    @extend_schema(responses=WebhookResponse)
    def get(self, request: Request, webhook_id: UUID) -> Response:
        """Return the receiver."""
        return Response(WebhookResponse(WebhookEndpoint.objects.visible_to(self.actor).get(pk=webhook_id)).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, webhook_id: UUID) -> Response:
        """Delete the receiver."""
        services.remove_endpoint(actor=self.actor, endpoint_id=webhook_id)
        return Response(status=204)


class RotateView(Endpoint):
    """Rotation of a receiver's secret."""

    required_permissions: ClassVar = {"POST": Permission.WEBHOOK_EDIT}

    @extend_schema(request=None, responses=WebhookSecretResponse)
    def post(self, request: Request, webhook_id: UUID) -> Response:
        """Create a new secret; the previous one also signs until the next rotation."""
        return Response(WebhookSecretResponse(services.rotate_secret(actor=self.actor, endpoint_id=webhook_id)).data)


class DeliveriesView(Endpoint):
    """Deliveries of a receiver."""

    pagination_class = KeysetPagination
    required_permissions: ClassVar = {"GET": Permission.WEBHOOK_EDIT}

    @extend_schema(responses=DeliveryResponse(many=True))
    def get(self, request: Request, webhook_id: UUID) -> Response:
        """List deliveries, newest first."""
        endpoint = WebhookEndpoint.objects.visible_to(self.actor).get(pk=webhook_id)
        rows = WebhookDelivery.objects.visible_to(self.actor).filter(endpoint=endpoint).defer("payload")
        return self.paginated(
            rows, DeliveryResponse, "created_at"
        )  # a delivery's id is a hash of its event, so it does not sort by time


class ReplayView(Endpoint):
    """Repetition of one delivery."""

    required_permissions: ClassVar = {"POST": Permission.WEBHOOK_EDIT}

    @extend_schema(request=None, responses={202: DeliveryResponse})
    def post(self, request: Request, webhook_id: UUID, delivery_id: UUID) -> Response:
        """Send the event again under its original id."""
        WebhookDelivery.objects.visible_to(self.actor).only("pk").get(pk=delivery_id, endpoint_id=webhook_id)
        row = services.replay_delivery(actor=self.actor, delivery_id=delivery_id)
        return Response(DeliveryResponse(row).data, status=202)
