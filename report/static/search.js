/* The search for an area: by its name, by towns and wards that lie in it, and by names that are nearly written so. */
"use strict";

{
  const POSTCODE = /^[a-z]{1,2}\d[a-z\d]?(\s*\d[a-z]{0,2})?$/i;
  const MOST = 8;
  const field = byId("search");
  let known = null;
  const read = async () => {
    if (known) return known;
    const { areas, towns, former, groups, wards } = await load("places");
    const entry = (name, place, what, rank, isSearched = true) => ({
      name, what, rank, plain: plain(name), page: areas[place][1],
      link: `${root}areas/${areas[place][1]}${isSearched ? `#${new URLSearchParams({ searched: name })}` : ""}`,
    });
    known = [
      ...areas.map(([name, , note, isEnded], place) => entry(name, place, note, isEnded ? 2 : 0, false)),
      ...towns.map(([name, place]) => entry(name, place, `town in ${areas[place][0]}`, 1)),
      ...former.map(([name, place]) => entry(name, place, `former district, now in ${areas[place][0]}`, 1)),
      ...groups.map(([name, place]) => entry(name, place, `former commissioning group in ${areas[place][0]}`, 1)),
      ...groups.filter(([, , anchor]) => anchor).map(([name, place, anchor]) => ({
        ...entry(name, place, "in the article, checked", 2), page: "article.html", link: `${root}article.html#${anchor}`,
      })),
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
  /* The choice among what is found moves with the arrow keys, while the field keeps the focus; none is chosen at first. */
  const results = byId("results");
  let at = -1;
  const choose = (place) => {
    const links = [...results.querySelectorAll("a")];
    at = place < links.length ? place : -1;
    links.forEach((link, own) => link.setAttribute("aria-selected", String(own === at)));
    if (at < 0) field.removeAttribute("aria-activedescendant");
    else {
      field.setAttribute("aria-activedescendant", links[at].id);
      links[at].scrollIntoView({ block: "nearest" });
    }
  };
  const list = (shown) => {
    results.replaceChildren(...shown.map((one, place) => make("li", { role: "none" }, make("a", {
      id: `found-${place}`, role: "option", "aria-selected": "false", tabindex: "-1", href: one.link,
    }, make("strong", {}, one.name), " ", make("span", {}, one.what)))));
    results.hidden = !shown.length;
    field.setAttribute("aria-expanded", String(shown.length > 0));
    choose(-1);
  };
  const find = async () => {
    const wanted = plain(field.value);
    const entries = await read();
    if (wanted !== plain(field.value)) return;
    if (POSTCODE.test(field.value.trim())) {
      list([]);
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
    list(shown.slice(0, MOST));
    fill("found", !wanted ? "Postcodes are not known here: type a town or a council."
      : found.length ? `${number(shown.length)} found${shown.length > MOST ? `; the first ${MOST} are listed` : ""}. Arrow keys choose, Enter opens.`
      : shown.length ? "Nothing has just this name. Did you mean one of these?" : "Nothing found: try a larger town near it, or the council\u2019s name.");
  };
  field.addEventListener("focus", read);
  field.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && !results.hidden) {
      event.preventDefault();
      choose(step < 0 && at < 0 ? results.children.length - 1 : at + step);
    } else if (event.key === "Escape" && !results.hidden) {
      event.preventDefault();
      list([]);
    }
  });
  field.addEventListener("input", find);
  field.form.addEventListener("submit", async (event) => {
    event.preventDefault();
    /* The one chosen, or of what is found now the first. */
    const chosen = results.querySelector("[aria-selected=true]");
    if (!chosen) await find();
    const link = chosen || results.querySelector("a");
    if (link) location.href = link.href;
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
