"""Month names and their usual abbreviations, folded, in the languages of the built-in schemas."""

_NAMES = tuple(
    (
        "january jan januar jaenner janner jenner janvier janv januari enero ene gennaio gen|"
        "february feb febr februar feber fevrier fev fevr februari pebruari febrero febbraio|"
        "march mar maerz marz mrz mars mac maret maart mrt marzo|april apr avril avr abril abr aprile|"
        "may mai mei mayo maggio mag|june jun juni juin junio giugno giu|"
        "july jul juli juillet juil julai julio luglio lug|august aug aout aou ogos ogo agustus augustus agosto ago|"
        "september sep sept septembre septiembre settembre set|october oct oktober okt octobre octubre ottobre ott|"
        "november nov novembre noviembre|"
        "december dec dezember dez decembre dis disember desember diciembre dic dicembre"
    ).split("|")
)

MONTHS: dict[str, int] = {name: number for number, names in enumerate(_NAMES, start=1) for name in names.split()}
MONTH_PATTERN = "|".join(sorted(MONTHS, key=len, reverse=True))
