"""Client address of a request, and validation of redirect targets."""

from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

UNKNOWN_ADDRESS = "unknown"
IPV6_PREFIX = 64  # the network of one customer: counting single IPv6 addresses would be useless


def client_address(request: HttpRequest) -> str:
    """Return the client's address for counting: IPv6 clients by their /64, `unknown` for an invalid address.

    X-Forwarded-For is trusted only for the entries written by the REFINERY_PROXIES proxies.
    """
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    depth = settings.TRUSTED_PROXIES
    given = hops[-depth] if 0 < depth <= len(hops) else request.META.get("REMOTE_ADDR", "")
    try:
        address = ip_address(given)
    except ValueError:
        return UNKNOWN_ADDRESS
    if address.version == 4:
        return str(address)
    return str(ip_network(f"{address}/{IPV6_PREFIX}", strict=False))


def is_loopback(request: HttpRequest) -> bool:
    """Return whether the request comes from this machine, without a proxy."""
    if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def local_path(target: str, fallback: str = "/") -> str:
    """Return `target` if it is a path of this site, `fallback` for any other address."""
    if not target.startswith("/") or not url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        return fallback
    return target
