// The report in a browser: the list of units, and each unit's findings from a file of its own when it is opened.
"use strict";
const [ID, JAVA, VERDICT, FIXTURES, DIFFERS, CAUSES, OWNER, WORKFLOWS, STATE, STRENGTH] = Array(10).keys();
const SOME = 20, CHUNK = 50, SOON = 30;
const page = { units: [], index: new Map(), rows: [], known: new Map(), waiting: new Map(), shown: [], at: -1, opened: null };

function parityReport(report) {
  page.units = report.units;
  page.columns = find("units").querySelectorAll("thead th").length;
  page.units.forEach((unit, number) => page.index.set(unit[ID], number));
  fill("cause", page.units.flatMap((unit) => unit[CAUSES]));
  fill("owner", page.units.map((unit) => unit[OWNER]));
  fill("workflow", page.units.flatMap((unit) => unit[WORKFLOWS]));
  fill("state", page.units.map((unit) => unit[STATE]));
  expiring(new Date());
  find("filters").addEventListener("input", list);
  find("units").addEventListener("click", click);
  find("filters").addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("keydown", key);
  window.addEventListener("hashchange", follow);
  list();
  follow();
}

function click(event) {
  const at = event.target.closest("tr.unit");
  if (at && event.target.tagName !== "A") at.querySelector("a").click();
}

// ---------------------------------------------------------------- the list

function list() {
  const words = find("find").value.toLowerCase().split(/\s+/).filter(Boolean);
  const verdicts = new Set([...document.querySelectorAll("input[name=verdict]:checked")].map((one) => one.value));
  const [cause, owner, workflow, state] = ["cause", "owner", "workflow", "state"].map((id) => find(id).value);
  page.shown = page.units.filter((unit) => {
    const text = `${unit[ID]} ${unit[JAVA]} ${unit[CAUSES].join(" ")}`.toLowerCase();
    return verdicts.has(unit[VERDICT]) && words.every((word) => text.includes(word)) &&
      (!cause || unit[CAUSES].includes(cause)) && (!owner || unit[OWNER] === owner) &&
      (!workflow || unit[WORKFLOWS].includes(workflow)) && (!state || unit[STATE] === state);
  });
  const table = find("units").querySelector("table");
  table.querySelectorAll("tr.at").forEach((one) => one.classList.remove("at"));
  table.querySelectorAll("tbody").forEach((one) => one.remove());
  const by = find("group").value;
  if (by) page.shown = grouped(table, by);
  else chunks(page.shown, table);
  page.at = -1;
  find("shown").textContent = `${page.shown.length.toLocaleString("en")} of ${page.units.length.toLocaleString("en")} units`;
}

function grouped(table, by) {
  const groups = new Map();
  for (const unit of page.shown) {
    for (const name of names(unit, by)) groups.has(name) ? groups.get(name).push(unit) : groups.set(name, [unit]);
  }
  const order = [];
  for (const name of [...groups.keys()].sort()) {
    const units = groups.get(name);
    const title = make("th", { scope: "rowgroup", role: "rowheader" }, `${name || "none"} (${units.length})`);
    table.append(make("tbody", { class: "group", role: "rowgroup" }, make("tr", { role: "row" }, title)));
    chunks(units, table);
    order.push(...units);
  }
  return order;
}

function names(unit, by) {
  if (by === "owner") return [unit[OWNER]];
  if (by === "workflow") return unit[WORKFLOWS].length ? unit[WORKFLOWS] : [""];
  const module = unit[ID].split(":")[0];
  return [module.includes(".") ? module.slice(0, module.lastIndexOf(".")) : module];
}

// A browser lays out and paints only those chunks that are near the screen (`content-visibility`).
function chunks(units, table) {
  for (let start = 0; start < units.length; start += CHUNK) {
    const some = units.slice(start, start + CHUNK), body = make("tbody", { class: "rows", role: "rowgroup" });
    body.style.setProperty("--rows", some.length);
    for (const unit of some) body.append(row(unit));
    table.append(body);
  }
}

// Each unit has one row, made once; where it is in several groups, the others are copies.
function row(unit) {
  const number = page.index.get(unit[ID]);
  const made = page.rows[number] || (page.rows[number] = newRow(unit));
  return made.isConnected ? made.cloneNode(true) : made;
}

function newRow(unit) {
  page.pattern = page.pattern || pattern();
  const made = page.pattern.cloneNode(true), [id, java, state, ...cells] = made.children;
  const texts = [unit[FIXTURES], unit[DIFFERS] || "–", unit[CAUSES].join(", "), unit[OWNER], unit[STATE], unit[STRENGTH]];
  id.firstChild.href = `#unit=${encodeURIComponent(unit[ID])}`;
  id.firstChild.textContent = unit[ID];
  java.textContent = unit[JAVA];
  state.firstChild.className = `verdict ${unit[VERDICT]}`;
  state.firstChild.textContent = unit[VERDICT];
  cells.forEach((cell, index) => { cell.textContent = texts[index]; });
  return made;
}

function pattern() {
  const numbers = [3, 4, 8];
  const cells = [...Array(page.columns).keys()].map((index) => make("td", { class: numbers.includes(index) ? "number" : "", role: "cell" }));
  cells[0].append(make("a"));
  cells[2].append(make("span"));
  return make("tr", { class: "unit", role: "row" }, ...cells);
}

const verdict = (name) => make("span", { class: `verdict ${name}` }, name);

// How long allowances still last is said by the day on which somebody looks.
function expiring(today) {
  for (const cell of document.querySelectorAll("[data-expires]")) {
    const days = Math.ceil((new Date(cell.dataset.expires) - today) / 86_400_000);
    if (days > SOON) continue;
    cell.append(make("span", { class: "soon" }, days < 0 ? " (over)" : ` (in ${days} days)`));
  }
}

// ---------------------------------------------------------------- one unit

function follow() {
  const asked = /^#unit=(.*)$/.exec(location.hash);
  const number = asked ? page.index.get(decodeURIComponent(asked[1])) : undefined;
  if (number === undefined) return close();
  if (page.known.has(number)) return open(number);
  page.waiting.set(number, true);
  const script = make("script", { src: `units/${number}.js` });
  script.addEventListener("error", () => open(number, { error: { what: `units/${number}.js is not beside this page` } }));
  document.body.append(script);
}

function parityUnit(number, told) {
  page.known.set(number, told);
  if (page.waiting.delete(number)) open(number);
}

function close() {
  const was = page.opened;
  page.opened = null;
  find("unit").hidden = true;
  find("units").hidden = find("filters").hidden = false;
  if (was !== null) move(page.shown.findIndex((unit) => unit[ID] === page.units[was][ID]));
}

function open(number, told = page.known.get(number)) {
  const unit = page.units[number], into = find("unit");
  page.opened = number;
  const back = make("button", { type: "button" }, "← all units");
  back.addEventListener("click", () => { location.hash = "#units"; });
  const title = make("h2", {}, unit[ID], " ", verdict(unit[VERDICT]));
  into.replaceChildren(back, title, make("p", {}, "against ", make("code", {}, unit[JAVA])));
  if (told.error) into.append(make("p", { class: "finding" }, `${told.error.what}: ${told.error.why || ""} ${told.error.hint || ""}`));
  if (told.python || told.java) into.append(sides(source("python", told.python), source("java", told.java)));
  for (const group of told.groups || []) into.append(...cause(group, told.again));
  if (told.more) into.append(make("p", {}, `and ${told.more} findings more, which are counted and not shown`));
  if (!(told.groups || []).length && !told.error) into.append(make("p", {}, "Nothing differs."));
  find("units").hidden = find("filters").hidden = true;
  into.hidden = false;
  into.focus();
  window.scrollTo(0, 0);
}

const sides = (one, other) => make("div", { class: "sides" }, one, other);

function source(side, told) {
  if (!told) return make("figure", {}, make("figcaption", {}, `${side}: its source is not here`));
  const lines = told.text.split("\n").map((text, index) => {
    const number = told.line + index, marked = told.marks.includes(number);
    const label = make("span", { class: "n" }, String(number));
    return make("span", { class: marked ? "l marked" : "l" }, label, text);
  });
  const shown = make("pre", { tabIndex: 0, role: "region", "aria-label": `source of ${side}` }, ...lines);
  return make("figure", {}, make("figcaption", {}, `${side}: ${told.file}:${told.line}`), shown);
}

function cause(group, begin) {
  const shown = (one) => finding(one, begin);
  const known = group.proven === null ? "" : group.proven ? " (proven)" : " (possible)";
  const title = make("h3", {}, `${group.name}${known}: ${group.findings.length} finding${group.findings.length === 1 ? "" : "s"}`);
  const made = [title];
  if (group.fix) made.push(make("p", {}, "in Java: ", make("code", {}, group.fix)));
  if (group.smallest) made.push(make("p", {}, "smallest input: ", make("code", {}, group.smallest)));
  made.push(...group.findings.slice(0, SOME).map(shown));
  const rest = group.findings.slice(SOME);
  if (rest.length) {
    const more = make("button", { type: "button" }, `${rest.length} more`);
    more.addEventListener("click", () => more.replaceWith(...rest.map(shown)));
    made.push(more);
  }
  return made;
}

function finding(one, begin) {
  const [fixture, path, kind, verdictOf, python, java, note, other] = one;
  const again = other || begin + fixture;
  const [left, right] = parted(python, java);
  const copy = make("button", { type: "button" }, "copy");
  copy.addEventListener("click", () => { if (navigator.clipboard) navigator.clipboard.writeText(again); });
  const values = sides(value("python", left), value("java", right));
  const command = make("p", { class: "again" }, "again ", make("code", {}, again), copy);
  const head = make("p", {}, verdict(verdictOf), ` ${kind} at `, make("code", {}, path), ` on ${fixture}${note ? `: ${note}` : ""}`);
  return make("div", { class: "finding" }, head, values, command);
}

function value(side, parts) {
  const shown = make("pre", { class: "value" }, parts[0], parts[1] ? make("mark", {}, parts[1]) : "", parts[2]);
  return make("figure", {}, make("figcaption", {}, side), shown);
}

// What two texts begin and end with is shown as it is; what is between is marked.
function parted(one, other) {
  const most = Math.min(one.length, other.length);
  let start = 0, end = 0;
  while (start < most && one[start] === other[start]) start += 1;
  while (end < most - start && one[one.length - 1 - end] === other[other.length - 1 - end]) end += 1;
  return [one, other].map((text) => [text.slice(0, start), text.slice(start, text.length - end), text.slice(text.length - end)]);
}

// ---------------------------------------------------------------- keys

function step(by) {
  if (page.opened === null) return move(page.at + by);
  const here = page.shown.findIndex((unit) => unit[ID] === page.units[page.opened][ID]);
  const next = page.shown[here + by];
  if (next) location.hash = `#unit=${encodeURIComponent(next[ID])}`;
}
