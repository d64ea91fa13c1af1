/** Options of a call that a caller waits for and that may be repeated: it ends before the caller's patience does. */
export const STRIPE_READ = { timeout: 10_000, maxNetworkRetries: 1 } as const;
