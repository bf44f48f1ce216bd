// A scan in a browser: who calls whom, the list of units, and one unit with its source, from a file of its own.
"use strict";
const [ID, FILE, LINE_AT, CLASS, OWN, ENTRY, CALLS, PORTS, COUPLINGS, JAVA, STATE, OWNER] = Array(12).keys();
const CHUNK = 100, AT_ONCE = 300, MOST_DRAWN = 70, MOST_NEAR = 14, AROUND = 3;
const page = { units: [], callers: [], ports: [], files: [], index: new Map(), known: new Map(), asked: new Set(), shown: [], listed: 0, at: -1, opened: null };

function parityScan(scan) {
  Object.assign(page, scan);
  page.units.forEach((unit, number) => page.index.set(unit[ID], number));
  page.callers = page.units.map(() => []);
  page.units.forEach((unit, number) => { for (const to of unit[CALLS]) page.callers[to].push(number); });
  fill("place", page.units.flatMap((unit) => above(module(unit))));
  fill("port", page.units.flatMap((unit) => [...new Set(unit[PORTS].flatMap((port) => [page.ports[port][0], page.ports[port].join(" ")]))]));
  fill("entry", page.units.map((unit) => unit[ENTRY].split(" ")[0]));
  fill("state", page.units.map((unit) => unit[STATE]));
  fill("owner", page.units.map((unit) => unit[OWNER]));
  fill("coupling", page.units.flatMap((unit) => unit[COUPLINGS]));
  find("filters").addEventListener("input", list);
  find("filters").addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("keydown", key);
  window.addEventListener("hashchange", follow);
  list();
  follow();
}

const module = (unit) => unit[ID].split(":")[0];
const above = (name) => name.split(".").map((_, at, parts) => parts.slice(0, at + 1).join("."));
const within = (name, place) => name === place || name.startsWith(`${place}.`);
const klass = (name) => make("span", { class: `class ${name}` }, name);
const link = (number, text = page.units[number][ID]) => make("a", { href: `#unit=${encodeURIComponent(page.units[number][ID])}` }, text);

// ---------------------------------------------------------------- the list

function list() {
  const words = find("find").value.toLowerCase().split(/\s+/).filter(Boolean);
  const classes = new Set([...document.querySelectorAll("input[name=class]:checked")].map((one) => one.value));
  const of = find("of").value === "own" ? OWN : CLASS;
  const [place, port, entry, state, owner, coupling] = ["place", "port", "entry", "state", "owner", "coupling"].map((id) => find(id).value);
  const passes = (unit) =>
    classes.has(unit[of]) && (!place || within(module(unit), place)) &&
    (!port || unit[PORTS].some((one) => page.ports[one][0] === port || page.ports[one].join(" ") === port)) &&
    (!entry || unit[ENTRY].split(" ")[0] === entry) && (!state || unit[STATE] === state) &&
    (!owner || unit[OWNER] === owner) && (!coupling || unit[COUPLINGS].includes(coupling)) &&
    words.every((word) => `${unit[ID]} ${unit[JAVA]} ${unit[ENTRY]}`.toLowerCase().includes(word));
  page.shown = [...page.units.keys()].filter((number) => passes(page.units[number]));
  const table = find("units").querySelector("table");
  table.querySelectorAll("tbody").forEach((one) => one.remove());
  page.listed += 1;
  page.at = -1;
  find("shown").textContent = `${page.shown.length.toLocaleString("en")} of ${page.units.length.toLocaleString("en")} units`;
  chunks(page.shown, table);
  draw(place, of);
}

// What fits on a few screens is there at once, the rest soon after.
function chunks(units, table, begin = 0, listed = page.listed) {
  for (let start = begin; start < units.length; start += CHUNK) {
    if (start - begin >= AT_ONCE) {
      setTimeout(() => { if (listed === page.listed) chunks(units, table, start, listed); });
      return;
    }
    table.append(make("tbody", { class: "rows" }, ...units.slice(start, start + CHUNK).map(row)));
  }
}

function row(number) {
  const unit = page.units[number], anchor = link(number);
  const made = make("tr", { class: "unit" });
  made.append(
    make("td", {}, anchor), make("td", {}, klass(unit[CLASS])), make("td", {}, klass(unit[OWN])),
    make("td", {}, unit[PORTS].map((port) => page.ports[port].join(" ")).join(", ")),
    make("td", { class: "number" }, String(page.callers[number].length)), make("td", { class: "number" }, String(unit[CALLS].length)),
    make("td", {}, unit[ENTRY]), make("td", {}, unit[JAVA]), make("td", {}, unit[STATE]),
  );
  made.addEventListener("click", (event) => { if (event.target.tagName !== "A") anchor.click(); });
  return made;
}

// ---------------------------------------------------------------- who calls whom

// The units that are shown, as finely as can still be read: each by itself, by module, or by package.
function draw(place, of) {
  const [name, by] = grain(place);
  const groups = new Map();
  for (const number of page.shown) {
    const key = by(page.units[number]);
    groups.set(key, [...(groups.get(key) || []), number]);
  }
  const nodes = [...groups].map(([key, numbers]) => node(key, numbers, of, name));
  const at = new Map([...groups.values()].flatMap((numbers, group) => numbers.map((number) => [number, group])));
  const weights = new Map(), ports = new Map();
  const tie = (from, to) => weights.set(`${from} ${to}`, (weights.get(`${from} ${to}`) || 0) + 1);
  for (const number of page.shown) {
    for (const to of page.units[number][CALLS]) if (at.has(to) && at.get(to) !== at.get(number)) tie(at.get(number), at.get(to));
    for (const port of page.units[number][PORTS]) {
      const shown = nodes.length > MOST_DRAWN / 2 ? page.ports[port][0] : page.ports[port].join(" ");
      if (!ports.has(shown)) ports.set(shown, ports.size);
      tie(at.get(number), nodes.length + ports.get(shown));
    }
  }
  const edges = [...weights].map(([key, weight]) => { const [from, to] = key.split(" ").map(Number); return { from, to, weight }; });
  const inner = edges.filter(({ to }) => to < nodes.length);
  const ranks = columns(nodes.length, inner), last = Math.max(-1, ...ranks) + 1;
  const all = [...nodes, ...[...ports.keys()].map((text) => ({ text, kind: "port outside of the project", out: true }))];
  find("drawn").textContent = `Who calls whom, by ${name}: ${nodes.length} and ${ports.size} ports`;
  find("graph").replaceChildren(all.length ? drawing(all, edges, [...ranks, ...[...ports].map(() => last)]) : "nothing is shown");
  for (const one of find("graph").querySelectorAll("a")) one.addEventListener("click", (event) => narrow(event, one));
}

function grain(place) {
  const count = (by) => new Set(page.shown.map((number) => by(page.units[number]))).size;
  const alone = ["unit", (unit) => unit[ID]], modules = ["module", module];
  if (page.shown.length <= MOST_DRAWN) return alone;
  const deepest = Math.max(...page.shown.map((number) => module(page.units[number]).split(".").length));
  const least = place ? place.split(".").length + 1 : 1;
  let best = ["package", (unit) => above(module(unit)).slice(0, least).pop()];
  for (let depth = least + 1; depth <= deepest; depth += 1) {
    const by = (unit) => above(module(unit)).slice(0, depth).pop();
    if (count(by) <= MOST_DRAWN) best = ["package", by];
  }
  if (count(module) <= MOST_DRAWN) best = modules;
  return best[0] === "module" && count(module) === 1 ? ["class", (unit) => unit[ID].split(".<locals>")[0].replace(/(:[^.]+).*$/, "$1")] : best;
}

// A node stands for units: its colour is that of the class that asks the most of who ports them.
function node(key, numbers, of, name) {
  const counts = new Map();
  for (const number of numbers) counts.set(page.units[number][of], (counts.get(page.units[number][of]) || 0) + 1);
  const worst = page.ladder.filter((one) => counts.has(one)).pop();
  const told = page.ladder.filter((one) => counts.has(one)).map((one) => `${counts.get(one)} ${one}`).join(", ");
  const alone = name === "unit";
  const href = alone ? `#unit=${encodeURIComponent(key)}` : name === "class" ? `#find=${encodeURIComponent(key)}` : `#place=${encodeURIComponent(key)}`;
  return { text: alone ? key.split(":").pop() + ` (${key.split(":")[0]})` : key, kind: alone ? worst : `${worst} is the most; ${told}`, href };
}

function narrow(event, anchor) {
  const [what, value] = anchor.getAttribute("href").slice(1).split("=");
  if (what === "unit") return;
  event.preventDefault();
  find(what).value = decodeURIComponent(value);
  list();
}

// ---------------------------------------------------------------- one unit

function follow() {
  const asked = /^#unit=(.*)$/.exec(location.hash);
  const number = asked ? page.index.get(decodeURIComponent(asked[1])) : undefined;
  if (number === undefined) return close();
  const file = page.units[number][FILE];
  page.opened = number;
  if (page.known.has(file)) return open(number);
  if (page.asked.has(file)) return undefined;
  page.asked.add(file);
  const script = make("script", { src: `files/${file}.js` });
  script.addEventListener("error", () => parityFile(file, null));
  document.body.append(script);
  return undefined;
}

function parityFile(file, told) {
  page.known.set(file, told);
  if (page.opened !== null && page.units[page.opened][FILE] === file) open(page.opened);
}

function close() {
  const was = page.opened;
  page.opened = null;
  find("unit").hidden = true;
  for (const id of ["units", "filters", "map"]) find(id).hidden = false;
  if (was !== null) move(page.shown.indexOf(was));
}

function open(number) {
  const unit = page.units[number], into = find("unit"), file = page.known.get(unit[FILE]);
  const back = make("button", { type: "button" }, "← all units");
  back.addEventListener("click", () => { location.hash = "#units"; });
  into.replaceChildren(back, make("h2", {}, unit[ID], " ", klass(unit[CLASS])));
  if (!file) into.append(make("p", { class: "finding" }, `files/${unit[FILE]}.js is not beside this page`));
  else into.append(facts(unit, file.units[number]), make("h3", {}, "Who calls it, what it calls"), near(number), ...effects(file.units[number]), ...calls(number, file.units[number]), source(unit, file, file.units[number]));
  for (const id of ["units", "filters", "map"]) find(id).hidden = true;
  into.hidden = false;
  into.focus();
  window.scrollTo(0, 0);
}

function facts(unit, told) {
  const rowsOf = [
    ["where", `${page.files[unit[FILE]]}:${unit[LINE_AT]}`], ["kind", told.kind], ["own body", klass(unit[OWN])], ["entered as", told.entry.join(", ")],
    ["takes", told.requires.join(", ")], ["gives", told.provides], ["reads", told.reads.join(", ")], ["writes", told.writes.join(", ")],
    ["raises", told.raises.map((one) => `${one.name} (line ${one.line})`).join(", ")],
    ["couplings", told.couplings.map((one) => `${one.kind}: ${one.about} (line ${one.line})`).join("; ")],
    ["counterpart", unit[JAVA]], ["state", unit[STATE]], ["owner", unit[OWNER]],
  ];
  return make("dl", {}, ...rowsOf.filter(([, value]) => value).flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]));
}

// Who calls a unit stands left of it, what it calls and does right.
function near(number) {
  const unit = page.units[number], nodes = [], edges = [], ranks = [], centre = 0;
  const add = (shown, rank, from, to) => {
    nodes.push(shown);
    ranks.push(rank);
    if (nodes.length > 1) edges.push({ from: from ?? nodes.length - 1, to: to ?? nodes.length - 1, weight: 1 });
  };
  const shown = (other) => ({ text: page.units[other][ID].split(":").pop() + ` (${module(page.units[other])})`, kind: page.units[other][CLASS], href: `#unit=${encodeURIComponent(page.units[other][ID])}` });
  const callers = page.callers[number].filter((one) => one !== number), called = unit[CALLS].filter((one) => one !== number);
  add({ ...shown(number), here: true }, callers.length ? 1 : 0);
  const middle = ranks[0];
  for (const one of callers.slice(0, MOST_NEAR)) add(shown(one), 0, undefined, centre);
  if (callers.length > MOST_NEAR) add({ text: `and ${callers.length - MOST_NEAR} more`, kind: "listed below", out: true }, 0, undefined, centre);
  for (const one of called.slice(0, MOST_NEAR)) add(shown(one), middle + 1, centre);
  if (called.length > MOST_NEAR) add({ text: `and ${called.length - MOST_NEAR} more`, kind: "listed below", out: true }, middle + 1, centre);
  for (const port of unit[PORTS]) add({ text: page.ports[port].join(" "), kind: "port outside of the project", out: true }, middle + 1, centre);
  return make("div", { class: "near" }, drawing(nodes, edges, ranks));
}

function effects(told) {
  if (!told.effects.length) return [make("p", {}, "It does nothing but return or raise.")];
  const items = told.effects.map((one) => {
    const way = one.via.flatMap((step) => [" → ", page.index.has(step) ? link(page.index.get(step), step) : step]);
    const via = one.via.length ? make("span", { class: "via" }, " by way of", ...way) : null;
    return make("li", {}, `${one.kind}: `, make("code", {}, one.api), ` at ${one.file}:${one.line}`, via);
  });
  return [make("h3", {}, "What it does besides returning"), make("ul", {}, ...items)];
}

function calls(number, told) {
  const made = [];
  const to = told.calls.map((one) => make("li", {}, page.index.has(one.to) ? link(page.index.get(one.to)) : one.to, ` line ${one.line}, ${one.how}${one.seen ? ", seen in a run" : ""}`));
  if (to.length) made.push(make("details", {}, make("summary", {}, `${to.length} calls within the project`), make("ul", {}, ...to)));
  const from = page.callers[number].map((one) => make("li", {}, link(one)));
  if (from.length) made.push(make("details", {}, make("summary", {}, `called by ${from.length}`), make("ul", {}, ...from)));
  const open_ = told.unresolved.map((one) => make("li", {}, make("code", {}, one.text), ` line ${one.line}: ${one.why}`));
  if (open_.length) made.push(make("h3", {}, "Calls without a target"), make("ul", {}, ...open_));
  return made;
}

function source(unit, file, told) {
  if (!file.text) return make("p", {}, "its source is not here");
  const lines = file.text.split("\n");
  const marks = new Set(told.effects.filter((one) => !one.via.length).map((one) => one.line));
  const shown = make("pre", { tabIndex: 0, role: "region", "aria-label": "its source" });
  const put = (first, last) => shown.replaceChildren(...lines.slice(first - 1, last).map((text, index) => {
    const number = first + index;
    return make("span", { class: marks.has(number) ? "l marked" : "l" }, make("span", { class: "n" }, String(number)), text);
  }));
  put(Math.max(1, unit[LINE_AT] - AROUND), told.kind === "module" ? lines.length : told.end);
  const whole = make("button", { type: "button" }, "the whole file");
  whole.addEventListener("click", () => { put(1, lines.length); whole.remove(); shown.children[unit[LINE_AT] - 1].scrollIntoView(); });
  return make("figure", {}, make("figcaption", {}, `${page.files[unit[FILE]]}:${unit[LINE_AT]} `, whole), shown);
}

// ---------------------------------------------------------------- keys

function step(by) {
  if (page.opened === null) return move(page.at + by);
  const next = page.shown[page.shown.indexOf(page.opened) + by];
  if (next !== undefined) location.hash = `#unit=${encodeURIComponent(page.units[next][ID])}`;
  return undefined;
}
