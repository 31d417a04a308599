/* Funnel: the rates of a ranking beside births, coloured by the one verdict, with the limits that chance alone would draw. */
"use strict";

{
  const dimension = dimensions();
  const state = readState();
  const NAMED = 8;
  byId("adjusted").checked = state.adjusted === "yes";
  const update = chooseRanking(dimension, state, ["area_code", "adjusted"], (ranking, rows, limits) => {
    const areas = dimension.levels.get(ranking.ranking_level).areas_in_words;
    const position = state.adjusted ? "funnel_position_adjusted" : "funnel_position";
    const inWords = (row) => dimension.words.funnel_position[row[position]];
    pointOut(dimension, rows, state);
    writeState(state);
    const points = rows.filter((row) => row[position]).map((row) => ({
      ...row, verdict: row.verdict || "none", area_name: dimension.name(row.area_code), link: dimension.link(row.area_code),
      tip: [`${dimension.name(row.area_code)}\n${row.rate_display} per 1,000; ${countsText(row)}`, dimension.tip(row, ranking.ranking_level),
        `${inWords(row)} of the funnel`].filter(Boolean).join("\n"),
    }));
    const chosen = points.filter((row) => row.area_code === state.area_code);
    const byBirths = [...points].sort((a, b) => b.denominator - a.denominator);
    const isCalled = (row) => row.verdict === "higher" || row.verdict === "lower";
    const called = points.filter((row) => isCalled(row) || row[position] !== "within")
      .sort((a, b) => isCalled(b) - isCalled(a) || b.rate_per_1000 - a.rate_per_1000);
    const title = `${dimension.text.measure(ranking.measure)}, ${years(ranking.period)}`;
    const benchmark = dimension.benchmark(ranking.ranking_level);
    const verdicts = `very likely higher or lower than ${benchmark}: ${number(points.filter(isCalled).length)} of ${number(points.length)} ${areas}`;
    const counted = ranking.is_compared ? `${title}: ${verdicts}` : `${title}, ${areas}`;
    fill("chart-title", counted);
    /* What the page says of the limits is of those that are drawn. */
    fill("curves", state.adjusted ? "The curves show how much, if areas also differ beyond chance as these do."
      : "The curves show how much, if every area had the same underlying rate.");
    fill("limits-and-verdict", state.adjusted
      ? "The widened limits allow for how much areas differ, as the verdict does. Each asks another question, so they do not name just the same areas."
      : "The limits assume that all areas are alike and the verdict does not, so some areas are outside the limits without a verdict.");
    byId("if-alike").hidden = Boolean(state.adjusted);
    for (const line of document.querySelectorAll(".key span")) {
      if (/ limits$/.test(line.textContent)) line.textContent = line.textContent.replace(/(, widened)? limits$/, state.adjusted ? ", widened limits" : " limits");
    }
    fill("chart-note", `Each mark is an area. The middle line is the rate of all areas together, ${number(ranking.target_per_1000, 2)} per 1,000. `
      + `Areas vary about ${number(ranking.overdispersion_phi_rescaled, 1)} times as much as chance alone would explain`
      + `${state.adjusted ? "; the limits are widened for it" : ""}.`);
    const most = (column, least) => points.reduce((found, row) => Math.max(found, row[column]), least);
    const [xmax, ymax] = [most("denominator", 0) * 1.06, most("rate_per_1000", ranking.target_per_1000 * 1.5) * 1.12];
    /* Named are the highlighted area, the highest, and the highest and largest that the verdict names, where no two names run into each other. */
    const wide = (byId("chart").clientWidth || 600) - 50, named = [];
    const mostNamed = wide < 450 ? 3 : NAMED;
    /* From where to where a name is drawn: beside its mark, on the left of those far to the right. */
    const LETTER = 7, AWAY = 9;
    const span = ({ denominator, area_name }) => {
      const [x, width] = [denominator / xmax * wide, area_name.length * LETTER];
      return denominator > 0.7 * xmax ? [x - AWAY - width, x + AWAY] : [x - AWAY, x + AWAY + width];
    };
    const meet = ([from, to], [otherFrom, otherTo]) => from < otherTo && otherFrom < to;
    const highest = [...points].sort((a, b) => b.rate_per_1000 - a.rate_per_1000).slice(0, 3);
    for (const row of [...chosen, ...highest, ...called.slice(0, mostNamed), ...byBirths.filter(isCalled).slice(0, mostNamed)]) {
      const isFree = named.every((other) => !meet(span(row), span(other)) || Math.abs(other.rate_per_1000 - row.rate_per_1000) * 380 / ymax > 16);
      if (isFree && !named.includes(row)) named.push(row);
    }
    draw("chart", `${counted}; they are in the table below`, state.adjusted ? "funnel_adjusted" : "funnel_normal",
      {
        limits: limits.map((row) => ({ ...row, target_per_1000: ranking.target_per_1000 })),
        points, chosen, named,
      },
      { xmax, ymax });
    const columns = [
      { title: "Area", isHeading: true, text: (row) => dimension.anchor(row.area_code) },
      COLUMN.rate, { ...dimension.verdictColumn(ranking.ranking_level), kind: (row) => `words ${row.verdict || ""}` },
      { title: "In the funnel", kind: "text", text: inWords }, COLUMN.deaths, COLUMN.births,
    ];
    const isChosen = (row) => row.area_code === state.area_code;
    const which = `outside the 95 % limits${state.adjusted ? ", widened" : ""}`;
    showTable("table", [make("strong", {}, title), called.length ? `: ${areas} very likely higher or lower, or ${which}`
      : `: none of the ${areas} is very likely higher or lower, or ${which}`], columns, called, isChosen);
    showTable("all", ["Every area of the plot, by births"], columns, byBirths, isChosen);
    say(`Showing ${counted}`);
  });
  update();
}
