"""English clinical notes as house styles: the discharge summary and the clinic letter, with laboratory results and history."""
import atoms_en as a
import labs
import people
import prose


def discharge(r, g, c):
    who = "man" if c.sex == "M" else "woman"
    r.write("DISCHARGE SUMMARY\nName: ").identifier("NAME", people.name_en(g))
    r.write("\nAdmitted: ").identifier("DATE", people.date_en(g))
    r.write("\n\nThis %d-year-old %s was admitted for surgery of the %s. " % (c.age, who, c.organ[0]),
            g.pick(("There is no history of malignancy. ", "History of hypertension, treated with amlodipine 5 mg. ", "Father died of lung cancer. ", "Appendectomy in 1994. ")))
    if c.previous:
        a.history(r, g, c, people.date_en(g))
    prose.some(r, g, prose.CLINICAL_EN, 6)
    r.write("\nLaboratory: ")
    results = labs.draw(g, c.key, "en", g.between(4, 9))
    if g.maybe(0.45):
        r.write("\n")
        labs.table(r, g, results, "en")
    else:
        labs.running(r, g, results, "en")
        r.write("\n")
    r.write("\nPathology: ", c.procedure[0], ", ")
    a.histology(r, g, c)
    a.grade(r, g, c, ", ")
    a.size(r, g, c, ", ")
    if c.nodes:
        r.write("; ")
        a.nodes(r, g, c, "; ", "")
    if c.margin:
        r.write("; ")
        a.margin(r, g, c)
    if c.t:
        r.write("; ")
        a.tnm(r, g, c)
        a.stage(r, g, c, ", ")
    r.write(".\n")
    if c.stains:
        a.stains(r, g, c)
        r.write("\n")
    r.write("Microscopy in brief: ", c.micro[0].lower(), ".\nPlan: ", g.pick(("follow-up in four weeks", "tumor board", "wound check in ten days", "oncology clinic")), ". BP %d/%d, afebrile.\n" % (g.between(105, 148), g.between(60, 92)))


def letter(r, g, c):
    r.write("Dear Dr. ").identifier("NAME", g.pick(people.EN_SURNAMES))
    who = "He" if c.sex == "M" else "She"
    r.write(",\n\nThank you for referring ").identifier("NAME", people.name_en(g))
    r.write(" (MRN ").identifier("MEDICAL_RECORD", g.digits(7))
    r.write("), aged %d, whom I saw on " % c.age).identifier("DATE", people.date_en(g))
    r.write(". ")
    if c.previous:
        a.history(r, g, c, people.date_en(g))
    r.write("The specimen (", c.organ[0], ", ", c.procedure[0], ") was reported as ")
    a.histology(r, g, c)
    a.grade(r, g, c, ", ")
    if c.size:
        a.size(r, g, c, ", measuring ")
    if c.depth:
        r.write(", ", c.depth[0])
    r.sentence(". ")
    for kind in ("lvi", "pni", "ene"):
        if getattr(c, kind):
            a.invasion(r, g, kind, getattr(c, kind), False)
            r.sentence(". ")
    if c.margin:
        a.margin(r, g, c)
        r.sentence(". ")
    a.nodes(r, g, c, "; ", ". ")
    r.capital = False
    if c.t:
        r.write("This corresponds to ")
        a.tnm(r, g, c)
        a.stage(r, g, c, ", ")
        r.write(". ")
    if c.stains:
        r.write("Immunohistochemistry: ")
        a.stains(r, g, c, 0)
    r.write("\n\nResults today:\n")
    labs.lines(r, g, labs.draw(g, c.key, "en", g.between(3, 8)), "en")
    r.write("\n")
    prose.some(r, g, prose.CLINICAL_EN, 5)
    r.write(who, " has recovered well and takes no new tablets. The slide shows ", c.micro[0].lower(), ".\n\nYours sincerely,\n").identifier("NAME", people.name_en(g))
    r.write("\n")
