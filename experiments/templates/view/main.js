// Puts the page together: the clock, the maps, the panel beside them.
class LiveCity {
  constructor(data) {
    this.data = data;
    this.ground = new Ground(data.ground);
    this.sight = new Sight(this.ground);
    this.dark = matchMedia("(prefers-color-scheme: dark)");
    this.zones = "none"; this.vans = false; this.marked = null; this.playing = false; this.frames = 0; this.drawnAt = -1;
    byId("title").textContent = data.title;
    document.querySelector("main").classList.toggle("live", Boolean(data.live));
    this.stories = new Stories(byId("story"), this);
    this.show(data.days);
    if (data.live) this.controls = new Controls(byId("controls"), data.live, this);
    this.listen();
    this.t = this.days[0].first;
    const asked = /at=(\d+):(\d+)/.exec(location.hash);
    this.go(data.at ?? (asked ? asked[1] * 3600 + asked[2] * 60 : Math.min(Math.max(this.days[0].first, 36000), this.days[0].last_s)));
    this.last = performance.now();
    requestAnimationFrame((now) => this.frame(now));
  }
  say(text, wrong = false) { byId("status").textContent = text; byId("status").classList.toggle("wrong", wrong); }
  why(arm, order, place) { if (order < this.days[arm].first_meal) this.controls?.why(arm, order, place); }
  mark(marked, arm = 0) { this.marked = marked && { ...marked, arm }; this.stale = true; }

  show(raw) {
    this.days = raw.map((each) => new Day(each, this.ground));
    this.end = Math.max(...this.days.map((day) => day.last_s));
    byId("when").max = this.end;
    const panes = byId("panes");
    panes.replaceChildren(); panes.classList.toggle("two", this.days.length > 1);
    const live = this, options = {
      get zones() { return live.zones; }, get vans() { return live.vans; }, marked: (map) => (live.marked?.arm === live.maps.indexOf(map) ? live.marked : null), dark: this.dark,
      range: (kind) => this.range(kind), changed: () => { this.stale = true; },
      chosen: (map, x, y) => { const what = map.hit(x, y, this.t); if (what) this.stories.tell(this.maps.indexOf(map), what); else this.stories.close(); },
    };
    this.maps = this.days.map((day, arm) => {
      const zoom = make("div", { class: "zoom" }), pane = make("div", { class: "pane" }, make("h2", { text: (this.days.length > 1 ? "AB"[arm] + ": " : "") + day.title }), zoom);
      panes.append(pane);
      const map = new CityMap(pane, day, this.sight, options);
      zoom.append(make("button", { text: "+", "aria-label": "Zoom in", on: { click: () => map.zoom(1.5) } }), make("button", { text: "\u2212", "aria-label": "Zoom out", on: { click: () => map.zoom(1 / 1.5) } }),
        make("button", { text: "⤢", "aria-label": "The whole city", on: { click: () => { this.sight.touched = false; this.sight.fit(map.width, map.height); this.stale = true; } } }));
      return map;
    });
    if (this.charts) { this.charts.show(this.days); this.numbers.show(this.days); } else { this.charts = new Charts(byId("charts"), this.days); this.numbers = new Numbers(byId("numbers"), byId("whole"), this.days); }
    this.legend();
    this.stale = true; this.toldAt = null;
    if (this.t !== undefined) { this.go(Math.min(this.t, this.end)); this.stories.again(); }
  }
  // Both maps have one range of colours: what most zones of the whole run lie within.
  range(kind) {
    const key = kind + this.days.length;
    if (this.ranges?.key === key && this.ranges.days === this.days) return this.ranges.range;
    const values = this.maps.flatMap((map) => map.zoneValues(kind, this.end)).filter((value) => value !== null).sort((a, b) => a - b);
    const at = (share) => values[Math.floor(share * (values.length - 1))] ?? 0;
    this.ranges = { key, days: this.days, range: [at(0.05), at(0.95)] };
    return this.ranges.range;
  }

  legend() {
    const day = this.days[0], ring = (inner) => svg("svg", { width: 14, height: 14, viewBox: "-7 -7 14 14" }, inner), ink = "currentColor";
    const shape = { waiting: svg("circle", { r: 3.5, fill: "#8a929c" }), "to and at the store": svg("circle", { r: 4.5, fill: "none", stroke: ink, "stroke-width": 2 }), "with a parcel": svg("circle", { r: 5, fill: ink }), "order waiting": svg("rect", { x: -4, y: -4, width: 8, height: 8, fill: "none", stroke: ink, "stroke-width": 1.5 }), "under way": svg("rect", { x: -4, y: -4, width: 8, height: 8, fill: ink }) };
    if (day.drivers.some(({ spans }) => spans.some((state, k) => k % WIDTH === 2 && state === MOVING))) shape["to another zone"] = svg("path", { d: "M0 -5L5 0L0 5L-5 0Z", fill: "#8a929c" });
    const keys = [...day.gig.map((c) => { const dot = make("i"); dot.style.background = day.couriers[c].colour; return make("span", { class: "key" }, dot, make("span", { text: day.couriers[c].label })); }),
      ...Object.entries(shape).map(([text, sign]) => make("span", { class: "key" }, ring(sign), make("span", { text }))),
      ...[...new Set(day.ground.sites.map((site) => site.kind)), ...(day.restaurants.length ? ["restaurant"] : [])].map((kind) => make("span", { class: "key", text: `${SIGNS[kind]} ${kind}` }))];
    const zones = make("select", { id: "zones", "aria-label": "Colour of zones", on: { change: (e) => { this.zones = e.target.value; this.legend(); this.stale = true; byId("zones").focus(); } } },
      ...[["none", "plain"], ["minutes", "minutes to the door so far"], ["surplus", "consumer surplus of an occasion"]].map(([value, text]) => make("option", { value, text, ...(value === this.zones ? { selected: "" } : {}) })));
    const vans = make("input", { type: "checkbox", on: { change: (e) => { this.vans = e.target.checked; this.stale = true; } } });
    vans.checked = this.vans;
    const [low, high] = this.zones === "none" ? [0, 0] : this.range(this.zones), unit = (v) => (this.zones === "minutes" ? `${fixed(v, 0)} min` : dollars(v));
    byId("legend").replaceChildren(...keys, make("label", {}, "Zones ", zones), ...(this.zones === "none" ? [] : [make("span", { class: "key" }, unit(low), make("span", { class: "ramp" }), unit(high))]), make("label", {}, vans, "orders of vans"));
  }

  go(t) { this.t = Math.min(this.end, Math.max(0, t)); this.stale = true; }
  play(on) {
    if (on && this.t >= this.end) this.go(this.days[0].first);
    this.playing = on;
    byId("play").textContent = on ? "❚❚" : "▶"; byId("play").setAttribute("aria-label", on ? "Pause" : "Play");
  }
  frame(now) {
    const passed = Math.min(0.25, (now - this.last) / 1000);
    this.last = now;
    if (this.playing) { this.go(this.t + passed * byId("speed").value); if (this.t >= this.end) this.play(false); }
    if (this.stale) { this.stale = false; for (const map of this.maps) map.draw(this.t); this.frames++; this.tell(now); }
    requestAnimationFrame((next) => this.frame(next));
  }
  // Numbers change at most five times a second: nobody reads faster.
  tell(now) {
    byId("time").textContent = clockOf(this.t);
    if (this.playing && now - this.toldMs < 200) return;
    this.toldMs = now;
    byId("when").value = this.t; byId("when").setAttribute("aria-valuetext", clockOf(this.t));
    this.charts.at(this.t); this.numbers.at(this.t);
  }

  listen() {
    byId("play").addEventListener("click", () => this.play(!this.playing));
    const step = (by) => { this.play(false); this.go(Math.round(this.t / 60) * 60 + by); };
    byId("back").addEventListener("click", () => step(-60));
    byId("on").addEventListener("click", () => step(60));
    byId("when").addEventListener("input", (e) => this.go(Number(e.target.value)));
    byId("jump").addEventListener("change", (e) => { const [h, m] = e.target.value.split(":").map(Number); if (Number.isFinite(h + m)) this.go(Math.floor(this.t / 86400) * 86400 + h * 3600 + m * 60); });
    byId("find").addEventListener("submit", (e) => { e.preventDefault(); if (byId("number").value !== "") { this.say(""); this.stories.tell(0, { kind: byId("what").value, number: Number(byId("number").value) }); } });
    addEventListener("resize", () => { this.stale = true; });
    this.dark.addEventListener("change", () => { this.stale = true; });
    addEventListener("keydown", (e) => {
      if (e.target.closest("input, select, button, summary, textarea") || e.ctrlKey || e.metaKey || e.altKey) return;
      if (e.key === " ") this.play(!this.playing); else if (e.key === "ArrowLeft") step(e.shiftKey ? -900 : -60); else if (e.key === "ArrowRight") step(e.shiftKey ? 900 : 60);
      else if (e.key === "Escape") this.stories.close(); else return;
      e.preventDefault();
    });
  }
}
const city = new LiveCity(JSON.parse(byId("data").textContent));
