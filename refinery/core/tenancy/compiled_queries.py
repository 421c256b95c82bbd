"""Queries of hot paths whose SQL is compiled once and then executed with other values.

Django builds the SQL of a QuerySet each time, which takes longer than PostgreSQL needs for a few rows by an index. A
compiled query stays an ordinary QuerySet in the code; its values become parameters. PostgreSQL keeps its plan too,
because the text of the statement is constant.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Generic, ParamSpec, TypeVar

import orjson
from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import F, Func
from django.db.models.expressions import Col, Expression
from django.db.models.query import FlatValuesListIterable, ModelIterable, ValuesListIterable, get_related_populators

from refinery.core.database.prepared import prepared_cursor
from refinery.core.tenancy.actor import Actor

P = ParamSpec("P")
RowT = TypeVar("RowT")
Row = Sequence[Any]
Convert = Callable[[Any], Any]
IDS_OF_ACTOR: Final = ("user_id", "tenant_id")


class CompiledQuery(Generic[P, RowT]):
    """Query that is compiled once; call it to get its rows.

    The function that returns the QuerySet may only pass its arguments on to lookups: they are parameters when it is
    called. An actor keeps its role, scopes and teams, on which a QuerySet may depend; there is a statement for each
    combination. A list is compared by `is_any_of`. For a guest, whose grants decide what is read, the QuerySet is
    executed as it is.
    """

    def __init__(self, build: Callable[P, models.QuerySet[Any, RowT]]) -> None:
        """Store the function that returns the QuerySet."""
        self._build = build
        self._statements: dict[tuple[object, ...], _Statement | None] = {}

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> list[RowT]:
        """Return the rows. Raises TypeError for keyword arguments."""
        if kwargs:
            message = "pass the values of a compiled query by position"
            raise TypeError(message)
        if any(isinstance(value, Actor) and value.is_restricted for value in args):
            return list(self._build(*args, **kwargs))
        shape = tuple(_shape_of(value) for value in args)
        try:
            statement = self._statements[shape]
        except KeyError:
            statement = self._statements[shape] = self._compile(args)
        return [] if statement is None else statement.execute(args)

    def first(self, *args: P.args, **kwargs: P.kwargs) -> RowT | None:
        """Return the first row, None if there is none."""
        rows = self(*args, **kwargs)
        return rows[0] if rows else None

    def _compile(self, args: Sequence[object]) -> "_Statement | None":
        """Return the statement for arguments of this shape; None if it can have no row."""
        build: Callable[..., models.QuerySet[Any, Any]] = self._build
        query = build(*(_parameter(place, value) for place, value in enumerate(args)))
        compiler = query.query.get_compiler(using=query.db)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            return None
        columns = [column for column, *_ in compiler.select]
        found = compiler.get_converters(columns)
        converters = tuple((place, _chain(functions, column)) for place, (functions, column) in found.items())
        return _Statement(str(sql), tuple(params), converters, _row_builder(query, compiler))


compiled_query: Final = CompiledQuery
"""Decorator of a function that returns a QuerySet."""


def is_any_of(column: str, values: Any) -> Func:  # noqa: ANN401 - a parameter in the place of a list
    """Return the condition that the list contains the column's value; `in` needs the length of the list."""
    listed = list(values) if isinstance(values, set | frozenset | tuple) else values
    return Func(
        F(column), listed, arg_joiner=" = ANY(", template="%(expressions)s)", output_field=models.BooleanField()
    )


@dataclass(frozen=True, slots=True)
class _Slot:
    """Place of a value among the parameters of the SQL: an argument, or an attribute of an actor."""

    place: int
    attribute: str = ""

    def value_in(self, args: Sequence[object]) -> object:
        """Return the value to send."""
        value = args[self.place]
        if self.attribute:
            value = getattr(value, self.attribute)
        return list(value) if isinstance(value, tuple | set | frozenset) else value


class _Parameter(Expression):
    """Value that is known only when the query is executed."""

    def __init__(self, slot: _Slot) -> None:
        super().__init__()
        self.slot = slot

    def as_sql(self, compiler: object, connection: object) -> tuple[str, Any]:
        """Return a placeholder, and the slot of its value."""
        return "%s", [self.slot]


@dataclass(frozen=True, slots=True)
class _Statement:
    """SQL with its parameters, the converters of columns that have one, and the function that builds a row."""

    sql: str
    params: tuple[Any, ...]
    converters: tuple[tuple[int, Convert], ...]
    build_row: Callable[[Row], Any]

    def execute(self, args: Sequence[object]) -> list[Any]:
        """Return the rows."""
        params: list[Any] = [param.value_in(args) if type(param) is _Slot else param for param in self.params]
        with prepared_cursor() as cursor:
            cursor.execute(self.sql, params)
            rows = cursor.fetchall()
        if self.converters:
            rows = [self._convert(row) for row in rows]
        return [self.build_row(row) for row in rows]

    def _convert(self, row: Row) -> list[Any]:
        values = list(row)
        for place, convert in self.converters:
            values[place] = convert(values[place])
        return values


def _shape_of(value: object) -> object:
    """Return what of an argument may decide the form of the query."""
    return (value.role, value.scopes, value.team_ids) if isinstance(value, Actor) else None


def _parameter(place: int, value: object) -> object:
    if not isinstance(value, Actor):
        return _Parameter(_Slot(place))
    ids: dict[str, Any] = {name: _Parameter(_Slot(place, name)) for name in IDS_OF_ACTOR}
    return replace(value, **ids)


def _chain(functions: Sequence[Callable[..., Any]], column: Any) -> Convert:  # noqa: ANN401 - Django's expressions are not annotated
    if isinstance(column, Col) and isinstance(column.target, models.JSONField) and column.target.decoder is None:
        return _parse_json

    def convert(value: Any) -> Any:  # noqa: ANN401 - values of any column
        for function in functions:
            value = function(value, column, connection)
        return value

    return convert


def _parse_json(value: str | None) -> Any:  # noqa: ANN401 - JSON
    return None if value is None else orjson.loads(value)


def _row_builder(query: models.QuerySet[Any, Any], compiler: Any) -> Callable[[Row], Any]:  # noqa: ANN401 - Django's compiler is not annotated
    kind = query._iterable_class  # noqa: SLF001 - the only place where a QuerySet says what its rows are
    if kind is ValuesListIterable:
        return tuple
    if kind is FlatValuesListIterable:
        return lambda row: row[0]
    if kind is not ModelIterable:
        message = "a compiled query returns tuples, single values or instances"
        raise TypeError(message)
    return _instance_builder(query, compiler)


def _instance_builder(query: models.QuerySet[Any, Any], compiler: Any) -> Callable[[Row], Any]:  # noqa: ANN401 - as above
    """Return the function that builds an instance with its related instances and annotations."""
    places = compiler.klass_info["select_fields"]
    names = [compiler.select[place][0].target.attname for place in places]
    start, end = places[0], places[-1] + 1
    populators: Any = get_related_populators  # annotated for a later Django
    related = populators(compiler.klass_info, compiler.select, query.db)
    annotations = tuple(compiler.annotation_col_map.items())

    def build(row: Row) -> models.Model:
        instance: models.Model = query.model.from_db(query.db, names, row[start:end])
        for populator in related:
            populator.populate(row, instance)
        for name, place in annotations:
            setattr(instance, name, row[place])
        return instance

    return build
