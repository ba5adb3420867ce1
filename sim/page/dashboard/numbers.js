"use strict";
// Curves between design points, and how numbers are written: as everywhere else in kepusim.

const DATA = JSON.parse(document.getElementById("data").textContent);

// ---------------------------------------------------------------------- curves

/** Slopes at the points of the piecewise cubic that nowhere overshoots (Fritsch and Butland 1984). */
function slopes(x, y) {
  const widths = x.slice(1).map((own, k) => own - x[k]);
  const rises = widths.map((width, k) => (y[k + 1] - y[k]) / width);
  if (rises.length === 1) return [rises[0], rises[0]];
  const found = [atEnd(widths[0], widths[1], rises[0], rises[1])];
  for (let k = 1; k < rises.length; k += 1) {
    const [left, right] = [2 * widths[k] + widths[k - 1], widths[k] + 2 * widths[k - 1]];
    found.push(rises[k - 1] * rises[k] <= 0 ? 0
      : (left + right) / (left / rises[k - 1] + right / rises[k]));
  }
  const last = rises.length - 1;
  return [...found, atEnd(widths[last], widths[last - 1], rises[last], rises[last - 1])];
}

function atEnd(near, far, rise, next) {
  const slope = ((2 * near + far) * rise - near * next) / (near + far);
  if (Math.sign(slope) !== Math.sign(rise)) return 0;
  return Math.sign(rise) !== Math.sign(next) && Math.abs(slope) > 3 * Math.abs(rise)
    ? 3 * rise : slope;
}

/** The curve through points as a function; at a point it is the point, beyond the ends nothing. */
function pchip(x, y) {
  if (x.length === 1) return at => (at === x[0] ? y[0] : NaN);
  const d = slopes(x, y);
  return at => {
    let k = 0;
    while (k < x.length - 2 && at >= x[k + 1]) k += 1;
    if (at === x[k]) return y[k];
    if (at === x[k + 1]) return y[k + 1];
    if (!(at > x[0] && at < x[x.length - 1])) return NaN;
    const width = x[k + 1] - x[k];
    const t = (at - x[k]) / width, u = 1 - t;
    return y[k] * u * u * (1 + 2 * t) + y[k + 1] * t * t * (1 + 2 * u)
      + width * t * u * (d[k] * u - d[k + 1] * t);
  };
}

// ---------------------------------------------------------------------- the grid

const FIELDS = ["chance", "low", "high", "mean", "p05", "p50", "p95"];
const GRID = DATA.points.map((point, number) => ({...point, number})).filter(point => point.on);
const AXES = DATA.levers.map((_, lever) =>
  [...new Set(GRID.map(point => point.settings[lever]))].sort((a, b) => a - b));
const SECONDS = AXES[1] || [null];

/** Numbers of the design points along the first lever, by setting of the second. */
const LINES = SECONDS.map(second => GRID
  .filter(point => second === null || point.settings[1] === second)
  .sort((a, b) => a.settings[0] - b.settings[0])
  .map(point => point.number));

/** Curves along the first lever, by row, field and setting of the second lever. */
const CURVES = new Map(DATA.rows.map(row => [row, Object.fromEntries(
  FIELDS.filter(field => row[field].length).map(field => [field,
    LINES.map(line => pchip(AXES[0], line.map(number => row[field][number])))]))]));

/** What is read off for a row at settings of the levers; NaN where nothing was simulated. */
function readOff(row, field, settings) {
  const own = CURVES.get(row)[field];
  if (!own) return null;
  const heights = own.map(curve => curve(settings[0]));
  return SECONDS.length === 1 ? heights[0] : pchip(SECONDS, heights)(settings[1]);
}

/** The design point at these settings, if there is one. */
function designPoint(settings) {
  return GRID.find(point => point.settings.every((own, lever) => own === settings[lever]));
}

/**
 * Where on the first lever the chance of a row is enough: from a setting, up to one, everywhere,
 * nowhere, or in parts. A curve of which no test says otherwise is taken for monotone: it is enough
 * from where on it stays so.
 */
function enough(row, goal, second) {
  const curve = setting => readOff(row, "chance", [setting, second]);
  const steps = AXES[0].flatMap((low, k) => k + 1 === AXES[0].length ? [low]
    : Array.from({length: 24}, (_, part) => low + (AXES[0][k + 1] - low) * part / 24));
  const reached = steps.map(setting => curve(setting) >= goal);
  if (reached.every(Boolean)) return {kind: "always"};
  if (!reached.some(Boolean)) return {kind: "never"};
  const last = reached.lastIndexOf(false), first = reached.indexOf(false);
  const rises = row.direction === "up" || !reached.slice(0, last).some(Boolean);
  const falls = row.direction === "down" || !reached.slice(first).some(Boolean);
  if (reached.at(-1) && rises) {
    return {kind: "from", at: crossing(curve, steps[last], steps[last + 1], goal)};
  }
  if (reached[0] && falls) {
    return {kind: "up_to", at: crossing(curve, steps[first], steps[first - 1], goal)};
  }
  return {kind: "parts"};
}

/** Where a curve reaches a height, on the side where it has. */
function crossing(curve, below, above, height) {
  for (let k = 0; k < 30; k += 1) {
    const middle = (below + above) / 2;
    if (curve(middle) >= height) above = middle; else below = middle;
  }
  return above;
}

// ---------------------------------------------------------------------- words and numbers

let language = "zh";

/** A text of the page with its values filled in. */
function say(key, values = {}) {
  return DATA.words[key][language].replace(/\{\{ (\w+) \}\}/g, (_, name) => values[name]);
}

/** Decimals, of a half the even one, with separators of thousands. */
function fixed(value, decimals) {
  const scale = 10 ** decimals, scaled = Math.abs(value) * scale;
  const half = scaled % 1 === 0.5 && Math.floor(scaled) % 2 === 0;
  const digits = (half ? Math.floor(scaled) / scale : Math.abs(value)).toFixed(decimals);
  const [whole, ...rest] = digits.split(".");
  const grouped = [whole.replace(/\B(?=(\d{3})+$)/g, ","), ...rest].join(".");
  return value < 0 && Number(digits) ? `-${grouped}` : grouped;
}

/** A whole number, of a half the even one. */
const even = value => Number(fixed(value, 0).replaceAll(",", ""));

const percent = () => (language === "zh" ? "%" : "\u00a0%");

function likelihood(chance) {
  return chance >= DATA.classes[1] ? 2 : chance < DATA.classes[0] ? 0 : 1;
}

/** A chance: never 0 % for the possible, 100 % for the uncertain, or across a threshold. */
function chanceText(chance) {
  const whole = Number(fixed(100 * chance, 0));
  if (whole === 0 && chance > 0) return `<1${percent()}`;
  if (whole === 100 && chance < 1) return `>99${percent()}`;
  if (likelihood(whole / 100) !== likelihood(chance)) {
    return `${fixed(Math.floor(1000 * chance) / 10, 1)}${percent()}`;
  }
  return `${whole}${percent()}`;
}

function intervalText(chance, low, high) {
  return `${chanceText(chance)} (${fixed(100 * low, 0)}–${fixed(100 * high, 0)})`;
}

/** Values with one unit of counting and three digits of the largest; whole numbers of things so. */
function valuesText(values, whole) {
  const largest = Math.max(...values.map(Math.abs));
  const large = language === "zh" ? 1e8 : 1e9;
  const [key, divisor] = largest >= large ? ["number.large", large]
    : largest >= 1e6 ? ["number.long", language === "zh" ? 1e4 : 1e6] : [null, 1];
  const scaled = values.map(value => value / divisor);
  let decimals = largest / divisor >= 100 ? 0 : largest / divisor >= 10 ? 1 : 2;
  if (scaled.every(Number.isInteger) || (whole && !key)) decimals = 0;
  const [middle, low, high] = scaled.map(value => fixed(value, decimals));
  const text = low === undefined || low === high ? middle : `${middle} (${low}–${high})`;
  return key ? say(key, {number: text}) : text;
}

/** Median and percentiles of a row's values; a median of things is one that half of them reach. */
function spread(row, median, low, high) {
  if (!row.whole) return valuesText([median, low, high], false);
  const near = Math.round(median);
  const whole = Math.abs(median - near) < 1e-9 ? near
    : row.more ? Math.floor(median) : Math.ceil(median);
  return valuesText([whole, even(low), even(high)], true);
}

/** A setting of a lever without its unit. */
function settingNumber(lever, setting) {
  const number = setting / lever.counted_in[language];
  if (lever.counted_in[language] === 1) return String(Number(number.toPrecision(6)));
  if (number && Math.abs(number) < 1) return String(Number(number.toPrecision(3)));
  const digits = fixed(number, language === "zh" ? 2 : 1);
  return digits.replace(/0+$/, "").replace(/\.$/, "");
}

/** The same with its unit. */
function settingText(lever, setting) {
  if (!setting && lever.counted_in[language] !== 1) return say("money.yuan", {number: "0"});
  return lever.written[language].replace("{}", settingNumber(lever, setting));
}

/** The same with what it is of the base run's; of money, and where it is the same. */
function settingInBase(lever, own) {
  const setting = settingText(lever, own);
  if (own === lever.base) return say("own", {setting});
  if (lever.counted_in[language] === 1 || !lever.base) return setting;
  return say("times", {setting, times: fixed(own / lever.base, 2)});
}

/** Settings of all levers in words. */
function placeText(settings) {
  const told = DATA.levers.map((lever, number) =>
    say("at", {lever: lever.name[language], setting: settingInBase(lever, settings[number])}));
  return told.join(say("and"));
}
