"""Tools of the machine that make reading better or safer; each can be missing, and that is said."""

import shutil

OPTIONAL = {
    "tesseract": "no Tesseract: the ONNX engine reads alone (apt install tesseract-ocr tesseract-ocr-eng)",
    "bwrap": "no bubblewrap: files are parsed in a plain child process with limits (apt install bubblewrap)",
    "soffice": "no LibreOffice: office files are drawn from their text alone (apt install libreoffice-writer-nogui"
    " libreoffice-calc-nogui libreoffice-impress-nogui libreoffice-math-nogui fonts-liberation)",
}


def describe() -> list[str]:
    """Give a line for each tool that is missing, or one that all are here."""
    missing = [text for tool, text in OPTIONAL.items() if not shutil.which(tool)]
    return missing or [f"tools: {', '.join(OPTIONAL)}"]
