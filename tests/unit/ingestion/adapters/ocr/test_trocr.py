"""TrOCR from a folder of weights: a tiny model, trained here on two lines, reads them through the LineReader port."""

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw, ImageFont
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import (
    PreTrainedTokenizerFast,
    TrOCRConfig,
    VisionEncoderDecoderConfig,
    VisionEncoderDecoderModel,
    ViTConfig,
    ViTImageProcessor,
)

from ingestion.adapters.ocr.trocr import TrOcrEngine, WeightsMissing
from ingestion.adapters.ocr.trocr_process import TrOcrProcess
from ingestion.adapters.vision.line_images import CroppedLineReader
from ingestion.domain.ports import Raster
from refinery.core.idle_process import IdleProcess
from refinery.core.types import BoundingBox

TEXTS = ("Net 12.50", "Paid")
VOCABULARY = {"<pad>": 0, "<s>": 1, "</s>": 2, "Net": 3, "12.50": 4, "Paid": 5}
SIDE = 32


def picture(text: str) -> Image.Image:
    """Draw a line of text."""
    paper = Image.new("RGB", (180, 32), "white")
    ImageDraw.Draw(paper).text((6, 2), text, fill="black", font=ImageFont.load_default(22))
    return paper


def raster(image: Image.Image) -> Raster:
    return Raster(image.width, image.height, image.tobytes())


@pytest.fixture(scope="module")
def tiny_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Train a model of a few thousand weights on two lines, and save it as transformers does."""
    torch.manual_seed(3)
    folder = tmp_path_factory.mktemp("trocr")
    words = Tokenizer(models.WordLevel(VOCABULARY, unk_token="<pad>"))
    words.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    kind: Any = PreTrainedTokenizerFast  # its constructor has no types
    tokens = kind(tokenizer_object=words, pad_token="<pad>", bos_token="<s>", eos_token="</s>", unk_token="<pad>")
    pictures = ViTImageProcessor(size={"height": SIDE, "width": SIDE})
    looking = ViTConfig(
        hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32, image_size=SIDE, patch_size=8
    )
    writing = TrOCRConfig(
        vocab_size=len(VOCABULARY),
        d_model=32,
        decoder_layers=1,
        decoder_attention_heads=2,
        decoder_ffn_dim=32,
        cross_attention_hidden_size=32,
        max_position_embeddings=16,
        pad_token_id=0,
        bos_token_id=1,
        eos_token_id=2,
        decoder_start_token_id=1,
    )
    model: Any = VisionEncoderDecoderModel(VisionEncoderDecoderConfig.from_encoder_decoder_configs(looking, writing))
    model.encoder.requires_grad_(requires_grad=False)  # random features are enough to distinguish two images
    model.config.decoder_start_token_id = model.generation_config.decoder_start_token_id = 1
    model.config.pad_token_id = model.generation_config.pad_token_id = 0
    model.generation_config.bos_token_id, model.generation_config.eos_token_id = 1, 2
    pixels = pictures([np.asarray(picture(text)) for text in TEXTS], return_tensors="pt").pixel_values
    labels = torch.tensor([[3, 4, 2], [5, 2, -100]])
    steps = torch.optim.Adam(model.decoder.parameters(), lr=3e-3)
    model.eval()  # no dropout: the model must memorise these lines
    for _ in range(200):
        loss = model(pixel_values=pixels, labels=labels).loss
        steps.zero_grad()
        loss.backward()
        steps.step()
    assert float(loss) < 0.1
    model.save_pretrained(folder)
    pictures.save_pretrained(folder)
    tokens.save_pretrained(folder)
    return folder


@pytest.fixture
def network_attempts(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Record every attempt to open a connection."""
    tried: list[object] = []

    def refuse(self: socket.socket, address: object) -> None:
        tried.append(address)
        raise OSError

    monkeypatch.setattr(socket.socket, "connect", refuse)
    return tried


def test_read_lines_gives_text_with_token_likelihood(tiny_weights: Path, network_attempts: list[object]) -> None:
    read = TrOcrEngine(tiny_weights).read_lines([raster(picture(text)) for text in (*TEXTS, TEXTS[0])])
    assert [text for text, _ in read] == [*TEXTS, TEXTS[0]]
    assert all(0.5 < sure <= 1 for _, sure in read)
    assert network_attempts == []


def test_lines_are_cropped_at_their_position_on_page(tiny_weights: Path, tmp_path: Path) -> None:
    page = Image.new("RGB", (180, 100), "white")
    page.paste(picture(TEXTS[1]), (0, 64))
    page.save(tmp_path / "page.png")
    reader = CroppedLineReader(TrOcrEngine(tiny_weights))
    ((text, _),) = reader.read_lines(tmp_path / "page.png", [BoundingBox(0.0, 0.68, 1.0, 0.92)])
    assert text == TEXTS[1]


@pytest.mark.parametrize("make", [lambda path: None, lambda path: path.mkdir()])
def test_missing_weights_raise_and_are_never_downloaded(
    make: Callable[[Path], None], tmp_path: Path, network_attempts: list[object]
) -> None:
    make(tmp_path / "none")
    with pytest.raises(WeightsMissing):
        TrOcrEngine(tmp_path / "none").read_lines([raster(picture("a"))])
    assert network_attempts == []


def test_child_process_reads_the_same_and_raises_missing_weights(tiny_weights: Path, tmp_path: Path) -> None:
    process = IdleProcess()
    lines = [raster(picture(text)) for text in TEXTS]
    read = TrOcrProcess(tiny_weights, process).read_lines(lines)
    assert [text for text, _ in read] == list(TEXTS)
    assert [sure for _, sure in read] == pytest.approx(
        [sure for _, sure in TrOcrEngine(tiny_weights).read_lines(lines)]
    )
    with pytest.raises(WeightsMissing):
        TrOcrProcess(tmp_path / "none", process).read_lines(lines)
