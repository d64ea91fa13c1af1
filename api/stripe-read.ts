/** Options of a read that a caller waits for: it ends before the caller's patience does. */
export const STRIPE_READ = { timeout: 10_000, maxNetworkRetries: 1 } as const;
