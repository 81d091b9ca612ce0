#!/usr/bin/env python3
"""siteglass validate against python3-lxml's isoschematron, on random schemas and documents.

  compare.py [--runs N] [--seed N] [--keep FOLDER] SITEGLASS

A run is one document against one schema. The reference is the compiled XSLT of ISO
Schematron's public skeleton, run by libxslt. Schemas keep to what it does right:

- contexts are the root, elements and attributes (it never visits text, comments or
  processing instructions once a context has a bracket);
- nothing in a namespace shares its local name with something in none (it matches both
  attributes, and counts both elements in a location);
- no position() or last() outside predicates (they are those of its own template);
- no context has *// (libxslt lets the star match the root);
- the first of a set with texts or comments is never asked for (see generate.py);
- parameters of abstract patterns are no prefixes of each other (it replaces text).

Compared are the outcomes in the order of the report: kind, id, message and
diagnostics of each failed assert and successful report, and the rules that fired;
and each location of ours must select exactly one node, the same as the reference's
where that writes a usable one. Exit status: 0 no difference, 1 differences, 77 no lxml."""
import argparse
import os
import re
import subprocess
import sys
import tempfile

try:
    from lxml import etree, isoschematron
except ImportError:
    sys.exit(77)

sys.dont_write_bytecode = True
from generate import Chance, document, schema

# Its RELAX NG of Schematron refuses some phases whose patterns are there.
isoschematron.schematron_schema_valid = lambda schema: True

SVRL = "{http://purl.oclc.org/dsdl/svrl}"
DOCUMENTS = 5


def folded(element):
    return " ".join("".join(element.itertext()).split())


def outcome(element):
    texts = [folded(each) for each in element.iterfind(SVRL + "text")]
    notes = [(each.get("diagnostic"), folded(each))
             for each in element.iterfind(SVRL + "diagnostic-reference")]
    return (etree.QName(element).localname, element.get("id"), " ".join(texts), tuple(notes))


def heard(elements):
    """What is said, in order; fired rules by their context."""
    told = []
    for each in elements:
        name = etree.QName(each).localname
        if name == "fired-rule":
            told.append((name, " ".join(each.get("context").split())))
        elif name == "active-pattern":
            told.append((name, each.get("id")))
        elif name in ("failed-assert", "successful-report"):
            told.append(outcome(each))
    return told


def check_locations(tree, elements, reference):
    """Ours must select one node; for elements it must be the reference's."""
    wrong = []
    for ours, theirs in zip(elements, reference):
        path = ours.get("location")
        if path is None:
            continue
        nodes = tree.xpath(path) if path != "/" else [tree]
        if len(nodes) != 1:
            wrong.append("location %s selects %d nodes" % (path, len(nodes)))
            continue
        if path == "/" or re.search(r"/@[^/\[]*(\[local-name[^\]]*\])?$", path):
            continue
        same = tree.xpath(theirs.get("location"))
        if len(same) != 1 or same[0] is not nodes[0]:
            wrong.append("location %s is not %s" % (path, theirs.get("location")))
    return wrong


def told_elements(root):
    return [each for each in root if isinstance(each.tag, str)
            and etree.QName(each).localname != "ns-prefix-in-attribute-values"
            and etree.QName(each).localname != "text"]


def ours_by_document(siteglass, folder, phase, names):
    command = [siteglass, "validate", "--format", "svrl", "schema.sch"] + names
    if phase:
        command[2:2] = ["--phase", phase]
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          timeout=300)
    if done.returncode not in (0, 1):
        raise RuntimeError("exit status %d: %s" % (done.returncode, done.stderr.decode()))
    parts = {name: [] for name in names}
    current = None
    for each in told_elements(etree.fromstring(done.stdout)):
        if etree.QName(each).localname == "active-pattern":
            current = parts[each.get("documents")]
        current.append(each)
    return parts, done.returncode


def compare(siteglass, folder, seed):
    """Differences of one schema on its documents, as texts."""
    chance = Chance(seed)
    text, phase = schema(chance)
    with open(os.path.join(folder, "schema.sch"), "w", encoding="utf-8") as file:
        file.write(text)
    names = ["%d.xml" % i for i in range(DOCUMENTS)]
    for name in names:
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(document(chance))
    arguments = {"phase": phase} if phase else {}
    reference = isoschematron.Schematron(etree.fromstring(text.encode()), store_report=True,
                                         **arguments)
    wrong, invalid = [], 0
    parts, status = ours_by_document(siteglass, folder, phase, names)
    for name in names:
        tree = etree.parse(os.path.join(folder, name))
        reference.validate(tree)
        theirs = told_elements(reference.validation_report.getroot())
        a, b = heard(parts[name]), heard(theirs)
        invalid += sum(1 for each in b if each[0] not in ("fired-rule", "active-pattern"))
        if a != b:
            first = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
            wrong.append("seed %d, %s: outcome %d is\n  ours      %s\n  reference %s"
                         % (seed, name, first, a[first:first + 1], b[first:first + 1]))
        else:
            wrong += ["seed %d, %s: %s" % (seed, name, each)
                      for each in check_locations(tree, parts[name], theirs)]
    if not wrong and status != (1 if invalid else 0):
        wrong.append("seed %d: exit status %d with %d outcomes" % (seed, status, invalid))
    return wrong, invalid


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", help="leave the first schema that differs here")
    parser.add_argument("siteglass")
    options = parser.parse_args()
    siteglass = os.path.abspath(options.siteglass)
    runs = differences = outcomes = 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or temporary
        os.makedirs(folder, exist_ok=True)
        seed = options.seed
        while runs < options.runs:
            try:
                wrong, told = compare(siteglass, folder, seed)
            except (RuntimeError, subprocess.TimeoutExpired, etree.Error,
                    etree.SchematronParseError) as problem:
                wrong, told = ["seed %d: %s" % (seed, problem)], 0
            for each in wrong:
                print(each)
            outcomes += told
            differences += len(wrong)
            runs += DOCUMENTS
            seed += 1
            if wrong and options.keep:
                break
    print("%d runs, %d outcomes, %d differences" % (runs, outcomes, differences))
    if not outcomes:
        print("nothing was ever told: the comparison is blind")
    return 1 if differences or not outcomes else 0


if __name__ == "__main__":
    sys.exit(main())
