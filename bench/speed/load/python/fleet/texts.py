"""How far two descriptions are apart: the dear one, quadratic in their lengths."""


def distance(before: str, after: str, scale: int) -> dict:
    """Edits from one text to the other, and that number by `scale`, rounded down."""
    row = list(range(len(after) + 1))
    for i, one in enumerate(before, 1):
        left, above = i, row[0]
        row[0] = i
        for j, other in enumerate(after, 1):
            best = above if one == other else above + 1
            above = row[j]
            if above < best:
                best = above + 1 if above + 1 < best else best
            if left < best:
                best = left + 1 if left + 1 < best else best
            row[j] = left = best
    return {"edits": row[-1], "scaled": -row[-1] // scale, "longest": max(len(before), len(after))}
