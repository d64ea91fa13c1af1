import { escapeHtml } from './html.ts';

export interface FormField {
  name: string;
  label: string;
  type?: 'checkbox' | 'date' | 'email' | 'tel' | 'text' | 'url';
  hint?: string;
  autocomplete?: string;
  /** Value and label of each. */
  options?: readonly (readonly [string, string])[];
  optional?: boolean;
}

export interface FormState {
  values: Record<string, string>;
  /** What is wrong, by field. */
  errors: Record<string, string>;
}

const idOf = (name: string): string => `field-${name}`;

/** One field with its label, hint and error, all tied together for those who do not see them. */
export function fieldHtml(field: FormField, { values, errors }: FormState): string {
  const { name, label, type = 'text', hint, autocomplete = 'off', options } = field;
  const id = idOf(name);
  const error = errors[name];
  const value = values[name] ?? '';
  const notes = [hint === undefined ? '' : `${id}-hint`, error === undefined ? '' : `${id}-error`];
  const described = notes.filter((note) => note !== '').join(' ');
  const attributes = [
    `id="${id}"`,
    `name="${name}"`,
    described === '' ? '' : `aria-describedby="${described}"`,
    error === undefined ? '' : 'aria-invalid="true"',
    field.optional ? '' : 'required',
  ].join(' ');
  const text = escapeHtml(field.optional ? `${label} (optional)` : label);
  const below = [
    hint === undefined ? '' : `<small id="${id}-hint">${escapeHtml(hint)}</small><br>`,
    error === undefined ? '' : `<strong class="error" id="${id}-error">${escapeHtml(error)}</strong><br>`,
  ].join('');
  if (type === 'checkbox') {
    const checked = value === '' ? '' : 'checked';
    return `<p><input ${attributes} type="checkbox" value="true" ${checked}> <label for="${id}">${text}</label><br>${below}</p>`;
  }
  const control = options
    ? `<select ${attributes}>${options.map(([key, shown]) => `<option value="${escapeHtml(key)}"${key === value ? ' selected' : ''}>${escapeHtml(shown)}</option>`).join('')}</select>`
    : `<input ${attributes} type="${type}" value="${escapeHtml(value)}" autocomplete="${autocomplete}">`;
  return `<label for="${id}">${text}</label><br>${below}${control}`;
}

export function fieldsetHtml(legend: string, fields: readonly FormField[], state: FormState): string {
  if (fields.length === 0) return '';
  return `<fieldset><legend>${escapeHtml(legend)}</legend>
${fields.map((field) => fieldHtml(field, state)).join('\n')}
</fieldset>`;
}

/** What is wrong, first thing on the page and read out at once; each a link to its field. */
export function errorSummary({ errors }: FormState): string {
  const found = Object.entries(errors);
  if (found.length === 0) return '';
  const items = found.map(
    ([name, message]) => `<li><a href="#${idOf(name)}">${escapeHtml(message)}</a></li>`,
  );
  return `<div role="alert"><p>Please correct:</p><ul>${items.join('')}</ul></div>`;
}
