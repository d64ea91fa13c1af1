import type { ResponseDoc } from '../http/endpoint.ts';
import { transferResource } from './transfer-schema.ts';
export const transferCommandResponses: Readonly<Record<number, ResponseDoc>> = {
  200: { description: 'Done.', schema: transferResource },
  202: { description: 'Still on its way, or waiting for an operator.', schema: transferResource },
};
