"""Server of the harness: `python -m tests.e2e.harness.server [port]` prints its address when it listens."""

import sys
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application

ROOT = Path(__file__).resolve().parent.parent.parent.parent


class ThreadedServer(ThreadingMixIn, WSGIServer):
    """Server with one thread per request."""

    daemon_threads = True
    request_queue_size = 64


class QuietRequestHandler(WSGIRequestHandler):
    """Request handler without a log."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the signature of the standard library
        """Log nothing, because the output contains only the address."""


def configure() -> None:
    """Configure the settings of the harness: no database, the real templates and static files."""
    settings.configure(
        SECRET_KEY="harness-only",
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF="tests.e2e.harness.site",
        INSTALLED_APPS=["django.contrib.staticfiles", "django_htmx", "template_partials"],
        MIDDLEWARE=["tests.e2e.harness.site.SecurityPolicyMiddleware", "django.middleware.csrf.CsrfViewMiddleware"],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [ROOT / "templates"],
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "tests.e2e.harness.site.layout_context",
                    ],
                    "libraries": {"interface": "refinery.core.web.templatetags.interface"},
                },
            }
        ],
        STATIC_URL="/static/",
        STATICFILES_DIRS=[ROOT / "static"],
        USE_TZ=True,
        LANGUAGE_CODE="en",
    )
    django.setup()


def main() -> None:
    """Serve until the process is ended."""
    configure()
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    application = StaticFilesHandler(get_wsgi_application())
    with make_server("127.0.0.1", port, application, ThreadedServer, QuietRequestHandler) as server:
        sys.stdout.write(f"http://127.0.0.1:{server.server_port}\n")
        sys.stdout.flush()
        server.serve_forever()


if __name__ == "__main__":
    main()
