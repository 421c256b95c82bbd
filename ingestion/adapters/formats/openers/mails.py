"""Openers of mails: their text as pages, and the files attached to them."""

from collections.abc import Iterator

from ingestion.adapters.formats.containers.contained_file import ContainerItem
from ingestion.adapters.formats.containers.mail import MailMessage, mail_items
from ingestion.adapters.formats.file_to_open import ContainerOpener, FileToOpen, PageOpener
from ingestion.adapters.formats.page_source import PageSource
from ingestion.domain.formats.entries.mails import EML, MSG


def _message(file: FileToOpen) -> MailMessage:
    if file.media_type == EML:
        from ingestion.adapters.formats.containers.eml import read_eml as read
    else:
        from ingestion.adapters.formats.containers.outlook import read_msg as read
    return read(file.path, file.depth, file.limits)


def _pages(file: FileToOpen) -> PageSource:
    from ingestion.adapters.formats.text.open_text import open_mail

    return open_mail(_message(file))


def _attachments(file: FileToOpen) -> Iterator[ContainerItem]:
    return mail_items(_message(file), file.limits)


PAGE_OPENERS: dict[str, PageOpener] = {EML: _pages, MSG: _pages}
CONTAINER_OPENERS: dict[str, ContainerOpener] = {EML: _attachments, MSG: _attachments}
