#!/usr/bin/env python3
"""Inputs and the reference for tests/bench/validate.

  validate_inputs.py schema PATTERNS > SCHEMA      one pattern for each of so many kinds of record
  validate_inputs.py document MEGABYTES > DOCUMENT
  validate_inputs.py compile SCHEMA > STYLESHEET   what python3-lxml's isoschematron runs
  validate_inputs.py isoschematron SCHEMA DOCUMENT validates with it"""
import sys

KINDS = 300


def schema(patterns):
    print('<schema xmlns="http://purl.oclc.org/dsdl/schematron" queryBinding="xslt">')
    for i in range(patterns):
        print('<pattern id="p%d"><rule context="k%d">'
              '<assert test="@id">no id</assert>'
              '<assert test="number(@amount) &gt;= 0">amount <value-of select="@amount"/></assert>'
              '<assert test="name and string-length(name) &gt; 2">no name</assert>'
              '<report test="@state = \'lost\'">lost: <value-of select="name"/></report>'
              '</rule></pattern>' % (i, i))
    print('</schema>')


def document(megabytes):
    size, number = 0, 0
    sys.stdout.write('<db>\n')
    while size < megabytes * 1000000:
        kind = number * 7919 % KINDS
        state = "lost" if number % 10007 == 0 else "open"
        text = ('<k%d id="r%d" amount="%d.50" state="%s" owner="someone">\n'
                '  <name>record %d</name><note>a few words about it</note>\n'
                '  <lines><line n="1">first</line><line n="2">second</line></lines>\n</k%d>\n'
                % (kind, number, number % 1000, state, number, kind))
        sys.stdout.write(text)
        size += len(text)
        number += 1
    sys.stdout.write('</db>\n')


def compiled(path):
    from lxml import etree, isoschematron
    made = isoschematron.Schematron(etree.parse(path), store_xslt=True)
    sys.stdout.write(etree.tostring(made.validator_xslt, encoding="unicode"))


def validate(schema_path, document_path):
    from lxml import etree, isoschematron
    validator = isoschematron.Schematron(etree.parse(schema_path), store_report=True)
    validator.validate(etree.parse(document_path))
    sys.stdout.write(str(validator.validation_report))


if __name__ == "__main__":
    work = {"schema": lambda x: schema(int(x)), "document": lambda x: document(int(x)),
            "compile": compiled, "isoschematron": validate}
    work[sys.argv[1]](*sys.argv[2:])
