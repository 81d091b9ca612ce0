#!/usr/bin/env python3
"""The built-in rules under siteglass check against python3-lxml's isoschematron, on the
documents of siteglass evidence: every sample bundle, whole and with each file left out.

  rules.py SITEGLASS

The functions of the rules are supplied in Python: the iis: ones read the effective
configuration that `siteglass evidence --expand` writes out. The reference knows no marks and
no "unknown": it sees the document without them. So for each rule and bundle

- what fails for check fails for the reference, and at most what is unknown for check
  fails for the reference besides: failed <= reference <= failed + unknown;
- the messages of check's findings are messages of the reference.

A table that a let holds, which the reference cannot have, is put into the document.
What calls a function that is not here yet is left out, and told. Exit status: 0 no difference,
1 differences, 77 no lxml."""
import calendar
import copy
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

try:
    from lxml import etree, isoschematron
except ImportError:
    sys.exit(77)

LEFT_OUT = {}  # rule -> why
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


TABLES = []


def take_tables(root):
    """A let with content: into a table of the document, and whoever asks for it, there."""
    for let in list(root.iter(SCHEMATRON + "let")):
        if let.get("value") is not None:
            continue
        let.tag = "table"
        let.getparent().remove(let)
        TABLES.append(let)
    for each in root.iter():
        for name, value in each.attrib.items():
            each.attrib[name] = re.sub(r"exsl:node-set\(\$([A-Za-z]+)\)",
                                       r"/evidence/tables/table[@name='\1']", value)


def called(value):
    return re.findall(r"\b(sg|iis):([a-z-]+)\(", value)


def leave_out(root):
    """What calls a function that is not here, or a variable that does."""
    missing = {}
    for let in list(root.iterchildren(SCHEMATRON + "let")):
        lost = [":".join(each) for each in called(let.get("value", "")) if each not in HERE]
        if lost:
            missing["$" + let.get("name")] = lost[0]
            root.remove(let)
    for pattern in root.iter(SCHEMATRON + "pattern"):
        for each in pattern.iter():
            for value in each.attrib.values():
                lost = [":".join(name) for name in called(value) if name not in HERE]
                lost += [missing[name] for name in missing
                         if re.search(re.escape(name) + r"(?![\w-])", value)]
                if lost:
                    LEFT_OUT[pattern.get("id")] = lost[0]
        abstract = LEFT_OUT.get(pattern.get("is-a"))
        if abstract:
            LEFT_OUT[pattern.get("id")] = abstract


def plain(root):
    """Without the elements and attributes of our own that the reference cannot know."""
    root.attrib.pop("defaultPhase", None)
    take_tables(root)
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

EV = "{urn:siteglass:evidence}"


class Server:
    """What the functions read, of the document that is being judged."""

    def __init__(self, root):
        self.root = root
        self.as_of = root.get("asOf")
        self.effective = root.find(".//" + EV + "effective")
        if self.effective is not None:
            self.effective.getparent().remove(self.effective)
        self.levels = {each.get("key"): each for each in self.effective.iter(EV + "level")}
        self.defaults = {each.get("path"): each.get("is")
                         for each in self.effective.iterfind(EV + "schema/*/" + EV + "value")}

    def level(self, key):
        while key not in self.levels and "/" in key:
            key = key.rpartition("/")[0]
        return self.levels.get(key, self.levels[""])

    def section(self, path, key):
        """The nearest that holds the path, at the level or above it."""
        level = self.level(key)
        while level is not None and level.tag == EV + "level":
            fits = [each for each in level.iterfind(EV + "section")
                    if (path + "/").startswith(each.get("path") + "/")]
            if fits:
                return max(fits, key=lambda each: len(each.get("path")))
            level = level.getparent()
        return None

    def set_value(self, path, key):
        section = self.section(path, key)
        for each in () if section is None else section.iterfind(EV + "value"):
            if each.get("path") == path:
                return each
        return None

    def items(self, path, key):
        section = self.section(path, key)
        for each in () if section is None else section.iterfind(EV + "items"):
            if each.get("path") == path:
                return [item for item in each if isinstance(item.tag, str) and item.tag != MARK]
        return []

    def identity(self, path):
        for each in self.effective.iterfind(EV + "schema/*/" + EV + "items"):
            if each.get("path") == path:
                return (each.get("identifiedBy") or "").split()[:1], each.get("caseSensitive")
        return [], None


server = [None]


def text(value):
    if isinstance(value, list):
        value = value[0] if value else ""
        return value if isinstance(value, str) else "".join(value.itertext())
    return value


def key_of(context, place):
    """Of the level that a node stands in: the node given, or the context node."""
    if isinstance(place, str):
        return place.strip("/").lower()
    node = (place[0] if place else None) if place is not None else context.context_node
    while node is not None:
        if node.tag in ("site", "application", "virtualDirectory", "level") and node.get("key"):
            return node.get("key")
        node = node.getparent()
    return ""


def iis_value(context, path, place=None):
    found = server[0].set_value(text(path), key_of(context, place))
    return server[0].defaults.get(text(path), "") if found is None else found.get("is")


def iis_source(context, path, place=None):
    found = server[0].set_value(text(path), key_of(context, place))
    return [] if found is None else [found]


def iis_section(context, path, place=None):
    """Which of them it is only says where a finding stands."""
    found = server[0].section(text(path), key_of(context, place))
    return [] if found is None else [found]


def iis_items(context, path, place=None):
    return server[0].items(text(path), key_of(context, place))


def iis_item(context, path, wanted, place=None):
    names, exactly = server[0].identity(text(path))
    found = [each for each in iis_items(context, path, place) for name in names
             if each.get(name, "") == text(wanted)
             or (not exactly and each.get(name, "").lower() == text(wanted).lower())]
    return found[:1]


def iis_added(context, path, place=None):
    """Those of a web.config: what a level below the server adds."""
    return [each for each in iis_items(context, path, place)
            if re.search(r"web\.config:\d+:\d+$", each.get(EV + "at", ""), re.I)
            and each not in server[0].items(text(path), "")]


def iis_position(context, path, wanted, place=None):
    found = iis_item(context, path, wanted, place)
    return float(iis_items(context, path, place).index(found[0]) + 1) if found else 0.0


def iis_at(context, path):
    return [each for each in server[0].root.iter("site", "application", "virtualDirectory")
            if each.get("key") == text(path).strip("/").lower()][:1]


def moment(value):
    """Not a number, and so neither before nor after, when it is not known."""
    if not text(value):
        return float("nan")
    return float(calendar.timegm(time.strptime(text(value), "%Y-%m-%dT%H:%M:%SZ")))


def compare_version(context, left, right):
    """Not a number when a version is not known."""
    if not text(left) or not text(right):
        return float("nan")
    a, b = ([int(part) for part in text(each).split(".")] for each in (left, right))
    size = max(len(a), len(b))
    a, b = a + [0] * (size - len(a)), b + [0] * (size - len(b))
    return float((a > b) - (a < b))


def flag(context, words, word):
    return text(word).lower() in re.split("[, ]+", text(words).lower())


def matches(context, value, pattern, options=""):
    return re.search(pattern, text(value), re.I if "i" in options else 0) is not None


def registry_value(path, name):
    path = re.sub(r"^hklm\\", r"hkey_local_machine\\", text(path).lower())
    for key in server[0].root.iterfind(".//registry/key"):
        for each in key.iterfind("value") if key.get("key") == path else ():
            if each.get("key") == text(name).lower():
                return [each]
    return []


def registry(context, path, name):
    found = registry_value(path, name)
    return found[0].get("data", "") if found else ""


HERE = {
    ("sg", "as-of"): lambda context: moment(server[0].as_of),
    ("sg", "as-of-text"): lambda context: server[0].as_of or "",
    ("sg", "time"): lambda context, at: moment(at),
    ("sg", "after"): lambda context, at, low, high: at > moment(high),
    ("sg", "before"): lambda context, at, low, high: at < moment(low),
    ("sg", "compare-version"): compare_version,
    ("sg", "flag"): flag,
    ("sg", "matches"): matches,
    ("sg", "registry"): registry,
    ("sg", "registry-source"): lambda context, path, name="": registry_value(path, name),
    ("iis", "value"): iis_value,
    ("iis", "source"): iis_source,
    ("iis", "section"): iis_section,
    ("iis", "items"): iis_items,
    ("iis", "item"): iis_item,
    ("iis", "added"): iis_added,
    ("iis", "position"): iis_position,
    ("iis", "at"): iis_at,
}
NAMESPACES = {"sg": "urn:siteglass:rules", "iis": "urn:siteglass:iis"}
for (prefix, name), function in HERE.items():
    etree.FunctionNamespace(NAMESPACES[prefix])[name] = function


# ---- Comparing --------------------------------------------------------------------


def folded(element):
    return " ".join("".join(element.itertext()).split())


def reference_of(validator, evidence):
    document = etree.fromstring(evidence)
    server[0] = Server(document)
    document.append(etree.Element("tables"))
    for table in TABLES:
        document[-1].append(copy.deepcopy(table))
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
    theirs = reference_of(validator, run(siteglass, "evidence", "--expand", bundle))
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
    for rule, why in sorted(LEFT_OUT.items(), key=lambda each: str(each[0])):
        print("left out: %s, for it calls %s" % (rule, why))
    print("%d bundles, %d outcomes, %d differences" % (bundles, outcomes, differences))
    return 1 if differences or not outcomes else 0


if __name__ == "__main__":
    sys.exit(main())
