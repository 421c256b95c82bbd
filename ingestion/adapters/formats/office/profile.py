"""User profile of an office program, new for each file: no macro runs, no link is followed, no question is asked."""

from collections.abc import Iterable
from pathlib import Path

_SETTINGS = (
    ("/org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("/org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("/org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("/org.openoffice.Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "2"),
    ("/org.openoffice.Office.Calc/Content/Update", "Link", "2"),
    ("/org.openoffice.Office.Common/Misc", "FirstRun", "false"),
    ("/org.openoffice.Office.Common/Java/VirtualMachine", "Enable", "false"),
)
_ALWAYS = "0"  # of the modes of calculation
_CALCULATION = tuple(
    ("/org.openoffice.Office.Calc/Formula/Load", name, _ALWAYS) for name in ("OOXMLRecalcMode", "ODFRecalcMode")
)
_END = "</oor:items>"


def write_settings(profile: Path) -> None:
    """Write the settings of a new user."""
    place = _settings_path(profile)
    place.parent.mkdir(parents=True)
    place.write_text(
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{_items(_SETTINGS)}{_END}',
        encoding="utf-8",
    )


def require_calculation(profile: Path) -> None:
    """Make the program compute all formulas of a workbook when it opens it, whatever results are stored."""
    place = _settings_path(profile)
    before, end, after = place.read_text(encoding="utf-8").rpartition(_END)
    place.write_text(f"{before}{_items(_CALCULATION)}{end}{after}", encoding="utf-8")


def _settings_path(profile: Path) -> Path:
    return profile / "user" / "registrymodifications.xcu"


def _items(settings: Iterable[tuple[str, str, str]]) -> str:
    return "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in settings
    )
