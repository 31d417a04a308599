/* Map: each area of a ranking one hexagon, by verdict against its benchmark or by fifth of the ranking. */
"use strict";

{
  const dimension = dimensions();
  const state = readState();
  const places = rowsOf(store().maps);
  const room = byId("map");
  const ROW_HEIGHT = Math.sqrt(3) / 2;
  const SIDE = 1 / Math.sqrt(3);
  const CORNERS = [[0, -SIDE], [0.5, -SIDE / 2], [0.5, SIDE / 2], [0, SIDE], [-0.5, SIDE / 2], [-0.5, -SIDE / 2]];
  /* The hexagons beside one, in the order of the sides that they touch, for even and odd rows. */
  const BESIDE = [[0, -1], [1, 0], [0, 1], [-1, 1], [-1, 0], [-1, -1]];
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const FIFTHS = ["highest fifth", "second fifth", "middle fifth", "fourth fifth", "lowest fifth"];
  /* What each way of colouring shows: the class of a hexagon, the letter on it, its words. */
  const SHOW = {
    verdict: {
      text: "comparison with the benchmark",
      note: "H: very likely higher, L: very likely lower. For the others the figures show neither.",
      kinds: [["higher", "H"], ["similar", ""], ["lower", "L"]],
      of: (row) => row.verdict,
      none: "no rate, or not compared",
      words: (kind, level) => dimension.verdict(kind, level),
    },
    fifth: {
      text: "fifth of the ranking",
      note: "1 is the fifth with the highest rates. Most of the order is chance where few are born: see the intervals in the table.",
      kinds: [1, 2, 3, 4, 5].map((fifth) => [`fifth-${fifth}`, String(fifth)]),
      none: "no rate, or not ranked",
      of: (row) => (row.quintile ? `fifth-${row.quintile}` : null),
      words: (kind) => FIFTHS[Number(kind.slice(-1)) - 1],
    },
  };
  const NONE = ["none", "\u2013"];
  let shown = [];
  let hexagons = [];
  let at = null;

  const line = (points) => points.map(([x, y]) => `${x.toFixed(3)} ${y.toFixed(3)}`).join("L");
  const outline = (x, y) => `M${line(CORNERS.map(([right, down]) => [x + right, y + down]))}Z`;
  const swatch = (kind, letter) => inSvg("svg", { width: 26, height: 26, viewBox: "-0.6 -0.65 1.2 1.3", class: "hexagons" },
    inSvg("g", { class: kind }, inSvg("path", { d: outline(0, 0) }), inSvg("text", { y: 0.18 }, letter)));

  const place = (hexagon) => {
    if (at) at.element.classList.remove("at");
    at = hexagon;
    if (!at) return;
    at.element.classList.add("at");
    /* What lies on top shows its edge whole. */
    at.element.parentNode.append(at.element);
    fill("picked", ...(at.row.tip.split("\n").flatMap((words, line) => (line ? [", ", words] : [make("strong", {}, words)]))), ". ",
      make("a", { href: at.row.link }, "Its page"));
  };
  /* From one hexagon to the nearest in the direction of an arrow key: what lies aside counts twice. */
  const step = ([right, down]) => {
    const ahead = hexagons.map((hexagon) => {
      const [x, y] = [hexagon.x - at.x, hexagon.y - at.y];
      const [forward, aside] = right ? [x * right, Math.abs(y)] : [y * down, Math.abs(x)];
      return [forward + 2 * aside, forward, hexagon];
    }).filter(([, forward]) => forward > 0.4).sort((first, second) => first[0] - second[0]);
    return ahead.length ? ahead[0][2] : at;
  };
  room.addEventListener("keydown", (event) => {
    if (!hexagons.length) return;
    if (event.key === "Enter" && at) location.href = at.row.link;
    if (!ARROWS[event.key]) return;
    event.preventDefault();
    place(at ? step(ARROWS[event.key]) : hexagons[0]);
    say(at.row.tip.replaceAll("\n", ", "));
  });
  room.addEventListener("focus", () => { if (!at && hexagons.length) place(hexagons[0]); });

  const drawMap = (rows, kinds, label, ofMap) => {
    const byCode = rowsBy("area_code", rows);
    const drawn = ofMap.filter((one) => byCode.has(one.area_code)).map((one) => ({
      column: one.map_column, line: one.map_row, row: byCode.get(one.area_code),
      x: one.map_column + (one.map_row % 2) / 2, y: one.map_row * ROW_HEIGHT,
    }));
    const taken = new Map(drawn.map((one) => [`${one.column} ${one.line}`, one]));
    const letters = new Map(kinds);
    const borders = [];
    hexagons = drawn.map((one) => {
      const shift = one.line % 2;
      BESIDE.forEach(([right, down], side) => {
        /* The sides of a hexagon face: upper right, right, lower right, lower left, left, upper left. */
        const other = taken.get(`${one.column + right + (down ? shift : 0)} ${one.line + down}`);
        if (other && other.row.region === one.row.region) return;
        const [[x1, y1], [x2, y2]] = [CORNERS[side], CORNERS[(side + 1) % 6]];
        borders.push(`M${line([[one.x + x1, one.y + y1], [one.x + x2, one.y + y2]])}`);
      });
      const element = inSvg("g", { class: `${one.row.kind}${one.row.area_code === state.area_code ? " pointed" : ""}` },
        inSvg("path", { d: outline(one.x, one.y) }),
        inSvg("text", { x: one.x, y: one.y + 0.18 }, letters.get(one.row.kind) ?? NONE[1]));
      const hexagon = { ...one, element };
      element.addEventListener("click", (event) => {
        if (!isTouch(event)) location.href = one.row.link;
        else {
          place(hexagon);
          pin(one.row.tip, one.row.link);
        }
      });
      element.addEventListener("mousemove", (event) => showTip(null, event, { datum: one.row }, one.row.tip));
      element.addEventListener("mouseleave", () => { tip.hidden = true; });
      return hexagon;
    });
    /* Those pointed out lie on top, so that nothing covers their edge. */
    const order = [...hexagons].sort((first, second) => (first.row.area_code === state.area_code) - (second.row.area_code === state.area_code));
    const most = (column) => Math.max(0, ...drawn.map((one) => one[column]));
    at = null;
    fill("picked");
    room.replaceChildren(inSvg("svg", {
      class: "hexagons", "aria-hidden": "true", viewBox: `-0.65 -0.7 ${(most("x") + 1.3).toFixed(3)} ${(most("y") + 1.4).toFixed(3)}`,
    }, ...order.map((one) => one.element), inSvg("path", { class: "regions", d: borders.join("") })));
    room.setAttribute("aria-label", label);
    if (!tip.isConnected) document.body.append(tip);
  };

  const update = chooseRanking(dimension, state, ["show", "area_code"], (ranking, rows) => {
    const level = dimension.levels.get(ranking.ranking_level);
    if (!ranking.is_compared && state.show === undefined) state.show = "fifth";
    state.show = setOptions("show", Object.entries(SHOW).map(([value, { text }]) => [value, text]), state.show);
    pointOut(dimension, rows, state);
    writeState({ ...state, show: state.show === "verdict" ? "" : state.show });
    const show = SHOW[state.show];
    const ofMap = places.filter((one) => one.map === ranking.map);
    const onMap = new Set(ofMap.map((one) => one.area_code));
    const title = `${dimension.text.measure(ranking.measure)}, ${years(ranking.period)}, ${level.areas_in_words}`;
    const lines = rows.map((row) => {
      const kind = show.of(row) || NONE[0];
      const { region_code: region } = dimension.areas.get(row.area_code);
      return {
        ...row, kind, region, area_name: dimension.name(row.area_code), link: dimension.link(row.area_code),
        tip: [
          dimension.name(row.area_code),
          row.rate_per_1000 === null ? row.reason || show.none : `${rateText(row)} per 1,000 (95 % interval ${rateInterval(row)})`,
          ...(row.rank_highest_first ? [`rank ${rankText({ ...ranking, ...row })}, range ${rankRange(row)}`] : []),
          ...(kind === NONE[0] ? [show.none] : state.show === "verdict" ? [dimension.tip(row, ranking.ranking_level)]
            : [show.words(kind, ranking.ranking_level)]),
        ].join("\n"),
      };
    });
    const kinds = [...show.kinds, NONE];
    const counted = show.kinds.map(([kind]) => [kind, lines.filter((row) => row.kind === kind).length]);
    const tally = counted.map(([kind, areas]) => `${number(areas)} ${show.words(kind, ranking.ranking_level)}`).join(", ");
    fill("chart-title", title);
    fill("chart-note", show.note);
    fill("map-key", ...kinds.filter(([kind]) => lines.some((row) => row.kind === kind)).map(([kind, letter]) => make("li", {},
      swatch(kind, letter), make("span", {}, `${kind === NONE[0] ? show.none : show.words(kind, ranking.ranking_level)} (${number(
        lines.filter((row) => row.kind === kind).length)})`))));
    const mapped = lines.filter((row) => onMap.has(row.area_code));
    byId("map-figure").hidden = !mapped.length;
    byId("no-map").hidden = mapped.length === lines.length;
    fill("no-map", mapped.length
      ? `${number(lines.length - mapped.length)} of ${number(lines.length)} areas are not on the map: the tables have no point for them.`
      : `There is no map of these ${level.areas_in_words}: the tables have no points for them, or too many. The table has the figures.`);
    drawMap(mapped, kinds.map(([kind, letter]) => [kind, letter]), `${title}: ${tally}. The figures are in the table`, ofMap);
    showTable("table", [make("strong", {}, title)], [
      { title: "Area", isHeading: true, text: (row) => dimension.anchor(row.area_code) },
      COLUMN.rate, { ...dimension.verdictColumn(ranking.ranking_level), kind: (row) => `words ${row.verdict || ""}` },
      COLUMN.rateInterval, { ...COLUMN.rank, text: (row) => rankText({ ...ranking, ...row }) }, COLUMN.rankRange,
    ], lines, (row) => row.area_code === state.area_code);
    shown = lines.map((row) => ({ ...ranking, ...row }));
    ready(room);
    say(`Showing ${title}: ${tally}`);
  });
  byId("download").addEventListener("click", () => save(`map-${state.ranking_level}-${state.measure}-${state.period}.csv`, [
    "ranking_level", "measure", "basis", "period", "area_code", "area_name", "numerator", "denominator", "rate_display",
    "lower_95", "upper_95", "rank_highest_first", "rank_lower_95", "rank_upper_95", "areas_ranked", "quintile",
    "probability_above_benchmark", "verdict",
  ], shown));
  update();
}
