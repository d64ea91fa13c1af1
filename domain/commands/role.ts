/** From the lowest: a key of a higher role may do what a lower one may. */
export const ROLES = ['read', 'service', 'ops'] as const;
export type Role = (typeof ROLES)[number];
