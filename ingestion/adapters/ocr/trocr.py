"""TrOCR, a transformer that reads lines: on a GPU if there is one, from local weights only.

The deployment provides the weights, in a folder as `save_pretrained` of transformers writes it (model, image
processor and tokenizer). Nothing is downloaded, and no code from that folder is run.
"""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ingestion.domain.ports import Raster

Image = npt.NDArray[np.uint8]

_TOKENS_TO = 64
_BATCH = 8


class WeightsMissing(Exception):
    """The folder contains no weights that can be loaded."""


class TrOcrEngine:
    """TrOCR engine; torch and the weights are loaded at the first line."""

    name = "trocr"

    def __init__(self, weights: Path) -> None:
        """Store the folder of the weights."""
        self._weights = weights

    @cached_property
    def _loaded(self) -> tuple[Any, Any, Any, str]:
        """Return model, image processor, tokenizer and device; raises WeightsMissing."""
        import torch
        from transformers import AutoImageProcessor, AutoTokenizer, VisionEncoderDecoderModel
        from transformers.utils import logging

        untyped_logging: Any = logging  # its functions have no types
        untyped_logging.disable_progress_bar()

        if not self._weights.is_dir():
            raise WeightsMissing(str(self._weights))
        local: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
        try:
            model: Any = VisionEncoderDecoderModel.from_pretrained(self._weights, use_safetensors=True, **local)
            kinds: Any = AutoImageProcessor  # its methods have no types
            pictures = kinds.from_pretrained(self._weights, **local)
            tokens = AutoTokenizer.from_pretrained(self._weights, **local)
        except (OSError, ValueError, KeyError) as broken:
            raise WeightsMissing(str(self._weights)) from broken
        device = "cuda" if torch.cuda.is_available() else "cpu"
        return model.eval().to(device), pictures, tokens, device

    def read_lines(self, lines: Sequence[Raster]) -> tuple[tuple[str, float], ...]:
        """Return each line's text and the mean probability of its tokens, 0..1. Raises WeightsMissing."""
        starts = range(0, len(lines), _BATCH)
        return tuple(read for start in starts for read in self._read(lines[start : start + _BATCH]))

    def _read(self, lines: Sequence[Raster]) -> list[tuple[str, float]]:
        import torch

        model, pictures, tokens, device = self._loaded
        pixels = pictures([_pixels(line) for line in lines], return_tensors="pt").pixel_values.to(device)
        with torch.inference_mode():
            answer = model.generate(
                pixels,
                max_new_tokens=min(_TOKENS_TO, model.config.decoder.max_position_embeddings - 2),
                num_beams=1,
                do_sample=False,
                output_scores=True,
                return_dict_in_generate=True,
            )
            likely = model.compute_transition_scores(answer.sequences, answer.scores, normalize_logits=True)
        texts = tokens.batch_decode(answer.sequences, skip_special_tokens=True)
        written = answer.sequences[:, -likely.shape[1] :] != model.generation_config.pad_token_id
        sums = torch.where(written, likely, 0.0).sum(dim=1) / written.sum(dim=1).clamp(min=1)
        return [(text.strip(), float(mean)) for text, mean in zip(texts, sums.exp().tolist(), strict=True)]


def _pixels(line: Raster) -> Image:
    return np.frombuffer(line.pixels, np.uint8).reshape(line.height, line.width, 3)
