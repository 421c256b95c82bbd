"""Sanitizer of untrusted HTML: no script, no style, no address; pictures only if their bytes are embedded."""

import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape, unescape
from io import BytesIO

_PICTURE_TO = 8 * 2**20  # bytes
_PICTURE_PIXELS_TO = 25_000_000
_DEPTH_TO = 100  # deeper nesting is not a real text
_PARSED_DEPTH_TO = 2000  # an HTML parser checks all open elements at each new one
_PART = 40_000  # characters that are laid out at a time
_TAGS = frozenset(
    (
        "a abbr address article aside b big blockquote body br caption center cite code dd del details dfn div "
        "dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd label legend li main "
        "mark nav ol p pre q s samp section small span strike strong sub summary sup table tbody td tfoot th "
        "thead time tr tt u ul var"
    ).split()
)
_DROPPED = frozenset(
    (
        "script style title noscript template iframe object embed svg math audio video canvas select datalist textarea"
    ).split()
)
_ATTRIBUTES = {
    "*": {"align", "dir"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "ol": {"start", "type"},
    "table": {"border"},
}
_SPANS = frozenset({"colspan", "rowspan"})
_SPAN_TO = 100
_DATA = re.compile(r"data:image/(?:png|jpe?g|gif|bmp|webp);base64,", re.IGNORECASE)
_FORMATS = ["PNG", "JPEG", "GIF", "BMP", "WEBP"]
_TAG = re.compile(r'<(/?)([a-z0-9]++)((?:[^>"]|"[^"]*+")*+)>')
_ALT = re.compile(r' alt="([^"]*)"')
_RULED = re.compile(r' border="0*[1-9]')
_VOID = frozenset({"br", "hr", "img"})
_RAW_TAG = re.compile(r"<(/?)([a-z][^\s/<>]*+)[^<>]*+>", re.IGNORECASE)
_KEPT_OF_DEPTH = frozenset(
    {"br", "iframe", "noembed", "noframes", "p", "script", "style", "textarea", "title", "xmp"}
)  # elements without content
_CLOSED_BY_OTHERS = frozenset(
    (
        "area base body br col colgroup dd dt embed head hr html img input li link meta optgroup option p param "
        "rp rt source tbody td tfoot th thead tr track wbr"
    ).split()
)  # elements without a required end tag (HTML, 13.1.2)
_CELLS = frozenset({"td", "th"})
_TABLED = _CELLS | {"table", "thead", "tbody", "tfoot", "tr"}
_LEAST_CELLS = 2
_COLUMNS_TO = 60


@dataclass(slots=True)
class _TableShape:
    frames: bool = False
    cells: int = 0
    across: int = 0
    widest: int = 0

    def count_tag(self, name: str) -> None:
        """Count a row or a cell."""
        self.across = self.across + 1 if name in _CELLS else 0
        self.cells += name in _CELLS
        self.widest = max(self.widest, self.across)

    @property
    def is_data_table(self) -> bool:
        """Return whether it is a table of values, and one that can be laid out."""
        return not self.frames and self.cells >= _LEAST_CELLS and self.widest <= _COLUMNS_TO


def clean_html(markup: str) -> str:
    """Return the text of untrusted HTML as clean HTML; only the words if it is nested too deeply for layout."""
    import nh3

    kept = nh3.clean(
        _shallow(markup),
        tags=set(_TAGS),
        clean_content_tags=set(_DROPPED),
        attributes=_ATTRIBUTES,
        attribute_filter=_kept_value,
        url_schemes={"data"},
        strip_comments=True,
        link_rel=None,
    )
    if _depth(kept) > _DEPTH_TO:
        return f"<p>{escape(html_text(kept))}</p>"
    return _TAG.sub(_laid_out_tag, _drop_layout_tables(kept))


def _shallow(markup: str) -> str:
    """Return untrusted HTML that a parser can process: with excessive nesting only its words and paragraphs."""
    depth = deepest = 0
    for found in _RAW_TAG.finditer(markup):
        if found[2].lower() not in _CLOSED_BY_OTHERS:
            depth = max(depth + (-1 if found[1] else 1), 0)
            deepest = max(deepest, depth)
    if deepest <= _PARSED_DEPTH_TO:
        return markup
    return _RAW_TAG.sub(lambda tag: tag[0] if tag[2].lower() in _KEPT_OF_DEPTH else " ", markup)


def _kept_value(tag: str, attribute: str, value: str) -> str | None:
    if (tag, attribute) == ("img", "src"):
        return value if is_small_picture(value) else None
    if attribute in _SPANS:
        return value if value.isascii() and value.isdecimal() and 0 < int(value[:4]) <= _SPAN_TO else None
    return value


def is_small_picture(address: str) -> bool:
    """Return whether an address contains a picture itself, and one that can be shown."""
    found = _DATA.match(address)
    if not found or len(address) > _PICTURE_TO * 4 / 3:
        return False
    from PIL import Image

    try:
        with Image.open(BytesIO(b64decode(address[found.end() :])), formats=_FORMATS) as picture:
            return 0 < picture.width * picture.height <= _PICTURE_PIXELS_TO
    except (OSError, ValueError, SyntaxError):
        return False


def split_html(markup: str) -> Iterator[str]:
    """Split long clean HTML between its outermost elements, because small pieces are laid out faster."""
    start = depth = 0
    for found in _TAG.finditer(markup):
        if found[2] in _VOID:
            continue
        depth += -1 if found[1] else 1
        if depth == 0 and found[1] and found.end() - start >= _PART:
            yield markup[start : found.end()]
            start = found.end()
    if start < len(markup):
        yield markup[start:]


def _depth(markup: str) -> int:
    depth = deepest = 0
    for found in _TAG.finditer(markup):
        if found[2] not in _VOID:
            depth += -1 if found[1] else 1
            deepest = max(deepest, depth)
    return deepest


def flatten_tables(markup: str) -> str:
    """Return clean HTML without tables: cell after cell, each on separate lines."""
    return _TAG.sub(lambda tag: f"<{tag[1]}div>" if tag[2] in _TABLED else tag[0], markup)


def html_text(markup: str) -> str:
    """Return the words of HTML."""
    return " ".join(unescape(_TAG.sub(" ", markup)).split())


def _drop_layout_tables(markup: str) -> str:
    """Remove tables that are only for layout: around others, with a single cell, or with a very long row."""
    open_tables: list[_TableShape] = []
    found: list[tuple[re.Match[str], _TableShape | None]] = []
    for tag in _TAG.finditer(markup):
        if tag[2] not in _TABLED:
            continue
        if tag[2] == "table" and not tag[1]:
            for outer in open_tables:
                outer.frames = True
            open_tables.append(_TableShape())
        inside = open_tables[-1] if open_tables else None
        if inside and not tag[1]:
            inside.count_tag(tag[2])
        found.append((tag, inside))
        if tag[2] == "table" and tag[1] and open_tables:
            open_tables.pop()
    pieces, at = [], 0
    for tag, inside in found:
        if inside is None or not inside.is_data_table:
            pieces += [markup[at : tag.start()], f"<{tag[1]}div>"]
            at = tag.end()
    return "".join([*pieces, markup[at:]])


def _laid_out_tag(tag: re.Match[str]) -> str:
    """Return a tag for layout: an external picture becomes its description, a ruled table keeps its rules."""
    end, name, rest = tag.groups()
    if name == "img" and ' src="' not in rest:
        described = _ALT.search(rest)
        return described[1].replace("<", "&lt;") if described else ""
    if name == "table" and not end and _RULED.search(rest):
        return f'<table class="ruled"{rest}>'
    return tag[0]
