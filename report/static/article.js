/* The article's statements: the whole-number solutions behind its printed rates, under each set of assumptions. */
"use strict";

if (byId("data")) {
  const data = embedded();
  const state = readState();
  const claims = rowsBy("claim_code", rowsOf(data.claims));
  const [assumptions, solutions] = [data.assumptions, data.solutions].map(rowsOf);
  const names = new Map(assumptions.map((row) => [row.assumption_code, row.assumption_name]));
  const update = () => {
    const readings = narrow(assumptions, "claim_code", (code) => claims.get(code).claim, state);
    const [reading] = narrow(readings, "assumption_code", (code) => names.get(code), state);
    writeState(state);
    const pairs = solutions.filter((row) => row.claim_code === state.claim_code && row.assumption_code === state.assumption_code)
      .map((row) => ({ ...row, tip: countsText(row) }));
    const { claim } = claims.get(state.claim_code);
    const found = `${reading.assumption_name}: ${pairs.length === 1 ? "one pair of whole numbers fits"
      : `${pairs.length ? number(pairs.length) : "no"} pairs of whole numbers fit`}`;
    showChosen(claim);
    fill("solution-title", capital(found));
    fill("solution-note", reading.assumptions);
    const label = `${claim} ${found}. The pairs of births and deaths are in the table below the chart`;
    draw("solution-chart", label, "solutions", { solutions: pairs });
    const read = ` Read ${reading.assumption_name}.${pairs.length ? "" : " No pair of whole numbers fits."}`;
    showTable("solution-table", [make("strong", {}, claim), read], [COLUMN.deaths, COLUMN.births], pairs);
  };
  onChange(["claim_code", "assumption_code"], state, update);
  update();
}
