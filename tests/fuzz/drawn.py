"""Hypothesis strategies for every frame, made from the types: right ones, at their edges too."""

from __future__ import annotations

from typing import Any, get_args

from hypothesis import strategies as st
from msgspec import inspect as types

from handoff.protocol import messages as m

# What UTF-8 can hold; half a character has a test of its own.
_letters = st.characters(exclude_categories=["Cs"])
_any_json = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(_letters, max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(_letters), inner),
    max_leaves=6,
)


def frames_of(side: object) -> st.SearchStrategy[m.Frame]:
    """Any frame of a side, such as `m.CustomerFrame`."""
    return st.one_of([_struct(frame) for frame in get_args(side)])


def _struct(struct: type[Any]) -> st.SearchStrategy[Any]:
    told = types.type_info(struct)
    assert isinstance(told, types.StructType)
    return st.fixed_dictionaries(
        {field.name: _value(field.type) for field in told.fields if field.required},
        optional={field.name: _value(field.type) for field in told.fields if not field.required},
    ).map(lambda fields: struct(**fields))


def _value(kind: types.Type) -> st.SearchStrategy[Any]:
    match kind:
        case types.UnionType(types=options):
            return st.one_of(*map(_value, options))
        case types.NoneType():
            return st.none()
        case types.BoolType():
            return st.booleans()
        case types.FloatType():
            return st.floats(allow_nan=False, allow_infinity=False)
        case types.IntType(ge=low, le=high):
            return st.integers(-(2**63) if low is None else low, high or 2**63 - 1)
        case types.LiteralType(values=values):
            return st.sampled_from(values)
        case types.StrType(pattern=str(pattern)):
            return st.from_regex(pattern.replace("$", r"\Z"), alphabet=st.characters(codec="ascii"))
        case types.StrType(min_length=low, max_length=high):
            return st.text(_letters, min_size=low or 0, max_size=min(high or 40, 40)) | st.just(
                "å" * (high or 40)
            )
        case types.StructType(cls=struct):
            return _struct(struct)
        case types.VarTupleType(item_type=item):
            return st.lists(_value(item), max_size=3).map(tuple)
        case types.DictType(key_type=key, value_type=value):
            return st.dictionaries(_value(key), _value(value), max_size=3)
        case types.AnyType():
            return _any_json
        case _:
            raise NotImplementedError(f"{kind} has no strategy")
