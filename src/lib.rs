//! Chinese and English pathology reports into structured findings.
