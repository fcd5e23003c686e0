// Lines through the day, revealed as the clock goes on; a run's lines are solid, those of the run beside it dashed.
const WIDE = 330, HIGH = 92, LEFT = 34, BOTTOM = 14, TOP = 6;
const svg = (tag, options = {}, ...children) => {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(options)) if (name === "text") node.textContent = value; else node.setAttribute(name, value);
  node.append(...children);
  return node;
};

class Charts {
  constructor(place, days) { this.place = place; this.show(days); }

  show(days) {
    this.days = days;
    this.place.replaceChildren(make("h2", { text: "Through the day" }));
    this.now = [];
    const series = days.map((day) => day.series()), two = days.length > 1;
    const each = (name) => days.flatMap((day, arm) => two
      ? [{ label: "AB"[arm], colour: ["var(--accent)", "var(--second)"][arm], dash: arm, values: this.ofAll(series[arm], name) }]
      : day.gig.map((c) => ({ label: day.couriers[c].label, colour: day.couriers[c].colour, dash: 0, values: this.of(series[arm], series[arm].of.get(c), name) })));
    const arms = (values) => series.map((one, arm) => ({ label: two ? "AB"[arm] : "", colour: two ? ["var(--accent)", "var(--second)"][arm] : "var(--ink)", dash: arm, values: values(one) }));
    const quiet = (share, of, least) => share.map((value, k) => (of[k] >= least ? value / of[k] : null));
    this.chart(two ? "Orders an hour" : "Orders an hour, by courier", "1/h", each("orders"));
    this.chart("From order to door, mean of those delivered", "min", each("minutes"));
    this.chart("Pay and tips for an hour on line", "$/h", arms((s) => quiet(s.pay, s.online, 1)));
    this.chart("Drivers' time with an order", "%", arms((s) => quiet(s.busy.map((h) => 100 * h), s.online, 1)), 100);
    this.money(series, two);
  }
  of(series, mine, name) {
    return name === "orders" ? mine.placed.map((n) => n * 3600 / series.step) : mine.minutes.map((sum, k) => (mine.delivered[k] ? sum / mine.delivered[k] : null));
  }
  ofAll(series, name) {
    const sum = { placed: new Array(series.bins).fill(0), delivered: new Array(series.bins).fill(0), minutes: new Array(series.bins).fill(0) };
    for (const mine of series.of.values()) for (const key of Object.keys(sum)) mine[key].forEach((value, k) => { sum[key][k] += value; });
    return this.of(series, sum, name);
  }
  money(series, two) {
    const total = (values) => { let sum = 0; return values.map((value) => (sum += value)); };
    const sides = { customers: ["customers pay beyond the goods", "#7b5ea7"], stores: ["stores pay in commission", "#009e73"], drivers: ["drivers get", "#d08700"], tax: ["taxes", "#5c7fb8"] };
    const lines = Object.entries(sides).map(([side, [label, colour]]) => {
      const of = series.map((one) => total(one.money[side]));
      return { label, colour, dash: 0, values: two ? of[0].map((value, k) => (of[1][k] ?? of[1].at(-1)) - value) : of[0] };
    }).filter((line) => line.values.some((value) => value));
    this.chart(two ? "Money of delivered orders, B less A" : "Money of delivered orders so far", "$", lines, null, true);
  }

  chart(title, unit, lines, most = null, below = false) {
    const bins = Math.max(1, ...lines.map((line) => line.values.length)), end = Math.max(...this.days.map((day) => day.last_s));
    const known = lines.flatMap((line) => line.values.filter((value) => value !== null));
    const high = most ?? round(Math.max(1e-9, ...known)), low = below && Math.min(0, ...known) < 0 ? -round(-Math.min(0, ...known)) : 0;
    const step = this.days[0].series === undefined ? 1800 : Math.max(1800, Math.ceil(end / 96 / 900) * 900);
    const from = Math.max(0, Math.floor(this.days[0].first / 3600) * 3600);
    const x = (t) => LEFT + (WIDE - LEFT - 4) * (t - from) / Math.max(end - from, 1), y = (value) => TOP + (HIGH - BOTTOM - TOP) * (1 - (value - low) / (high - low || 1));
    const id = "clip" + this.now.length, clip = svg("rect", { x: 0, y: 0, width: 0, height: HIGH });
    const plot = svg("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, role: "img", "aria-label": title + ", " + unit, preserveAspectRatio: "none" });
    plot.append(svg("clipPath", { id }, clip));
    for (const value of low < 0 ? [low, 0, high] : [0, high / 2, high]) {
      plot.append(svg("line", { x1: LEFT, x2: WIDE, y1: y(value), y2: y(value), class: "axis" }), svg("text", { x: LEFT - 4, y: y(value) + 3, "text-anchor": "end", text: short(value) }));
    }
    const hours = (end - from) / 3600, tick = hours > 60 ? 24 : hours > 14 ? 4 : 2;
    for (let h = Math.ceil(from / 3600 / tick) * tick; h * 3600 < end - 1800; h += tick) plot.append(svg("text", { x: x(h * 3600), y: HIGH - 2, "text-anchor": "middle", text: tick === 24 ? "day " + (h / 24 + 1) : h % 24 + " h" }));
    const drawn = svg("g", { "clip-path": `url(#${id})` });
    for (const { values, colour, dash } of lines) {
      let path = "", pen = false;
      values.forEach((value, k) => {
        if (value === null || (k + 0.5) * step < from) { pen = false; return; }
        path += (pen ? "L" : "M") + x((k + 0.5) * step).toFixed(1) + " " + y(value).toFixed(1); pen = true;
      });
      for (const [opacity, where] of [[0.22, plot], [1, drawn]]) where.append(svg("path", { d: path, fill: "none", stroke: colour, "stroke-width": 1.8, opacity, ...(dash ? { "stroke-dasharray": "5 3" } : {}) }));
    }
    const now = svg("line", { y1: TOP, y2: HIGH - BOTTOM, class: "now" });
    plot.append(drawn, now);
    const caption = make("figcaption", {}, make("span", { text: title }), make("span", { class: "note", text: unit }));
    const figure = make("figure", {}, caption, plot);
    if (below || this.days.length > 1) figure.append(this.key(lines));
    this.place.append(figure);
    this.now.push((t) => { const at = Math.max(LEFT, x(Math.min(t, end))); clip.setAttribute("width", at); now.setAttribute("x1", at); now.setAttribute("x2", at); });
  }
  key(lines) {
    return make("div", { class: "note keys" }, ...lines.map(({ label, colour, dash }) => make("span", { class: "key" },
      svg("svg", { width: 18, height: 8, viewBox: "0 0 18 8" }, svg("line", { x1: 0, x2: 18, y1: 4, y2: 4, stroke: colour, "stroke-width": 2.5, ...(dash ? { "stroke-dasharray": "5 3" } : {}) })), make("span", { text: label }))));
  }
  at(t) { for (const move of this.now) move(t); }
}
const round = (value) => { const size = 10 ** Math.floor(Math.log10(value)); return [1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((step) => step * size >= value) * size; };
const short = (value) => (Math.abs(value) >= 10000 ? value / 1000 + "k" : String(Math.round(value * 100) / 100)).replace("-", "\u2212");

// What has happened by now, in numbers; with two runs also the difference for the same shoppers.
class Numbers {
  constructor(place, whole, days) { Object.assign(this, { place, whole }); this.show(days); }
  show(days) {
    this.days = days;
    const two = days.length > 1, head = ["measure", ...(two ? ["A", "B", "B \u2212 A"] : ["now"])];
    const rows = [
      ["Drivers on line", (s) => s.drivers, 0], ["\u2002of them with an order", (s) => s.engaged, 0], ["Orders waiting for a driver", (s) => s.waiting, 0],
      ["Orders under way", (s) => s.way, 0], ["Delivered so far", (s) => s.delivered, 0], ["Cancelled so far", (s) => s.cancelled, 0],
      ["Minutes from order to door", (s) => s.minutes / s.delivered, 1], ["$ for an hour on line", (s) => s.pay / s.online, 2], ["Time with an order, %", (s) => 100 * s.busy / s.online, 1],
    ];
    this.cells = rows.map(([label, value, digits]) => ({ label, value, digits, cells: head.slice(1).map(() => make("td")) }));
    const table = make("table", { id: "so_far" }, make("thead", {}, make("tr", {}, ...head.map((text) => make("th", { scope: "col", text })))),
      make("tbody", {}, ...this.cells.map(({ label, cells }) => make("tr", {}, make("th", { scope: "row", text: label }), ...cells))));
    this.place.replaceChildren(make("h2", { text: "So far, what drivers bring" }), table, make("p", { class: "note", id: "shoppers" }));
    this.compareShoppers();
    this.showWhole(head);
  }
  at(t) {
    const sums = this.days.map((day) => day.soFar(t));
    for (const { value, digits, cells } of this.cells) {
      const found = sums.map(value);
      found.forEach((each, arm) => { cells[arm].textContent = fixed(each, digits); });
      if (found.length > 1) cells[2].textContent = signed(found[1] - found[0], digits);
    }
    if (this.alike) {
      let other = 0, arrived = 0;
      const [a, b] = this.days.map((day) => day.shoppers);
      while (arrived < a.arrive.length && a.arrive[arrived] <= t) { if (a.choice[arrived] !== b.choice[arrived]) other++; arrived++; }
      byId("shoppers").textContent = `${count(a.arrive.length)} shoppers, the same in A and B; ${count(arrived)} have come, ${count(other)} of them chose another channel in B.`;
    }
  }
  compareShoppers() {
    this.alike = false;
    if (this.days.length < 2) return;
    const [a, b] = this.days.map((day) => day.shoppers);
    if (a && b) {
      this.alike = a.household.length === b.household.length && a.household.every((who, k) => who === b.household[k] && a.arrive[k] === b.arrive[k]);
      if (!this.alike) byId("shoppers").textContent = "The shoppers are not the same in A and B: differences hold on average only.";
      return;
    }
    const [c, d] = this.days.map((day) => day.zones.occasions), sum = c.reduce((total, n) => total + n, 0);
    const same = c.every((n, k) => n === d[k]);
    byId("shoppers").textContent = same ? `${count(sum)} shopping occasions, zone by zone the same in A and B.` : "The shoppers are not the same in A and B: differences hold on average only.";
  }
  showWhole(head) {
    const named = new Map(this.days.flatMap((day) => day.metrics.map((each) => [each.name, each.title])));
    const rows = [...named].map(([name, title]) => {
      const found = this.days.map((day) => day.metrics.find((each) => each.name === name)), unit = found.find(Boolean).unit;
      const values = found.map((each) => each?.value ?? null), digits = unit.startsWith("$/day") || unit === "1/day" ? 0 : unit === "-" ? 3 : 2;
      const cells = values.map((value) => fixed(value, digits));
      if (values.length > 1) cells.push(values.includes(null) ? "\u2013" : signed(values[1] - values[0], digits));
      return make("tr", {}, make("th", { scope: "row", text: title }), ...cells.map((text) => make("td", { text })));
    });
    const table = make("table", { id: "whole_run" }, make("thead", {}, make("tr", {}, ...head.map((text) => make("th", { scope: "col", text: text === "now" ? "run" : text })))), make("tbody", {}, ...rows));
    const note = this.days.length > 1 ? "One day of the same shoppers and drivers is one draw: a sweep with replications tells how sure a difference is." : "";
    this.whole.replaceChildren(make("details", {}, make("summary", { text: "The whole run, all channels" }), table, make("p", { class: "note", text: note })));
    if (this.days.length > 1) this.whole.firstChild.open = true;
  }
}
