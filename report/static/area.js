/* One area: its rates over time beside its benchmark and its region, and its place among others of its level. */
"use strict";

{
  const data = embedded();
  const dimension = dimensions();
  const area = dimension.areas.get(data.area_code);
  const columnsOf = store().dimensions.area_page_columns;
  const [rates, trends, persistence, detectability, forecasts, comparisonRows, comparedAreas, summaries, changes] = [
    "rates", "trends", "persistence", "detectability", "forecasts", "comparisons", "compared", "summaries", "changes",
  ].map((name) => (data[name] ? rowsOf(named(data[name], columnsOf[name])) : []));
  const comparisons = comparisonRows.flatMap((row) => data.lists[row.list].map((place, member) =>
    ({ ...row, ...comparedAreas[place], chance: row.chances[member] })));
  const compared = rowsOf(store().compared_rates);
  const comparedName = area.compared_area_code && dimension.name(area.compared_area_code);
  const regionCode = area.region_code === area.area_code ? null : area.region_code;
  const state = readState();
  /* The town, ward, former district or commissioning group by whose name the search led here. It is no choice of the page. */
  const { searched } = state;
  delete state.searched;
  let turn = 0;
  let shown = [];

  /* Counts of areas merged into this one, for years before it was made, are marked. */
  const periodText = (row) => `${years(row.period)}${row.is_like_for_like ? " [m]" : ""}`;
  /* Rows for the chart `series`, of one basis: gaps break the line; a rate shown as [x] has no point. */
  const seriesRows = (rows, name) => {
    let run = 0, last = null;
    return rows.flatMap((row) => {
      const [start, end] = [Number(row.period.slice(0, 4)), Number(row.period.slice(-4))];
      if (last !== null && end !== last + 1) run += 1;
      last = end;
      if (row.rate_per_1000 === null) return [];
      const counts = "numerator" in row ? `\n${countsText(row)}` : "";
      return [{
        ...row, x: (start + end) / 2, run: `${row.basis}-${run}`, rate_per_1000: row.rate_display === "[x]" ? null : row.rate_per_1000,
        tip: `${name}, ${periodText(row)}\n${rateText(row)} per 1,000\n95 % interval ${rateInterval(row)}${counts}`,
      }];
    });
  };
  /* Another area's rows for the same chart; where both bases are drawn, each only as far as this area has it. */
  const beside = (series, code) => !code ? [] : series.flatMap((own) => {
    const theirs = seriesRows(compared.filter((row) => row.area_code === code
      && ["measure", "basis", "years_in_period"].every((column) => row[column] === own[0][column])), dimension.name(code));
    const drawn = seriesRows(own, "");
    if (!drawn.length) return [];
    return series.length === 1 ? theirs : theirs.filter((row) => row.x >= drawn[0].x && row.x <= drawn.at(-1).x);
  });

  /* To each row of rates the area's row of fct_rankings in that level and what holds for the whole ranking, or null. */
  const withRankings = async (rows, level) => {
    const places = new Map();
    for (const basis of distinct("basis", rows)) {
      const found = dimension.rankings.filter((row) =>
        row.ranking_level === level && row.measure === rows[0].measure && row.basis === basis);
      const alike = rowsBy("period", found);
      const own = found.length ? rowsOf((await load(found[0].file)).rankings).filter((row) => row.area_code === area.area_code) : [];
      for (const row of own) places.set(`${basis} ${row.period}`, { ...alike.get(row.period), ...row });
    }
    return rows.map((row) => ({ ...row, ranking: places.get(`${row.basis} ${row.period}`) || null }));
  };
  const ratesBeside = new Map(compared.filter((row) => row.area_code === area.compared_area_code)
    .map((row) => [`${row.measure} ${row.basis} ${row.period}`, row.rate_display]));
  const comparedRate = (row) => {
    const published = ratesBeside.get(`${row.measure} ${row.basis} ${row.period}`);
    return published ?? (row.ranking ? number(row.ranking.benchmark_rate_per_1000, 1) : DASH);
  };

  const showRates = (rows, level) => {
    const ranked = rows.some((row) => row.ranking);
    const verdict = ranked && dimension.verdictColumn(level);
    const ofRanking = (text) => (row) => (row.ranking ? text(row.ranking) : DASH);
    const columns = [{ title: "Period", kind: "text", isHeading: true, text: periodText }];
    const dated = (row) => dimension.words.basis[row.basis].replace("year of ", "");
    const rate = (row) => (row.rate_per_1000 === null ? `${row.rate_display} ${dimension.words.status[row.status]}` : rateText(row));
    columns.push({ ...COLUMN.rate, text: rate });
    if (ranked) columns.push({
      ...verdict, kind: (row) => `words ${row.ranking?.verdict || ""}`, text: ofRanking(verdict.text),
      hint: (row) => (row.ranking ? verdict.hint(row.ranking) : null),
    });
    columns.push(COLUMN.rateInterval, { title: "Deaths dated by", kind: "text", text: dated }, COLUMN.deaths, COLUMN.births);
    if (comparedName || ranked) columns.push({ title: comparedName || dimension.benchmark(level), kind: "num", text: comparedRate });
    if (ranked) columns.push(
      { ...COLUMN.rank, text: ofRanking(rankText) },
      { ...COLUMN.rankRange, text: ofRanking(rankRange) },
      { title: "Chance of highest tenth", kind: "num", text: ofRanking((row) => percent(row.probability_worst_tenth)) },
    );
    const measure = dimension.measures.get(rows[0].measure);
    const caption = ` Deaths counted: ${small(measure.numerator_definition)}. Births counted: ${small(measure.denominator_definition)}.`
      + (ranked ? ` Rank 1 is the highest rate among the ${dimension.levels.get(level).areas_in_words}.` : "");
    showTable("table", [make("strong", {}, `${measure.measure_name} in ${area.area_name}.`), caption], columns, [...rows].sort((one, other) => other.period.slice(-4) - one.period.slice(-4)));
  };

  const latestOf = (rows) => rows.filter((row) => row.rate_per_1000 !== null).reduce((last, row) =>
    (!last || row.period.slice(-4) >= last.period.slice(-4) ? row : last), null);

  /* The sentence on what is chosen: the mart's own on the newest year, or for another period its words with that period's figures. */
  const FEW = 10;
  /* As the summaries have it: fewer than ten deaths that are neither clearly more nor clearly fewer than expected are too few to say anything. */
  const isTooFew = (row, verdict) => verdict === "similar" && row.numerator < FEW;
  const sentenceOn = (latest, level) => {
    const summary = summaries.find((row) => row.measure === state.measure);
    if (summary && (!latest || (summary.period === latest.period && summary.basis === latest.basis && level === data.ranking_levels[0]))) return summary.summary;
    if (!latest) return "";
    const { ranking, numerator: deaths, denominator: births } = latest;
    const measure = dimension.measures.get(latest.measure);
    const whole = ranking?.verdict && dimension.benchmark(level);
    const saysNothing = isTooFew(latest, ranking?.verdict);
    const babies = (count) => (count === 1 ? "baby" : "babies");
    const texts = {
      area_name: area.area_name, period: years(latest.period), deaths: deaths === 0 ? "no" : number(deaths), babies: babies(deaths),
      births: number(births), babies_born: babies(births), outcome: deaths === 1 ? measure.outcome_singular : measure.outcome_plural,
      rate: latest.rate_display, lower_95: number(latest.lower_95, 1), upper_95: number(latest.upper_95, 1),
      benchmark_name: whole, benchmark_possessive: whole && possessive(whole), benchmark_rate: comparedRate(latest),
    };
    const said = (slot, form) => dimension.words.summary[slot][form].replace(/\{(\w+)\}/g, (_, name) => texts[name]);
    const count = !measure.numerator_lies_within_denominator ? "beside" : deaths === 0 ? "none" : "part";
    const after = saysNothing ? (deaths === 0 ? "too_few_births" : "too_few") : latest.rate_display === "[x]" ? "no_rate" : "rate";
    return `${said("opening", latest.basis)} ${said("count", count)}${said("after_count", after)}${whole && !saysNothing
      ? ` ${said("verdict", ranking.verdict)}` : ""}`;
  };
  const TOO_FEW = "Too few to tell";
  const showVerdict = (rows, level) => {
    const latest = latestOf(rows);
    const verdict = isTooFew(latest ?? {}, latest?.ranking?.verdict) ? null : latest?.ranking?.verdict;
    fill("verdict", latest?.ranking?.verdict && !verdict ? TOO_FEW : verdict ? `${dimension.words.verdict[verdict].slice(0, 2)}${capital(dimension.verdict(verdict, level))}`
      : latest ? `${latest.rate_display} per 1,000` : "No rate was published");
    byId("verdict").className = `strong ${verdict || ""}`;
    byId("verdict").previousElementSibling.textContent = latest?.ranking?.verdict ? "Is it high?" : "What is the rate?";
    fill("summary-text", sentenceOn(latest, level));
  };

  /* Whether the rate is higher than that of its neighbours, or where no distances are known of areas like it or beside it. It is told of
     the newest year alone. */
  const ASKED = { nearest: "nearest areas", alike: "areas most like it", same_parent: "areas beside it" };
  const showNeighbours = (level, latest, verdicts) => {
    const own = comparisons.filter((row) => row.ranking_level === level && row.measure === state.measure && dimension.areas.has(row.compared_area_code));
    const kind = Object.keys(ASKED).find((one) => own.some((row) => row.kind === one));
    byId("neighbours").hidden = !kind;
    if (!kind) return;
    const beside = own.filter((row) => row.kind === kind);
    const [{ period, basis }] = beside;
    const by = (how) => beside.filter((row) => clearly(row.chance) === how);
    const found = { higher: by("higher"), lower: by("lower") };
    const [undecided, all] = [by("similar").length, beside.length];
    const these = `${kind === "nearest" ? "its" : "the"} ${number(all)} ${ASKED[kind]}`;
    const ofYear = rates.find((row) => row.measure === state.measure && row.basis === basis && row.period === period);
    const saysNothing = isTooFew(ofYear ?? {}, verdicts.get(`${basis} ${period}`));
    const only = ["higher", "lower"].find((how) => found[how].length === all);
    fill("neighbours-title", `Is it higher than ${kind === "nearest" ? "its neighbours" : `the ${ASKED[kind]}`}? (${years(period)})`);
    const mark = dimension.words.verdict[only ?? "similar"].slice(0, 2);
    const counted = (how) => `${how} than ${found[how].length ? number(found[how].length) : "none"}`;
    const ways = found.lower.length > found.higher.length ? ["lower", "higher"] : ["higher", "lower"];
    fill("neighbours-verdict", saysNothing ? TOO_FEW : only ? `${mark}Very likely ${only} than all of ${these}`
      : undecided === all ? `${mark}Not clearly different from any of ${these}`
      : `${mark}Very likely ${counted(ways[0])}${undecided ? `, undecided for ${number(undecided)}` : ""}, ${counted(ways[1])}`);
    byId("neighbours-verdict").className = `strong ${(!saysNothing && only) || ""}`;
    const named = (how) => (found[how].length && found[how].length <= 5
      ? [`Very likely ${how} than: ${listed(found[how].map((row) => dimension.name(row.compared_area_code)))}.`] : []);
    fill("neighbours-text", [
      ...(saysNothing ? [`With so few deaths it cannot be compared with ${these}.`] : [
        ...ways.flatMap(named),
        undecided === all ? "The figures do not show which is higher."
          : undecided ? `For ${undecided === 1 ? "one" : number(undecided)} of ${these} the figures do not show which is higher.` : "",
        undecided < all ? "\u201cVery likely\u201d means a chance of 95 % or more. Of many such chances, some are near 0 or 100 % by chance alone." : "",
      ]),
      latest && (latest.period !== period || latest.basis !== basis) ? `Areas are compared in their newest year alone, ${years(period)} (${dimension.words.basis[basis]}).` : "",
    ].filter(Boolean).join(" "));
    const codes = [area.area_code, ...beside.slice(0, 5).map((row) => row.compared_area_code)].join(",");
    byId("compare").href = `${root}compare.html#${new URLSearchParams({ measure: state.measure, ranking_level: level, areas: codes })}`;
    fill("compare", `Compare it with ${kind === "nearest" ? "its nearest" : "them"}`);
  };

  /* What happened since the first year. The two ways of dating are told apart. A change a year is told where it is beyond doubt, or
     where the rule for the last five years agrees. */
  const BEYOND_DOUBT = 0.002, MOVES = ["increasing", "decreasing"];
  const aYear = (value) => `${value < 0 ? "fell" : "rose"} by ${number(Math.abs(value), 1)} % a year`;
  const trendOf = (trend) => {
    if (trend.trend_shape === "one_break") {
      const part = (name) => (trend[`annual_percent_change_${name}_lower_95`] < 0 && trend[`annual_percent_change_${name}_upper_95`] > 0
        ? "hardly changed" : aYear(trend[`annual_percent_change_${name}`]));
      return { words: `${part("before")} until ${Math.round(trend.break_year)}, then ${part("after")}`, mark: "mixed" };
    }
    if (trend.trend_shape === "neither") return { words: "had no steady rise or fall", mark: "none" };
    if (trend.trend_shape !== "straight" || trend.annual_percent_change === null) return null;
    const isClear = trend.trend_p_value < BEYOND_DOUBT || MOVES.includes(trend.recent_trend);
    if (!isClear) return { words: "shows no clear rise or fall", mark: "none" };
    return { words: aYear(trend.annual_percent_change), mark: trend.annual_percent_change < 0 ? "lower" : "higher" };
  };
  const SINCE = { none: "\u25cf No clear rise or fall", lower: "\u25bc It fell", higher: "\u25b2 It rose", mixed: "\u25cf It changed course" };
  const HOW = { none: "no clear rise or fall", lower: "fell", higher: "rose", mixed: "changed course" };
  const NOT_ENOUGH = "Not enough years to tell";
  const rateIn = (row) => `${row.rate_display === "[x]" ? "too few deaths for a rate" : `${row.rate_display} per 1,000`} in ${row.period}`;
  const showChange = (rows) => {
    const { measure } = rows[0];
    const bases = distinct("basis", rows);
    const isOf = (row) => row.measure === measure && bases.includes(row.basis);
    const found = trends.filter(isOf).map((trend) => ({ ...trend, told: trendOf(trend) })).filter((trend) => trend.told)
      .sort((one, other) => other.last_period - one.last_period);
    /* What is found in the years of each dating: its first and last rate, its trend, and its last two periods of three years. */
    const series = bases.map((basis) => {
      const single = rates.filter((row) => isOf(row) && row.basis === basis && row.years_in_period === 1 && row.rate_per_1000 !== null);
      const [first, last, trend] = [single[0], single.at(-1), found.find((row) => row.basis === basis)];
      const change = changes.find((row) => isOf(row) && row.basis === basis);
      const isClear = change && (change.difference_lower_95 > 0 || change.difference_upper_95 < 0);
      const way = isClear && (change.difference_upper_95 < 0 ? "lower" : "higher");
      /* A change between the two periods is told also where the years show no trend. */
      const isSteady = trend && trend.told.mark !== "none";
      const mark = !trend && !change ? null : isSteady ? (way && way !== trend.told.mark ? "mixed" : trend.told.mark) : way || "none";
      const told = !mark ? "" : !isSteady && way ? `${way} in ${years(change.to_period)} than in ${years(change.from_period)}`
        : `${HOW[mark]} ${first.period}${DASH}${last.period}`;
      return { basis, first, last, trend, change, isSteady, way, mark, told };
    }).filter((one) => one.first);
    const [early, late] = series;
    const told = series.filter((one) => one.mark);
    const marks = distinct("mark", told);
    const areApart = late && early.last.period < late.first.period;
    const datedAs = (one) => (!late || areApart ? "" : ` (by ${dimension.words.basis[one.basis]})`);
    fill("change-verdict", !told.length ? NOT_ENOUGH : marks.length > 1 || told.some((one) => !one.isSteady && one.way)
      ? `${marks.length > 1 ? "" : SINCE[marks[0]].slice(0, 2)}${capital(told.map((one) => `${one.told}${datedAs(one)}`).join("; "))}`
      : `${SINCE[marks[0]]}${told.length < 2 ? "" : marks[0] === "none" ? " in either series" : " in both series"}`);
    fill("change-text",
      ...(!late ? [] : areApart
        ? [`The figures cannot say for all years since ${early.first.period}: up to ${early.last.period} they count deaths by year of registration, from ${late.first.period} by year of death.`]
        : ["Deaths are dated in two ways, and the two series cannot be joined."]),
      ...series.map(({ basis, first, last, trend, change, isSteady, way }) => make("span", { class: "part" }, [
        `By ${dimension.words.basis[basis]}: ${rateIn(first)}${first === last ? ", the only year" : `, ${rateIn(last).replace(first.rate_display === "[x]" ? "" : " per 1,000", "")}`}.`,
        ...(trend ? [`From ${trend.trend_first_year} to ${years(trend.last_period)} the rate ${trend.told.words}.`] : []),
        ...(change ? [`Three years together, it was ${number(change.from_rate_per_1000, 1)} in ${years(change.from_period)} and `
          + `${number(change.to_rate_per_1000, 1)} in ${years(change.to_period)}: ${way ? `a ${way === "lower" ? "fall" : "rise"} that chance alone would bring less than once in 20 times`
            : `${isSteady ? "between these two alone the difference" : "a difference that"} could be chance`}.`] : []),
      ].join(" "))),
    );
    const since = series.length ? series.reduce((least, one) => Math.min(least, one.first.period), Infinity) : null;
    if (since) {
      byId("change-verdict").previousElementSibling.textContent = `Has it changed since ${since}?`;
      byId("since").querySelector("h2").textContent = `Change a year since ${since}`;
    }
    const bar = (trend, label, part) => ({
      label, value: trend[`annual_percent_change${part}`], lower: trend[`annual_percent_change${part}_lower_95`],
      upper: trend[`annual_percent_change${part}_upper_95`],
      tip: `${label}\n${number(trend[`annual_percent_change${part}`], 1)} % a year\n95 % interval `
        + interval(trend[`annual_percent_change${part}_lower_95`], trend[`annual_percent_change${part}_upper_95`]),
    });
    const span = (from, to, basis) => `${from} to ${to}, ${basis === "registration" ? "registered" : "died"}`;
    const bars = found.flatMap((trend) => (trend.trend_shape === "one_break" ? [
      bar(trend, span(trend.trend_first_year, Math.round(trend.break_year), trend.basis), "_before"),
      bar(trend, span(Math.round(trend.break_year), trend.last_period, trend.basis), "_after"),
    ] : trend.trend_shape === "straight" ? [bar(trend, span(trend.trend_first_year, trend.last_period, trend.basis), "")] : []))
      .filter((row) => row.lower !== null && row.upper !== null);
    byId("since").hidden = !bars.length;
    if (!bars.length) return byId("since-chart").setAttribute("data-drawn", "none");
    const isStricter = found.some((trend) => trend.trend_shape === "straight" && trend.told.mark === "none"
      && (trend.annual_percent_change_lower_95 > 0 || trend.annual_percent_change_upper_95 < 0));
    fill("since-note", `Bars are 95 % intervals. A bar that crosses 0 shows no clear rise or fall.${isStricter
      ? " Of one that does not, the words above still tell none: they need 99.8 %." : ""}`);
    return draw("since-chart", `Change a year: ${byId("change-text").textContent}`, "since", { changes: bars, zero: [{ value: 0 }] });
  };
  const showFacts = (rows, level) => {
    const fact = (term, strong, ...text) => make("div", {}, make("dt", {}, term), make("dd", {}, make("strong", {}, strong), ...text));
    const latest = latestOf(rows);
    if (!latest) return fill("facts", fact("Rate per 1,000", DASH, "No rate in any of these periods."));
    const { measure, ranking } = latest;
    const when = years(latest.period);
    const facts = [fact(`Rate per 1,000, ${when}`, rateText(latest), `95 % interval ${rateInterval(latest)}; ${countsText(latest)}`)];
    if (ranking?.rank_highest_first) {
      const among = dimension.levels.get(level).areas_in_words;
      const view = new URLSearchParams({ ranking_level: level, measure, basis: latest.basis, period: latest.period, area_code: data.area_code });
      const { rank_highest_first: rank, rank_lower_95: low, rank_upper_95: high } = ranking;
      const range = low === null ? "" : `from ${ordinal(low)} to ${ordinal(high)}`;
      const isUnranked = isTooFew(latest, ranking.verdict) || latest.rate_display === "[x]";
      facts.push(fact(
        `Rank among ${among}, ${when}`, isUnranked ? "Too few to rank" : `${capital(fromHighest(rank))} of ${number(ranking.areas_ranked)}`,
        !range ? "" : isUnranked ? `Its rank could be anywhere ${range} of ${number(ranking.areas_ranked)}. `
          : `The true rank could be anywhere ${range}. ${rank < low || rank > high
            ? "The rank by rate is outside it: rates from few births are pulled towards the average. " : ""}`
            + `Chance of the highest tenth: ${percent(ranking.probability_worst_tenth)}. `,
        make("a", { href: `${root}funnel.html#${view}` }, "See it among the others"),
      ));
    }
    const bases = distinct("basis", rows);
    for (const basis of bases) {
      const by = bases.length > 1 ? `, by ${dimension.words.basis[basis]}` : "";
      const isOfSeries = (row) => row.measure === measure && row.basis === basis;
      for (const lasting of persistence.filter((row) => isOfSeries(row) && dimension.haveOneBenchmark(row.ranking_level, level))) {
        const whole = dimension.benchmark(level);
        const limits = interval(lasting.observed_over_expected_lower_99_8, lasting.observed_over_expected_upper_99_8, 2);
        facts.push(fact(
          `Years above ${whole}${by}`, `${number(lasting.years_above_benchmark)} of ${number(lasting.years_present)}`,
          `The chance that an average area has at least that many: ${percent(lasting.chance_probability)}. `
            + `Deaths were ${number(lasting.observed_over_expected, 2)} times those expected at ${possessive(whole)} rates `
            + `(99.8 % interval ${limits}).`,
        ));
      }
    }
    return fill("facts", ...facts);
  };

  /* A difference in deaths with its interval, in words: `43 more (95 % interval 15 to 74 more)`. */
  const moreOrFewer = (value, lower, upper) => {
    const one = (deaths) => `${number(Math.abs(deaths))} ${deaths < 0 ? "fewer" : "more"}`;
    const between = lower > 0 ? `${number(lower)} to ${one(upper)}`
      : upper < 0 ? `${number(-upper)} to ${one(lower)}` : `from ${one(lower)} to ${one(upper)}`;
    return `about ${one(value)} (95 % interval ${between})${lower <= 0 && upper >= 0 ? ", so not clearly different" : ""}`;
  };
  const RATIOS = new Map([[1.5, "half as high again as"], [2, "twice as high as"]]);
  const toExpect = (range) => number(range.expected_deaths, range.expected_deaths < 10 ? 1 : 0);
  const findings = (rows, level, verdicts) => {
    const [{ measure }] = rows;
    const whole = level && dimension.benchmark(level);
    const died = dimension.measures.get(measure);
    const bases = distinct("basis", rows);
    const said = bases.flatMap((basis) => {
      const isOfSeries = (row) => row.measure === measure && row.basis === basis;
      const isBeside = (row) => isOfSeries(row) && dimension.haveOneBenchmark(row.ranking_level, level);
      const found = [];
      for (const total of persistence.filter(isBeside)) {
        const when = total.first_year === total.last_year ? `In ${total.first_year}`
          : `In the ${number(total.years_present)} years with figures from ${total.first_year} to ${total.last_year}`;
        const deaths = total.observed_deaths === 1 ? `baby ${died.outcome_singular}` : `babies ${died.outcome_plural}`;
        found.push(["Deaths more or fewer than expected", `${when}, ${number(total.observed_deaths)} ${deaths}. At ${possessive(whole)} rate `
          + `of each year ${number(total.expected_deaths, 1)} would have been expected: `
          + `${moreOrFewer(total.excess_deaths, total.excess_deaths_lower_95, total.excess_deaths_upper_95)}.`]);
      }
      const shown = detectability.filter((row) => isOfSeries(row) && row.ranking_level === level);
      const verdict = shown.length && verdicts.get(`${basis} ${shown[0].births_year}`);
      if (verdict === "similar") {
        const ofYear = rates.find((row) => isOfSeries(row) && row.period === String(shown[0].births_year));
        const [first, ...others] = shown.map((row) => `${RATIOS.get(row.rate_ratio)} ${possessive(whole)}, the verdict would find it `
          + `in one year with a chance of ${percent(row.chance_of_verdict)}`);
        found.push(["How big a difference would show", (isTooFew(ofYear ?? {}, verdict)
          ? `The deaths of ${shown[0].births_year} are too few to tell. ` : `The rate of ${shown[0].births_year} is not clearly different from ${possessive(whole)}. `)
          + `There are ${number(shown[0].births_per_year)} births a year. If the underlying rate were ${first}.`
          + others.map((other) => ` If it were ${other}.`).join("")]);
      }
      for (const range of forecasts.filter((row) => isOfSeries(row) && row.ranking_level === level)) {
        const came = range.observed_deaths === null ? ""
          : ` There ${range.observed_deaths === 1 ? "was" : "were"} ${range.observed_deaths === 0 ? "none" : number(range.observed_deaths)}, ${range.is_inside ? "inside" : "outside"} the range.`;
        found.push([`What was to be expected in ${range.forecast_year}`, `Going by ${years(range.window_period)}, about `
          + `${toExpect(range)} deaths, and with a chance of 95 % from ${number(range.lower_95)} to ${number(range.upper_95)}, `
          + `if the underlying rate stayed what it was.${came}`]);
      }
      if (!found.length) return [];
      const heading = bases.length > 1 ? [make("h3", {}, `Deaths dated by ${dimension.words.basis[basis]}`)] : [];
      const items = found.map(([what, sentence]) => make("li", {}, make("strong", {}, `${what}. `), sentence));
      return [...heading, make("ul", { class: "findings" }, ...items)];
    });
    return said.length ? [make("h2", {}, "What these figures can say"), ...said] : [];
  };
  /* The range to expect of a year beside the single years of its dating. */
  const forecastRows = (rows, level, width) => (width !== 1 ? [] : forecasts.filter((row) => row.ranking_level === level
    && row.measure === rows[0].measure && rows.some((own) => own.basis === row.basis)).map((row) => ({
    ...row, x: row.forecast_year,
    tip: `${area.area_name}, ${row.forecast_year}\nto expect: ${toExpect(row)} deaths, `
      + `95 % range ${number(row.lower_95)} to ${number(row.upper_95)}\n${interval(row.lower_95_per_1000, row.upper_95_per_1000)} per 1,000`,
  })));

  /* The verdicts of single years, whatever is shown: by basis and year. */
  const verdictsOf = async (rows, level) => {
    const found = new Map();
    for (const ranking of dimension.rankings.filter((row) => row.ranking_level === level && row.measure === rows[0].measure)) {
      const own = rowsOf((await load(ranking.file)).rankings).filter((row) => row.area_code === area.area_code);
      for (const row of own) found.set(`${ranking.basis} ${row.period}`, row.verdict);
    }
    return found;
  };

  /* Areas beside this one, with the chance that its rate is the higher. */
  const ofCompared = (text) => (row) => (row.ranked ? text(row.ranked) : DASH);
  const KINDS = {
    nearest: "the nearest areas", alike: "areas alike in deprivation and births", same_parent: "areas of the same county, region or country",
  };
  const showComparisons = async (level) => {
    const own = comparisons.filter((row) => row.ranking_level === level && row.measure === state.measure);
    byId("comparisons").hidden = !own.length;
    if (!own.length) return;
    const kinds = Object.keys(KINDS).filter((kind) => own.some((row) => row.kind === kind));
    state.kind = setOptions("kind", kinds.map((kind) => [kind, KINDS[kind]]), state.kind);
    const [{ period, basis, deprivation_index: edition, deprivation_score: score }] = own;
    const ranking = dimension.rankings.find((row) => row.ranking_level === level && row.measure === state.measure
      && row.basis === basis && row.period === period);
    const byCode = rowsBy("area_code", ranking ? rowsOf((await load(ranking.file)).rankings).filter((row) => row.period === period) : []);
    const columns = [
      ...(own.some((row) => row.distance_km !== null) ? [{ title: "Distance, km", kind: "num", text: (row) => number(row.distance_km) }] : []),
      ...(state.kind === "alike" && score !== null ? [{
        title: `Deprivation score of ${edition}`, kind: "num", text: (row) => number(row.compared_deprivation_score, 1),
      }] : []),
    ];
    fill("comparisons-note", `${dimension.text.measure(state.measure)}, ${years(period)}. The chance is that of the underlying rates: `
      + `near 50 %, the figures do not show which is higher. \u201cVery likely\u201d means 95 % or more. `
      + `Of many such chances, some are near 0 or 100 % by chance alone.${state.kind !== "alike" ? ""
        : score === null ? " Alike in births alone, since no deprivation score is published."
          : " They are alike in this only, and their rates are no yardstick for what this area\u2019s should be."}`);
    const lines = [{ compared_area_code: area.area_code, distance_km: null, compared_deprivation_score: score, chance: null },
      ...own.filter((row) => row.kind === state.kind)].filter((row) => dimension.areas.has(row.compared_area_code))
      .map((row) => ({ ...row, ranked: byCode.get(row.compared_area_code) }));
    if (state.kind === "same_parent") {
      const [first, ...others] = lines;
      lines.splice(0, lines.length, first, ...others.sort((one, other) => (one.ranked?.rank_highest_first ?? Infinity) - (other.ranked?.rank_highest_first ?? Infinity)));
    }
    showTable("compared", [make("strong", {}, area.area_name), ` and ${KINDS[state.kind]}`], [
      { title: "Area", isHeading: true, text: (row) => dimension.anchor(row.compared_area_code) },
      { ...COLUMN.rate, text: ofCompared(rateText) },
      { title: `Chance that ${area.area_name} is higher`, kind: "num", text: (row) => (row.chance ? chanceText(row.chance) : DASH) }, { ...COLUMN.rateInterval, text: ofCompared(rateInterval) },
      { ...COLUMN.births, text: ofCompared((row) => number(row.denominator)) }, ...columns,
    ], lines, (row) => row.compared_area_code === area.area_code);
  };

  /* The key has a filled circle for deaths by year of registration, an open one for those by year of death, or both. */
  const showKey = (bases) => {
    const key = document.querySelector(".key");
    for (const added of key.querySelectorAll("[data-basis]")) added.remove();
    const [first] = key.children;
    const words = (first.dataset.words ??= first.querySelector("span").textContent);
    first.before(...bases.map((basis) => {
      const line = first.cloneNode(true);
      line.hidden = false;
      line.dataset.basis = basis;
      line.querySelector("span").textContent = bases.length > 1 ? `${words}, by ${dimension.words.basis[basis]}` : words;
      if (basis === "occurrence") {
        const circle = line.querySelector("circle");
        for (const [name, value] of [["r", 4], ["fill", "var(--panel)"], ["stroke", "var(--area)"], ["stroke-width", 2]]) circle.setAttribute(name, value);
      }
      return line;
    }));
    first.hidden = true;
  };
  const update = async () => {
    let left = narrow(rates, "measure", dimension.text.measure, state, "infant");
    left = narrow(left, "years_in_period", (width) => (width === 1 ? "single years" : `${width} years`), state, "1");
    const bases = distinct("basis", left);
    const options = bases.map((basis) => [basis, dimension.words.basis[basis]]);
    state.basis = setOptions("basis", bases.length > 1 ? [["both", "both, drawn apart"], ...options] : options, state.basis, "both");
    const chosen = left.filter((row) => state.basis === "both" || row.basis === state.basis);
    if (data.ranking_levels.length > 1) {
      const levels = data.ranking_levels.map((code) => [code, dimension.text.ranking_level(code)]);
      state.ranking_level = setOptions("ranking_level", levels, state.ranking_level);
    }
    const level = state.ranking_level || data.ranking_levels[0];
    writeState(state);
    const mine = ++turn;
    const rows = await withRankings(chosen, level);
    const verdicts = await verdictsOf(chosen, level);
    if (mine !== turn) return;

    const name = dimension.text.measure(state.measure);
    const title = `${name} in ${area.area_name}`;
    const width = chosen[0].years_in_period;
    const spoken = byId("years_in_period").selectedOptions[0].textContent;
    fill("chart-title", comparedName ? `${title} beside ${comparedName}` : title);
    const drawn = width === 1 ? "Single years" : `${width} years taken together, each drawn at its middle year`;
    const both = "year of registration (filled) and year of death (open), never joined";
    fill("chart-note", `${drawn}; deaths dated by ${state.basis === "both" ? both : dimension.words.basis[state.basis]}.${unmarked(rows)}`);
    showKey(distinct("basis", rows));
    const series = distinct("basis", rows).map((basis) => rows.filter((row) => row.basis === basis));
    const forecast = forecastRows(rows, level, width);
    if (byId("forecast-key")) byId("forecast-key").hidden = !forecast.length;
    showChosen(name, latestOf(rows) ? `newest ${years(latestOf(rows).period)}` : "", spoken, state.basis === "both" ? "" : `by ${dimension.words.basis[state.basis]}`);
    showVerdict(rows, level);
    showNeighbours(level, latestOf(rows), verdicts);
    showChange(chosen);
    showRates(rows, level);
    showFacts(rows, level);
    draw("chart", `${title} over time with 95 % intervals; the figures are in the table below`, "series", {
      area: series.flatMap((own) => seriesRows(own, area.area_name)),
      benchmark: beside(series, area.compared_area_code), region: beside(series, regionCode), forecast,
    });
    fill("reading", ...findings(rows, level, verdicts));
    await showComparisons(level);
    if (mine !== turn) return;
    shown = rows.map((row) => ({ ...row.ranking, ...row, ...area }));
    say(`Showing ${small(name)}, ${spoken}`);
  };

  const ofRates = ["area_code", "area_name", ...columnsOf.rates];
  const ofRankings = ["ranking_level", "rank_highest_first", "areas_ranked", "rank_lower_95", "rank_upper_95",
    "probability_worst_tenth", "benchmark_rate_per_1000", "probability_above_benchmark", "verdict"];
  /* What is copied says where it comes from; a page opened from disk has no address worth passing on. */
  byId("copy").addEventListener("click", async () => {
    const page = location.protocol === "file:" ? `areas/${area.page}` : location.href;
    const copied = await copy(`${byId("summary-text").textContent}\n${byId("source").textContent} ${document.title}, ${page}\n`);
    fill("copied", copied ? "Copied, with its source." : "It could not be copied; select the sentence instead.");
  });
  byId("download").addEventListener("click", () => save(`${area.area_code}-${state.measure}.csv`, [...ofRates, ...ofRankings], shown));
  byId("download-all").addEventListener("click", () => save(`${area.area_code}.csv`, ofRates, rates.map((row) => ({ ...row, ...area }))));
  onChange(["measure", "years_in_period", "basis", "kind", ...(byId("ranking_level") ? ["ranking_level"] : [])], state, update);

  /* What the page says to whoever searched for a place without figures of its own; of names that do not lead here it says nothing. */
  const tellSearched = async () => {
    const { areas, towns, former, groups, wards } = await load("places");
    const here = areas.findIndex(([, page]) => page === area.page);
    const isIt = ([name, place]) => name === searched && place === here;
    const [group, district] = [groups.find(isIt), former.find(isIt)];
    if (!group && !district && !towns.some(isIt) && !(wards[here] ?? "").split("|").includes(searched)) return;
    const notIts = `Figures are published for all of ${area.area_name}, not for it.`;
    document.querySelector(".wait").prepend(make("p", { class: "said", id: "searched" }, `You searched for ${searched}. `,
      ...(district ? [`It became part of ${area.area_name}. The newest figures are for all of ${area.area_name}; `,
        make("a", { href: `${root}areas/${areas[district[2]][1]}` }, `the figures of ${searched}`), " end earlier."]
      : group ? [`It was a clinical commissioning group. ${notIts} `,
        ...(group[2] ? [make("a", { href: `${root}article.html#${group[2]}` }, "What the article says of it, checked"), "."] : [])]
      : [notIts])));
  };
  if (searched) tellSearched().then(update);
  else update();
}
