// Charts of the row that is looked at: chances, and values, along the first lever.

const COLOURS = DATA.colours;
const SAMPLES = 160;

/** What is drawn of a row: one panel for chances, one for values at the deadline. */
function panels(row) {
  const unit = title => say("chart.unit", {title, unit: row.unit[language]});
  const goal = row.goal[language];
  const shown = [];
  if (row.chance.length) {
    shown.push({
      title: say("chart.chance"), fields: ["chance", "low", "high"], ends: [0, 1, 0.25],
      text: chanceText, spread: intervalText, goal: state.goal / 100,
      goalText: say("chart.enough", {goal: chanceText(state.goal / 100)}),
    });
  }
  if (row.kind === "count") {
    shown.push({
      title: say("chart.count"), fields: ["mean", "p05", "p95"], ends: [0, row.value, Math.max(1, Math.ceil(row.value / 5))],
      text: value => fixed(value, 0), label: value => fixed(value, 1),
      spread: (mean, low, high) => `${fixed(mean, 1)} (${even(low)}–${even(high)})`,
    });
  } else if (row.p50.length) {
    shown.push({
      title: unit(say("chart.value")), fields: ["p50", "p05", "p95"], ends: valueEnds(row),
      text: value => valuesText([value], false), spread: (...values) => spread(row, ...values),
      goal: row.value, goalText: say("chart.goal", {goal}),
    });
  }
  return shown;
}

/** Ends of an axis that hold all values and the goal. */
function valueEnds(row) {
  const low = Math.min(...row.p05, row.value), high = Math.max(...row.p95, row.value);
  const room = 0.06 * (high - low || Math.abs(high) || 1);
  const power = 10 ** Math.floor(Math.log10((high - low + 2 * room) / 4));
  const step = [1, 2, 5, 10].map(own => own * power).find(own => 4.5 * own >= high - low + 2 * room);
  const bottom = low >= 0 && low - room < 0.15 * high ? 0 : Math.floor((low - room) / step) * step;
  return [bottom, Math.ceil((high + room) / step) * step, step];
}

const settingsAt = first => [first, ...state.at.slice(1)];

/** Settings of the first lever at which a curve is drawn. */
const STEPS = [...new Set([...AXES[0], ...Array.from({length: SAMPLES + 1}, (_, k) =>
  AXES[0][0] + (AXES[0].at(-1) - AXES[0][0]) * k / SAMPLES)])].sort((a, b) => a - b);

/** Everything that a chart shows, for a page (panels one below the other) or a picture. */
function chartOption(row, {wide = false, size = 13} = {}) {
  const shown = panels(row), lever = DATA.levers[0];
  const option = {
    animation: false, backgroundColor: COLOURS.paper,
    textStyle: {fontFamily: DATA.fonts, fontSize: size, color: COLOURS.ink},
    tooltip: {
      renderMode: "richText", confine: true, trigger: "item", borderColor: COLOURS.faint,
      formatter: told => told.data.told || "", textStyle: {fontFamily: DATA.fonts, fontSize: size},
    },
    grid: [], title: [], xAxis: [], yAxis: [], series: [],
  };
  shown.forEach((panel, number) => {
    const place = placeOf(number, shown.length, wide);
    option.title.push({...place.title, text: panel.title,
      textStyle: {fontSize: size + 1, fontWeight: 700, color: COLOURS.ink, fontFamily: DATA.fonts}});
    option.grid.push(place.grid);
    option.xAxis.push({
      type: "value", gridIndex: number, min: AXES[0][0], max: AXES[0].at(-1),
      name: number === shown.length - 1 || wide ? lever.axis[language] : "",
      nameLocation: "middle", nameGap: size + 16, nameTextStyle: {color: COLOURS.muted, fontSize: size},
      axisLabel: {formatter: value => settingNumber(lever, value), color: COLOURS.muted, fontSize: size,
        hideOverlap: true},
      splitLine: {show: false}, axisLine: {lineStyle: {color: COLOURS.muted}, onZero: false},
    });
    option.yAxis.push({
      type: "value", gridIndex: number, min: panel.ends[0], max: panel.ends[1],
      axisLabel: {formatter: panel.text, color: COLOURS.muted, fontSize: size, hideOverlap: true},
      splitLine: {lineStyle: {color: COLOURS.grid}}, interval: panel.ends[2],
    });
    option.series.push(...curvesOf(row, panel, number, size));
  });
  return option;
}

function placeOf(number, count, wide) {
  if (wide) {
    const left = 38 + number * 622;
    return {title: {left: left - 6, top: 108},
      grid: {left: left + 58, width: count === 1 ? 1110 : 510, top: 168, bottom: 136}};
  }
  const top = number * 50;
  return {title: {left: 0, top: `${top}%`},
    grid: {left: 62, right: 24, top: count === 1 ? 52 : `${top + 11}%`,
      bottom: number === count - 1 ? 50 : "56%"}};
}

function curvesOf(row, panel, number, size) {
  const own = {xAxisIndex: number, yAxisIndex: number, silent: true};
  const line = {...own, type: "line", showSymbol: false};
  const others = SECONDS.length === 1 ? [] : SECONDS.map((second, k) => ({
    ...line, id: `other${number}-${k}`, z: 1, lineStyle: {color: COLOURS.faint, width: 1},
    data: STEPS.map(at => [at, CURVES.get(row)[panel.fields[0]][k](at)]),
    endLabel: {show: false},
  }));
  return [
    {...own, id: `band${number}`, type: "custom", z: 1, renderItem: band(row, panel),
      data: [[AXES[0][0], 0]], clip: true},
    ...others,
    {...line, id: `line${number}`, z: 3, lineStyle: {color: COLOURS.likely, width: 2.5},
      data: STEPS.map(at => [at, readOff(row, panel.fields[0], settingsAt(at))])},
    {...own, id: `bars${number}`, type: "custom", z: 4, renderItem: bar, clip: false,
      data: dots(row, panel).filter(dot => dot.on).map(dot => [...dot.value, dot.low, dot.high])},
    {...own, id: `dots${number}`, type: "scatter", z: 5, silent: false, symbolSize: size - 4,
      data: dots(row, panel)},
    now(row, panel, number, size),
  ];
}

/** The band of the interval, as one shape. */
function band(row, panel) {
  const [, low, high] = panel.fields;
  return (_, api) => {
    const side = field => STEPS.map(at => api.coord([at, readOff(row, field, settingsAt(at))]));
    return {type: "polygon", silent: true, style: {fill: COLOURS.band},
      shape: {points: [...side(low), ...side(high).reverse()]}};
  };
}

/** The interval of a design point. */
function bar(_, api) {
  const [x, low] = api.coord([api.value(0), api.value(2)]);
  const [, high] = api.coord([api.value(0), api.value(3)]);
  const style = {stroke: COLOURS.ink, lineWidth: 1.2};
  const stroke = (x1, y1, x2, y2) => ({type: "line", style, shape: {x1, y1, x2, y2}});
  return {type: "group", children: [stroke(x, low, x, high),
    stroke(x - 3, low, x + 3, low), stroke(x - 3, high, x + 3, high)]};
}

/** Simulated points: those of the line that is shown, and paler ones of the other lines. */
function dots(row, panel) {
  const [middle, low, high] = panel.fields;
  return GRID.map(({number, settings}) => {
    const on = settings.slice(1).every((own, k) => own === state.at[k + 1]);
    const value = row[middle][number];
    const text = panel.spread(value, row[low][number], row[high][number]);
    return {
      value: [settings[0], value], low: row[low][number], high: row[high][number], on,
      told: say("chart.tip", {at: placeText(settings), value: text}),
      itemStyle: on ? {color: COLOURS.ink, opacity: 1}
        : {opacity: 1, color: COLOURS.paper, borderColor: COLOURS.faint, borderWidth: 1},
    };
  });
}

/** Where the sliders are, and the line that counts as enough or is the goal. */
function now(row, panel, number, size) {
  const [middle] = panel.fields, value = current(row)[middle];
  const end = readOff(row, middle, settingsAt(AXES[0].at(-1)));
  const label = {fontSize: size, fontFamily: DATA.fonts, color: COLOURS.ink};
  const lines = [{xAxis: state.at[0], label: {show: false},
    lineStyle: {color: COLOURS.link, type: "dashed", width: 1.5}}];
  if (panel.goal !== undefined) {
    lines.push({yAxis: panel.goal, lineStyle: {color: COLOURS.ink, type: [4, 3], width: 1},
      label: {...label, formatter: panel.goalText, padding: [0, 4, 0, 0],
        position: end > panel.goal ? "insideEndBottom" : "insideEndTop"}});
  }
  return {
    id: `now${number}`, type: "scatter", xAxisIndex: number, yAxisIndex: number, z: 6, silent: true,
    symbolSize: size + 1, symbol: state.scenario === null ? "circle" : "diamond",
    itemStyle: {color: COLOURS.link, borderColor: COLOURS.paper, borderWidth: 2},
    label: {...label, show: true, position: "top", fontWeight: 700, textBorderColor: COLOURS.paper,
      textBorderWidth: 3, formatter: () => (panel.label || panel.text)(value)},
    data: [[state.at[0], value]],
    markLine: {symbol: "none", silent: true, animation: false, data: lines},
  };
}

// ---------------------------------------------------------------------- on the page

let chart = null;

function drawChart() {
  const box = document.getElementById("chart");
  chart = chart || echarts.init(box, null, {renderer: "canvas"});
  chart.setOption(chartOption(ROWS.get(state.row)), {notMerge: true});
}

/** After a slider has moved: what hangs on its place alone. */
function moveChart(whole) {
  if (whole || SECONDS.length > 1) return drawChart();
  const row = ROWS.get(state.row);
  return chart.setOption({series: panels(row).map((panel, number) => now(row, panel, number, 13))});
}

// ---------------------------------------------------------------------- as a picture

const PICTURE = {width: 1280, height: 720};

/** The chart with what it is about and where it comes from: 16:9. */
function pictureOption() {
  const row = ROWS.get(state.row), option = chartOption(row, {wide: true, size: 16});
  const text = (words, top, more) => ({type: "text", left: 38, top, silent: true,
    style: {text: words, fill: COLOURS.ink, font: `16px ${DATA.fonts}`, width: 1200,
      overflow: "break", ...more}});
  option.tooltip.show = false;
  option.graphic = [
    text(row.label[language], 24, {font: `bold 26px ${DATA.fonts}`, overflow: "truncate"}),
    text(hereText(), 64, {overflow: "truncate"}),
    text(reads(), 652, {fill: COLOURS.muted, font: `14px ${DATA.fonts}`}),
    text(say("foot.stamp", stamp()), 678, {fill: COLOURS.muted, font: `14px ${DATA.fonts}`}),
  ];
  return option;
}

function picture(kind) {
  const box = document.createElement("div");
  const drawn = echarts.init(kind === "svg" ? null : box, null, kind === "svg"
    ? {renderer: "svg", ssr: true, ...PICTURE} : {renderer: "canvas", devicePixelRatio: 2, ...PICTURE});
  drawn.setOption(pictureOption());
  const found = kind === "svg"
    ? `data:image/svg+xml;charset=utf-8,${encodeURIComponent(drawn.renderToSVGString())}`
    : drawn.getDataURL({type: "png", pixelRatio: 2, backgroundColor: COLOURS.paper});
  drawn.dispose();
  return found;
}

const stamp = () => ({scenario: DATA.scenario[language], replications: DATA.replications[language],
  seed: DATA.seed, hash: DATA.hash});

/** Where the sliders are, or which scenario it is. */
function hereText() {
  const text = state.scenario === null ? placeText(state.at)
    : DATA.points[state.scenario].scenario[language];
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** How the chart is to be read. */
function reads() {
  const more = SECONDS.length === 1 ? "" : say("chart.others", {lever: DATA.levers[1].name[language]});
  return say("chart.reads") + more;
}
