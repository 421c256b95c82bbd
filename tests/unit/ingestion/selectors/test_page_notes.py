"""Page notes are listed among the issues as text; unknown notes are omitted."""

from pathlib import Path

from django.core.files.storage import default_storage
from django.utils.translation import override

from ingestion.blobs import delete_renditions, rendition_folder, store_file
from ingestion.domain.page.notes import Note, known_notes
from ingestion.selectors.labels import NOTE_EXPLANATIONS, explain_note
from ingestion.selectors.run_pages import note_issues


def test_note_words_exist_for_every_note() -> None:
    assert set(NOTE_EXPLANATIONS) == set(Note)
    assert all(words.title and words.advice for note in Note if (words := explain_note(note.value)))


def test_note_lines_name_page_of_note() -> None:
    pages = [{"number": 1, "notes": ["plain_layout", "nonsense"]}, {"number": 2, "notes": []}]
    with override("en"):
        (line,) = note_issues(pages)
    assert (line["code"], line["severity"], line["page"]) == ("note.plain_layout", "info", 1)
    assert "text only" in line["message"]


def test_known_notes_ignores_unknown_values() -> None:
    assert known_notes(["signed", "signed", "<script>", 7, "xfa_form"]) == ("signed", "xfa_form")
    assert known_notes("signed") == ()
    assert known_notes(None) == ()


def test_forget_renditions_deletes_files_of_original(tmp_path: Path) -> None:
    original = "tenants/0/originals/ab/abcdef"
    (tmp_path / "made.pdf").write_bytes(b"%PDF-")
    key = store_file(f"{rendition_folder(original)}/0123.pdf", tmp_path / "made.pdf")
    delete_renditions("tenants/0/pages/abcdef.jpg")
    assert default_storage.exists(key)
    delete_renditions(original)
    assert not default_storage.exists(key)
    delete_renditions(original)
