/* Rates by tenth of deprivation, the two ends over time, and the indices of inequality. */
"use strict";

{
  const data = embedded();
  const state = readState();
  const measures = rowsBy("measure", rowsOf(data.measures));
  const [tenths, country, gradient] = [data.tenths, data.country, data.gradient].map(rowsOf);
  if (state.index) byId("index").value = state.index;

  const indexText = (row, index) => {
    const limits = interval(row[`${index}_lower_95`], row[`${index}_upper_95`], 2);
    return `${number(row[index], 2)}${limits === DASH ? "" : ` (${limits})`}`;
  };
  const update = () => {
    const rows = narrow(tenths, "measure", (measure) => measures.get(measure).measure_name, state, "infant").map((row) => ({
      ...row,
      tip: `Tenth ${row.deprivation_decile}, ${row.period}\n${row.rate_display} per 1,000 (${rateInterval(row)})\n${countsText(row)}`,
    }));
    const periods = distinct("period", rows).sort();
    state.period = setOptions("period", [...periods].reverse().map((period) => [period, period]), state.period);
    state.index = byId("index").value;
    writeState({ ...state, index: state.index === "worst_best_ratio" ? "" : state.index });
    const name = measures.get(state.measure).measure_name;
    showChosen(name, state.period);
    const isRated = (row) => row.rate_per_1000 !== null;
    const ofYear = rows.filter((row) => row.period === state.period);
    const numbers = distinct("deprivation_decile", rows);
    const [most, least] = [numbers[0], numbers.at(-1)];
    const shown = (tenth, period) => rows.find((row) => row.deprivation_decile === tenth && row.period === period)?.rate_display ?? DASH;

    fill("deciles-title", `${name}, ${state.period}: ${shown(most, state.period)} per 1,000 in the most deprived tenth, `
      + `${shown(least, state.period)} in the least`);
    draw("deciles-chart", "Rates by tenth of deprivation; the figures are in the table below", "deciles", {
      tenths: ofYear.filter(isRated),
      country: country.filter((row) => row.measure === state.measure && row.period === state.period && isRated(row))
        .map((row) => ({ ...row, tip: `${data.country_name}, ${row.period}: ${row.rate_display}` })),
    });
    fill("ends-title", `${name} in the most and the least deprived tenth, ${periods[0]} to ${periods.at(-1)}`);
    draw("ends-chart", "The most and least deprived tenths over time; the figures are in the table below", "ends", {
      ends: [[most, "most"], [least, "least"]].flatMap(([tenth, end]) => rows
        .filter((row) => row.deprivation_decile === tenth && isRated(row))
        .map((row) => ({ ...row, x: Number(row.period), end, run: end }))),
    });
    const ofMeasure = gradient.filter((row) => row.measure === state.measure);
    fill("gradient-title", `${capital(byId("index").selectedOptions[0].textContent)}, ${small(name)}`);
    const bars = ofMeasure.some((row) => (row[`${state.index}_lower_95`] ?? null) !== null) ? " Bars are 95 % intervals." : "";
    fill("gradient-note", state.index === "slope_index" ? `Deaths per 1,000 births; 0 would be no gradient.${bars}` : `1 would be no gradient.${bars}`);
    draw("gradient-chart", "Index of inequality over time; the figures are in the table below", "gradient", {
      gradient: ofMeasure.filter((row) => row[state.index] !== null).map((row) => ({
        x: Number(row.period), tip: `${row.period}: ${indexText(row, state.index)}`,
        value: row[state.index], lower: row[`${state.index}_lower_95`] ?? null, upper: row[`${state.index}_upper_95`] ?? null,
      })),
    });

    const ends = { [most]: ", most deprived", [least]: ", least deprived" };
    showTable("table", [make("strong", {}, `${name} per 1,000`), " by tenth of deprivation and year"], [
      { title: "Tenth", kind: "text", isHeading: true, text: (tenth) => `${tenth}${ends[tenth] || ""}` },
      ...periods.map((period) => ({ title: period, kind: "num", text: (tenth) => shown(tenth, period) })),
    ], numbers);
    const withIntervals = ", with 95 % intervals in brackets where they are worked out";
    showTable("gradient", [make("strong", {}, `Indices of inequality, ${small(name)}`), withIntervals], [
      { title: "Year", isHeading: true, text: (row) => row.period },
      { title: "Deprivation index of", kind: "num", text: (row) => row.deprivation_index || DASH },
      { title: "Ratio, most to least deprived", kind: "num", text: (row) => indexText(row, "worst_best_ratio") },
      { title: "Slope index, per 1,000", kind: "num", text: (row) => indexText(row, "slope_index") },
      { title: "Relative index", kind: "num", text: (row) => indexText(row, "relative_index") },
    ], ofMeasure);
    say(`Showing ${small(name)} by tenth of deprivation, ${state.period}`);
  };
  onChange(["measure", "period", "index"], state, update);
  update();
}
