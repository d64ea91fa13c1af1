import { html } from '../lib/html.mjs';
import { money } from '../lib/money.mjs';
import { actionsOf, approvalsToName } from './commands.mjs';

const EVIDENCE = [
  'uncategorized_text',
  'product_description',
  'customer_name',
  'customer_email_address',
  'shipping_tracking_number',
  'shipping_carrier',
  'shipping_date',
  'service_date',
  'access_activity_log',
  'refund_refusal_explanation',
  'cancellation_rebuttal',
  'duplicate_charge_explanation',
];

/** One field of a command. `shown`: the object when its dialog opened. */
export function Field({ field, values, object, shown = object, change }) {
  const id = `field-${field.name}`;
  const value = values[field.name];
  switch (field.type) {
    case 'amount':
      return html`<label for=${id}>${field.label} in ${object.currency.toUpperCase()}</label>
        <input id=${id} inputmode="decimal" autocomplete="off" placeholder=${field.hint ?? ''} required=${field.isRequired} value=${value ?? ''} onInput=${(event) => change(event.target.value)} />`;
    case 'flag':
      return html`<label><input type="checkbox" role="switch" checked=${Boolean(value)} disabled=${field.needs && !values[field.needs]} onChange=${(event) => change(event.target.checked)} /> ${field.label}</label>`;
    case 'choice':
      return html`<label for=${id}>${field.label}</label><${Choice} id=${id} options=${field.options} value=${value} change=${change} empty="none" />`;
    case 'action':
      return html`<label for=${id}>${field.label}</label><${Choice} id=${id} options=${actionsOf(object)} value=${value} change=${change} empty="choose" />`;
    case 'subject': {
      const approvals = approvalsToName(shown, object, values.action);
      return approvals.length > 0
        ? html`<label for=${id}>Which approval</label><${Choice} id=${id} options=${approvals.map((one) => one.id)} value=${value} change=${change} empty="choose" nameOf=${(one) => askedFor(approvals.find((approval) => approval.id === one))} />`
        : html`<${TextField} id=${id} field=${field} value=${value} change=${change} />`;
    }
    case 'evidence':
      return html`<label for=${id}>What it is</label><${Choice} id=${id} options=${EVIDENCE} value=${value?.field ?? EVIDENCE[0]} change=${(name) => change({ ...value, field: name })} />
        <label for="evidence-text">Text</label><textarea id="evidence-text" rows="5" maxlength="20000" onInput=${(event) => change({ ...value, text: event.target.value })}>${value?.text ?? ''}</textarea>`;
    default:
      return html`<${TextField} id=${id} field=${field} value=${value} change=${change} />`;
  }
}

function TextField({ id, field, value, change }) {
  return html`<label for=${id}>${field.label}</label>
    <input id=${id} autocomplete="off" maxlength="500" placeholder=${field.hint ?? ''} required=${field.isRequired} value=${value ?? ''} onInput=${(event) => change(event.target.value)} />`;
}

function askedFor({ id, command, amount, currency, requested_by: by }) {
  return `${command.replaceAll('_', ' ')} of ${money(amount, currency)}, asked for by ${by} (${id})`;
}

function Choice({ id, options, value, change, empty, nameOf = spaced }) {
  return html`<select id=${id} value=${value ?? ''} onChange=${(event) => change(event.target.value)}>
    ${empty && html`<option value="">${empty}</option>`}
    ${options.map((option) => html`<option value=${option}>${nameOf(option)}</option>`)}
  </select>`;
}

function spaced(option) {
  return option.replaceAll('_', ' ');
}
