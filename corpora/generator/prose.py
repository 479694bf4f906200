"""Sentences around the findings: how a specimen came, was handled, and what else was seen. They state no finding of the gold."""

ARRIVAL_EN = ("Received in formalin, labelled with the patient's name and number. ", "The specimen is received fresh and is oriented with sutures. ", "One container is received; the requisition agrees with the label. ",
              "The specimen was opened and fixed overnight before sampling. ", "Outer surfaces are inked black and blue. ", "The container holds tissue and blood-stained fluid. ")
GROSS_EN = ("The remaining cut surface is unremarkable. ", "No further lesion is palpated. ", "The color varies from tan to pink-grey. ", "Photographs are taken. ", "The fat was cleared and searched for nodes. ",
            "Sections are taken at intervals of five millimeters. ", "A portion is kept for the tissue bank. ", "The tissue is soft, focally cystic, and contains old blood. ", "Slices are submitted from periphery to center. ")
MICRO_EN = ("The surrounding tissue shows mild chronic inflammation. ", "Deeper levels were examined. ", "Controls stain as expected. ", "Thick-walled vessels are seen at the edge. ", "Scattered lymphocytes and plasma cells are noted. ",
            "The stroma is edematous in places. ", "Focal hemorrhage is seen, probably due to the procedure. ", "The background epithelium shows reactive changes. ", "Hemosiderin-laden macrophages lie in the fibrous tissue. ")
CLINICAL_EN = ("The patient reports no fever and no night sweats. ", "Appetite is fair and weight is stable. ", "No allergies are known. ", "Lives with a spouse and walks without aid. ", "Never smoked; alcohol on weekends. ",
               "Lungs are clear and the abdomen is soft. ", "Takes metformin 500 mg twice daily. ", "The wound is dry. ", "Physiotherapy was begun on the first day. ", "Pain is controlled with acetaminophen 1 g as needed. ")
ARRIVAL_ZH = ("标本经10%中性福尔马林固定后送检。", "标本新鲜送达，按方位缝线标记。", "送检容器标签与申请单核对无误。", "标本已剖开，固定过夜后取材。", "外表面以墨汁标记。")
GROSS_ZH = ("余切面未见特殊。", "周围组织色泽灰黄，质软。", "局部可见陈旧性出血。", "已拍照留存。", "每隔5mm书页状切开。", "脂肪组织内仔细检寻结节。", "另留取少量组织入生物样本库。", "表面尚光滑，局灶附少许血凝块。")
MICRO_ZH = ("周围组织慢性炎细胞浸润。", "间质水肿，可见散在淋巴细胞。", "已行深切及连续切片观察。", "阳性及阴性对照染色良好。", "边缘可见厚壁血管。", "局灶出血，考虑与操作有关。", "背景上皮呈反应性改变。", "纤维组织中见含铁血黄素沉积。")
CLINICAL_ZH = ("病程中无发热、盗汗。", "精神可，食欲一般，二便如常。", "否认药物及食物过敏史。", "腹软，无压痛及反跳痛。", "双肺呼吸音清，未闻及干湿性啰音。", "无烟酒嗜好。", "口服二甲双胍0.5g每日两次。", "伤口敷料干燥，无渗出。", "疼痛评分2分，给予对症处理。", "已鼓励早期下床活动。")


def some(r, g, pool, most=3):
    """One to `most` sentences of a pool."""
    for sentence in g.sample(pool, g.between(1, most)):
        r.write(sentence)
