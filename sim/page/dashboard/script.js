// The page: sliders, table, sentence, and a state that stands in its address.

const ROWS = new Map(DATA.rows.map(row => [row.name, row]));
const COUNT = DATA.rows.find(row => row.kind === "count" && !row.group);
const STOPS = 400; // places of a slider, besides the design points
const SIGNS = ["▼", "◆", "●"];
const CLASSES = ["short", "near", "sure"];
const byId = id => document.getElementById(id);

const state = {
  at: DATA.levers.map((lever, number) => within(number, lever.base)),
  goal: DATA.goal, row: firstRow().name, scenario: null,
};

/** A setting, brought to the nearest that was simulated. */
function within(lever, setting) {
  return Math.min(Math.max(setting, AXES[lever][0]), AXES[lever].at(-1));
}

/** The target whose chance moves most. */
function firstRow() {
  const moves = row => Math.max(...row.chance) - Math.min(...row.chance);
  const targets = DATA.rows.filter(row => row.kind === "target");
  return targets.reduce((best, row) => (moves(row) > moves(best) ? row : best), targets[0]);
}

/** What is told of a row here: of the scenario that was chosen, or read off. */
function current(row) {
  return Object.fromEntries(FIELDS.filter(field => row[field].length).map(field => [field,
    state.scenario === null ? readOff(row, field, state.at) : row[field][state.scenario]]));
}

/** The same in the base run; null where that lies beyond what was simulated. */
function inBase(row, field) {
  const base = DATA.points.findIndex(point => point.base);
  if (base >= 0) return row[field][base];
  const value = readOff(row, field, DATA.levers.map(lever => lever.base));
  return Number.isNaN(value) ? null : value;
}

// ---------------------------------------------------------------------- elements

/** An element with properties, attributes and children; texts are texts, never markup. */
function element(name, {text, ...attributes} = {}, ...children) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
  made.append(...children);
  return made;
}

function drawn(name, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
  made.append(...children);
  return made;
}

function put(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

// ---------------------------------------------------------------------- controls

/** Setting of a lever at a place of its slider: design points catch what is near to them. */
function settingAt(lever, place) {
  const axis = AXES[lever], [low, high] = [axis[0], axis.at(-1)];
  const step = (high - low) / STOPS, setting = low + place * step;
  const near = axis.filter(own => Math.abs(own - setting) <= step / 2);
  return near.length ? near.reduce((a, b) => (Math.abs(a - setting) <= Math.abs(b - setting) ? a : b))
    : Math.min(setting, high);
}

function placeAt(lever, setting) {
  const axis = AXES[lever];
  return Math.round(STOPS * (setting - axis[0]) / (axis.at(-1) - axis[0]));
}

function leverControl(lever, number) {
  const axis = AXES[number], id = `lever${number}`;
  const slider = element("input", {type: "range", id, min: 0, max: STOPS, step: 1});
  slider.addEventListener("input", () => {
    state.scenario = null;
    state.at[number] = settingAt(number, Number(slider.value));
    update(number > 0);
  });
  const ticks = drawn("svg", {class: "ticks", viewBox: "0 0 1000 8", preserveAspectRatio: "none",
    "aria-hidden": "true"}, ...axis.map(own => {
    const x = 1000 * (own - axis[0]) / (axis.at(-1) - axis[0]);
    return drawn("path", {d: `M${x} 0V8`, class: own === lever.base ? "base" : ""});
  }));
  const ends = {low: settingText(lever, axis[0]), high: settingText(lever, axis.at(-1))};
  return element("div", {class: "control"},
    element("label", {for: id, text: lever.name[language]}),
    element("output", {id: `${id}-told`, for: id}), slider, element("div", {class: "track"}, ticks),
    element("p", {class: "ends", text: say("ends", ends)}));
}

function goalControl() {
  const slider = element("input", {type: "range", id: "goal", min: 1, max: 99, step: 1});
  slider.addEventListener("input", () => {
    state.goal = Number(slider.value);
    update(true);
  });
  return element("div", {class: "control goal"},
    element("label", {for: "goal", text: say("enough")}),
    element("output", {id: "goal-told", for: "goal"}), slider,
    element("p", {class: "ends", id: "reached"}));
}

/** The base run and the scenarios: a simulated point each. */
function presets() {
  const told = DATA.points.map((point, number) => ({point, number}))
    .filter(({point}) => point.base || point.scenario);
  told.sort((a, b) => b.point.base - a.point.base);
  const buttons = told.map(({point, number}) => {
    const text = point.base ? say("base") : point.scenario[language];
    const button = element("button", {type: "button", "data-point": number, text});
    button.addEventListener("click", () => {
      state.at = point.settings.map((own, lever) => within(lever, own));
      state.scenario = point.on ? null : number;
      update(true);
    });
    return button;
  });
  return element("div", {class: "presets", role: "group", "aria-label": say("scenarios")}, ...buttons);
}

function showControls() {
  DATA.levers.forEach((lever, number) => {
    const slider = byId(`lever${number}`), text = settingInBase(lever, state.at[number]);
    slider.value = placeAt(number, state.at[number]);
    slider.setAttribute("aria-valuetext", text);
    put(byId(`lever${number}-told`), text);
  });
  byId("goal").value = state.goal;
  const goal = chanceText(state.goal / 100);
  byId("goal").setAttribute("aria-valuetext", goal);
  put(byId("goal-told"), goal);
  const here = state.scenario ?? designPoint(state.at)?.number;
  document.querySelectorAll("[data-point]").forEach(button =>
    button.setAttribute("aria-pressed", String(Number(button.dataset.point) === here)));
}

// ---------------------------------------------------------------------- table

const cells = new Map();

function buildTable() {
  const table = document.querySelector("table");
  table.querySelectorAll("tbody").forEach(body => body.remove());
  cells.clear();
  const parts = [["", say("together")], ...Object.entries(DATA.groups).map(([id, name]) => [id, name[language]])];
  parts.forEach(([group, name]) => {
    const rows = DATA.rows.filter(row => row.group === group);
    const order = rows.filter(row => row.kind === "target").concat(rows.filter(row => row.kind !== "target"));
    if (!rows.length) return;
    const head = element("tr", {class: "group"},
      element("th", {scope: "rowgroup", colspan: 5, text: name}));
    table.append(element("tbody", {}, head, ...order.map(buildRow)));
  });
}

function buildRow(row) {
  const told = say(`direction_means.${row.direction}`, {lever: DATA.levers[0].name[language]});
  const direction = element("span", {class: "direction", title: told,
    text: DATA.words[`direction.${row.direction}`][language]});
  const look = element("button", {type: "button", class: "look"}, row.label[language], "\u00a0", direction);
  look.addEventListener("click", () => {
    state.row = row.name;
    update(true);
  });
  const bar = drawn("svg", {class: "bar", viewBox: "0 0 100 12", preserveAspectRatio: "none", "aria-hidden": "true"},
    drawn("rect", {height: 12}), drawn("path", {class: "whisker"}), drawn("path", {class: "limit"}));
  const own = {
    line: element("tr"), sign: element("span", {class: "sign", "aria-hidden": "true"}),
    heard: element("span", {class: "heard"}), chance: element("span", {class: "told"}), bar,
    value: element("td", {class: "number"}), from: element("td", {class: "number"}),
  };
  const chance = element("td", {class: "chance"});
  if (row.chance.length) chance.append(bar, own.sign, own.heard, own.chance);
  const reading = element("span", {class: "reading", text: row.reading[language]});
  own.line.append(element("th", {scope: "row"}, look, reading), chance, own.value,
    element("td", {class: "number goal", text: row.goal[language]}), own.from);
  cells.set(row, own);
  return own.line;
}

/** What has changed in a row. */
function showRow(row, own, enoughToo) {
  const here = current(row), goal = state.goal / 100;
  own.line.setAttribute("aria-current", String(row.name === state.row));
  if (row.chance.length) {
    const reach = here.low >= goal ? 2 : here.high >= goal ? 1 : 0;
    put(own.sign, SIGNS[reach]);
    put(own.heard, ` ${say(CLASSES[reach])} `);
    put(own.chance, intervalText(here.chance, here.low, here.high));
    own.line.className = CLASSES[reach];
    const [rect, whisker, limit] = own.bar.children;
    rect.setAttribute("width", (100 * here.chance).toFixed(2));
    whisker.setAttribute("d", `M${(100 * here.low).toFixed(2)} 6H${(100 * here.high).toFixed(2)}`);
    limit.setAttribute("d", `M${state.goal} 0V12`);
  }
  if (row.kind === "count") {
    put(own.value, `${fixed(here.mean, 1)} (${even(here.p05)}–${even(here.p95)})`);
  } else if (row.p50.length) {
    put(own.value, spread(row, here.p50, here.p05, here.p95));
  }
  if (enoughToo && row.chance.length) {
    const found = enough(row, goal, state.at[1] ?? null);
    const setting = found.at === undefined ? "" : settingText(DATA.levers[0], roundOut(found));
    put(own.from, say(found.kind, {setting}));
  }
}

/** A setting at which it is enough, rounded to three digits on the safe side. */
function roundOut({kind, at}) {
  const size = 10 ** (Math.floor(Math.log10(Math.abs(at) || 1)) - 2);
  const near = Math.round(at / size);
  if (Math.abs(at / size - near) < 1e-6) return near * size;
  const rounded = (kind === "from" ? Math.ceil : Math.floor)(at / size) * size;
  return Math.min(Math.max(rounded, AXES[0][0]), AXES[0].at(-1));
}

function headers() {
  const goal = chanceText(state.goal / 100);
  const names = ["target", "chance", "value", "goal"].map(key => say(`column.${key}`));
  const all = [...names, say("column.from", {goal})];
  document.querySelector("thead").replaceChildren(element("tr", {}, ...all.map((text, place) =>
    element("th", {scope: "col", class: place > 1 ? "number" : "", text}))));
  const means = ["sure", "near", "short"].map((name, place) => say("key", {
    sign: SIGNS[2 - place], word: say(name), means: say(`${name}_means`, {goal})}));
  byId("key").replaceChildren(...means.map((text, place) =>
    element("span", {class: CLASSES[2 - place], text})));
}

// ---------------------------------------------------------------------- words

function named(rows) {
  const list = rows.slice(0, 3).map(row => say("quoted", {name: row.label[language]}))
    .join(DATA.words["list.separator"][language]);
  return rows.length > 3 ? say("and_others", {list}) : list;
}

function sentence() {
  const goal = state.goal / 100, judged = DATA.rows.filter(row => row.decides);
  const now = judged.filter(row => current(row).chance >= goal);
  put(byId("reached"), say("reached", {count: now.length, total: judged.length}));
  const before = judged.map(row => inBase(row, "chance"));
  let change = "";
  if (!before.includes(null)) {
    const was = judged.filter((row, place) => before[place] >= goal);
    const more = now.filter(row => !was.includes(row)), fewer = was.filter(row => !now.includes(row));
    const key = more.length && fewer.length ? "both" : more.length ? "more" : fewer.length ? "fewer" : "same";
    const told = key === "fewer" ? fewer : more;
    change = say(key, {count: told.length, list: named(told), fewer: fewer.length, fewer_list: named(fewer)});
  }
  const place = state.scenario === null ? say("with", {at: placeText(state.at)})
    : say("in_scenario", {scenario: DATA.points[state.scenario].scenario[language]});
  return say("sentence", {place, change, goal: chanceText(goal), count: now.length, total: judged.length,
    mean: COUNT ? fixed(current(COUNT).mean, 1) : "0"});
}

function notice() {
  const replications = fixed(DATA.points[state.scenario ?? 0].replications, 0);
  if (state.scenario !== null) return say("notice.scenario", {replications});
  if (designPoint(state.at)) return say("notice.design", {replications});
  if (!DATA.left) return say("notice.between_untried");
  return say("notice.between", {error: fixed(100 * DATA.left.mean, 1)});
}

let waiting = null;

/** A screen reader hears the sentence once the slider rests. */
function tell(text) {
  clearTimeout(waiting);
  waiting = setTimeout(() => put(byId("live"), text), 400);
}

function showWords() {
  const text = sentence(), row = ROWS.get(state.row);
  put(byId("sentence"), text);
  put(byId("notice"), notice());
  tell(text);
  put(byId("shown"), row.label[language]);
  const here = current(row);
  const told = panels(row).map(panel => say("chart.part",
    {title: panel.title, value: panel.spread(...panel.fields.map(field => here[field]))}));
  put(byId("told"), say("chart.told", {at: hereText(), list: told.join(DATA.words["list.clause"][language])}));
}

function foot() {
  const told = [];
  if (DATA.left) {
    told.push(say("foot.left", {points: DATA.left.points, mean: fixed(100 * DATA.left.mean, 1),
      worst: fixed(100 * DATA.left.worst, 0), row: DATA.left.row[language], at: DATA.left.at[language]}));
  } else {
    told.push(say("foot.untried"));
  }
  told.push(say("foot.stamp", stamp()));
  const more = [say("foot.method"), ...DATA.cautions.map(own => own[language]),
    say("foot.command", {command: DATA.command})];
  byId("foot").replaceChildren(...told.map(text => element("p", {text})), element("details", {},
    element("summary", {text: say("foot.more")}), ...more.map(text => element("p", {text}))));
}

// ---------------------------------------------------------------------- state

/** All that is shown follows the state; ``whole``: more than the place of the first slider. */
function update(whole) {
  showControls();
  if (whole) headers();
  cells.forEach((own, row) => showRow(row, own, whole));
  showWords();
  moveChart(whole);
  remember();
}

function speak(to) {
  language = to;
  document.documentElement.lang = to === "zh" ? "zh-CN" : "en";
  document.querySelectorAll("[data-say]").forEach(node => put(node, say(node.dataset.say)));
  document.querySelectorAll("[data-name]").forEach(node =>
    node.setAttribute("aria-label", say(node.dataset.name)));
  const title = say("title", {lever: DATA.levers.map(lever => lever.name[language]).join(say("and"))});
  put(byId("title"), title);
  document.title = `${title} · ${DATA.plan[language]}`;
  put(byId("language"), say("other"));
  put(byId("live"), "");
  byId("controls").replaceChildren(...DATA.levers.map(leverControl), goalControl(), presets());
  put(byId("reads"), reads());
  buildTable();
  foot();
  update(true);
}

function remember() {
  const own = new URLSearchParams({lang: language, at: state.at.join(","), goal: state.goal, row: state.row});
  if (state.scenario !== null) own.set("scenario", state.scenario);
  history.replaceState(null, "", `#${own}`);
}

/** What the address says; what it cannot say is left as it is. Returns the language. */
function recall() {
  const own = new URLSearchParams(location.hash.slice(1));
  const given = (own.get("at") || "").split(",").filter(Boolean).map(Number);
  if (given.length === DATA.levers.length && given.every(Number.isFinite)) {
    state.at = given.map((setting, lever) => within(lever, setting));
  }
  const goal = Number(own.get("goal"));
  if (Number.isInteger(goal) && goal >= 1 && goal <= 99) state.goal = goal;
  if (ROWS.has(own.get("row"))) state.row = own.get("row");
  const scenario = own.has("scenario") ? DATA.points[Number(own.get("scenario"))] : undefined;
  state.scenario = scenario && !scenario.on ? Number(own.get("scenario")) : null;
  if (DATA.words.kind[own.get("lang")]) return own.get("lang");
  return navigator.language.startsWith("zh") ? "zh" : "en";
}

// ---------------------------------------------------------------------- what is taken away

/** A table of what is shown here and of all that was simulated. */
function csv() {
  const columns = ["kind", ...DATA.levers.map(lever => lever.key), "scenario", "id", "target", ...FIELDS, "unit"];
  const head = columns.map(key => (DATA.words[`csv_column.${key}`] ? say(`csv_column.${key}`) : key));
  const line = (kind, settings, scenario, row, numbers) => [say(`csv_kind.${kind}`), ...settings, scenario,
    row.name, row.label[language], ...FIELDS.map(field => numbers(field) ?? ""), row.unit[language]];
  const here = state.scenario === null
    ? DATA.rows.map(row => line(designPoint(state.at) ? "design" : "between", state.at, "", row,
      field => current(row)[field])) : [];
  const simulated = DATA.points.flatMap((point, number) => DATA.rows.map(row =>
    line(point.on ? "design" : "scenario", point.settings, point.scenario?.[language] ?? "", row,
      field => row[field][number])));
  return `\ufeff${[head, ...here, ...simulated].map(cellsOf => cellsOf.map(quoted).join(",")).join("\r\n")}\r\n`;
}

/** A cell that a spreadsheet takes for what it is: no text becomes a formula. */
function quoted(cell) {
  if (typeof cell === "number") return String(cell);
  const text = /^[=+\-@\t]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function save(name, address) {
  const link = element("a", {href: address, download: name});
  document.body.append(link);
  link.click();
  link.remove();
}

const SAVED = {
  csv: () => URL.createObjectURL(new Blob([csv()], {type: "text/csv;charset=utf-8"})),
  png: () => picture("png"),
  svg: () => picture("svg"),
};

Object.entries(SAVED).forEach(([kind, address]) => byId(kind).addEventListener("click", () =>
  save(`dashboard_${state.row.replaceAll(":", "_")}_${language}.${kind}`, address())));
byId("language").addEventListener("click", () => speak(language === "zh" ? "en" : "zh"));
byId("link").addEventListener("click", async () => {
  await navigator.clipboard?.writeText(location.href).catch(() => undefined);
  tell(say("copied"));
});
window.addEventListener("hashchange", () => speak(recall()));
new ResizeObserver(() => chart && chart.resize()).observe(byId("chart"));
speak(recall());
const firstChart = performance.now(); // milliseconds after the page was asked for
document.fonts.load(`13px ${DATA.fonts}`).then(() => drawChart());
