// A day as it was recorded: where each driver is at a moment, and what has become of the orders by then.
const WAITING = 0, TO_STORE = 1, AT_STORE = 2, TO_DOOR = 3, AT_DOOR = 4, MOVING = 5;
const WIDTH = 7; // numbers to a span: from, to, state, way, place, order, courier

const BIN = 900, SEEN_S = 240; // s; for so long a delivered order is still seen
const engaged = (state) => state !== WAITING && state !== MOVING;
const running = (values) => { let sum = 0; return [0, ...values.map((value) => (sum += value))]; };
const upTo = (sorted, t) => { let low = 0, high = sorted.length; while (low < high) { const middle = (low + high) >> 1; if (sorted[middle] <= t) low = middle + 1; else high = middle; } return low; };

class Ground {
  constructor(raw) {
    Object.assign(this, raw);
    this.left = this.low = Infinity; this.right = this.high = -Infinity;
    for (const lines of raw.roads) for (const line of lines) this.take(line);
    this.take(raw.places);
  }
  take(flat) {
    for (let k = 0; k < flat.length; k += 2) {
      this.left = Math.min(this.left, flat[k]); this.right = Math.max(this.right, flat[k]);
      this.low = Math.min(this.low, flat[k + 1]); this.high = Math.max(this.high, flat[k + 1]);
    }
  }
  x(place) { return this.places[2 * place]; }
  y(place) { return this.places[2 * place + 1]; }
}

class Day {
  constructor(raw, ground) {
    Object.assign(this, raw);
    this.ground = ground;
    this.n = raw.orders.placed.length;
    this.at = new Int32Array(raw.drivers.length); // the span each driver was in when last asked
    this.number = new Map(raw.drivers.map((each, k) => [each.driver, k]));
    // Whatever drivers bring; vans and customers who collect have no driver.
    const gig = new Set();
    raw.orders.driver.forEach((driver, k) => { if (driver >= 0) gig.add(raw.orders.courier[k]); });
    raw.offers.order.forEach((order) => gig.add(raw.orders.courier[order]));
    this.brought = [];
    for (let k = 0; k < this.n; k++) if (gig.has(raw.orders.courier[k])) this.brought.push(k);
    this.gig = [...gig].filter((courier) => courier >= 0).sort((a, b) => a - b);
    this.first = Math.min(this.last_s, ...raw.drivers.map((each) => each.spans[0]));
  }

  // Where the k-th driver is: null off line, else what it does and where, metres.
  driver(k, t) {
    const spans = this.drivers[k].spans, count = spans.length / WIDTH;
    let i = this.at[k];
    if (t < spans[i * WIDTH]) i = 0;
    while (i + 1 < count && t >= spans[(i + 1) * WIDTH]) i++;
    this.at[k] = i;
    const s = i * WIDTH;
    if (t < spans[s] || t >= spans[s + 1]) return null;
    const way = this.ways[spans[s + 3]];
    const found = { state: spans[s + 2], order: spans[s + 5], courier: spans[s + 6], place: spans[s + 4], x: 0, y: 0 };
    if (way === undefined) { found.x = this.ground.x(found.place); found.y = this.ground.y(found.place); return found; }
    const share = 10000 * (t - spans[s]) / Math.max(spans[s + 1] - spans[s], 1);
    let p = 3;
    while (p + 3 < way.length && way[p + 2] < share) p += 3;
    if (p >= way.length) { found.x = way[0]; found.y = way[1]; return found; }
    const part = Math.min(1, Math.max(0, (share - way[p - 1]) / Math.max(way[p + 2] - way[p - 1], 1)));
    found.x = way[p - 3] + part * (way[p] - way[p - 3]);
    found.y = way[p - 2] + part * (way[p + 1] - way[p - 2]);
    return found;
  }

  // What has become of an order: null before it is placed, then waiting, accepted, carried, delivered or cancelled.
  state(k, t) {
    const o = this.orders;
    if (o.placed[k] === null || t < o.placed[k]) return null;
    if (o.delivered[k] !== null && t >= o.delivered[k]) return "delivered";
    if (o.cancelled[k] !== null && t >= o.cancelled[k]) return "cancelled";
    if (o.picked[k] !== null && t >= o.picked[k]) return "carried";
    return o.accepted[k] !== null && t >= o.accepted[k] ? "accepted" : "waiting";
  }

  // What a frame needs is found by the quarter of an hour, so that a large city costs little more than a small one.
  index() {
    const o = this.orders, bins = Math.ceil((this.last_s + 1) / BIN), lists = () => Array.from({ length: bins }, () => []);
    const bin = (t) => Math.min(bins - 1, Math.max(0, Math.floor(t / BIN)));
    const found = { open: lists(), spans: lists(), online: new Float64Array(bins + 1), busy: new Float64Array(bins + 1), placed: [], delivered: [], cancelled: [] };
    for (const k of this.brought) {
      if (o.placed[k] === null) continue;
      found.placed.push(o.placed[k]);
      if (o.cancelled[k] !== null) found.cancelled.push(o.cancelled[k]);
      if (o.delivered[k] !== null) found.delivered.push([o.delivered[k], (o.delivered[k] - o.placed[k]) / 60, (o.pay[k] ?? 0) + (o.tip?.[k] ?? 0)]);
      const end = o.delivered[k] ?? o.cancelled[k] ?? this.last_s;
      for (let b = bin(o.placed[k]); b <= bin(end + SEEN_S); b++) found.open[b].push(k);
    }
    for (const { spans } of this.drivers) for (let s = 0; s < spans.length; s += WIDTH) {
      const busy = engaged(spans[s + 2]);
      for (let b = bin(spans[s]); b <= bin(spans[s + 1]); b++) {
        const hours = (Math.min(spans[s + 1], (b + 1) * BIN) - Math.max(spans[s], b * BIN)) / 3600;
        found.spans[b].push(spans[s], spans[s + 1], busy ? 1 : 0);
        if (hours > 0) { found.online[b + 1] += hours; if (busy) found.busy[b + 1] += hours; }
      }
    }
    for (let b = 0; b < bins; b++) { found.online[b + 1] += found.online[b]; found.busy[b + 1] += found.busy[b]; }
    found.placed.sort((a, b) => a - b); found.cancelled.sort((a, b) => a - b); found.delivered.sort((a, b) => a[0] - b[0]);
    found.minutes = running(found.delivered.map((each) => each[1])); found.pay = running(found.delivered.map((each) => each[2]));
    found.delivered = found.delivered.map((each) => each[0]);
    return found;
  }
  get known() { return (this.indexed ??= this.index()); }
  bin(t) { return Math.min(this.known.open.length - 1, Math.max(0, Math.floor(t / BIN))); }
  open(t) { return this.known.open[this.bin(t)]; }

  // Counts and means of what drivers bring, from the start to a moment.
  soFar(t) {
    const known = this.known, b = this.bin(t), done = upTo(known.delivered, t);
    const sum = { placed: upTo(known.placed, t), delivered: done, cancelled: upTo(known.cancelled, t), minutes: known.minutes[done], pay: known.pay[done],
      waiting: 0, way: 0, drivers: 0, engaged: 0, online: known.online[b], busy: known.busy[b] };
    for (const k of known.open[b]) {
      const state = this.state(k, t);
      if (state === "waiting") sum.waiting++; else if (state === "accepted" || state === "carried") sum.way++;
    }
    const spans = known.spans[b];
    for (let s = 0; s < spans.length; s += 3) {
      const hours = (Math.min(t, spans[s + 1]) - Math.max(b * BIN, spans[s])) / 3600;
      if (hours > 0) { sum.online += hours; if (spans[s + 2]) sum.busy += hours; }
      if (spans[s] <= t && t < spans[s + 1]) { sum.drivers++; if (spans[s + 2]) sum.engaged++; }
    }
    return sum;
  }

  // Series over the run by bins of so many seconds; earnings are counted when an order is delivered.
  series() {
    const step = Math.max(1800, Math.ceil(this.last_s / 96 / 900) * 900), bins = Math.ceil(this.last_s / step);
    const empty = () => new Array(bins).fill(0), bin = (t) => Math.min(bins - 1, Math.floor(t / step));
    const o = this.orders, of = new Map(this.gig.map((c) => [c, { placed: empty(), delivered: empty(), minutes: empty() }]));
    const all = { step, bins, of, pay: empty(), online: empty(), busy: empty(), money: { drivers: empty(), stores: empty(), customers: empty(), tax: empty() } };
    for (const k of this.brought) {
      const mine = of.get(o.courier[k]);
      if (mine === undefined) continue;
      if (o.placed[k] <= this.last_s) mine.placed[bin(o.placed[k])]++;
      const t = o.delivered[k];
      if (t === null || t > this.last_s) continue;
      mine.delivered[bin(t)]++; mine.minutes[bin(t)] += (t - o.placed[k]) / 60;
      const tip = o.tip?.[k] ?? 0, pay = (o.pay[k] ?? 0) + tip;
      all.pay[bin(t)] += pay;
      all.money.drivers[bin(t)] += pay;
      all.money.stores[bin(t)] += o.commission?.[k] ?? 0;
      all.money.tax[bin(t)] += o.tax?.[k] ?? 0;
      all.money.customers[bin(t)] += (o.fee[k] ?? 0) + (o.service?.[k] ?? 0) + (o.markup?.[k] ?? 0) + (o.tax?.[k] ?? 0) + tip - (o.promotion?.[k] ?? 0);
    }
    for (const { spans } of this.drivers) {
      for (let s = 0; s < spans.length; s += WIDTH) {
        const busy = engaged(spans[s + 2]);
        for (let b = bin(spans[s]); b <= bin(spans[s + 1]); b++) {
          const hours = (Math.min(spans[s + 1], (b + 1) * step) - Math.max(spans[s], b * step)) / 3600;
          if (hours > 0) { all.online[b] += hours; if (busy) all.busy[b] += hours; }
        }
      }
    }
    return all;
  }
}

// Words and numbers. Texts reach the page by textContent alone, so that no name can become code.
const clockOf = (t) => {
  const day = Math.floor(t / 86400), rest = Math.floor(t % 86400 / 60);
  const time = String(Math.floor(rest / 60)).padStart(2, "0") + ":" + String(rest % 60).padStart(2, "0");
  return day ? `day ${day + 1}, ${time}` : time;
};
const count = (value) => Math.round(value).toLocaleString("en").replace("-", "\u2212");
const fixed = (value, digits) => value === null || !Number.isFinite(value) ? "\u2013" : value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits }).replace("-", "\u2212");
const signed = (value, digits) => Number.isFinite(value) ? (value > 0 ? "+" : "") + fixed(value, digits) : "\u2013";
const lasting = (s) => (s < 10800 ? `${count(s / 60)} min` : `${fixed(s / 3600, 1)} h`);
const dollars = (value) => value === null || value === undefined ? "\u2013" : (value < 0 ? "\u2212" : "") + "$" + fixed(Math.abs(value), 2);
function make(tag, options = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(options)) {
    if (name === "text") node.textContent = value;
    else if (name === "on") for (const [event, handler] of Object.entries(value)) node.addEventListener(event, handler);
    else node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}
const byId = (id) => document.getElementById(id);
