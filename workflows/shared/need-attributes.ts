import type { SearchAttributeUpdatePair } from '@temporalio/common';
import { ATTENTION_CODE, ATTENTION_SINCE, NEEDS_ATTENTION } from '../../contract/search-attribute-keys.ts';
import type { Need } from '../../domain/orders/needs.ts';
import { dateOf } from './time.ts';

/** What asks for somebody, and since when. */
export type Asks = Pick<Need, 'code' | 'since'>;

/** Lists what needs attention; null: nobody has to look. */
export function needAttributes(need: Asks | null): readonly SearchAttributeUpdatePair[] {
  return [
    { key: NEEDS_ATTENTION, value: need !== null },
    { key: ATTENTION_CODE, value: need?.code ?? null },
    { key: ATTENTION_SINCE, value: need && dateOf(need.since) },
  ];
}
