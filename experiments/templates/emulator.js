"use strict";
// Surfaces as the report fitted them, at a point of the unit cube. The same formulas stand in Python, and a test holds
// one to the other.

function predict(made, x) {
  if (made.kind === "quadratic") {
    const terms = [1, ...x];
    for (let i = 0; i < x.length; i++) {
      for (let j = i; j < x.length; j++) {
        terms.push(x[i] * x[j]);
      }
    }
    return terms.reduce((sum, term, k) => sum + term * made.coefficients[k], 0);
  }
  let sum = 0;
  made.points.forEach((point, k) => {
    const distance = point.reduce((d, at, i) => d + (x[i] - at) ** 2 * made.per_length[i], 0);
    sum += made.signal * Math.exp(-0.5 * distance) * made.weights[k];
  });
  return made.centre + made.spread * sum;
}

// Whether a point lies within what the design has tried: in its box, in the hull of its points where that is told, and
// no further from a point than points are from each other.
function supported(group, x) {
  const slack = 1e-6;
  if (x.some((at) => at < -slack || at > 1 + slack)) {
    return false;
  }
  if (group.faces.some((face) => x.reduce((sum, at, i) => sum + at * face[i], face[x.length]) > slack)) {
    return false;
  }
  const nearest = Math.min(...group.points.map((p) => Math.hypot(...p.map((at, i) => x[i] - at))));
  return nearest <= group.reach + slack;
}
