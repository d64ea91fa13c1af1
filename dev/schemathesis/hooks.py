"""What no schema can say: which objects exist, and which requests were made before."""

import json
import uuid

import schemathesis

# Refused for what Stripe, an order or an earlier request says, though the request is well-formed.
REFUSED_BY_STATE = {
    "stripe_refused",
    "money_rule",
    "account_not_ready",
    "balance_insufficient",
    "card_declined",
    "idempotency_key_reused",
}
# Made by the service or by Stripe beforehand: an object that the list knows, a signature.
MADE_BEFOREHAND = {"starting_after", "state", "Stripe-Signature"}


@schemathesis.hook
def before_call(context, case, kwargs):
    """A key of its own for each well-formed command; otherwise most are repeats."""
    meta = case.meta
    if meta and meta.generation.mode.is_positive and "Idempotency-Key" in (case.headers or {}):
        case.headers["Idempotency-Key"] = str(uuid.uuid4())


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """A refusal by state is no contradiction to the schema."""
    if type(failure).__name__ != "RejectedPositiveData":
        return True
    try:
        problem = json.loads(response.content)
    except ValueError:
        return True
    return problem.get("code") not in REFUSED_BY_STATE and problem.get("param") not in MADE_BEFOREHAND
