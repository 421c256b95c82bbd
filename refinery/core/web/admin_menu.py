"""Menu of the admin site, grouped by task instead of by app."""

from typing import Any, Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

MenuGroup = dict[str, Any]  # the structure of Django's own app list

MENU: Final[tuple[tuple[Promise, dict[str, Promise]], ...]] = (
    (
        _("Organisation"),
        {
            "tenancy.tenant": _("Name, thresholds, limits"),
            "tenancy.apikey": _("API keys"),
            "webhooks.webhookendpoint": _("Webhooks"),
            "webhooks.webhookdelivery": _("Webhook deliveries"),
        },
    ),
    (
        _("People"),
        {
            "tenancy.membership": _("Members"),
            "tenancy.team": _("Teams"),
            "tenancy.user": _("Accounts"),
            "roles": _("Roles"),
        },
    ),
    (
        _("Documents"),
        {"ingestion.schema": _("Schemas"), "ingestion.document": _("Documents"), "ingestion.batch": _("Batches")},
    ),
    (_("Review"), {"review.queue": _("Queues"), "review.reviewtask": _("Tasks")}),
    (_("Evidence"), {"audit.auditevent": _("Audit log")}),
)


def group_menu(apps: list[MenuGroup], site: str) -> list[MenuGroup]:
    """Group the entries that an administrator may see; unknown entries come last, under their own names."""
    entries = {f"{app['app_label']}.{entry['object_name'].lower()}": entry for app in apps for entry in app["models"]}
    entries["roles"] = {"object_name": "roles", "admin_url": reverse(f"{site}:roles"), "view_only": True}
    groups = [_group(title, names, entries) for title, names in MENU]
    rest = {label: capfirst(entry["name"]) for label, entry in entries.items()}
    groups.append(_group(_("More"), rest, dict(entries)))
    return [group for group in groups if group["models"]]


def _group(title: Promise, names: dict[str, Any], entries: dict[str, Any]) -> MenuGroup:
    models = [{**entries.pop(label), "name": name} for label, name in names.items() if label in entries]
    return {"name": title, "app_label": "", "app_url": "", "has_module_perms": True, "models": models}
