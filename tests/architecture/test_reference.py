"""The generated pages of docs/reference equal what the registries render."""

import pytest

from refinery.api.reference import page_names, page_path, render_page


@pytest.mark.parametrize("name", page_names())
def test_reference_page_equals_rendered_registry(name: str) -> None:
    """A page that differs is out of date: run `make reference`."""
    path = page_path(name)
    assert path.exists(), f"{path.name} is missing: run make reference"
    assert path.read_text() == render_page(name), f"{path.name} is out of date: run make reference"
