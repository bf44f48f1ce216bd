// What all pages make their elements with.
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
