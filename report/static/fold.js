/* Parts that a narrow screen folds away: a button names what it opens. */
"use strict";

document.addEventListener("click", ({ target }) => {
  const button = target.closest("button[aria-expanded]");
  if (button) button.setAttribute("aria-expanded", String(button.getAttribute("aria-expanded") !== "true"));
});
