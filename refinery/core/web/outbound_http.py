"""Which addresses Refinery may call: vetted once for each call, and that very address is then connected to.

Resolving again at connect time would let a name answer with a public address first and with a private one then.
"""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

PORTS = {"http": 80, "https": 443}
NOT_PUBLIC = "the host does not lead to a public address"


class RefusedAddress(ValueError):
    """The address is not one that Refinery calls."""


@dataclass(frozen=True, slots=True)
class Target:
    """A vetted host: `ip` is what is connected to, `host` what it is asked as."""

    scheme: str
    host: str
    ip: str
    port: int
    path: str

    @property
    def url(self) -> str:
        """The address to connect to, by number."""
        literal = f"[{self.ip}]" if ":" in self.ip else self.ip
        return f"{self.scheme}://{literal}:{self.port}{self.path}"

    @property
    def host_header(self) -> str:
        """The Host header: the port only where it is not the scheme's own."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == PORTS[self.scheme] else f"{name}:{self.port}"


def vet_form(url: str, *, loopback: bool = False) -> None:
    """Refuse what can never be called, without asking the network; raises RefusedAddress."""
    _, host, _, _ = _parts(url, loopback=loopback)
    try:
        allowed = _allowed(host, loopback=loopback)
    except ValueError:  # a name: each call looks it up anew
        return
    if not allowed:
        raise RefusedAddress(NOT_PUBLIC)


def vet(url: str, *, loopback: bool = False) -> Target:
    """Resolve an address and vet every answer; raises RefusedAddress, OSError when it has none."""
    scheme, host, port, path = _parts(url, loopback=loopback)
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(answer[4][0]) for answer in found]
    if not addresses or not all(_allowed(address, loopback=loopback) for address in addresses):
        raise RefusedAddress(NOT_PUBLIC)
    return Target(scheme, host, addresses[0], port, path)


def _parts(url: str, *, loopback: bool) -> tuple[str, str, int, str]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as reason:
        raise RefusedAddress(str(reason)) from reason
    if parts.scheme not in PORTS or not parts.hostname:
        message = "the address begins with https:// and a host"
        raise RefusedAddress(message)
    if parts.scheme == "http" and not loopback:
        message = "only https addresses are called"
        raise RefusedAddress(message)
    if parts.username or parts.password or any(ord(character) <= ord(" ") for character in url):
        message = "the address holds neither a password nor blanks"
        raise RefusedAddress(message)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return parts.scheme, parts.hostname, port or PORTS[parts.scheme], path


def _allowed(address: str, *, loopback: bool) -> bool:
    """Public unicast alone; an IPv4 address inside an IPv6 one is judged by itself."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is not None:
            return _allowed(str(inner), loopback=loopback)
        if ip in NAT64:
            return _allowed(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)), loopback=loopback)
    if ip.is_loopback:
        return loopback
    return ip.is_global and not ip.is_multicast


NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
