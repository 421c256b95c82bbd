"""XML embedded in a PDF: found by name, relationship or root, limited in size, and never fatal for the document."""

import io
import zlib
from pathlib import Path

import pikepdf
import pytest

from ingestion.adapters.formats.containers.contained_file import ContainerFile
from ingestion.adapters.formats.einvoice.embedded import embedded_einvoice
from ingestion.adapters.formats.einvoice.xml import MAX_XML_BYTES
from ingestion.adapters.formats.open_file import open_container
from ingestion.domain.formats.containers import ContainerLimits, SkippedFile, SkipReason
from ingestion.domain.formats.entries.pdf import PDF
from tests.support.einvoices import cii, ubl, zugferd1


def pdf_with(folder: Path, *files: tuple[str, bytes, str | None], related: bool = False) -> Path:
    """Write a PDF with attachments (name, content, relationship); `related` only lists them as associated files."""
    document = pikepdf.new()
    document.add_blank_page()
    specs = []
    for name, content, relation in files:
        stream = document.make_stream(content)
        spec = pikepdf.Dictionary(Type=pikepdf.Name.Filespec, F=name, UF=name, EF=pikepdf.Dictionary(F=stream))
        if relation:
            spec.AFRelationship = pikepdf.Name(f"/{relation}")
        specs.append(document.make_indirect(spec))
    if related:
        document.Root.AF = pikepdf.Array(specs)
    else:
        pairs = [each for (name, _, _), spec in zip(files, specs, strict=True) for each in (name, spec)]
        document.Root.Names = pikepdf.Dictionary(EmbeddedFiles=pikepdf.Dictionary(Names=pikepdf.Array(pairs)))
    path = folder / "invoice.pdf"
    document.save(path)
    return path


@pytest.mark.parametrize("name", ["factur-x.xml", "ZUGFeRD-invoice.xml", "zugferd-invoice.xml", "xrechnung.xml"])
@pytest.mark.parametrize("related", [True, False])
def test_embedded_einvoice_is_found_by_name(tmp_path: Path, name: str, related: bool) -> None:
    found = embedded_einvoice(pdf_with(tmp_path, (name, cii().encode(), "Data"), related=related), None)
    assert found
    assert found.invoice
    assert (found.name, found.fault, found.invoice.number) == (name, "", "HP-2025-0118")
    assert found.content == cii().encode()


def test_embedded_einvoice_is_found_by_root_element(tmp_path: Path) -> None:
    files = (("notes.xml", b"<notes/>", None), ("4711.xml", ubl().encode(), None))
    found = embedded_einvoice(pdf_with(tmp_path, *files), None)
    assert found
    assert (found.name, found.fault) == ("4711.xml", "")


def test_embedded_einvoice_prefers_known_name_over_relationship(tmp_path: Path) -> None:
    files = (("a.xml", cii(number="A").encode(), "Alternative"), ("factur-x.xml", zugferd1(number="B").encode(), None))
    found = embedded_einvoice(pdf_with(tmp_path, *files), None)
    assert found
    assert found.invoice
    assert found.invoice.number == "B"


@pytest.mark.parametrize(
    "files",
    [(), (("notes.xml", b"<notes/>", "Data"),), (("photo.png", b"\x89PNG", None),), (("x.xml", b"<a", "Data"),)],
)
def test_embedded_einvoice_ignores_other_attachments(
    tmp_path: Path, files: tuple[tuple[str, bytes, str | None], ...]
) -> None:
    assert embedded_einvoice(pdf_with(tmp_path, *files), None) is None


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"<CrossIndustryInvoice>", "malformed"),
        (b'<!DOCTYPE r [<!ENTITY x "y">]><r/>', "forbidden"),
        (b"<order/>", "no_invoice"),
        (b" " * (MAX_XML_BYTES + 1), "too_large"),
    ],
)
def test_embedded_einvoice_broken_xml_reports_fault(tmp_path: Path, content: bytes, fault: str) -> None:
    found = embedded_einvoice(pdf_with(tmp_path, ("factur-x.xml", content, "Data")), None)
    assert found
    assert (found.invoice, found.fault) == (None, fault)


def test_embedded_einvoice_compressed_bomb_is_refused(tmp_path: Path) -> None:
    document = pikepdf.new()
    document.add_blank_page()
    packed = zlib.compress(b" " * (200 * 2**20), 9)
    stream = pikepdf.Stream(document, packed, Filter=pikepdf.Name.FlateDecode)
    spec = pikepdf.Dictionary(F="factur-x.xml", EF=pikepdf.Dictionary(F=stream))
    document.Root.AF = pikepdf.Array([document.make_indirect(spec)])
    path = tmp_path / "bomb.pdf"
    document.save(path, stream_decode_level=pikepdf.StreamDecodeLevel.none, compress_streams=False)
    assert path.stat().st_size < 2**20
    found = embedded_einvoice(path, None)
    assert found
    assert (found.fault, found.content) == ("too_large", b"")


def test_embedded_einvoice_encrypted_pdf_opens_with_password(tmp_path: Path) -> None:
    plain = pdf_with(tmp_path, ("factur-x.xml", cii().encode(), "Data"))
    locked = tmp_path / "locked.pdf"
    with pikepdf.open(plain) as document:
        document.save(locked, encryption=pikepdf.Encryption(user="open", owner="sesame"))
    found = embedded_einvoice(locked, "open")
    assert found
    assert found.invoice
    assert embedded_einvoice(locked, None) is None
    assert embedded_einvoice(locked, "wrong") is None


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"%PDF-1.7\n" + b"\xff" * 5000])
def test_embedded_einvoice_damaged_pdf_has_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.pdf"
    path.write_bytes(content)
    assert embedded_einvoice(path, None) is None


def test_embedded_einvoice_malformed_name_tree_has_none(tmp_path: Path) -> None:
    document = pikepdf.new()
    document.add_blank_page()
    document.Root.Names = pikepdf.Dictionary(EmbeddedFiles=pikepdf.Dictionary(Names=pikepdf.Array([1, "x", None])))
    document.Root.AF = pikepdf.Array([pikepdf.Dictionary(EF=3), pikepdf.Dictionary()])
    made = io.BytesIO()
    document.save(made)
    path = tmp_path / "odd.pdf"
    path.write_bytes(made.getvalue())
    assert embedded_einvoice(path, None) is None


def attached(path: Path) -> tuple[list[str], dict[str, SkipReason]]:
    """Return the names of files that become documents, and the skipped ones with the reason."""
    items = list(open_container(path, PDF, 1, ContainerLimits()))
    kept = [one.name for one in items if isinstance(one, ContainerFile)]
    return kept, {one.name: one.reason for one in items if isinstance(one, SkippedFile)}


@pytest.mark.parametrize("name", ["ZUGFeRD_001.xml", "RE-4711.xml", "invoice.xml", "Factur-X.XML", "cii"])
@pytest.mark.parametrize("relation", ["Unspecified", "Data", None])
@pytest.mark.parametrize("text", [cii(), ubl(), zugferd1()])
def test_einvoice_data_is_no_document_under_any_name(
    tmp_path: Path, name: str, relation: str | None, text: str
) -> None:
    name = name if "." in name else f"{name}.xml"
    path = pdf_with(tmp_path, ("sheet.xml", b"<sheet/>", None), (name, text.encode(), relation))
    assert attached(path) == (["sheet.xml"], {name: SkipReason.DATA})


def test_einvoice_data_in_two_versions_is_no_document(tmp_path: Path) -> None:
    files = (("a.xml", cii().encode(), "Data"), ("b.xml", ubl().encode(), None), ("c.xml", zugferd1().encode(), None))
    numbers = {embedded_number(tmp_path, each) for each in files}
    assert len(numbers) == 1
    assert attached(pdf_with(tmp_path, *files)) == ([], dict.fromkeys(["a.xml", "b.xml", "c.xml"], SkipReason.DATA))


def embedded_number(folder: Path, file: tuple[str, bytes, str | None]) -> str:
    found = embedded_einvoice(pdf_with(folder, file), None)
    assert found
    assert found.invoice
    return found.invoice.number


def test_einvoice_data_pinned_to_a_page_is_no_document(tmp_path: Path) -> None:
    path = tmp_path / "pinned.pdf"
    document = pikepdf.new()
    document.add_blank_page()
    document.add_blank_page()
    spec = pikepdf.Dictionary(F="data.xml", EF=pikepdf.Dictionary(F=document.make_stream(cii().encode())))
    note = pikepdf.Dictionary(Subtype=pikepdf.Name.FileAttachment, Rect=[0, 0, 9, 9], FS=document.make_indirect(spec))
    document.pages[1].obj.Annots = pikepdf.Array([document.make_indirect(note), pikepdf.Dictionary()])
    document.save(path)
    assert attached(path) == ([], {"data.xml": SkipReason.DATA})
    found = embedded_einvoice(path, None)
    assert found
    assert found.invoice


def test_einvoices_of_others_are_documents(tmp_path: Path) -> None:
    """A cover that lists several invoices shows none of them."""
    files = (("a.xml", cii(number="A").encode(), None), ("b.xml", cii(number="B").encode(), None))
    path = pdf_with(tmp_path, *files)
    assert attached(path) == (["a.xml", "b.xml"], {})
    assert embedded_einvoice(path, None) is None
    path = pdf_with(tmp_path, ("factur-x.xml", cii(number="C").encode(), "Data"), *files)
    assert attached(path) == (["a.xml", "b.xml"], {"factur-x.xml": SkipReason.DATA})
