/* The long series: one rate from year to year over a century, as it is and as a control chart around its moving level. */
"use strict";

{
  const data = embedded();
  const state = readState();
  const measures = rowsBy("measure", rowsOf(data.measures));
  const rates = rowsOf(data.rates);
  const limits = new Map(rowsOf(data.limits).map((row) => [`${row.measure} ${row.period}`, row]));
  const changes = rowsOf(data.changes);
  const LIMITED = "level_per_1000 lower_99_8 upper_99_8 control_position adjusted_lower_99_8 adjusted_upper_99_8 control_position_adjusted"
    .split(" ");
  let shown = [];
  const day = (date) => new Date(`${date}T00:00:00Z`).toLocaleDateString("en-GB", {
    day: "numeric", month: "long", year: "numeric", timeZone: "UTC",
  });
  /* Where in its year a day lies: the middle of 1992 is 1992, where the point of the year is drawn; its end is 1992.5. */
  const placeOf = (date) => {
    const [year, month] = date.split("-").map(Number);
    return year + (month - 1) / 12 - 0.5;
  };
  const position = (code) => data.words[code] ?? DASH;
  const kindOf = (row) => (row.control_position_adjusted !== "within" && row.control_position_adjusted !== null
    ? `${row.control_position_adjusted}_adjusted` : row.control_position);

  const showControl = (rows, name, steps) => {
    const held = rows.filter((row) => row.rate_over_level !== null && row.rate_over_level !== undefined);
    if (!byId("control-figure")) return;
    byId("control-figure").hidden = !held.length;
    if (!held.length) return;
    const outside = held.filter((row) => row.control_position !== "within");
    const outsideWidened = held.filter((row) => row.control_position_adjusted && row.control_position_adjusted !== "within");
    const which = outsideWidened.map((row) => row.period).join(", ");
    const alarms = held.map((row) => row.false_alarm_probability);
    fill("control-title", `${name}: each year beside its level`);
    fill("control-note", `Of ${number(held.length)} years ${number(outside.length)} lie outside the limits of chance alone, `
      + (outsideWidened.length ? `${number(outsideWidened.length)} outside the widened ones (${which}).` : "none outside the widened ones.")
      + ` By chance alone ${number(100 * Math.min(...alarms), 1)} % of years within the series and `
      + `${number(100 * alarms.at(-1), 1)} % of last years would lie outside the first.`);
    draw("control-chart", `${name}: each year over its level; the figures are in the table below`, "control", {
      control: held.map((row) => ({ ...row, kind: kindOf(row) })), marks: steps,
    });
  };

  const update = () => {
    shown = narrow(rates, "measure", (measure) => measures.get(measure).measure_name, state, "infant")
      .map((row) => ({ ...row, ...limits.get(`${row.measure} ${row.period}`) }));
    state.scale = byId("scale").value;
    writeState({ ...state, scale: state.scale === "linear" ? "" : state.scale });
    const { measure_name: name } = measures.get(state.measure);
    showChosen(name, state.scale === "log" ? "logarithmic" : "");
    const own = changes.filter((change) => change.measure === state.measure);
    const begins = new Set(own.map((change) => change.first_year_after));
    /* The line breaks where years are missing, and where a definition changed. */
    let run = 0, last = null;
    const drawn = shown.map((row) => {
      const x = Number(row.period);
      if (last !== null && (x !== last + 1 || begins.has(x))) run += 1;
      last = x;
      const level = row.level_per_1000 ?? null;
      const tip = `${row.period}: ${row.rate_display} per 1,000\n95 % interval ${rateInterval(row)}\n${countsText(row)}`
        + (level === null ? "" : `\nlevel ${number(level, 1)}, limits ${interval(row.lower_99_8, row.upper_99_8)} by chance alone, `
          + `${interval(row.adjusted_lower_99_8, row.adjusted_upper_99_8)} widened`);
      return { ...row, x, run: String(run), tip };
    });
    const steps = own.map((change, place) => ({
      x: placeOf(change.change_date), text: String(place + 1), tip: `${place + 1}: ${change.label}`,
    }));
    const [first, final] = [shown[0], shown.at(-1)];
    const title = `${name}, ${data.area_name}: `
      + `${first.rate_display} per 1,000 in ${first.period}, ${final.rate_display} in ${final.period}`;
    const { outcome_plural: outcome, numerator_lies_within_denominator: isPart } = measures.get(state.measure);
    const against = isPart ? "of" : "against";
    fill("heading", `${name}: from ${first.rate_display} to ${final.rate_display} per 1,000, ${data.area_name}, ${first.period} to ${final.period}`);
    fill("lead", `In ${first.period}, ${number(first.numerator)} ${isPart ? `of ${number(first.denominator)} babies` : "babies"} in ${data.area_name} ${outcome}`
      + `${isPart ? "" : `, against ${number(first.denominator)} live births`}. In ${final.period} it was ${number(final.numerator)} ${against} ${number(final.denominator)}.`);
    fill("chart-title", title);
    fill("chart-note", `Every year from ${first.period} to ${final.period}, deaths dated by ${data.dated_by}.`);
    draw("chart", `${title}; the figures are in the table below`, `century_${state.scale}`, { years: drawn, marks: steps });
    showControl(drawn, name, steps);
    byId("steps").hidden = !own.length;
    fill("step-list", ...own.map((change) => make("li", {}, make("strong", {}, `${day(change.change_date)}. `), `${change.fact} `,
      make("span", { class: "quiet small" }, `Source: ${change.source}.`))));
    showTable("table", [make("strong", {}, `${name}, ${data.area_name}`), ", newest year first"], [
      { title: "Year", isHeading: true, text: (row) => row.period }, COLUMN.rate, COLUMN.rateInterval, COLUMN.deaths, COLUMN.births,
      ...(limits.size ? [
        { title: "Level", kind: "num", text: (row) => number(row.level_per_1000, 1) },
        { title: "Limits by chance alone", kind: "num", text: (row) => interval(row.lower_99_8, row.upper_99_8) },
        { title: "Against limits by chance", kind: "text", text: (row) => position(row.control_position) },
        { title: "Widened limits", kind: "num", text: (row) => interval(row.adjusted_lower_99_8, row.adjusted_upper_99_8) },
        { title: "Against widened limits", kind: "text", text: (row) => position(row.control_position_adjusted) },
      ] : []),
    ], [...shown].reverse());
    say(`Showing ${title}`);
  };
  if (state.scale === "log") byId("scale").value = "log";
  onChange(["measure", "scale"], state, update);
  byId("download").addEventListener("click", () => save(`century-${state.measure}.csv`,
    [...Object.keys(data.rates), ...(limits.size ? LIMITED : [])], shown));
  update();
}
