// What all pages make their elements with, and the keys that they hear: `page` and `step` are the page's own.
"use strict";
const find = (id) => document.getElementById(id);

function make(name, properties = {}, ...inside) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key === "class") made.className = value;
    else if (key in made) made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...inside.filter((one) => one !== null && one !== undefined));
  return made;
}

function fill(id, values) {
  const counts = new Map();
  for (const one of values) if (one) counts.set(one, (counts.get(one) || 0) + 1);
  for (const one of [...counts.keys()].sort()) find(id).append(make("option", { value: one }, `${one} (${counts.get(one)})`));
  find(id).parentElement.hidden = !counts.size;
}

function key(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") {
    if (page.opened !== null) location.hash = "#units";
    else document.activeElement.blur();
    return;
  }
  if (/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
  if (event.key === "/") { event.preventDefault(); find("find").focus(); }
  if (event.key === "j" || event.key === "k") step(event.key === "j" ? 1 : -1);
}

function move(to) {
  const rows = document.querySelectorAll("tr.unit");
  if (to < 0 || to >= rows.length) return;
  if (rows[page.at]) rows[page.at].classList.remove("at");
  page.at = to;
  rows[to].classList.add("at");
  rows[to].querySelector("a").focus();
}
