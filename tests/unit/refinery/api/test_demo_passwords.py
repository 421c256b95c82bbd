"""Passwords of the demonstration users, which stay the same from start to start."""

import json
from pathlib import Path

from refinery.api.management.commands.seed_demo import load_or_create_passwords
from refinery.core.tenancy.roles import Role


def test_passwords_are_created_once_and_private(tmp_path: Path) -> None:
    place = tmp_path / "var" / "users.json"
    made = load_or_create_passwords(place)
    assert set(made) == {role.value for role in Role}
    assert load_or_create_passwords(place) == made
    assert place.stat().st_mode & 0o777 == 0o600


def test_role_that_was_added_since_gets_a_password(tmp_path: Path) -> None:
    place = tmp_path / "users.json"
    place.write_text(json.dumps({Role.REVIEWER.value: "as before"}))
    found = load_or_create_passwords(place)
    assert found[Role.REVIEWER.value] == "as before"
    assert found[Role.GUEST.value]
    assert load_or_create_passwords(place) == found
