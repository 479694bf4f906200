"""Ten Chinese house styles. A style decides layout, order, headings and habits; the words of each finding come from atoms_zh."""
import atoms_zh as a
import labs
import people
import prose

SEX = {"M": "男", "F": "女"}


def header(r, g, c, kind):
    if kind == 0:
        r.write("病理号：").identifier("PATHOLOGY_NUMBER", people.pathology_number(g))
        r.write("  姓名：").identifier("NAME", people.name_zh(g))
        r.write("  性别：%s  年龄：%d岁  住院号：" % (SEX[c.sex], c.age)).identifier("MEDICAL_RECORD", g.digits(g.between(6, 9)))
        r.write("  科室：").identifier("DEPARTMENT", g.pick(people.WARDS))
        r.write("\n")
    else:
        r.identifier("HOSPITAL", people.hospital_zh(g))
        r.write("病理诊断报告\n姓名 ").identifier("NAME", people.name_zh(g))
        r.write(" %s %d岁 收到日期 " % (SEX[c.sex], c.age)).identifier("DATE", people.date_zh(g))
        r.write("\n")


def signature(r, g):
    r.write("报告医师：").identifier("NAME", people.name_zh(g))
    r.write("  审核：").identifier("NAME", people.name_zh(g))
    r.write("  报告日期：").identifier("DATE", people.date_zh(g))
    r.write("\n")


def gross(r, g, c, opening="送检"):
    r.write(opening, a.side(c), c.organ[1], "组织，大小", a.specimen(g, c), "，切面见", c.gross[1])
    a.size(r, g, c, "，")
    r.write("。")
    prose.some(r, g, prose.GROSS_ZH, 4)


def main(r, g, c, joint="，"):
    """Site, histology, grade, depth: the sentence every diagnosis opens with."""
    a.site(r, g, c)
    a.histology(r, g, c)
    a.grade(r, g, c, "，")
    if c.depth:
        r.write(joint, c.depth[1])


def details(r, g, c, joint, tnm=True):
    """Everything after the opening sentence, each piece led in by `joint`."""
    for kind in ("lvi", "pni"):
        if getattr(c, kind):
            r.write(joint)
            a.invasion(r, g, kind, getattr(c, kind))
    if c.margin:
        r.write(joint)
        a.margin(r, g, c)
    if c.nodes:
        r.write(joint)
        a.nodes(r, g, c, joint, "")
    if c.ene:
        r.write(joint)
        a.invasion(r, g, "ene", c.ene)
    if c.t and tnm:
        r.write(joint)
        a.tnm(r, g, c)
        a.stage(r, g, c)


def three_parts(r, g, c):
    header(r, g, c, 0)
    r.write("【巨检】")
    prose.some(r, g, prose.ARRIVAL_ZH)
    gross(r, g, c)
    r.write("\n【镜检】", c.micro[1], "。")
    prose.some(r, g, prose.MICRO_ZH, 4)
    r.write("\n【病理诊断】")
    main(r, g, c)
    details(r, g, c, "；")
    r.write("。\n")
    if c.stains:
        r.write("【免疫组化】")
        a.stains(r, g, c)
        r.write("\n")
    if c.molecular:
        r.write("【分子检测】", c.molecular[1], "。\n")
    signature(r, g)


def discharge(r, g, c):
    r.write("出院小结\n患者").identifier("NAME", people.name_zh(g))
    r.write("，%s，%d岁，因“%s”于" % (SEX[c.sex], c.age, g.pick(("体检发现占位1周", "反复疼痛3月", "发现肿物半年", "间断出血1月余")))).identifier("DATE", people.date_zh(g))
    r.write("入院。", g.pick(("既往体健。", "高血压病史8年，口服硝苯地平控释片30mg。", "否认肿瘤家族史。", "2011年行阑尾切除术。")))
    if c.previous:
        a.history(r, g, c, people.date_zh(g))
    prose.some(r, g, prose.CLINICAL_ZH, 6)
    r.write("入院查：")
    labs.running(r, g, labs.draw(g, c.key, "zh", g.between(4, 9)), "zh")
    r.write("完善检查后行手术治疗，术后病理：")
    main(r, g, c)
    a.size(r, g, c, "，")
    details(r, g, c, "，")
    r.write("。")
    if c.stains:
        r.write("免疫组化：")
        a.stains(r, g, c)
    r.write("镜下", c.micro[1], "。术后恢复可，予以出院。\n出院医嘱：%s后门诊复查，不适随诊。\n" % g.pick(("两周", "一月", "三周")))


def one_line(r, g, c):
    main(r, g, c)
    a.size(r, g, c, "，")
    details(r, g, c, "，")
    r.write("。")
    if c.benign:
        r.write("未见恶性。")
    if c.stains:
        r.write("IHC：")
        a.stains(r, g, c, 1)
    r.write("（", c.micro[1], "；", c.gross[1], "）\n")


def stains_first(r, g, c):
    header(r, g, c, 1)
    if c.stains:
        r.write("一、免疫组织化学结果\n")
        a.stains(r, g, c, 0, "，")
        r.write("\n二、诊断\n")
    else:
        r.write("诊断\n")
    main(r, g, c)
    details(r, g, c, "，")
    r.write("。\n三、形态\n", c.micro[1], "。")
    prose.some(r, g, prose.MICRO_ZH, 4)
    gross(r, g, c, "大体：")
    r.write("\n")


def fields(r, g, c):
    header(r, g, c, 0)
    r.write("标本类型：", c.procedure[1], "\n肿瘤部位：" if not c.benign else "\n部位：")
    a.site(r, g, c, False)
    if c.size:
        a.size(r, g, c, "\n肿瘤大小：")
    r.write("\n组织学类型：")
    a.histology(r, g, c)
    if c.grade or c.gleason:
        a.grade(r, g, c, "\n分级：")
    if c.depth:
        r.write("\n浸润深度：", c.depth[1])
    for kind in ("lvi", "pni", "ene"):
        if getattr(c, kind):
            r.write("\n")
            a.invasion(r, g, kind, getattr(c, kind), True)
    if c.margin:
        r.write("\n切缘情况：")
        a.margin(r, g, c)
    if c.nodes:
        r.write("\n淋巴结：")
        a.nodes(r, g, c, "；", "")
    if c.t:
        r.write("\n病理分期：")
        a.tnm(r, g, c)
        a.stage(r, g, c, " ")
    if c.stains:
        r.write("\n免疫组化：")
        a.stains(r, g, c, 0, "；", "")
    if c.molecular:
        r.write("\n分子检测：", c.molecular[1])
    r.write("\n形态描述：", c.gross[1], "；", c.micro[1], "。")
    prose.some(r, g, prose.GROSS_ZH, 4)
    prose.some(r, g, prose.MICRO_ZH, 4)
    r.write("\n")


def consultation(r, g, c):
    r.write("病理会诊意见书\n送诊单位：").identifier("HOSPITAL", people.hospital_zh(g))
    r.write("    原单位病理号：").identifier("PATHOLOGY_NUMBER", people.pathology_number(g))
    r.write("\n送检材料：切片%d张，蜡块%d块\n原诊断：请贵院协助诊断\n镜下所见：" % (g.between(1, 9), g.between(1, 5)), c.micro[1], "。")
    prose.some(r, g, prose.MICRO_ZH, 5)
    r.write("\n会诊意见：")
    main(r, g, c)
    details(r, g, c, "；", False)
    r.write("。")
    if c.t:
        r.write("分期：")
        a.tnm(r, g, c)
        r.write("。")
    if c.stains:
        r.write("\n我院补做免疫组化：")
        a.stains(r, g, c, 1)
    r.write("\n以上意见供参考，请结合临床。\n会诊专家：").identifier("NAME", people.name_zh(g))
    r.write("\n")


def clinic(r, g, c):
    r.write("门诊病历\n就诊时间：").identifier("DATE", people.date_zh(g))
    r.write("\n主诉：术后复诊\n现病史：患者%s，%d岁，术后恢复良好，无发热，饮食睡眠可。" % (SEX[c.sex], c.age))
    prose.some(r, g, prose.CLINICAL_ZH, 5)
    r.write("术后病理回报：")
    main(r, g, c)
    a.size(r, g, c, "，")
    details(r, g, c, "，")
    r.write("。\n查体：血压%d/%dmmHg，切口愈合可，浅表淋巴结未触及肿大。\n今日化验：" % (g.between(108, 146), g.between(62, 90)))
    results = labs.draw(g, c.key, "zh", g.between(3, 7))
    if g.maybe(0.5):
        r.write("\n")
        labs.lines(r, g, results, "zh")
    else:
        labs.running(r, g, results, "zh")
    if c.stains:
        r.write("\n补录免疫组化：")
        a.stains(r, g, c)
    r.write("\n处理：", g.pick(("继续随访", "建议化疗", "定期复查肿瘤标志物", "转肿瘤内科")), "。\n")


def addendum(r, g, c):
    r.write("补充报告\n病理号 ").identifier("PATHOLOGY_NUMBER", people.pathology_number(g))
    r.write("\n原报告已发，现就后续检查补充如下。\n")
    if c.stains:
        r.write("免疫组化：")
        a.stains(r, g, c, 0)
        r.write("\n")
    r.write("修正后诊断：")
    main(r, g, c)
    details(r, g, c, "；")
    r.write("。\n原取材记录：")
    gross(r, g, c, "")
    r.write(c.micro[1], "。")
    prose.some(r, g, prose.MICRO_ZH, 4)
    r.write("\n")
    signature(r, g)


def sheet(r, g, c):
    r.write("检验报告单\n姓名：").identifier("NAME", people.name_zh(g))
    r.write("    床号：").identifier("BED", str(g.between(1, 68)))
    r.write("床    标本：血清\n")
    labs.table(r, g, labs.draw(g, c.key, "zh", g.between(5, 11)), "zh")
    r.write("\n相关病理（同次住院）：")
    main(r, g, c)
    details(r, g, c, "，")
    r.write("。")
    if c.stains:
        a.stains(r, g, c)
    r.write("\n镜下：", c.micro[1], "。")
    prose.some(r, g, prose.MICRO_ZH, 4)
    r.write("\n")


def numbered(r, g, c):
    r.write("病理诊断：\n1、")
    main(r, g, c)
    lines, number = [], 2
    if c.size:
        r.write("；\n%d、" % number)
        a.size(r, g, c, "肿瘤")
        number += 1
    for kind in ("lvi", "pni"):
        if getattr(c, kind):
            r.write("；\n%d、" % number)
            a.invasion(r, g, kind, getattr(c, kind))
            number += 1
    if c.margin:
        r.write("；\n%d、" % number)
        a.margin(r, g, c)
        number += 1
    if c.nodes:
        r.write("；\n%d、" % number)
        a.nodes(r, g, c, "、", "")
        number += 1
    if c.t:
        r.write("；\n%d、" % number)
        a.tnm(r, g, c)
        a.stage(r, g, c)
        number += 1
    r.write("。\n")
    if c.stains:
        r.write("免疫组化：")
        a.stains(r, g, c, 2)
        r.write("\n")
    r.write("肉眼：", c.gross[1], "，标本", a.specimen(g, c), "。")
    prose.some(r, g, prose.GROSS_ZH, 3)
    r.write("镜下：", c.micro[1], "。")
    prose.some(r, g, prose.MICRO_ZH, 3)
    r.write("\n")
    signature(r, g)


STYLES = [("sanduan", three_parts), ("chuyuan", discharge), ("yihang", one_line), ("zuhua-xian", stains_first), ("ziduan", fields), ("huizhen", consultation), ("menzhen", clinic),
          ("buchong", addendum), ("huayan", sheet), ("bianhao", numbered)]
