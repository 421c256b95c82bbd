"""Create API keys for a benchmark, without rate limits: `python -m benchmarks.keys --role operator --count 8`.

Runs in the environment of the running program, and prints one key per line.
"""

import argparse
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "refinery.settings.local")
django.setup()

from refinery.core.database.scope import tenant_scope  # noqa: E402 - after Django's set-up
from refinery.core.tenancy.models import Tenant  # noqa: E402 - after Django's set-up
from refinery.core.tenancy.platform import tenant_by_slug  # noqa: E402 - after Django's set-up
from refinery.core.tenancy.roles import Role  # noqa: E402 - after Django's set-up
from refinery.core.tenancy.services import create_api_key  # noqa: E402 - after Django's set-up

TENANT = "demo"
NO_LIMIT = 100_000_000


def main() -> None:
    """Raise the tenant's limits, create the keys and print them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--role", default=Role.OPERATOR.value, choices=[role.value for role in Role])
    parser.add_argument("--count", type=int, default=1)
    options = parser.parse_args()
    tenant_id = tenant_by_slug(TENANT)
    if tenant_id is None:
        message = f"there is no tenant {TENANT}: is the program running?"
        raise SystemExit(message)
    with tenant_scope(tenant_id):
        Tenant.objects.filter(pk=tenant_id).update(requests_per_minute=NO_LIMIT, documents_per_day=NO_LIMIT)
    for number in range(options.count):
        made = create_api_key(actor=None, tenant_id=tenant_id, name=f"benchmark {number}", role=Role(options.role))
        print(made.key)


if __name__ == "__main__":
    main()
