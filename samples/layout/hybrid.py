"""Hybrid PDF invoices: the XML is embedded as in Factur-X and ZUGFeRD, with reproducible output."""

import io

import pikepdf

NAME = "factur-x.xml"
_EXTENSION = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"


def embed_xml(pdf: bytes, xml: bytes) -> bytes:
    """Return the PDF with `xml` as its associated file."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        stream = document.make_stream(xml, Type=pikepdf.Name.EmbeddedFile, Subtype=pikepdf.Name("/text/xml"))
        spec = document.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Filespec,
                F=NAME,
                UF=NAME,
                AFRelationship=pikepdf.Name.Alternative,
                EF=pikepdf.Dictionary(F=stream, UF=stream),
            )
        )
        document.Root.AF = pikepdf.Array([spec])
        tree = pikepdf.Dictionary(Names=pikepdf.Array([pikepdf.String(NAME), spec]))
        document.Root.Names = pikepdf.Dictionary(EmbeddedFiles=tree)
        document.Root.Metadata = document.make_stream(_metadata(), Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML)
        made = io.BytesIO()
        document.save(made, deterministic_id=True)
    return made.getvalue()


def _metadata() -> bytes:
    """Return the XMP metadata with the four properties that identify a hybrid invoice."""
    properties = {"DocumentType": "INVOICE", "DocumentFileName": NAME, "Version": "1.0", "ConformanceLevel": "EN 16931"}
    elements = "".join(f"<fx:{name}>{value}</fx:{name}>" for name, value in properties.items())
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" xmlns:fx="{_EXTENSION}">{elements}</rdf:Description></rdf:RDF></x:xmpmeta>'
        '<?xpacket end="w"?>'
    ).encode()
