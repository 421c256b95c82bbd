"""Nationalities in words, in many languages, against the codes of machine-readable zones."""

import pytest

from ingestion.domain.normalize.nationality import means_nationality, nationalities_of
from ingestion.domain.normalize.nationality.demonyms import DEMONYMS

SAME = """
PAKISTANI=PAK; DEUTSCH=D; deutsch=D<<; GERMAN=D; allemande=D; DEU=D; Nederlandse=NLD; DUTCH=NLD; FRANÇAISE=FRA;
BRITISH CITIZEN=GBR; BRITISH OVERSEAS CITIZEN=GBO; UNITED STATES OF AMERICA=USA; U.S. CITIZEN/AMERICAN=USA;
HRVATSKO / CROATIAN=HRV; POLSKIE/POLISH=POL; REPUBLIC OF KOREA=KOR; REPUBLIC OF CHINA=TWN; CHINESE=CHN; 中国=CHN;
NIGERIAN=NGA; nigérienne=NER; Niger=NER; Ελληνική/Hellenic=GRC; MAGYAR/HUNGARIAN=HUN; Suomi/Finland=FIN; Lietuvos=LTU;
ÖSTERREICH=AUT; Republik Österreich=AUT; Bosnia and Herzegovina=BIH; DOMINICAN=DMA; DOMINICAN=DOM; 대한민국=KOR;
SVERIGE=SWE; Éireannach/Irish=IRL; TÜRKİYE CUMHURİYETİ=TUR; T.C./TUR=TUR; staatenlos=XXA; KOSOVAR=RKS; INDIAN=IND;
KINGDOM OF BELGIUM=BEL; SOUTH AFRICAN=ZAF; VIỆT NAM / VIETNAMESE=VNM; ESPAÑOLA=ESP; italiana=ITA; српско=SRB;
AMERICAN SAMOA=ASM; CZECH REPUBLIC=CZE; SLOVENSKÁ REPUBLIKA=SVK; slovenska=SVN; EESTI/ESTONIAN=EST; РОССИЙСКАЯ
ФЕДЕРАЦИЯ=RUS; УКРАЇНА=UKR; norsk=NOR; dansk=DNK; íslenska=ISL; português=PRT; brasileira=BRA; schweizerisch=CHE;
svizzera=CHE; ROMÂNĂ=ROU; БЪЛГАРСКО=BGR; Maltese=MLT; marocaine=MAR; tunisienne=TUN; ägyptisch=EGY; iranisch=IRN;
UTO=UTO
"""
DIFFERENT = """
FRANÇAISE=D; AUSTRIAN=AUS; AUSTRALIAN=AUT; NIGERIAN=NER; nigérienne=NGA; INDONESIAN=IND; SLOVENIAN=SVK; SLOVAK=SVN;
DEU=FRA; Dominica=DOM; GUINEA-BISSAU=GIN; NORTH KOREA=KOR; AMERICAN SAMOA=USA; Mauritanian=MUS; Irish=IRN; IRANIAN=IRL
"""
UNKNOWN = "UTOPIAN=UTO; XYZZY=FRA; =FRA; 12=FRA; SEE PAGE 3=D; FRANÇAISE=UTO; UTD=UTO"


def _pairs(text: str) -> list[tuple[str, ...]]:
    return [tuple(pair.strip().split("=")) for pair in " ".join(text.split()).split(";")]


@pytest.mark.parametrize(("printed", "code"), _pairs(SAME))
def test_nationality_in_words_of_the_same_state_agrees(printed: str, code: str) -> None:
    assert means_nationality(printed, code) is True


@pytest.mark.parametrize(("printed", "code"), _pairs(DIFFERENT))
def test_nationality_in_words_of_another_state_disagrees(printed: str, code: str) -> None:
    assert means_nationality(printed, code) is False


@pytest.mark.parametrize(("printed", "code"), _pairs(UNKNOWN))
def test_nationality_in_unknown_words_is_not_judged(printed: str, code: str) -> None:
    assert means_nationality(printed, code) is None


def test_nationalities_of_two_states_are_both_known() -> None:
    assert nationalities_of("deutsch, französisch") == {"DE", "FR"}


def test_demonyms_are_folded_and_long_enough_to_be_no_part_of_another_word() -> None:
    assert [each for each in DEMONYMS if not each.isalpha() or each != each.lower()] == []
    assert [each for each in DEMONYMS if each.isascii() and len(each) < 3] == []
