"""Frozen dataclasses that are made quickly.

A command defines more than a hundred, and Python compiles six methods of each from a text: a tenth of a short command.
This compiles one of them, has the others in common, and leaves to Python whatever else a dataclass is.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass"]

_NOT_GIVEN: Any = object()

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(cls: type | None = None, /, *, frozen: bool = False, **more: Any) -> Any:
        """The class as a dataclass, as Python's own decorator gives it."""
        if cls is None:
            return lambda plain: dataclass(plain, frozen=frozen, **more)
        return _freeze(cls) if frozen and not more else dataclasses.dataclass(cls, frozen=frozen, **more)


def _freeze(cls: type) -> type:
    """The class as a frozen dataclass; methods that it has itself stay."""
    cls = dataclasses.dataclass(init=False, repr=False, eq=False)(cls)
    fields = dataclasses.fields(cls)
    names = frozenset(field.name for field in fields)
    compared = [field.name for field in fields if field.compare]
    values: Callable[[Any], Any] = attrgetter(*compared) if compared else lambda _self: ()

    def equals(self: Any, other: object) -> Any:
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    def hash_of(self: Any) -> int:
        return hash(values(self))

    def text_of(self: Any) -> str:
        shown = ", ".join(f"{field.name}={getattr(self, field.name)!r}" for field in fields if field.repr)
        return f"{type(self).__qualname__}({shown})"

    def refuse_to_set(self: Any, name: str, value: Any) -> None:
        if type(self) is cls or name in names:
            raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")
        super(cls, self).__setattr__(name, value)

    def refuse_to_delete(self: Any, name: str) -> None:
        if type(self) is cls or name in names:
            raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")
        super(cls, self).__delattr__(name)

    methods = {
        "__init__": _initializer(cls, fields),
        "__eq__": equals,
        "__hash__": hash_of,
        "__repr__": text_of,
        "__setattr__": refuse_to_set,
        "__delattr__": refuse_to_delete,
    }
    for name, method in methods.items():
        # Python gives a class that says itself when two are equal no hash.
        if cls.__dict__.get(name) is None:
            setattr(cls, name, method)
    return cls


def _initializer(cls: type, fields: tuple[dataclasses.Field[Any], ...]) -> Callable[..., None]:
    """The method that sets the fields, which Python calls by their names."""
    scope: dict[str, Any] = {"_not_given": _NOT_GIVEN}
    parameters, lines = [], ["_values = self.__dict__"]
    for field in sorted(fields, key=lambda field: bool(field.kw_only)):
        if field.kw_only and "*" not in parameters:
            parameters.append("*")
        name, default = field.name, f"_default_of_{field.name}"
        if field.default is not dataclasses.MISSING:
            scope[default] = field.default
            parameters.append(f"{name}={default}")
        elif field.default_factory is not dataclasses.MISSING:
            scope[default] = field.default_factory
            parameters.append(f"{name}=_not_given")
            lines.append(f"{name} = {default}() if {name} is _not_given else {name}")
        else:
            parameters.append(name)
        lines.append(f"_values[{name!r}] = {name}")
    if hasattr(cls, "__post_init__"):
        lines.append("self.__post_init__()")
    head = f"def __init__(self, {', '.join(parameters)}):"
    exec("\n    ".join([head, *lines]), scope)  # noqa: S102 - of the names of fields, as Python does
    method: Callable[..., None] = scope["__init__"]
    method.__annotations__ = {field.name: field.type for field in fields}
    return method
