const MINUS = "\u2212";
const packed = JSON.parse(document.getElementById("packed").textContent);
const state = {
  at: packed.sliders.map((slider) => slider.at),
  choices: packed.choices.map((choice) => choice.at),
};
const byId = (id) => document.getElementById(id);

function element(tag, attributes = {}, text = "") {
  const made = document.createElement(tag);
  Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
  made.textContent = text;
  return made;
}

function inCube(slider, value) {
  const scale = slider.log ? Math.log : (v) => v;
  return (scale(value) - scale(slider.low)) / (scale(slider.high) - scale(slider.low));
}

function point(at = state.at) {
  return packed.sliders.map((slider, i) => inCube(slider, at[i]));
}

function group() {
  return packed.groups.find((g) => packed.choices.every((choice, i) => g.choices[choice.key] === state.choices[i]));
}

function written(value, decimals) {
  return value.toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals }).replace("-", MINUS);
}

function decimalsFor(half, value) {
  const size = half > 0 ? half : Math.abs(value) / 10;
  return size > 0 ? Math.min(6, Math.max(0, 1 - Math.floor(Math.log10(size)))) : 0;
}

// A value in words, and its 95 % interval.
function told(measure, value, half, changes) {
  const [mean, low, high] = [value, value - half, value + half].map((v) => v * measure.scale);
  const decimals = decimalsFor(half * measure.scale, mean);
  const size = written(Math.abs(mean), decimals);
  const none = Number(size.replaceAll(",", "")) === 0;
  const sign = none ? "" : mean < 0 ? MINUS : changes ? "+" : "";
  const after = changes ? measure.difference : measure.after;
  return [`${sign}${measure.before}${size}${after}`, `[${written(low, decimals)}, ${written(high, decimals)}]`];
}

function answer(measure, value, half, changes) {
  const cell = element("td");
  // The unit stands beside the measure's name.
  const [size, ends] = told({ ...measure, before: "", after: "", difference: "" }, value, half, changes);
  cell.append(element("span", {}, size), element("small", {}, ends));
  return cell;
}

function level(slider, value) {
  return slider.percent ? `${+(100 * value).toPrecision(3)} %` : `${+value.toPrecision(4)} ${slider.unit}`.trim();
}

function controls() {
  packed.sliders.forEach((slider, i) => {
    const field = element("fieldset");
    const label = element("label", { for: `factor_${i}` }, slider.label);
    const output = element("output", { id: `told_${i}`, for: `factor_${i}` });
    const box = element("input", { type: "range", id: `factor_${i}` });
    [box.min, box.max, box.step] = [slider.least, slider.most, slider.step];
    box.value = slider.at;
    box.addEventListener("input", () => {
      state.at[i] = Number(box.value);
      show();
    });
    label.append(output);
    field.append(label, box);
    byId("factors").append(field);
  });
  packed.choices.forEach((choice, i) => {
    const field = element("fieldset");
    const label = element("label", { for: `choice_${i}` }, choice.label);
    const box = element("select", { id: `choice_${i}` });
    choice.levels.forEach(([value, words]) => box.append(new Option(words, value, false, value === choice.at)));
    box.addEventListener("change", () => {
      state.choices[i] = box.value;
      show();
    });
    label.append(box);
    field.append(label);
    byId("factors").append(field);
  });
  packed.measures.forEach((measure, i) => byId("measure").append(new Option(measure.short, i)));
  packed.sliders.forEach((slider, i) => byId("against").append(new Option(slider.label, i)));
  byId("measure").addEventListener("change", show);
  byId("against").addEventListener("change", show);
  byId("reset").addEventListener("click", reset);
}

function reset() {
  packed.sliders.forEach((slider, i) => {
    state.at[i] = slider.at;
    byId(`factor_${i}`).value = slider.at;
  });
  packed.choices.forEach((choice, i) => {
    state.choices[i] = choice.at;
    byId(`choice_${i}`).value = choice.at;
  });
  show();
}

function show() {
  packed.sliders.forEach((slider, i) => (byId(`told_${i}`).textContent = level(slider, state.at[i])));
  const here = group();
  const known = here !== undefined && supported(here, point());
  byId("whatif").classList.toggle("outside", !known);
  byId("support").textContent = !here
    ? "Too few points were run with these choices: there is no answer."
    : known
      ? "Within what the sweep tried."
      : "Outside of what the sweep tried: no run stands behind these answers.";
  byId("support").classList.toggle("warn", !known);
  byId("rows").replaceChildren(...(here ? packed.measures.map((measure) => row(measure, here)) : []));
  curve(here);
}

function row(measure, here) {
  const made = here.measures[measure.name];
  const line = element("tr");
  line.append(element("th", { scope: "row", title: measure.name }, measure.title));
  const columns = packed.changes ? 2 : 1;
  if (!made) {
    line.append(element("td", { colspan: columns }, "not known here"));
    return line;
  }
  const value = predict(made, point());
  if (packed.changes) {
    const clear = Math.abs(value) > made.half_change;
    const cell = answer(measure, value, made.half_change, true);
    cell.className = clear ? "clear" : "unclear";
    line.append(cell);
  }
  const whole = packed.changes ? (measure.base === null ? null : measure.base + value) : value;
  line.append(whole === null ? element("td", {}, "\u2013") : answer(measure, whole, made.half_level, false));
  return line;
}

function shape(tag, attributes, text = "") {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
  made.textContent = text;
  return made;
}

// The chosen measure along the chosen factor, the others as they are set; dashed where the sweep has not been.
function curve(here) {
  const svg = byId("curve");
  const measure = packed.measures[Number(byId("measure").value)];
  const made = here && here.measures[measure.name];
  const along = Number(byId("against").value);
  svg.replaceChildren();
  byId("quality").textContent = "";
  if (!made) {
    return;
  }
  const slider = packed.sliders[along];
  const steps = [...Array(81).keys()].map((k) => slider.least + ((slider.most - slider.least) * k) / 80);
  const values = steps.map((value) => {
    const x = point(state.at.map((at, i) => (i === along ? value : at)));
    return { value, mean: predict(made, x) * measure.scale, known: supported(here, x) };
  });
  const half = (packed.changes ? made.half_change : made.half_level) * measure.scale;
  const low = Math.min(...values.map((v) => v.mean)) - half;
  const high = Math.max(...values.map((v) => v.mean)) + half || low + 1;
  const px = (value) => 64 + (340 * (value - slider.least)) / (slider.most - slider.least);
  const py = (value) => 230 - (200 * (value - low)) / (high - low || 1);
  const band = [...values.map((v) => [v.value, v.mean + half]), ...[...values].reverse().map((v) => [v.value, v.mean - half])];
  svg.append(shape("polygon", { points: band.map(([x, y]) => `${px(x)},${py(y)}`).join(" "), fill: "var(--accent)", opacity: 0.15 }));
  if (packed.changes && low < 0 && high > 0) {
    svg.append(shape("line", { x1: 64, x2: 404, y1: py(0), y2: py(0), stroke: "var(--quiet)", "stroke-dasharray": "2 3" }));
  }
  for (let k = 1; k < values.length; k++) {
    const [a, b] = [values[k - 1], values[k]];
    const style = a.known && b.known ? {} : { "stroke-dasharray": "2 4", opacity: 0.5 };
    const ends = { x1: px(a.value), y1: py(a.mean), x2: px(b.value), y2: py(b.mean) };
    svg.append(shape("line", { ...ends, stroke: "var(--accent)", "stroke-width": 2, ...style }));
  }
  const now = predict(made, point()) * measure.scale;
  svg.append(shape("circle", { cx: px(state.at[along]), cy: py(now), r: 5, fill: "var(--ink)" }));
  for (const value of [low, (low + high) / 2, high]) {
    svg.append(shape("text", { x: 58, y: py(value) + 4, "text-anchor": "end" }, written(value, decimalsFor((high - low) / 3, value))));
  }
  for (const value of [slider.low, (slider.low + slider.high) / 2, slider.high]) {
    svg.append(shape("text", { x: px(value), y: 252, "text-anchor": "middle" }, level(slider, value)));
  }
  svg.append(shape("text", { x: 234, y: 274, "text-anchor": "middle" }, slider.label));
  const what = packed.changes ? "Change of" : "Level of";
  svg.append(shape("text", { x: 64, y: 16 }, `${what} ${measure.short} (${(measure.before + measure.difference).trim()})`));
  svg.setAttribute("aria-label", `${what} ${measure.short} against ${slider.label}, from ${written(values[0].mean, 2)} to ${written(values[80].mean, 2)}`);
  const [off] = told({ ...measure, after: measure.difference }, made.error, 0, false);
  const share = made.explained === null ? "" : `; left-out points explain ${(100 * made.explained).toFixed(1)} % of the spread`;
  const kind = made.kind === "process" ? "a Gaussian process" : "a quadratic polynomial";
  byId("quality").textContent = `The surface is ${kind}. It misses points left out one by one by ${off} (root mean square)${share}.`;
}

controls();
show();
