"""Drives the console in Chromium: every page, in light and dark, by keyboard, without a console error or a policy violation.

Reads from the environment: GATEHOUSE_ADDRESS, GATEHOUSE_LINK and GATEHOUSE_LINK_DARK (sign-in links), GATEHOUSE_PAGES (paths,
one a line), GATEHOUSE_FINDING (a finding's id), GATEHOUSE_APPROVE and GATEHOUSE_DENY (approval ids), GATEHOUSE_SCREENSHOTS (a folder; none are kept without it).
"""

import os
import pathlib
import sys

from playwright.sync_api import expect, sync_playwright

ADDRESS = os.environ["GATEHOUSE_ADDRESS"]
FOLDER = os.environ.get("GATEHOUSE_SCREENSHOTS")
CHROMIUM = os.environ.get("GATEHOUSE_CHROMIUM", "/usr/bin/chromium")
problems = []
# Only a test that has failed waits for as long: the machine may be slow.
PATIENCE = 180_000
expect.set_options(timeout=PATIENCE)


def watch(page):
    page.set_default_timeout(PATIENCE)
    page.on("console", lambda message: problems.append(f"{page.url}: {message.text}") if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: problems.append(f"{page.url}: {error}"))
    page.on("requestfailed", lambda request: failed(request))
    page.on("request", lambda request: None if request.url.startswith((ADDRESS, "data:")) else problems.append(f"outside: {request.url}"))


def failed(request):
    """A request that a navigation cut off has not failed."""
    if "ERR_ABORTED" not in (request.failure or ""):
        problems.append(f"failed: {request.url}: {request.failure}")


def shoot(page, name):
    if FOLDER:
        pathlib.Path(FOLDER).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{FOLDER}/{name}.png", full_page=True)


def sign_in(page, link):
    page.goto(link)
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    shoot(page, f"sign-in-{page.viewport_size['width']}")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Overview")).to_be_visible()


def check(page, path):
    """What holds on every page: one main heading, names for all controls, room for the content."""
    assert page.locator("h1").count() == 1, f"{path}: one h1"
    unnamed = page.evaluate(
        """() => [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea")]
            .filter(e => e.offsetParent && !(e.innerText || "").trim() && !e.getAttribute("aria-label") && !(e.labels && e.labels.length))
            .map(e => e.outerHTML.slice(0, 120))"""
    )
    assert not unnamed, f"{path}: controls without a name: {unnamed}"
    wide = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, f"{path}: the page is {wide} px too wide"


def visit_all(page, suffix):
    for line in os.environ["GATEHOUSE_PAGES"].splitlines():
        name, path = line.split(" ", 1)
        page.goto(ADDRESS + path)
        expect(page.locator("main h1")).to_be_visible()
        if page.locator(".live").count():
            expect(page.locator(".live")).to_have_attribute("data-state", "on")
        check(page, path)
        shoot(page, f"{name}-{suffix}")


def skip_link(page):
    page.goto(ADDRESS + "/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip", "the first stop is the skip link"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main"


def shortcuts(page):
    page.goto(ADDRESS + "/")
    page.keyboard.press("g")
    page.keyboard.press("l")
    expect(page.get_by_role("heading", level=1, name="Ledger")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Proof of inclusion")).to_be_visible()
    assert page.locator("svg.tree").count() == 1
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def vote(page, approval, key, reason, outcome):
    page.goto(f"{ADDRESS}/approvals/{approval}")
    page.keyboard.press(key)
    assert page.evaluate("document.activeElement.id") == "reason"
    page.keyboard.type(reason)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status")).to_contain_text(outcome)


def decide(page, finding):
    """By the form, without a script of ours having a say; it is in the history, and taken back."""
    page.goto(f"{ADDRESS}/findings/{finding}")
    page.get_by_label("It is").select_option("suppressed")
    page.get_by_label("Reason").fill("Revoked in May; kept as an example")
    page.get_by_label("Why it does no harm").select_option("inline_mitigations_already_exist")
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_role("status")).to_contain_text("Recorded")
    expect(page.get_by_role("table")).to_contain_text("triaged")
    shoot(page, f"decided-{page.viewport_size['width']}")
    page.get_by_label("Or take the decision back").fill("It is in use after all")
    page.get_by_role("button", name="Open again").click()
    expect(page.get_by_role("table")).to_contain_text("reopened")


def packages_and_trends(page):
    page.goto(ADDRESS + "/findings")
    page.get_by_role("link", name="Dependencies").click()
    expect(page.get_by_role("table")).to_contain_text("comes by")
    expect(page.get_by_role("table")).to_contain_text("1.0.4")
    page.get_by_role("link", name="Bills of materials").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="CycloneDX").first.click()
    assert '"CycloneDX"' in pathlib.Path(download.value.path()).read_text(), "the download is a bill of materials"
    page.get_by_role("link", name="Trends").click()
    assert page.locator("svg.trend g").count() == 3, "a bar for each assessment"
    expect(page.get_by_role("table")).to_contain_text("critical")


def without_script(browser, link, finding):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    watch(page)
    page.goto(link)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1, name="Overview")).to_be_visible()
    page.get_by_role("link", name="Ledger", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="Ledger")).to_be_visible()
    decide(page, finding)
    page.get_by_role("button", name="Sign out").click()
    after = context.new_page()  # not watched: being refused is an error to the browser
    after.goto(ADDRESS + "/")
    expect(after.get_by_role("heading", name="Sign in")).to_be_visible()
    context.close()


def main():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        light = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme="light", reduced_motion="reduce")
        page = light.new_page()
        watch(page)
        sign_in(page, os.environ["GATEHOUSE_LINK"])
        skip_link(page)
        shortcuts(page)
        packages_and_trends(page)
        visit_all(page, "light")
        vote(page, os.environ["GATEHOUSE_APPROVE"], "a", "Looks right, checked the diff", "Approved")
        shoot(page, "approved-light")
        vote(page, os.environ["GATEHOUSE_DENY"], "d", "Not in working hours", "Denied")
        dark = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme="dark", reduced_motion="reduce")
        page = dark.new_page()
        watch(page)
        sign_in(page, os.environ["GATEHOUSE_LINK_DARK"])
        visit_all(page, "dark")
        narrow = browser.new_context(
            viewport={"width": 390, "height": 844}, color_scheme="light", storage_state=light.storage_state(), reduced_motion="reduce")
        page = narrow.new_page()
        watch(page)
        visit_all(page, "narrow")
        without_script(browser, os.environ["GATEHOUSE_LINK_PLAIN"], os.environ["GATEHOUSE_FINDING"])
        browser.close()
    for problem in problems:
        print(problem, file=sys.stderr)
    sys.exit(1 if problems else 0)


main()
