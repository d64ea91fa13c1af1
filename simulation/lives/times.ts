export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** 2026-01-05T21:30:00Z: soon another day begins. */
export const BEGIN_MS = Date.UTC(2026, 0, 5, 21, 30);

/** Between two deeds: most come close together, some after a key is forgotten. */
export const GAPS_MS = [
  0,
  100,
  SECOND_MS,
  5 * SECOND_MS,
  30 * SECOND_MS,
  5 * MINUTE_MS,
  HOUR_MS,
  25 * HOUR_MS,
];
