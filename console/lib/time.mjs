/** @type {[number, string][]} */
const UNITS = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
];

/** `3 d`, `40 min`: how long, in the largest unit that fits. */
export function span(ms) {
  const [size, unit] = UNITS.find(([length]) => Math.abs(ms) >= length) ?? [1_000, 's'];
  return `${Math.floor(Math.abs(ms) / size)} ${unit}`;
}

export function ago(rfc3339, now = Date.now()) {
  return `${span(now - Date.parse(rfc3339))} ago`;
}

/** `in 3 h`, or `2 d overdue`. */
export function until(rfc3339, now = Date.now()) {
  const left = Date.parse(rfc3339) - now;
  return left >= 0 ? `in ${span(left)}` : `${span(left)} overdue`;
}

/** Within a day it is urgent. */
export function isUrgent(rfc3339, now = Date.now()) {
  return Date.parse(rfc3339) - now < 86_400_000;
}

/** `2026-01-05 14:03:07`, in UTC as everywhere in Waybill. */
export function stamp(rfc3339) {
  return rfc3339.slice(0, 19).replace('T', ' ');
}
