import type { World } from '../control/world.ts';
import type { Answer } from '../http/answers.ts';

export interface PageRequest {
  ids: Record<string, string>;
  query: URLSearchParams;
  form: URLSearchParams;
  /** Markup that every form contains. */
  csrfField: string;
}

export interface Page {
  method: 'GET' | 'POST';
  /** `:name` stands for one part and is found in `ids`. */
  path: string;
  show: (world: World, request: PageRequest) => Answer;
}
