"""Description of an operation: what follows from its view is documented without a word in the view."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

from refinery.core.web.content_negotiation import IgnoreAcceptHeader
from refinery.core.web.openapi_examples import ExampleBuilder
from refinery.core.web.openapi_problems import PROBLEM_SCHEMA, problem_components, problem_reference, problem_statuses

BODY_METHODS: Final = frozenset({"POST", "PUT", "PATCH"})
METHODS: Final = ("get", "post", "put", "patch", "delete")
IF_MATCH_NEEDED: Final = 428
IF_MATCH: Final = OpenApiParameter(
    "If-Match", location="header", required=True, description="the ETag of the version that is changed"
)
SUCCESSES: Final = {
    "200": "Done.",
    "201": "Created.",
    "202": "Accepted; the work continues after the response.",
    "204": "Done, or nothing to return.",
    "304": "The client's copy is current.",
}
EXAMPLE_BODIES: Final = ("application/json", "multipart/form-data")


class EndpointSchema(AutoSchema):
    """Description of an operation, with its problems and the headers that they imply."""

    def get_operation(self, *given: Any) -> dict[str, Any] | None:
        """Add the problems to the operation."""
        operation: dict[str, Any] | None = super().get_operation(*given)
        if operation is not None:
            for status in self._problem_statuses():
                operation["responses"].setdefault(str(status), problem_reference(status))
        return operation

    def get_override_parameters(self) -> list[Any]:
        """Add If-Match where it is needed."""
        return [IF_MATCH] if IF_MATCH_NEEDED in self._named_problems() else []

    def _named_problems(self) -> tuple[int, ...]:
        named: Mapping[str, tuple[int, ...]] = getattr(self.view, "problems", {})
        return named.get(self.method, ())

    def _problem_statuses(self) -> list[int]:
        return problem_statuses(
            is_open=self.view.authentication_classes == (),
            names_rows="{" in self.path,
            negotiates=self.view.content_negotiation_class is not IgnoreAcceptHeader,
            has_body=self.method in BODY_METHODS,
            more=self._named_problems(),
        )

    def _get_serializer_name(self, *given: Any, **named: Any) -> str:
        """Return the component's name; the ones of bodies end in Request already."""
        name: str = super()._get_serializer_name(*given, **named)
        return name.replace("RequestRequest", "Request")


def describe_problems_and_examples(result: dict[str, Any], generator: Any, **_: Any) -> dict[str, Any]:  # noqa: ANN401 - spectacular's hook
    """Add the problems' components, close the bodies, and give each body an example."""
    components = result["components"]
    components["schemas"]["Problem"] = PROBLEM_SCHEMA
    components["responses"] = problem_components()
    builder = ExampleBuilder(components["schemas"])
    for operation in operations_of(result):
        body = operation.get("requestBody", {}).get("content", {})
        for media in body.values():
            _close(media["schema"], components["schemas"])
        _add_examples(builder, body)
        for status, response in operation["responses"].items():
            _add_examples(builder, response.get("content", {}))
            if status in SUCCESSES:
                response["description"] = response["description"] or SUCCESSES[status]
    return result


def operations_of(schema: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the operations of a document."""
    for by_method in schema["paths"].values():
        for method in METHODS:
            if method in by_method:
                yield by_method[method]


def _close(schema: Mapping[str, Any], schemas: dict[str, Any]) -> None:
    """Say that unknown members of a body are rejected."""
    found = schemas.get(str(schema.get("$ref", "")).rpartition("/")[2])
    if found is not None:
        found["additionalProperties"] = False


def _add_examples(builder: ExampleBuilder, content: dict[str, Any]) -> None:
    for media_type, media in content.items():
        if media_type in EXAMPLE_BODIES:
            media.setdefault("example", builder.example(media["schema"]))
