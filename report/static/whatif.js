/* Areas taken together: the group's place, and the places of its members by themselves. */
"use strict";

{
  const dimension = dimensions();
  const rows = rowsOf(embedded());
  const names = new Map(rows.map((row) => [row.group_code, row.group_name]));
  const state = readState();
  let turn = 0;
  const update = async () => {
    let left = narrow(rows, "group_code", (code) => names.get(code), state);
    left = narrow(left, "measure", dimension.text.measure, state, "infant");
    left = narrow(left, "ranking_level", dimension.text.ranking_level, state, dimension.firstLevel);
    const rankingOf = (one) => dimension.rankings.find((row) => ["ranking_level", "measure", "basis", "period"].every((column) => row[column] === one[column]));
    const group = choosePeriod(dimension, left.map((row) => ({ ...rankingOf(row), ...row, areas_ranked: rankingOf(row)?.areas_ranked, group: row })), state, update).group;
    writeState(state);
    showChosen(names.get(state.group_code), dimension.text.measure(state.measure), years(group.period));
    const ranking = rankingOf(group);
    const mine = ++turn;
    const ranked = ranking ? rowsOf((await load(ranking.file)).rankings).filter((row) => row.period === group.period) : [];
    if (mine !== turn) return;

    /* `members` reads: Name (code), Name (code); names may hold brackets and commas of their own, codes neither. */
    const codes = [...group.members.matchAll(/\(([^()]+)\)(?:,|$)/g)].map(([, code]) => code);
    const byCode = rowsBy("area_code", ranked);
    const members = codes.filter((code) => dimension.areas.has(code)).map((code) => ({
      rate_display: DASH, ...byCode.get(code), area_code: code, area_name: dimension.name(code), areas_ranked: ranking?.areas_ranked,
      link: dimension.link(code), kind: "member",
    })).sort((a, b) => (a.rank_highest_first ?? Infinity) - (b.rank_highest_first ?? Infinity));
    const together = {
      ...group, area_name: members.length > 1 ? `${group.group_name}, together` : `${group.group_name}, as a group`, link: "", kind: "group",
      rate_display: group.reliability_flag === "x" ? "[x]" : number(group.rate_per_1000, 1),
    };
    const lines = [...members, together];
    const name = dimension.text.measure(group.measure);
    const title = `${group.group_name}: ${fromHighest(group.rank_highest_first)} of ${number(group.areas_ranked)}${members.length > 1 ? " when taken together" : ""}, `
      + `${small(name)}, ${years(group.period)}`;
    const areas = dimension.levels.get(group.ranking_level).areas_in_words;
    fill("chart-title", title);
    fill("chart-note", members.length > 1 && ranking
      ? `By themselves, its ${number(members.length)} areas are ranked among ${number(ranking.areas_ranked)} ${areas}.`
      : "The group is one area; its place does not change.");
    draw("chart", `${title}; the figures are in the table below`, "combined", {
      lines: lines.filter((row) => row.rank_highest_first).map((row) => ({
        ...row, tip: `${row.area_name}\nrank ${rankText(row)}, range ${rankRange(row)}\n${rateText(row)} per 1,000`,
      })),
    });
    const dated = `, deaths dated by ${dimension.words.basis[group.basis]}; rank 1 is the highest rate`;
    showTable("table", [make("strong", {}, `${name}, ${years(group.period)}`), dated], [
      { title: "Area", kind: "text", isHeading: true, text: (row) => (row === together ? row.area_name : dimension.anchor(row.area_code)) },
      COLUMN.rank, COLUMN.rankRange, COLUMN.rate, COLUMN.rateInterval, COLUMN.deaths, COLUMN.births,
    ], lines, (row) => row === together);
    byId("guard").hidden = !group.reveals_small_number;
    say(`Showing ${title}`);
  };
  onChange(["group_code", "ranking_level", "measure"], state, update);
  update();
}
