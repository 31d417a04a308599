"""Plain words and short sentences, in what readers meet first.

Sentences have fewer than 30 words. Code, tables, licences and what scripts fill in from the database are exempt: their
words are those of the seeds and of the figures.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
MOST_WORDS = 29
# Where no stilted phrase may be, beside these: what the database, a BI tool, the workbook and the build say.
ALSO_IN_PLAIN_WORDS = (
    *("models/shared_columns.md", "models/*/_*models.yml", "models/staging/*/_*.yml", "seeds/*/_*.yml"),
    *("seeds/wording/*.csv", "bi/superset/charts/*.yaml", "bi/superset/dashboards/*.yaml", "bi/*.csv", "workbook/*.py"),
    "ingest/README.md",
)
STILTED = re.compile(
    r"the same by hand|stay where they are|for you to choose|their intervals are wide|\bin print\b|the usual mark"
    r"|place deserves|point out an area|the more so|chance alone gives|\bcannot tell\b|\bbears? out\b|\bcan bear\b"
    r"|do(es)? not fix|would be noticed\b|the year to expect|is the same event|below the line|under each other"
    r"|drawn towards|told as|held against|\bstands? (in|under|beside|below|with|for|there|here)\b"
    r"|\bl(ies|ie|ay) (in|within|outside|above|below|there|here)\b|as (it|they) stands?\b",
    re.IGNORECASE,
)
WORD = re.compile(r"[A-Za-z0-9]")
# Not the point of a number, of a file's name or of an initial.
SENTENCE_ENDS = re.compile(r"(?<=[.?!])[)\"*_]*\s+(?=[^a-z])")
BLOCK = re.compile(r"<(/?(p|li|h\d|td|th|dt|dd|div|section|option|button|label|summary|title|br|caption|figcaption)\b)")


def files(*patterns: str) -> list[str]:
    """The files that fit, as paths from the project's root."""
    return sorted({path.relative_to(PROJECT).as_posix() for pattern in patterns for path in PROJECT.glob(pattern)})


def markdown_text(text: str) -> list[str]:
    """The paragraphs, list items and headings of a Markdown page, without what is exempt."""
    text = re.sub(r"## Licence\n.*?(?=\n## |\Z)", "", text, flags=re.DOTALL)
    text = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    text = re.sub(r"<!-- (begin|written)\b.*?<!-- end\b[^>]*-->", "", text, flags=re.DOTALL)
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"`[^`]*`", "Code", text)
    paragraphs: list[str] = [""]
    for line in text.splitlines():
        if line.startswith(("|", "    ", ">")):
            line = ""
        if not line.strip() or re.match(r"\s*([-*]|\d+\.) |#", line):
            paragraphs.append("")
        paragraphs[-1] = f"{paragraphs[-1]} {line.strip()}"
    return paragraphs


def template_text(text: str) -> list[str]:
    """The texts between the tags of a page's template; what is filled in counts as one word."""
    text = re.sub(r"<(script|style)\b.*?</\1>|\{%.*?%\}|\{#.*?#\}|<!--.*?-->", " ", text, flags=re.DOTALL)
    text = re.sub(r"\{\{.*?\}\}", "X", text, flags=re.DOTALL)
    return [re.sub(r"<[^>]*>", "", part) for part in BLOCK.sub("\n\n<\\1", text).split("\n\n")]


# What is read sentence by sentence, and how its text is found.
READ = {
    **dict.fromkeys(("README.md", "docs/*.md", "CONTRIBUTING.md", "data/incoming/README.md"), markdown_text),
    "report/templates/*.html": template_text,
}
SENTENCES_OF = {path: read for pattern, read in READ.items() for path in files(pattern)}


def long_sentences(paragraphs: list[str]) -> Iterator[str]:
    """The sentences with too many words."""
    for paragraph in paragraphs:
        for sentence in SENTENCE_ENDS.split(" ".join(paragraph.split())):
            if sum(bool(WORD.search(word)) for word in sentence.split()) > MOST_WORDS:
                yield sentence


@pytest.mark.parametrize("path", SENTENCES_OF)
def test_sentences_are_short(path):
    assert list(long_sentences(SENTENCES_OF[path]((PROJECT / path).read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize("path", [*SENTENCES_OF, *files(*ALSO_IN_PLAIN_WORDS)])
def test_words_are_plain(path):
    text = (PROJECT / path).read_text(encoding="utf-8")
    assert [text[found.start() - 30 : found.end() + 30] for found in STILTED.finditer(text)] == []
