/* The search for an area: by its name, by towns and wards that lie in it, and by names that are nearly written so. */
"use strict";

{
  const POSTCODE = /^[a-z]{1,2}\d[a-z\d]?(\s*\d[a-z]{0,2})?$/i;
  const MOST = 8;
  const field = byId("search");
  let known = null;
  const read = async () => {
    if (known) return known;
    const { areas, towns, former, wards } = await load("places");
    const entry = (name, place, what, rank) => ({ name, place, what, rank, page: areas[place][1], plain: plain(name) });
    known = [
      ...areas.map(([name, , note, isEnded], place) => entry(name, place, note, isEnded ? 2 : 0)),
      ...towns.map(([name, place]) => entry(name, place, `town in ${areas[place][0]}`, 1)),
      ...former.map(([name, place]) => entry(name, place, `former district, now in ${areas[place][0]}`, 1)),
      ...Object.entries(wards).flatMap(([place, names]) => names.split("|").map((name) => entry(name, Number(place), `ward in ${areas[place][0]}`, 3))),
    ];
    return known;
  };
  /* How well a name fits: whole, its first word, a word, its beginning, the beginning of a word, a part. Areas come before places that
     fit a little better. */
  const fit = (one, wanted) => {
    const words = ` ${one.plain} `;
    const place = [one.plain === wanted, one.plain.startsWith(`${wanted} `), words.includes(` ${wanted} `), one.plain.startsWith(wanted),
      words.includes(` ${wanted}`), one.plain.includes(wanted)].indexOf(true);
    return place < 0 ? null : 2 * place + one.rank;
  };
  /* Letters that have to change to make one word the other (Damerau and Levenshtein), up to a limit. */
  const changes = (one, other, limit) => {
    if (Math.abs(one.length - other.length) > limit) return limit + 1;
    let before = [], row = Array.from({ length: other.length + 1 }, (_, place) => place);
    for (let i = 1; i <= one.length; i += 1) {
      const next = [i];
      for (let j = 1; j <= other.length; j += 1) {
        next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (one[i - 1] !== other[j - 1]));
        if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) next[j] = Math.min(next[j], before[j - 2] + 1);
      }
      [before, row] = [row, next];
    }
    return row[other.length];
  };
  const near = (entries, wanted) => {
    const limit = wanted.length < 5 ? 1 : 2;
    return entries.map((one) => [Math.min(changes(one.plain, wanted, limit), ...one.plain.split(" ").filter((word) => word.length > 3)
      .map((word) => changes(word, wanted, limit) + 0.5)), one]).filter(([away]) => away <= limit)
      .sort(([one, first], [other, second]) => one - other || first.rank - second.rank || first.name.localeCompare(second.name))
      .map(([, one]) => one);
  };
  const find = async () => {
    const wanted = plain(field.value);
    const entries = await read();
    if (wanted !== plain(field.value)) return;
    if (POSTCODE.test(field.value.trim())) {
      fill("results");
      fill("found", "Postcodes are not known here: type the town, the ward or the council instead.");
      return;
    }
    const found = !wanted ? [] : entries.map((one) => [fit(one, wanted), one]).filter(([how]) => how !== null)
      .sort(([one, first], [other, second]) => one - other || first.name.localeCompare(second.name)).map(([, one]) => one);
    const offered = found.length || !wanted ? found : near(entries, wanted);
    /* Of names that lead to one page, wards apart, the one that fits best. */
    const seen = new Set();
    const shown = offered.filter((one) => {
      const key = `${one.page} ${one.rank === 3 ? one.plain : ""}`;
      return !seen.has(key) && seen.add(key);
    });
    fill("results", ...shown.slice(0, MOST).map((one) => make("li", {}, make("a", { href: `${root}areas/${one.page}` },
      make("strong", {}, one.name), " ", make("span", {}, one.what)))));
    fill("found", !wanted ? "Postcodes are not known here: type a town or a council."
      : found.length ? `${number(shown.length)} found${shown.length > MOST ? `; the first ${MOST} are listed` : ""}. Enter opens the first.`
      : shown.length ? "Nothing has just this name. Did you mean one of these?" : "Nothing found: try a larger town near it, or the council\u2019s name.");
  };
  field.addEventListener("focus", read);
  field.addEventListener("input", find);
  field.form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await find();
    const first = byId("results").querySelector("a");
    if (first) location.href = first.href;
  });
  if (field.value) find();
  /* A tap on the map of the start page says what a pointer would. */
  for (const link of document.querySelectorAll(".map-room a")) {
    link.addEventListener("click", (event) => {
      if (!isTouch(event)) return;
      event.preventDefault();
      pin(link.querySelector("title").textContent, link.getAttribute("href"));
    });
  }
}
