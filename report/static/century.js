/* The long series: one rate from year to year over a century. */
"use strict";

{
  const data = embedded();
  const state = readState();
  const measures = rowsBy("measure", rowsOf(data.measures));
  const rates = rowsOf(data.rates);
  let shown = [];
  const update = () => {
    shown = narrow(rates, "measure", (measure) => measures.get(measure).measure_name, state, "infant");
    state.scale = byId("scale").value;
    writeState({ ...state, scale: state.scale === "linear" ? "" : state.scale });
    const { measure_name: name, numerator_definition: counted } = measures.get(state.measure);
    /* Since October 1992 a stillbirth is one after 24 weeks, not 28: the line of a measure that counts them breaks there. */
    const isRedefined = /stillbirth/i.test(counted);
    let run = 0, last = null;
    const drawn = shown.map((row) => {
      const x = Number(row.period);
      if (last !== null && (x !== last + 1 || (isRedefined && x === 1993))) run += 1;
      last = x;
      const tip = `${row.period}: ${row.rate_display} per 1,000\n95 % interval ${rateInterval(row)}\n${countsText(row)}`;
      return { ...row, x, run: String(run), tip };
    });
    const [first, final] = [shown[0], shown.at(-1)];
    const title = `${name}, ${data.area_name}: `
      + `${first.rate_display} per 1,000 in ${first.period}, ${final.rate_display} in ${final.period}`;
    fill("chart-title", title);
    fill("chart-note", `Every year from ${first.period} to ${final.period}, deaths dated by ${data.dated_by}.`);
    const marks = isRedefined ? [{ x: 1992.75, text: "October 1992:\nstillbirths from\n24 weeks, not 28" }] : [];
    draw("chart", `${title}; the figures are in the table below`, `century_${state.scale}`, { years: drawn, marks });
    showTable("table", [make("strong", {}, `${name}, ${data.area_name}`), ", newest year first"], [
      { title: "Year", isHeading: true, text: (row) => row.period }, COLUMN.deaths, COLUMN.births, COLUMN.rate, COLUMN.rateInterval,
    ], [...shown].reverse());
    say(`Showing ${title}`);
  };
  if (state.scale === "log") byId("scale").value = "log";
  onChange(["measure", "scale"], state, update);
  byId("download").addEventListener("click", () => save(`century-${state.measure}.csv`, Object.keys(data.rates), shown));
  update();
}
