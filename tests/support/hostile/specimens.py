"""All hostile files: the generated ones by test case, plus the folder of real ones if it is available."""

from pathlib import Path

from tests.support.hostile import archives, fuzz, malformed, markup, pdf_actions, pdf_bombs, pictures
from tests.support.hostile.specimen import ANY_END, Specimen

GENERATED_SPECIMENS: tuple[Specimen, ...] = (
    *malformed.SPECIMENS,
    *archives.SPECIMENS,
    *pictures.SPECIMENS,
    *pdf_bombs.SPECIMENS,
    *pdf_actions.SPECIMENS,
    *markup.SPECIMENS,
    *fuzz.SPECIMENS,
)
DEFAULT_SPECIMENS = tuple(specimen for specimen in GENERATED_SPECIMENS if specimen.first)


def corpus_specimens(corpus: Path | None) -> tuple[Specimen, ...]:
    """Return the hostile files of the corpus of real documents; none if it is not available."""
    folder = corpus / "hostile" if corpus else None
    if folder is None or not folder.is_dir():
        return ()
    files = sorted(path for path in folder.iterdir() if path.suffix in {".pdf", ".fuzz"})
    return tuple(Specimen("corpus", path.stem, f"{path.stem}.pdf", path.read_bytes, ANY_END) for path in files)
