"""The rules of the house as functions: what dbt's manifest or the files hold goes in, a list of sentences comes out.

Each sentence names what breaks the rule and says what to do; an empty list is a kept rule. The rules are applied to
the project in test_manifest.py, where its layers and exceptions are listed, and to made-up manifests in
test_house_rules.py.

``manifest`` is dbt's manifest.json as a dict; of it are used ``metadata.project_name``, ``nodes``, ``exposures`` and
``macros``. ``files`` is a dict of paths from the project's root to texts. ``exceptions`` is a dict of what is excepted
to the reason; an exception that is not needed, or has no reason, gives a sentence as well.
"""

import re
from collections.abc import Hashable, Iterable, Iterator
from fnmatch import fnmatch

# A test that shows that the columns named are a key.
KEY_TESTS = ("unique_key", "unique")
# Past participles that do not end in -ed, and nouns that do.
IRREGULAR_PARTICIPLES = (
    *("built", "chosen", "drawn", "found", "given", "held", "kept", "known", "laid", "left", "made", "met", "put"),
    *("read", "set", "shown", "split", "spread", "taken", "told", "written"),
)
NO_PARTICIPLES = ("need", "seed", "speed")
COMMENT_OR_STRING = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|--[^\n]*|/\*.*?\*/|\{#.*?#\}", re.DOTALL)
JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)


# --- What the rules share ---


def kept_but_for(found: dict[Hashable, str], exceptions: dict) -> list[str]:
    """The sentences on what is not excepted, and on exceptions without need or reason."""
    sentences = [sentence for name, sentence in found.items() if name not in exceptions]
    for name, reason in exceptions.items():
        said = name if isinstance(name, str) else " and ".join(name)
        if name not in found:
            sentences.append(f"'{said}' is listed as an exception and keeps the rule: take it off the list.")
        if not reason.strip():
            sentences.append(f"'{said}' is listed as an exception without a reason: say why.")
    return sentences


def nodes(manifest: dict, *resource_types: str) -> list[dict]:
    """The project's own nodes of these types, in the order of their paths."""
    project = manifest["metadata"]["project_name"]
    own = [node for node in manifest["nodes"].values() if node["package_name"] == project]
    return sorted(
        (node for node in own if node["resource_type"] in resource_types), key=lambda node: node["original_file_path"]
    )


def layer(node: dict) -> str:
    """The layer of a model or seed: its folder under models/, or ``seeds``; empty for a model that lies in none."""
    folders = node["original_file_path"].split("/")[:-1]
    return "seeds" if folders[0] == "seeds" else "".join(folders[1:2])


def parents(manifest: dict, node: dict) -> list[dict]:
    """The models and seeds that a node reads, each once."""
    # dbt gives a seed no list of nodes: it reads none.
    read = dict.fromkeys(node["depends_on"].get("nodes", []))
    return [
        manifest["nodes"][name]
        for name in read
        if name in manifest["nodes"] and manifest["nodes"][name]["resource_type"] in ("model", "seed")
    ]


def declared_key(model: dict) -> list[str]:
    """The columns of a model's primary key, declared for the table or beside its only column; empty where none is."""
    of_table = [column for key in model["constraints"] if key["type"] == "primary_key" for column in key["columns"]]
    return of_table or columns_declared(model, "primary_key")


def columns_declared(model: dict, constraint: str) -> list[str]:
    """The columns of a model beside which a constraint of this type is declared."""
    return [
        name
        for name, column in model["columns"].items()
        if any(declared["type"] == constraint for declared in column["constraints"])
    ]


def matches(value: str, patterns: Iterable[str]) -> bool:
    """Whether the value fits one of the patterns; ``*`` stands for any characters, a slash among them."""
    return any(fnmatch(value, pattern) for pattern in patterns)


def code_of(sql: str) -> str:
    """The SQL (or Jinja) without its comments; lines keep their numbers."""

    def without_comment(found: re.Match) -> str:
        is_string = found.group(0)[0] in "'\""
        return found.group(0) if is_string else "\n" * found.group(0).count("\n")

    return COMMENT_OR_STRING.sub(without_comment, sql)


def string_literals(code: str) -> Iterator[tuple[int, str, bool]]:
    """Line, text, and whether it stands within Jinja, of each string in SQL without comments.

    Strings stand in single quotes, within Jinja in double ones too; elsewhere double quotes mark a name.
    """
    spans = [found.span() for found in JINJA.finditer(code)]
    for found in COMMENT_OR_STRING.finditer(code):
        quote, value = found.group(0)[0], found.group(0)[1:-1]
        is_in_jinja = any(start < found.start() < end for start, end in spans)
        if quote == "'" or (quote == '"' and is_in_jinja):
            yield code.count("\n", 0, found.start()) + 1, value.replace("''", "'"), is_in_jinja


# --- Layers ---


def layers_are_kept(
    manifest: dict, may_read: dict[str, list[str]], exceptions: dict[tuple[str, str], str]
) -> list[str]:
    """Every model lies in a layer and reads only what its layer may read.

    ``may_read`` holds for each layer patterns of ``layer/name``, for a seed ``seeds/folder/name``; an exception is a
    pair, the reader and what it reads.
    """
    found = {}
    for model in nodes(manifest, "model"):
        if layer(model) not in may_read:
            found[model["name"]] = (
                f"{model['original_file_path']} lies in no layer: move it to models/<layer>/, "
                f"one of {', '.join(may_read)}."
            )
            continue
        for parent in parents(manifest, model):
            folder = parent["original_file_path"].rsplit("/", 1)[0] if layer(parent) == "seeds" else layer(parent)
            place = f"{folder}/{parent['name']}"
            if not matches(place, may_read[layer(model)]):
                found[model["name"], parent["name"]] = (
                    f"{model['original_file_path']} reads {place}, which {layer(model)} may not: "
                    "read the step before it, move the model, or list the pair with a reason."
                )
    return kept_but_for(found, exceptions)


def nothing_flows_back(manifest: dict, upstream: list[str], downstream: list[str], but_for: list[str]) -> list[str]:
    """No model of ``upstream`` (patterns of paths) depends, by however many steps, on anything of ``downstream``.

    ``but_for`` are patterns of paths taken out of ``upstream``. A pattern that fits nothing gives a sentence: the rule
    would be silent.
    """
    everything = nodes(manifest, "model", "seed")
    paths = [node["original_file_path"] for node in everything]
    sentences = [
        f"No model or seed fits '{pattern}', so that the rule does not hold for it: correct the list."
        for pattern in [*upstream, *downstream, *but_for]
        if not any(fnmatch(path, pattern) for path in paths)
    ]
    for model in everything:
        path = model["original_file_path"]
        if not matches(path, upstream) or matches(path, but_for) or matches(path, downstream):
            continue
        way = way_to(manifest, model, downstream)
        if way:
            sentences.append(
                f"{path} depends on {way[-1]['original_file_path']} ({' <- '.join(node['name'] for node in way)}): "
                "nothing that stands before it may; read another step, or move what it needs."
            )
    return sentences


def way_to(manifest: dict, model: dict, patterns: list[str]) -> list[dict]:
    """The shortest way from a model to something it depends on that fits a pattern; empty where there is none."""
    ways, seen = [[model]], set()
    for way in ways:
        for parent in parents(manifest, way[-1]):
            if matches(parent["original_file_path"], patterns):
                return [*way, parent]
            if parent["unique_id"] not in seen:
                seen.add(parent["unique_id"])
                ways.append([*way, parent])
    return []


def seeds_are_joined_in_staging(manifest: dict, exceptions: dict[str, str]) -> list[str]:
    """No model outside staging reads two seeds or more: names and types are given to each in staging first."""
    found = {}
    for model in nodes(manifest, "model"):
        seeds = [parent["name"] for parent in parents(manifest, model) if layer(parent) == "seeds"]
        if layer(model) != "staging" and len(seeds) > 1:
            found[model["name"]] = (
                f"{model['original_file_path']} reads the seeds {', '.join(seeds)}: "
                "stage them, or list it with a reason."
            )
    return kept_but_for(found, exceptions)


# --- Names ---


def is_step_name(name: str) -> bool:
    """Whether a name reads ``int_<noun>_<past participle>``, with more words before or after."""
    prefix, *words = name.split("_")
    is_participle = [
        word in IRREGULAR_PARTICIPLES or (word.endswith("ed") and word not in NO_PARTICIPLES) for word in words[1:]
    ]
    return prefix == "int" and any(is_participle)


def names_fit(manifest: dict, step_layers: list[str], mart_names: list[str]) -> list[str]:
    """Prefix, words and folder of each model fit each other.

    ``mart_names`` are the marts that need no prefix. Staging is ``stg_<source>__<plural>`` in models/staging/<source>/
    (whether the last part is a plural cannot be told), steps are ``int_<noun>_<past participle>``, marts ``dim_`` or
    ``fct_``; no other model has one of these prefixes.
    """
    sentences = []
    for model in nodes(manifest, "model"):
        name, path = model["name"], model["original_file_path"]
        if layer(model) == "staging":
            source = path.split("/")[2:-1]
            if len(source) != 1 or not re.fullmatch(rf"stg_{source[0]}__[a-z0-9_]+", name):
                sentences.append(f"{path}: expected models/staging/<source>/stg_<source>__<plural>.sql.")
        elif layer(model) in step_layers:
            if not is_step_name(name):
                sentences.append(f"{path}: a step is called int_<noun>_<past participle>, by what it did; rename it.")
        elif layer(model) == "marts":
            if not re.fullmatch(r"(dim|fct)_[a-z0-9_]+", name) and name not in mart_names:
                sentences.append(f"{path}: a mart is called dim_<noun> or fct_<plural>; rename it.")
        elif re.match(r"(stg|int|dim|fct)_", name):
            sentences.append(f"{path}: the prefix is that of another layer; rename or move it.")
    return sentences


# --- What each model declares ---


def grain_is_stated(manifest: dict) -> list[str]:
    """The first sentence of every model's description says what one row is."""
    return [
        f"{model['original_file_path']}: the description begins '{model['description'][:40]}'; "
        "begin it with 'One row per ...'."
        for model in nodes(manifest, "model")
        if not re.match(r"(One|At most one) row (per|in all)\b", model["description"].strip())
    ]


def keys_are_declared(manifest: dict, exceptions: dict[str, str]) -> list[str]:
    """Every table declares its key in its own yml entry.

    By a primary key: a mart's is kept by the database, under an enforced contract; a step's by test_steps.py, which
    holds the built tables against it. A step may have a test of KEY_TESTS instead. Views are worked out within their
    readers and need none.
    """
    tested = {
        test.get("attached_node")
        for test in nodes(manifest, "test")
        if (test.get("test_metadata") or {}).get("name") in KEY_TESTS
    }
    found = {}
    for model in nodes(manifest, "model"):
        has_primary_key = bool(declared_key(model))
        if layer(model) == "marts":
            is_kept = has_primary_key and model["config"]["contract"]["enforced"]
        else:
            is_kept = has_primary_key or model["unique_id"] in tested
        if model["config"]["materialized"] in ("table", "incremental") and not is_kept:
            found[model["name"]] = (
                f"{model['original_file_path']} declares no key that is kept: give its yml entry a primary key, a mart "
                "under an enforced contract, or a step the test unique_key."
            )
    return kept_but_for(found, exceptions)


def columns_are_described(manifest: dict, layers: list[str], built: dict[str, set[str]]) -> list[str]:
    """Every column of the models of these layers has a description.

    ``built`` holds the columns of each built model by its name: dbt knows those alone that the yml names.
    """
    sentences = []
    for model in nodes(manifest, "model"):
        if layer(model) not in layers:
            continue
        path = model["original_file_path"]
        if model["name"] not in built:
            sentences.append(f"{path} is not built: build it, so that its columns are known.")
            continue
        columns = built[model["name"]]
        described = {name for name, column in model["columns"].items() if column["description"].strip()}
        if columns - described:
            sentences.append(
                f"{path} does not describe {', '.join(sorted(columns - described))}: say what each is, with its unit."
            )
        if described - columns:
            sentences.append(
                f"{path} has no {', '.join(sorted(described - columns))}, which its yml entry describes: take it out."
            )
    return sentences


def contracts_are_enforced(manifest: dict) -> list[str]:
    """Every mart's contract is enforced."""
    return [
        f"{model['original_file_path']}: the contract is not enforced; set it in the config."
        for model in nodes(manifest, "model")
        if layer(model) == "marts" and not model["config"]["contract"]["enforced"]
    ]


def seeds_and_macros_are_described(manifest: dict) -> list[str]:
    """Every seed, every macro under macros/ and each of its arguments has a description.

    A form of a macro for one engine (``<engine>__<macro>``), a materialization's among them, is described where it is
    dispatched.
    """
    sentences = [
        f"{seed['original_file_path']} has no description: say what one row is and where it comes from."
        for seed in nodes(manifest, "seed")
        if not seed["description"].strip()
    ]
    for macro in manifest["macros"].values():
        is_ours = macro["package_name"] == manifest["metadata"]["project_name"]
        if (
            not is_ours
            or not macro["original_file_path"].startswith(("macros/", "formulas/"))
            or re.match(r"[a-z]+__", macro["name"])
        ):
            continue
        if not macro["description"].strip():
            sentences.append(f"{macro['original_file_path']} has no description: say what {macro['name']} gives.")
        sentences += [
            f"{macro['original_file_path']} does not describe {argument['name']}: say what {macro['name']} takes."
            for argument in macro["arguments"]
            if not argument["description"].strip()
        ]
    return sentences


# --- The shape of the graph ---


def readers(manifest: dict) -> dict[str, list[str]]:
    """The names of the models that read each model or seed, by its unique id."""
    read_by: dict[str, list[str]] = {node["unique_id"]: [] for node in nodes(manifest, "model", "seed")}
    for model in nodes(manifest, "model"):
        for parent in parents(manifest, model):
            read_by.setdefault(parent["unique_id"], []).append(model["name"])
    return read_by


def fan_out_is_small(manifest: dict, most: int, exceptions: dict[str, str]) -> list[str]:
    """No model is read by more than ``most`` others without a reason."""
    read_by = readers(manifest)
    found = {}
    for model in nodes(manifest, "model"):
        names = read_by[model["unique_id"]]
        if len(names) > most:
            found[model["name"]] = (
                f"{model['original_file_path']} is read by {len(names)} models, more than {most} "
                f"({', '.join(sorted(names))}): let a step between do what they share, or list it with a reason."
            )
    return kept_but_for(found, exceptions)


def views_are_not_chained(manifest: dict, most: int) -> list[str]:
    """No more than ``most`` views stand one upon another: the last reader would work all of them out."""
    chains: dict[str, list[str]] = {}

    def chain(model: dict) -> list[str]:
        """The longest chain of views that ends in this model, the model last; empty where it is no view."""
        if model["resource_type"] != "model" or model["config"]["materialized"] not in ("view", "ephemeral"):
            return []
        if model["unique_id"] not in chains:
            before = max((chain(parent) for parent in parents(manifest, model)), key=len, default=[])
            chains[model["unique_id"]] = [*before, model["name"]]
        return chains[model["unique_id"]]

    return [
        f"{model['original_file_path']} is the last of {len(chain(model))} views one upon another "
        f"({' -> '.join(chain(model))}): make one of them a table, or two of them one."
        for model in nodes(manifest, "model")
        if len(chain(model)) > most
    ]


def models_are_used(manifest: dict, exceptions: dict[str, str]) -> list[str]:
    """Every model that is no mart is read by a model, an exposure or a test of its own file."""
    used = {name for name, names in readers(manifest).items() if names}
    used |= {name for exposure in manifest["exposures"].values() for name in exposure["depends_on"]["nodes"]}
    used |= {
        name
        for test in nodes(manifest, "test")
        if not test.get("test_metadata")
        for name in test["depends_on"]["nodes"]
    }
    found = {
        model["name"]: f"{model['original_file_path']} is read by nothing: take it out, or list it with a reason."
        for model in nodes(manifest, "model")
        if layer(model) != "marts" and model["unique_id"] not in used
    }
    return kept_but_for(found, exceptions)


def exposures_read_public_models(manifest: dict) -> list[str]:
    """What others build on is public: marts, and the exports made of them."""
    sentences = []
    for exposure in manifest["exposures"].values():
        for name in exposure["depends_on"]["nodes"]:
            node = manifest["nodes"][name]
            is_public = node["resource_type"] == "model" and node["config"].get("access") == "public"
            if not is_public or layer(node) not in ("marts", "exports"):
                sentences.append(
                    f"The exposure {exposure['name']} depends on {node['original_file_path']}, which is not public: "
                    "name the mart or the export that people read, with `access: public`."
                )
    return sentences


# --- What is written in the files ---


def lines_are_short(files: dict[str, str], most: int) -> list[str]:
    """No line is longer than ``most`` characters."""
    sentences = []
    for path, text in files.items():
        long = {number: len(line) for number, line in enumerate(text.splitlines(), start=1) if len(line) > most}
        if long:
            sentences.append(
                f"{path} has lines of more than {most} characters ({', '.join(map(str, long))}; "
                f"the longest has {max(long.values())}): break them."
            )
    return sentences


def names_in(
    file_name: str, code: str, patterns: dict[str, str], literals: dict[str, str]
) -> list[tuple[int, str, str]]:
    """Line (0: the file's name), what is named, and the text, of each name in SQL without comments."""
    found = [
        (0, what, name.group(0))
        for pattern, what in patterns.items()
        for name in re.finditer(pattern, file_name, re.IGNORECASE)
    ]
    found += [
        (code.count("\n", 0, name.start()) + 1, what, name.group(0))
        for pattern, what in patterns.items()
        for name in re.finditer(pattern, code, re.IGNORECASE)
    ]
    found += [(line, literals[value], value) for line, value, _ in string_literals(code) if value in literals]
    return found


def nothing_is_named(
    files: dict[str, str], patterns: dict[str, str], literals: dict[str, str], exceptions: dict[str, str]
) -> list[str]:
    """No SQL and no name of its file names an area, a country, a level or a claim; comments may.

    ``patterns`` are regular expressions, sought whatever the case, ``literals`` the texts of whole strings; both with
    what they name. An exception is a phrase in which such a name may stand.
    """
    sentences, needed = [], {}
    for path, sql in files.items():
        file_name, code = path.split("/")[-1], code_of(sql)
        for phrase in exceptions:
            if names_in(phrase, "", patterns, literals) and (phrase in file_name or phrase in code):
                needed[phrase] = ""
            file_name, code = file_name.replace(phrase, ""), code.replace(phrase, " " * len(phrase))
        for line, what, text in dict.fromkeys(names_in(file_name, code, patterns, literals)):
            place, advice = (f"{path}:{line}", "let a seed say it") if line else (path, "rename the file")
            sentences.append(f"{place} names {what}, '{text}': {advice}.")
    return sentences + kept_but_for(needed, exceptions)


def prose_is_data(files: dict[str, str], exceptions: dict[str, str]) -> list[str]:
    """No string of more than 25 characters has three words or more: sentences stand in seeds.

    Strings within Jinja are often SQL, written in small letters; there a string is prose where it begins with a
    capital. An exception is the text of a string.
    """
    found = {}
    for path, sql in files.items():
        for line, value, is_in_jinja in string_literals(code_of(sql)):
            # What Jinja puts in is no word of the sentence.
            told = JINJA.sub("0", value)
            words = [word for word in told.split() if re.search(r"[A-Za-z]", word)]
            if len(told) > 25 and len(words) >= 3 and not (is_in_jinja and not value[0].isupper()):
                found[value] = (
                    f"{path}:{line} holds a sentence, '{value}': put it into a seed, or list it with a reason."
                )
    return kept_but_for(found, exceptions)
