"""Vetting of outbound addresses: resolved and checked once per call, which then connects to that IP address.

Resolving again at connect time would let a name resolve to a public address first and to a private one then.
"""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

PORTS = {"http": 80, "https": 443}
NOT_PUBLIC = "the host does not resolve to a public address"


class AddressNotAllowed(ValueError):
    """The address is not one that Refinery may call."""


@dataclass(frozen=True, slots=True)
class VettedTarget:
    """Vetted host: `ip` is the address to connect to, `host` the name to request."""

    scheme: str
    host: str
    ip: str
    port: int
    path: str

    @property
    def url(self) -> str:
        """Return the URL to connect to, by IP address."""
        literal = f"[{self.ip}]" if ":" in self.ip else self.ip
        return f"{self.scheme}://{literal}:{self.port}{self.path}"

    @property
    def host_header(self) -> str:
        """Return the Host header: with the port only if it is not the scheme's default."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == PORTS[self.scheme] else f"{name}:{self.port}"


def vet_without_lookup(url: str, *, loopback: bool = False) -> None:
    """Reject URLs that are never allowed, without a DNS lookup. Raises AddressNotAllowed."""
    _, host, _, _ = _parts(url, loopback=loopback)
    try:
        allowed = _is_allowed_address(host, loopback=loopback)
    except ValueError:  # a host name: each call resolves it again
        return
    if not allowed:
        raise AddressNotAllowed(NOT_PUBLIC)


def vet(url: str, *, loopback: bool = False) -> VettedTarget:
    """Resolve a host and vet every address. Raises AddressNotAllowed, OSError if it has none."""
    scheme, host, port, path = _parts(url, loopback=loopback)
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(answer[4][0]) for answer in found]
    if not addresses or not all(_is_allowed_address(address, loopback=loopback) for address in addresses):
        raise AddressNotAllowed(NOT_PUBLIC)
    return VettedTarget(scheme, host, addresses[0], port, path)


def _parts(url: str, *, loopback: bool) -> tuple[str, str, int, str]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as reason:
        raise AddressNotAllowed(str(reason)) from reason
    if parts.scheme not in PORTS or not parts.hostname:
        message = "the address must begin with https:// and a host"
        raise AddressNotAllowed(message)
    if parts.scheme == "http" and not loopback:
        message = "only https addresses are called"
        raise AddressNotAllowed(message)
    if parts.username or parts.password or any(ord(character) <= ord(" ") for character in url):
        message = "the address must not contain a password or spaces"
        raise AddressNotAllowed(message)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return parts.scheme, parts.hostname, port or PORTS[parts.scheme], path


def _is_allowed_address(address: str, *, loopback: bool) -> bool:
    """Return whether the address is public unicast; an IPv4 address embedded in IPv6 is judged as IPv4."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is not None:
            return _is_allowed_address(str(inner), loopback=loopback)
        if ip in NAT64:
            return _is_allowed_address(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)), loopback=loopback)
    if ip.is_loopback:
        return loopback
    return ip.is_global and not ip.is_multicast


NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
