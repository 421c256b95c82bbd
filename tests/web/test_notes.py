"""What is to be told beside a page stands among the issues, in words; what nobody knows is left out."""

from pathlib import Path

from django.core.files.storage import default_storage
from django.utils.translation import override

from ingestion.blobs import forget_papers, paper_folder, store_file
from ingestion.domain.page.notes import Note, known_notes
from ingestion.selectors.labels import NOTES, note_words
from review.selectors.viewer import note_lines


def test_every_note_has_its_words() -> None:
    assert set(NOTES) == set(Note)
    assert all(words.title and words.advice for note in Note if (words := note_words(note.value)))


def test_a_note_stands_among_the_issues_of_its_page() -> None:
    pages = [{"number": 1, "notes": ["plain_layout", "nonsense"]}, {"number": 2, "notes": []}]
    with override("en"):
        (line,) = note_lines(pages)
    assert (line["code"], line["severity"], line["page"]) == ("note.plain_layout", "info", 1)
    assert "text alone" in line["message"]


def test_a_child_is_believed_in_known_notes_alone() -> None:
    assert known_notes(["signed", "signed", "<script>", 7, "xfa_form"]) == ("signed", "xfa_form")
    assert known_notes("signed") == ()
    assert known_notes(None) == ()


def test_what_was_made_of_an_original_goes_with_it(tmp_path: Path) -> None:
    original = "tenants/0/originals/ab/abcdef"
    (tmp_path / "made.pdf").write_bytes(b"%PDF-")
    key = store_file(f"{paper_folder(original)}/0123.pdf", tmp_path / "made.pdf")
    forget_papers("tenants/0/pages/abcdef.jpg")
    assert default_storage.exists(key)
    forget_papers(original)
    assert not default_storage.exists(key)
    forget_papers(original)
