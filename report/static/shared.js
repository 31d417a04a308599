/* What all pages share: tables from columns, figures as text, choices in the address, charts, downloads.
   The pages show the marts' figures and compute none; a column bears the name it has in its mart. */
"use strict";

const root = document.body.dataset.root;
const DASH = "\u2013";
const byId = (id) => document.getElementById(id);

/* Tables travel as columns. A column is a list of values, or the distinct values (`of`) and each row's place among them (`at`),
   or its runs: a value, how many times, the next value, and so on. `in` names a list of the dimensions in which the places lie. */
const valuesOf = (column) => {
  if (Array.isArray(column)) return column;
  const places = column.at || column.runs.flatMap((value, place, runs) => (place % 2 ? [] : Array(runs[place + 1]).fill(value)));
  const list = column.of || (column.in && KNOWN[column.in]());
  return list ? places.map((place) => list[place]) : places;
};
const KNOWN = {
  area_code: () => valuesOf(store().dimensions.areas.area_code),
  compared_area_code: () => KNOWN.area_code(),
  measure: () => valuesOf(store().dimensions.measures.measure),
  ranking_level: () => valuesOf(store().dimensions.ranking_levels.ranking_level),
  basis: () => Object.keys(store().dimensions.words.basis),
};
const rowsOf = (table) => {
  const columns = Object.entries(table).map(([name, column]) => [name, valuesOf(column)]);
  return columns[0][1].map((_, row) => Object.fromEntries(columns.map(([name, values]) => [name, values[row]])));
};
const rowsBy = (key, rows) => new Map(rows.map((row) => [row[key], row]));
const distinct = (column, rows) => [...new Set(rows.map((row) => row[column]))];

/* Figures as text. */
const number = (value, decimals = 0) => (value ?? null) === null ? DASH
  : value.toLocaleString("en-GB", { minimumFractionDigits: decimals, maximumFractionDigits: decimals }).replace("-", "\u2212");
const interval = (lower, upper, decimals = 1) =>
  (lower ?? null) === null || (upper ?? null) === null ? DASH : `${number(lower, decimals)} to ${number(upper, decimals)}`;
const ordinal = (value) => {
  const teen = value % 100 >= 10 && value % 100 <= 20;
  return `${number(value)}${teen ? "th" : ["th", "st", "nd", "rd"][value % 10] || "th"}`;
};
/* A rank as it is told: highest, 2nd highest. */
const fromHighest = (rank) => (rank === 1 ? "highest" : `${ordinal(rank)} highest`);
const pValue = (value) => (value < 0.001 ? "p < 0.001" : `p = ${number(value, 3)}`);
const percent = (value) => (value ?? null) === null ? DASH : value < 0.01 ? "under 1 %" : value > 0.99 ? "over 99 %" : `${number(value * 100)} %`;
const years = (period) => period.replace("-", DASH);
const small = (name) => name.charAt(0).toLowerCase() + name.slice(1);
const capital = (name) => name.charAt(0).toUpperCase() + name.slice(1);
const rateText = (row) => (row.reliability_flag === "u" ? `${row.rate_display} [u]` : row.rate_display);
const countsText = (row) => `${number(row.numerator)} deaths, ${number(row.denominator)} births`;
const rateInterval = (row) => interval(row.lower_95, row.upper_95);
const rankRange = (row) => interval(row.rank_lower_95, row.rank_upper_95, 0);
const rankText = (row) => (row.rank_highest_first ? `${number(row.rank_highest_first)} of ${number(row.areas_ranked)}` : DASH);
/* A name as it is searched for: small letters and digits only. */
const plain = (text) => text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[^a-z0-9]+/g, " ").trim();
const byText = (first, second) => first[1].localeCompare(second[1]);

/* Elements. Text is always set as text, never read as markup. */
const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if ((value ?? false) !== false) element.setAttribute(name, value);
  element.append(...children);
  return element;
};
const fill = (id, ...children) => byId(id).replaceChildren(...children);
const say = (text) => fill("status", text);

/* A table from its columns. Each has a title, `text` of a row, and may have a kind, the class of its cells (`num`, `text`, or a
   function of the row), `hint` of a row, what its cell says when pointed at, attributes of its heading, and `isHeading` where its cells head their rows. */
const COLUMN = {
  deaths: { title: "Deaths", kind: "num", text: (row) => number(row.numerator) },
  births: { title: "Births", kind: "num", text: (row) => number(row.denominator) },
  rate: { title: "Rate per 1,000", kind: "num", text: rateText },
  rateInterval: { title: "95 % interval", kind: "num", text: rateInterval },
  rank: { title: "Rank", kind: "num", text: rankText },
  rankRange: { title: "Rank range", kind: "num", text: rankRange },
};
const showTable = (id, caption, columns, rows, isChosen = () => false) => {
  const table = byId(id);
  table.caption.replaceChildren(...caption);
  table.tHead.replaceChildren(make("tr", {}, ...columns.map(({ title, kind, attributes }) =>
    make("th", { scope: "col", class: kind === "num" ? kind : null, ...attributes }, title))));
  table.tBodies[0].replaceChildren(...rows.map((row) =>
    make("tr", { class: isChosen(row) ? "chosen" : null }, ...columns.map(({ kind, text, hint, isHeading }) => {
      const attributes = { class: typeof kind === "function" ? kind(row) : kind, title: hint?.(row) };
      return isHeading ? make("th", { scope: "row", ...attributes }, text(row)) : make("td", attributes, text(row));
    }))));
};

/* The choices stand in the address, so that a view can be shared. */
const readState = () => Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
let touched = false;
for (const kind of ["change", "click"]) document.addEventListener(kind, () => { touched = true; }, true);
const writeState = (state) => {
  if (!touched) return;
  const wanted = new URLSearchParams(Object.entries(state).filter(([, value]) => value)).toString();
  if (location.hash.slice(1) !== wanted) history.replaceState(null, "", `#${wanted}`);
};

/* Fill a select with [value, text] and choose the first of `wanted` that is among them, else the first; returns the choice. */
const setOptions = (id, options, ...wanted) => {
  const select = byId(id);
  const values = options.map(([value]) => String(value));
  select.replaceChildren(...options.map(([value, text]) => make("option", { value }, text)));
  select.value = wanted.find((value) => values.includes(String(value))) ?? values[0] ?? "";
  return select.value;
};
/* Offer the values of a column that are left, in the rows' order; returns the rows that have the one chosen. */
const narrow = (rows, column, text, state, ...preferred) => {
  state[column] = setOptions(column, distinct(column, rows).map((value) => [value, text(value)]), state[column], ...preferred);
  return rows.filter((row) => String(row[column]) === state[column]);
};
const onChange = (ids, state, update) => {
  for (const id of ids) {
    byId(id).addEventListener("change", ({ target }) => {
      state[id] = target.type === "checkbox" ? (target.checked ? "yes" : "") : target.value;
      update();
    });
  }
};

/* Data files are scripts that leave their content in window.reportData: a page opened from disk may load no other kind. */
const store = () => (window.reportData = window.reportData || {});
const loading = {};
const load = (key) => {
  loading[key] = loading[key] || (store()[key] ? Promise.resolve(store()[key]) : new Promise((resolve, reject) => {
    const script = make("script", { src: `${root}data/${key}.js` });
    script.onload = () => resolve(store()[key]);
    script.onerror = () => reject(new Error(`The file data/${key}.js is missing.`));
    document.head.append(script);
  }));
  return loading[key];
};
const embedded = () => JSON.parse(byId("data").textContent);

/* The dimensions, each by its code, and the list of rankings. */
const dimensions = () => {
  const { areas, measures, ranking_levels, rankings, words, example_area_code } = store().dimensions;
  const found = {
    areas: rowsBy("area_code", rowsOf(areas)), measures: rowsBy("measure", rowsOf(measures)),
    levels: rowsBy("ranking_level", rowsOf(ranking_levels)), rankings: rowsOf(rankings), words, example: example_area_code,
  };
  found.firstLevel = found.areas.get(example_area_code).first_ranking_level;
  found.text = {
    ranking_level: (code) => found.levels.get(code).ranking_level_name, measure: (code) => found.measures.get(code).measure_name,
    basis: (code) => words.basis[code], period: years,
  };
  found.name = (code) => found.areas.get(code).area_name;
  found.link = (code) => `${root}areas/${found.areas.get(code).page}`;
  found.anchor = (code) => make("a", { href: found.link(code) }, found.name(code));
  found.benchmark = (level) => found.levels.get(level).benchmark_area_name;
  /* Whether two levels have the same benchmark; one in which nobody is ranked is not known here, and has none. */
  found.haveOneBenchmark = (one, other) => found.levels.has(one)
    && found.levels.get(one).benchmark_area_code === found.levels.get(other)?.benchmark_area_code;
  /* The one verdict on an area: in a sentence, as a column of tables, and with the probability behind it where it is pointed at. */
  found.verdict = (verdict, level) => `${words.verdict[verdict].slice(2)} ${verdict === "similar" ? "from" : "than"} ${found.benchmark(level)}`;
  found.chance = (row, level) => row.verdict && `chance that the rate is above ${found.benchmark(level)}\u2019s: ${percent(row.probability_above_benchmark)}`;
  found.tip = (row, level) => (row.verdict ? `${found.verdict(row.verdict, level)}\n${found.chance(row, level)}` : "");
  found.verdictColumn = (level) => ({
    title: `Compared with ${found.benchmark(level)}`, kind: (row) => `text ${row.verdict || ""}`,
    text: (row) => words.verdict[row.verdict] || DASH, hint: (row) => found.chance(row, level),
  });
  return found;
};

/* The controls of a page about one ranking: level, measure, basis and period. Shown first is the latest pooled period, or else
   the latest year, that can be compared with the benchmark. `changed` is called with the ranking's row of the list of rankings,
   its areas' rows of fct_rankings and its rows of fct_funnel_limits. */
const chooseRanking = (dimension, state, others, changed) => {
  let turn = 0;
  const update = async () => {
    let left = narrow(dimension.rankings, "ranking_level", dimension.text.ranking_level, state, dimension.firstLevel);
    left = narrow(left, "measure", dimension.text.measure, state, "infant");
    left = narrow(left, "basis", dimension.text.basis, state).reverse();
    const [ranking] = narrow(left, "period", years, state, (left.find((row) => row.is_compared) || left[0]).period);
    const mine = ++turn;
    const file = await load(ranking.file);
    /* A choice made while the file was on its way has its own turn. */
    if (mine !== turn) return;
    const ofPeriod = (table) => rowsOf(table).filter((row) => row.period === ranking.period);
    for (const place of document.querySelectorAll(".benchmark")) place.textContent = dimension.benchmark(ranking.ranking_level);
    changed(ranking, ofPeriod(file.rankings), ofPeriod(file.funnel_limits));
  };
  onChange(["ranking_level", "measure", "basis", "period", ...others], state, update);
  return update;
};
const pointOut = (dimension, rows, state) => {
  const options = rows.map((row) => [row.area_code, dimension.name(row.area_code)]).sort(byText);
  state.area_code = setOptions("area_code", [["", "none"], ...options], state.area_code ?? dimension.example);
};

/* Charts: one Vega view an element; the same chart with other rows is updated, not made anew. */
const tip = make("div", { class: "tip", hidden: "", "aria-hidden": "true" });
const showTip = (_, event, item, value) => {
  const text = value && (item.datum.tip || "");
  tip.hidden = !text;
  if (!text) return;
  tip.textContent = text;
  const x = Math.min(event.clientX + 14, window.innerWidth - tip.offsetWidth - 8);
  const below = event.clientY + 16 + tip.offsetHeight < window.innerHeight;
  tip.style.left = `${Math.max(8, x)}px`;
  tip.style.top = `${below ? event.clientY + 16 : event.clientY - tip.offsetHeight - 12}px`;
};
const views = new Map();
window.reportViews = views;
const draw = async (id, label, chart, rows, signals = {}) => {
  if (!tip.isConnected) document.body.append(tip);
  const element = byId(id);
  element.setAttribute("aria-label", label);
  let held = views.get(id);
  const isNew = !held || held.chart !== chart;
  if (isNew) {
    if (held) held.view.finalize();
    held = { chart, view: new vegaRuntime.View(vegaRuntime.parse(window.reportCharts[chart]), { renderer: "svg", hover: true }) };
    views.set(id, held);
  }
  for (const [name, value] of Object.entries(signals)) held.view.signal(name, value);
  for (const [name, values] of Object.entries(rows)) held.view.data(name, values);
  if (isNew) {
    const inner = make("div", { "aria-hidden": "true" });
    element.replaceChildren(inner);
    held.view.tooltip(showTip);
    held.view.addEventListener("click", (_, item) => { if (item && item.datum && item.datum.link) location.href = item.datum.link; });
    held.view.initialize(inner);
  }
  await held.view.runAsync();
  for (const waiting of document.querySelectorAll(".wait")) waiting.classList.add("ready");
  element.dataset.drawn = String(Number(element.dataset.drawn || 0) + 1);
};

/* Rows to download, with the columns named. */
const save = (name, columns, rows) => {
  const field = (value) => {
    const text = String(value ?? "");
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column]))];
  const text = lines.map((line) => `${line.map(field).join(",")}\n`);
  const link = make("a", { href: URL.createObjectURL(new Blob(["\ufeff", ...text], { type: "text/csv" })), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
};

/* Text to the clipboard: by the browser's own way, or where a page opened from disk may not use it, by a field that is copied from.
   Says whether it worked. */
const copy = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const before = document.activeElement;
    const field = make("textarea", { class: "sr", readonly: "", "aria-hidden": "true", tabindex: "-1" });
    field.value = text;
    document.body.append(field);
    field.select();
    const copied = document.execCommand("copy");
    field.remove();
    before.focus();
    return copied;
  }
};

/* A page that cannot be drawn says so. */
const failed = (error) => {
  for (const waiting of document.querySelectorAll(".wait")) waiting.classList.add("ready");
  say(`This page could not be drawn: ${error.message}`);
  byId("status").className = "said";
};
window.addEventListener("unhandledrejection", (event) => failed(event.reason));
window.addEventListener("error", (event) => failed(event));
