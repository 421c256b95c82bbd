"""Where a request comes from, and where it may be sent on to."""

from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

UNKNOWN = "unknown"
IPV6_PREFIX = 64  # one customer's share of the net: counting single addresses would count nothing


def client_address(request: HttpRequest) -> str:
    """Give the caller's address for counting: an IPv6 caller by their /64, `unknown` for anything that is none.

    X-Forwarded-For is believed only as far as REFINERY_PROXIES proxies wrote it.
    """
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    depth = settings.TRUSTED_PROXIES
    given = hops[-depth] if 0 < depth <= len(hops) else request.META.get("REMOTE_ADDR", "")
    try:
        address = ip_address(given)
    except ValueError:
        return UNKNOWN
    if address.version == 4:
        return str(address)
    return str(ip_network(f"{address}/{IPV6_PREFIX}", strict=False))


def is_loopback(request: HttpRequest) -> bool:
    """Tell whether a program of this very machine asks, with no proxy between."""
    if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def local_path(target: str, fallback: str = "/") -> str:
    """Give `target` when it is a path of this very site, `fallback` for any other address."""
    if not target.startswith("/") or not url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        return fallback
    return target
