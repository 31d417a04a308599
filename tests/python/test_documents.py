"""The figures in the documents are those of the database, and the first pages are short."""

import re

import pytest
from commands import PROJECT, run_python


@pytest.mark.parametrize("script", ["fill_readme", "fill_queries", "claims_to_markdown"])
def test_documents_say_what_the_database_says(script, built_database_path):
    done = run_python(f"scripts/{script}.py", "--check", "--database", built_database_path)
    assert done.returncode == 0, done.stderr


def test_the_first_ten_questions_have_one_simple_query_each(built_database):
    """Numbered one to ten, each with rows, none with more than one join or a table beside the marts."""
    page = (PROJECT / "docs" / "first_ten_questions.md").read_text(encoding="utf-8")
    questions = re.findall(r"^## (\d+)\. [^\n]+\?\n\n```sql\n(.*?)```", page, flags=re.MULTILINE | re.DOTALL)
    assert [int(number) for number, _ in questions] == list(range(1, 11))
    for _, query in questions:
        assert len(re.findall(r"\bjoin\b", query)) <= 1 and " with " not in query
        assert all(table.startswith("marts.") for table in re.findall(r"\b(?:from|join) (\S+)", query))
        assert built_database.execute(query).fetchall()
    macros = re.findall(r"`(from \w+\([^`]*\))`", page)
    assert len(macros) == 4
    assert all(built_database.execute(macro).fetchall() for macro in macros)


def test_the_readme_comes_to_its_first_figure_soon():
    lines = (PROJECT / "README.md").read_text(encoding="utf-8").splitlines()
    figure = lines.index("<!-- end first query -->")
    meaning = next(place for place in range(figure + 2, len(lines)) if not lines[place])
    assert meaning <= 90
    first_screen = "\n".join(lines[:25])
    for words in ("make build", "make report", "drop ONS's workbook into `data/incoming/`"):
        assert words in first_screen
