/** Made-up people and companies whose data are easy to recognise wherever they should not be. */

export const SELLER = {
  first_name: 'Zephyrine',
  last_name: 'Quillfeather',
  email: 'zephyrine@quillfeather.example',
  phone: '+15550104477',
  dob: { day: 17, month: 11, year: 1961 },
  ssn_last_4: '7351',
  id_number: '900617351',
  address: {
    line1: '4711 Marmalade Crescent',
    city: 'Tumbledown',
    state: 'CA',
    postal_code: '94111',
    country: 'US',
  },
} as const;

/** One of Stripe's test numbers that no error message of Stripe's advises to use. */
export const BANK = {
  country: 'US',
  currency: 'usd',
  account_number: '000222222227',
  routing_number: '110000000',
  account_holder_name: 'Zephyrine Quillfeather',
} as const;

/** What must be found nowhere but at Stripe. */
const SECRETS = [
  'Zephyrine',
  'Quillfeather',
  'quillfeather.example',
  '5550104477',
  '7351',
  '900617351',
  'Marmalade',
  'Tumbledown',
  '000222222227',
] as const;

/** Which of them a text holds. Four digits stand in every other id by chance: they count only as a word of their own. */
export function secretsIn(text: string): string[] {
  const words = new Set(text.split(/[^A-Za-z0-9]+/));
  return SECRETS.filter((secret) => (secret.length > 4 ? text.includes(secret) : words.has(secret)));
}

/** Everything that a US individual with card_payments and transfers has to tell. */
export function completeAccount(id: string) {
  return {
    id,
    type: 'custom',
    country: 'US',
    email: 'shop@example.com',
    business_type: 'individual',
    individual: SELLER,
    tos_shown_and_accepted: true,
    business_profile: { mcc: '5734', url: 'https://shop.example.com' },
    external_account: BANK,
    capabilities: ['card_payments', 'transfers'],
    metadata: { shop: '7' },
  } as const;
}
