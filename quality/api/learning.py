"""Models: which is in charge, which are offered, and how to train, promote and go back."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from quality.models import Evaluation, ModelVersion, TrainingRun
from quality.services.model_promotion import CannotPromote, promote_model, roll_back
from quality.services.model_training import NotEnoughLabels, TrainingUnderWay, request_training
from refinery.core.tenancy.roles import Verb
from refinery.core.web.endpoint import Endpoint
from refinery.core.web.idempotency import body_fingerprint, once
from refinery.core.web.pagination import KeysetPagination
from refinery.core.web.problems import Problem


class EvaluationAnswer(serializers.ModelSerializer[Evaluation]):
    """A model measured on held-out examples."""

    class Meta:
        model = Evaluation
        fields = ("data_hash", "examples", "metrics", "created_at")
        read_only_fields = fields


class ModelAnswer(serializers.ModelSerializer[ModelVersion]):
    """A model version with its card and evaluations."""

    evaluations = EvaluationAnswer(many=True)

    class Meta:
        model = ModelVersion
        fields = (
            "id", "name", "number", "state", "sha256", "data_hash", "examples", "metrics", "card", "evaluations",
            "created_at", "promoted_at",
        )  # fmt: skip
        read_only_fields = fields


class TrainingAnswer(serializers.ModelSerializer[TrainingRun]):
    """A training that was asked for."""

    candidate = serializers.UUIDField(source="candidate_id", allow_null=True)

    class Meta:
        model = TrainingRun
        fields = ("id", "name", "status", "detail", "candidate", "created_at", "finished_at")
        read_only_fields = fields


class ModelsView(Endpoint):
    """All model versions."""

    verbs: ClassVar = {"GET": Verb.MODEL_VIEW}

    @extend_schema(responses=ModelAnswer(many=True))
    def get(self, request: Request) -> Response:
        """List models, newest first."""
        measured = Prefetch("evaluations", Evaluation.objects.visible_to(self.actor).order_by("-id"))
        rows = ModelVersion.objects.visible_to(self.actor).prefetch_related(measured)
        pages = KeysetPagination()
        found = pages.paginate_queryset(rows, request, self) or []
        return pages.get_paginated_response(ModelAnswer(found, many=True).data)


class TrainingsView(Endpoint):
    """Trainings."""

    verbs: ClassVar = {"GET": Verb.MODEL_VIEW, "POST": Verb.MODEL_TRAIN}

    @extend_schema(responses=TrainingAnswer(many=True))
    def get(self, request: Request) -> Response:
        """List trainings, newest first."""
        pages = KeysetPagination()
        found = pages.paginate_queryset(TrainingRun.objects.visible_to(self.actor), request, self) or []
        return pages.get_paginated_response(TrainingAnswer(found, many=True).data)

    @extend_schema(request=None, responses={202: TrainingAnswer})
    def post(self, request: Request) -> Response:
        """Ask for a training; 409 while one is under way, 422 when there is too little to learn from."""
        return once(request, self.actor, body_fingerprint({}), self._train)

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
        except TrainingUnderWay as reason:
            raise Problem(409, "training-under-way", "A training is under way", "Wait for its end.") from reason
        return Response(TrainingAnswer(run).data, status=202)


class PromoteView(Endpoint):
    """Put a model in charge."""

    verbs: ClassVar = {"POST": Verb.MODEL_PROMOTE}

    @extend_schema(request=None, responses=ModelAnswer)
    def post(self, request: Request, model_id: UUID) -> Response:
        """Make it the champion; certificates proven with the one before end."""
        try:
            row = promote_model(actor=self.actor, model_id=model_id)
        except CannotPromote as reason:
            raise Problem(409, "cannot-promote", "The model cannot be promoted", str(reason)) from reason
        return Response(ModelAnswer(row).data)


class RollBackAnswer(serializers.Serializer[Any]):
    """Which model is in charge now: none means the reader's own estimate."""

    champion = serializers.UUIDField(allow_null=True)


class RollBackView(Endpoint):
    """Go back to the champion before."""

    verbs: ClassVar = {"POST": Verb.MODEL_PROMOTE}

    @extend_schema(request=None, responses=RollBackAnswer)
    def post(self, request: Request) -> Response:
        """Go back one step; 409 when no trained model is in charge."""
        try:
            row = roll_back(actor=self.actor)
        except CannotPromote as reason:
            raise Problem(409, "cannot-roll-back", "There is nothing to go back to", str(reason)) from reason
        return Response({"champion": str(row.id) if row else None})
