"""What is true of each diagnosis label: organ, specimens, histologies, node stations, stains, and words for gross and microscopic text.

Pairs are (English, Chinese). Stains are (marker, English, Chinese, behaviour): `+` or `-` nearly always, `?` either way, `er` hormone
receptor with percentage, `her2` score, `ki` proliferation index, `mmr` retained or lost; a letter of KINDS where the histology decides.
"""


class Site:
    def __init__(self, label, key, organ, sides, places, procedures, histologies, stations, stains, margins, gross, micro, sex="", graded=True):
        self.label, self.key, self.organ, self.sides, self.places, self.procedures = label, key, organ, sides, places, procedures
        self.histologies, self.stations, self.stains, self.margins = histologies, stations, stains, margins
        self.gross, self.micro, self.sex, self.graded = gross, micro, sex, graded


KI, HER2 = ("KI-67", "Ki-67", "Ki-67", "ki"), ("HER2", "HER2", "HER-2", "her2")
MMR = [("MLH1", "MLH1", "MLH1", "mmr"), ("PMS2", "PMS2", "PMS2", "mmr"), ("MSH2", "MSH2", "MSH2", "mmr"), ("MSH6", "MSH6", "MSH6", "mmr")]

# a letter: the word in the English histology that makes the stain positive (with "not", negative)
KINDS = {"a": "adenocarcinoma", "s": "squamous", "c": "clear", "h": "chromophobe", "d": "not lobular"}
# a microscopic text that fits one histology only: the second is used for these words, the first for all others
SECOND = {"lung": "squamous", "gastric": "tubular", "renal": "chromophobe", "endometrial": "serous", "cervical": "adenocarcinoma"}

SITES = [
    Site("colorectal carcinoma", "colorectal", ("colon", "结肠"), False,
         [("sigmoid colon", "乙状结肠"), ("rectum", "直肠"), ("cecum", "盲肠"), ("transverse colon", "横结肠"), ("ascending colon", "升结肠"), ("descending colon", "降结肠")],
         [("segmental resection", "肠段切除"), ("anterior resection", "根治性切除"), ("colectomy", "肠癌根治")],
         [("adenocarcinoma", "腺癌"), ("adenocarcinoma", "腺癌"), ("mucinous adenocarcinoma", "黏液腺癌"), ("adenocarcinoma with mucinous component", "腺癌伴黏液腺癌")],
         [("pericolic", "肠周"), ("mesenteric", "系膜根部"), ("intermediate", "中间组")],
         MMR + [KI, ("CDX2", "CDX2", "CDX-2", "+"), ("CK20", "CK20", "CK20", "+"), ("CK7", "CK7", "CK7", "-"), ("P53", "p53", "P53", "?"), HER2],
         [("proximal and distal margins", "两切端"), ("radial margin", "环周切缘"), ("all margins", "各切缘")],
         [("an ulcerated mass with raised edges", "溃疡型肿物，边缘隆起"), ("a fungating tan tumor", "隆起型灰红肿物"), ("a stenosing grey-white lesion", "缩窄型灰白肿物")],
         [("Glands of irregular shape with dirty necrosis in their lumens", "异型腺体形状不规则，腔内见坏死碎屑"), ("Cribriform nests in a cellular fibrous stroma", "筛孔状癌巢，间质纤维增生")]),
    Site("gastric carcinoma", "gastric", ("stomach", "胃"), False,
         [("antrum", "胃窦"), ("gastric body", "胃体"), ("cardia", "贲门"), ("lesser curvature", "胃小弯"), ("angulus", "胃角")],
         [("distal gastrectomy", "远端胃切除"), ("total gastrectomy", "全胃切除"), ("subtotal gastrectomy", "胃大部切除")],
         [("adenocarcinoma", "腺癌"), ("tubular adenocarcinoma", "管状腺癌"), ("signet ring cell carcinoma", "印戒细胞癌"), ("adenocarcinoma, intestinal type", "腺癌")],
         [("lesser curvature", "小弯侧"), ("greater curvature", "大弯侧"), ("infrapyloric", "幽门下"), ("station 7", "第7组")],
         [HER2, KI, ("CK", "cytokeratin", "CK", "+"), ("P53", "p53", "P53", "?"), ("E-CADHERIN", "E-cadherin", "E-cadherin", "?"), ("CDX2", "CDX2", "CDX2", "?"), ("EBER", "EBER", "EBER", "-")] + MMR,
         [("proximal and distal margins", "上、下切缘"), ("distal margin", "下切缘"), ("resection margins", "断端")],
         [("an infiltrating ulcer with a hard base", "浸润溃疡型肿物，底部质硬"), ("a polypoid mass with surface erosion", "蕈伞型肿物，表面糜烂"), ("a thickened stiff wall with flattened folds", "胃壁增厚僵硬，皱襞消失")],
         [("Poorly cohesive cells spread between muscle bundles", "癌细胞黏附性差，散布于肌束之间"), ("Tubules with eosinophilic cytoplasm and stratified nuclei", "腺管状结构，核复层，胞质嗜酸")]),
    Site("breast carcinoma", "breast", ("breast", "乳腺"), True,
         [("upper outer quadrant", "外上象限"), ("lower outer quadrant", "外下象限"), ("upper inner quadrant", "内上象限"), ("retroareolar region", "乳晕后方")],
         [("lumpectomy with sentinel node biopsy", "保乳切除及前哨淋巴结活检"), ("modified radical mastectomy", "改良根治术"), ("simple mastectomy", "单纯切除")],
         [("invasive ductal carcinoma", "浸润性导管癌"), ("invasive carcinoma of no special type", "浸润性癌，非特殊类型"), ("invasive lobular carcinoma", "浸润性小叶癌")],
         [("axillary", "腋窝"), ("sentinel", "前哨"), ("level II axillary", "腋窝二水平")],
         [("ER", "ER", "ER", "er"), ("PR", "PR", "PR", "er"), HER2, KI, ("E-CADHERIN", "E-cadherin", "E-cadherin", "d"), ("GATA3", "GATA3", "GATA3", "+"), ("P63", "p63", "P63", "-"), ("CK5/6", "CK5/6", "CK5/6", "-")],
         [("deep margin", "基底切缘"), ("all margins", "四周切缘"), ("nearest margin", "最近切缘")],
         [("a stellate gritty nodule", "星芒状质硬结节"), ("a firm white mass with spiculated border", "灰白质硬肿块，边缘呈毛刺状"), ("an ill-defined indurated area", "界限不清的质硬区")],
         [("Cords and nests in a desmoplastic stroma, with low nuclear grade in situ component", "癌巢呈条索状，间质促纤维反应，伴少量原位癌"), ("Tubules are few and mitoses are easily found", "腺管形成少，核分裂象易见")], sex="F", graded="nottingham"),
    Site("lung carcinoma", "lung", ("lung", "肺"), True,
         [("upper lobe", "上叶"), ("lower lobe", "下叶")],
         [("lobectomy", "肺叶切除"), ("wedge resection and completion lobectomy", "楔形切除及肺叶切除"), ("segmentectomy", "肺段切除")],
         [("adenocarcinoma", "腺癌"), ("invasive adenocarcinoma, acinar predominant", "浸润性腺癌，腺泡型为主"), ("squamous cell carcinoma", "鳞状细胞癌"), ("keratinizing squamous cell carcinoma", "角化型鳞状细胞癌")],
         [("peribronchial", "支气管旁"), ("hilar", "肺门"), ("interlobar", "叶间")],
         [("TTF-1", "TTF-1", "TTF-1", "a"), ("NAPSIN A", "napsin A", "NapsinA", "a"), ("P40", "p40", "P40", "s"), ("CK5/6", "CK5/6", "CK5/6", "s"), ("CK7", "CK7", "CK7", "+"), ("SYN", "synaptophysin", "Syn", "-"), ("CD56", "CD56", "CD56", "-"), KI, ("ALK", "ALK (D5F3)", "ALK(D5F3)", "-")],
         [("bronchial margin", "支气管切缘"), ("bronchial and vascular margins", "支气管及血管断端")],
         [("a subpleural grey nodule with puckering", "胸膜下灰白结节，胸膜皱缩"), ("a firm central mass around a bronchus", "围绕支气管的质硬肿块"), ("a tan nodule with anthracotic flecks", "灰黄结节，伴炭末沉着")],
         [("Acinar and papillary structures with scarring in the center", "腺泡及乳头状结构，中央见瘢痕"), ("Nests with intercellular bridges and focal keratin", "癌巢见细胞间桥及灶状角化")]),
    Site("hepatocellular carcinoma", "hepatocellular", ("liver", "肝"), False,
         [("segment 6", "S6段"), ("right lobe", "右叶"), ("left lateral lobe", "左外叶"), ("segment 8", "S8段")],
         [("partial hepatectomy", "部分切除"), ("segmentectomy", "肝段切除")],
         [("hepatocellular carcinoma", "肝细胞癌"), ("hepatocellular carcinoma, macrotrabecular pattern", "肝细胞癌，粗梁型"), ("hepatocellular carcinoma", "肝细胞性肝癌")],
         [("hilar", "肝门")],
         [("HEPPAR-1", "HepPar-1", "Hepatocyte", "+"), ("GPC3", "glypican-3", "GPC3", "+"), ("ARG-1", "arginase-1", "Arg-1", "+"), ("CK19", "CK19", "CK19", "-"), ("CD34", "CD34", "CD34", "+"), KI],
         [("parenchymal margin", "肝切缘"), ("surgical margin", "手术切缘")],
         [("a bulging bile-stained nodule with capsule", "膨隆结节，胆汁染色，有包膜"), ("a soft mass with bleeding and necrosis", "质软肿块，伴出血坏死")],
         [("Thick trabeculae lined by endothelium; the background liver is cirrhotic", "粗梁状排列，被覆内皮；周围肝呈结节性肝硬化"), ("Pseudoglands with bile plugs; the adjacent liver shows steatosis", "假腺样结构伴胆栓；癌旁肝细胞脂肪变")]),
    Site("thyroid carcinoma", "thyroid", ("thyroid", "甲状腺"), True,
         [("lobe, mid portion", "叶中部"), ("lobe, lower pole", "叶下极"), ("lobe, upper pole", "叶上极")],
         [("total thyroidectomy", "全切除"), ("lobectomy with central neck dissection", "腺叶切除及中央区清扫")],
         [("papillary thyroid carcinoma", "甲状腺乳头状癌"), ("papillary carcinoma, classic type", "乳头状癌，经典型"), ("papillary carcinoma, follicular variant", "乳头状癌，滤泡亚型"), ("follicular carcinoma", "滤泡癌")],
         [("central compartment", "中央区"), ("level VI", "VI区"), ("prelaryngeal", "喉前")],
         [("CK19", "CK19", "CK19", "+"), ("GALECTIN-3", "galectin-3", "Galectin-3", "+"), ("HBME-1", "HBME-1", "HBME-1", "+"), ("BRAF V600E", "BRAF V600E", "BRAF V600E", "?"), ("CD56", "CD56", "CD56", "-"), ("TTF-1", "TTF-1", "TTF-1", "+"), KI],
         [("surgical margin", "手术切缘"), ("anterior margin", "前侧切缘")],
         [("a gritty white focus", "灰白质硬沙砾样结节"), ("a partly calcified nodule", "部分钙化结节")],
         [("Papillae with grooved, overlapping, pale nuclei", "乳头结构，核拥挤，毛玻璃样，见核沟"), ("Small follicles with dark colloid and nuclear clearing", "小滤泡结构，胶质深染，核透亮")], graded=False),
    Site("prostate carcinoma", "prostate", ("prostate", "前列腺"), False,
         [("left peripheral zone", "左侧外周带"), ("right peripheral zone", "右侧外周带"), ("transition zone", "移行带")],
         [("radical prostatectomy", "根治性切除"), ("robotic prostatectomy with node dissection", "机器人辅助根治性切除")],
         [("acinar adenocarcinoma", "腺泡腺癌"), ("adenocarcinoma", "腺癌"), ("prostatic adenocarcinoma", "前列腺癌")],
         [("right pelvic", "右盆腔"), ("left pelvic", "左盆腔")],
         [("AMACR", "AMACR", "P504S", "+"), ("P63", "p63", "P63", "-"), ("PSA", "PSA", "PSA", "+"), ("34BE12", "34betaE12", "34βE12", "-"), ("ERG", "ERG", "ERG", "?"), KI],
         [("apical margin", "尖部切缘"), ("all margins", "各切缘"), ("bladder neck margin", "膀胱颈切缘")],
         [("a vague firm yellow area", "灰黄质韧区，界限不清"), ("no distinct lesion but firmness on palpation", "未见明显结节，触之质硬")],
         [("Small crowded glands with nucleoli and no basal layer", "小腺泡密集，核仁明显，基底细胞消失"), ("Fused and poorly formed glands between benign acini", "融合及不完整腺体穿插于良性腺泡之间")], sex="M", graded="gleason"),
    Site("renal cell carcinoma", "renal", ("kidney", "肾"), True,
         [("upper pole", "上极"), ("lower pole", "下极"), ("mid portion", "中部")],
         [("radical nephrectomy", "根治性切除"), ("partial nephrectomy", "部分切除")],
         [("clear cell renal cell carcinoma", "透明细胞性肾细胞癌"), ("clear cell renal cell carcinoma", "肾透明细胞癌"), ("chromophobe renal cell carcinoma", "嫌色性肾细胞癌")],
         [("hilar", "肾门")],
         [("PAX8", "PAX8", "PAX-8", "+"), ("CAIX", "CAIX", "CAIX", "c"), ("CD10", "CD10", "CD10", "c"), ("CK7", "CK7", "CK7", "h"), ("CD117", "CD117", "CD117", "h"), ("VIMENTIN", "vimentin", "Vimentin", "c"), ("TFE3", "TFE3", "TFE3", "-"), KI],
         [("parenchymal margin", "肾实质切缘"), ("ureteral and vascular margins", "输尿管及血管断端")],
         [("a golden yellow nodule with bleeding", "金黄色结节，伴出血"), ("a well bordered mahogany mass", "界清的棕褐色肿块")],
         [("Nests of clear cells with a delicate vascular network", "透明细胞呈巢状，间质血管丰富"), ("Pale and eosinophilic cells with wrinkled nuclei", "胞质淡染及嗜酸，核皱缩")], graded="isup"),
    Site("cervical carcinoma", "cervical", ("cervix", "子宫颈"), False,
         [("anterior lip", "前唇"), ("posterior lip", "后唇"), ("endocervical canal", "宫颈管")],
         [("radical hysterectomy", "广泛全子宫切除"), ("radical hysterectomy with pelvic node dissection", "广泛全子宫切除及盆腔淋巴结清扫")],
         [("squamous cell carcinoma", "鳞状细胞癌"), ("non-keratinizing squamous cell carcinoma", "非角化型鳞状细胞癌"), ("endocervical adenocarcinoma", "宫颈腺癌")],
         [("right pelvic", "右盆腔"), ("left pelvic", "左盆腔"), ("left obturator", "左闭孔")],
         [("P16", "p16", "P16", "+"), ("P40", "p40", "P40", "s"), ("CK7", "CK7", "CK7", "a"), ("P63", "p63", "P63", "s"), KI],
         [("vaginal margin", "阴道断端"), ("vaginal and parametrial margins", "阴道及宫旁切缘")],
         [("an exophytic friable growth", "外生菜花样肿物"), ("an endophytic firm nodule", "内生型质硬结节")],
         [("Nests of squamous cells with little keratin", "鳞状细胞巢，角化少"), ("Irregular glands with mitoses near the lumen", "不规则腺体，近腔面见核分裂象")], sex="F"),
    Site("endometrial carcinoma", "endometrial", ("uterus", "子宫"), False,
         [("fundus", "宫底"), ("posterior wall", "后壁"), ("lower uterine segment", "子宫下段")],
         [("total hysterectomy with removal of both adnexa", "全子宫双附件切除"), ("hysterectomy with sentinel nodes", "全子宫切除及前哨淋巴结活检")],
         [("endometrioid adenocarcinoma", "子宫内膜样腺癌"), ("endometrioid carcinoma", "子宫内膜样癌"), ("serous carcinoma", "浆液性癌")],
         [("right pelvic", "右盆腔"), ("left pelvic", "左盆腔")],
         MMR + [("ER", "ER", "ER", "er"), ("PR", "PR", "PR", "er"), ("PTEN", "PTEN", "PTEN", "?"), ("P16", "p16", "P16", "?"), KI],
         [("paracervical margin", "宫颈切缘"), ("vaginal cuff", "阴道切缘")],
         [("a shaggy polypoid growth", "息肉样质脆肿物"), ("a diffusely thickened endometrium", "内膜弥漫增厚")],
         [("Back-to-back glands with squamous morules", "腺体背靠背，见鳞状分化"), ("Papillae with marked atypia", "乳头状结构，异型明显")], sex="F", graded="figo"),
]
