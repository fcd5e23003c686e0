// What is known of one order, driver, store or zone, told from the event log.
class Stories {
  constructor(place, city) { Object.assign(this, { place, city }); this.told = null; }

  close() { this.told = null; this.place.hidden = true; this.city.mark(null); }
  tell(arm, what) {
    const day = this.city.days[arm];
    if (day === undefined) return;
    const parts = this[what.kind]?.(day, what.number, arm);
    if (!parts) { this.city.say(`There is no ${what.kind} ${what.number} in this run.`, true); return; }
    this.told = { arm, what };
    const [title, ...rest] = parts, heading = make("h2", { tabindex: "-1", text: this.city.days.length > 1 ? `${title} (${"AB"[arm]})` : title });
    const shut = make("button", { text: "✕", "aria-label": "Close the story", on: { click: () => this.close() } });
    this.place.replaceChildren(make("header", {}, heading, shut), ...rest);
    this.place.hidden = false;
    this.city.mark(what.kind === "driver" ? { driver: what.number } : what.kind === "order" ? { order: what.number } : null, arm);
    heading.focus({ preventScroll: true });
    if (matchMedia("(max-width: 1000px)").matches) this.place.scrollIntoView({ block: "nearest" });
  }
  again() { if (this.told) { const { arm, what } = this.told; this.place.hidden = true; this.tell(Math.min(arm, this.city.days.length - 1), what); } }

  link(arm, kind, number, text = `${kind} ${number}`) { return make("button", { class: "link", text, on: { click: () => this.tell(arm, { kind, number }) } }); }
  steps(rows) { return make("ol", {}, ...rows.map(([when, ...what]) => make("li", {}, make("span", { text: when }), make("span", {}, ...what)))); }
  facts(rows) { return make("table", {}, make("tbody", {}, ...rows.map(([label, value]) => make("tr", {}, make("th", { scope: "row", text: label }), make("td", {}, value))))); }

  order(day, k, arm) {
    const o = day.orders;
    if (!Number.isInteger(k) || k < 0 || k >= day.n || o.placed[k] === null) return null;
    const courier = day.couriers[o.courier[k]]?.label ?? "no courier", meal = k >= day.first_meal, zone = day.ground.zone_of_place[o.home[k]];
    const steps = [[o.placed[k], `placed with ${courier}` + (o.quoted?.[k] ? `; ${lasting(o.quoted[k])} to the door were quoted` : "")]];
    if (o.packed[k] !== null) steps.push([o.packed[k], meal ? "cooked" : "packed"]);
    day.offers.order.forEach((order, i) => {
      if (order === k) steps.push([day.offers.time[i], "offered to ", this.link(arm, "driver", day.offers.driver[i]), ` for ${dollars(day.offers.usd[i])}` + (day.offers.declined[i] ? ", who declined" : "")]);
    });
    if (o.accepted[k] !== null) steps.push([o.accepted[k], "accepted by ", this.link(arm, "driver", o.driver[k])]);
    if (o.arrived[k] !== null) steps.push([o.arrived[k], "the driver is at the store"]);
    if (o.picked[k] !== null) steps.push([o.picked[k], "on its way to the customer"]);
    if (o.delivered[k] !== null) {
      const late = o.quoted?.[k] ? (o.delivered[k] - o.placed[k] - o.quoted[k]) / 60 : null;
      steps.push([o.delivered[k], `delivered after ${lasting(o.delivered[k] - o.placed[k])}` + (late === null ? "" : late > 0.5 ? `, ${lasting(60 * late)} later than quoted` : ", in the time that was quoted")]);
    }
    if (o.cancelled[k] !== null) steps.push([o.cancelled[k], meal && o.accepted[k] === null ? "given up" : "cancelled"]);
    steps.sort((a, b) => a[0] - b[0]);
    const money = [["Fee the customer pays", dollars(o.fee[k])]];
    for (const [label, name] of [["Goods at shelf prices", "basket"], ["Mark-up", "markup"], ["Service fee", "service"], ["Promotion", "promotion"], ["Tax", "tax"], ["Tip to the driver", "tip"], ["Commission the store pays", "commission"]]) if (o[name]?.[k]) money.push([label, dollars(o[name][k])]);
    if (o.pay[k] !== null) money.push(["Pay to the driver", dollars(o.pay[k])]);
    const from = meal ? make("span", { text: "a restaurant" }) : o.store[k] >= 0 ? this.link(arm, "store", o.store[k]) : make("span", { text: "the warehouse" });
    const where = make("p", { class: "note" }, "From ", from, " to ", this.link(arm, "zone", zone, `zone ${day.ground.zone_names[zone]}`), o.household?.[k] !== null && o.household ? `, household ${o.household[k]}.` : ".");
    const why = make("div");
    this.city.why?.(arm, k, why);
    return [`${meal ? "Meal" : "Order"} ${k}`, where, this.steps(steps.map(([t, ...what]) => [clockOf(t), ...what])), make("h3", { text: "Money" }), this.facts(money), why];
  }

  driver(day, number, arm) {
    const k = day.number.get(number);
    if (k === undefined) return null;
    const { spans } = day.drivers[k], o = day.orders, rows = [], spent = [0, 0, 0, 0, 0, 0];
    let before = -1;
    for (let s = 0; s < spans.length; s += WIDTH) {
      spent[spans[s + 2]] += spans[s + 1] - spans[s];
      if (before !== spans[s]) { if (before >= 0) rows.push([clockOf(before), "logs off"]); rows.push([clockOf(spans[s]), "logs on"]); }
      if (spans[s + 2] === TO_DOOR) { const order = spans[s + 5]; rows.push([clockOf(spans[s]), "brings ", this.link(arm, "order", order), ` for ${day.couriers[o.courier[order]]?.label ?? "nobody"}`]); }
      if (spans[s + 2] === MOVING) rows.push([clockOf(spans[s]), "drives to another zone without an order"]);
      before = spans[s + 1];
    }
    rows.push([clockOf(before), "logs off"]);
    let pay = 0, tip = 0, orders = 0, asked = 0, declined = 0;
    for (const i of day.brought) if (o.driver[i] === number && o.delivered[i] !== null) { orders++; pay += o.pay[i] ?? 0; tip += o.tip?.[i] ?? 0; }
    day.offers.driver.forEach((driver, i) => { if (driver === number) { asked++; declined += day.offers.declined[i]; } });
    const online = spent.reduce((sum, s) => sum + s, 0) / 3600;
    const facts = [["Hours on line", fixed(online, 1)], ...day.states.map((label, state) => [`\u2002${label}`, fixed(spent[state] / 3600, 1)]).filter(([, hours]) => hours !== "0.0"),
      ["Orders delivered", count(orders)], ["Offers, of them declined", `${count(asked)}, ${count(declined)}`], ["Pay", dollars(pay)], ["Tips", dollars(tip)], ["For an hour on line", dollars((pay + tip) / online)]];
    return [`Driver ${number}`, this.facts(facts), make("h3", { text: "The day" }), this.steps(rows)];
  }

  store(day, number, arm) {
    const store = day.stores[number], o = day.orders;
    if (store === undefined) return null;
    const mine = [];
    for (let k = 0; k < Math.min(day.n, day.first_meal); k++) if (o.store[k] === number && o.placed[k] !== null) mine.push(k);
    return [`Store ${number}`, make("p", { class: "note", text: this.standing(day, store.place) + (store.on.length ? `. On the apps of ${store.on.map((name) => day.couriers.find((c) => c.name === name)?.label ?? name).join(", ")}.` : ".") }), ...this.sold(day, mine, arm)];
  }
  named(site) { return site.name.toLowerCase() === site.kind ? site.name : `${site.name} (${site.kind})`; }
  standing(day, place) { const site = day.ground.sites.find((each) => each.place === place); return site ? `In ${this.named(site)}` : "In the city"; }
  sold(day, mine, arm) {
    const o = day.orders, by = new Map();
    let basket = 0, commission = 0;
    for (const k of mine) { by.set(o.courier[k], (by.get(o.courier[k]) ?? 0) + 1); if (o.delivered[k] !== null) { basket += o.basket?.[k] ?? 0; commission += o.commission?.[k] ?? 0; } }
    const facts = [["Orders of the run", count(mine.length)], ...[...by].map(([c, n]) => [`\u2002by ${day.couriers[c]?.label ?? "nobody"}`, count(n)])];
    if (o.basket) facts.push(["Delivered sales", dollars(basket)], ["Commission", dollars(commission)]);
    const t = this.city.t, last = mine.filter((k) => o.placed[k] <= t).slice(-12).reverse();
    return [this.facts(facts), make("h3", { text: `Last orders before ${clockOf(t)}` }), this.steps(last.map((k) => [clockOf(o.placed[k]), this.link(arm, "order", k), ` by ${day.couriers[o.courier[k]]?.label ?? "nobody"}: ${day.state(k, t)}`]))];
  }
  site(day, k, arm) {
    const site = day.ground.sites[k], here = day.stores.map((each, number) => ({ ...each, number })).filter((each) => each.place === site.place), o = day.orders, mine = [];
    for (let i = 0; i < Math.min(day.n, day.first_meal); i++) if (o.origin[i] === site.place) mine.push(i);
    const stores = make("details", {}, make("summary", { text: `Its ${here.length} stores` }), ...here.map(({ number }) => make("span", {}, this.link(arm, "store", number, String(number)), " ")));
    return [this.named(site), ...(here.length > 1 ? [stores] : here.map(({ number }) => make("p", {}, this.link(arm, "store", number)))), ...this.sold(day, mine, arm)];
  }
  restaurant(day, place, arm) {
    const mine = [];
    for (let k = day.first_meal; k < day.n; k++) if (day.orders.origin[k] === place) mine.push(k);
    return ["Restaurant", ...this.sold(day, mine, arm)];
  }
  zone(day, zone, arm) {
    if (!(zone >= 0 && zone < day.ground.zones.length)) return null;
    const o = day.orders, mine = [], surplus = day.zones.surplus[zone], occasions = day.zones.occasions[zone];
    for (let k = 0; k < day.n; k++) if (o.placed[k] !== null && day.ground.zone_of_place[o.home[k]] === zone) mine.push(k);
    const done = day.brought.filter((k) => day.ground.zone_of_place[o.home[k]] === zone && o.delivered[k] !== null);
    const minutes = done.reduce((sum, k) => sum + (o.delivered[k] - o.placed[k]) / 60, 0) / done.length;
    const facts = [["Minutes to the door, drivers' orders", fixed(minutes, 1)]];
    if (occasions) facts.unshift(["Shopping occasions of the run", count(occasions)], ["Consumer surplus of one", dollars(surplus / occasions)]);
    return [`Zone ${day.ground.zone_names[zone]} (number ${zone})`, this.facts(facts), ...this.sold(day, mine, arm)];
  }
}
