"""REST endpoints of models: list models, train, promote and roll back."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from quality.models import Evaluation, ModelVersion, TrainingRun
from quality.services.model_promotion import CannotPromote, promote_model, roll_back
from quality.services.model_training import NotEnoughLabels, TrainingInProgress, request_training
from refinery.core.tenancy.roles import Permission
from refinery.core.web.endpoint import Endpoint
from refinery.core.web.idempotency import IDEMPOTENCY_KEY, body_fingerprint, run_once
from refinery.core.web.pagination import KeysetPagination
from refinery.core.web.problems import Problem


class EvaluationResponse(serializers.ModelSerializer[Evaluation]):
    """Evaluation of a model on held-out examples."""

    class Meta:
        model = Evaluation
        fields = ("data_hash", "examples", "metrics", "created_at")
        read_only_fields = fields


class ModelResponse(serializers.ModelSerializer[ModelVersion]):
    """Model version with its card and evaluations."""

    evaluations = EvaluationResponse(many=True)

    class Meta:
        model = ModelVersion
        fields = (
            "id name number state sha256 data_hash examples metrics card evaluations created_at promoted_at"
        ).split()
        read_only_fields = fields


class TrainingRunResponse(serializers.ModelSerializer[TrainingRun]):
    """Training run."""

    candidate = serializers.UUIDField(source="candidate_id", allow_null=True)

    class Meta:
        model = TrainingRun
        fields = ("id", "name", "status", "detail", "candidate", "created_at", "finished_at")
        read_only_fields = fields


class ModelsView(Endpoint):
    """Model versions."""

    pagination_class = KeysetPagination
    required_permissions: ClassVar = {"GET": Permission.MODEL_VIEW}

    @extend_schema(responses=ModelResponse(many=True))
    def get(self, request: Request) -> Response:
        """List models, newest first."""
        measured = Prefetch("evaluations", Evaluation.objects.visible_to(self.actor).order_by("-id"))
        rows = ModelVersion.objects.visible_to(self.actor).prefetch_related(measured)
        return self.paginated(rows, ModelResponse)


class TrainingsView(Endpoint):
    """Training runs."""

    pagination_class = KeysetPagination
    required_permissions: ClassVar = {"GET": Permission.MODEL_VIEW, "POST": Permission.MODEL_TRAIN}
    problems: ClassVar = {"POST": (409,)}

    @extend_schema(responses=TrainingRunResponse(many=True))
    def get(self, request: Request) -> Response:
        """List training runs, newest first."""
        return self.paginated(TrainingRun.objects.visible_to(self.actor), TrainingRunResponse)

    @extend_schema(request=None, responses={202: TrainingRunResponse}, parameters=[IDEMPOTENCY_KEY])
    def post(self, request: Request) -> Response:
        """Request a training; 409 while one is in progress, 422 when there are too few labels."""
        return run_once(request, self.actor, body_fingerprint({}), self._train)

    def _train(self) -> Response:
        try:
            run = request_training(actor=self.actor)
        except NotEnoughLabels as reason:
            raise Problem(
                422,
                "not-enough-labels",
                "Not enough to learn from yet",
                str(reason),
                missing={"labels": reason.labels, "confirmed": reason.confirmed, "corrected": reason.corrected},
            ) from reason
        except TrainingInProgress as reason:
            raise Problem(
                409, "training-in-progress", "A training is already running", "Wait until it has finished."
            ) from reason
        return Response(TrainingRunResponse(run).data, status=202)


class PromoteView(Endpoint):
    """Promotion of a model."""

    required_permissions: ClassVar = {"POST": Permission.MODEL_PROMOTE}
    problems: ClassVar = {"POST": (409,)}

    @extend_schema(request=None, responses=ModelResponse)
    def post(self, request: Request, model_id: UUID) -> Response:
        """Make the model the champion; certificates that were proven with the previous champion become void."""
        try:
            row = promote_model(actor=self.actor, model_id=model_id)
        except CannotPromote as reason:
            raise Problem(409, "cannot-promote", "The model cannot be promoted", str(reason)) from reason
        return Response(ModelResponse(row).data)


class RollBackResponse(serializers.Serializer[Any]):
    """Current champion; null means that the reader's own estimate is used."""

    champion = serializers.UUIDField(allow_null=True)


class RollBackView(Endpoint):
    """Rollback to the previous champion."""

    required_permissions: ClassVar = {"POST": Permission.MODEL_PROMOTE}
    problems: ClassVar = {"POST": (409,)}

    @extend_schema(request=None, responses=RollBackResponse)
    def post(self, request: Request) -> Response:
        """Go back one step; 409 when there is no champion."""
        try:
            row = roll_back(actor=self.actor)
        except CannotPromote as reason:
            raise Problem(409, "cannot-roll-back", "There is no earlier model", str(reason)) from reason
        return Response({"champion": str(row.id) if row else None})
