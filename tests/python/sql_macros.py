"""Render the project's macros and formulas without dbt, so that a formula can be tried on any numbers in a second.

They use plain Jinja, each other, and a few of dbt's names (``target``, ``adapter.dispatch``, ``exceptions``,
``return``); all of that is provided here. The DuckDB target and the variables of dbt_project.yml are assumed.
"""

import re
from functools import cache
from pathlib import Path
from types import CodeType, SimpleNamespace

import yaml
from jinja2 import Environment, Template

ROOT = Path(__file__).resolve().parents[2]
EXTENSIONS = ["jinja2.ext.do"]
VARIABLES = yaml.safe_load((ROOT / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]


class CompilerError(Exception):
    """What a macro raises where dbt would stop with a compiler error."""


class _Returned(Exception):
    """What ``return`` hands back through the macro that calls it."""


class _Exceptions:
    """Stand-in for dbt's ``exceptions`` object."""

    @staticmethod
    def raise_compiler_error(message: str) -> None:
        """Raise CompilerError with the macro's message."""
        raise CompilerError(message)


class _Adapter:
    """Stand-in for dbt's ``adapter``: dispatch finds the implementation for DuckDB, else the default one."""

    def __init__(self, environment: Environment):
        self._environment = environment

    def dispatch(self, name: str, macro_namespace: str | None = None):
        """Return the macro ``duckdb__<name>``, or ``default__<name>`` where there is none."""
        macros = self._environment.globals
        return macros.get(f"duckdb__{name}") or macros[f"default__{name}"]


def _return(value):
    raise _Returned(value)


def _callable(macro):
    """The macro as dbt calls it: what it returns, else what it writes."""

    def called(*arguments, **named_arguments):
        try:
            return macro(*arguments, **named_arguments)
        except _Returned as returned:
            return returned.args[0]

    return called


@cache
def _compiled() -> dict[str, CodeType]:
    """All files of macros and formulas by their names, compiled once a session."""
    files = sorted(path for folder in ("macros", "formulas") for path in (ROOT / folder).rglob("*.sql"))
    environment = Environment(extensions=EXTENSIONS)
    return {path.stem: environment.compile(path.read_text(encoding="utf-8")) for path in files}


def _environment(dbt_names: dict | None) -> tuple[Environment, dict]:
    """Jinja with the project's macros, and the names that dbt provides; ``dbt_names`` may replace a macro, too."""
    environment = Environment(extensions=EXTENSIONS)
    replaced = dbt_names or {}
    names = {
        "adapter": _Adapter(environment),
        "exceptions": _Exceptions(),
        "modules": SimpleNamespace(re=re),
        "return": _return,
        "target": {"type": "duckdb"},
        "var": VARIABLES.get,
        **replaced,
    }
    environment.globals.update(names)
    macros = {}
    for code in _compiled().values():
        written = vars(Template.from_code(environment, code, {}).make_module(environment.globals, shared=True))
        macros |= {name: _callable(macro) for name, macro in written.items() if not name.startswith("_")}
    macros |= {name: value for name, value in replaced.items() if name in macros}
    environment.globals.update(macros, infant_mortality=SimpleNamespace(**macros))
    return environment, {**names, **macros}


def project_macros(dbt_names: dict | None = None) -> dict:
    """Return every macro of the project and every name provided here, by name; ``dbt_names`` as for render_macro."""
    return _environment(dbt_names)[1]


def render_macro(name: str, *arguments, dbt_names: dict | None = None, **named_arguments) -> str:
    """Return the SQL that the macro ``name`` writes for these arguments.

    ``dbt_names`` adds names that dbt would provide (``run_query``, ``execute``), or replaces some provided here.
    Raises KeyError if there is no such macro, CompilerError if the macro refuses its arguments.
    """
    _, names = _environment(dbt_names)
    if name not in names:
        raise KeyError(f"no macro named {name} under macros/ or formulas/")
    return str(names[name](*arguments, **named_arguments)).strip()


def render_file(path: str, dbt_names: dict | None = None) -> str:
    """Return the SQL of a model or test, named by its path in the project; ``ref('x')`` becomes ``x``.

    ``dbt_names`` as for render_macro; it may replace macros too.
    """
    environment, names = _environment(dbt_names)
    source = (ROOT / path).read_text(encoding="utf-8")
    return environment.from_string(source).render({**names, "ref": lambda model: model, **(dbt_names or {})}).strip()


def render_text(text: str) -> str:
    """Return what dbt would make of a text with calls of the project's macros."""
    environment, names = _environment(None)
    return environment.from_string(text).render(names).strip()


def up_to(step: str, query: str) -> str:
    """The query of a model as far as its CTE ``step``, from which it then selects."""
    before, found, after = query.partition(f"\n{step} as (\n")
    if not found:
        raise KeyError(f"no step named {step}")
    return f"{before}{found}{after[: after.index(chr(10) + ')')]}\n)\nselect * from {step}"
