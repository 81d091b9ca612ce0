"""Random Schematron schemas and documents. The same seed gives the same on every system."""
from xml.sax.saxutils import escape, quoteattr

NAMES = ["a", "b", "c", "d", "p:e", "p:f"]
ATTRIBUTES = ["x", "y", "z", "p:w"]
VALUES = ["", "1", "2", "3", "10", "-1", "2.5", "one", "two", "a b", " t ", "\u00e9\u00df"]


class Chance:
    """SplitMix64."""

    def __init__(self, seed):
        self.state = seed  # the next seed must not give the same numbers, one later
        self.state = self.below(2 ** 64)

    def below(self, limit):
        self.state = (self.state + 0x9E3779B97F4A7C15) & (2 ** 64 - 1)
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & (2 ** 64 - 1)
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & (2 ** 64 - 1)
        return (z ^ (z >> 31)) % limit

    def percent(self, wanted):
        return self.below(100) < wanted

    def pick(self, items):
        return items[self.below(len(items))]


# ---- Documents ----------------------------------------------------------------


def element(chance, depth, budget):
    budget[0] -= 1
    name = chance.pick(NAMES)
    attributes = "".join(' %s=%s' % (each, quoteattr(chance.pick(VALUES)))
                         for each in ATTRIBUTES if chance.percent(40))
    content = ""
    for _ in range(chance.below(5) if depth < 6 else 0):
        kind = chance.below(10)
        if kind < 6 and budget[0] > 0:
            content += element(chance, depth + 1, budget)
        elif kind < 8:
            content += escape(chance.pick(VALUES))
        elif kind == 8:
            content += "<!-- %s -->" % chance.pick(["c", "1", ""])
        else:
            content += "<?%s %s?>" % (chance.pick(["i", "j"]), chance.pick(["", "1"]))
    return "<%s%s>%s</%s>" % (name, attributes, content, name)


def document(chance):
    text = element(chance, 0, [5 + chance.below(60)])
    end = min(text.index(">"), text.index(" ") if " " in text else len(text))
    return '<?xml version="1.0" encoding="UTF-8"?>\n%s xmlns:p="urn:p"%s\n' % (text[:end],
                                                                               text[end:])


# ---- Expressions --------------------------------------------------------------


class Writer:
    """Writes XPath; `variables` and `keys` are what may be named.

    `first`: the first node of the set will be asked for. libxml2 sorts texts and
    comments wrongly once a document's elements are numbered, as libxslt does (an
    element's descendants come after the text behind it), so there are none then."""

    def __init__(self, chance, variables=(), keys=()):
        self.chance, self.variables, self.keys = chance, variables, keys

    def name(self):
        return self.chance.pick(NAMES + ["*", "*", "p:*"])

    def attribute(self):
        return "@" + self.chance.pick(ATTRIBUTES + ["*"])

    def literal(self):
        return "'%s'" % self.chance.pick(VALUES)

    def predicate(self, depth):
        kind = self.chance.below(8)
        if kind == 0:
            return "[%d]" % (1 + self.chance.below(3))
        if kind == 1:
            return "[last()]"
        if kind == 2:
            return "[position() %s %d]" % (self.chance.pick(["<", ">", "="]), self.chance.below(4))
        return "[%s]" % self.boolean(depth - 1)

    def step(self, depth, first=False):
        axis = self.chance.pick(["", "", "", "", "", "descendant::", "ancestor::", "parent::",
                                 "following-sibling::", "preceding-sibling::", "following::",
                                 "preceding::", "descendant-or-self::", "ancestor-or-self::",
                                 "self::"])
        others = ["*"] if first else ["node()", "text()", "comment()"]
        wide = axis or self.chance.percent(25)
        test = self.chance.pick([self.name()] * 3 + others) if wide else self.name()
        return axis + test + (self.predicate(depth) if depth > 0 and self.chance.percent(30) else "")

    def nodes(self, depth, first=False):
        kind = self.chance.below(12)
        if kind == 0:
            return "."
        if kind == 1:
            return ".."
        if kind in (2, 3, 4):
            return self.attribute()
        if kind == 5 and depth > 0:
            return "(%s | %s)" % (self.nodes(depth - 1, first), self.nodes(depth - 1, first))
        if kind == 6:
            return "//" + self.step(depth, first)
        if kind == 7 and self.keys:
            return "key('%s', %s)" % (self.chance.pick(self.keys), self.string(depth - 1))
        if kind == 8:
            return "current()/" + self.chance.pick([self.step(0, first), self.attribute()])
        path = self.step(depth, first)
        for _ in range(self.chance.below(3)):
            path += self.chance.pick(["/", "/", "//"]) + self.step(depth - 1, first)
        return path + ("/" + self.attribute() if self.chance.percent(20) else "")

    def number(self, depth):
        kind = self.chance.below(8) if depth > 0 else self.chance.below(2)
        if kind == 0:
            return self.chance.pick(["0", "1", "2", "3", "10", "2.5"])
        if kind in (1, 2):
            return "count(%s)" % self.nodes(depth - 1)
        if kind == 3:
            return "string-length(%s)" % self.string(depth - 1)
        if kind == 4:
            return "number(%s)" % self.nodes(depth - 1, True)
        if kind == 5:
            return "sum(%s)" % self.nodes(depth - 1)
        if kind == 6:
            return "%s(%s)" % (self.chance.pick(["floor", "ceiling", "round"]),
                               self.number(depth - 1))
        return "(%s %s %s)" % (self.number(depth - 1),
                               self.chance.pick(["+", "-", "*", "div", "mod"]),
                               self.number(depth - 1))

    def string(self, depth):
        kind = self.chance.below(9) if depth > 0 else 0
        if kind == 1:
            return "string(%s)" % self.nodes(depth - 1, True)
        if kind == 2:
            return "concat(%s, %s)" % (self.string(depth - 1), self.string(depth - 1))
        if kind == 3:
            return "normalize-space(%s)" % self.string(depth - 1)
        if kind == 4:
            return "%s(%s)" % (self.chance.pick(["name", "local-name", "namespace-uri"]),
                               self.nodes(depth - 1, True))
        if kind == 5:
            return "substring(%s, %s)" % (self.string(depth - 1), self.number(depth - 1))
        if kind == 6:
            return "translate(%s, 'ab1', 'AB')" % self.string(depth - 1)
        if kind == 7:
            return "substring-%s(%s, %s)" % (self.chance.pick(["before", "after"]),
                                             self.string(depth - 1), self.literal())
        if kind == 8 and self.variables:
            return "string($%s)" % self.chance.pick(self.variables)
        return self.literal()

    def value(self, depth, first=False):
        kind = self.chance.below(5)
        if kind == 0 and self.variables:
            return "$" + self.chance.pick(self.variables)
        if kind == 1:
            return self.number(depth)
        if kind == 2:
            return self.string(depth)
        return self.nodes(depth, first)

    def boolean(self, depth):
        kind = self.chance.below(9) if depth > 0 else self.chance.below(2)
        if kind == 0:
            return self.attribute()
        if kind == 1:
            return "%s = %s" % (self.attribute(), self.literal())
        if kind == 2:
            return "not(%s)" % self.boolean(depth - 1)
        if kind == 3:
            return "(%s %s %s)" % (self.boolean(depth - 1), self.chance.pick(["and", "or"]),
                                   self.boolean(depth - 1))
        if kind in (4, 5):
            return "%s %s %s" % (self.value(depth - 1),
                                 self.chance.pick(["=", "!=", "<", "<=", ">", ">="]),
                                 self.value(depth - 1))
        if kind == 6:
            return "%s(%s, %s)" % (self.chance.pick(["contains", "starts-with"]),
                                   self.string(depth - 1), self.literal())
        if kind == 7:
            return "boolean(%s)" % self.value(depth - 1)
        return self.nodes(depth - 1)


# ---- Contexts -----------------------------------------------------------------


def context_predicate(chance):
    writer = Writer(chance)
    return chance.pick(["[@x]", "[@y = '1']", "[@x = @y]", "[not(@z)]", "[%s]" % writer.name(),
                        "[../@x]", "[1]", "[2]", "[last()]", "[position() > 1]", "[count(*) > 1]",
                        "[text()]", "[. = '1']", "[@x < 3]", "[@x or @y]",
                        "[preceding-sibling::*]", "[name() = 'a']", "[@p:w]"])


def alternative(chance):
    writer = Writer(chance)
    if chance.percent(3):
        return "/"
    path = chance.pick(["", "", "", "", "/", "//"])
    for _ in range(chance.below(3)):
        name = writer.name()
        path += name + (context_predicate(chance) if chance.percent(25) else "")
        path += "/" if name == "*" else chance.pick(["/", "/", "//"])  # libxslt: *//a matches /a
    if chance.percent(15):
        return path + writer.attribute()
    return path + writer.name() + (context_predicate(chance) if chance.percent(45) else "")


def context(chance):
    return " | ".join(alternative(chance) for _ in range(1 + (chance.below(5) == 0)))


# ---- Schemas ------------------------------------------------------------------


class Schema:
    def __init__(self, chance):
        self.chance, self.ids, self.lets = chance, 0, 0
        self.keys = ["k"] if chance.percent(40) else []
        self.diagnostics, self.abstract_rules = [], []

    def new_id(self, letter):
        self.ids += 1
        return "%s%d" % (letter, self.ids)

    def let(self, variables):
        self.lets += 1
        name = "v%d_" % self.lets
        value = Writer(self.chance, variables, self.keys).value(2, True)
        return name, '<let name="%s" value=%s/>' % (name, quoteattr(value))

    def some_lets(self, variables, percent):
        variables, text = list(variables), ""
        while self.chance.percent(percent):
            name, element_text = self.let(variables)
            variables.append(name)
            text += element_text
        return variables, text

    def message(self, variables):
        writer = Writer(self.chance, variables, self.keys)
        parts = ['<value-of select="count(ancestor-or-self::*/preceding::*) + '
                 'count(ancestor-or-self::*)"/>, <name/>']
        for _ in range(self.chance.below(3)):
            kind = self.chance.below(4)
            if kind == 0:
                parts.append("<emph>word</emph> text")
            elif kind == 1:
                # Of an attribute or text we give the value (annex C), the reference its name.
                parts.append("<name path=%s/>" % quoteattr(self.chance.pick(["..", "*"])))
            else:
                parts.append("<value-of select=%s/>" % quoteattr(writer.value(2, True)))
        return ", ".join(parts)  # the reference drops blanks between two elements

    def assertion(self, variables, fixed=None):
        kind = self.chance.pick(["assert", "report"])
        test = fixed or Writer(self.chance, variables, self.keys).boolean(3)
        more = ""
        if self.diagnostics and self.chance.percent(25):
            more = ' diagnostics="%s"' % self.chance.pick(self.diagnostics)
        return '<%s id="%s" test=%s%s>%s</%s>' % (kind, self.new_id("t"), quoteattr(test), more,
                                                  self.message(variables), kind)

    def rule(self, variables, where=None):
        variables, text = self.some_lets(variables, 25)
        for _ in range(1 + self.chance.below(3)):
            text += self.assertion(variables)
        if self.abstract_rules and self.chance.percent(25):
            text += '<extends rule="%s"/>' % self.chance.pick(self.abstract_rules)
        return "<rule context=%s>%s</rule>" % (quoteattr(where or context(self.chance)), text)

    def pattern(self, variables):
        name = self.new_id("p")
        variables, text = self.some_lets(variables, 20)
        for _ in range(1 + self.chance.below(4)):
            text += self.rule(variables)
        return name, '<pattern id="%s">%s</pattern>' % (name, text)

    def abstract_pattern(self, variables):
        writer = Writer(self.chance)
        instance, abstract = self.new_id("p"), self.new_id("abs")
        rules = '<rule context="$where">%s%s</rule>' % (
            self.assertion(variables, "$what"), self.assertion(variables, "not($what)"))
        return instance, (
            '<pattern abstract="true" id="%s">%s</pattern><pattern is-a="%s" id="%s">'
            '<param name="where" value=%s/><param name="what" value=%s/></pattern>'
            % (abstract, rules, abstract, instance, quoteattr(alternative(self.chance)),
               quoteattr(writer.boolean(2))))

    def text(self):
        chance = self.chance
        variables, lets = self.some_lets([], 30)
        if chance.percent(30):
            self.diagnostics = ["d1", "d2"]
        own = ""
        if chance.percent(30):
            self.abstract_rules = [self.new_id("r")]
            own = '<rule abstract="true" id="%s">%s</rule>' % (self.abstract_rules[0],
                                                               self.assertion(variables))
        names, patterns = [], ""
        for number in range(1 + chance.below(4)):
            make = self.abstract_pattern if chance.percent(20) and number else self.pattern
            name, text = make(variables)
            names.append(name)
            patterns += text
            if number == 0:
                patterns = patterns.replace("</pattern>", own + "</pattern>", 1)
                self.abstract_rules = []  # elsewhere they cannot be seen
        phase, phases = None, ""
        if chance.percent(25):
            phase = "f"
            chosen = [each for each in names if chance.percent(60)] or names[:1]
            phases = '<phase id="f">%s</phase>' % "".join('<active pattern="%s"/>' % each
                                                          for each in chosen)
        keys = ""
        if self.keys:
            keys = "<xsl:key name=\"k\" match=%s use=%s/>" % (
                quoteattr(chance.pick(NAMES + ["*"])),
                quoteattr(chance.pick(["@x", "@y", ".", "@*", "name()"])))
        diagnostics = "".join('<diagnostic id="%s">why <value-of select=%s/></diagnostic>' % (
            each, quoteattr(Writer(chance).value(2, True))) for each in self.diagnostics)
        if diagnostics:
            diagnostics = "<diagnostics>%s</diagnostics>" % diagnostics
        return ('<schema xmlns="http://purl.oclc.org/dsdl/schematron" '
                'xmlns:xsl="http://www.w3.org/1999/XSL/Transform" queryBinding="xslt">'
                '<title>random</title><ns prefix="p" uri="urn:p"/>%s%s%s%s%s</schema>\n'
                % (keys, phases, lets, patterns, diagnostics)), phase


def schema(chance):
    """The text of a schema, and the phase to run or None."""
    return Schema(chance).text()
