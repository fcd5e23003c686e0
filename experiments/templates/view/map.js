// The map: roads, zones and sites on a layer that is drawn when the view changes, drivers and orders on top at each frame.
const SIGNS = { mall: "★", warehouse: "▲", "big box": "■", restaurant: "●" };
const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const shade = (from, to, share) => {
  const part = (hex, k) => parseInt(hex.slice(1 + 2 * k, 3 + 2 * k), 16);
  return "rgb(" + [0, 1, 2].map((k) => Math.round(part(from, k) + share * (part(to, k) - part(from, k)))).join(",") + ")";
};

const pile = (piles, key, x, y) => { const at = piles.get(key); if (at) at.push(x, y); else piles.set(key, [x, y]); };

class Sight { // what part of the city is seen, the same on both maps
  constructor(ground) { this.ground = ground; this.scale = 0; this.x = 0; this.y = 0; this.touched = false; }
  fit(width, height) {
    const g = this.ground;
    this.scale = 0.93 * Math.min(width / Math.max(g.right - g.left, 1), height / Math.max(g.high - g.low, 1));
    this.x = (g.left + g.right) / 2; this.y = (g.low + g.high) / 2;
  }
}

class CityMap {
  constructor(pane, day, sight, options) {
    Object.assign(this, { day, sight, options });
    this.canvas = make("canvas", { tabindex: "0", role: "img", "aria-label": "Map of the city with its drivers and orders; arrow keys move it, plus and minus zoom. Find tells any story by its number." });
    this.scaleBar = make("div", { class: "scale" });
    pane.append(this.canvas, this.scaleBar);
    this.pen = this.canvas.getContext("2d");
    this.layer = document.createElement("canvas");
    this.drawn = "";
    this.listen();
  }
  px(x) { return this.width / 2 + (x - this.sight.x) * this.sight.scale; }
  py(y) { return this.height / 2 - (y - this.sight.y) * this.sight.scale; }

  resize() {
    const box = this.canvas.parentElement.getBoundingClientRect(), ratio = Math.min(devicePixelRatio, 2);
    if (box.width === this.width && box.height === this.height && ratio === this.ratio) return;
    Object.assign(this, { width: box.width, height: box.height, ratio });
    for (const each of [this.canvas, this.layer]) { each.width = box.width * ratio; each.height = box.height * ratio; }
    if (!this.sight.touched) this.sight.fit(box.width, box.height);
    this.drawn = "";
  }

  draw(t) {
    this.resize();
    const now = [this.sight.x, this.sight.y, this.sight.scale, this.options.zones, this.options.zones === "minutes" ? Math.floor(t / 900) : 0, this.options.dark.matches].join();
    if (now !== this.drawn) { this.drawn = now; this.drawGround(t); }
    const pen = this.pen;
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    pen.drawImage(this.layer, 0, 0);
    pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    this.drawOrders(t);
    this.drawDrivers(t);
  }

  drawGround(t) {
    const pen = this.layer.getContext("2d"), g = this.day.ground, ink = css("--ink");
    pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    pen.clearRect(0, 0, this.width, this.height);
    this.drawZones(pen, t);
    const zoom = Math.min(4, Math.max(0.8, this.sight.scale * 22));
    pen.lineCap = "round"; pen.strokeStyle = css("--road");
    const classes = g.classes.map((each, k) => ({ ...each, k })).sort((a, b) => a.width - b.width);
    for (const { width, k } of classes) {
      if (g.roads[k].length > 20000 && this.sight.scale < 0.02) continue; // small streets of a large city, from afar
      pen.lineWidth = width * zoom; pen.globalAlpha = width < 0.6 ? 0.55 : 1;
      pen.beginPath();
      for (const line of g.roads[k]) {
        pen.moveTo(this.px(line[0]), this.py(line[1]));
        for (let p = 2; p < line.length; p += 2) pen.lineTo(this.px(line[p]), this.py(line[p + 1]));
      }
      pen.stroke();
    }
    pen.globalAlpha = 1;
    pen.textAlign = "center"; pen.textBaseline = "middle"; pen.lineWidth = 3; pen.strokeStyle = css("--shadow"); pen.fillStyle = ink;
    for (const place of this.day.restaurants) this.sign(pen, SIGNS.restaurant, place, 7);
    for (const site of [...g.sites].reverse()) this.sign(pen, SIGNS[site.kind], site.place, site.kind === "mall" ? 26 : 17);
    const nice = [100, 200, 500, 1000, 2000, 5000, 10000, 20000].find((m) => m * this.sight.scale > 50) ?? 50000;
    this.scaleBar.style.width = nice * this.sight.scale + "px";
    this.scaleBar.textContent = nice < 1000 ? nice + " m" : nice / 1000 + " km";
  }
  sign(pen, sign, place, size) {
    const x = this.px(this.day.ground.x(place)), y = this.py(this.day.ground.y(place));
    pen.font = size + "px sans-serif"; pen.strokeText(sign, x, y); pen.fillText(sign, x, y);
  }

  drawZones(pen, t) {
    const kind = this.options.zones;
    if (kind === "none") return;
    const values = this.zoneValues(kind, t), range = this.options.range(kind), low = css("--low"), high = css("--high");
    this.day.ground.zones.forEach((flat, zone) => {
      const value = values[zone];
      if (value === null) return;
      pen.fillStyle = shade(low, high, Math.min(1, Math.max(0, (value - range[0]) / (range[1] - range[0] || 1))));
      pen.globalAlpha = 0.65;
      pen.beginPath();
      for (let p = 0; p < flat.length; p += 2) pen.lineTo(this.px(flat[p]), this.py(flat[p + 1]));
      pen.fill();
    });
    pen.globalAlpha = 1;
  }
  zoneValues(kind, t) {
    const { zones, orders, ground } = this.day;
    if (kind === "surplus") return zones.surplus.map((usd, z) => (usd === null || !zones.occasions[z] ? null : usd / zones.occasions[z]));
    const sum = new Float64Array(ground.zones.length), n = new Float64Array(ground.zones.length);
    for (const k of this.day.brought) {
      if (this.day.state(k, t) !== "delivered") continue;
      const zone = ground.zone_of_place[orders.home[k]];
      n[zone]++; sum[zone] += (orders.delivered[k] - orders.placed[k]) / 60;
    }
    return Array.from(sum, (each, z) => (n[z] ? each / n[z] : null));
  }

  colour(courier) { return this.day.couriers[courier]?.colour ?? "#9aa0a6"; }

  drawOrders(t) {
    const pen = this.pen, o = this.day.orders, g = this.day.ground, size = Math.min(9, Math.max(5, this.sight.scale * 130)), piles = new Map();
    for (const k of this.options.vans ? o.placed.keys() : this.day.open(t)) {
      const state = this.day.state(k, t), ended = state === "delivered" || state === "cancelled";
      if (state === null || (ended && t - (o.delivered[k] ?? o.cancelled[k]) > SEEN_S)) continue;
      const x = this.px(g.x(o.home[k])), y = this.py(g.y(o.home[k]));
      if (this.isOutside(x, y)) continue;
      if (state !== "delivered") { pile(piles, `${o.courier[k]} ${state}`, x, y); continue; }
      const age = (t - o.delivered[k]) / SEEN_S; // a ring that opens where a parcel has come
      pen.strokeStyle = this.colour(o.courier[k]); pen.lineWidth = 1.5; pen.globalAlpha = 1 - age;
      pen.beginPath(); pen.arc(x, y, size * (0.7 + 1.6 * age), 0, 7); pen.stroke();
    }
    for (const [key, at] of piles) { // all of a kind with one stroke
      const [courier, state] = key.split(" ");
      pen.strokeStyle = pen.fillStyle = this.colour(Number(courier)); pen.lineWidth = 1.5; pen.globalAlpha = state === "accepted" ? 0.45 : 1;
      pen.beginPath();
      for (let k = 0; k < at.length; k += 2) {
        if (state === "cancelled") { pen.moveTo(at[k] - 4, at[k + 1] - 4); pen.lineTo(at[k] + 4, at[k + 1] + 4); pen.moveTo(at[k] + 4, at[k + 1] - 4); pen.lineTo(at[k] - 4, at[k + 1] + 4); }
        else pen.rect(at[k] - size / 2, at[k + 1] - size / 2, size, size);
      }
      if (state === "waiting" || state === "cancelled") pen.stroke(); else pen.fill();
    }
    pen.globalAlpha = 1;
  }
  isOutside(x, y) { return x < -9 || y < -9 || x > this.width + 9 || y > this.height + 9; }

  // Drivers who stand at one place would hide each other: each has a spot of its own around it.
  spot(k, found) {
    if (found.state !== AT_STORE && found.state !== WAITING) return [this.px(found.x), this.py(found.y)];
    const angle = k * 2.39996, far = found.state === AT_STORE ? 9 + (k * 7 % 9) : 3;
    return [this.px(found.x) + far * Math.cos(angle), this.py(found.y) + far * Math.sin(angle)];
  }

  drawDrivers(t) {
    const crowd = this.day.drivers.length > 1000 ? 0.55 : 1, pen = this.pen, radius = Math.min(7.5, Math.max(4.2 * crowd, this.sight.scale * 130)), quiet = css("--quiet"), shadow = css("--shadow"), marked = this.options.marked(this), piles = new Map();
    let ring = null;
    for (let k = 0; k < this.day.drivers.length; k++) {
      const found = this.day.driver(k, t);
      if (found === null) continue;
      const [x, y] = this.spot(k, found);
      if (this.isOutside(x, y)) continue;
      const kind = found.state === MOVING ? "diamond" : found.state === WAITING ? "small" : found.state === TO_STORE || found.state === AT_STORE ? "ring" : "dot";
      pile(piles, `${engaged(found.state) ? found.courier : -1} ${kind}`, x, y);
      if (marked && (found.order >= 0 && found.order === marked.order || marked.driver === this.day.drivers[k].driver)) ring = [x, y];
    }
    for (const [key, at] of piles) {
      const [courier, kind] = key.split(" "), colour = courier === "-1" ? quiet : this.colour(Number(courier)), r = kind === "small" ? radius * 0.7 : radius;
      pen.beginPath();
      for (let k = 0; k < at.length; k += 2) {
        const x = at[k], y = at[k + 1];
        if (kind === "diamond") { pen.moveTo(x, y - r); pen.lineTo(x + r, y); pen.lineTo(x, y + r); pen.lineTo(x - r, y); pen.closePath(); }
        else { pen.moveTo(x + r, y); pen.arc(x, y, r, 0, 7); }
      }
      pen.fillStyle = kind === "ring" ? shadow : colour; pen.fill();
      pen.strokeStyle = kind === "ring" ? colour : shadow; pen.lineWidth = kind === "ring" ? 2.2 : 1.2; pen.stroke();
    }
    if (ring) { pen.beginPath(); pen.arc(...ring, radius + 5, 0, 7); pen.strokeStyle = css("--ink"); pen.lineWidth = 2; pen.stroke(); }
  }

  // What is at a point of the map: a driver, an order, a site, a restaurant or a zone.
  hit(x, y, t) {
    const g = this.day.ground, o = this.day.orders;
    let best = null, least = 11;
    const take = (cx, cy, what, near) => { const far = Math.hypot(cx - x, cy - y); if (far < Math.min(least, near)) { least = far; best = what; } };
    for (let k = 0; k < this.day.drivers.length; k++) {
      const found = this.day.driver(k, t);
      if (found !== null) take(...this.spot(k, found), { kind: "driver", number: this.day.drivers[k].driver }, 9);
    }
    for (const k of this.day.open(t)) {
      const state = this.day.state(k, t);
      if (state === "waiting" || state === "accepted" || state === "carried") take(this.px(g.x(o.home[k])), this.py(g.y(o.home[k])), { kind: "order", number: k }, 8);
    }
    if (best !== null) return best;
    least = 14;
    g.sites.forEach((site, k) => take(this.px(g.x(site.place)), this.py(g.y(site.place)), { kind: "site", number: k }, 14));
    for (const place of this.day.restaurants) take(this.px(g.x(place)), this.py(g.y(place)), { kind: "restaurant", number: place }, 7);
    if (best !== null) return best;
    const east = this.sight.x + (x - this.width / 2) / this.sight.scale, north = this.sight.y - (y - this.height / 2) / this.sight.scale;
    const zone = g.zones.findIndex((flat) => inside(flat, east, north));
    return zone < 0 ? null : { kind: "zone", number: zone };
  }

  zoom(factor, x = this.width / 2, y = this.height / 2) {
    const s = this.sight, before = [s.x + (x - this.width / 2) / s.scale, s.y - (y - this.height / 2) / s.scale];
    s.scale = Math.min(2, Math.max(0.002, s.scale * factor)); s.touched = true;
    s.x = before[0] - (x - this.width / 2) / s.scale; s.y = before[1] + (y - this.height / 2) / s.scale;
    this.options.changed();
  }
  move(dx, dy) { this.sight.x -= dx / this.sight.scale; this.sight.y += dy / this.sight.scale; this.sight.touched = true; this.options.changed(); }

  listen() {
    const canvas = this.canvas, held = new Map();
    let far = 0, spread = 0;
    canvas.addEventListener("pointerdown", (e) => { held.set(e.pointerId, e); canvas.setPointerCapture(e.pointerId); far = 0; });
    const end = (e) => { held.delete(e.pointerId); spread = 0; };
    canvas.addEventListener("pointerup", (e) => { end(e); if (far < 5) { const box = canvas.getBoundingClientRect(); this.options.chosen(this, e.clientX - box.left, e.clientY - box.top); } });
    canvas.addEventListener("pointercancel", end);
    canvas.addEventListener("pointermove", (e) => {
      const before = held.get(e.pointerId);
      if (before === undefined) return;
      held.set(e.pointerId, e);
      far += Math.hypot(e.clientX - before.clientX, e.clientY - before.clientY);
      if (held.size === 2) { // two fingers zoom
        const [a, b] = [...held.values()], now = Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY), box = canvas.getBoundingClientRect();
        if (spread) this.zoom(now / spread, (a.clientX + b.clientX) / 2 - box.left, (a.clientY + b.clientY) / 2 - box.top);
        spread = now;
      } else this.move(e.clientX - before.clientX, e.clientY - before.clientY);
    });
    canvas.addEventListener("wheel", (e) => { e.preventDefault(); const box = canvas.getBoundingClientRect(); this.zoom(Math.exp(-e.deltaY * 0.0015), e.clientX - box.left, e.clientY - box.top); }, { passive: false });
    canvas.addEventListener("keydown", (e) => {
      const by = { ArrowLeft: [40, 0], ArrowRight: [-40, 0], ArrowUp: [0, 40], ArrowDown: [0, -40] }[e.key];
      if (by) this.move(...by); else if (e.key === "+" || e.key === "=") this.zoom(1.3); else if (e.key === "-") this.zoom(1 / 1.3); else return;
      e.preventDefault(); e.stopPropagation();
    });
  }
}

function inside(flat, x, y) {
  let odd = false;
  for (let i = 0, j = flat.length - 2; i < flat.length; j = i, i += 2) {
    if ((flat[i + 1] > y) !== (flat[j + 1] > y) && x < (flat[j] - flat[i]) * (y - flat[i + 1]) / (flat[j + 1] - flat[i + 1]) + flat[i]) odd = !odd;
  }
  return odd;
}
