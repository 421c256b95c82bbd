"""Label Studio tasks: the model's reading as a prediction, the human's as an annotation.

Regions are rectangles with a label and a text each, in percent of their page; pages are a multi-image task
(`valueList`, `item_index`). label-studio-sdk checks the task against its own labelling configuration.
"""

import json
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import quoteattr

from label_studio_sdk.label_interface.interface import LabelInterface
from label_studio_sdk.label_interface.objects import AnnotationValue, PredictionValue, TaskValue
from label_studio_sdk.label_interface.region import Region

from ingestion.domain.exporting import ExportedPage, ExportedValue, ExportFacts

HUMAN = 1  # Label Studio requires a user number; the importer maps it to its users


class LabelStudioExporter:
    """Exporter of `{"config": ..., "tasks": [...]}`: the configuration for a new project, and the task to import."""

    def make(self, facts: ExportFacts) -> bytes:
        """Return JSON in UTF-8; raises ValueError if Label Studio's own check refuses the task."""
        config = configuration(facts.values)
        interface = LabelInterface(config)
        task = _task(facts)
        TaskValue(**task)
        wrong = [
            fault
            for labelled in (*task["predictions"], *task["annotations"])
            for fault in interface.validate_prediction(labelled, return_errors=True)  # type: ignore[no-untyped-call]  # the SDK's
        ]
        if wrong:
            message = f"the task does not fit its labelling configuration: {wrong[0]}"
            raise ValueError(message)
        return json.dumps({"config": config, "tasks": [task]}, ensure_ascii=False).encode()


def configuration(values: Sequence[ExportedValue]) -> str:
    """Return the labelling configuration for these fields."""
    labels = "".join(f"<Label value={quoteattr(value.name)}/>" for value in values)
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
    annotation = AnnotationValue(completed_by=HUMAN, result=labelled, result_count=len(labelled))
    return {
        "data": {
            "pages": [page.address for page in facts.pages],
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
