"""Optional system tools that make reading better or safer; missing ones are reported."""

import shutil

OPTIONAL_TOOLS = {
    "tesseract": "no Tesseract: only the ONNX engine reads (apt install tesseract-ocr tesseract-ocr-eng)",
    "bwrap": "no bubblewrap: files are parsed in a plain child process with limits (apt install bubblewrap)",
    "soffice": "no LibreOffice: office files are drawn from their text only (apt install libreoffice-writer-nogui"
    " libreoffice-calc-nogui libreoffice-impress-nogui libreoffice-math-nogui fonts-liberation)",
}


def describe_missing_tools() -> list[str]:
    """Return a line for each missing tool, or one line if none is missing."""
    missing = [text for tool, text in OPTIONAL_TOOLS.items() if not shutil.which(tool)]
    return missing or [f"tools: {', '.join(OPTIONAL_TOOLS)}"]
