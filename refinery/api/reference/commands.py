"""Reference page of the management commands and the programs that are started by name."""

from django.apps import apps
from django.core.management import get_commands, load_command_class

from refinery.api.markdown import table

INTRODUCTION = """# Commands

Management commands of Refinery, run as `.venv/bin/python manage.py NAME`; `--help` lists the options. Targets of the
Makefile are described in [Run in production](../howto/run-in-production.md#make-targets).
"""
PACKAGES = ("refinery", "ingestion", "quality", "review")
PROGRAMS = """## Programs

| Program | Purpose |
| --- | --- |
| `daphne refinery.asgi:application` | web process: pages, API, WebSockets |
| `python -m workers.relay` | relay: sends outbox rows to Temporal |
| `python -m workers.run --queue io` | worker: workflows, assessment, webhooks |
| `python -m workers.run --queue cpu` | worker: reading and exports |
| `python -m workers.run --queue gpu` | worker: training, third OCR engine |
| `python -m refinery.stack` | all of them with PostgreSQL and Temporal (`make run`) |
| `python -m samples` | [demonstration documents](../samples.md) |
| `python -m benchmarks` | measurements; results in [RESULTS](../../benchmarks/RESULTS.md) |
"""


def render() -> str:
    """Return the page: the commands of this project's own apps, sorted by name."""
    own = {config.name for config in apps.get_app_configs() if config.name.partition(".")[0] in PACKAGES}
    rows = [
        (f"`{name}`", str(load_command_class(app, name).help))
        for name, app in sorted(get_commands().items())
        if app in own
    ]
    return f"{INTRODUCTION}\n{table(('Command', 'Purpose'), rows)}\n\n{PROGRAMS}"
