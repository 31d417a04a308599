/* What all pages share: tables from columns, figures as text, choices in the address, charts, downloads.
   The pages show the marts' figures and compute none; a column bears the name it has in its mart. */
"use strict";

const root = document.body.dataset.root;
const DASH = "\u2013";
const byId = (id) => document.getElementById(id);

/* Tables travel as columns. A column is a list of values, or the distinct values (`of`) and each row's place among them (`at`),
   or its runs: a value, how many times, the next value, and so on, or one text of `letters`. `in` names a list of the dimensions in
   which the places lie. */
const valuesOf = (column) => {
  if (Array.isArray(column)) return column;
  if (column.letters !== undefined) return [...column.letters];
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
  const columns = Object.entries(table).map(([name, column]) => [name, column && valuesOf(column)]);
  const rows = columns.find(([, values]) => values)?.[1] ?? [];
  return rows.map((_, row) => Object.fromEntries(columns.map(([name, values]) => [name, values ? values[row] : null])));
};
/* Columns that travel without their names. */
const named = (columns, names) => Object.fromEntries(names.map((name, place) => [name, columns[place]]));
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
/* A chance is never rounded onto a limit that it does not reach: 94.7 % has its decimal. */
const percent = (value) => (value ?? null) === null ? DASH : value < 0.01 ? "under 1 %" : value > 0.99 ? "over 99 %"
  : value >= 0.945 && value < 0.95 ? `${number(Math.min(94.9, value * 100), 1)} %`
  : value > 0.05 && value < 0.055 ? `${number(Math.max(5.1, value * 100), 1)} %` : `${number(value * 100)} %`;
/* A chance that travels as one letter: its place among the letters is the percentage. Ten more are 5.1 to 5.5 % and 94.5 to 94.9 %, which
   would be rounded to limits that they do not reach; the last is not known. */
const CLEAR = 95, NEARLY_5 = 101, NEARLY_95 = 106, UNKNOWN = 111;
const placeOf = (letter) => store().dimensions.chances.indexOf(letter);
const chanceText = (letter) => {
  const place = placeOf(letter);
  return place === UNKNOWN ? DASH : place === 0 ? "under 1 %" : place === 100 ? "over 99 %"
    : `${place >= NEARLY_95 ? number(94.5 + (place - NEARLY_95) / 10, 1) : place >= NEARLY_5 ? number(5.1 + (place - NEARLY_5) / 10, 1) : place} %`;
};
/* Which of the two rates is very likely the higher: the first, the second, or neither. */
const clearly = (letter) => {
  const place = placeOf(letter);
  return place >= CLEAR && place <= 100 ? "higher" : place <= 100 - CLEAR ? "lower" : "similar";
};
const otherChance = (letter) => {
  const place = placeOf(letter);
  return place === UNKNOWN ? letter : store().dimensions.chances[place > 100 ? NEARLY_5 + UNKNOWN - 1 - place : 100 - place];
};
/* Names as they are listed: A, B and C. */
const listed = (names) => (names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`);
/* A name as an owner: Wales’, England’s. */
const possessive = (name) => `${name}${name.endsWith("s") ? "\u2019" : "\u2019s"}`;
const years = (period) => period.replace("-", DASH);
const small = (name) => name.charAt(0).toLowerCase() + name.slice(1);
const capital = (name) => name.charAt(0).toUpperCase() + name.slice(1);
const rateText = (row) => (row.reliability_flag === "u" ? `${row.rate_display} [u]` : row.rate_display);
const countsText = (row) => `${number(row.numerator)} deaths, ${number(row.denominator)} births`;
const rateInterval = (row) => interval(row.lower_95, row.upper_95);
const rankRange = (row) => interval(row.rank_lower_95, row.rank_upper_95, 0);
/* Why a chart has a bar without its mark. */
const unmarked = (rows) => (rows.some((row) => row.rate_display === "[x]") ? " A bar without a mark: fewer than three deaths, so no rate is shown." : "");
const rankText = (row) => (row.rank_highest_first ? `${number(row.rank_highest_first)} of ${number(row.areas_ranked)}` : DASH);
/* A name as it is searched for: small letters and digits only. */
const plain = (text) => text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[^a-z0-9]+/g, " ").trim();
const byText = (first, second) => first[1].localeCompare(second[1]);

/* Elements. Text is always set as text, never read as markup; a number stays on the line of its per cent sign. */
const unbroken = (child) => (typeof child === "string" ? child.replaceAll(" %", "\u00a0%") : child);
const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if ((value ?? false) !== false) element.setAttribute(name, unbroken(value));
  element.append(...children.map(unbroken));
  return element;
};
const fill = (id, ...children) => byId(id).replaceChildren(...children.map(unbroken));
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
  table.caption.replaceChildren(...caption.map(unbroken));
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
let choices = location.hash.slice(1);
const writeState = (state) => {
  const wanted = new URLSearchParams(Object.entries(state).filter(([, value]) => value)).toString();
  choices = wanted;
  if (touched && location.hash.slice(1) !== wanted) history.replaceState(null, "", `#${wanted}`);
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
  found.chance = (row, level) => row.verdict && `chance that the rate is above ${possessive(found.benchmark(level))}: ${percent(row.probability_above_benchmark)}`;
  found.tip = (row, level) => (row.verdict ? `${found.verdict(row.verdict, level)}\n${found.chance(row, level)}` : "");
  found.verdictColumn = (level) => ({
    title: `Compared with ${found.benchmark(level)}`, kind: (row) => `text ${row.verdict || ""}`,
    text: (row) => words.verdict[row.verdict] || DASH, hint: (row) => found.chance(row, level),
  });
  return found;
};

/* What is chosen, in one line: on a narrow screen the controls fold into it. */
const showChosen = (...words) => fill("chosen", words.filter(Boolean).join(", "));

/* A choice among rankings of one level and measure by period and dating. Shown first is the newest year for which every area of the
   level has a rate; two buttons lead to it and to the newest such period of several years. Returns the ranking chosen. */
const isWhole = (ranking) => ranking.is_compared && ranking.areas_ranked === ranking.areas_in_level;
const newest = (rankings, isWide) => {
  const sorted = rankings.filter((row) => isWide === row.years_in_period > 1)
    .sort((one, other) => other.period.slice(-4) - one.period.slice(-4) || one.basis.localeCompare(other.basis));
  return sorted.find(isWhole) || (isWide ? undefined : sorted[0]);
};
const choosePeriod = (dimension, rankings, state, update) => {
  const key = (row) => `${row.basis} ${row.period}`;
  const first = newest(rankings, false) || rankings.at(-1);
  const chosen = rankings.find((row) => row.period === state.period && row.basis === state.basis)
    || rankings.find((row) => row.period === state.period) || first;
  const select = byId("period");
  select.replaceChildren(...distinct("basis", rankings).sort().map((basis) => make("optgroup", { label: `by ${dimension.words.basis[basis]}` },
    ...rankings.filter((row) => row.basis === basis).sort((one, other) => one.years_in_period - other.years_in_period
      || other.period.localeCompare(one.period)).map((row) => make("option", { value: key(row) },
      `${years(row.period)}${row.areas_in_level === undefined || row.areas_ranked === row.areas_in_level ? ""
        : ` (${number(row.areas_ranked)} of ${number(row.areas_in_level)} areas)`}`)))));
  select.value = key(chosen);
  const choose = (row) => {
    [state.period, state.basis] = [row.period, row.basis];
    update();
  };
  select.onchange = () => choose(rankings.find((row) => key(row) === select.value));
  for (const [id, row, words] of [["newest-year", newest(rankings, false), "newest year"], ["newest-years", newest(rankings, true), "newest years together"]]) {
    const button = byId(id);
    button.hidden = !row;
    if (!row) continue;
    button.textContent = `${capital(words)}: ${years(row.period)}`;
    button.setAttribute("aria-pressed", String(row === chosen));
    button.onclick = () => choose(row);
  }
  [state.period, state.basis] = [chosen.period, chosen.basis];
  return chosen;
};

/* The controls of a page about one ranking: level, measure and period. `changed` is called with the ranking's row of the list of
   rankings, its areas' rows of fct_rankings and its rows of fct_funnel_limits. */
const chooseRanking = (dimension, state, others, changed) => {
  let turn = 0;
  const update = async () => {
    let left = narrow(dimension.rankings, "ranking_level", dimension.text.ranking_level, state, dimension.firstLevel);
    left = narrow(left, "measure", dimension.text.measure, state, "infant");
    const ranking = choosePeriod(dimension, left, state, update);
    showChosen(dimension.text.measure(state.measure), years(ranking.period), dimension.text.ranking_level(state.ranking_level));
    const mine = ++turn;
    const file = await load(ranking.file);
    /* A choice made while the file was on its way has its own turn. */
    if (mine !== turn) return;
    const ofPeriod = (table) => rowsOf(table).filter((row) => row.period === ranking.period);
    for (const place of document.querySelectorAll(".benchmark")) place.textContent = dimension.benchmark(ranking.ranking_level);
    changed(ranking, ofPeriod(file.rankings), ofPeriod(file.funnel_limits));
  };
  onChange(["ranking_level", "measure", ...others], state, update);
  return update;
};
const pointOut = (dimension, rows, state) => {
  const options = rows.map((row) => [row.area_code, dimension.name(row.area_code)]).sort(byText);
  state.area_code = setOptions("area_code", [["", "none"], ...options], state.area_code ?? dimension.example);
};

/* What a mark says: beside the pointer, or where there is none, after a tap, at the foot of the screen with a link to the area. */
const tip = make("div", { class: "tip", hidden: "", "aria-hidden": "true" });
const isTouch = (event) => event.pointerType === "touch" || (!event.pointerType && matchMedia("(hover: none)").matches);
const showTip = (_, event, item, value) => {
  const text = value && (item.datum.tip || "");
  if (tip.classList.contains("pinned") && matchMedia("(hover: none)").matches) return;
  tip.classList.remove("pinned");
  tip.hidden = !text;
  if (!text) return;
  tip.textContent = unbroken(text);
  const x = Math.min(event.clientX + 14, window.innerWidth - tip.offsetWidth - 8);
  const below = event.clientY + 16 + tip.offsetHeight < window.innerHeight;
  tip.style.left = `${Math.max(8, x)}px`;
  tip.style.top = `${below ? event.clientY + 16 : event.clientY - tip.offsetHeight - 12}px`;
};
const pin = (text, link) => {
  if (!tip.isConnected) document.body.append(tip);
  tip.hidden = !text;
  if (!text) return;
  tip.classList.add("pinned");
  tip.removeAttribute("style");
  tip.replaceChildren(make("p", {}, text), ...(link ? [make("a", { href: link }, "Open its page")] : []));
  say(text.replaceAll("\n", ", "));
};
document.addEventListener("click", (event) => {
  if (tip.classList.contains("pinned") && !event.target.closest(".tip, .draw")) tip.hidden = true;
});
/* The mark with something to say that is nearest to a tap or click, however small it is drawn. */
const FINGER = 44, POINTER = 4;
const markAt = (element, event) => {
  const { clientX, clientY } = event;
  let nearest = null, least = isTouch(event) ? FINGER : POINTER;
  for (const mark of element.querySelectorAll("path, line, rect")) {
    const datum = mark.__data__?.datum;
    if (!datum?.tip) continue;
    const { left, right, top, bottom } = mark.getBoundingClientRect();
    const away = Math.hypot(Math.max(left - clientX, 0, clientX - right), Math.max(top - clientY, 0, clientY - bottom));
    if (away < least) [nearest, least] = [datum, away];
  }
  return nearest;
};

/* Charts leave the page as pictures with their title, sentence and source. What style sheets give a drawing is written into it. */
const DRAWN = ["fill", "stroke", "stroke-width", "stroke-dasharray", "opacity", "fill-opacity", "stroke-opacity", "font-family", "font-size",
  "font-weight", "text-anchor"];
const plainColour = (value) => value.replace(/color\(srgb ([\d.]+) ([\d.]+) ([\d.]+)\)/, (_, ...parts) =>
  `rgb(${parts.slice(0, 3).map((part) => Math.round(part * 255)).join(", ")})`);
const inSvg = (tag, attributes, ...children) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
};
const styled = (svg, box) => {
  const copy = svg.cloneNode(true);
  const originals = [svg, ...svg.querySelectorAll("*")];
  [copy, ...copy.querySelectorAll("*")].forEach((element, place) => {
    const style = getComputedStyle(originals[place]);
    for (const name of DRAWN) element.setAttribute(name, plainColour(style.getPropertyValue(name)));
    for (const name of ["class", "style"]) element.removeAttribute(name);
  });
  for (const [name, value] of Object.entries(box)) copy.setAttribute(name, value);
  return copy;
};
const pictureOf = (figure) => {
  const svg = figure.querySelector(".draw svg");
  const { width, height } = svg.getBoundingClientRect();
  const wide = Math.max(width, 560), LINE = 18, LEFT = 12;
  const paper = getComputedStyle(figure);
  /* What stands above and below the drawing is set line by line, as wide as the picture. */
  const set = (text, weight = 400, x = LEFT) => {
    const lines = [""];
    for (const word of text.split(/\s+/)) {
      if (`${lines.at(-1)} ${word}`.length > (wide - x) / 6.8) lines.push(word);
      else lines[lines.length - 1] = `${lines.at(-1)} ${word}`.trim();
    }
    return lines.map((line) => inSvg("text", { x, fill: paper.color, "font-size": 13, "font-family": "sans-serif", "font-weight": weight }, line));
  };
  const caption = [...figure.querySelectorAll("figcaption h2, figcaption h3, figcaption p")].map((one) => one.textContent).filter(Boolean);
  const summary = figure.querySelector("#chart") && byId("summary-text")?.textContent;
  const above = [...caption, ...(summary ? [summary] : [])].flatMap((text, place) => set(text, place ? 400 : 600));
  const key = [...(figure.querySelector(".key") || document.querySelector(".key"))?.children ?? []].filter((one) => !one.hidden)
    .map((one) => [styled(one.querySelector("svg"), { x: LEFT, width: 26, height: 16 }), set(one.textContent.trim(), 400, LEFT + 34)[0], one.querySelector("span").textContent]);
  const below = [byId("source").textContent, `${document.title}.`].flatMap((text) => set(text));
  const top = 12 + above.length * LINE, foot = top + height + 8;
  above.forEach((line, place) => line.setAttribute("y", 22 + place * LINE));
  key.forEach(([mark, line, words], place) => {
    line.textContent = words;
    mark.setAttribute("y", foot + place * LINE);
    line.setAttribute("y", foot + 13 + place * LINE);
  });
  below.forEach((line, place) => line.setAttribute("y", foot + 20 + (key.length + place) * LINE));
  const all = foot + 12 + (key.length + below.length) * LINE;
  const whole = inSvg("svg", { width: wide, height: all, viewBox: `0 0 ${wide} ${all}` }, inSvg("rect", { width: wide, height: all, fill: paper.backgroundColor }),
    ...above, styled(svg, { x: (wide - width) / 2, y: top, width, height }), ...key.flatMap(([mark, line]) => [mark, line]), ...below);
  return { text: new XMLSerializer().serializeToString(whole), width: wide, height: all };
};
const savePicture = async (figure, kind) => {
  /* The file is named by what the picture shows: the area or page, the measure, the title. */
  const title = plain(figure.querySelector("figcaption h2, figcaption h3").textContent);
  const page = document.body.dataset.page === "area" ? plain(document.querySelector("h1").textContent) : document.body.dataset.page;
  const measure = plain(byId("measure")?.selectedOptions[0]?.textContent ?? "");
  const name = [page, measure, title].filter((part) => part && (part === title || !title.includes(part))).join("-").replaceAll(" ", "-").slice(0, 120);
  const { text, width, height } = pictureOf(figure);
  if (kind === "svg") return saveBlob(`${name}.svg`, new Blob([text], { type: "image/svg+xml" }));
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = make("canvas", { width: 2 * width, height: 2 * height });
  const context = canvas.getContext("2d");
  context.scale(2, 2);
  context.drawImage(image, 0, 0);
  return canvas.toBlob((blob) => saveBlob(`${name}.png`, blob), "image/png");
};
const offer = (element) => {
  const figure = element.closest("figure");
  if (!figure || figure.querySelector(".leave")) return;
  const button = (words, act) => {
    const made = make("button", { type: "button" }, words);
    made.addEventListener("click", act);
    return made;
  };
  const said = make("span", { class: "small quiet", role: "status" });
  const link = async () => {
    const copied = await copy(`${location.href.split("#")[0]}${choices ? `#${choices}` : ""}`);
    said.textContent = copied ? "Copied: the link keeps every choice." : "It could not be copied; take it from the address bar.";
  };
  figure.append(make("div", { class: "actions leave" }, button("Save as PNG", () => savePicture(figure, "png")),
    button("Save as SVG", () => savePicture(figure, "svg")), button("Copy link", link), said));
};

/* Charts: one Vega view an element; the same chart with other rows is updated, not made anew. */
const views = new Map();
window.reportViews = views;
const ready = (element) => {
  offer(element);
  for (const waiting of document.querySelectorAll(".wait")) waiting.classList.add("ready");
  element.dataset.drawn = String(Number(element.dataset.drawn || 0) + 1);
};
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
    inner.addEventListener("click", (event) => {
      const mark = markAt(inner, event);
      if (isTouch(event)) pin(mark?.tip, mark?.link);
      else if (mark?.link) location.href = mark.link;
    });
    element.replaceChildren(inner);
    held.view.tooltip(showTip);
    held.view.initialize(inner);
  }
  await held.view.runAsync();
  ready(element);
};

/* Rows to download, with the columns named. */
const saveBlob = (name, blob) => {
  const link = make("a", { href: URL.createObjectURL(blob), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
};
const save = (name, columns, rows) => {
  const field = (value) => {
    const text = String(value ?? "");
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column]))];
  saveBlob(name, new Blob(["\ufeff", ...lines.map((line) => `${line.map(field).join(",")}\n`)], { type: "text/csv" }));
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
