def count_words(lines):
    """How often each word occurs."""
    counts = {}
    for line in lines:
        for word in line.split():
            counts[word.lower()] += 1
    return counts


def top(lines, n=3):
    counts = count_words(lines)
    return sorted(counts, key=lambda word: (-counts[word], word))[:n]
