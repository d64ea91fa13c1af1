import { signal } from '../lib/html.mjs';

/** How much needs somebody, as the inbox last read it. */
export const inboxCount = signal(0);
