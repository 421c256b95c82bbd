"""All hostile files: ours by the case of their kind, and the folder of real ones where it is there."""

from pathlib import Path

from tests.hostile import archives, broken, fuzz, markup, pdf_bombs, pdf_deeds, pictures
from tests.hostile.specimen import ANYHOW, Specimen

MADE: tuple[Specimen, ...] = (
    *broken.SPECIMENS,
    *archives.SPECIMENS,
    *pictures.SPECIMENS,
    *pdf_bombs.SPECIMENS,
    *pdf_deeds.SPECIMENS,
    *markup.SPECIMENS,
    *fuzz.SPECIMENS,
)
FIRST = tuple(specimen for specimen in MADE if specimen.first)


def found(corpus: Path | None) -> tuple[Specimen, ...]:
    """Give the hostile files of the corpus of real documents; none where there is none."""
    folder = corpus / "hostile" if corpus else None
    if folder is None or not folder.is_dir():
        return ()
    files = sorted(path for path in folder.iterdir() if path.suffix in {".pdf", ".fuzz"})
    return tuple(Specimen("corpus", path.stem, f"{path.stem}.pdf", path.read_bytes, ANYHOW) for path in files)
