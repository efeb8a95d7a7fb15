"""Which expressions of a template may give a text with an underscore that the template itself brings.

A template that may not write `x['__class__']` could write `x['_' ~ '_class__']`, or set the halves aside first. What
comes from messages and tools is data of whoever asks. What the template brings is followed here, from the texts that
are written in it to wherever they may end, and so are functions and tokens, whose own text holds underscores.
"""

from collections.abc import Iterable, Mapping

from jinja2 import nodes

CLEAN, WHOLE, ANY = 0, 1, 2
"""Brings no underscore; brings one within a text that is written out, harmless as a whole; may be any text."""
Levels = Mapping[str, int]

FUNCTIONS = frozenset({"range", "namespace", "dict", "raise_exception", "strftime_now", "loop", "caller"})
_BRINGS = FUNCTIONS | {"kwargs", "varargs"}
_NUMBERS = {"int", "float", "length", "count", "abs", "round"}
_CONTAINER = {"items", "keys", "values", "get"}


def levels_of(tree: nodes.Template) -> dict[str, int]:
    """Give the level of each variable, and of each field of a namespace as `.field`; what is not there is clean."""
    macros = {macro.name: macro for macro in tree.find_all(nodes.Macro)}
    levels = dict.fromkeys([*_BRINGS, *macros], ANY)
    for block in tree.find_all(nodes.AssignBlock):
        _raise(levels, _targets(block.target), ANY)
    for outer in tree.find_all(nodes.CallBlock):
        _raise(levels, [argument.name for argument in outer.args], ANY)
    while True:
        before = dict(levels)
        for assignment in tree.find_all(nodes.Assign):
            _raise(levels, _targets(assignment.target), level(assignment.node, levels))
            if _makes_namespace(assignment.node):
                _raise(levels, [f"@{name}" for name in _targets(assignment.target)], ANY)
        for scope in tree.find_all(nodes.With):
            for target, value in zip(scope.targets, scope.values, strict=True):
                _raise(levels, _targets(target), level(value, levels))
        for loop in tree.find_all(nodes.For):
            written = isinstance(loop.iter, nodes.List | nodes.Tuple)
            found = level(loop.iter, levels)
            _raise(levels, _targets(loop.target), found if written else _part(loop.iter, levels))
        for call in tree.find_all(nodes.Call):
            _follow(call, macros, levels)
        if levels == before:
            return levels


def level(node: nodes.Node | None, levels: Levels) -> int:
    """Say what text an expression may give: CLEAN, WHOLE or ANY."""
    match node:
        case nodes.Const():
            text = node.value if isinstance(node.value, str) else ""
            return ANY if text.startswith("_") else WHOLE if "_" in text else CLEAN
        case nodes.Name():
            # Tokens are texts of the team's own, such as bos_token.
            return ANY if node.name.endswith("_token") else levels.get(node.name, CLEAN)
        case nodes.Getattr():
            field = levels.get(f".{node.attr}", CLEAN)
            return field if _has_fields(node.node, levels) else max(field, _part(node.node, levels))
        case nodes.Getitem():
            return _part(node.node, levels)
        case nodes.CondExpr():
            return max(level(node.expr1, levels), level(node.expr2, levels))
        case nodes.And() | nodes.Or():
            return max(level(node.left, levels), level(node.right, levels))
        case nodes.List() | nodes.Tuple():
            return max((level(item, levels) for item in node.items), default=CLEAN)
        case nodes.Dict():
            return max((level(side, levels) for pair in node.items for side in (pair.key, pair.value)), default=CLEAN)
        case nodes.Mod() if isinstance(node.left, nodes.Const) and isinstance(node.left.value, str):
            return ANY
        case nodes.BinExpr():
            return _parts([node.left, node.right], levels)
        case nodes.Concat():
            return _parts(node.nodes, levels)
        case nodes.Filter():
            return _filtered(node, levels)
        case nodes.Call():
            return _called(node, levels)
        case nodes.UnaryExpr() | nodes.Compare() | nodes.Test() | nodes.Slice() | None:
            return CLEAN
    return ANY


def _part(node: nodes.Node | None, levels: Levels) -> int:
    """Say what a part of an expression's text may give: any underscore within it could then come first."""
    return ANY if level(node, levels) > CLEAN or _has_fields(node, levels) else CLEAN


def _has_fields(node: nodes.Node | None, levels: Levels) -> bool:
    """Say whether an expression is a namespace, or the loop: their own text shows more than one of their fields."""
    return isinstance(node, nodes.Name) and (node.name == "loop" or f"@{node.name}" in levels)


def _parts(found: Iterable[nodes.Node], levels: Levels) -> int:
    return max((_part(node, levels) for node in found), default=CLEAN)


def _given(node: nodes.Filter | nodes.Call) -> list[nodes.Node]:
    """List the arguments of a filter or call."""
    given: list[nodes.Node] = [*node.args, *(pair.value for pair in node.kwargs)]
    return given + [one for one in (node.dyn_args, node.dyn_kwargs) if one is not None]


def _filtered(node: nodes.Filter, levels: Levels) -> int:
    if node.name in _NUMBERS:
        return CLEAN
    if node.name in {"default", "d"}:
        return max([level(node.node, levels), *(level(one, levels) for one in _given(node))])
    return _parts([*([node.node] if node.node is not None else []), *_given(node)], levels)


def _called(node: nodes.Call, levels: Levels) -> int:
    if isinstance(node.node, nodes.Getattr):
        given = [node.node.node, *_given(node)]
        if node.node.attr in _CONTAINER and not isinstance(node.node.node, nodes.Const):
            return max(level(one, levels) for one in given)
        return _parts(given, levels)
    if isinstance(node.node, nodes.Name) and node.node.name in {"range", "namespace"}:
        return CLEAN
    if isinstance(node.node, nodes.Name) and node.node.name == "dict":
        return ANY if any("_" in str(pair.key) for pair in node.kwargs) else _parts(_given(node), levels)
    return ANY


def _makes_namespace(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name == "namespace"


def _follow(call: nodes.Call, macros: Mapping[str, nodes.Macro], levels: dict[str, int]) -> None:
    """Follow what a call hands on: to the fields of a namespace, or to the arguments of a macro."""
    if _makes_namespace(call):
        for pair in call.kwargs:
            _raise(levels, [f".{pair.key}"], level(pair.value, levels))
        if call.args:
            _raise(levels, ["."], _parts(call.args, levels))
        return
    macro = macros.get(call.node.name) if isinstance(call.node, nodes.Name) else None
    if macro is None:
        return
    names = [argument.name for argument in macro.args]
    if call.dyn_args is not None or call.dyn_kwargs is not None:
        _raise(levels, names, ANY)
    for name, value in zip(names, call.args, strict=False):
        _raise(levels, [name], level(value, levels))
    for pair in call.kwargs:
        _raise(levels, [str(pair.key)], level(pair.value, levels))
    for name, value in zip(reversed(names), reversed(macro.defaults), strict=False):
        _raise(levels, [name], level(value, levels))


def _raise(levels: dict[str, int], names: Iterable[str], found: int) -> None:
    for name in names:
        if found > levels.get(name, CLEAN):
            levels[name] = found


def _targets(target: nodes.Node) -> list[str]:
    if isinstance(target, nodes.NSRef):
        return [f".{target.attr}"]
    if isinstance(target, nodes.Name):
        return [target.name]
    return [name.name for name in target.find_all(nodes.Name)]
