import type { ResponseDoc } from '../endpoint.ts';
import { transferResource } from '../schemas/transfer.ts';
export const transferCommandResponses: Readonly<Record<number, ResponseDoc>> = {
  200: { description: 'Done.', schema: transferResource },
  202: { description: 'Still on its way, or waiting for an operator.', schema: transferResource },
};
