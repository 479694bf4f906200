#!/usr/bin/env python3
"""Looks at report.html in headless Chromium, as a person would: searches, filters, opens a report, compares highlights with the
record's spans; no error on the console, no request that leaves the file. Usage: browser.py OUT_DIR [SCREENSHOTS_DIR]
OUT_DIR is the folder of `bingli batch --with-text`. Needs Debian's chromium and chromium-driver, and the package selenium."""

import base64
import json
import pathlib
import sys
import time

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

LIMIT_SECONDS = 2.0


def open_browser(width: int = 1400, height: int = 1000):
    options = Options()
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", f"--window-size={width},{height}", "--lang=en-US", "--hide-scrollbars"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    return webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))


def goto(browser, where: str) -> None:
    browser.execute_script("location.hash = arguments[0]", where)
    time.sleep(0.3)


def main(folder: str, shots: str | None = None) -> None:
    out = pathlib.Path(folder).resolve()
    with open(out / "reports.jsonl", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines][:2000]
    browser = open_browser()
    try:
        browser.execute_cdp_cmd("Network.enable", {})
        start = time.monotonic()
        browser.get((out / "report.html").as_uri())
        browser.find_element(By.CSS_SELECTOR, "main h1")
        seconds = time.monotonic() - start
        timing = browser.execute_script("return performance.getEntriesByType('navigation')[0].loadEventEnd")
        assert seconds < LIMIT_SECONDS, f"the page opens in {seconds:.2f} s"
        read = int(browser.find_element(By.CSS_SELECTOR, ".counts b").text)
        assert read >= len(records), read

        # Search and filter of findings, from the keyboard.
        browser.find_element(By.TAG_NAME, "body").send_keys("2")
        time.sleep(0.5)
        total = sum(len(record["findings"]) for record in records)
        shown = browser.find_element(By.CSS_SELECTOR, "main p.soft:last-of-type").text
        assert shown.endswith(f" {total}"), (shown, total)
        browser.find_element(By.TAG_NAME, "body").send_keys("/")
        field = browser.switch_to.active_element
        assert field.get_attribute("type") == "search"
        wanted = next(finding["text"] for record in records for finding in record["findings"] if len(finding["text"]) > 3)
        field.send_keys(wanted)
        time.sleep(0.6)
        rows = browser.find_elements(By.CSS_SELECTOR, "tbody tr")
        assert rows and all(wanted.split()[0].lower() in row.text.lower() for row in rows), wanted
        browser.find_element(By.CSS_SELECTOR, ".filters > button").click()
        kind = next(finding["type"] for record in reversed(records) for finding in record["findings"])
        browser.execute_script("const s = document.querySelector('select[name=type]'); s.value = arguments[0]; s.dispatchEvent(new Event('change'))", kind)
        time.sleep(0.4)
        expected = sum(finding["type"] == kind for record in records for finding in record["findings"])
        shown = browser.find_element(By.CSS_SELECTOR, "main p.soft:last-of-type").text
        assert shown.endswith(f" {expected}"), (shown, expected)

        # A report from the table; its marks against the record.
        browser.find_element(By.CSS_SELECTOR, "tbody tr a").send_keys(Keys.ENTER)
        time.sleep(0.4)
        assert browser.find_elements(By.CSS_SELECTOR, "[data-row][aria-pressed=true]"), "the finding that was followed is selected"
        step = max(1, len(records) // 60)
        compared = 0
        for index in range(0, len(records), step):
            record = records[index]
            browser.execute_script("location.hash = '#report=' + arguments[0]", index)
            time.sleep(0.12)
            assert browser.find_element(By.CSS_SELECTOR, "main h1").text == record["id"].strip(), record["id"]
            marks = browser.execute_script(
                "const all = {}; for (const mark of document.querySelectorAll('.report-text mark')) for (const key of mark.dataset.keys.split(' '))"
                " all[key] = (all[key] || '') + mark.textContent; return all"
            )
            text = browser.execute_script("const t = document.querySelector('.report-text'); return t && t.textContent")
            assert text == record.get("text"), f"{record['id']}: text"
            spans = {f"f{n}": (x["start"], x["end"]) for n, x in enumerate(record["findings"])}
            spans |= {f"l{n}": (x["start"], x["end"]) for n, x in enumerate(record["labs"])}
            spans |= {f"i{n}": (x["original_start"], x["original_end"]) for n, x in enumerate(record["redactions"])}
            for key, (first, last) in spans.items():
                if text is not None and last > first:
                    assert marks.get(key) == text[first:last], f"{record['id']} {key}: {marks.get(key)!r} for {text[first:last]!r}"
                    compared += 1
        here = browser.find_element(By.CSS_SELECTOR, "main h1").text
        browser.find_element(By.TAG_NAME, "body").send_keys("k")
        time.sleep(0.3)
        assert browser.find_element(By.CSS_SELECTOR, "main h1").text != here, "k opens the previous report"
        browser.find_element(By.TAG_NAME, "body").send_keys(Keys.ESCAPE)
        time.sleep(0.3)
        assert browser.current_url.endswith("#reports")

        # The other language.
        before = browser.find_element(By.CSS_SELECTOR, "main h1").text
        browser.find_element(By.ID, "language").click()
        time.sleep(0.3)
        assert browser.find_element(By.CSS_SELECTOR, "main h1").text != before

        if shots:
            screenshots(browser, pathlib.Path(shots), records)
        severe = [entry for entry in browser.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]
        assert not severe, severe
        requests = []
        for entry in browser.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                requests.append(message["params"]["request"]["url"].split("#")[0])
        away = [url for url in requests if not url.startswith(("file://" + str(out), "data:"))]
        assert not away, away
        print(f"{len(records)} reports: opened in {seconds:.2f} s (load event at {timing:.0f} ms), {compared} highlights as the records say, no error, no request")
    finally:
        browser.quit()


def screenshots(browser, folder: pathlib.Path, records) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    rich = max(range(len(records)), key=lambda index: min(len(records[index]["findings"]), 30) + min(len(records[index]["labs"]), 30))
    for language in ("zh", "en"):
        if browser.execute_script("return document.documentElement.lang").startswith("zh") != (language == "zh"):
            browser.find_element(By.ID, "language").click()
        for width, name in ((1400, "wide"), (420, "narrow")):
            browser.set_window_size(width, 1000)
            for view in ("overview", "findings", "labs", "reports", f"report={rich}"):
                goto(browser, "#" + view)
                browser.save_screenshot(str(folder / f"{language}-{name}-{view.split('=')[0]}.png"))
                if name == "wide" and view in ("overview", f"report={rich}"):
                    paper = browser.execute_cdp_cmd("Page.printToPDF", {"printBackground": False, "paperWidth": 8.27, "paperHeight": 11.69})
                    (folder / f"{language}-{view.split('=')[0]}.pdf").write_bytes(base64.b64decode(paper["data"]))


if __name__ == "__main__":
    main(*sys.argv[1:])
