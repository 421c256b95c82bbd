"""Degradation between paper and file, as numbers: a profile names the cause, parameters its extent."""

import math
from dataclasses import asdict, dataclass, replace
from random import Random

from samples.seeds import weighted_choice

NO_TILT = ((0.0, 0.0),) * 4


@dataclass(frozen=True, slots=True)
class Degradation:
    """Parameters of one scan.

    `skew` is in degrees clockwise; `noise` the standard deviation and `fade` the share of contrast lost (0..1),
    both of the 0..255 scale of grey; `blur` is the Gaussian's sigma in pixels; `shadow` the share of light
    lost in the darkest corner; `tint` the colour of white paper; `quality` JPEG's; `margin` the desk
    around the page.
    """

    profile: str
    dpi: int
    skew: float
    noise: float
    blur: float
    fade: float
    shadow: float
    tint: tuple[int, int, int]
    quality: int
    margin: float = 0.0
    tilt: tuple[tuple[float, float], ...] = NO_TILT
    colour: bool = False
    bilevel: bool = False

    def as_dict(self) -> dict[str, object]:
        """Return plain data for the truth file."""
        return asdict(self)


_TEXT_MARGIN = 0.05  # no template prints closer to the edge, as a share of the width
_SHEETS = (
    ("office", 0.30),
    ("worn", 0.18),
    ("low_contrast", 0.14),
    ("blurred", 0.14),
    ("low_resolution", 0.12),
    ("fax", 0.12),
)
_SLIPS = (("photo", 0.5), ("office", 0.2), ("low_contrast", 0.15), ("blurred", 0.15))
_CARDS = (("photo", 0.4), ("colour", 0.45), ("blurred", 0.15))
_CHOICES = {"receipt": _SLIPS, "identity_document": _CARDS}


def _paper_tint(rng: Random) -> tuple[int, int, int]:
    white = rng.randint(236, 252)
    return white, white - rng.randint(0, 5), white - rng.randint(2, 16)


def _tilt(rng: Random) -> tuple[tuple[float, float], ...]:
    return tuple((rng.uniform(-0.025, 0.025), rng.uniform(-0.025, 0.025)) for _ in range(4))


def limit_skew(degradation: Degradation, aspect: float) -> Degradation:
    """Limit the skew of a page, `aspect` times as high as wide, so that all its text stays in the image."""
    slant = max(abs(dx) for dx, _ in degradation.tilt)
    room = degradation.margin + _TEXT_MARGIN - slant
    limit = math.degrees(math.atan(2 * room / aspect))
    return replace(degradation, skew=round(max(-limit, min(limit, degradation.skew)), 3))


def draw_degradation(rng: Random, kind: str, profile: str | None = None) -> Degradation:
    """Return a random degradation for a document of `kind`; the profile follows its usual frequency there."""
    profile = profile or weighted_choice(rng, _CHOICES.get(kind, _SHEETS))
    small = kind in ("receipt", "identity_document")
    dpi = {"fax": 200, "low_resolution": 90}.get(profile, rng.choice((200, 250)) if small else rng.choice((150, 200)))
    uniform = rng.uniform
    skew = uniform(0.2, 2.4) * rng.choice((-1, 1))
    values: dict[str, tuple[float, float, float, float]] = {  # noise, blur, fade, shadow
        "office": (uniform(2, 5), uniform(0.3, 0.6), uniform(0.03, 0.10), uniform(0.0, 0.05)),
        "colour": (uniform(2, 5), uniform(0.3, 0.6), uniform(0.03, 0.10), uniform(0.0, 0.06)),
        "worn": (uniform(7, 13), uniform(0.5, 0.9), uniform(0.10, 0.22), uniform(0.06, 0.16)),
        "low_contrast": (uniform(3, 6), uniform(0.4, 0.8), uniform(0.50, 0.66), uniform(0.02, 0.10)),
        "blurred": (uniform(2, 5), uniform(1.2, 1.8), uniform(0.05, 0.15), uniform(0.02, 0.08)),
        "low_resolution": (uniform(2, 5), uniform(0.2, 0.4), uniform(0.05, 0.15), uniform(0.0, 0.05)),
        "fax": (uniform(14, 22), uniform(0.6, 0.8), 0.0, 0.0),
        "photo": (uniform(3, 7), uniform(0.6, 1.0), uniform(0.05, 0.15), uniform(0.15, 0.35)),
    }
    noise, blur, fade, shadow = values[profile]
    photo = profile == "photo"
    return Degradation(
        profile=profile,
        dpi=dpi,
        skew=round(skew * (1.8 if photo else 1.0), 3),
        noise=round(noise, 2),
        blur=round(blur * dpi / 200, 2),
        fade=round(fade, 3),
        shadow=round(shadow, 3),
        tint=_paper_tint(rng),
        quality=rng.randint(38, 60) if profile in ("worn", "low_resolution") else rng.randint(68, 88),
        margin=round(uniform(0.06, 0.12), 3) if photo else 0.0,
        tilt=_tilt(rng) if photo else NO_TILT,
        colour=photo or profile == "colour" or rng.random() < 0.35,
        bilevel=profile == "fax",
    )
