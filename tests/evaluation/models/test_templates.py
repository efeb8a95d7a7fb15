"""Chat templates of real models are accepted; every known way out of one is refused before anything renders it."""

import json
from collections.abc import Callable

import pytest
from jinja2.sandbox import ImmutableSandboxedEnvironment

from evaluation.models import SettingsBroken, TemplateBroken, TemplateUnsafe, inspect_model
from evaluation.models.templates import MAX_TEMPLATE, check_template
from tests.evaluation.models.making import Folder

ALTERNATING = (
    "{% if messages[0]['role'] == 'system' %}{% set loop_messages = messages[1:] %}"
    "{% set system_message = messages[0]['content'] %}{% else %}{% set loop_messages = messages %}{% endif %}"
    "{% for message in loop_messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}"
    "{{ raise_exception('Roles must alternate') }}{% endif %}"
    "{{ bos_token + '[INST] ' + message['content'] | trim + ' [/INST]' }}{% endfor %}"
)
WITH_TOOLS = (
    "{%- set ns = namespace(found=false, last=messages|length - 1) %}"
    "{%- for message in messages[::-1] %}{%- set index = (messages|length - 1) - loop.index0 %}"
    "{%- if message.role == 'user' and message.content is string and not message.content.startswith('<tool>') %}"
    "{%- set ns.last = index %}{%- break %}{%- endif %}{%- endfor %}"
    "{{- messages[ns.last].content }}{% if messages[ns.last + 1] is defined %}{{ messages[ns.last + 1] | tojson }}{% endif %}"
    "{% for tool in tools %}{{ tool | tojson(indent=4) }}{% endfor %}"
    "{{ messages | selectattr('role', 'equalto', 'user') | map(attribute='content') | join(', ') }}"
    "{{ message.content.split('</think>')[-1].lstrip('\\n') }}{{ strftime_now('%d %b %Y') }}"
)
WITH_MACRO = (
    "{%- macro typed(spec) -%}{%- set names = {'string': 'str', 'number': 'float'} -%}"
    "{%- if names[spec.type] is defined -%}{{ names[spec.type] }}{%- else -%}"
    "{%- for kind in spec.type -%}{{ typed({'type': kind}) }}{%- endfor -%}{%- endif -%}{%- endmacro -%}"
    "{% for key, value in tools[0].properties.items() %}{{ key }}: {{ typed(value) }}{% endfor %}"
)
BY_NAME = (
    "{% set _args = message.arguments %}{% for key, value in _args | items %}{{ key }}{{ message.arguments[key] }}{% endfor %}"
    "{% set field = 'tool_calls' %}{{ message[field] }}{% for field in ['tool_calls', 'content'] %}{{ message[field] }}{% endfor %}"
    "{% set ns = namespace(seen=[], last_user=0) %}{% set ns.seen = ns.seen + [tool.name.split('.')[0]] %}"
    "{% for name in ns.seen %}{{ descriptions[name] }}{% endfor %}{{ messages[ns.last_user].content }}"
    "{% macro typed(schema, indent='') %}{% for key in schema.properties %}{{ schema.properties[key].type }}{% endfor %}"
    "{{ indent + (' ' * 4) }}{% endmacro %}{{ typed(tools[0].parameters, ' ' * depth) }}"
    "{{ messages[loop.index0 - 1].role }}{{ spec.format }}{{ names[message.role | default('user')] }}"
)
MARKED = "{% for m in messages %}{% generation %}{{ m['content'] }}{% endgeneration %}{% endfor %}"


@pytest.mark.parametrize("template", [ALTERNATING, WITH_TOOLS, WITH_MACRO, BY_NAME, MARKED, "", "plain"])
def test_templates_of_the_kind_that_models_have_are_accepted(template: str) -> None:
    check_template("chat_template.jinja", template)


ESCAPES = {
    "the classic": "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "an attribute": "{{ messages.__class__ }}",
    "an item": "{{ messages['__class__'] }}",
    "one underscore": "{{ loop._iterator }}",
    "the filter attr": "{{ messages | attr('__class__') }}",
    "the filter attr by hexadecimal": "{{ messages | attr('\\x5f\\x5fclass\\x5f\\x5f') }}",
    "the filter attr by map": "{{ messages | map('attr', '__class__') }}",
    "the filter attr by a name": "{% set f = 'at' ~ 'tr' %}{{ messages | map(f, 'x') }}",
    "map over an inner part": "{{ messages | map(attribute='a.__class__') }}",
    "map over what is not written out": "{{ messages | map(attribute=messages[0]) }}",
    "sort by an inner part": "{{ messages | sort(attribute='_x') }}",
    "groupby": "{{ messages | groupby('__class__') }}",
    "arguments that are not written out": "{{ messages | map(*messages) }}",
    "a text put together": "{{ messages['__cla' ~ 'ss__'] }}",
    "a text added": "{{ messages['_' + '_class_' + '_'] }}",
    "a text set aside": "{% set k = '_' ~ '_class_' ~ '_' %}{{ messages[k] }}",
    "a text set aside twice": "{% set k = '_' ~ 'x' %}{% set l = k %}{{ messages[l] }}",
    "a text set aside in a namespace": "{% set ns = namespace() %}{% set ns.k = '_' ~ 'x' %}{{ messages[ns.k] }}",
    "a text given to a namespace": "{% set ns = namespace(k='_' ~ 'x') %}{{ messages[ns.k] }}",
    "a text in a block": "{% set k %}_{% endset %}{{ messages[k] }}",
    "a text from a loop": "{% for k in ['_' ~ 'x'] %}{{ messages[k] }}{% endfor %}",
    "a text from a macro": "{% macro m(k) %}{{ messages[k] }}{% endmacro %}{{ m('_' ~ 'x') }}",
    "a text joined": "{{ messages[['_', 'x'] | join] }}",
    "a text joined by a method": "{{ messages[''.join(['_', 'x'])] }}",
    "a text replaced": "{{ messages['a' | replace('a', '_')] }}",
    "a text formatted": "{{ '{0.__class__}'.format(messages) }}",
    "a text formatted by a mapping": "{{ '{x}'.format_map(messages) }}",
    "a text by percent": "{{ messages['%sx' % '_'] }}",
    "a choice of texts": "{{ messages[('_' ~ 'x') if true else 'a'] }}",
    "a sign of a text": "{{ messages['a_b'[1]] }}",
    "the signs of a text, one by one": "{% for u in 'a_b' %}{{ messages[u] }}{% endfor %}",
    "the signs of a text set aside": "{% set t = 'a_b' %}{{ messages[t[1] + 'x'] }}",
    "the signs of a text as a list": "{{ messages[('a_b' | list)[1]] }}",
    "the first of a text": "{{ messages['a_b' | last] }}",
    "an underscore from the text of a function": "{{ messages[(raise_exception ~ '')[5]] }}",
    "an underscore from the text of a function, by a filter": "{{ messages[(raise_exception | string)[5]] }}",
    "an underscore from the text of a function set aside": "{% set f = raise_exception %}{{ messages[(f | upper)[5]] }}",
    "an underscore from a macro": "{% macro a_b() %}{% endmacro %}{{ messages[(a_b | string)[9]] }}",
    "an underscore from a namespace": "{% set ns = namespace(a_b=1) %}{{ messages[(ns | string)[13]] }}",
    "an underscore from the name of a field": "{{ messages[dict(_x=1) | first] }}",
    "an underscore from the keys of a dictionary": "{% for k in {'_x': 1} %}{{ messages[k] }}{% endfor %}",
    "an underscore from the names of arguments": "{% macro m() %}{{ messages[kwargs | first] }}{% endmacro %}{{ m(_x=1) }}",
    "an underscore from a token": "{{ messages[bos_token] }}",
    "an underscore from a macro's text": "{% macro m() %}_x{% endmacro %}{{ messages[m()] }}",
    "an underscore from a macro's default": "{% macro m(k='_x') %}{{ messages[k] }}{% endmacro %}{{ m() }}",
    "an underscore from a call block": "{% macro m() %}{{ caller('_x') }}{% endmacro %}{% call(k) m() %}{{ messages[k] }}{% endcall %}",
    "an underscore from a with": "{% with k = '_x' %}{{ messages[k] }}{% endwith %}",
    "an underscore from a default": "{{ messages[k | default('_x')] }}",
    "an underscore from a choice": "{{ messages[k or '_x'] }}",
    "an underscore from a date": "{{ messages[strftime_now('_x')] }}",
    "an underscore from a replacement": "{{ messages['axb'.replace('a', '_')] }}",
    "an underscore from a number": "{{ messages['%c' % 95] }}",
    "an underscore from a loop's cycle": "{% for x in y %}{{ messages[loop.cycle('_x')] }}{% endfor %}",
    "a macro called by what is not written out": "{% macro m(k) %}{{ messages[k] }}{% endmacro %}{{ m(*x) }}",
    "a generator's frame": "{{ messages.gi_frame }}",
    "a function's globals": "{{ messages.func_globals }}",
    "the order of classes": "{{ messages.mro() }}",
    "lipsum": "{{ lipsum }}",
    "the template itself": "{{ self }}",
    "a joiner": "{{ joiner }}",
    "an unknown function": "{{ open('/etc/passwd') }}",
    "a method that is on no list": "{{ messages.append(1) }}",
    "a call of what was picked": "{{ messages[0]() }}",
    "import": "{% import 'x' as y %}",
    "from import": "{% from 'x' import y %}",
    "include": "{% include '/etc/passwd' %}",
    "extends": "{% extends 'x' %}",
    "a power": "{{ 10 ** 10 ** 10 }}",
    "a text repeated": "{{ 'a' * 1000000000 }}",
    "a text repeated twice": "{{ 'a' * 1000 * 1000 * 1000 }}",
    "a list repeated": "{{ [0] * 1000000000 }}",
    "an unknown filter": "{{ messages | shell }}",
    "an unknown test": "{{ messages is evil }}",
    "in a condition": "{% if messages.__class__ %}{% endif %}",
    "in a default of a macro": "{% macro m(a=cycler) %}{% endmacro %}",
    "in a filter block": "{% filter attr('x') %}{% endfilter %}",
    "in a with": "{% with x = messages.__class__ %}{% endwith %}",
}


@pytest.mark.parametrize("what", ESCAPES)
def test_a_template_that_reaches_further_is_refused(what: str) -> None:
    with pytest.raises(TemplateUnsafe, match=r"^t\.jinja: the chat template, line 1, .*Set messages by plain fields"):
        check_template("t.jinja", ESCAPES[what])


def test_nothing_is_rendered(monkeypatch: pytest.MonkeyPatch) -> None:
    def rendered(*_: object, **__: object) -> None:
        raise AssertionError("a template was compiled")

    monkeypatch.setattr(ImmutableSandboxedEnvironment, "compile", rendered)
    monkeypatch.setattr(ImmutableSandboxedEnvironment, "from_string", rendered)
    check_template("t", WITH_TOOLS)


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{% if %}", "line 1 is not valid"),
        ("a\n{{ b", "line 2 is not valid"),
        ("{% generation %}", "is not valid"),
        ("x" * (MAX_TEMPLATE + 1), "more than 262,144 characters"),
        ("{{ " + "(" * 5_000 + "1" + ")" * 5_000 + " }}", "nested too deep"),
        ("{{ " + "9" * 5_000 + " }}", "a value that cannot be read"),
    ],
)
def test_a_template_that_is_none_is_refused(template: str, words: str) -> None:
    with pytest.raises(TemplateBroken, match=words):
        check_template("t", template)


HOSTILE = ESCAPES["the classic"]


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("tokenizer_config.json", {"chat_template": HOSTILE}),
        (
            "tokenizer_config.json",
            {"chat_template": [{"name": "default", "template": "x"}, {"name": "b", "template": HOSTILE}]},
        ),
        ("tokenizer_config.json", {"chat_template": {"default": HOSTILE}}),
        ("chat_template.json", {"chat_template": HOSTILE}),
        ("processor_config.json", {"chat_template": HOSTILE}),
        ("config.json", {"model_type": "x", "text_config": {"chat_template": HOSTILE}}),
    ],
)
def test_a_template_is_found_wherever_libraries_look_for_it(model: Folder, file: str, content: object) -> None:
    model.put(file, json.dumps(content))
    with pytest.raises(TemplateUnsafe) as refused:
        inspect_model(model.path)
    assert refused.value.file == file


@pytest.mark.parametrize("name", ["chat_template.jinja", "additional_chat_templates/tools.jinja"])
def test_a_template_in_a_file_of_its_own_is_checked(model: Folder, name: str) -> None:
    model.put(name, ALTERNATING)
    assert inspect_model(model.path).chat_templates == 2
    model.put(name, HOSTILE)
    with pytest.raises(TemplateUnsafe, match=r"\.jinja: the chat template, line 1"):
        inspect_model(model.path)


@pytest.mark.parametrize("value", [1, True, [1], [{"name": "a"}], {"a": 1}, [{"template": ["x"]}]])
def test_a_template_of_another_kind_is_refused(
    model: Folder, set_key: Callable[[str, str, object], None], value: object
) -> None:
    set_key("tokenizer_config.json", "chat_template", value)
    with pytest.raises(SettingsBroken, match="neither a text nor a list of named texts"):
        inspect_model(model.path)


def test_a_word_of_a_vocabulary_is_no_template(model: Folder) -> None:
    model.put("vocab.json", json.dumps({"chat_template": 7, "auto_map": 8}))
    assert inspect_model(model.path).chat_templates == 1
