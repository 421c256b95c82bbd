"""Label Studio export: a ZIP with the task list to import, its labelling configuration, and what to do with them.

The model's reading is a prediction, the human's an annotation. Regions are rectangles with a label and a text each,
in percent of their page; pages are a multi-image task (`valueList`, `item_index`). Page images are inside the task,
as data URIs: they need no address that a browser could not open, and never expire. label-studio-sdk checks the task
against its own labelling configuration.
"""

import json
from collections.abc import Sequence
from io import BytesIO
from typing import Any, Final
from xml.sax.saxutils import quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from label_studio_sdk.label_interface.interface import LabelInterface
from label_studio_sdk.label_interface.objects import AnnotationValue, PredictionValue, TaskValue
from label_studio_sdk.label_interface.region import Region

from ingestion.adapters.exports.embedded_images import image_address
from ingestion.domain.exporting import ExportedPage, ExportedValue, ExportFacts

SDK_ANNOTATOR: Final = 1  # the SDK requires a user number; without one the importer takes the person who imports
MAX_TASK_BYTES: Final = 240 * 2**20  # Label Studio imports files of up to 250 MB
TASK_FILE, CONFIGURATION_FILE, README_FILE = "tasks.json", "labeling-config.xml", "README.txt"
README: Final = f"""Import into Label Studio (made for 1.23)

1. Create a project. Under Settings > Labeling Interface > Code paste {CONFIGURATION_FILE}, and save.
2. Import {TASK_FILE} into the project: drag it into the import window.

The task contains its page images. Predictions are what the model read, annotations what people decided.
"""


class LabelStudioExporter:
    """Exporter of the ZIP: `tasks.json` is imported, `labeling-config.xml` is the new project's configuration."""

    def make(self, facts: ExportFacts) -> bytes:
        """Return the ZIP; raises ValueError if Label Studio's own check refuses the task, or if it is too large."""
        config = configuration(facts.values)
        task = _task(facts)
        _check(task, config)
        for annotation in task["annotations"]:
            del annotation["completed_by"]
        tasks = json.dumps([task], ensure_ascii=False).encode()
        if len(tasks) > MAX_TASK_BYTES:
            message = "Label Studio imports files of up to 250 MB; this document has too many pages"
            raise ValueError(message)
        return zip_of({TASK_FILE: tasks, CONFIGURATION_FILE: config.encode(), README_FILE: README.encode()})


def _check(task: dict[str, Any], config: str) -> None:
    """Raise ValueError if the task does not fit its configuration."""
    interface = LabelInterface(config)
    TaskValue(**task)
    wrong = [
        fault
        for labelled in (*task["predictions"], *task["annotations"])
        for fault in interface.validate_prediction(labelled, return_errors=True)  # type: ignore[no-untyped-call]  # the SDK's
    ]
    if wrong:
        message = f"the task does not fit its labelling configuration: {wrong[0]}"
        raise ValueError(message)


def zip_of(files: dict[str, bytes]) -> bytes:
    """Return a ZIP with these files; equal files make equal bytes."""
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as container:
        for name, content in files.items():
            entry = ZipInfo(name)
            entry.compress_type = ZIP_DEFLATED
            container.writestr(entry, content)
    return packed.getvalue()


def configuration(values: Sequence[ExportedValue]) -> str:
    """Return the labelling configuration for these fields."""
    names = [value.name for value in values] or ["field"]  # a configuration without labels is not valid
    labels = "".join(f"<Label value={quoteattr(name)}/>" for name in names)
    return (
        '<View><Image name="page" valueList="$pages"/>'
        f'<RectangleLabels name="field" toName="page">{labels}</RectangleLabels>'
        '<TextArea name="value" toName="page" perRegion="true" editable="true" maxSubmissions="1"/></View>'
    )


def _task(facts: ExportFacts) -> dict[str, Any]:
    pages = {page.number: (index, page) for index, page in enumerate(facts.pages)}
    predicted: list[dict[str, Any] | Region] = [
        region for value in facts.values for region in _regions(value, value.predicted, pages)
    ]
    seen = [value for value in facts.values if value.human is not None]
    labelled: list[dict[str, Any] | Region] = [
        region for value in seen for region in _regions(value, value.human or "", pages)
    ]
    confidences = [value.confidence for value in facts.values if value.predicted]
    score = sum(confidences) / len(confidences) if confidences else 0.0
    prediction = PredictionValue(model_version=facts.model_version, score=score, result=predicted)
    annotation = AnnotationValue(completed_by=SDK_ANNOTATOR, result=labelled, result_count=len(labelled))
    return {
        "data": {
            "pages": [image_address(page) for page in facts.pages],
            "document": facts.document_id,
            "filename": facts.filename,
            "schema": facts.schema,
        },
        "predictions": [prediction.model_dump()],
        "annotations": [annotation.model_dump()] if seen else [],
    }


def _regions(value: ExportedValue, text: str, pages: dict[int, tuple[int, ExportedPage]]) -> list[dict[str, Any]]:
    """Return the rectangle and its text; a value without a place on a page has no region."""
    if value.bbox is None or value.page not in pages or not text:
        return []
    index, page = pages[value.page]
    place = {
        "x": 100 * value.bbox.x0,
        "y": 100 * value.bbox.y0,
        "width": 100 * value.bbox.width,
        "height": 100 * value.bbox.height,
        "rotation": 0,
    }
    shared = {
        "id": value.name,
        "to_name": "page",
        "item_index": index,
        "original_width": page.width,
        "original_height": page.height,
        "image_rotation": 0,
    }
    return [
        {
            **shared,
            "from_name": "field",
            "type": "rectanglelabels",
            "value": {**place, "rectanglelabels": [value.name]},
        },
        {**shared, "from_name": "value", "type": "textarea", "value": {**place, "text": [text]}},
    ]
