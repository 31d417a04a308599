/* Rankings: every area's place with its interval, in the order that the reader chooses. */
"use strict";

{
  const dimension = dimensions();
  const state = readState();
  let shown = [], shownRows = [], notListed = 0;
  const SHOW = {
    rank: {
      text: "rank and its range", columns: ["rank_highest_first", "rank_lower_95", "rank_upper_95"],
      note: "The mark is the area\u2019s rank by its rate. Its true rank could be anywhere along the bar. "
        + "Where births are very few, a mark can be outside its own bar: such rates are pulled towards the average.",
    },
    rate: {
      text: "rate and its interval", columns: ["rate_per_1000", "lower_95", "upper_95"],
      note: "Each bar is the 95 % interval of the area's rate.",
    },
  };
  const stabilisedInterval = (row) => interval(row.stabilised_lower_95, row.stabilised_upper_95);
  const VERDICTS = ["higher", "similar", "lower", null];

  /* Columns that have a `sort` can order the list by it; `order` is what is compared, where it is not that column itself. */
  const columnsOf = (ranking) => [
    { title: "Rank", kind: "num", sort: "rank_highest_first", text: (row) => `${row.isTied ? "=" : ""}${number(row.rank_highest_first)}` },
    { title: "Area", sort: "area_name", isHeading: true, text: (row) => dimension.anchor(row.area_code) },
    {
      ...dimension.verdictColumn(ranking.ranking_level), kind: (row) => `words ${row.verdict || ""}`, sort: "verdict",
      order: (row) => VERDICTS.indexOf(row.verdict),
    },
    { ...COLUMN.rate, sort: "rate_per_1000", isDescending: true },
    { ...COLUMN.rankRange, sort: "rank_lower_95", order: (row) => row.rank_lower_95 * 10000 + row.rank_upper_95 },
    COLUMN.rateInterval,
    {
      title: "Chance of highest tenth", kind: "num", sort: "probability_worst_tenth", isDescending: true,
      text: (row) => percent(row.probability_worst_tenth),
    },
    { ...COLUMN.deaths, sort: "numerator", isDescending: true },
    { ...COLUMN.births, sort: "denominator", isDescending: true },
    {
      title: "Stabilised rate, 95 % interval", kind: "num", sort: "stabilised_rate_per_1000", isDescending: true,
      text: (row) => `${number(row.stabilised_rate_per_1000, 1)} (${stabilisedInterval(row)})`,
    },
    { title: "Region", kind: "text", sort: "region_name", text: (row) => row.region_name },
  ].filter((column) => column.title !== "Region" || ranking.hasRegions);
  const inOrder = (rows, { sort, order = (row) => row[sort], isDescending }) => [...rows].sort((first, second) => {
    const [one, other] = [order(first), order(second)];
    const difference = typeof one === "string" ? one.localeCompare(other) : one - other;
    return (isDescending ? -difference : difference) || first.rank_highest_first - second.rank_highest_first
      || first.area_name.localeCompare(second.area_name);
  });

  /* The list shows the areas whose name or region has all the words that stand in the search box. */
  const find = () => {
    const words = plain(byId("find").value).split(" ").filter(Boolean);
    for (const row of shownRows) row.element.hidden = !words.every((word) => row.plain.includes(word));
    const found = shownRows.filter((row) => !row.element.hidden);
    fill("list-note", words.length ? `${number(found.length)} of ${number(shownRows.length)} areas listed match.`
      : `${shownRows.length === 1 ? "1 area is" : `${number(shownRows.length)} areas are`} listed${notListed ? `, ${number(notListed)} of other regions are not` : ""}. `
        + "The order can be changed with the column headings.");
    return found;
  };
  /* Moves the list within its frame, never the page. */
  const bringIntoView = (element) => {
    const frame = byId("table").parentElement;
    if (element) frame.scrollTop = element.offsetTop - (frame.clientHeight - element.offsetHeight) / 2;
  };
  byId("find").addEventListener("input", find);
  byId("find").addEventListener("keydown", ({ key }) => {
    const [first] = find();
    if (key !== "Enter" || !first) return;
    touched = true;
    state.area_code = first.area_code;
    byId("find").value = "";
    update();
  });

  const update = chooseRanking(dimension, state, ["region", "show", "area_code"], (ranking, rows) => {
    const level = dimension.levels.get(ranking.ranking_level);
    const regionOf = (row) => dimension.areas.get(row.area_code).region_code;
    const regions = [...new Set(rows.map(regionOf))].filter(Boolean).map((code) => [code, dimension.name(code)]).sort(byText);
    /* A ranking of the regions themselves has one area in each. */
    ranking.hasRegions = regions.length > 0 && regions.length < rows.length;
    state.region = setOptions("region", [["", "all regions"], ...(ranking.hasRegions ? regions : [])], state.region);
    byId("region-room").hidden = !ranking.hasRegions;
    state.show = setOptions("show", Object.entries(SHOW).map(([value, { text }]) => [value, text]), state.show);
    pointOut(dimension, rows, state);
    const columns = columnsOf(ranking);
    const sorted = columns.find((column) => column.sort && column.sort === state.sort) || columns[0];
    writeState({ ...state, show: state.show === "rank" ? "" : state.show, sort: sorted === columns[0] ? "" : state.sort });

    const sharing = new Map();
    for (const { rank_highest_first: rank } of rows) sharing.set(rank, (sharing.get(rank) || 0) + 1);
    const kept = rows.filter((row) => !state.region || regionOf(row) === state.region).map((row) => ({
      ...row, area_name: dimension.name(row.area_code), region_name: regionOf(row) ? dimension.name(regionOf(row)) : "",
      isTied: sharing.get(row.rank_highest_first) > 1,
    }));
    const ranked = inOrder(kept.filter((row) => row.rank_highest_first), sorted);
    const where = state.region ? ` in ${dimension.name(state.region)}` : "";
    const title = `${dimension.text.measure(ranking.measure)}, ${years(ranking.period)}, ${level.areas_in_words}${where}`;
    const show = SHOW[state.show];
    fill("chart-title", title);
    fill("chart-note", `${show.note}${state.show === "rate" ? unmarked(ranked) : ""} Order: ${small(sorted.title)}.`);
    const bars = ranked.map((row, x) => ({
      ...row, x, verdict: row.verdict || "none", rate_per_1000: row.rate_display === "[x]" ? null : row.rate_per_1000,
      link: dimension.link(row.area_code),
      tip: `${row.area_name}\n${row.rate_display} per 1,000 (${rateInterval(row)})\n`
        + `${row.isTied ? "shared " : ""}rank ${rankText({ ...ranking, ...row })}, range ${rankRange(row)}\n`
        + `stabilised ${number(row.stabilised_rate_per_1000, 1)} (${stabilisedInterval(row)})\n`
        + dimension.tip(row, ranking.ranking_level),
    }));
    /* Half of the room of each area is its bar, so that many areas on a narrow screen do not run into one block. */
    const room = byId("chart").clientWidth / Math.max(1, bars.length);
    const label = `${title}: ${number(ranked.length)} areas with their intervals; the figures are in the table below`;
    const drawn = { bars, chosen: bars.filter((row) => row.area_code === state.area_code) };
    const sizes = { thick: Math.min(3, Math.max(0.4, room * 0.4)), dot: Math.min(40, Math.max(4, room * 3.5)) };
    draw("chart", label, `caterpillar_${state.show}`, drawn, sizes);
    const reason = bars.find((row) => row.stabilised_lower_95 === null)?.reason;
    fill("stabilised-note", reason || "Rates from few births are pulled towards the average. Bars are 95 % intervals. "
      + "The order is that of the chart of ranks.");
    draw("stabilised-chart", `Stabilised rates: ${label}`, "caterpillar_stabilised", drawn, sizes);

    const headed = columns.map((column) => {
      if (!column.sort) return column;
      const button = make("button", { type: "button", id: `sort-${column.sort}` }, column.title);
      button.addEventListener("click", async () => { state.sort = column.sort; await update(); byId(button.id).focus(); });
      const direction = column.isDescending ? "descending" : "ascending";
      return { ...column, title: button, attributes: { "aria-sort": column === sorted ? direction : null } };
    });
    const among = `. Ranks are among all ${number(ranking.areas_ranked)} ${level.areas_in_words} with a rate.`;
    showTable("table", [make("strong", {}, title), among], headed, ranked, (row) => row.area_code === state.area_code);
    shownRows = ranked.map((row, place) => ({ ...row, plain: plain(`${row.area_name} ${row.region_name}`), element: byId("table").tBodies[0].rows[place] }));
    notListed = rows.length - kept.length;
    find();
    if (touched) bringIntoView(shownRows.find((row) => row.area_code === state.area_code)?.element);
    const left = kept.filter((row) => !row.rank_highest_first);
    fill("unranked", ...(left.length ? [make("h3", {}, "Not ranked"), make("ul", { class: "columns small" }, ...left.map((row) =>
      make("li", {}, dimension.anchor(row.area_code), ` ${DASH} ${row.reason}`)))] : []));
    shown = ranked.map((row) => ({ ...ranking, ...row }));
    say(`Showing ${title}`);
  });
  byId("download").addEventListener("click", () => save(`ranking-${state.ranking_level}-${state.measure}-${state.period}.csv`, [
    "ranking_level", "measure", "basis", "period", "rank_highest_first", "area_code", "area_name", "region_name",
    "numerator", "denominator", "rate_per_1000", "rate_display", "lower_95", "upper_95",
    "rank_lower_95", "rank_upper_95", "areas_ranked", "probability_worst_tenth",
    "benchmark_rate_per_1000", "probability_above_benchmark", "verdict",
    "stabilised_rate_per_1000", "stabilised_lower_95", "stabilised_upper_95",
  ], shown));
  update();
}
