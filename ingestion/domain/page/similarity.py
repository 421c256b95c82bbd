"""Similarity of two texts by their edit distance."""


def edit_distance(a: str, b: str) -> int:
    """Count the insertions, deletions and replacements that turn `a` into `b` (Levenshtein)."""
    row = list(range(len(b) + 1))
    for i, left in enumerate(a, 1):
        previous, row[0] = row[0], i
        for j, right in enumerate(b, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (left != right))
    return row[-1]


def similarity(a: str, b: str) -> float:
    """Return 1 for equal texts, 0 for texts that share nothing: 1 - distance / longer length."""
    longer = max(len(a), len(b))
    return 1.0 if not longer else 1 - edit_distance(a, b) / longer
