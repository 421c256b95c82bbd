"""Settings are documented, and a test run takes nothing from a running program."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from refinery.api.reference.settings import render
from refinery.settings.env import ROOT, Env


def test_settings_every_variable_is_documented() -> None:
    """`test_reference` compares the page itself."""
    rows = [line for line in render().splitlines() if line.startswith("| `")]
    assert [row.split("`")[1] for row in rows] == [name.upper() for name in Env.model_fields]
    assert all(field.description for field in Env.model_fields.values())


class SettingsCheckout:
    """Refinery's settings in a separate checkout whose data folder belongs to a running program."""

    def __init__(self, root: Path) -> None:
        self.root = root
        shutil.copytree(ROOT / "refinery" / "settings", root / "refinery" / "settings")
        (root / "refinery" / "__init__.py").touch()
        (root / "var").mkdir()
        (root / "var" / "environment").write_text("DATABASE_URL=postgresql://refinery_app@/theirs\n")

    def database_name(self, settings: str, **environment: str) -> str:
        """Return the name of the database in these settings."""
        return self.evaluate(settings, "settings.DATABASES['default']['NAME']", **environment)

    def evaluate(self, settings: str, expression: str, **environment: str) -> str:
        """Evaluate an expression in a program with these settings."""
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        modules = f"from refinery.settings import {settings} as settings; from refinery.settings.env import env"
        done = subprocess.run(
            [sys.executable, "-c", f"{modules}; print({expression})"],
            cwd=self.root,
            env={**kept, **environment},
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.strip()


@pytest.fixture
def checkout(tmp_path: Path) -> SettingsCheckout:
    """Return a checkout with a running program."""
    return SettingsCheckout(tmp_path)


def test_settings_manage_finds_running_program_but_test_run_does_not(checkout: SettingsCheckout) -> None:
    """Without a data folder in the environment, as in a new terminal, and with that folder exported."""
    theirs = str(checkout.root / "var")
    assert checkout.database_name("local") == checkout.database_name("local", REFINERY_VAR=theirs) == "theirs"
    assert checkout.database_name("test") == checkout.database_name("test", REFINERY_VAR=theirs) == "refinery"


def test_settings_test_run_keeps_explicit_data_folder(checkout: SettingsCheckout) -> None:
    """Processes started by a test find its files there."""
    own = str(checkout.root / "own")
    assert checkout.evaluate("test", "env.refinery_var", REFINERY_VAR=own) == own
