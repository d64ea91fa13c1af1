import type { World } from '../control/world.ts';
import type { Context } from '../core/context.ts';
import { saveIndividual, savePerson } from '../flows/account-changes.ts';
import { peopleOf, withAnswers } from '../flows/accounts.ts';
import type { Answer } from '../http/answers.ts';
import { StripeError } from '../http/errors.ts';
import type { Account, Person, PersonFacts } from '../objects/accounts.ts';
import type { AccountLink } from '../objects/links.ts';
import { changeAccount, type UpdateParams } from '../resources/account-changes.ts';
import { ONBOARDING_PATH } from '../views/links.ts';
import { errorSummary, type FormState, fieldsetHtml } from './form.ts';
import { htmlPage, seeOther } from './html.ts';
import { faultsOf, knownValues, partsOf } from './onboarding-fields.ts';
import type { Page, PageRequest } from './page.ts';

/** From the opening of a link to the end of its form. */
const FORM_LIVES_SECONDS = 3600;

const GONE = htmlPage('This link does not work', '<p>Ask the platform for a new one.</p>', 404);

function whoAnswers(ctx: Context, account: Account): Person | undefined {
  const people = peopleOf(ctx, account.id);
  return people.find(({ sandbox, relationship }) => sandbox.individual || relationship.representative);
}

/** Opens the form, once: a link that is used or too old leads back to the platform, which makes a new one. */
function open(world: World, { ids, csrfField }: PageRequest): Answer {
  return world.transaction((ctx) => {
    const link = ctx.tx.get('account_link', ids.link ?? '');
    const account = link && ctx.tx.get('account', link.account);
    if (!link || !account || account.deleted) return GONE;
    if (link.session !== null || link.expires_at < ctx.now) return seeOther(link.refresh_url);
    const opened = ctx.tx.update('account_link', link.id, { session: ctx.ids.random(32) });
    const person = whoAnswers(ctx, account);
    return formPage(account, person, opened, csrfField, { values: knownValues(account, person), errors: {} });
  });
}

function formPage(
  account: Account,
  person: Person | undefined,
  { session }: AccountLink,
  csrfField: string,
  state: FormState,
): Answer {
  const parts = partsOf(account, person);
  return htmlPage(
    'Get paid: tell Stripe about yourself',
    `${errorSummary(state)}
<form method="post" novalidate>
${csrfField}
<input type="hidden" name="session" value="${session ?? ''}">
${fieldsetHtml('Your business', parts.business, state)}
${fieldsetHtml('You', parts.person, state)}
${fieldsetHtml('Your company, if it is one', parts.company, state)}
${fieldsetHtml('Where your money goes', parts.bank, state)}
${fieldsetHtml('Terms', parts.terms, state)}
<button class="main">Agree and submit</button>
</form>`,
  );
}

function submit(world: World, { ids, form, csrfField }: PageRequest): Answer {
  const values = Object.fromEntries([...form].map(([name, value]) => [name, value.trim()]));
  const show = (errors: FormState['errors']): Answer =>
    world.transaction((ctx) => {
      const link = ctx.tx.must('account_link', ids.link ?? '');
      const account = ctx.tx.must('account', link.account);
      return formPage(account, whoAnswers(ctx, account), link, csrfField, { values, errors });
    });
  try {
    return world.transaction((ctx) => {
      const link = ctx.tx.get('account_link', ids.link ?? '');
      const account = link && ctx.tx.get('account', link.account);
      if (!link || !account || account.deleted) return GONE;
      const late = link.created + FORM_LIVES_SECONDS < ctx.now;
      if (link.done || late || link.session === null || link.session !== values.session) {
        return seeOther(link.refresh_url);
      }
      const person = whoAnswers(ctx, account);
      const errors = faultsOf(partsOf(account, person), values);
      if (Object.keys(errors).length > 0) {
        return formPage(account, person, link, csrfField, { values, errors });
      }
      complete(ctx, account, values);
      ctx.tx.update('account_link', link.id, { done: true });
      return seeOther(link.return_url);
    });
  } catch (error) {
    // Stripe's own refusal of something that was typed in, such as a bank account number.
    if (error instanceof StripeError) return show({ [fieldOf(error)]: error.message });
    throw error;
  }
}

function fieldOf({ body }: StripeError): string {
  return body.param?.match(/\[(\w+)\]$/)?.[1] ?? 'business_type';
}

function personOf(values: Record<string, string>, country: string): PersonFacts {
  const [year, month, day] = (values.dob ?? '').split('-').map(Number);
  return {
    address: {
      city: values.city ?? null,
      country,
      line1: values.line1 ?? null,
      postal_code: values.postal_code ?? null,
      state: values.state ?? null,
    },
    dob: { day: day ?? null, month: month ?? null, year: year ?? null },
    email: values.email ?? '',
    first_name: values.first_name ?? '',
    last_name: values.last_name ?? '',
    phone: values.phone ?? '',
    ...(values.ssn_last_4 ? { ssnLast4: true } : {}),
  };
}

/** Everything is submitted and the terms are accepted: the next step is Stripe's. */
function complete(ctx: Context, account: Account, values: Record<string, string>): void {
  const isCompany = values.business_type === 'company';
  const facts = personOf(values, account.country);
  const asked = account.sandbox.required.map(({ field }) => field);
  const before: Account = {
    ...withAnswers(account, asked),
    details_submitted: true,
    tos_acceptance: {
      ...account.tos_acceptance,
      date: account.tos_acceptance.date ?? ctx.now,
      ip: account.tos_acceptance.ip ?? '127.0.0.1',
    },
  };
  const person = whoAnswers(ctx, account);
  if (isCompany) {
    const relationship = { owner: true, representative: true, title: 'Owner' };
    savePerson(ctx, person, account, { ...facts, relationship });
  } else saveIndividual(ctx, account, facts);
  changeAccount(ctx, before, paramsOf(account, values, isCompany));
}

function paramsOf(account: Account, values: Record<string, string>, isCompany: boolean): UpdateParams {
  const { account_number, routing_number, url = '', company_name = '', tax_id = '' } = values;
  return {
    business_profile: { mcc: account.business_profile.mcc ?? '5734', url },
    business_type: isCompany ? 'company' : 'individual',
    email: account.email ?? values.email ?? null,
    ...(isCompany ? { company: companyParams(values, company_name, tax_id) } : {}),
    ...(account_number
      ? {
          external_account: {
            account_number,
            country: account.country,
            currency: account.default_currency,
            ...(routing_number ? { routing_number } : {}),
          },
        }
      : {}),
  };
}

function companyParams(
  { city, line1, postal_code, state, phone }: Record<string, string>,
  name: string,
  tax_id: string,
): NonNullable<UpdateParams['company']> {
  return { address: { city, line1, postal_code, state }, name, owners_provided: true, phone, tax_id };
}

export const onboardingPages: readonly Page[] = [
  { method: 'GET', path: ONBOARDING_PATH, show: open },
  { method: 'POST', path: ONBOARDING_PATH, show: submit },
];
