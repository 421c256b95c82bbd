"""International bank account numbers (ISO 13616) with the national check digits of each country."""

from collections.abc import Callable
from random import Random

from samples.seeds import random_digits

_SORT_CODE_BANKS = {"GB": ("NWBK", "BARC", "LOYD", "MIDL"), "IE": ("AIBK", "BOFI", "IPBS")}
_BELGIAN_BANKS = ("001", "310", "734", "068")


def _mod97(text: str) -> int:
    return int("".join(str(int(character, 36)) for character in text)) % 97


def _sort_code_account(rng: Random, country: str) -> str:
    return rng.choice(_SORT_CODE_BANKS[country]) + random_digits(rng, 6) + random_digits(rng, 8)


def _german_account(rng: Random) -> str:
    return rng.choice(("37040044", "50010517", "70020270", "10050000", "20050550")) + random_digits(rng, 10)


def _austrian_account(rng: Random) -> str:
    return rng.choice(("12000", "20111", "32000", "14000")) + random_digits(rng, 11)


def _french_account(rng: Random) -> str:
    bank, branch, account = (
        rng.choice(("30004", "30003", "10278", "20041")),
        random_digits(rng, 5),
        random_digits(rng, 11),
    )
    key = 97 - (89 * int(bank) + 15 * int(branch) + 3 * int(account)) % 97
    return f"{bank}{branch}{account}{key:02d}"


def _belgian_account(rng: Random) -> str:
    body = rng.choice(_BELGIAN_BANKS) + random_digits(rng, 7)
    return f"{body}{int(body) % 97 or 97:02d}"


_ACCOUNTS: dict[str, Callable[[Random], str]] = {
    "GB": lambda rng: _sort_code_account(rng, "GB"),
    "IE": lambda rng: _sort_code_account(rng, "IE"),
    "DE": _german_account,
    "AT": _austrian_account,
    "FR": _french_account,
    "BE": _belgian_account,
}


def make_iban(rng: Random, country: str) -> str:
    """Return a valid IBAN of `country` (ISO 3166 alpha-2; GB, IE, DE, AT, FR or BE), without spaces."""
    account = _ACCOUNTS[country](rng)
    return f"{country}{98 - _mod97(account + country + '00'):02d}{account}"


def break_iban(iban: str, rng: Random) -> str:
    """Swap two unequal neighbouring digits of the account, the most common error when copying by hand."""
    spots = [
        index
        for index in range(4, len(iban) - 1)
        if iban[index].isdigit() and iban[index + 1].isdigit() and iban[index] != iban[index + 1]
    ]
    spot = rng.choice(spots)
    return iban[:spot] + iban[spot + 1] + iban[spot] + iban[spot + 2 :]


def grouped(iban: str) -> str:
    """Return an IBAN in groups of four."""
    return " ".join(iban[start : start + 4] for start in range(0, len(iban), 4))
