/** How long a test waits for what should come at once, in milliseconds: far longer than it takes, for the sake of busy machines. */
export const WITHIN = { timeout: 90_000, interval: 50 };
