"""Webhook addresses: every form of a private address is refused, and the validated IP is the one connected to."""

import socket

import pytest

from refinery.core.web.outbound_http import AddressNotAllowed, vet, vet_without_lookup


def resolve_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """Resolve every name to these addresses."""
    answers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "10.0.0.1",
        "172.16.5.4",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - an address to refuse
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::a00:1",
        "2002:a00:1::1",
        "ff02::1",
    ],
)
def test_vet_refuses_private_addresses(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """Behind any name; IP addresses are refused without a DNS query."""
    number = f"[{address}]" if ":" in address else address
    with pytest.raises(AddressNotAllowed):
        vet_without_lookup(f"https://{number}/hook")
    vet_without_lookup("https://receiver.example/hook")
    resolve_to(monkeypatch, address)
    with pytest.raises(AddressNotAllowed):
        vet("https://receiver.example/hook")


def test_vet_refuses_name_with_one_private_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name with several addresses is refused if any of them is private."""
    resolve_to(monkeypatch, "93.184.216.34", "10.0.0.1")
    with pytest.raises(AddressNotAllowed):
        vet("https://receiver.example/hook")


def test_vet_connects_to_vetted_ip_under_original_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second DNS query cannot return another address."""
    resolve_to(monkeypatch, "93.184.216.34")
    target = vet("https://receiver.example/hook?x=1")
    assert target.url == "https://93.184.216.34:443/hook?x=1"
    assert (target.host, target.host_header) == ("receiver.example", "receiver.example")
    assert vet("https://receiver.example:8443/").host_header == "receiver.example:8443"


@pytest.mark.parametrize(
    "url",
    [
        "http://receiver.example/",
        "ftp://receiver.example/",
        "file:///etc/passwd",
        "https://",
        "https://user:secret@receiver.example/",
        "https://receiver.example/a b",
        "https://receiver.example:99999/",
        "https://[::1",
        "javascript:alert(1)",
        "",
    ],
)
def test_vet_form_refuses_invalid_webhook_urls(url: str) -> None:
    """Refused during validation, without a DNS query."""
    with pytest.raises(AddressNotAllowed):
        vet_without_lookup(url)
