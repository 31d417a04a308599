/* Two to six areas, or a county or region, side by side: rates, verdicts, and the chance that one rate is the higher. */
"use strict";

{
  const dimension = dimensions();
  const neighbours = rowsOf(store().neighbours);
  const state = readState();
  const MOST = 6;
  let turn = 0, shown = [];
  const chosenCodes = () => (state.areas || "").split(",").filter(Boolean);
  const choose = (codes) => {
    state.areas = [...new Set(codes)].join(",");
    touched = true;
    update();
  };
  /* The chance that the first of two has the higher underlying rate, as its letter; pairs that no table has are not known. */
  const chancesOf = (pairs) => {
    const codes = pairs ? valuesOf(pairs.areas.area_code) : [];
    const places = new Map(codes.map((code, place) => [code, place]));
    const letters = [], all = store().dimensions.chances, unknown = all[UNKNOWN];
    for (let place = 0; place < (pairs ? pairs.chances.length : 0); place += 1) {
      const letter = pairs.chances[place];
      if (letter !== unknown) letters.push(letter);
      else for (let left = all.indexOf(pairs.chances[place += 1]); left >= 0; left -= 1) letters.push(unknown);
    }
    return (one, other) => {
      const [first, second] = [places.get(one), places.get(other)];
      if (first === undefined || second === undefined || first === second) return unknown;
      const [low, high] = [Math.min(first, second), Math.max(first, second)];
      const letter = letters[low * (codes.length - 1) - (low * (low - 1)) / 2 + high - low - 1];
      return first < second ? letter : otherChance(letter);
    };
  };
  const sentence = (rows, chance, name, ranking) => {
    const [first, ...others] = rows;
    if (!others.length) return "Add a second area to compare.";
    const by = { higher: [], lower: [], similar: [] };
    for (const row of others) {
      const letter = chance(first.area_code, row.area_code);
      if (placeOf(letter) !== UNKNOWN) by[clearly(letter)].push(row.area_name);
    }
    const few = (names) => (names.length > 5 ? `${number(names.length)} of them` : listed(names));
    const said = [["higher", by.higher], ["lower", by.lower]].filter(([, names]) => names.length)
      .map(([how, names]) => `very likely ${how} than that of ${few(names)}`);
    const start = `${small(name)} of ${first.area_name} in ${years(ranking.period)} was `;
    const rest = by.similar.length ? `${said.length ? "For " : ""}${few(by.similar)}` : "";
    if (!said.length) return by.similar.length ? `The ${start}not clearly different from that of ${rest}.` : "For these areas no chances were worked out: compare the intervals.";
    return `The ${start}${said.join(" and ")}.${rest ? ` ${rest} the figures do not show which is higher.` : ""}`;
  };
  async function update() {
    let left = narrow(dimension.rankings, "measure", dimension.text.measure, state, "infant");
    left = narrow(left, "ranking_level", dimension.text.ranking_level, state, dimension.firstLevel);
    const ranking = newest(left, false) || left.at(-1);
    const mine = ++turn;
    const file = await load(ranking.file);
    const pairs = await load(ranking.file.replace("rankings/", "pairs/")).catch(() => null);
    if (mine !== turn) return;
    const ranked = rowsOf(file.rankings).filter((row) => row.period === ranking.period).map((row) => ({
      ...row, area_name: dimension.name(row.area_code), link: dimension.link(row.area_code),
    }));
    const byCode = rowsBy("area_code", ranked);
    const kept = chosenCodes().filter((code) => byCode.has(code));
    const first = kept[0] || (byCode.has(dimension.example) ? dimension.example : ranked[0].area_code);
    if (kept.length < 1) {
      kept.push(first, ...neighbours.filter((row) => row.ranking_level === state.ranking_level && row.area_code === first && row.kind === "nearest")
        .map((row) => row.compared_area_code).filter((code) => byCode.has(code)));
    }
    state.areas = kept.join(",");
    writeState(state);
    const rows = kept.map((code) => byCode.get(code));
    const name = dimension.text.measure(state.measure);
    const chance = chancesOf(pairs && pairs.period === ranking.period && pairs.basis === ranking.basis ? pairs : null);
    const benchmark = dimension.benchmark(ranking.ranking_level);
    for (const place of document.querySelectorAll(".benchmark")) place.textContent = benchmark;
    showChosen(name, years(ranking.period), `${rows.length} ${rows.length === 1 ? "area" : "areas"}`);

    const options = ranked.filter((row) => !kept.includes(row.area_code)).map((row) => [row.area_code, row.area_name]).sort(byText);
    setOptions("add", [["", kept.length < MOST ? "choose" : "six areas at most"], ...(kept.length < MOST ? options : [])], "");
    byId("group").value = "";
    fill("chips", ...rows.map((row) => {
      const button = make("button", { type: "button", "aria-label": `Take away ${row.area_name}` }, row.area_name, " \u00d7");
      button.addEventListener("click", () => choose(kept.filter((code) => code !== row.area_code)));
      return make("li", {}, button);
    }));
    byId("clear").hidden = rows.length < 2;
    byId("clear").textContent = `Clear all but ${rows[0].area_name}`;
    fill("sentence", sentence(rows, chance, name, ranking));
    const title = `${name}, ${years(ranking.period)}`;
    fill("chart-title", title);
    fill("chart-note", `The newest year with every area; deaths dated by ${dimension.words.basis[ranking.basis]}. Bars are 95 % intervals.${unmarked(rows)}`);
    const lines = rows.map((row) => ({
      ...row, label: row.area_name, verdict: row.verdict || "none", rate_per_1000: row.rate_display === "[x]" ? null : row.rate_per_1000,
      tip: `${row.area_name}\n${rateText(row)} per 1,000 (95 % interval ${rateInterval(row)})\n${countsText(row)}\n${dimension.tip(row, ranking.ranking_level)}`,
    }));
    draw("chart", `${title}: rates with intervals; the figures are in the table below`, "compared", {
      rates: lines, chosen: lines.slice(0, 1),
      benchmark: ranking.benchmark_rate_per_1000 === null ? [] : [{
        rate_per_1000: ranking.benchmark_rate_per_1000, tip: `${benchmark}: ${number(ranking.benchmark_rate_per_1000, 1)} per 1,000`,
      }],
    });
    const columns = [
      { title: "Area", kind: "text", isHeading: true, text: (row) => dimension.anchor(row.area_code) },
      COLUMN.rate, { ...dimension.verdictColumn(ranking.ranking_level), kind: (row) => `words ${row.verdict || ""}` }, COLUMN.rateInterval,
      { title: `Chance that ${rows[0].area_name} is higher`, kind: "num", text: (row) => (row === rows[0] ? DASH : chanceText(chance(rows[0].area_code, row.area_code))) },
      COLUMN.deaths, COLUMN.births, { ...COLUMN.rank, text: (row) => rankText({ ...ranking, ...row }) }, COLUMN.rankRange,
    ];
    showTable("table", [make("strong", {}, title)], columns, rows, (row) => row === rows[0]);
    byId("pairs-room").hidden = rows.length < 3 || rows.length > MOST;
    if (!byId("pairs-room").hidden) {
      showTable("pairs", ["Row higher than column"], [
        { title: "Area", kind: "text", isHeading: true, text: (row) => row.area_name },
        ...rows.map((other) => ({ title: other.area_name, kind: "num", text: (row) => (row === other ? "" : chanceText(chance(row.area_code, other.area_code))) })),
      ], rows);
    }
    shown = rows.map((row) => ({ ...ranking, ...row, chance_first_is_higher: row === rows[0] ? "" : chanceText(chance(rows[0].area_code, row.area_code)) }));
    say(`Showing ${title}: ${listed(rows.map((row) => row.area_name))}`);
  }
  byId("clear").addEventListener("click", () => choose(chosenCodes().slice(0, 1)));
  byId("add").addEventListener("change", ({ target }) => { if (target.value) choose([...chosenCodes(), target.value]); });
  byId("group").addEventListener("change", async ({ target }) => {
    const [first] = chosenCodes();
    const column = { county: "county_code", region: "region_code" }[target.value];
    if (!target.value) return;
    const own = dimension.areas.get(first);
    const codes = column ? [...dimension.areas.values()].filter((area) => area[column] && area[column] === own[column]).map((area) => area.area_code)
      : neighbours.filter((row) => row.ranking_level === state.ranking_level && row.area_code === first && row.kind === target.value).map((row) => row.compared_area_code);
    choose([first, ...codes]);
  });
  byId("download").addEventListener("click", () => save(`compare-${state.measure}.csv`, [
    "ranking_level", "measure", "basis", "period", "area_code", "area_name", "numerator", "denominator", "rate_display", "lower_95", "upper_95",
    "verdict", "probability_above_benchmark", "chance_first_is_higher",
  ], shown));
  onChange(["measure", "ranking_level"], state, update);
  update();
}
