"""Context of a code without a dot: B12, T12 and Q10 are codes of ICD-10 and also a vitamin, a vertebra, a coenzyme.

Such a code counts where lists of diagnoses print it: at the beginning or end of a line or column, in brackets, beside
another code. In a sentence it does not, nor beside a word that gives it another meaning.
"""

import re

from ingestion.domain.layout.text_rows import RowSpan
from ingestion.domain.normalize import fold

_ANOTHER_MEANING_AFTER = frozenset(
    "vitamin vit segment segments level levels vertebra vertebrae vertebral disc disk dermatome dermatom root nerve "
    "wirbel wirbelkorper bwk lwk hwk swk bws lws hws segmente segmenten hohe room rooms ward bed station floor gate "
    "building block unit suite zimmer raum bett stockwerk etage haus gebaude saal chambre salle lit etape coenzyme "
    "coenzym q factor faktor version model modell lot batch charge serial article artikel ref referenz product "
    "produkt size grosse position platz seat locker platform terminal hall lane route line linie bus tram device "
    "gerat slot vertebre vertebres niveau vitamine box shelf ebene flur trakt pavillon wing aisle corridor extension "
    "ext durchwahl pager spind schrank drg hla section abschnitt chapter kapitel figure fig abb abbildung table "
    "tabelle appendix anhang annex anlage clause".split()
)
_ANOTHER_MEANING_BEFORE = frozenset(
    "deficiency mangel mangels injection injections injektion injektionen level levels spiegel substitution "
    "supplement supplements supplementation vertebra vertebrae vertebral wirbel wirbelkorper segment segments "
    "dermatome disc disk breath atemtest mutation mutations gene protein positive positiv negative negativ mg mcg ug "
    "µg ml tablet tablets tabletten tropfen receptor antigen carence niveau".split()
)
_SENTENCE_WORDS = frozenset(
    "to in of with at from near on via the a an and or between bis auf nach von mit bei zu zum zur im am an der die "
    "das den dem und oder de du des la le les au aux en et a dans avec entre".split()
)
_WINDOW = 60  # characters of the line on each side
_CODE = r"[A-Z]\d[0-9AB](?:\.[0-9A-Z]{1,5})?(?:\s?[*!+#†‡])?"
_WORD_BEFORE = re.compile(r"(?<![\w\u2019'])([\w\u2019']++)[\s:.,;(]*+$")
_WORD_AFTER = re.compile(r"[\s.,;:)]*([\w\u2019']+)")
_CODE_BEFORE = re.compile(rf"(?<![\w.]){_CODE}\s*+(?:(?:[,;/+&]|and|und|et)\s*+)?$")
_START = re.compile(r"(?:^|[\t:(\[])(?:(?!\t)[\s\-\u2013•*])*+(?:\(?\d{1,2}[.)][^\S\t]*+)?$")
_STOP = r"(?:(?!\t)[\s.,;:)\]])*+(?:$|\t)"
_END = re.compile(rf"(?:\s*[,;/+&]\s*{_CODE})*(?:{_STOP}|\s*+[*!+#†‡]?(?:\s?[GVZALRB]{{1,2}})?{_STOP})")
_WORDS_OF_A_SENTENCE = 9


def has_another_meaning(span: RowSpan) -> bool:
    """Return whether a word beside the code, or before the codes that it is listed with, gives it another meaning."""
    before = _WORD_BEFORE.search(_text_before_list(span))
    after = _WORD_AFTER.match(span.row.text, span.stop, span.stop + _WINDOW)
    return bool(
        (before and fold(before[1]) in _ANOTHER_MEANING_AFTER) or (after and fold(after[1]) in _ANOTHER_MEANING_BEFORE)
    )


def is_listed(span: RowSpan) -> bool:
    """Return whether a code is where a list of diagnoses has it, and not within a sentence."""
    text, leading = span.row.text, _text_before_list(span)
    if not leading or _START.search(leading):
        return True
    before = _WORD_BEFORE.search(leading)
    if before and fold(before[1]) in _SENTENCE_WORDS:
        return False
    return (
        bool(_END.match(text, span.stop, span.stop + _WINDOW))
        or len(text[: 4 * _WINDOW].split()) < _WORDS_OF_A_SENTENCE
    )


def _text_before_list(span: RowSpan) -> str:
    """Return the text before the code and the codes that it directly follows."""
    leading = span.row.text[max(0, span.start - _WINDOW) : span.start]
    while listed := _CODE_BEFORE.search(leading):
        leading = leading[: listed.start()]
    return leading
