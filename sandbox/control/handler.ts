import type { Json } from '../views/json.ts';
import type { World } from './world.ts';

export interface ControlRequest {
  query: URLSearchParams;
  body: Json;
  id: string;
}

/** What was asked for makes no sense: the message says why. */
export class ControlError extends Error {}

export type Handler = (world: World, request: ControlRequest) => unknown;
