/* What the pages do once they are open: choices, charts, tables, downloads. It shows the marts' figures and computes none. */
(() => {
  "use strict";

  const page = document.body.dataset.page;
  const root = document.body.dataset.root;
  const DASH = "\u2013";
  const byId = (id) => document.getElementById(id);
  const bases = { registration: "year of registration", occurrence: "year of death" };
  const verdicts = { l: ["lower", "\u25bc", "lower than England", "lower"], s: ["similar", "\u25cf", "no clear difference", "no clear difference"], h: ["higher", "\u25b2", "higher than England", "higher"] };
  const positions = {
    w: ["within", "\u25cf", "within the limits", "within"], h: ["high_95", "\u25b3", "above the 95 % limit", "above 95 %"], H: ["high_99_8", "\u25b2", "above the 99.8 % limit", "above 99.8 %"],
    l: ["low_95", "\u25bd", "below the 95 % limit", "below 95 %"], L: ["low_99_8", "\u25bc", "below the 99.8 % limit", "below 99.8 %"],
  };
  const statuses = { suppressed: "withheld by the publisher", missing: "not published", no_births: "no births", invalid: "not a possible figure" };
  const levelNames = { upper_tier: "upper-tier authorities", lower_tier: "lower-tier authorities", region: "regions" };
  const trends = { increasing: "increasing", decreasing: "decreasing", no_significant_change: "no significant change", cannot_be_calculated: "cannot be calculated" };

  /* Figures as text. */
  const number = (value, decimals = 0) => value === null || value === undefined ? DASH
    : value.toLocaleString("en-GB", { minimumFractionDigits: decimals, maximumFractionDigits: decimals }).replace("-", "\u2212");
  const interval = (lower, upper, decimals = 1) => lower === null || lower === undefined || upper === null || upper === undefined ? DASH
    : `${number(lower, decimals)} to ${number(upper, decimals)}`;
  const ordinal = (value) => {
    if (value === null || value === undefined) return DASH;
    const teen = value % 100 >= 10 && value % 100 <= 20;
    return `${number(value)}${teen ? "th" : ["th", "st", "nd", "rd"][value % 10] || "th"}`;
  };
  const probability = (value) => value === null || value === undefined ? DASH : value < 0.001 ? "under 0.001" : number(value, 3);
  const percent = (value) => value === null || value === undefined ? DASH : value > 0 && value < 0.01 ? "under 1 %" : `${number(value * 100)} %`;
  const years = (period) => period.replace("-", DASH);
  const middle = (period) => (Number(period.slice(0, 4)) + Number(period.slice(-4))) / 2;
  const width = (period) => Number(period.slice(-4)) - Number(period.slice(0, 4)) + 1;
  const rateText = (shown, flag) => shown === null || shown === undefined ? DASH : flag === "u" ? `${shown} [u]` : shown;
  /* A column may be a list, a string of letters with hyphens for none, the values by place, or absent. */
  const at = (column, index) => { const value = column ? column[index] : null; return value === undefined || value === "-" ? null : value; };
  const shown = (rates, index) => at(rates.s, index) ?? (at(rates.r, index) === null ? null : number(rates.r[index], 1));
  const small = (name) => name.charAt(0).toLowerCase() + name.slice(1);
  const words = (code) => (code || "").replaceAll("_", " ");

  /* Elements. Text is always set as text, never read as markup. */
  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) if (value !== null && value !== false) element.setAttribute(name, value);
    for (const child of children) if (child !== null && child !== undefined) element.append(child);
    return element;
  };
  const cell = (text, kind = "num") => make("td", kind ? { class: kind } : {}, text);
  const fill = (id, ...children) => byId(id).replaceChildren(...children);
  const say = (text) => { byId("status").textContent = text; };
  const setOptions = (id, options, wanted) => {
    const select = byId(id);
    select.replaceChildren(...options.map(([value, text]) => make("option", { value }, text)));
    select.value = options.some(([value]) => value === wanted) ? wanted : options.length ? options[0][0] : "";
    return select.value;
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

  /* Data files are scripts that leave their content in window.reportData: a page opened from disk may load no other kind. */
  const store = () => (window.reportData = window.reportData || {});
  const loading = {};
  const load = (key) => {
    if (store()[key]) return Promise.resolve(store()[key]);
    loading[key] = loading[key] || new Promise((resolve, reject) => {
      const script = make("script", { src: `${root}data/${key}.js` });
      script.onload = () => resolve(store()[key]);
      script.onerror = () => reject(new Error(`The file data/${key}.js is missing.`));
      document.head.append(script);
    });
    return loading[key];
  };
  const embedded = () => JSON.parse(byId("data").textContent);

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
  const draw = async (id, chart, rows, signals = {}) => {
    if (!tip.isConnected) document.body.append(tip);
    const element = byId(id);
    let held = views.get(id);
    if (!held || held.chart !== chart) {
      if (held) held.view.finalize();
      element.replaceChildren();
      const inner = make("div", { "aria-hidden": "true" });
      element.append(inner);
      const view = new vegaRuntime.View(vegaRuntime.parse(window.reportCharts[chart]), { renderer: "svg", hover: true });
      view.tooltip(showTip);
      view.addEventListener("click", (_, item) => { if (item && item.datum && item.datum.link) location.href = item.datum.link; });
      for (const [name, value] of Object.entries(signals)) view.signal(name, value);
      for (const [name, values] of Object.entries(rows)) view.data(name, values);
      view.initialize(inner);
      held = { chart, view };
      views.set(id, held);
    } else {
      for (const [name, value] of Object.entries(signals)) held.view.signal(name, value);
      for (const [name, values] of Object.entries(rows)) held.view.data(name, values);
    }
    await held.view.runAsync();
    for (const waiting of document.querySelectorAll(".wait")) waiting.classList.add("ready");
    element.dataset.drawn = String(Number(element.dataset.drawn || 0) + 1);
    return held.view;
  };
  window.reportViews = views;

  /* Files to download. */
  const save = (name, lines) => {
    const field = (value) => value === null || value === undefined ? "" : /[",\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value);
    const text = lines.map((line) => line.map(field).join(",")).join("\n") + "\n";
    const link = make("a", { href: URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv" })), download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };

  /* Rows for the chart `series`: gaps and changes of basis break the line; a rate shown as [x] has no point. */
  const seriesRows = (group, name) => {
    let run = 0, last = null;
    const rows = [];
    group.p.forEach((period, index) => {
      const end = Number(period.slice(-4));
      if (last !== null && end !== last + 1) run += 1;
      last = end;
      if (at(group.r, index) === null) { run += 1; return; }
      const hidden = shown(group, index) === "[x]";
      rows.push({
        x: middle(period), rate: hidden ? null : group.r[index], lower: group.l[index], upper: group.u[index], run: `${group.b}-${run}`,
        shape: group.b === "registration" ? "filled" : "open", period,
        tip: `${name}, ${years(period)}\n${rateText(shown(group, index), at(group.f, index))} per 1,000\n95 % interval ${interval(group.l[index], group.u[index])}`
          + (at(group.n, index) !== null ? `\n${number(group.n[index])} deaths, ${number(group.d[index])} births` : ""),
      });
    });
    return rows;
  };

  /* Periods travel as their first years; here they get their names back. */
  const named = (groups) => groups.map((group) => ({ ...group, p: group.p.map((first) => (group.w === 1 ? String(first) : `${first}-${first + group.w - 1}`)) }));

  /* One area. */
  const areaPage = () => {
    const data = embedded();
    data.groups = named(data.groups);
    const reference = store().reference;
    const measures = Object.fromEntries(reference.measures.map((measure) => [measure.measure, measure]));
    const england = named(reference.rates[reference.england] || []);
    const region = named(reference.rates[data.region] || []);
    const isEngland = data.code === reference.england;
    const find = (groups, m, b, w) => groups.find((group) => group.m === m && group.b === b && group.w === w);
    const rated = data.groups.filter((group) => group.r);
    let state = readState();
    let rows = [];

    const update = () => {
      const measure = byId("measure").value;
      const own = data.groups.filter((group) => group.m === measure);
      const widths = [...new Set(own.map((group) => group.w))].sort((a, b) => a - b);
      const chosenWidth = Number(setOptions("width", widths.map((w) => [String(w), w === 1 ? "single years" : `${w} years`]), state.width));
      const held = own.filter((group) => group.w === chosenWidth);
      const basisOptions = held.map((group) => [group.b, bases[group.b]]);
      if (held.length > 1) basisOptions.unshift(["both", "both, drawn apart"]);
      const basis = setOptions("basis", basisOptions, state.basis || "both");
      const groups = held.filter((group) => basis === "both" || group.b === basis);
      const level = byId("level") ? byId("level").value : data.levels[0];
      state = { measure, width: String(chosenWidth), basis, level: byId("level") ? level : "" };
      writeState(state);

      const name = measures[measure].name;
      const title = `${name} in ${data.name}`;
      byId("chart-title").textContent = `${title}${isEngland ? "" : " beside England"}`;
      byId("chart-note").textContent = `${chosenWidth === 1 ? "Single years" : `${chosenWidth} years taken together, each drawn at its middle year`}; deaths dated by ${basis === "both" ? "year of registration (filled) and year of death (open), never joined" : bases[basis]}.`;
      byId("chart").setAttribute("aria-label", `${title} over time with 95 % intervals; the figures are in the table below`);
      draw("chart", "series", {
        area: groups.flatMap((group) => seriesRows(group, data.name)),
        england: isEngland ? [] : beside(groups, england, "England"),
        region: beside(groups, region, data.regionName),
      });

      const summary = data.summaries[measure];
      byId("summary").hidden = !summary;
      byId("summary-text").textContent = summary || "";
      table(groups, measure, level, basis === "both");
      facts(groups, measure, level);
      say(`Showing ${small(name)}, ${byId("width").selectedOptions[0].textContent}`);
    };

    /* Another area's rows for the same chart; where both bases are drawn, each only as far as this area has it. */
    const beside = (groups, others, name) => groups.flatMap((group) => {
      const theirs = find(others, group.m, group.b, group.w);
      const own = seriesRows(group, "");
      if (!theirs || !theirs.r || !own.length) return [];
      const rows = seriesRows(theirs, name);
      return groups.length === 1 ? rows : rows.filter((row) => row.x >= own[0].x && row.x <= own.at(-1).x);
    });
    const rankedOf = (group, level, period) => reference.ranked[[level, group.m, group.b, period].join("/")];
    const englandRate = (group, period) => {
      const theirs = find(england, group.m, group.b, group.w);
      const index = theirs ? theirs.p.indexOf(period) : -1;
      return index < 0 ? DASH : shown(theirs, index) ?? DASH;
    };

    const table = (groups, measure, level, withBasis) => {
      const ranked = groups.some((group) => group.k && group.k[level]);
      const head = [["Period"], ...(withBasis ? [["Deaths dated by"]] : []), ["Deaths", 1], ["Births", 1], ["Rate per 1,000", 1], ["95 % interval", 1]];
      if (!isEngland) head.push(["England", 1]);
      if (ranked) head.push(["Rank", 1], ["Rank interval", 1], ["Against England"], ["Funnel"]);
      rows = [head.map(([text]) => text)];
      const body = [];
      for (const group of groups) {
        const places = (group.k && group.k[level]) || {};
        group.p.forEach((period, index) => {
          const status = at(group.t, index);
          const rank = at(places.k, index);
          const verdict = verdicts[at(places.v, index)];
          const position = positions[at(places.f, index)];
          const line = [
            ...(withBasis ? [[{ registration: "registration", occurrence: "death" }[group.b], "text"]] : []),
            [number(at(group.n, index))], [number(at(group.d, index))],
            [status && status !== "ok" && at(group.r, index) === null ? `${shown(group, index) || ":"} ${statuses[status] || ""}`.trim() : rateText(shown(group, index), at(group.f, index))],
            [interval(at(group.l, index), at(group.u, index))],
          ];
          if (!isEngland) line.push([englandRate(group, period)]);
          if (ranked) {
            line.push([rank ? `${number(rank)} of ${number(rankedOf(group, level, period))}` : DASH], [interval(at(places.i, index), at(places.j, index), 0)]);
            line.push([verdict ? `${verdict[1]} ${verdict[3]}` : DASH, `words ${at(places.v, index) || ""}`], [position ? `${position[1]} ${position[3]}` : DASH, "words"]);
          }
          body.push(make("tr", {}, make("th", { scope: "row", class: "text" }, years(period)), ...line.map(([text, kind]) => cell(text, kind || "num"))));
          rows.push([period, ...line.map(([text]) => text)]);
        });
      }
      const element = byId("table");
      element.tHead.replaceChildren(make("tr", {}, ...head.map(([text, numeric]) => make("th", { scope: "col", class: numeric ? "num" : null }, text))));
      element.tBodies[0].replaceChildren(...body);
      const meaning = measures[measure];
      fill("table-caption", make("strong", {}, `${meaning.name} in ${data.name}.`), ` Deaths counted: ${small(meaning.numerator_definition)}. Births counted: ${small(meaning.denominator_definition)}.${ranked ? ` Rank 1 is the highest rate among the ${levelNames[level]}.` : ""}`);
    };

    const facts = (groups, measure, level) => {
      let latest = null;
      for (const group of groups) group.p.forEach((period, index) => { if (at(group.r, index) !== null && (!latest || period.slice(-4) >= latest.period.slice(-4))) latest = { group, period, index }; });
      const items = [];
      const add = (term, strong, text) => items.push(make("div", {}, make("dt", {}, term), make("dd", {}, make("strong", {}, strong), text)));
      if (latest) {
        const { group, period, index } = latest;
        const when = years(period);
        add(`Rate per 1,000, ${when}`, rateText(shown(group, index), at(group.f, index)), `95 % interval ${interval(group.l[index], group.u[index])}; ${number(at(group.n, index))} deaths, ${number(at(group.d, index))} births`);
        const places = group.k && group.k[level];
        if (places && at(places.k, index)) {
          add(`Rank among ${levelNames[level]}, ${when}`, `${ordinal(places.k[index])} highest of ${number(rankedOf(group, level, period))}`, `95 % rank interval: ${ordinal(at(places.i, index))} to ${ordinal(at(places.j, index))}` + (places.w !== undefined ? `; chance of the highest tenth ${percent(places.w)}` : ""));
          const verdict = verdicts[at(places.v, index)];
          if (verdict) add(`Against England, ${when}`, `${verdict[1]} ${verdict[2]}`, `England ${englandRate(group, period)}; exact test p = ${probability(places.e)}, allowing for all areas q = ${probability(places.q)}`);
          const position = positions[at(places.f, index)];
          if (position) {
            const link = make("a", { href: `${root}funnel.html#${new URLSearchParams({ level, measure, basis: group.b, period, area: data.code })}` }, "See the funnel");
            items.push(make("div", {}, make("dt", {}, `Funnel, ${when}`), make("dd", {}, make("strong", {}, `${position[1]} ${position[2]}`), link)));
          }
        }
        for (const { b: basis } of groups) {
          const by = groups.length > 1 ? `, by ${bases[basis]}` : "";
          const trend = data.trends.find((row) => row[0] === measure && row[1] === basis);
          if (trend) {
            const reason = trend[3] === "cannot_be_calculated" ? `Reason: ${words(trend[6])}` : "";
            const change = trend[4] !== null ? `Over all years ${number(trend[4], 1)} % a year (p = ${probability(trend[5])})` : "";
            add(`Recent trend to ${years(trend[2])}${by}`, trends[trend[3]] || words(trend[3]), [reason, change].filter(Boolean).join(". "));
          }
          const lasting = data.persistence.find((row) => row[0] === measure && row[1] === basis && row[2].split(" ").includes(level));
          if (lasting) {
            add(`Years above England${by}`, `${number(lasting[4])} of ${number(lasting[3])}`,
              `Chance of at least that many for an average area ${percent(lasting[5])}; deaths over those expected at England’s rates ${number(lasting[6], 2)} (99.8 % interval ${interval(lasting[7], lasting[8], 2)})`);
          }
        }
      } else {
        add("Rate per 1,000", DASH, "No rate in any of these periods.");
      }
      byId("facts").replaceChildren(...items);
    };

    if (!rated.length) { byId("chart").textContent = "No rate is published for this area."; }
    setOptions("measure", [...new Set(data.groups.map((group) => group.m))].map((m) => [m, measures[m].name]), state.measure || data.first[0]);
    if (!state.width) state.width = String(data.first[2]);
    if (byId("level")) setOptions("level", data.levels.map((level) => [level, levelNames[level]]), state.level);
    for (const id of ["measure", "width", "basis", "level"]) if (byId(id)) byId(id).addEventListener("change", () => { state[id] = byId(id).value; update(); });
    byId("download").addEventListener("click", () => save(`${data.slug}-${byId("measure").value}.csv`, rows));
    byId("download-all").addEventListener("click", () => {
      const lines = [["area_code", "area_name", "measure", "basis", "period", "numerator", "denominator", "rate_per_1000", "lower_95", "upper_95", "rate_display", "status"]];
      for (const group of data.groups) group.p.forEach((period, index) => lines.push([data.code, data.name, group.m, group.b, period, at(group.n, index), at(group.d, index), at(group.r, index), at(group.l, index), at(group.u, index), shown(group, index), at(group.t, index) || "ok"]));
      save(`${data.slug}.csv`, lines);
    });
    update();
  };

  /* Search among the areas. */
  const areasPage = () => {
    const items = [...document.querySelectorAll("[data-find]")];
    const sections = [...document.querySelectorAll(".areas-section")];
    const plain = (text) => text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[^a-z0-9]+/g, " ").trim();
    const search = byId("search");
    const update = () => {
      const parts = plain(search.value).split(" ").filter(Boolean);
      let found = 0;
      for (const item of items) {
        const text = plain(item.dataset.find);
        item.hidden = !parts.every((part) => text.includes(part));
        if (!item.hidden) found += 1;
      }
      for (const section of sections) section.hidden = !section.querySelector("[data-find]:not([hidden])");
      byId("found").textContent = found === 1 ? "1 area" : `${number(found)} areas`;
    };
    search.addEventListener("input", update);
    search.addEventListener("keydown", (event) => {
      const visible = items.filter((item) => !item.hidden);
      if (event.key === "Enter" && visible.length) location.href = visible[0].querySelector("a").href;
    });
    if (search.value) update();
  };

  /* What the pages with a choice of level, measure, basis and period share. */
  const chooser = (index, state, ids, changed) => {
    const measures = Object.fromEntries(index.measures.map((measure) => [measure.measure, measure.name]));
    const update = () => {
      const distinct = (place, rows) => [...new Set(rows.map((row) => row[place]))];
      let rows = index.choices;
      const levels = ["upper_tier", "lower_tier", "region"].filter((level) => rows.some((row) => row[0] === level));
      state.level = setOptions("level", levels.map((level) => [level, levelNames[level].charAt(0).toUpperCase() + levelNames[level].slice(1)]), state.level || "upper_tier");
      rows = rows.filter((row) => row[0] === state.level);
      const names = index.measures.map((measure) => measure.measure).filter((measure) => rows.some((row) => row[1] === measure));
      state.measure = setOptions("measure", names.map((measure) => [measure, measures[measure]]), state.measure || "infant");
      rows = rows.filter((row) => row[1] === state.measure);
      const found = distinct(2, rows).sort().reverse();
      state.basis = setOptions("basis", found.map((basis) => [basis, bases[basis]]), state.basis || "registration");
      const [, , , periods, first] = rows.filter((row) => row[2] === state.basis)[0];
      state.period = setOptions("period", [...periods].reverse().map((period) => [period, years(period)]), periods.includes(state.period) ? state.period : first);
      changed(measures[state.measure]);
    };
    for (const id of ["level", "measure", "basis", "period", ...ids]) byId(id).addEventListener("change", () => { state[id] = byId(id).type === "checkbox" ? (byId(id).checked ? "yes" : "") : byId(id).value; update(); });
    return update;
  };
  const levelKey = (state) => `level/${state.level}--${state.measure}--${state.basis}`;
  const areaLink = (area) => `${root}areas/${area[1]}.html`;
  const areaCells = (index, place) => make("a", { href: areaLink(index.areas[place]) }, index.areas[place][2]);
  const pointOut = (index, rows, wanted) => setOptions("area", [["", "none"], ...rows.map((place) => [index.areas[place][0], index.areas[place][2]]).sort((a, b) => a[1].localeCompare(b[1]))], wanted);

  /* Rankings. */
  const rankingsPage = () => {
    const index = store().index;
    const state = readState();
    state.area = state.area === undefined ? index.example : state.area;
    state.sort = state.sort || "rank";
    let lines = [];
    const columns = [
      ["rank", "Rank", "num", (row) => row.rank], ["name", "Area", "", (row) => row.name],
      ["highest", "Rank interval", "num", (row) => row.from * 10000 + row.to], ["", "Places it may hold", ""],
      ["rate", "Rate per 1,000", "num", (row) => row.rank], ["", "95 % interval", "num"],
      ["verdict", "Against England", "", (row) => ({ h: 0, s: 1, l: 2 }[row.verdict] ?? 3) * 10000 + row.rank],
      ["deaths", "Deaths", "num", (row) => -row.deaths], ["births", "Births", "num", (row) => -row.births],
      ["region", "Region", "", (row) => row.region], ["stabilised", "Stabilised rate", "num", (row) => -row.stabilised],
      ["tenth", "Chance of highest tenth", "num", (row) => -(row.tenth ?? -1)],
    ];

    const update = chooser(index, state, ["region", "show", "area"], async (name) => {
      const all = await load(levelKey(state));
      const data = all[state.period];
      const regions = [...new Set(data.a.map((place) => index.areas[place][3]).filter((code) => code !== null))].map((place) => [String(place), index.regions[place]]).sort((a, b) => a[1].localeCompare(b[1]));
      state.region = setOptions("region", [["", "all regions"], ...regions], state.region || "");
      byId("region-room").hidden = state.level === "region";
      state.show = setOptions("show", [...byId("show").options].map((option) => [option.value, option.textContent]), state.show || "rank");
      state.area = pointOut(index, data.a, state.area);
      writeState({ ...state, show: state.show === "rank" ? "" : state.show, sort: state.sort === "rank" ? "" : state.sort });

      const ties = {};
      data.k.forEach((rank) => { if (rank) ties[rank] = (ties[rank] || 0) + 1; });
      const everything = data.a.map((place, i) => ({
        place, name: index.areas[place][2], code: index.areas[place][0], region: index.regions[index.areas[place][3]] || "", regionPlace: index.areas[place][3],
        deaths: at(data.n, i), births: at(data.d, i), rate: at(data.r, i), shown: shown(data, i), lower: at(data.l, i), upper: at(data.u, i), status: at(data.t, i), flag: at(data.y, i),
        rank: at(data.k, i), tied: ties[at(data.k, i)] > 1, from: at(data.i, i), to: at(data.j, i), tenth: at(data.w, i), verdict: at(data.v, i),
        stabilised: at(data.z, i), stabilisedLower: at(data.zl, i), stabilisedUpper: at(data.zu, i),
      }));
      const kept = everything.filter((row) => !state.region || String(row.regionPlace) === state.region);
      const ranked = kept.filter((row) => row.rank);
      const by = (columns.find((column) => column[0] === state.sort) || columns[0])[3];
      ranked.sort((a, b) => { const [x, y] = [by(a), by(b)]; return typeof x === "string" ? x.localeCompare(y) || a.rank - b.rank : x - y || a.name.localeCompare(b.name); });
      const where = state.region ? ` in ${index.regions[state.region]}` : "";
      const title = `${name}, ${years(state.period)}, ${levelNames[state.level]}${where}`;
      byId("chart-title").textContent = title;
      byId("chart-note").textContent = { rank: "Each bar runs over the places that area may hold; the mark is its place by rate.", rate: "Each bar is the 95 % interval of the area's rate.", stabilised: "Each rate is drawn towards the common rate, the more so the fewer the births; bars are 95 % intervals." }[state.show]
        + ` Order: ${(columns.find((column) => column[0] === state.sort) || columns[0])[1].toLowerCase()}.`;
      byId("chart").setAttribute("aria-label", `${title}: ${number(ranked.length)} areas with their intervals; the figures are in the table below`);
      const values = { rank: (row) => [row.rank, row.from, row.to], rate: (row) => [row.shown === "[x]" ? null : row.rate, row.lower, row.upper], stabilised: (row) => [row.stabilised, row.stabilisedLower, row.stabilisedUpper] }[state.show];
      const bars = ranked.map((row, i) => {
        const [value, lower, upper] = values(row);
        return { x: i, value, lower, upper, verdict: row.verdict ? verdicts[row.verdict][0] : "none", code: row.code, name: row.name, link: areaLink(index.areas[row.place]),
          tip: `${row.name}\n${row.shown} per 1,000 (${interval(row.lower, row.upper)})\n${row.tied ? "shared " : ""}rank ${number(row.rank)} of ${number(data.o)}, interval ${interval(row.from, row.to, 0)}\n${row.verdict ? verdicts[row.verdict][2] : ""}` };
      });
      /* Half of the room of each area is its bar, so that many areas on a narrow screen do not run into one block. */
      const room = byId("chart").clientWidth / Math.max(1, bars.length);
      const [thick, dot] = [Math.min(3, Math.max(0.4, room * 0.4)), Math.min(40, Math.max(4, room * 3.5))];
      draw("chart", state.show === "rank" ? "caterpillar_rank" : "caterpillar_rate", { bars, chosen: bars.filter((bar) => bar.code === state.area) }, { thick, dot });

      fill("table-head", ...columns.map(([key, text, kind]) => {
        if (!key) return make("th", { scope: "col", class: kind || null }, text);
        const button = make("button", { type: "button" }, text);
        button.addEventListener("click", () => { state.sort = key; update(); const again = [...byId("table-head").querySelectorAll("button")].find((found) => found.textContent === text); if (again) again.focus(); });
        return make("th", { scope: "col", class: kind || null, "aria-sort": state.sort === key ? (["name", "region", "rank", "highest"].includes(key) ? "ascending" : "descending") : null }, button);
      }));
      fill("table-rows", ...ranked.map((row) => {
        const verdict = verdicts[row.verdict];
        return make("tr", { class: row.code === state.area ? "chosen" : null },
          cell(`${row.tied ? "=" : ""}${number(row.rank)}`), make("th", { scope: "row", class: "text" }, areaCells(index, row.place)),
          cell(interval(row.from, row.to, 0)), make("td", {}, bar(row, data.o)), cell(rateText(row.shown, row.flag)), cell(interval(row.lower, row.upper)),
          cell(verdict ? `${verdict[1]} ${verdict[3]}` : DASH, `text ${row.verdict || ""}`), cell(number(row.deaths)), cell(number(row.births)),
          cell(row.region, "text"), cell(number(row.stabilised, 1)), cell(percent(row.tenth)));
      }));
      fill("table-caption", make("strong", {}, title), `. Ranks are among all ${number(data.o)} ${levelNames[state.level]} with a rate.`);
      byId("list-note").textContent = `${number(ranked.length)} of ${number(everything.length)} areas are listed. The order can be changed with the column headings.`;
      const left = kept.filter((row) => !row.rank);
      byId("unranked").replaceChildren(...(left.length ? [make("h3", {}, "Not ranked"), make("ul", { class: "columns small" }, ...left.map((row) => make("li", {}, areaCells(index, row.place), ` ${DASH} ${statuses[row.status] || "no rate"}`)))] : []));
      lines = [["rank_highest_first", "area_code", "area_name", "region", "numerator", "denominator", "rate_display", "lower_95", "upper_95", "rank_interval_lower", "rank_interval_upper", "verdict", "stabilised_rate_per_1000"],
        ...ranked.map((row) => [row.rank, row.code, row.name, row.region, row.deaths, row.births, row.shown, row.lower, row.upper, row.from, row.to, row.verdict ? verdicts[row.verdict][0] : "", row.stabilised])];
      say(`Showing ${title}`);
    });
    const bar = (row, ranked) => {
      const space = "http://www.w3.org/2000/svg";
      const svg = document.createElementNS(space, "svg");
      const place = (rank) => 4 + (136 * (rank - 1)) / Math.max(1, ranked - 1);
      const put = (tag, attributes) => { const part = document.createElementNS(space, tag); for (const [key, value] of Object.entries(attributes)) part.setAttribute(key, value); svg.append(part); };
      for (const [key, value] of Object.entries({ viewBox: "0 0 144 14", class: "bar", "aria-hidden": "true", focusable: "false" })) svg.setAttribute(key, value);
      put("path", { d: "M4 7h136", stroke: "var(--rule)", "stroke-width": 1 });
      if (row.from) put("path", { d: `M${place(row.from)} 7H${Math.max(place(row.to), place(row.from) + 1)}`, stroke: "var(--middle)", "stroke-width": 4 });
      put("circle", { cx: place(row.rank), cy: 7, r: 4, fill: row.code === state.area ? "var(--area)" : "var(--ink)" });
      return svg;
    };
    byId("download").addEventListener("click", () => save(`ranking-${state.level}-${state.measure}-${state.period}.csv`, lines));
    update();
  };

  /* Funnel. */
  const funnelPage = () => {
    const index = store().index;
    const state = readState();
    state.area = state.area === undefined ? index.example : state.area;
    byId("adjusted").checked = state.adjusted === "yes";
    const update = chooser(index, state, ["area", "adjusted"], async (name) => {
      const all = await load(levelKey(state));
      const data = all[state.period];
      state.area = pointOut(index, data.a, state.area);
      writeState(state);
      const letters = (state.adjusted ? data.g : data.f) || [];
      const points = data.a.map((place, i) => ({ place, code: index.areas[place][0], name: index.areas[place][2], births: at(data.d, i), deaths: at(data.n, i), rate: at(data.r, i), shown: shown(data, i), letter: at(letters, i), flag: at(data.y, i), lower: at(data.l, i), upper: at(data.u, i) }))
        .filter((point) => point.rate !== null && point.letter);
      for (const point of points) {
        point.position = positions[point.letter][0];
        point.link = areaLink(index.areas[point.place]);
        point.tip = `${point.name}\n${point.shown} per 1,000; ${number(point.deaths)} deaths, ${number(point.births)} births\n${positions[point.letter][2]}`;
      }
      const limits = data.lim;
      const variant = limits ? limits[state.adjusted ? "adjusted" : "exact"] : null;
      const curves = limits ? limits.b.map((births, i) => ({ births, target: limits.target, low_95: variant.l[i], high_95: variant.h[i], low_99_8: variant.ll[i], high_99_8: variant.hh[i] })) : [];
      const far = points.filter((point) => point.letter === "H" || point.letter === "L");
      const order = [...far].sort((a, b) => b.births - a.births);
      const named = order.slice(0, 6);
      const chosen = points.filter((point) => point.code === state.area);
      for (const point of chosen) if (!named.includes(point)) named.push(point);
      const outside = points.filter((point) => point.letter !== "w").sort((a, b) => "HhlL".indexOf(a.letter) - "HhlL".indexOf(b.letter) || b.rate - a.rate);
      const title = `${name}, ${years(state.period)}: ${number(outside.length)} of ${number(points.length)} ${levelNames[state.level]} lie outside the 95 % limits`;
      byId("chart-title").textContent = title;
      byId("chart-note").textContent = limits ? `Each mark is an area. The middle line is the common rate, ${number(limits.target, 2)} per 1,000. Overdispersion: \u03c6 = ${number(limits.phi, 2)}${state.adjusted ? ", and the limits are widened for it" : ""} (chance alone gives about 1).` : "";
      byId("chart").setAttribute("aria-label", `${title}; the areas outside the limits are in the table below`);
      const top = points.reduce((most, point) => Math.max(most, point.rate), limits ? limits.target * 1.5 : 0);
      draw("chart", "funnel", { limits: curves, points, chosen, named }, { xmax: points.reduce((most, point) => Math.max(most, point.births), 0) * 1.14, ymax: top * 1.1 });
      const line = (point) => make("tr", { class: point.code === state.area ? "chosen" : null }, make("th", { scope: "row", class: "text" }, areaCells(index, point.place)), cell(number(point.deaths)), cell(number(point.births)), cell(rateText(point.shown, point.flag)), cell(`${positions[point.letter][1]} ${positions[point.letter][2]}`, `text ${"hH".includes(point.letter) ? "h" : "lL".includes(point.letter) ? "l" : ""}`));
      fill("table-rows", ...(outside.length ? outside.map(line) : [make("tr", {}, make("td", { colspan: "5" }, "No area lies outside the 95 % limits."))]));
      fill("all-rows", ...[...points].sort((a, b) => b.births - a.births).map(line));
      fill("table-caption", make("strong", {}, `${name}, ${years(state.period)}`), `: ${levelNames[state.level]} outside the 95 % limits${state.adjusted ? ", widened for overdispersion" : ""}`);
      byId("expected").textContent = "About one area in twenty lies outside the 95 % limits by chance alone, and about one in five hundred outside the 99.8 % limits.";
      say(`Showing ${title}`);
    });
    update();
  };

  /* England and Wales over a century. */
  const centuryPage = () => {
    const data = embedded();
    const state = readState();
    let lines = [];
    const update = () => {
      state.measure = byId("measure").value;
      state.scale = byId("scale").value;
      writeState({ measure: state.measure, scale: state.scale === "linear" ? "" : state.scale });
      const rates = data.rates[state.measure];
      const name = data.names[state.measure];
      const redefined = data.withStillbirths.includes(state.measure);
      let run = 0, last = null;
      const rows = rates.p.map((period, i) => {
        const year = Number(period);
        if (last !== null && (year !== last + 1 || (redefined && year === 1993))) run += 1;
        last = year;
        return { x: year, rate: rates.r[i], run: String(run), tip: `${period}: ${shown(rates, i)} per 1,000\n95 % interval ${interval(rates.l[i], rates.u[i])}\n${number(at(rates.n, i))} deaths, ${number(at(rates.d, i))} births` };
      }).filter((row) => row.rate !== null);
      const first = rates.p[0], final = rates.p.at(-1);
      const title = `${name}, England and Wales: ${shown(rates, 0)} per 1,000 in ${first}, ${shown(rates, rates.p.length - 1)} in ${final}`;
      byId("chart-title").textContent = title;
      byId("chart-note").textContent = `Every year from ${first} to ${final}, deaths dated by year of death.`;
      byId("chart").setAttribute("aria-label", `${title}; the figures are in the table below`);
      const marks = redefined ? [{ x: 1992.75, text: "October 1992:\nstillbirths from\n24 weeks, not 28" }] : [];
      draw("chart", `century_${state.scale}`, { years: rows, marks });
      const order = rates.p.map((_, i) => i).reverse();
      fill("table-rows", ...order.map((i) => make("tr", {}, make("th", { scope: "row" }, rates.p[i]), cell(number(at(rates.n, i))), cell(number(at(rates.d, i))), cell(shown(rates, i) ?? DASH), cell(interval(rates.l[i], rates.u[i])))));
      fill("table-caption", make("strong", {}, `${name}, England and Wales`), ", newest year first");
      lines = [["year", "numerator", "denominator", "rate_per_1000", "lower_95", "upper_95"], ...rates.p.map((period, i) => [period, at(rates.n, i), at(rates.d, i), rates.r[i], rates.l[i], rates.u[i]])];
      say(`Showing ${title}`);
    };
    if (state.measure && data.rates[state.measure]) byId("measure").value = state.measure;
    if (state.scale === "log") byId("scale").value = "log";
    for (const id of ["measure", "scale"]) byId(id).addEventListener("change", update);
    byId("download").addEventListener("click", () => save(`england-and-wales-${state.measure}.csv`, lines));
    update();
  };

  /* Tenths of deprivation. */
  const deprivationPage = () => {
    const data = embedded();
    const state = readState();
    const update = () => {
      state.measure = byId("measure").value;
      const rates = data.rates[state.measure];
      const tenths = Object.keys(rates.deciles).map(Number).sort((a, b) => a - b);
      const periods = rates.deciles[1].p;
      state.period = setOptions("period", [...periods].reverse().map((period) => [period, period]), state.period || periods.at(-1));
      state.index = byId("index").value;
      writeState({ measure: state.measure, period: state.period, index: state.index === "worst_best_ratio" ? "" : state.index });
      const name = data.names[state.measure];
      const value = (tenth, period, column) => { const held = rates.deciles[tenth]; const i = held.p.indexOf(period); return column === "s" ? shown(held, i) : at(held[column], i); };
      const row = (tenth, period) => ({ rate: value(tenth, period, "r"), lower: value(tenth, period, "l"), upper: value(tenth, period, "u"),
        tip: `Tenth ${tenth}, ${period}\n${value(tenth, period, "s")} per 1,000 (${interval(value(tenth, period, "l"), value(tenth, period, "u"))})\n${number(value(tenth, period, "n"))} deaths, ${number(value(tenth, period, "d"))} births` });
      const place = rates.england ? rates.england.p.indexOf(state.period) : -1;
      const final = tenths.at(-1);
      byId("deciles-title").textContent = `${name}, ${state.period}: ${value(1, state.period, "s")} per 1,000 in the most deprived tenth, ${value(final, state.period, "s")} in the least`;
      draw("deciles-chart", "deciles", { deciles: tenths.map((tenth) => ({ x: tenth, ...row(tenth, state.period) })).filter((found) => found.rate !== null), england: place < 0 ? [] : [{ rate: rates.england.r[place], tip: `England, ${state.period}: ${shown(rates.england, place)}` }] });
      byId("ends-title").textContent = `${name} in the most and the least deprived tenth, ${periods[0]} to ${periods.at(-1)}`;
      draw("ends-chart", "ends", { ends: [[1, "most"], [final, "least"]].flatMap(([tenth, end]) => periods.map((period) => ({ x: Number(period), end, run: end, ...row(tenth, period) }))).filter((found) => found.rate !== null) });
      const gradient = data.gradient[state.measure] || [];
      byId("gradient-title").textContent = `${byId("index").selectedOptions[0].textContent.replace(/^./, (letter) => letter.toUpperCase())}, ${small(name)}`;
      byId("gradient-note").textContent = state.index === "slope_index" ? "Deaths per 1,000 births; 0 would be no gradient." : "1 would be no gradient.";
      draw("gradient-chart", "gradient", { gradient: gradient.filter((found) => found[state.index] !== null).map((found) => ({ x: Number(found.period), value: found[state.index], lower: found[`${state.index}_lower_95`] ?? null, upper: found[`${state.index}_upper_95`] ?? null, tip: `${found.period}: ${number(found[state.index], 2)}${found[`${state.index}_lower_95`] != null ? `\n95 % interval ${interval(found[`${state.index}_lower_95`], found[`${state.index}_upper_95`], 2)}` : ""}` })) });
      fill("table-head", make("th", { scope: "col" }, "Tenth"), ...periods.map((period) => make("th", { scope: "col", class: "num" }, period)));
      fill("table-rows", ...tenths.map((tenth) => make("tr", {}, make("th", { scope: "row", class: "text" }, tenth === 1 ? "1, most deprived" : tenth === final ? `${tenth}, least deprived` : String(tenth)), ...periods.map((period) => cell(value(tenth, period, "s") ?? DASH)))));
      fill("table-caption", make("strong", {}, `${name} per 1,000`), " by tenth of deprivation and year");
      const withLimits = (found, index) => `${number(found[index], 2)}${found[`${index}_lower_95`] != null ? ` (${interval(found[`${index}_lower_95`], found[`${index}_upper_95`], 2)})` : ""}`;
      fill("gradient-rows", ...gradient.map((found) => make("tr", {}, make("th", { scope: "row" }, found.period), cell(found.deprivation_index || DASH), cell(withLimits(found, "worst_best_ratio")), cell(withLimits(found, "slope_index")), cell(withLimits(found, "relative_index")))));
      fill("gradient-caption", make("strong", {}, `Indices of inequality, ${small(name)}`), ", with 95 % intervals in brackets where they are worked out");
      say(`Showing ${small(name)} by tenth of deprivation, ${state.period}`);
    };
    if (state.measure && data.rates[state.measure]) byId("measure").value = state.measure;
    if (state.index) byId("index").value = state.index;
    for (const id of ["measure", "period", "index"]) byId(id).addEventListener("change", () => { state[id] = byId(id).value; update(); });
    update();
  };

  /* Areas taken together. */
  const whatifPage = () => {
    const index = store().index;
    const groups = embedded();
    const state = readState();
    const measures = Object.fromEntries(index.measures.map((measure) => [measure.measure, measure.name]));
    const update = async () => {
      state.group = setOptions("group", groups.map((group) => [group.code, group.name]), state.group);
      const group = groups.find((found) => found.code === state.group);
      let keys = Object.keys(group.rows).map((key) => key.split("/"));
      const distinct = (place) => [...new Set(keys.map((key) => key[place]))];
      state.level = setOptions("level", distinct(0).sort((a, b) => (a === "upper_tier" ? -1 : b === "upper_tier" ? 1 : 0)).map((level) => [level, levelNames[level]]), state.level);
      keys = keys.filter((key) => key[0] === state.level);
      const held = distinct(1);
      state.measure = setOptions("measure", index.measures.map((measure) => measure.measure).filter((measure) => held.includes(measure)).map((measure) => [measure, measures[measure]]), state.measure || "infant");
      keys = keys.filter((key) => key[1] === state.measure);
      state.basis = setOptions("basis", distinct(2).sort().reverse().map((basis) => [basis, bases[basis]]), state.basis);
      keys = keys.filter((key) => key[2] === state.basis);
      const periods = distinct(3).sort((a, b) => a.slice(-4) - b.slice(-4) || width(a) - width(b));
      state.period = setOptions("period", [...periods].reverse().map((period) => [period, years(period)]), state.period && periods.includes(state.period) ? state.period : periods.at(-1));
      writeState(state);
      const [deaths, births, rate, lower, upper, flag, rank, ranked, from, to, reveals] = group.rows[[state.level, state.measure, state.basis, state.period].join("/")];
      const data = (await load(levelKey(state)))[state.period] || { a: [] };
      const rows = group.members.map((place) => {
        const i = data.a.indexOf(place);
        return { place, name: index.areas[place][2], deaths: at(data.n, i), births: at(data.d, i), shown: rateText(shown(data, i), at(data.y, i)), lower: at(data.l, i), upper: at(data.u, i), rank: at(data.k, i), from: at(data.i, i), to: at(data.j, i), ranked: data.o };
      }).map((row) => Object.fromEntries(Object.entries(row).map(([key, value]) => [key, value === undefined ? null : value])));
      rows.sort((a, b) => (a.rank ?? 1e6) - (b.rank ?? 1e6));
      const together = { name: `${group.name}, together`, deaths, births, shown: flag === "x" ? "[x]" : rateText(number(rate, 1), flag), lower, upper, rank, from, to, ranked };
      const title = `${group.name}: ${ordinal(rank)} highest of ${number(ranked)} when taken together, ${small(measures[state.measure])}, ${years(state.period)}`;
      byId("chart-title").textContent = title;
      byId("chart-note").textContent = rows.length > 1 ? `By themselves, its ${number(rows.length)} areas are ranked among ${number(data.o)} ${levelNames[state.level]}.` : "The group is one area; its place does not change.";
      byId("chart").setAttribute("aria-label", `${title}; the figures are in the table below`);
      draw("chart", "combined", { lines: [...rows, together].filter((row) => row.rank).map((row) => ({ name: row.name, value: row.rank, lower: row.from ?? row.rank, upper: row.to ?? row.rank, kind: row === together ? "group" : "member", link: row.place === undefined ? "" : areaLink(index.areas[row.place]), tip: `${row.name}\nrank ${number(row.rank)} of ${number(row.ranked)}, interval ${interval(row.from, row.to, 0)}\n${row.shown} per 1,000` })) });
      fill("table-rows", ...[...rows, together].map((row) => make("tr", { class: row === together ? "chosen" : null }, make("th", { scope: "row", class: "text" }, row.place === undefined ? row.name : areaCells(index, row.place)), cell(number(row.deaths)), cell(number(row.births)), cell(row.shown ?? DASH), cell(interval(row.lower, row.upper)), cell(row.rank ? `${number(row.rank)} of ${number(row.ranked)}` : DASH), cell(interval(row.from, row.to, 0)))));
      fill("table-caption", make("strong", {}, `${measures[state.measure]}, ${years(state.period)}`), `, deaths dated by ${bases[state.basis]}; rank 1 is the highest rate`);
      byId("guard").hidden = !reveals;
      say(`Showing ${title}`);
    };
    for (const id of ["group", "level", "measure", "basis", "period"]) byId(id).addEventListener("change", () => { state[id] = byId(id).value; update(); });
    update();
  };

  /* Whole-number solutions behind the article's printed rates. */
  const articlePage = () => {
    if (!byId("data")) return;
    const data = embedded();
    const state = readState();
    const update = () => {
      state.claim = setOptions("claim", data.map((entry) => [entry.claim_code, entry.title]), state.claim);
      const entry = data.find((found) => found.claim_code === state.claim);
      state.reading = setOptions("reading", entry.readings.map((reading, i) => [String(i), reading.name]), state.reading);
      writeState(state);
      const reading = entry.readings[Number(state.reading)];
      const pairs = reading.x.map((births, i) => ({ x: births, y: reading.y[i], tip: `${number(reading.y[i])} deaths, ${number(births)} births` }));
      byId("solution-title").textContent = reading.finding.charAt(0).toUpperCase() + reading.finding.slice(1);
      byId("solution-note").textContent = reading.assumptions;
      byId("solution-chart").setAttribute("aria-label", `${entry.title} ${reading.finding}. The pairs of births and deaths are in the table below the chart`);
      draw("solution-chart", "solutions", { solutions: pairs });
      fill("solution-rows", ...(pairs.length ? pairs.map(({ x, y }) => make("tr", {}, cell(number(y)), cell(number(x)))) : [make("tr", {}, make("td", { colspan: "2" }, "No pair of whole numbers fits."))]));
      fill("solution-caption", make("strong", {}, entry.title), ` Read ${reading.name}.`);
    };
    for (const id of ["claim", "reading"]) byId(id).addEventListener("change", () => { if (id === "claim") state.reading = ""; state[id] = byId(id).value; update(); });
    update();
  };

  const pages = { area: areaPage, areas: areasPage, rankings: rankingsPage, funnel: funnelPage, century: centuryPage, deprivation: deprivationPage, whatif: whatifPage, article: articlePage };
  const failed = (error) => {
    for (const waiting of document.querySelectorAll(".wait")) waiting.classList.add("ready");
    say(`This page could not be drawn: ${error.message}`);
    byId("status").className = "said";
    throw error;
  };
  window.addEventListener("unhandledrejection", (event) => { failed(event.reason); });
  try {
    Promise.resolve(pages[page] && pages[page]()).catch(failed);
  } catch (error) {
    failed(error);
  }
})();
