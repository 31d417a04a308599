/* Funnel: which areas of a ranking lie outside what chance would give. */
"use strict";

{
  const dimension = dimensions();
  const state = readState();
  const OUTSIDE = ["high_99_8", "high_95", "low_95", "low_99_8"];
  byId("adjusted").checked = state.adjusted === "yes";
  const update = chooseRanking(dimension, state, ["area_code", "adjusted"], (ranking, rows, limits) => {
    const areas = dimension.levels.get(ranking.ranking_level).areas_in_words;
    const position = state.adjusted ? "funnel_position_adjusted" : "funnel_position";
    const inWords = (row) => dimension.words.funnel_position[row[position]];
    pointOut(dimension, rows, state);
    writeState(state);
    const points = rows.filter((row) => row[position]).map((row) => ({
      ...row, area_name: dimension.name(row.area_code), link: dimension.link(row.area_code),
      tip: `${dimension.name(row.area_code)}\n${row.rate_display} per 1,000; ${countsText(row)}\n${inWords(row)}`,
    }));
    const chosen = points.filter((row) => row.area_code === state.area_code);
    const byBirths = [...points].sort((a, b) => b.denominator - a.denominator);
    const farthest = byBirths.filter((row) => row[position].endsWith("_99_8")).slice(0, 6);
    const outside = points.filter((row) => row[position] !== "within")
      .sort((a, b) => OUTSIDE.indexOf(a[position]) - OUTSIDE.indexOf(b[position]) || b.rate_per_1000 - a.rate_per_1000);
    const title = `${dimension.text.measure(ranking.measure)}, ${years(ranking.period)}`;
    const counted = `${title}: ${number(outside.length)} of ${number(points.length)} ${areas} lie outside the 95 % limits`;
    fill("chart-title", counted);
    fill("chart-note", `Each mark is an area. The middle line is the target, ${number(ranking.target_per_1000, 2)} per 1,000. `
      + `Overdispersion: \u03c6 = ${number(ranking.overdispersion_phi, 2)}, where chance alone gives 0.68; rescaled `
      + `${number(ranking.overdispersion_phi_rescaled, 2)}, where it gives 1${state.adjusted ? "; the limits are widened for it" : ""}.`);
    const most = (column, least) => points.reduce((found, row) => Math.max(found, row[column]), least);
    draw("chart", `${counted}; the areas outside the limits are in the table below`, state.adjusted ? "funnel_adjusted" : "funnel",
      {
        limits: limits.map((row) => ({ ...row, target_per_1000: ranking.target_per_1000 })),
        points, chosen, named: [...new Set([...farthest, ...chosen])],
      },
      { xmax: most("denominator", 0) * 1.14, ymax: most("rate_per_1000", ranking.target_per_1000 * 1.5) * 1.1 });
    const columns = [
      { title: "Area", kind: "text", isHeading: true, text: (row) => dimension.anchor(row.area_code) },
      COLUMN.deaths, COLUMN.births, COLUMN.rate,
      { title: "Position", kind: (row) => `text ${row[position]}`, text: inWords },
    ];
    const isChosen = (row) => row.area_code === state.area_code;
    const which = `the 95 % limits${state.adjusted ? ", widened for overdispersion" : ""}`;
    const what = outside.length ? `: ${areas} outside ${which}` : `: none of the ${areas} lies outside ${which}`;
    showTable("table", [make("strong", {}, title), what], columns, outside, isChosen);
    showTable("all", ["Every area of the plot, by births"], columns, byBirths, isChosen);
    say(`Showing ${counted}`);
  });
  update();
}
