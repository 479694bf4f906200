//! Identifiers in what the program gives out: modes, structured fields, keys, bad input, clinical content that survives.

use std::fs;

use crate::program::{path, records, run};

/// The text of `deid` for a text.
fn cleaned(text: &str) -> String {
    let (code, out, err) = run(&["deid", "--deid", "tag"], text.as_bytes());
    assert_eq!(code, 0, "{err}");
    out
}

fn key(folder: &std::path::Path, mode: u32) -> std::path::PathBuf {
    let file = folder.join("key");
    fs::write(&file, "an invented key of some length").unwrap();
    #[cfg(unix)]
    fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
    file
}

#[test]
fn every_kind_goes_and_the_findings_stay() {
    let text = "姓名：欧阳明轩  性别：男  年龄：93岁  住院号：００１２３４５  床号：12床\n送检医生：李青松   电话：138 0000 1234\n\
        身份证号：11010519491231002X，微信号：ming_xuan01，邮箱：a.b@example.org\n胃窦腺癌，pT3N1aM0，CEA 3.4ng/ml，CA199 37U/ml，Ki-67(30%+)，CD117(+)，蜡块A1、B2-B5，2013年诊断，Lauren分型肠型，淋巴结2/15。\n";
    let out = cleaned(text);
    for gone in ["欧阳", "明轩", "93", "００１２３４５", "12床", "李青松", "1234，", "138", "11010519491231002X", "ming_xuan", "a.b@"] {
        assert!(!out.contains(gone), "{gone} is left in {out}");
    }
    for stays in ["pT3N1aM0", "CEA 3.4ng/ml", "CA199 37U/ml", "Ki-67(30%+)", "CD117(+)", "A1、B2-B5", "2013年", "Lauren", "2/15", "性别：男"] {
        assert!(out.contains(stays), "{stays} is gone from {out}");
    }
}

#[test]
fn english_kinds_go_and_eponyms_stay() {
    let text = "Patient: Rowan T. Ashdown  MRN: QX-556677  DOB: 4/12/1931\nSeen by Dr. Petra Vellacott at Lakemoor Medical Center on March 3rd, 2014; call (212) 555-0147.\n\
        Hodgkin lymphoma excluded. Gleason 3+4=7, Barrett mucosa, Paget disease, Dukes B, Ki-67 20%, blocks A1-A4, BRCA1, S100, 3/12 nodes, diagnosed in 2011.\n";
    let out = cleaned(text);
    for gone in ["Ashdown", "QX-556677", "1931", "Vellacott", "Lakemoor", "March", "555-0147"] {
        assert!(!out.contains(gone), "{gone} is left in {out}");
    }
    for stays in ["Hodgkin", "Gleason 3+4=7", "Barrett", "Paget", "Dukes B", "Ki-67 20%", "A1-A4", "BRCA1", "S100", "3/12", "2011"] {
        assert!(out.contains(stays), "{stays} is gone from {out}");
    }
}

#[test]
fn overlapping_and_broken_identifiers_are_one() {
    let out = cleaned("住址：浙江省云山市清河路12号，电话 0571-\n88001234，身份证 110105194912\n31002X。\nSeen 2014-03-\n05 by Dr. Rowan\nHarrison.");
    for gone in ["清河路", "88001234", "110105", "31002X", "03-", "Harrison"] {
        assert!(!out.contains(gone), "{gone} is left in {out}");
    }
}

#[test]
fn records_carry_redactions_that_fit_the_original() {
    let text = "姓名：某甲乙，于2014-03-05入院。";
    let input = serde_json::json!({ "id": "1", "text": text, "ward": "x" }).to_string();
    let (code, out, _) = run(&["deid", "--deid", "mask", "--input-format", "jsonl"], input.as_bytes());
    assert_eq!(code, 0);
    let record = &records(&out)[0];
    assert_eq!(record.as_object().unwrap().keys().collect::<Vec<_>>(), ["id", "redactions", "text"]);
    let masked: Vec<char> = record["text"].as_str().unwrap().chars().collect();
    assert_eq!(masked.len(), text.chars().count(), "mask keeps the length");
    for redaction in record["redactions"].as_array().unwrap() {
        let (start, end) = (redaction["original_start"].as_u64().unwrap() as usize, redaction["original_end"].as_u64().unwrap() as usize);
        assert!(masked[start..end].iter().all(|c| *c == '*'));
    }
    let (_, out, _) = run(&["deid", "--keep", "ward", "--input-format", "jsonl"], input.as_bytes());
    assert_eq!(records(&out)[0]["ward"], "x");
}

#[test]
fn a_structured_field_goes_wherever_the_text_repeats_it() {
    let input =
        serde_json::json!({ "id": "1", "patient_name": "Ashdown Rowan", "accession": "QQ77", "text": "The QQ77 sections of ashdown were seen." }).to_string();
    let (_, out, _) = run(&["deid", "--input-format", "jsonl"], input.as_bytes());
    let text = records(&out)[0]["text"].as_str().unwrap().to_string();
    assert!(!text.contains("QQ77") && !text.contains("ashdown"), "{text}");
    let (_, out, _) = run(&["extract", "--with-text", "--input-format", "jsonl"], input.as_bytes());
    assert!(!out.contains("QQ77") && !out.contains("ashdown"), "{out}");
}

#[cfg(unix)]
#[test]
fn surrogates_are_consistent_and_keep_intervals() {
    let folder = tempfile::tempdir().unwrap();
    let key = key(folder.path(), 0o600);
    let input = serde_json::json!({ "id": "1", "text": "Dr. Rowan Ashdown saw her on 2014-03-05 and 2014-03-15. Dr. Rowan Ashdown signed." }).to_string();
    let arguments = ["deid", "--deid", "surrogate", "--key", path(&key), "--input-format", "jsonl"];
    let (code, out, err) = run(&arguments, input.as_bytes());
    assert_eq!(code, 0, "{err}");
    let record = &records(&out)[0];
    let with: Vec<&str> = record["redactions"].as_array().unwrap().iter().map(|redaction| redaction["replacement"].as_str().unwrap()).collect();
    assert_eq!(with.len(), 4, "{record}");
    assert_eq!(with[0], with[3], "one name, one stand-in");
    let day = |text: &str| text.parse::<jiff::civil::Date>().unwrap();
    assert_eq!(day(with[1]).until(day(with[2])).unwrap().get_days(), 10);
    assert!(!out.contains("Ashdown") && !out.contains("2014-03-05"));
    assert_eq!(run(&arguments, input.as_bytes()).1, out, "the same key gives the same text");
}

#[cfg(unix)]
#[test]
fn a_key_that_others_can_read_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let open = key(folder.path(), 0o644);
    let output = folder.path().join("out.txt");
    let (code, out, err) = run(&["deid", "--deid", "surrogate", "--key", path(&open), "-o", path(&output)], b"Dr. Rowan Ashdown");
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("only its owner can read"), "{err}");
    assert!(!output.exists());
    let (code, ..) = run(&["deid", "--deid", "surrogate"], b"x");
    assert_eq!(code, 2, "surrogates need a key");
}

#[cfg(unix)]
#[test]
fn ids_are_hashed_and_files_are_the_owners() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let key = key(folder.path(), 0o600);
    let output = folder.path().join("out.jsonl");
    let audit = folder.path().join("audit.jsonl");
    let input = serde_json::json!({ "id": "Ashdown-1", "text": "MRN 556677 seen." }).to_string();
    let (code, _, err) = run(&["deid", "--hash-ids", path(&key), "--input-format", "jsonl", "-o", path(&output), "--audit", path(&audit)], input.as_bytes());
    assert_eq!(code, 0, "{err}");
    let text = fs::read_to_string(&output).unwrap();
    assert!(!text.contains("Ashdown"), "{text}");
    assert_eq!(fs::metadata(&output).unwrap().permissions().mode() & 0o777, 0o600);
    let (_, extracted, _) = run(&["extract", "--hash-ids", path(&key), "--input-format", "jsonl"], input.as_bytes());
    assert!(!extracted.contains("Ashdown"), "{extracted}");
    let audit = fs::read_to_string(&audit).unwrap();
    assert!(audit.contains("\"medical-record\":1") && !audit.contains("556677") && !audit.contains("Ashdown"), "{audit}");
}

#[test]
fn generalised_dates_are_years_and_ages_are_bands() {
    let (_, out, _) = run(&["deid", "--deid", "generalise"], "A 63-year-old and a 93-year-old, seen 2014-03-05.".as_bytes());
    assert_eq!(out, "A 60-64-year-old and a 90+-year-old, seen 2014.");
}

#[test]
fn what_is_left_is_named_by_kind_and_place_only() {
    let (code, out, _) = run(&["deid", "--check"], "MRN: 556677".as_bytes());
    assert_eq!(code, 1);
    assert!(out.contains("medical-record") && out.contains("\"start\":5") && !out.contains("556677"), "{out}");
    let (code, out, _) = run(&["deid", "--check"], cleaned("MRN: 556677").as_bytes());
    assert_eq!((code, out.as_str()), (0, ""));
}

#[test]
fn masking_changes_no_finding() {
    let text = "姓名：某甲乙，2014-03-05 血红蛋白 84g/L，胃窦腺癌，pT3N1M0，淋巴结2/15。";
    let strip = |out: &str| {
        let mut record = records(out).remove(0);
        for list in ["labs", "findings"] {
            for item in record[list].as_array_mut().unwrap() {
                item.as_object_mut().unwrap().retain(|key, _| key != "text" && key != "cues");
            }
        }
        (record["labs"].clone(), record["findings"].clone())
    };
    assert_eq!(strip(&run(&["extract"], text.as_bytes()).1), strip(&run(&["extract", "--deid", "off"], text.as_bytes()).1));
}

#[test]
fn a_mapping_is_never_written_in_the_clear() {
    let folder = tempfile::tempdir().unwrap();
    let vault = folder.path().join("vault");
    let (code, ..) = run(&["deid", "--vault", path(&vault)], b"MRN: 556677");
    assert_eq!(code, 2);
    let (code, out, _) = run(&["deid", "--vault", path(&vault), "--encrypt-to", "no recipient"], b"MRN: 556677");
    assert_eq!(code, 2);
    assert!(!vault.exists() && !out.contains("556677"));
}

#[cfg(all(unix, feature = "encrypt"))]
#[test]
fn a_vault_opens_with_its_identity_and_with_no_other() {
    use age::secrecy::ExposeSecret;
    let folder = tempfile::tempdir().unwrap();
    let identity = |name: &str| {
        let identity = age::x25519::Identity::generate();
        let file = folder.path().join(name);
        fs::write(&file, identity.to_string().expose_secret()).unwrap();
        fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        (identity.to_public().to_string(), file)
    };
    let ((recipient, right), (_, wrong)) = (identity("right"), identity("wrong"));
    let (vault, out) = (folder.path().join("vault"), folder.path().join("out"));
    let (code, _, err) = run(&["deid", "--vault", path(&vault), "--encrypt-to", &recipient], b"MRN: 556677");
    assert_eq!(code, 0, "{err}");
    assert!(!fs::read(&vault).unwrap().windows(6).any(|part| part == b"556677"));
    let (code, text, _) = run(&["deid", "--open-vault", path(&vault), "--identity", path(&wrong), "-o", path(&out)], b"");
    assert_eq!((code, text.as_str(), out.exists()), (2, "", false));
    let (code, text, _) = run(&["deid", "--open-vault", path(&vault), "--identity", path(&right)], b"");
    assert_eq!(code, 0);
    assert!(text.contains("556677"));
}

#[cfg(all(unix, feature = "encrypt"))]
#[test]
fn encrypted_records_are_the_same_records_and_a_cut_file_opens_for_nobody() {
    use age::secrecy::ExposeSecret;
    let folder = tempfile::tempdir().unwrap();
    let identity = age::x25519::Identity::generate();
    let file = folder.path().join("identity");
    fs::write(&file, identity.to_string().expose_secret()).unwrap();
    fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let out = folder.path().join("records.age");
    let input = "胃窦腺癌，pT3N1M0，CEA 3.4ng/ml。".as_bytes();
    let (code, _, err) = run(&["extract", "--encrypt-to", &identity.to_public().to_string(), "-o", path(&out)], input);
    assert_eq!(code, 0, "{err}");
    let sealed = fs::read(&out).unwrap();
    let opened = age::decrypt(&identity, &sealed).unwrap();
    assert_eq!(String::from_utf8(opened).unwrap(), run(&["extract"], input).1);
    fs::write(&out, &sealed[..sealed.len() - 7]).unwrap();
    let clear = folder.path().join("clear");
    let (code, text, _) = run(&["deid", "--open-vault", path(&out), "--identity", path(&file), "-o", path(&clear)], b"");
    assert_eq!((code, text.as_str(), clear.exists()), (2, "", false));
}

#[cfg(not(feature = "encrypt"))]
#[test]
fn a_build_without_encryption_says_so_before_it_writes() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    for verb in ["extract", "classify", "deid"] {
        let (code, text, err) = run(&[verb, "--encrypt-to", "age1example", "-o", path(&out)], b"MRN: 556677");
        assert_eq!((code, text.as_str(), out.exists()), (2, "", false));
        assert!(err.contains("--features encrypt"), "{err}");
    }
}
