"""Invented people, hospitals, numbers and dates. No name here is a patient's; towns and hospitals do not exist.

The Chinese identity number's check digit and the bank card's Luhn digit are right, so that checks of them can be tested.
"""
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文祁岑臧戚鲁"
DOUBLE = ("欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "宇文", "司徒", "夏侯", "闻人", "端木")
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰文斌宇浩凯佳雪梅志建国春红云海波鹏飞婷慧琳颖倩岚晨曦然博轩子涵欣怡诗雅思源俊豪泽景行舟若溪"
TOWNS = ("云汀", "宁汐", "青垣", "沅浦", "鹿鸣", "枫澜", "兰渚", "东珣", "石潭口", "锦沧", "望舒", "北珈")
HOSPITALS = ("市第一人民医院", "市中心医院", "市肿瘤医院", "大学附属医院", "县人民医院", "市妇幼保健院", "市中医院", "大学第二附属医院", "市第三人民医院")
WARDS = ("普外科", "胃肠外科", "乳腺外科", "胸外科", "肝胆外科", "泌尿外科", "妇科", "肿瘤内科", "血液科", "消化内科", "甲状腺外科", "呼吸与危重症医学科")
ROADS = ("望江路", "梧桐街", "新河大道", "书院巷", "中兴路", "桃源街", "学府路", "南湖大道")

EN_SURNAMES = ("Abernathy", "Bexley", "Calder", "Dunmore", "Ellery", "Farrow", "Garrick", "Hollis", "Ingram", "Jessup", "Kendrick", "Lathrop", "Marlow", "Norwood", "Okafor",
               "Prescott", "Quimby", "Ravenel", "Sutcliffe", "Thackeray", "Underhill", "Vasquez", "Whitcomb", "Yarrow", "Zeller", "Nguyen", "Petrov", "Rossi", "Haddad", "Lindqvist")
EN_GIVEN = ("Alice", "Bernard", "Clara", "Daniel", "Edith", "Frank", "Grace", "Henry", "Irene", "Jonas", "Karen", "Louis", "Martha", "Nolan", "Olive", "Peter", "Rosa", "Simon", "Teresa", "Victor", "Wanda", "Miguel", "Aisha", "Tomas")
EN_HOSPITALS = ("Northmoor General Hospital", "Saint Brannoc Medical Center", "Harrow Vale Clinic", "Lakeshire University Hospital", "Coldwater Regional Medical Center", "Easterbrook Cancer Institute")
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
WEIGHTS, CHECKS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), "10X98765432"
AREAS = ("110105", "310112", "320106", "330203", "370102", "420111", "430104", "440305", "500107", "510107", "610113", "220104", "130102", "350203")


def name_zh(g, double=0.06):
    surname = g.pick(DOUBLE) if g.maybe(double) else g.pick(SURNAMES)
    return surname + g.pick(GIVEN) + (g.pick(GIVEN) if g.maybe(0.72) else "")


def surname_zh(g):
    return g.pick(DOUBLE) if g.maybe(0.06) else g.pick(SURNAMES)


def hospital_zh(g):
    return g.pick(TOWNS) + g.pick(HOSPITALS)


def day(g, first=2012, last=2024):
    return g.between(first, last), g.between(1, 12), g.between(1, 28)


def date_zh(g, parts=None):
    y, m, d = parts or day(g)
    kind = g.between(0, 6)
    if kind == 0:
        return "%d年%d月%d日" % (y, m, d)
    if kind == 1:
        return "%d-%02d-%02d" % (y, m, d)
    if kind == 2:
        return "%d.%02d.%02d" % (y, m, d)
    if kind == 3:
        return "%d/%d/%d" % (y, m, d)
    if kind == 4:
        return "%d-%d-%d" % (y, m, d)
    if kind == 5:
        return "%d年%02d月%02d日" % (y, m, d)
    return "%d.%d.%d" % (y, m, d)


def date_en(g, parts=None):
    y, m, d = parts or day(g)
    kind = g.between(0, 4)
    if kind == 0:
        return "%02d/%02d/%d" % (m, d, y)
    if kind == 1:
        return "%s %d, %d" % (MONTHS[m - 1], d, y)
    if kind == 2:
        return "%d-%02d-%02d" % (y, m, d)
    if kind == 3:
        return "%d %s %d" % (d, MONTHS[m - 1][:3], y)
    return "%d/%d/%02d" % (m, d, y % 100)


def identity(g):
    y, m, d = day(g, 1932, 2005)
    head = "%s%d%02d%02d%s" % (g.pick(AREAS), y, m, d, g.digits(3))
    return head + CHECKS[sum(int(c) * w for c, w in zip(head, WEIGHTS)) % 11]


def identity_old(g):
    y, m, d = day(g, 1932, 1980)
    return "%s%02d%02d%02d%s" % (g.pick(AREAS), y % 100, m, d, g.digits(3))


def mobile(g):
    return "1" + g.pick(("38", "39", "35", "36", "50", "58", "86", "87", "77", "99", "33", "73")) + g.digits(8)


def card(g):
    head = g.pick(("622202", "621700", "622848", "621661", "623058")) + g.digits(12)
    total = 0
    for i, c in enumerate(reversed(head)):
        n = int(c) * (2 if i % 2 == 0 else 1)
        total += n - 9 if n > 9 else n
    return head + str(-total % 10)


def pathology_number(g):
    y = g.between(2010, 2024)
    kind = g.between(0, 5)
    if kind == 0:
        return "%d-%s" % (y, g.digits(5))
    if kind == 1:
        return "%s%d%s" % (g.pick("BSFZHX"), y, g.digits(5))
    if kind == 2:
        return "%s%02d-%s" % (g.pick("SBPN"), y % 100, g.digits(5))
    if kind == 3:
        return "%d%s" % (y, g.digits(5))
    if kind == 4:
        return "%02d%s" % (y % 100, g.digits(5))
    return "%s%02d%s" % (g.pick("BZHP"), y % 100, g.digits(5))


def name_en(g):
    surname, given = g.pick(EN_SURNAMES), g.pick(EN_GIVEN)
    kind = g.between(0, 3)
    if kind == 0:
        return "%s, %s" % (surname, given)
    if kind == 1:
        return "%s %s. %s" % (given, g.pick("ABCDEFHJKLMPRST"), surname)
    return "%s %s" % (given, surname)
