#!/usr/bin/env python3
"""The built-in rules under siteglass check against python3-lxml's isoschematron, on the
documents of siteglass evidence: every sample bundle, whole and with each file left out.

  rules.py SITEGLASS

The functions of the rules are supplied in Python. The reference knows no marks and no
"unknown": it sees the document without them. So for each rule and bundle

- what fails for check fails for the reference, and at most what is unknown for check
  fails for the reference besides: failed <= reference <= failed + unknown;
- the messages of check's findings are messages of the reference.

Left out: patterns that call iis: functions, because these read configuration that is not in
the document, and those that look into a table of a let, which the reference cannot have. Exit status: 0 no difference, 1 differences, 77 no lxml."""
import calendar
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

try:
    from lxml import etree, isoschematron
except ImportError:
    sys.exit(77)

LEFT_OUT = set()
NOT_THERE = ("iis:", "exsl:node-set")
SCHEMATRON = "{http://purl.oclc.org/dsdl/schematron}"
SVRL = "{http://purl.oclc.org/dsdl/svrl}"
KNOWN = ("http://purl.oclc.org/dsdl/schematron", "http://www.w3.org/1999/XSL/Transform")
MARK = "{urn:siteglass:evidence}unknown"
ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))

isoschematron.schematron_schema_valid = lambda schema: True


# ---- The schema -----------------------------------------------------------------


def with_includes(path):
    root = etree.parse(path).getroot()
    for include in list(root.iter(SCHEMATRON + "include")):
        part = with_includes(os.path.join(os.path.dirname(path), include.get("href")))
        parent = include.getparent()
        at = parent.index(include)
        parent.remove(include)
        for child in reversed([each for each in part if isinstance(each.tag, str)
                               and each.tag != SCHEMATRON + "title"]):
            parent.insert(at, child)
    for extends in list(root.iter(SCHEMATRON + "extends")):
        if extends.get("href"):
            part = etree.parse(os.path.join(os.path.dirname(path), extends.get("href"))).getroot()
            parent = extends.getparent()
            at = parent.index(extends)
            parent[at:at + 1] = [each for each in part if isinstance(each.tag, str)]
    return root


def leave_out(root):
    for pattern in root.iter(SCHEMATRON + "pattern"):
        if any(word in value for each in pattern.iter() for value in each.attrib.values()
               for word in NOT_THERE):
            LEFT_OUT.add(pattern.get("id"))
    for let in list(root.iter(SCHEMATRON + "let")):
        if let.get("value") is None:
            let.getparent().remove(let)


def plain(root):
    """Without the elements and attributes of our own that the reference cannot know."""
    root.attrib.pop("defaultPhase", None)
    leave_out(root)
    for each in list(root.iter()):
        if not isinstance(each.tag, str):
            continue
        for name in [name for name in each.attrib if name.startswith("{")]:
            del each.attrib[name]
        foreign = etree.QName(each).namespace not in KNOWN
        if foreign or each.tag in (SCHEMATRON + "phase", SCHEMATRON + "diagnostics") or (
                each.tag == SCHEMATRON + "pattern" and each.get("id") in LEFT_OUT):
            if each.getparent() is not None:
                each.getparent().remove(each)
        each.attrib.pop("diagnostics", None)
    return root


# ---- Its functions ----------------------------------------------------------------

as_of = [None]


def text(value):
    if isinstance(value, list):
        value = value[0] if value else ""
        return value if isinstance(value, str) else "".join(value.itertext())
    return value


def moment(value):
    """Not a number, and so neither before nor after, when it is not known."""
    if not text(value):
        return float("nan")
    return float(calendar.timegm(time.strptime(text(value), "%Y-%m-%dT%H:%M:%SZ")))


functions = etree.FunctionNamespace("urn:siteglass:rules")
functions["as-of"] = lambda context: moment(as_of[0])
functions["as-of-text"] = lambda context: as_of[0]
functions["after"] = lambda context, at, low, high: at > moment(high)
functions["before"] = lambda context, at, low, high: at < moment(low)


# ---- Comparing --------------------------------------------------------------------


def folded(element):
    return " ".join("".join(element.itertext()).split())


def reference_of(validator, evidence):
    document = etree.fromstring(evidence)
    as_of[0] = document.get("asOf")
    for mark in list(document.iter(MARK)):
        mark.getparent().remove(mark)
    validator.validate(etree.ElementTree(document))
    failed, pattern = {}, None
    for each in validator.validation_report.getroot():
        if each.tag == SVRL + "active-pattern":
            pattern = each.get("id")
        elif each.tag in (SVRL + "failed-assert", SVRL + "successful-report"):
            failed.setdefault(pattern, []).append(folded(each.find(SVRL + "text")))
    return failed


def run(siteglass, *arguments):
    done = subprocess.run([siteglass, *arguments], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=300)
    if done.returncode not in (0, 1, 3):
        raise RuntimeError("%s: exit status %d: %s" % (arguments, done.returncode, done.stderr))
    return done.stdout


def compare(siteglass, validator, bundle):
    report = json.loads(run(siteglass, "check", "--format", "json", bundle))
    if len(report["hosts"]) != 1:
        return ["%d hosts" % len(report["hosts"])], 0
    theirs = reference_of(validator, run(siteglass, "evidence", bundle))
    wrong = []
    for verdict in report["verdicts"]:
        rule = verdict["ruleId"]
        if rule in LEFT_OUT:
            continue
        least, most = verdict["failed"], verdict["failed"] + verdict["unknown"]
        if not least <= len(theirs.get(rule, [])) <= most:
            wrong.append("%s: %d fail and %d are unknown; of the reference %d fail: %s" % (
                rule, verdict["failed"], verdict["unknown"], len(theirs.get(rule, [])),
                theirs.get(rule)))
    for finding in report["findings"]:
        said = theirs.get(finding["ruleId"], [])
        if finding["ruleId"] not in LEFT_OUT and " ".join(finding["message"].split()) not in said:
            wrong.append("%s: only check says: %s" % (finding["ruleId"], finding["message"]))
    return wrong, sum(map(len, theirs.values()))


def main():
    siteglass = os.path.abspath(sys.argv[1])
    schema = plain(with_includes(os.path.join(ROOT, "rules", "siteglass.sch")))
    validator = isoschematron.Schematron(etree.ElementTree(schema), store_report=True)
    bundles = outcomes = differences = 0
    samples = os.path.join(ROOT, "samples")
    for name in sorted(os.listdir(samples)):
        sample = os.path.join(samples, name)
        if not os.path.isdir(sample):
            continue
        for without in [None] + sorted(os.listdir(sample)):
            with tempfile.TemporaryDirectory() as folder:
                bundle = os.path.join(folder, name)
                shutil.copytree(sample, bundle)
                if without:
                    os.remove(os.path.join(bundle, without))
                wrong, told = compare(siteglass, validator, bundle)
            for each in wrong:
                print("%s without %s: %s" % (name, without, each))
            bundles += 1
            outcomes += told
            differences += len(wrong)
    print("%d bundles, %d outcomes, %d differences" % (bundles, outcomes, differences))
    return 1 if differences or not outcomes else 0


if __name__ == "__main__":
    sys.exit(main())
