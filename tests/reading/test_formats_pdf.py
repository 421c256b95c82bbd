"""What a PDF has that its pages do not show is told beside the first of them."""

from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest

from ingestion.adapters.formats.open_file import open_source
from ingestion.domain.formats.intake import PDF
from ingestion.domain.page.notes import Note
from tests.reading import papers


def xfa(document: pikepdf.Pdf) -> None:
    """Add a form that Adobe's programs draw."""
    form = document.make_stream(b"<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'/>")
    document.Root.AcroForm = pikepdf.Dictionary(XFA=form, Fields=pikepdf.Array())


def signed(document: pikepdf.Pdf) -> None:
    """Add a field that is signed."""
    value = pikepdf.Dictionary(Type=pikepdf.Name.Sig, Filter=pikepdf.Name("/Adobe.PPKLite"), Contents=b"\0" * 64)
    field = pikepdf.Dictionary(
        FT=pikepdf.Name.Sig, T=pikepdf.String("s"), V=document.make_indirect(value), Subtype=pikepdf.Name.Widget,
        Type=pikepdf.Name.Annot, Rect=pikepdf.Array([0, 0, 0, 0]),
    )  # fmt: skip
    own = document.make_indirect(field)
    document.pages[0].Annots = pikepdf.Array([own])
    document.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([own]), SigFlags=3)


def portfolio(document: pikepdf.Pdf) -> None:
    """Make it a cover around other files."""
    document.Root.Collection = pikepdf.Dictionary(Type=pikepdf.Name.Collection)


@pytest.mark.parametrize(
    ("change", "note"), [(xfa, Note.XFA_FORM), (signed, Note.SIGNED), (portfolio, Note.PORTFOLIO)]
)
def test_it_is_told(tmp_path: Path, change: Callable[[pikepdf.Pdf], None], note: Note) -> None:
    plain = papers.native_pdf(tmp_path / "plain.pdf", pages=2)
    with pikepdf.open(plain) as document:
        change(document)
        document.save(tmp_path / "a.pdf")
    source = open_source(tmp_path / "a.pdf", PDF)
    assert source.sheet(1).notes == (note.value,)
    assert source.sheet(2).notes == ()
    assert open_source(plain, PDF).sheet(1).notes == ()


def test_one_that_was_repaired_says_so(tmp_path: Path) -> None:
    whole = papers.native_pdf(tmp_path / "a.pdf", pages=3).read_bytes()
    (tmp_path / "cut.pdf").write_bytes(whole[: int(0.8 * len(whole))])
    assert open_source(tmp_path / "cut.pdf", PDF).sheet(1).notes == (Note.REPAIRED.value,)


def test_one_that_a_password_opened_says_so(tmp_path: Path) -> None:
    locked = papers.encrypted_pdf(tmp_path / "a.pdf", user="secret")
    assert open_source(locked, PDF, "secret").sheet(1).notes == (Note.WAS_LOCKED.value,)
    owned = papers.encrypted_pdf(tmp_path / "b.pdf", owner="owner")
    assert open_source(owned, PDF).sheet(1).notes == ()
