"""Reference pages generated from registries: a module here with `render() -> str` is a page in docs/reference."""

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

DIRECTORY = Path(__file__).parents[3] / "docs" / "reference"


def page_names() -> list[str]:
    """Return the names of the modules that render a page."""
    return sorted(module.name for module in iter_modules(__path__))


def page_path(name: str) -> Path:
    """Return the file of a module's page: `field-types.md` for `field_types`."""
    return DIRECTORY / f"{name.replace('_', '-')}.md"


def render_page(name: str) -> str:
    """Return the text of a module's page."""
    text: str = import_module(f"{__name__}.{name}").render()
    return text
