"""Ten English house styles. A style decides layout, order, headings and habits; the words of each finding come from atoms_en."""
import atoms_en as a
import people
import prose
from notes_en import discharge, letter


def field(r, name, write, *args, **more):
    """A line `name: value` that is left out where the case says nothing. The name is written only after the value is known to exist."""
    r.write(name)
    write(*args, **more)
    r.write("\n")


def header(r, g, c, kind):
    if kind == 0:
        r.write("Patient: ").identifier("NAME", people.name_en(g))
        r.write("   MRN: ").identifier("MEDICAL_RECORD", g.digits(8))
        r.write("\nAccession: ").identifier("PATHOLOGY_NUMBER", "S%02d-%s" % (g.between(10, 24), g.digits(5)))
        r.write("   Collected: ").identifier("DATE", people.date_en(g))
        r.write("\n\n")
    elif kind == 1:
        r.identifier("HOSPITAL", g.pick(people.EN_HOSPITALS))
        r.write("\nSurgical pathology report ").identifier("PATHOLOGY_NUMBER", "SP-%02d-%s" % (g.between(10, 24), g.digits(4)))
        r.write("\nAge/sex: %d %s\n" % (c.age, c.sex))


def gross(r, g, c, opening):
    r.write(opening, c.organ[0], ", measuring ", a.specimen(g, c), ". Sectioning shows ", c.gross[0])
    a.size(r, g, c, ", ")
    r.write(". ")
    prose.some(r, g, prose.GROSS_EN, 4)


def synoptic(r, g, c):
    header(r, g, c, 0)
    r.write("SYNOPTIC REPORT\nSpecimen: ")
    a.site(r, g, c)
    r.write("\nProcedure: ", c.procedure[0], "\n")
    if c.benign:
        r.write("Diagnosis: ", c.histology[0], "\nMalignancy: not identified\n")
    else:
        r.write("Histologic type: ")
        start = r.length
        r.write(c.histology[0])
        r.close(start, {"type": "histology", "name": "", "icdo": None})
        r.write("\n")
        if c.diff:
            low, high = c.diff
            r.write("Differentiation: ")
            r.item(a.DIFF[low] + (" to " + a.DIFF[high] if high else "") + " differentiated", {"type": "differentiation", "from": low, "to": high})
            r.write("\n")
        if a.grade(r, g, c, "Histologic grade: "):
            r.write("\n")
        if a.size(r, g, c, "Tumor size: "):
            r.write("\n")
        if c.depth:
            r.write("Extent of invasion: ", c.depth[0], "\n")
        if c.margin:
            field(r, "Margins: ", a.margin, r, g, c)
        for kind in ("lvi", "pni", "ene"):
            if a.invasion(r, g, kind, getattr(c, kind)):
                r.write("\n")
        if c.nodes:
            field(r, "Regional lymph nodes: ", a.nodes, r, g, c, end="")
        if c.t and g.maybe(0.5):
            r.write("Primary tumor (pT): ")
            text = c.prefix + c.t + "\nRegional nodes (pN): " + c.prefix + c.n
            r.item(text, {"type": "tnm", "prefix": c.prefix, "t": c.t, "n": c.n, "m": None})
            r.write("\nDistant metastasis (pM): not applicable\n")
        elif c.t:
            field(r, "Pathologic stage: ", a.tnm, r, g, c)
        if c.stage:
            r.write("Stage group: ")
            a.stage(r, g, c, "")
            r.write("\n")
    if c.molecular:
        r.write("Molecular: ", c.molecular[0], "\n")
    if c.stains:
        r.write("Ancillary studies:\n")
        a.stains(r, g, c, 2, "\n", "\n")
    r.write("\nGross description\n")
    prose.some(r, g, prose.ARRIVAL_EN)
    r.write(c.gross[0].capitalize(), " is present. ")
    prose.some(r, g, prose.GROSS_EN, 5)
    r.write("\nMicroscopic description\n", c.micro[0], ". ")
    prose.some(r, g, prose.MICRO_EN, 5)
    r.write("\n")


def narrative(r, g, c):
    header(r, g, c, 1)
    if c.previous:
        r.write("CLINICAL HISTORY\n")
        a.history(r, g, c, people.date_en(g))
        r.write("\n\n")
    r.write("GROSS DESCRIPTION\n")
    prose.some(r, g, prose.ARRIVAL_EN)
    gross(r, g, c, "The specimen is received in formalin and consists of tissue from the ")
    r.write("Representative sections are submitted in %d cassettes.\n\nMICROSCOPIC DESCRIPTION\n" % g.between(4, 18), c.micro[0], ". ")
    prose.some(r, g, prose.MICRO_EN, 4)
    r.sentence("")
    for kind in ("lvi", "pni"):
        if getattr(c, kind):
            a.invasion(r, g, kind, getattr(c, kind), False)
            r.sentence(". ")
    if c.stains:
        r.write("By immunohistochemistry the cells are as follows: ")
        a.stains(r, g, c, 0)
    if c.molecular:
        r.write(" Molecular testing: ", c.molecular[0], ".")
    r.sentence("\n\nDIAGNOSIS\n")
    a.site(r, g, c)
    r.write(", ", c.procedure[0], ": ")
    a.histology(r, g, c)
    a.grade(r, g, c, ", ")
    if c.depth:
        r.write(", ", c.depth[0])
    r.sentence(". ")
    if c.margin:
        a.margin(r, g, c)
        r.sentence(". ")
    a.nodes(r, g, c, ", ", ". ")
    if a.tnm(r, g, c):
        a.stage(r, g, c, ", ")
        r.write(".")
    if c.benign:
        r.write("There is no evidence of malignancy.")
    r.write("\n")


def uppercase(r, g, c):
    r.upper = True
    r.write("final pathologic diagnosis\n")
    a.site(r, g, c)
    r.write(", ", c.procedure[0], ":\n - ")
    a.histology(r, g, c)
    a.grade(r, g, c, ", ")
    r.write("\n")
    if a.size(r, g, c, " - tumor measures "):
        r.write("\n")
    for kind in ("lvi", "pni", "ene"):
        if getattr(c, kind):
            field(r, " - ", a.invasion, r, g, kind, getattr(c, kind), False)
    if c.margin:
        field(r, " - ", a.margin, r, g, c)
    if c.nodes:
        field(r, " - ", a.nodes, r, g, c, "\n - ", "")
    if c.t:
        field(r, " - ajcc: ", a.tnm, r, g, c)
    if c.benign:
        r.write(" - negative for malignancy\n")
    if c.stains:
        field(r, "special studies: ", a.stains, r, g, c, 0)
    r.write("gross: received fresh is tissue measuring ", a.specimen(g, c), " with ", c.gross[0], ". ")
    prose.some(r, g, prose.GROSS_EN, 4)
    r.write("\nmicroscopic: ", c.micro[0], ". ")
    prose.some(r, g, prose.MICRO_EN, 4)
    r.write("\n")
    r.upper = False


def bullets(r, g, c):
    r.write("Clinical: ", g.pick(("mass on imaging", "biopsy proven lesion", "incidental finding", "bleeding")), "\n\nDiagnosis\n* ")
    a.site(r, g, c)
    r.write(" (", c.procedure[0], ")\n* ")
    a.histology(r, g, c, True)
    if c.gleason or c.grade:
        a.grade(r, g, c, "\n* ")
    if c.size:
        a.size(r, g, c, "\n* Size ")
    if c.depth:
        r.write("\n* Depth: ", c.depth[0])
    for kind in ("lvi", "pni", "ene"):
        if getattr(c, kind):
            r.sentence("\n* ")
            a.invasion(r, g, kind, getattr(c, kind))
    if c.margin:
        r.sentence("\n* ")
        a.margin(r, g, c)
    if c.nodes:
        r.sentence("\n* ")
        a.nodes(r, g, c, "\n* ", "")
    if c.t:
        r.sentence("\n* ")
        a.tnm(r, g, c)
        a.stage(r, g, c)
    if c.stains:
        r.write("\n\nStains\n* ")
        a.stains(r, g, c, 1, "\n* ", "")
    r.write("\n\nDescription\n* ", c.gross[0].capitalize(), " in a specimen of ", a.specimen(g, c), "\n* ", c.micro[0], "\n* ")
    prose.some(r, g, prose.GROSS_EN, 4)
    r.write("\n* ")
    prose.some(r, g, prose.MICRO_EN, 4)
    r.write("\n")


def tabular(r, g, c):
    header(r, g, c, 0)
    rows = lambda name: r.write("| %-22s | " % name)
    rows("Organ")
    a.site(r, g, c)
    rows_end = " |\n"
    r.write(rows_end)
    rows("Operation")
    r.write(c.procedure[0], rows_end)
    rows("Type")
    a.histology(r, g, c)
    r.write(rows_end)
    if c.gleason or c.grade:
        rows("Grade")
        a.grade(r, g, c)
        r.write(rows_end)
    if c.size:
        rows("Size")
        a.size(r, g, c)
        r.write(rows_end)
    for kind in ("lvi", "pni"):
        if getattr(c, kind):
            name = {"lvi": "Lymphovascular invasion", "pni": "Perineural invasion"}[kind]
            r.item("| %-22s | %s" % (name, "yes" if getattr(c, kind) == "present" else "no"), {"type": kind, "status": getattr(c, kind)})
            r.write(rows_end)
    if c.margin:
        rows("Margins")
        a.margin(r, g, c)
        r.write(rows_end)
    if c.nodes:
        rows("Nodes")
        a.nodes(r, g, c, end="")
        r.write(rows_end)
    if c.t:
        rows("Category")
        a.tnm(r, g, c)
        r.write(rows_end)
    for one in c.stains:
        rows("Immunostain")
        a.stain(r, g, one, 0)
        r.write(rows_end)
    r.write("\nMicroscopy: ", c.micro[0], ". ")
    prose.some(r, g, prose.MICRO_EN, 4)
    r.write("\nMacroscopy: ", c.gross[0], ". ")
    prose.some(r, g, prose.GROSS_EN, 4)
    r.write("\n")


def translated(r, g, c):
    """Old European habits: G, L, V, Pn, R letters, telegram syntax."""
    r.write("Histopathological examination no. ").identifier("PATHOLOGY_NUMBER", g.digits(5) + "/" + str(g.between(10, 24)))
    r.write("\nMaterial sent: ", c.procedure[0], " preparation (", c.organ[0], ").\n\nMacroscopic: preparation of ", a.specimen(g, c), ", therein ", c.gross[0])
    a.size(r, g, c, " of ")
    r.write(".\nMicroscopic: ", c.micro[0], ". ")
    prose.some(r, g, prose.MICRO_EN, 3)
    r.write("\n\nResult: ")
    if c.benign:
        r.write(c.histology[0], ". No malignancy in the material sent.\n")
        return
    start = r.length
    r.write(c.histology[0])
    r.close(start, {"type": "histology", "name": "", "icdo": None})
    if c.diff and not c.diff[1]:
        number = {"well": "1", "moderate": "2", "poor": "3"}[c.diff[0]]
        r.write(" ")
        r.item("G" + number, {"type": "grade", "system": "generic", "grade": number, "score": None})
    else:
        a.grade(r, g, c, ", ")
    r.write(" of the ", c.place[0], ".\n")
    if c.t:
        r.write("Tumor classification: ")
        a.tnm(r, g, c)
        if c.nodes:
            found, examined = sum(n[1] for n in c.nodes), sum(n[2] for n in c.nodes)
            r.write(" ")
            r.item("(%d/%d)" % (found, examined), {"type": "lymph_nodes", "positive": found, "examined": examined, "station": None})
        r.write(", ")
        status = c.lvi
        r.item("L%d" % (status == "present"), {"type": "lvi", "status": status})
        r.write(" V0")
        r.spans.append((r.length - 2, r.length, {"type": "lvi", "status": "absent"}))
        if c.pni:
            r.write(" ")
            r.item("Pn%d" % (c.pni == "present"), {"type": "pni", "status": c.pni})
        positive = c.margin == "positive"
        r.write(" ")
        r.item("R%d" % positive, {"type": "margin", "status": "positive" if positive else "negative", "distance_mm": None, "site": None})
        r.write(".\n")
    if c.stains:
        r.write("Immunohistochemically: ")
        a.stains(r, g, c, 1)
        r.write("\n")


def terse(r, g, c):
    a.site(r, g, c, False)
    r.write(", ", c.procedure[0], ": ")
    a.histology(r, g, c)
    a.grade(r, g, c, ", ")
    a.size(r, g, c, ", ")
    if c.margin:
        r.sentence(". ")
        a.margin(r, g, c)
    for kind in ("lvi", "pni"):
        if getattr(c, kind):
            r.sentence(". ")
            a.invasion(r, g, kind, getattr(c, kind), False)
    if c.nodes:
        r.sentence(". ")
        a.nodes(r, g, c, ", ", "")
    if c.t:
        r.sentence(". ")
        a.tnm(r, g, c)
        a.stage(r, g, c, ", ")
    r.write(".")
    if c.stains:
        r.write(" IHC ")
        a.stains(r, g, c, 1)
    if c.benign:
        r.write(" No malignancy.")
    r.write("\nGross: ", c.gross[0], ". Micro: ", c.micro[0].lower(), ".\n")


def lettered(r, g, c):
    header(r, g, c, 1)
    r.write("\nA. ")
    a.site(r, g, c)
    r.write(", ", c.procedure[0], ":\n   ")
    a.histology(r, g, c, True)
    a.grade(r, g, c, ", ")
    if c.depth:
        r.write(", ", c.depth[0])
    r.write(".\n")
    for kind in ("lvi", "pni"):
        if getattr(c, kind):
            field(r, "   ", a.invasion, r, g, kind, getattr(c, kind))
    if c.margin:
        field(r, "   ", a.margin, r, g, c)
    letter = "B"
    for (station, found, examined) in c.nodes:
        r.write("%s. " % letter)
        text = "Lymph nodes, %s, excision: %s (%d/%d)" % (station[0], "metastatic carcinoma" if found else "negative for malignancy", found, examined)
        r.item(text, {"type": "lymph_nodes", "positive": found, "examined": examined, "station": station[0]})
        r.write(".\n")
        letter = chr(ord(letter) + 1)
    if c.t:
        r.write("\nComment: ")
        a.tnm(r, g, c)
        a.stage(r, g, c, ", ")
        r.write(". Blocks: A1-A%d specimen, B1-B2 nodes.\n" % g.between(3, 12))
    r.write("Gross: A. Received in formalin, ", a.specimen(g, c), "; ", c.gross[0])
    a.size(r, g, c, ", ")
    r.write(". ")
    prose.some(r, g, prose.GROSS_EN, 4)
    r.write("\nMicroscopic: ", c.micro[0], ". ")
    prose.some(r, g, prose.MICRO_EN, 4)
    r.write("\n")
    if c.stains:
        field(r, "Stains on block A%d: " % g.between(1, 5), a.stains, r, g, c, 0)


STYLES = [("synoptic", synoptic), ("narrative", narrative), ("uppercase", uppercase), ("bullets", bullets), ("tabular", tabular), ("translated", translated), ("terse", terse),
          ("lettered", lettered), ("discharge", discharge), ("letter", letter)]
