"""What pydantic refuses, in the language that is spoken: it has no catalogue of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tiktok_coach.core.languages import ENGLISH, language
from tiktok_coach.core.translation import N_, _

# Its own sentences, by the kind of fault, for what a config file, a plan, an audience or a rule can get wrong.
MESSAGES = {
    "literal_error": N_("Input should be {expected}"),
    "string_type": N_("Input should be a valid string"),
    "int_type": N_("Input should be a valid integer"),
    "int_parsing": N_("Input should be a valid integer, unable to parse string as an integer"),
    "int_from_float": N_("Input should be a valid integer, got a number with a fractional part"),
    "float_type": N_("Input should be a valid number"),
    "float_parsing": N_("Input should be a valid number, unable to parse string as a number"),
    "bool_type": N_("Input should be a valid boolean"),
    "bool_parsing": N_("Input should be a valid boolean, unable to interpret input"),
    "list_type": N_("Input should be a valid list"),
    "dict_type": N_("Input should be a valid dictionary"),
    "model_type": N_("Input should be a valid dictionary or instance of {class_name}"),
    "greater_than": N_("Input should be greater than {gt}"),
    "greater_than_equal": N_("Input should be greater than or equal to {ge}"),
    "less_than": N_("Input should be less than {lt}"),
    "less_than_equal": N_("Input should be less than or equal to {le}"),
    "string_pattern_mismatch": N_("String should match pattern '{pattern}'"),
    "too_short": N_("{field_type} should have at least {min_length} items after validation, not {actual_length}"),
}


def translate_error(fault: Mapping[str, Any]) -> str:
    """What a fault says; one of a kind that is not known, and one that our own checks find, as it is."""
    message = MESSAGES.get(str(fault["type"]))
    if message is None or language() == ENGLISH:
        return str(fault["msg"]).removeprefix("Value error, ")
    terms = {name: str(value).replace(" or ", _(" or ")) for name, value in (fault.get("ctx") or {}).items()}
    return _(message, **terms)
