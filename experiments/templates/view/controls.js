// The settings of a served page: a change runs the same day again, with the same shoppers, for the run that is edited.
class Controls {
  constructor(place, offered, city) {
    Object.assign(this, { place, offered, city });
    this.changes = [{}]; this.arm = 0; this.asked = 0;
    place.hidden = false;
    this.build();
  }
  get value() { return this.changes[this.arm]; }

  build() {
    const two = this.changes.length > 1, focus = document.activeElement?.id;
    const arms = make("div", { class: "arms" }, ...(two ? [0, 1].map((arm) => make("button", { text: `Settings of ${"AB"[arm]}`, "aria-pressed": String(arm === this.arm), on: { click: () => { this.arm = arm; this.build(); } } })) : []),
      make("button", { id: "compare", text: two ? "A alone" : "Compare two settings", on: { click: () => this.compare(!two) } }));
    const parts = [make("h2", { text: "Settings" }), arms, this.policies()];
    for (const [heading, numbers] of Object.entries(this.offered.groups)) {
      const body = numbers.map((each) => this.number(each));
      if (heading === "Dispatch") body.unshift(this.dispatch());
      parts.push(this.fold(heading, body, heading === "Drivers" || heading === "Stores"));
    }
    parts.push(this.fold("Day", [this.day()], false));
    parts.push(make("h3", { text: "As a command" }), make("p", { class: "command", id: "command", tabindex: "0", text: this.city.days[this.arm]?.command ?? "" }));
    parts.push(make("button", { text: "Back to what was given", on: { click: () => { this.changes[this.arm] = this.value.replication ? { replication: this.value.replication } : {}; this.run(this.arm); } } }));
    this.folded ??= new Map();
    this.place.replaceChildren(...parts);
    if (focus) byId(focus)?.focus({ preventScroll: true });
  }
  fold(heading, body, open) {
    const fold = make("details", {}, make("summary", { text: heading }), ...body);
    fold.open = this.folded?.get(heading) ?? open;
    fold.addEventListener("toggle", () => this.folded.set(heading, fold.open));
    return fold;
  }

  number({ key, label, value, low, high, said, whole }) {
    const now = this.value[key] ?? value, wide = low > 0 && high / low > 50, steps = 200;
    const to = (x) => (wide ? Math.log(x / low) / Math.log(high / low) : (x - low) / (high - low || 1)) * steps;
    const back = (s) => { const x = wide ? low * (high / low) ** (s / steps) : low + (high - low) * s / steps; return whole ? Math.round(wide ? Number(x.toPrecision(2)) : x) : Number(x.toPrecision(3)); };
    const id = "set_" + key.replaceAll(".", "_"), changed = this.value[key] !== undefined;
    const slide = make("input", { type: "range", id, min: 0, max: steps, step: 1, "aria-label": label, "aria-valuetext": String(now) }), box = make("input", { type: "number", id: id + "_box", min: low, max: high, step: "any", "aria-label": `${label}, as a number` });
    slide.value = to(now); box.value = now;
    slide.addEventListener("input", () => { box.value = back(slide.value); slide.setAttribute("aria-valuetext", box.value); });
    const set = (x) => { if (!Number.isFinite(x)) return; if (x === value) delete this.value[key]; else this.value[key] = x; this.run(this.arm); };
    slide.addEventListener("change", () => set(back(slide.value)));
    box.addEventListener("change", () => set(Number(box.value)));
    return make("div", { class: changed ? "control changed" : "control" }, make("span", { text: label }), make("div", { class: "row" }, slide, box), make("code", { text: `${key}: ${said}` }));
  }
  dispatch() {
    const given = this.offered.chosen.dispatch, now = this.value.dispatch ?? given;
    const select = make("select", { id: "set_dispatch" }, ...this.offered.dispatch.map((name) => make("option", { value: name, text: name, ...(name === now ? { selected: "" } : {}) })));
    select.addEventListener("change", () => { if (select.value === given) delete this.value.dispatch; else this.value.dispatch = select.value; this.run(this.arm); });
    return make("label", { class: this.value.dispatch ? "control changed" : "control" }, make("span", { text: "Rule" }), select, make("code", { text: "dispatch" }));
  }
  policies() {
    const on = (this.value.policy ?? this.offered.chosen.policy).split("+").filter((name) => name !== "none"), list = [];
    const set = (names) => {
      const text = names.join("+") || "none";
      if (text === this.offered.chosen.policy) delete this.value.policy; else this.value.policy = text;
      for (const key of Object.keys(this.value)) if (key.startsWith("policy.") && !names.includes(key.split(".")[1])) delete this.value[key];
      this.run(this.arm);
    };
    const numbers = this.offered.policies.filter(({ name }) => on.includes(name)).flatMap((each) => each.numbers.map((number) => this.number(number)));
    for (const { name, said } of this.offered.policies) {
      const box = make("input", { type: "checkbox", id: "set_policy_" + name, title: said });
      box.checked = on.includes(name);
      box.addEventListener("change", () => set(box.checked ? [...on, name] : on.filter((each) => each !== name)));
      list.push(make("label", { class: "check", title: said }, box, make("span", { text: name })));
    }
    const told = this.offered.policies.filter(({ name }) => on.includes(name)).map(({ said }) => make("p", { class: "note", text: said + "." }));
    return this.fold(on.length ? `Policy: ${on.join(" + ")}` : "Policy: none", [...told, ...numbers, this.fold(`All ${list.length} policies`, list, false)], true);
  }
  day() {
    const box = make("input", { type: "number", id: "set_replication", min: 0, max: 999, step: 1, "aria-label": "Replication" });
    box.value = this.value.replication ?? 0;
    box.addEventListener("change", () => {
      const day = Math.min(999, Math.max(0, Math.round(Number(box.value) || 0)));
      for (const each of this.changes) if (day) each.replication = day; else delete each.replication;
      this.changes.forEach((_, arm) => this.run(arm));
    });
    return make("div", { class: "control" }, make("span", { text: "Replication" }), box, make("code", { text: "another day with other shoppers and drivers, in A and B alike" }));
  }

  compare(two) {
    this.changes = two ? [this.changes[0], { ...this.changes[0] }] : [this.changes[0]];
    this.arm = two ? 1 : 0;
    this.city.data.days = two ? [this.city.data.days[0], this.city.data.days[0]] : [this.city.data.days[0]];
    this.city.show(this.city.data.days);
    this.build();
    if (two) this.city.say("Now change a setting of B.");
  }

  async run(arm) {
    const number = ++this.asked, changes = { ...this.changes[arm] };
    this.latest ??= []; this.latest[arm] = number;
    this.build();
    this.city.say("Running the day again …");
    try {
      const day = await this.ask("run", { changes });
      if (this.latest[arm] !== number || arm >= this.changes.length) return;
      this.city.data.days[arm] = day;
      this.city.show(this.city.data.days);
      this.city.say(this.city.data.days.length > 1 ? `${"AB"[arm]} is now: ${day.title}` : `Now: ${day.title}`);
      this.build();
    } catch (error) {
      if (this.latest[arm] === number) this.city.say(error.message, true);
    }
  }
  async ask(what, question) {
    const answer = await fetch("/" + what, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(question) });
    const found = await answer.json();
    if (!answer.ok) throw new Error(found.problem ?? `the server says ${answer.status}`);
    return found;
  }

  // Why a shopper chose this channel: all that was before them, with what it was worth to them.
  async why(arm, order, place) {
    let offers;
    try { offers = await this.ask("offers", { changes: this.changes[arm] ?? {}, order }); } catch { return; }
    const head = ["channel", "costs", "quoted", "worth", "own taste"], rows = offers.map((each) => make("tr", {}, make("th", { scope: "row", text: (each.chosen ? "✓ " : "") + each.channel }),
      make("td", { text: each.price === null ? "\u2013" : dollars(each.price) }), make("td", { text: each.minutes === null ? "\u2013" : lasting(60 * each.minutes) }),
      make("td", { text: each.worth === null ? "not to be had" : signed(each.worth, 0) }), make("td", { text: each.worth === null ? "" : signed(each.taste, 0) })));
    place.replaceChildren(make("h3", { text: "Why this channel" }), make("table", {}, make("thead", {}, make("tr", {}, ...head.map((text) => make("th", { scope: "col", text })))), make("tbody", {}, ...rows)),
      make("p", { class: "note", text: "Worth and own taste: dollars more than buying nothing, by what is offered and by this shopper's liking of the moment, which the model draws. The largest sum is chosen." }));
  }
}
