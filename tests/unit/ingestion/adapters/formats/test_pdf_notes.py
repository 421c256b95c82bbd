"""PDF features that the pages do not show are reported with the first page."""

from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest

from ingestion.adapters.formats.open_file import open_source
from ingestion.domain.formats.entries.pdf import PDF
from ingestion.domain.page.notes import Note
from tests.support import page_files


def add_xfa_form(document: pikepdf.Pdf) -> None:
    """Add an XFA form, which Adobe programs display."""
    form = document.make_stream(b"<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'/>")
    document.Root.AcroForm = pikepdf.Dictionary(XFA=form, Fields=pikepdf.Array())


def add_signature(document: pikepdf.Pdf) -> None:
    """Add a signed signature field."""
    value = pikepdf.Dictionary(Type=pikepdf.Name.Sig, Filter=pikepdf.Name("/Adobe.PPKLite"), Contents=b"\0" * 64)
    field = pikepdf.Dictionary(
        FT=pikepdf.Name.Sig,
        T=pikepdf.String("s"),
        V=document.make_indirect(value),
        Subtype=pikepdf.Name.Widget,
        Type=pikepdf.Name.Annot,
        Rect=pikepdf.Array([0, 0, 0, 0]),
    )
    own = document.make_indirect(field)
    document.pages[0].Annots = pikepdf.Array([own])
    document.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([own]), SigFlags=3)


def make_portfolio(document: pikepdf.Pdf) -> None:
    """Turn it into a portfolio: a cover around other files."""
    document.Root.Collection = pikepdf.Dictionary(Type=pikepdf.Name.Collection)


@pytest.mark.parametrize(
    ("change", "note"), [(add_xfa_form, Note.XFA_FORM), (add_signature, Note.SIGNED), (make_portfolio, Note.PORTFOLIO)]
)
def test_pdf_hidden_feature_is_noted(tmp_path: Path, change: Callable[[pikepdf.Pdf], None], note: Note) -> None:
    plain = page_files.native_pdf(tmp_path / "plain.pdf", pages=2)
    with pikepdf.open(plain) as document:
        change(document)
        document.save(tmp_path / "a.pdf")
    source = open_source(tmp_path / "a.pdf", PDF)
    assert source.source_page(1).notes == (note.value,)
    assert source.source_page(2).notes == ()
    assert open_source(plain, PDF).source_page(1).notes == ()


def test_repaired_pdf_is_noted(tmp_path: Path) -> None:
    whole = page_files.native_pdf(tmp_path / "a.pdf", pages=3).read_bytes()
    (tmp_path / "cut.pdf").write_bytes(whole[: int(0.8 * len(whole))])
    assert open_source(tmp_path / "cut.pdf", PDF).source_page(1).notes == (Note.REPAIRED.value,)


def test_pdf_opened_by_password_is_noted(tmp_path: Path) -> None:
    locked = page_files.encrypted_pdf(tmp_path / "a.pdf", user="secret")
    assert open_source(locked, PDF, "secret").source_page(1).notes == (Note.WAS_LOCKED.value,)
    owned = page_files.encrypted_pdf(tmp_path / "b.pdf", owner="owner")
    assert open_source(owned, PDF).source_page(1).notes == ()
