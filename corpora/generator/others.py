"""The two labels without TNM: lymphoma and benign. Same pairs (English, Chinese) as sites.py."""

LYMPHOMA = {
    "places": [("lymph node, right neck", "右颈部淋巴结"), ("lymph node, left axilla", "左腋窝淋巴结"), ("lymph node, groin", "腹股沟淋巴结"), ("tonsil", "扁桃体"), ("mediastinal mass", "纵隔肿物")],
    "kinds": [
        (("diffuse large B-cell lymphoma", "弥漫大B细胞淋巴瘤"), [("CD20", "+"), ("CD79A", "+"), ("CD3", "-"), ("CD10", "?"), ("BCL6", "?"), ("MUM1", "?"), ("BCL2", "?"), ("CYCLIN D1", "-")], (60, 95)),
        (("follicular lymphoma", "滤泡性淋巴瘤"), [("CD20", "+"), ("CD10", "+"), ("BCL2", "+"), ("BCL6", "+"), ("CD5", "-"), ("CD23", "?"), ("CYCLIN D1", "-")], (10, 35)),
        (("mantle cell lymphoma", "套细胞淋巴瘤"), [("CD20", "+"), ("CD5", "+"), ("CYCLIN D1", "+"), ("SOX11", "+"), ("CD10", "-"), ("CD23", "-")], (15, 50)),
        (("classic Hodgkin lymphoma", "经典型霍奇金淋巴瘤"), [("CD30", "+"), ("CD15", "+"), ("PAX5", "+"), ("CD20", "-"), ("CD3", "-"), ("CD45", "-")], (40, 80)),
        (("peripheral T-cell lymphoma", "外周T细胞淋巴瘤"), [("CD3", "+"), ("CD4", "+"), ("CD8", "?"), ("CD20", "-"), ("CD30", "?"), ("CD5", "?")], (35, 75)),
    ],
    "gross": [("a rubbery node with homogeneous fish-flesh cut surface", "质韧结节，切面灰白均质如鱼肉"), ("several matted nodes, tan and soft", "数枚融合淋巴结，灰粉质软")],
    "micro": [("The normal architecture is effaced by a diffuse lymphoid infiltrate", "正常结构消失，淋巴样细胞弥漫浸润"), ("Nodular growth of atypical lymphoid cells", "异型淋巴样细胞呈结节状增生")],
}

# (site, diagnosis, procedure, gross, micro), each a pair; sex where it matters
BENIGN = [
    (("colon", "结肠"), ("Tubular adenoma with low grade dysplasia", "管状腺瘤，低级别上皮内瘤变"), ("polypectomy", "息肉切除"), ("a sessile polyp", "广基息肉"), ("Crowded tubules lined by pencil-shaped nuclei", "腺管密集，核呈笔杆状"), ""),
    (("stomach", "胃"), ("Chronic gastritis with intestinal metaplasia", "慢性萎缩性胃炎伴肠上皮化生"), ("biopsy", "活检"), ("fragments of pale mucosa", "灰白黏膜组织数粒"), ("Lymphocytes and plasma cells fill the lamina propria", "固有层较多淋巴细胞、浆细胞浸润"), ""),
    (("breast", "乳腺"), ("Fibroadenoma", "纤维腺瘤"), ("excision", "肿物切除"), ("a rubbery lobulated nodule", "分叶状质韧结节"), ("Compressed ducts in a loose stroma", "受压导管，间质疏松"), "F"),
    (("thyroid", "甲状腺"), ("Nodular goiter", "结节性甲状腺肿"), ("lobectomy", "腺叶切除"), ("colloid nodules of varied size", "大小不等的胶样结节"), ("Dilated follicles with flat epithelium", "滤泡扩张，上皮扁平"), ""),
    (("uterus", "子宫"), ("Leiomyomas; secretory endometrium", "子宫平滑肌瘤；分泌期子宫内膜"), ("hysterectomy", "全子宫切除"), ("whorled white intramural nodules", "肌壁间编织状灰白结节"), ("Bundles of bland spindle cells", "梭形细胞束状排列，无异型"), "F"),
    (("prostate", "前列腺"), ("Benign prostatic hyperplasia with chronic inflammation", "前列腺增生伴慢性炎"), ("transurethral resection", "电切"), ("grey-tan chips", "灰黄组织碎块"), ("Glandular and stromal nodules with a preserved basal layer", "腺体及间质结节状增生，基底细胞完整"), "M"),
    (("lung", "肺"), ("Hamartoma", "错构瘤"), ("wedge resection", "楔形切除"), ("a lobulated cartilaginous nodule", "分叶状软骨样结节"), ("Mature cartilage, fat and clefts of respiratory epithelium", "成熟软骨、脂肪及裂隙状呼吸上皮"), ""),
    (("gallbladder", "胆囊"), ("Chronic cholecystitis with cholelithiasis", "慢性胆囊炎伴胆囊结石"), ("cholecystectomy", "胆囊切除"), ("a thickened wall and several stones", "囊壁增厚，内见结石数枚"), ("Fibrosis and Rokitansky sinuses", "纤维组织增生，见罗-阿窦"), ""),
    (("liver", "肝"), ("Cavernous hemangioma", "海绵状血管瘤"), ("resection", "部分切除"), ("a spongy red area", "暗红海绵状区"), ("Dilated blood spaces with a flat lining", "扩张血窦，被覆扁平内皮"), ""),
    (("cervix", "宫颈"), ("Chronic cervicitis with squamous metaplasia", "慢性宫颈炎伴鳞状化生"), ("biopsy", "活检"), ("small mucosal fragments", "黏膜组织数块"), ("Metaplastic squamous epithelium without atypia", "鳞状化生上皮，无异型"), "F"),
]
