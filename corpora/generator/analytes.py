"""Analytes that the generator prints: id, English and Chinese names, units with reference interval and decimals, and how far values stray.

Intervals are adult ones in everyday use, rounded; they serve plausible numbers, not flagging. Spread: n narrow, l narrow above but not below, m middle, w wide.
"""

TABLE = """
hgb|Hemoglobin/Hb/Hgb/HGB|血红蛋白/HGB/Hb|g/dL 12.0~16.0 1|g/L 115~150 0|l
rbc|RBC/Red blood cells|红细胞/红细胞计数/RBC|10^6/uL 3.9~5.2 2|10^12/L 3.8~5.1 2|l
hct|Hct/Hematocrit|红细胞压积/HCT|% 36~46 1|% 35~45 1|l
mcv|MCV|平均红细胞体积/MCV|fL 82~100 1|fL 82~100 1|n
wbc|WBC/White blood cells|白细胞/白细胞计数/WBC|10^3/uL 4.0~10.5 1|10^9/L 3.5~9.5 2|m
neut_abs|ANC|中性粒细胞绝对值/NEUT#|10^3/uL 1.8~7.0 2|10^9/L 1.8~6.3 2|m
neut_pct|NEUT%|中性粒细胞百分比/NEUT%|% 40~75 1|% 40~75 1|n
lymph_abs|LYMPH#|淋巴细胞绝对值/LYMPH#|10^3/uL 1.1~3.2 2|10^9/L 1.1~3.2 2|m
mono_pct|MONO%|单核细胞百分比/MONO%|% 3~10 1|% 3~10 1|m
plt|PLT/Platelets/Platelet count|血小板/血小板计数/PLT|10^3/uL 150~400 0|10^9/L 125~350 0|m
crp|CRP/C-reactive protein|C反应蛋白/CRP|mg/L ~8 1|mg/L ~8 1|w
procal|Procalcitonin|降钙素原|ng/mL ~0.05 3|ng/mL ~0.05 3|w
esr|ESR|血沉/ESR|mm/h ~20 0|mm/h ~20 0|m
alt|ALT|谷丙转氨酶/丙氨酸氨基转移酶/ALT|U/L 7~40 0|U/L 7~40 0|m
ast|AST|谷草转氨酶/天门冬氨酸氨基转移酶/AST|U/L 13~35 0|U/L 13~35 0|m
alp|ALP/Alkaline phosphatase|碱性磷酸酶/ALP|U/L 45~125 0|U/L 45~125 0|m
ggt|GGT|谷氨酰转肽酶/GGT|U/L 7~45 0|U/L 7~45 0|m
tbil|Total bilirubin|总胆红素/TBIL|mg/dL ~1.2 1|μmol/L ~21 1|m
dbil|Direct bilirubin|直接胆红素/DBIL|mg/dL ~0.4 2|μmol/L ~8 1|m
tp|Total protein|总蛋白/TP|g/dL 6.5~8.5 1|g/L 65~85 1|l
alb|Albumin|白蛋白/ALB|g/dL 3.5~5.0 1|g/L 40~55 1|l
ldh|LDH/Lactate dehydrogenase|乳酸脱氢酶/LDH|U/L 120~250 0|U/L 120~250 0|m
creat|Creatinine/Cr|肌酐/血肌酐|mg/dL 0.6~1.2 2|μmol/L 41~97 0|m
urea|Urea|尿素|mg/dL 15~45 0|mmol/L 2.6~7.5 2|m
bun|BUN|尿素氮/BUN|mg/dL 7~20 0|mmol/L 2.9~8.2 2|m
uric|Uric acid|尿酸|mg/dL 2.6~7.2 1|μmol/L 155~428 0|n
egfr|eGFR|eGFR|mL/min/1.73m2 90~ 0|mL/min/1.73m2 90~ 0|n
b2mg|Beta-2 microglobulin|β2-微球蛋白|mg/L 1.0~3.0 2|mg/L 1.0~3.0 2|m
k|Potassium|钾/血钾|mmol/L 3.5~5.3 1|mmol/L 3.5~5.3 2|n
na|Sodium|钠/血钠|mmol/L 137~147 0|mmol/L 137~147 1|n
cl|Chloride|氯/血氯|mmol/L 99~110 0|mmol/L 99~110 1|n
ca|Calcium|血钙|mg/dL 8.5~10.2 1|mmol/L 2.11~2.52 2|n
phos|Phosphate|血磷/无机磷|mg/dL 2.6~4.7 1|mmol/L 0.85~1.51 2|n
glu|Glucose|葡萄糖/血糖/空腹血糖|mg/dL 70~100 0|mmol/L 3.9~6.1 2|m
hba1c|HbA1c|糖化血红蛋白|% 4.0~6.0 1|% 4.0~6.0 1|m
tc|Total cholesterol|总胆固醇|mg/dL ~200 0|mmol/L ~5.18 2|n
tg|Triglycerides|甘油三酯|mg/dL ~150 0|mmol/L ~1.70 2|m
inr|INR|国际标准化比值/INR| 0.8~1.2 2| 0.8~1.2 2|m
pt|Prothrombin time|凝血酶原时间|s 11~14 1|s 11~14 1|n
aptt|APTT|活化部分凝血活酶时间/APTT|s 25~37 1|s 25~37 1|n
fib|Fibrinogen|纤维蛋白原|mg/dL 200~400 0|g/L 2.0~4.0 2|l
ddimer|D-dimer|D-二聚体|mg/L ~0.5 2|mg/L ~0.5 2|w
ferritin|Ferritin|铁蛋白|ng/mL 13~150 0|ng/mL 13~150 1|m
tsh|TSH|促甲状腺激素/TSH|mIU/L 0.27~4.20 2|mIU/L 0.27~4.20 2|m
ft4|Free T4/FT4|游离甲状腺素/FT4|pmol/L 12~22 1|pmol/L 12~22 2|n
cea|CEA|癌胚抗原/CEA|ng/mL ~5 1|ng/mL ~5 2|w
afp|AFP|甲胎蛋白/AFP|ng/mL ~7 1|ng/mL ~7 2|w
ca199|CA 19-9/CA19-9|CA199/CA19-9/糖类抗原199|U/mL ~37 1|U/mL ~37 2|w
ca125|CA 125/CA-125|CA125/糖类抗原125|U/mL ~35 1|U/mL ~35 2|w
ca153|CA 15-3|CA153/CA15-3|U/mL ~25 1|U/mL ~25 2|w
ca724|CA 72-4|CA724/CA72-4|U/mL ~6.9 1|U/mL ~6.9 2|w
cyfra|CYFRA 21-1|CYFRA21-1|ng/mL ~3.3 2|ng/mL ~3.3 2|w
nse|NSE|神经元特异性烯醇化酶/NSE|ng/mL ~16.3 1|ng/mL ~16.3 2|m
scc|SCC antigen|鳞状细胞癌抗原/SCCA|ng/mL ~1.5 1|ng/mL ~1.5 2|w
tpsa|PSA|总PSA/TPSA|ng/mL ~4 2|ng/mL ~4 2|w
fpsa|Free PSA|游离PSA/FPSA|ng/mL ~1.0 2|ng/mL ~1.0 2|m
pivka|PIVKA-II|PIVKA-II/异常凝血酶原|mAU/mL ~40 0|mAU/mL ~40 0|w
he4|HE4|HE4/人附睾蛋白4|pmol/L ~140 0|pmol/L ~140 1|m
"""

# qualitative results: id, English names, Chinese names
WORDS = [("hbsag", ("HBsAg",), ("HBsAg", "乙肝表面抗原")), ("hcvab", ("anti-HCV", "Hepatitis C antibody"), ("丙肝抗体", "HCV-Ab")), ("hiv", ("HIV antibody",), ("HIV抗体",)),
         ("tpab", ("TPPA",), ("梅毒螺旋体抗体",)), ("u_pro", ("Urine protein",), ("尿蛋白",)), ("u_bld", ("Urine blood",), ("尿潜血",)), ("u_glu", ("Urine glucose",), ("尿糖",))]

PANELS = {"": ("hgb", "rbc", "hct", "mcv", "wbc", "neut_abs", "neut_pct", "lymph_abs", "mono_pct", "plt", "crp", "alt", "ast", "alp", "ggt", "tbil", "dbil", "tp", "alb", "ldh", "creat", "urea", "bun",
               "uric", "egfr", "k", "na", "cl", "ca", "phos", "glu", "hba1c", "tc", "tg", "inr", "pt", "aptt", "fib", "ddimer", "esr", "procal", "ferritin"),
          "colorectal": ("cea", "ca199"), "gastric": ("cea", "ca724", "ca199"), "breast": ("ca153", "cea"), "lung": ("cyfra", "nse", "scc", "cea"), "hepatocellular": ("afp", "pivka"),
          "thyroid": ("tsh", "ft4"), "prostate": ("tpsa", "fpsa"), "renal": ("creat", "ldh"), "cervical": ("scc",), "endometrial": ("ca125", "he4"), "lymphoma": ("ldh", "b2mg"), "benign": ()}


def number(word):
    return float(word) if word else None


class Analyte:
    def __init__(self, line):
        self.id, english, chinese, unit_en, unit_zh, self.spread = line.split("|")
        self.names = {"en": tuple(english.split("/")), "zh": tuple(chinese.split("/"))}
        if self.id == "ag":
            raise ValueError("a name with a stroke needs another separator")
        self.units = {}
        for lang, spec in (("en", unit_en), ("zh", unit_zh)):
            unit, interval, decimals = spec.rsplit(" ", 2)
            low, high = interval.split("~")
            self.units[lang] = (unit, low, high, number(low), number(high), int(decimals))


ANALYTES = {a.id: a for a in (Analyte(line) for line in TABLE.strip().split("\n"))}
