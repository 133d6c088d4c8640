#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the tables of the services' models as a C file: embed-models.py OUTPUT TABLE...

A table's file is SERVICE.json or SERVICE-PART.json.  catalog.h says what is in it; a name that is
not said there is an error here.
"""
import json
import os
import sys

MODEL = {'like', 'family', 'makes', 'ratio', 'also_ratio', 'width', 'height', 'scale', 'scales',
         'sizes', 'count', 'pictures', 'sequential_pictures', 'factor', 'times', 'format', 'price',
         'by', 'unit', 'keeps_ratio', 'input_price', 'rules', 'fields'}
FIELD = {'type', 'required', 'min', 'max', 'of', 'else', 'mb'}
RULE = {'when', 'addresses', 'say', 'ignores'}
TYPES = {'text', 'integer', 'number', 'boolean', 'address', 'addresses', 'integers', 'list', 'task'}
# The members whose value is the name of one of the model's fields.
NAMES = ('ratio', 'also_ratio', 'width', 'height', 'scale', 'count', 'factor', 'format')


class Wrong(Exception):
    pass


def check(good, *where):
    if not good:
        raise Wrong(': '.join(map(str, where)))


def model_check(name, model):
    check(set(model) <= MODEL, name, set(model) - MODEL)
    fields = model['fields']
    for key, field in fields.items():
        check(set(field) <= FIELD, name, key, set(field) - FIELD)
        check(field['type'] in TYPES, name, key, field['type'])
        check('else' not in field or 'of' not in field or field['else'] in field['of'], name, key)
    for member in NAMES:
        check(member not in model or model[member] in fields, name, member)
    by = model.get('by', 'long side')
    check(by == 'long side' or by in fields, name, 'by')
    check(isinstance(model['price'], dict) == ('by' in model), name, 'price')
    for rule in model.get('rules', []):
        check(set(rule) <= RULE and ('say' in rule) != ('ignores' in rule), name, rule)
        check(set(rule.get('when', {})) <= set(fields), name, rule)
        check('ignores' not in rule or rule['ignores'] in fields, name, rule)


def tables_read(paths):
    tables = {}
    for path in paths:
        service = os.path.splitext(os.path.basename(path))[0].split('-')[0]
        with open(path, encoding='utf-8') as file:
            models = json.load(file)
        table = tables.setdefault(service, {})
        check(not set(models) & set(table), path, set(models) & set(table))
        table.update(models)
    for table in tables.values():
        for name, model in table.items():
            if 'like' in model:
                check(set(model) == {'like'}, name, 'like')
                table[name] = table[model['like']]
            model_check(name, table[name])
    return tables


def main():
    output, paths = sys.argv[1], sys.argv[2:]
    try:
        tables = tables_read(paths)
    except (Wrong, KeyError, ValueError) as error:
        sys.exit('embed-models.py: %s' % error)
    lines = ['/* Made by embed-models.py. */', '#include "catalog.h"', '']
    for service, table in tables.items():
        text = json.dumps(table, separators=(',', ':')).encode('ascii')
        lines.append('static const char bytes_%s[] = {' % service)
        for start in range(0, len(text), 16):
            lines.append('\t' + ' '.join('%d,' % byte for byte in text[start:start + 16]))
        lines.append('};')
    lines += ['', 'const struct catalog_table catalog_tables[] = {']
    for service in tables:
        lines.append('\t{"%s", bytes_%s, sizeof(bytes_%s)},' % (service, service, service))
    lines += ['\t{NULL, NULL, 0},', '};', '']
    with open(output, 'w', encoding='ascii') as file:
        file.write('\n'.join(lines))


main()
