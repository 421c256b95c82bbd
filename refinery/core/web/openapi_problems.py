"""Problems in the OpenAPI document: which statuses an operation may answer, and what each means."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

PROBLEM_TYPE: Final = "application/problem+json"
PROBLEM_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "description": "Problem (RFC 9457). Some have further members, which name what is missing or in the way.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri", "description": "urn:refinery:problem: and the code"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "object",
            "additionalProperties": True,
            "description": "messages by the name of the member that cannot be used",
        },
    },
    "additionalProperties": True,
}


@dataclass(frozen=True, slots=True)
class DocumentedProblem:
    """Problem status: the name of its component, its meaning, and an example."""

    name: str
    meaning: str
    code: str
    title: str
    detail: str
    errors: Mapping[str, Any] | None = None

    def response(self, status: int) -> dict[str, Any]:
        """Return the response object."""
        example: dict[str, Any] = {
            "type": f"urn:refinery:problem:{self.code}",
            "title": self.title,
            "status": status,
            "detail": self.detail,
        }
        if self.errors:
            example["errors"] = dict(self.errors)
        response: dict[str, Any] = {
            "description": self.meaning,
            "content": {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}},
        }
        if status in HEADERS:
            name, description, value = HEADERS[status]
            schema = {"type": "string", "example": value}
            response["headers"] = {name: {"description": description, "schema": schema}}
        return response


HEADERS: Final = {
    401: ("WWW-Authenticate", "how to sign in", 'Bearer realm="refinery"'),
    429: ("Retry-After", "seconds to wait", "30"),
    503: ("Retry-After", "seconds to wait", "5"),
}
PROBLEMS: Final[Mapping[int, DocumentedProblem]] = {
    400: DocumentedProblem(
        "BadRequest",
        "A parameter, header or body cannot be read.",
        "bad-limit",
        "Bad limit",
        "`limit` is a number from 1 to 200.",
    ),
    401: DocumentedProblem(
        "NotSignedIn", "No valid credentials.", "not-signed-in", "Not signed in", "Send an API key or an access token."
    ),
    403: DocumentedProblem(
        "NotAllowed",
        "The role or the key's scopes do not allow it, or another person has to decide.",
        "not-allowed",
        "Not allowed",
        "Your role does not allow this.",
    ),
    404: DocumentedProblem(
        "NotFound",
        "It does not exist, or belongs to others.",
        "not-found",
        "Not found",
        "There is nothing here that you may see.",
    ),
    406: DocumentedProblem(
        "NotAcceptable",
        "The response is JSON, which `Accept` excludes.",
        "not-acceptable",
        "Not acceptable",
        "Could not satisfy the request Accept header.",
    ),
    409: DocumentedProblem(
        "Conflict",
        "The present state does not allow it.",
        "in-progress",
        "The document is being processed",
        "Wait until it has been read.",
    ),
    412: DocumentedProblem(
        "Stale",
        "`If-Match` names an earlier version.",
        "stale",
        "The field has changed",
        "Read the field again and apply your change to what is there now.",
    ),
    413: DocumentedProblem(
        "TooLarge", "The body is too large.", "too_large", "The file is too large", "A file may have at most 100 MB."
    ),
    415: DocumentedProblem(
        "UnsupportedMediaType",
        "The body's media type, or the kind of the file, is not supported.",
        "unsupported-media-type",
        "Unsupported media type",
        'Unsupported media type "text/plain" in request.',
    ),
    422: DocumentedProblem(
        "NotValid",
        "The body can be read, but one or more values cannot be used.",
        "not-valid",
        "Not valid",
        "One or more values cannot be used.",
        {"name": ["This field is required."]},
    ),
    428: DocumentedProblem(
        "IfMatchNeeded", "`If-Match` is missing.", "if-match-needed", "If-Match is needed", "Send the field's ETag."
    ),
    429: DocumentedProblem(
        "TooManyRequests",
        "A limit of requests, attempts or documents is reached.",
        "throttled",
        "Too many requests",
        "The limit of requests per minute is reached; try again in 30 s.",
    ),
    503: DocumentedProblem(
        "Unavailable",
        "A part of Refinery does not answer; the request can be repeated.",
        "unavailable",
        "Unavailable",
        "A part of Refinery does not answer. Try again in a few seconds.",
    ),
}
EVERYWHERE: Final = frozenset({400, 401, 429, 503})
WITH_BODY: Final = frozenset({413, 415, 422})


def problem_statuses(
    *, is_open: bool, names_rows: bool, negotiates: bool, has_body: bool, more: Iterable[int]
) -> list[int]:
    """Return the statuses of an operation's problems: the ones that follow from its shape, and `more`."""
    found = {*EVERYWHERE, *more}
    found |= set() if is_open else {403}
    found |= {404} if names_rows else set()
    found |= {406} if negotiates else set()
    found |= WITH_BODY if has_body else set()
    return sorted(found)


def problem_reference(status: int) -> dict[str, str]:
    """Return the reference to the shared response of a status."""
    return {"$ref": f"#/components/responses/{PROBLEMS[status].name}"}


def problem_components() -> dict[str, Any]:
    """Return the shared responses."""
    return {problem.name: problem.response(status) for status, problem in PROBLEMS.items()}
