"""What is wrong with a tree of settings, in words: every problem at once, each with its full key."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from types import UnionType
from typing import Annotated, Any, Literal, TypeAliasType, Union, get_args, get_origin

import annotated_types
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from galleria.models.errors import UsageError

_EXPECTED = {
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a finite number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "string_type": "a text",
    "list_type": "a list",
    "tuple_type": "a list",
    "dict_type": "a mapping of keys to values",
    "model_type": "a mapping of keys to values",
    "model_attributes_type": "a mapping of keys to values",
}
_RANGE_ERRORS = frozenset({"greater_than", "greater_than_equal", "less_than", "less_than_equal"})


def problems_of(error: ValidationError, model: type[BaseModel], prefix: str = "") -> list[str]:
    """Describe every error of a failed validation.

    Parameters
    ----------
    error
        What pydantic raised when `model` was validated.
    model
        The settings class, where allowed ranges and the right keys are read.
    prefix
        Key under which the validated tree stands, e.g. "design".

    Returns
    -------
    One sentence a problem: full key, value, what is allowed, and the nearest right key.
    """
    keys = [_join(prefix, key) for key in settings_keys(model)]
    problems: list[str] = []
    for details in error.errors(include_url=False):
        raised = details.get("ctx", {}).get("error")
        problems += raised.problems if isinstance(raised, UsageError) else [_describe(details, model, prefix, keys)]
    return list(dict.fromkeys(problems))


def settings_keys(model: type[BaseModel]) -> Iterator[str]:
    """List the dotted keys of a settings class, branches and leaves."""
    for name, field in model.model_fields.items():
        yield name
        for inner in _models_of(field.annotation):
            for key in settings_keys(inner):
                yield f"{name}.{key}"


def nearest_key(key: str, keys: Sequence[str]) -> str | None:
    """Find the key that was probably meant, or None when none is near.

    A key of the same branch with a similar last part is preferred to one that is only similar as a whole.
    """
    branch, _, last = key.rpartition(".")
    siblings = [other for other in keys if other.rpartition(".")[0] == branch]
    near = get_close_matches(last, [other.rpartition(".")[2] for other in siblings], n=1)
    if near:
        return _join(branch, near[0])
    same_last = [other for other in keys if other.rpartition(".")[2] == last]
    near = get_close_matches(key, same_last, n=1, cutoff=0.3) or get_close_matches(key, keys, n=1, cutoff=0.7)
    return near[0] if near else None


def unknown_key(key: str, keys: Sequence[str], kind: str = "key") -> str:
    """Say that a key, or a name of another kind, does not exist, and which one was probably meant."""
    near = nearest_key(key, keys)
    if near is None:
        branch = key.rpartition(".")[0]
        siblings = [other for other in keys if other.rpartition(".")[0] == branch]
        hint = f"; there are {', '.join(siblings)}" if branch and siblings else ""
    else:
        hint = f"; did you mean {near}?"
    return f"{key}: there is no such {kind}{hint}"


def _describe(details: ErrorDetails, model: type[BaseModel], prefix: str, keys: list[str]) -> str:
    loc, kind, context = details["loc"], details["type"], details.get("ctx", {})
    field, _ = _field_at(model, loc)
    key = _join(prefix, _key_at(model, loc, part_is_key=kind in {"extra_forbidden", "missing"}))
    if kind == "extra_forbidden":
        _, owners = _field_at(model, loc[:-1])
        siblings = [_join(key.rpartition(".")[0], name) for owner in owners for name in owner.model_fields]
        return unknown_key(key, [*siblings, *keys])
    if kind == "missing":
        return f"{key} is missing: it must be given{_allowed(field)}"
    at = f"{key} = {_shown(details['input'])}" if key else "settings"
    if kind in _RANGE_ERRORS:
        return f"{at} is out of range{_allowed(field) or ': ' + details['msg']}"
    if kind in {"literal_error", "enum"}:
        wrong = f"must be one of {str(context.get('expected', '')).replace(' or ', ', ')}"
    elif kind in _EXPECTED:
        wrong = f"must be {_EXPECTED[kind]}{_allowed(field)}"
    else:
        wrong = str(context.get("error", details["msg"]))
        at = key if key and isinstance(details["input"], Mapping) else at
    return f"{at}: {wrong}"


def _allowed(field: FieldInfo | None) -> str:
    """Return the allowed range of a field in words, or nothing."""
    if field is None:
        return ""
    bounds = []
    for rule in field.metadata or _rules(field.annotation):
        if isinstance(rule, annotated_types.Ge):
            bounds.append(f"at least {rule.ge}")
        elif isinstance(rule, annotated_types.Gt):
            bounds.append(f"above {rule.gt}")
        elif isinstance(rule, annotated_types.Le):
            bounds.append(f"at most {rule.le}")
        elif isinstance(rule, annotated_types.Lt):
            bounds.append(f"below {rule.lt}")
    return f" (allowed: {' and '.join(bounds)})" if bounds else ""


def _rules(annotation: Any) -> Iterator[Any]:
    """Find the bounds that stand inside a type: of a named type, or of what a mapping or list holds."""
    if isinstance(annotation, TypeAliasType):
        annotation = annotation.__value__
    if get_origin(annotation) is Annotated:
        for each in annotation.__metadata__:
            yield from each.metadata if isinstance(each, FieldInfo) else (each,)
    for argument in get_args(annotation):
        yield from _rules(argument)


def _shown(value: object) -> str:
    """Show a value as YAML would, shortened."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping | list | tuple):
        return f"{type(value).__name__} of {len(value)}"
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _field_at(model: type[BaseModel], loc: tuple[int | str, ...]) -> tuple[FieldInfo | None, list[type[BaseModel]]]:
    """Find the declared field of a location and the settings classes it holds, through mappings and lists."""
    candidates: list[type[BaseModel]] = [model]
    field: FieldInfo | None = None
    for part in loc:
        owner = next((m for m in candidates if isinstance(part, str) and part in m.model_fields), None)
        if owner is None:  # the key of a mapping, the index of a list, or the tag of a union
            candidates = [m for m in candidates if _is_tagged(m, part)] or candidates
            continue
        field = owner.model_fields[str(part)]
        candidates = list(_models_of(field.annotation))
    return field, candidates


def _is_tagged(model: type[BaseModel], tag: int | str) -> bool:
    """Say whether a member of a union is the one that a tag chooses."""
    return any(tag in get_args(each.annotation) for each in model.model_fields.values() if _is_literal(each.annotation))


def _is_literal(annotation: Any) -> bool:
    return get_origin(annotation) is Literal


def _key_at(model: type[BaseModel], loc: tuple[int | str, ...], *, part_is_key: bool) -> str:
    """Write a location as the key a user gives: without the tags by which pydantic tells the members of a union."""
    candidates: list[type[BaseModel]] = [model]
    layers, parts = 0, []
    for place, part in enumerate(loc):
        if isinstance(part, str) and "[" in part:
            continue  # pydantic's name of a type, which no key has
        owner = next((m for m in candidates if isinstance(part, str) and part in m.model_fields), None)
        if layers:
            layers -= 1
        elif owner is not None:
            annotation = owner.model_fields[str(part)].annotation
            candidates, layers = list(_models_of(annotation)), _layers_of(annotation)
        elif place < len(loc) - 1 or not part_is_key:
            candidates = [m for m in candidates if _is_tagged(m, part)] or candidates
            continue
        parts.append(str(part))
    return ".".join(parts)


def _layers_of(annotation: Any) -> int:
    """Count the mappings and lists around the innermost type: so many keys or indices stand in a location."""
    if isinstance(annotation, TypeAliasType):
        annotation = annotation.__value__
    inner = max((_layers_of(argument) for argument in get_args(annotation)), default=0)
    return inner + (get_origin(annotation) in {dict, list, tuple, Mapping, Sequence})


def _models_of(annotation: Any) -> Iterator[type[BaseModel]]:
    """Find the settings classes inside a type: itself, of a named type, a union, a mapping or a list."""
    if isinstance(annotation, TypeAliasType):
        annotation = annotation.__value__
    origin = get_origin(annotation)
    if isinstance(annotation, type) and origin is None:
        if issubclass(annotation, BaseModel):
            yield annotation
    elif origin is Union or origin is UnionType or (origin is not None and origin is not Literal):
        for argument in get_args(annotation):
            yield from _models_of(argument)


def _join(branch: str, key: str) -> str:
    return f"{branch}.{key}" if branch and key else branch or key
