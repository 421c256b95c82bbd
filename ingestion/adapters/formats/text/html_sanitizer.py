"""Foreign HTML made harmless: no script, no style, no address; a picture only where its bytes stand in it."""

import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape, unescape
from io import BytesIO

_PICTURE_TO = 8 * 2**20  # bytes
_PICTURE_PIXELS_TO = 25_000_000
_DEPTH_TO = 100  # deeper nesting is no text that anyone wrote
_PARSED_DEPTH_TO = 2000  # an HTML parser looks through all open elements at each new one
_PART = 40_000  # characters that are laid out at once
_TAGS = frozenset({
    "a", "abbr", "address", "article", "aside", "b", "big", "blockquote", "body", "br", "caption", "center",
    "cite", "code", "dd", "del", "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "font",
    "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "img", "ins", "kbd", "label", "legend",
    "li", "main", "mark", "nav", "ol", "p", "pre", "q", "s", "samp", "section", "small", "span", "strike",
    "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "tt", "u",
    "ul", "var",
})  # fmt: skip
_DROPPED = frozenset({
    "script", "style", "title", "noscript", "template", "iframe", "object", "embed", "svg", "math", "audio",
    "video", "canvas", "select", "datalist", "textarea",
})  # fmt: skip
_ATTRIBUTES = {
    "*": {"align", "dir"}, "img": {"src", "alt", "width", "height"}, "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"}, "ol": {"start", "type"}, "table": {"border"},
}  # fmt: skip
_SPANS = frozenset({"colspan", "rowspan"})
_SPAN_TO = 100
_DATA = re.compile(r"data:image/(?:png|jpe?g|gif|bmp|webp);base64,", re.IGNORECASE)
_FORMATS = ["PNG", "JPEG", "GIF", "BMP", "WEBP"]
_TAG = re.compile(r'<(/?)([a-z0-9]+)((?:[^>"]|"[^"]*")*)>')
_ALT = re.compile(r' alt="([^"]*)"')
_RULED = re.compile(r' border="0*[1-9]')
_VOID = frozenset({"br", "hr", "img"})
_RAW_TAG = re.compile(r"<(/?)([a-z][^\s/<>]*)[^<>]*>", re.IGNORECASE)
_KEPT_OF_DEPTH = frozenset({
    "br", "iframe", "noembed", "noframes", "p", "script", "style", "textarea", "title", "xmp",
})  # fmt: skip # what holds no elements
_CLOSED_BY_OTHERS = frozenset({
    "area", "base", "body", "br", "col", "colgroup", "dd", "dt", "embed", "head", "hr", "html", "img", "input",
    "li", "link", "meta", "optgroup", "option", "p", "param", "rp", "rt", "source", "tbody", "td", "tfoot", "th",
    "thead", "tr", "track", "wbr",
})  # fmt: skip # elements that need no end of their own (HTML, 13.1.2)
_CELLS = frozenset({"td", "th"})
_TABLED = _CELLS | {"table", "thead", "tbody", "tfoot", "tr"}
_LEAST_CELLS = 2
_COLUMNS_TO = 60


@dataclass(slots=True)
class _Table:
    frames: bool = False
    cells: int = 0
    across: int = 0
    widest: int = 0

    def take(self, name: str) -> None:
        """Count a row or a cell."""
        self.across = self.across + 1 if name in _CELLS else 0
        self.cells += name in _CELLS
        self.widest = max(self.widest, self.across)

    @property
    def is_one(self) -> bool:
        """Say whether it is a table of values, and one that can be laid out."""
        return not self.frames and self.cells >= _LEAST_CELLS and self.widest <= _COLUMNS_TO


def clean(markup: str) -> str:
    """Keep what is text of a foreign document. Of what is too deep to be laid out the words are kept."""
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
        return f"<p>{escape(words_of(kept))}</p>"
    return _TAG.sub(_shown, _unframed(kept))


def _shallow(markup: str) -> str:
    """Give foreign HTML that a parser gets through: of what nests without end the words and their paragraphs."""
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
    """Say whether an address holds a picture itself, and one that can be shown."""
    found = _DATA.match(address)
    if not found or len(address) > _PICTURE_TO * 4 / 3:
        return False
    from PIL import Image

    try:
        with Image.open(BytesIO(b64decode(address[found.end() :])), formats=_FORMATS) as picture:
            return 0 < picture.width * picture.height <= _PICTURE_PIXELS_TO
    except (OSError, ValueError, SyntaxError):
        return False


def parts_of(markup: str) -> Iterator[str]:
    """Cut clean HTML between its outermost elements, where it is long: to lay out a little at a time is faster."""
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


def paragraphs(text: str) -> str:
    """Write plain text as HTML that keeps its lines."""
    lines = [escape(line) or "&nbsp;" for line in text.splitlines()]
    return f"<p>{'<br>'.join(lines)}</p>"


def _depth(markup: str) -> int:
    depth = deepest = 0
    for found in _TAG.finditer(markup):
        if found[2] not in _VOID:
            depth += -1 if found[1] else 1
            deepest = max(deepest, depth)
    return deepest


def flat(markup: str) -> str:
    """Give clean HTML without tables: cell after cell, each on lines of its own."""
    return _TAG.sub(lambda tag: f"<{tag[1]}div>" if tag[2] in _TABLED else tag[0], markup)


def words_of(markup: str) -> str:
    """Give the words of HTML."""
    return " ".join(unescape(_TAG.sub(" ", markup)).split())


def _unframed(markup: str) -> str:
    """Take the tables away that are there for the layout: around others, of one cell, of a row without end."""
    open_tables: list[_Table] = []
    found: list[tuple[re.Match[str], _Table | None]] = []
    for tag in _TAG.finditer(markup):
        if tag[2] not in _TABLED:
            continue
        if tag[2] == "table" and not tag[1]:
            for outer in open_tables:
                outer.frames = True
            open_tables.append(_Table())
        inside = open_tables[-1] if open_tables else None
        if inside and not tag[1]:
            inside.take(tag[2])
        found.append((tag, inside))
        if tag[2] == "table" and tag[1] and open_tables:
            open_tables.pop()
    pieces, at = [], 0
    for tag, inside in found:
        if inside is None or not inside.is_one:
            pieces += [markup[at : tag.start()], f"<{tag[1]}div>"]
            at = tag.end()
    return "".join([*pieces, markup[at:]])


def _shown(tag: re.Match[str]) -> str:
    """Give a tag as it is laid out: a picture that is elsewhere by its description, a ruled table ruled."""
    end, name, rest = tag.groups()
    if name == "img" and ' src="' not in rest:
        described = _ALT.search(rest)
        return described[1].replace("<", "&lt;") if described else ""
    if name == "table" and not end and _RULED.search(rest):
        return f'<table class="ruled"{rest}>'
    return tag[0]
