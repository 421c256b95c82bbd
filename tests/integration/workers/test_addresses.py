"""Where webhooks may go: every form of a private address is refused, and the vetted number is what is called."""

import socket

import pytest

from refinery.core.web.outbound_http import RefusedAddress, vet, vet_form


def resolving_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """Let every name lead to these addresses."""
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
def test_private_addresses_are_refused(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """Whatever name hides them; by number at once, before anyone is asked."""
    number = f"[{address}]" if ":" in address else address
    with pytest.raises(RefusedAddress):
        vet_form(f"https://{number}/hook")
    vet_form("https://receiver.example/hook")
    resolving_to(monkeypatch, address)
    with pytest.raises(RefusedAddress):
        vet("https://receiver.example/hook")


def test_one_private_answer_among_public_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name with several answers is refused for the worst of them."""
    resolving_to(monkeypatch, "93.184.216.34", "10.0.0.1")
    with pytest.raises(RefusedAddress):
        vet("https://receiver.example/hook")


def test_the_vetted_number_is_called_under_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """No second look-up can lead elsewhere."""
    resolving_to(monkeypatch, "93.184.216.34")
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
def test_what_is_no_address_of_a_receiver(url: str) -> None:
    """Refused when it is named, without asking the network."""
    with pytest.raises(RefusedAddress):
        vet_form(url)
