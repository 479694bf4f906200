//! Formats in: documents, tables, messages and archives read as their text; what is damaged, encrypted or of another kind is named.

use std::fs;
use std::io::Write;
use std::path::Path;

use serde_json::{Value, json};

use crate::program::{path, records, run};

const REPORT: &str = "DIAGNOSIS: Invented carcinoma of nowhere, secretword. pT2 N1.\nCEA: 12.4 ng/mL";

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        out.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(bytes).unwrap();
    }
    out.finish().unwrap().into_inner()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.as_gnu_mut().unwrap().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(bytes.len() as u64);
        header.set_mode(0o600);
        header.set_cksum();
        out.append(&header, *bytes).unwrap();
    }
    out.into_inner().unwrap()
}

fn docx(lines: &str) -> Vec<u8> {
    let body: String = lines.lines().map(|line| format!("<w:p><w:r><w:t xml:space=\"preserve\">{line}</w:t></w:r></w:p>")).collect();
    zip(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("word/document.xml", format!("<w:document xmlns:w=\"w\"><w:body>{body}</w:body></w:document>").as_bytes()),
        ("word/header1.xml", b"<w:hdr xmlns:w=\"w\"><w:p><w:r><w:t>Invented hospital</w:t></w:r></w:p></w:hdr>"),
        ("word/footnotes.xml", b"<w:footnotes xmlns:w=\"w\"><w:p><w:r><w:t>A note.</w:t></w:r></w:p></w:footnotes>"),
    ])
}

fn xlsx(rows: &str, merged: &str) -> Vec<u8> {
    let sheet = format!("<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{rows}</sheetData>{merged}</worksheet>");
    let book = "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"One\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>";
    let package = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>";
    let relations = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>";
    zip(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("_rels/.rels", package.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

fn row(number: usize, cells: &[&str]) -> String {
    let cells: String = cells
        .iter()
        .zip('A'..)
        .map(|(cell, column)| format!("<c r=\"{column}{number}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{cell}</t></is></c>"))
        .collect();
    format!("<row r=\"{number}\">{cells}</row>")
}

const HEAD: &str = "MSH|^~\\&|LIS|A|B|C|20260102||ORU^R01|1|P|2.5|||||||UNICODE UTF-8\rPID|1||P-7788^^^H||FAMILIA^GIVENNAME||19600203|F\r";

fn message(text: &str) -> String {
    format!(
        "{HEAD}OBR|1||S26-1|11526-1^Pathology study^LN|||20260101||||||||||||||||||C\rOBX|1|TX|11526-1^Pathology study^LN||{text}||||||F\r\
         OBX|2|NM|718-7^Hemoglobin^LN||8.4|g/dL|12-16|L|||F\rOBX|3|NM|X1^CEA^L||12.4|ng/mL|0-5|H|||F\r"
    )
}

fn extract(input: &Path, more: &[&str]) -> (i32, Vec<Value>, String) {
    let mut arguments = vec!["extract", path(input), "--with-text"];
    arguments.extend(more);
    let (code, stdout, stderr) = run(&arguments, b"");
    (code, records(&stdout), stderr)
}

fn text(record: &Value) -> &str {
    record["text"].as_str().unwrap()
}

#[test]
fn archives_within_archives_give_their_files_by_name_in_any_encoding() {
    let folder = tempfile::tempdir().unwrap();
    let chinese = "病理诊断：编造的癌，仅供测试之用。pT2N1M0。";
    let inner = gzip(&tar(&[("../../up.txt", REPORT.as_bytes()), ("deep/b.docx", &docx(REPORT)), ("rows.csv", b"id,text\nr1,pT3\nr2,x,y\nr3,pT1\n")]));
    let zstd = ruzstd::encoding::compress_to_vec(
        &b"{\"id\":\"z1\",\"text\":\"pT4\"}\n{\"id\":\"z2\",\"text\":\"pT1\"}\n"[..],
        ruzstd::encoding::CompressionLevel::Fastest,
    );
    let whole = zip(&[
        ("a.txt", REPORT.as_bytes()),
        ("中文.txt", &encoding_rs::GB18030.encode(chinese).0),
        ("big5.txt", &encoding_rs::BIG5.encode("病理診斷：編造的癌，僅供測試之用，邊緣乾淨，淋巴結未見轉移。").0),
        ("inner.tar.gz", &inner),
        ("lines.jsonl.zst", &zstd),
        ("__MACOSX/a.txt", b"litter"),
        ("page.html", b"<p>pT2</p><script>pT4</script>"),
    ]);
    let input = folder.path().join("all.zip");
    fs::write(&input, &whole).unwrap();
    let (code, found, stderr) = extract(&input, &[]);
    assert_eq!(code, 1, "{stderr}");
    let ids: Vec<&str> = found.iter().map(|record| record["id"].as_str().unwrap()).collect();
    assert_eq!(
        ids,
        [
            "all.zip/a.txt",
            "all.zip/中文.txt",
            "all.zip/big5.txt",
            "all.zip/inner.tar.gz/up.txt",
            "all.zip/inner.tar.gz/deep/b.docx",
            "r1",
            "r3",
            "z1",
            "z2",
            "all.zip/page.html"
        ]
    );
    assert_eq!((text(&found[1]), found[1]["encoding"].as_str(), found[2]["encoding"].as_str()), (chinese, Some("gb18030"), Some("big5")));
    assert_eq!(text(&found[9]), "pT2\n");
    assert!(stderr.contains("rows.csv:3") && stderr.contains("(malformed)"), "{stderr}");
    // The same from standard input.
    let (code, stdout, _) = run(&["extract"], &whole);
    assert_eq!((code, records(&stdout).len()), (1, ids.len()));
}

#[test]
fn bombs_and_endless_nesting_end_with_a_limit() {
    let folder = tempfile::tempdir().unwrap();
    let zeros = gzip(&vec![b'x'; 120_000_000]);
    let mut nested = zip(&[("x.txt", b"pT1")]);
    for _ in 0..8 {
        nested = zip(&[("n.zip", &nested), ("beside.txt", b"pT2")]);
    }
    fs::write(folder.path().join("a.jsonl.gz"), zeros).unwrap();
    fs::write(folder.path().join("b.zip"), nested).unwrap();
    fs::write(folder.path().join("c.txt"), REPORT).unwrap();
    let (code, found, stderr) = extract(folder.path(), &[]);
    assert_eq!((code, stderr.matches("(limit)").count()), (1, 2), "{stderr}");
    assert!(stderr.contains("unfolds to at most") && stderr.contains("deep"));
    assert_eq!(found.len(), 7, "what lies beside is read");
}

#[test]
fn bad_documents_are_named_and_the_rest_is_done() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("in");
    fs::create_dir(&input).unwrap();
    let whole = docx(REPORT);
    let compound =
        |inner: &str| [&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1][..], &inner.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>()].concat();
    let book = row(1, &["id", "text"]) + &row(2, &["m1", "pT1"]) + &row(3, &["m2", "pT2"]) + &row(4, &["m3", "pT3"]);
    let files: &[(&str, &[u8], &str)] = &[
        ("a-cut.docx", &whole[..whole.len() / 2], "damaged"),
        ("b-encrypted.docx", &compound("EncryptedPackage"), "encrypted"),
        ("c-old.doc", &compound("WordDocument"), "unsupported"),
        ("d-empty.docx", &docx(" "), ""),
        ("e-markup.docx", &zip(&[("word/document.xml", b"<w:document><w:p>")]), "damaged"),
        ("f-merged.xlsx", &xlsx(&book, "<mergeCells><mergeCell ref=\"A3:A4\"/></mergeCells>"), "malformed"),
        ("g-other.xlsx", &xlsx(&row(1, &["name", "value"]), ""), "malformed"),
        ("h-no.hl7", b"PID|1||x\r", "malformed"),
        ("i-adt.hl7", b"MSH|^~\\&|||||||ADT^A01|1|P|2.5\rPID|1\r", "unsupported"),
        ("j-r5.json", br#"{"resourceType":"DocumentReference","status":"current","modality":[],"content":[]}"#, "unsupported"),
        ("k-patient.json", br#"{"resourceType":"Patient"}"#, "unsupported"),
        ("l-cut.json", b"{\"resourceType\":\n\"Bun", "malformed"),
        ("m.rtf", b"{\\rtf1 secretword}", "unsupported"),
        ("n-cut.xml", b"<a><b>secretword</a>", "malformed"),
        ("o-no.zip", b"PK\x03\x04 this is none", "damaged"),
        ("p-cut.tar", &tar(&[("x.txt", &[b'a'; 4000])])[..2000], "damaged"),
        ("q.pdf", b"%PDF-1.4 damaged", ""),
        ("r-semicolon.csv", b"id;text\n1;pT1\n", "malformed"),
        ("s-good.txt", REPORT.as_bytes(), ""),
    ];
    for (name, bytes, _) in files {
        fs::write(input.join(name), bytes).unwrap();
    }
    let out = folder.path().join("out");
    let (code, _, stderr) = run(&["batch", path(&input), "-o", path(&out)], b"");
    assert_eq!(code, 1, "{stderr}");
    let failures = fs::read_to_string(out.join("failures.jsonl")).unwrap();
    assert!(!failures.contains("secretword") && !stderr.contains("secretword"));
    let failures: Vec<Value> = records(&failures);
    for (name, _, kind) in files.iter().filter(|(_, _, kind)| !kind.is_empty()) {
        let own: Vec<&Value> = failures.iter().filter(|failure| failure["id"].as_str().unwrap().starts_with(name)).collect();
        assert!(!own.is_empty() && own.iter().all(|failure| failure["kind"] == *kind), "{name}: {own:?}");
    }
    let reports = records(&fs::read_to_string(out.join("reports.jsonl")).unwrap());
    let ids: Vec<&str> = reports.iter().map(|record| record["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["d-empty.docx", "m1", "s-good.txt"]);
}

#[test]
fn a_document_and_a_sheet_read_as_their_text() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.docx"), docx(REPORT)).unwrap();
    let rows = row(1, &["nr", "body", "sex"])
        + &row(2, &["s1", REPORT, "F"])
        + "<row r=\"3\"><c r=\"A3\"><v>7</v></c><c r=\"B3\" t=\"inlineStr\"><is><t>pT3</t></is></c></row>";
    fs::write(folder.path().join("b.xlsx"), xlsx(&rows, "")).unwrap();
    let (code, found, stderr) = extract(folder.path(), &["--id", "nr", "--text", "body"]);
    assert_eq!(code, 0, "{stderr}");
    assert_eq!(text(&found[0]).lines().count(), 4, "header, two lines, note");
    let stated = |record: &Value| (record["findings"].as_array().unwrap().len(), record["labs"][0]["value"].as_f64());
    assert_eq!(stated(&found[0]), stated(&found[1]));
    assert_eq!((found[1]["id"].as_str(), found[1]["meta"]["sex"].as_str(), found[2]["id"].as_str()), (Some("s1"), Some("female"), Some("7")));
}

#[test]
fn messages_keep_patient_status_and_results_and_lose_the_name_in_the_text() {
    let folder = tempfile::tempdir().unwrap();
    let told = "DIAGNOSIS: pT2 N1. Seen: Givenname Familia, P-7788, S26-1.";
    // A batch, segment ends of three kinds, and a continuation line without a segment name.
    let batch = format!(
        "FHS|^~\\&\rBHS|^~\\&\r{}{}{}BTS|3\rFTS|1\r",
        message(told),
        message(told).replace('\r', "\n"),
        message("pT3\r\n further line").replace('\r', "\r\n")
    );
    fs::write(folder.path().join("a.hl7"), batch).unwrap();
    fs::write(folder.path().join("b.hl7"), encoding_rs::GB18030.encode(&message("病理诊断：编造的癌。").replace("UNICODE UTF-8", "GB 18030-2000")).0).unwrap();
    let (code, found, stderr) = extract(folder.path(), &[]);
    assert_eq!((code, found.len()), (0, 4), "{stderr}");
    for record in &found {
        assert_eq!(
            (record["meta"]["status"].as_str(), record["meta"]["sex"].as_str(), record["meta"]["age_years"].as_f64()),
            (Some("amended"), Some("female"), Some(65.0))
        );
        let labs: Vec<(&str, f64, &str, &str)> = record["labs"]
            .as_array()
            .unwrap()
            .iter()
            .map(|lab| (lab["analyte"].as_str().unwrap(), lab["value"].as_f64().unwrap(), lab["origin"].as_str().unwrap(), lab["flag"].as_str().unwrap()))
            .collect();
        assert_eq!(labs, [("hgb", 8.4, "message", "low"), ("cea", 12.4, "message", "high")]);
    }
    let written = serde_json::to_string(&found).unwrap();
    for identifier in ["Givenname", "Familia", "GIVENNAME", "P-7788", "S26-1"] {
        assert!(!written.contains(identifier), "{identifier}");
    }
    assert!(text(&found[2]).contains("further line"));
    assert_eq!((found[3]["id"].as_str(), found[3]["encoding"].as_str(), found[3]["language"].as_str()), (Some("b.hl7"), Some("gb18030"), Some("zh")));
}

#[test]
fn what_is_written_as_fhir_reads_back() {
    let (_, bundle, _) = run(&["extract", "--format", "fhir", "--with-text"], REPORT.as_bytes());
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("b.json");
    let pretty: Value = serde_json::from_str(&bundle).unwrap();
    fs::write(&input, serde_json::to_string_pretty(&pretty).unwrap()).unwrap();
    let (code, found, stderr) = extract(&input, &[]);
    assert_eq!((code, found.len()), (0, 1), "{stderr}");
    assert!(text(&found[0]).starts_with(REPORT));
    let (_, plain, _) = run(&["extract"], REPORT.as_bytes());
    let plain = &records(&plain)[0];
    assert_eq!(found[0]["summary"]["t"], plain["summary"]["t"]);
    let resource = json!({"resourceType": "DocumentReference", "id": "d1", "status": "current", "docStatus": "preliminary",
        "content": [{"attachment": {"contentType": "text/html", "data": "PHA+cFQyPC9wPg=="}}]});
    let (code, stdout, _) = run(&["extract", "--with-text"], resource.to_string().as_bytes());
    let record = &records(&stdout)[0];
    assert_eq!((code, record["id"].as_str(), text(record), record["meta"]["status"].as_str()), (0, Some("d1"), "pT2\n", Some("preliminary")));
}

#[test]
fn a_text_taken_out_of_a_document_is_written_as_a_text() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("in");
    fs::create_dir(&input).unwrap();
    fs::write(input.join("a.docx"), docx(REPORT)).unwrap();
    fs::write(input.join("b.txt.gz"), gzip(REPORT.as_bytes())).unwrap();
    let out = folder.path().join("out");
    fs::create_dir(&out).unwrap();
    assert_eq!(run(&["deid", path(&input), "-o", path(&out)], b"").0, 0);
    assert!(fs::read_to_string(out.join("a.docx.txt")).unwrap().contains("pT2 N1"));
    assert!(fs::read_to_string(out.join("b.txt.gz.txt")).unwrap().contains("pT2 N1"));
}

#[test]
fn damaged_bytes_never_bring_a_reader_down() {
    use proptest::prelude::*;
    use proptest::test_runner::{Config, TestRunner};
    let bundle =
        json!({"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "DiagnosticReport", "status": "final", "conclusion": "pT2"}}]}).to_string();
    let samples: Vec<(&str, Vec<u8>)> = vec![
        ("a.docx", docx(REPORT)),
        ("a.xlsx", xlsx(&(row(1, &["id", "text"]) + &row(2, &["1", "pT1"])), "")),
        ("a.zip", zip(&[("x.txt", b"pT1"), ("y.json", bundle.as_bytes())])),
        ("a.tar.gz", gzip(&tar(&[("x.txt", b"pT1")]))),
        ("a.tar", tar(&[("x.txt", b"pT1")])),
        ("a.hl7", message("pT2").into_bytes()),
        ("a.json", bundle.into_bytes()),
        ("a.html", b"<table><tr><td>pT2<td style='display:none'>x</table>".to_vec()),
        ("a.xml", b"<?xml version='1.0' encoding='GBK'?><a><b>pT2 &amp; &#x41;</b><![CDATA[x]]></a>".to_vec()),
        ("a.jsonl.zst", ruzstd::encoding::compress_to_vec(&b"{\"text\":\"pT4\"}"[..], ruzstd::encoding::CompressionLevel::Fastest)),
    ];
    let folder = tempfile::tempdir().unwrap();
    let mut runner = TestRunner::new(Config { cases: 300, failure_persistence: None, ..Config::default() });
    let damage = proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0u8..4), 1..6);
    runner
        .run(&(0..samples.len(), damage), |(which, damage)| {
            let (name, bytes) = &samples[which];
            let mut bytes = bytes.clone();
            for (index, byte, how) in damage {
                let at = index.index(bytes.len().max(1));
                match how {
                    0 => bytes.truncate(at),
                    1 => bytes.insert(at.min(bytes.len()), byte),
                    _ => {
                        if let Some(own) = bytes.get_mut(at) {
                            *own = byte;
                        }
                    }
                }
            }
            let file = folder.path().join(name);
            fs::write(&file, &bytes).unwrap();
            let inputs =
                bingli::read::Inputs { paths: vec![file], format: None, encoding: None, fields: bingli::read::Fields::default(), max_report_bytes: 100_000 };
            let parser = bingli::read::parse::Parser::new(inputs.fields.clone(), None).with_limit(inputs.max_report_bytes);
            let mut pieces = 0;
            for piece in inputs.open() {
                pieces += 1;
                prop_assert!(pieces < 10_000, "a reader that never ends");
                if let Ok(raw) = piece {
                    parser.parse(raw);
                }
            }
            prop_assert!(pieces > 0 || *name == "a.xlsx" || bytes.iter().all(u8::is_ascii_whitespace) || !name.ends_with(".hl7"));
            Ok(())
        })
        .unwrap();
}
