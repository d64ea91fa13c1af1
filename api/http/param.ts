/** How Stripe writes the way to a field: `metadata[foo]`. */
export function paramOf([first, ...rest]: readonly PropertyKey[]): string {
  return `${String(first)}${rest.map((part) => `[${String(part)}]`).join('')}`;
}
