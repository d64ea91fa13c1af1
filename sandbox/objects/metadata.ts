/** A caller's own notes on an object. https://docs.stripe.com/api/metadata */
export type Metadata = Record<string, string>;
