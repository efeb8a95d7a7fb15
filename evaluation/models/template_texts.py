"""Which expressions of a template put a text together: such a text must never name a field.

A template that may not write `x['__class__']` could write `x['__cla' ~ 'ss__']`, or set the halves aside first.
"""

from jinja2 import nodes

_KEEPS_NUMBERS = {"int", "float", "length", "count", "abs", "round", "sum", "min", "max"}
_PICKS = {"first", "last", "default", "d", "list", "sort", "unique"}


def built_names(tree: nodes.Template) -> frozenset[str]:
    """Give the variables, and fields of namespaces as `name.field`, that may hold a text put together in a template."""
    built: frozenset[str] = frozenset()
    while True:
        found = set(built)
        for assignment in tree.find_all(nodes.Assign):
            if builds_text(assignment.node, built):
                found |= _targets(assignment.target)
        for block in tree.find_all(nodes.AssignBlock):
            found |= _targets(block.target)
        for loop in tree.find_all(nodes.For):
            if builds_text(loop.iter, built):
                found |= _targets(loop.target)
        for macro in tree.find_all(nodes.Macro):
            # What a macro is called with is not followed, so none of its arguments may name a field.
            found |= {argument.name for argument in macro.args}
        for call in tree.find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name in {"namespace", "dict"}:
                found |= {f".{pair.key}" for pair in call.kwargs if builds_text(pair.value, built)}
        if found == built:
            return built
        built = frozenset(found)


def builds_text(node: nodes.Node | None, built: frozenset[str]) -> bool:
    """Say whether an expression may give a text that stands nowhere in the template or in the messages as a whole."""
    match node:
        case nodes.Concat():
            return True
        case nodes.Name():
            return node.name in built
        case nodes.Getattr():
            return f".{node.attr}" in built
        case nodes.Getitem():
            return builds_text(node.node, built)
        case nodes.BinExpr():
            text = any(
                isinstance(side, nodes.Const) and isinstance(side.value, str) for side in (node.left, node.right)
            )
            return text or builds_text(node.left, built) or builds_text(node.right, built)
        case nodes.UnaryExpr():
            return False
        case nodes.Filter():
            if node.name in _KEEPS_NUMBERS:
                return False
            return node.name not in _PICKS or builds_text(node.node, built)
        case nodes.FilterBlock():
            return True
        case nodes.Call():
            return isinstance(node.node, nodes.Getattr) or not (
                isinstance(node.node, nodes.Name) and node.node.name in {"range", "namespace", "dict"}
            )
        case nodes.CondExpr():
            return builds_text(node.expr1, built) or builds_text(node.expr2, built)
        case nodes.List() | nodes.Tuple():
            return any(builds_text(item, built) for item in node.items)
        case nodes.Dict():
            return any(builds_text(pair.value, built) or builds_text(pair.key, built) for pair in node.items)
    return False


def _targets(target: nodes.Node) -> set[str]:
    if isinstance(target, nodes.NSRef):
        return {f".{target.attr}"}
    if isinstance(target, nodes.Name):
        return {target.name}
    return {name.name for name in target.find_all(nodes.Name)}
