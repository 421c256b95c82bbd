"""Problem responses (RFC 9457 problem+json), for programs and people."""

from collections.abc import Mapping
from typing import Any

from django.http import JsonResponse


class Problem(Exception):
    """Exception of a view that becomes a problem response: `code` is the last part of `type`."""

    def __init__(
        self,
        status: int,
        code: str,
        title: str,
        detail: str = "",
        *,
        errors: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        **extra: Any,
    ) -> None:
        """Store the values; `errors` maps a field to its messages."""
        super().__init__(title)
        self.status, self.code, self.title, self.detail = status, code, title, detail
        self.errors, self.headers, self.extra = errors, dict(headers or {}), extra

    def response(self) -> JsonResponse:
        """Return the response."""
        return problem(
            self.status, self.title, self.detail, code=self.code, errors=self.errors, headers=self.headers, **self.extra
        )


def problem(
    status: int,
    title: str,
    detail: str = "",
    *,
    code: str = "",
    errors: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
    **extra: Any,
) -> JsonResponse:
    """Return an application/problem+json response."""
    body: dict[str, Any] = {
        "type": f"urn:refinery:problem:{code or title.lower().replace(' ', '-')}",
        "title": title,
        "status": status,
        "detail": detail,
        **extra,
    }
    if errors:
        body["errors"] = dict(errors)
    response = JsonResponse(body, status=status, content_type="application/problem+json", headers=headers)
    if status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="refinery"'
    return response
