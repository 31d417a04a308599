/* Search among the areas. */
"use strict";

{
  const items = [...document.querySelectorAll("[data-find]")];
  const sections = [...document.querySelectorAll(".areas-section")];
  const search = byId("search");
  const update = () => {
    const parts = plain(search.value).split(" ").filter(Boolean);
    let found = 0;
    for (const item of items) {
      const text = plain(item.dataset.find);
      item.hidden = !parts.every((part) => text.includes(part));
      if (!item.hidden) found += 1;
    }
    for (const section of sections) section.hidden = !section.querySelector("[data-find]:not([hidden])");
    fill("found", found === 1 ? "1 area" : `${number(found)} areas`);
  };
  search.addEventListener("input", update);
  search.addEventListener("keydown", (event) => {
    const visible = items.filter((item) => !item.hidden);
    if (event.key === "Enter" && visible.length) location.href = visible[0].querySelector("a").href;
  });
  if (search.value) update();
}
