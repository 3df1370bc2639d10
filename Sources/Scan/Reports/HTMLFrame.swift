import Core
import Crypto
import Web

/// The frame of a report that is one HTML page and needs nothing else: no script, no font, no request. The policy in its
/// head forbids everything but its one style sheet.
package enum HTMLFrame {
    /// - Parameters:
    ///   - title: as plain text.
    ///   - body: as HTML.
    ///   - footer: as plain text.
    ///   - own: more of the style sheet.
    package static func page(title: String, body: String, footer: String, style own: String = "") -> String {
        let style = style + own
        let hash = Base64.encode(Array(SHA256.hash(data: Array(style.utf8))))
        return """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy"
            content="default-src 'none'; style-src 'sha256-\(hash)'; base-uri 'none'; form-action 'none'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="referrer" content="no-referrer">
            <title>\(MarkupEscape.text(title))</title>
            <style>\(style)</style>
            </head>
            <body>
            <main>
            \(body)
            </main>
            <footer>\(MarkupEscape.text(footer))</footer>
            </body>
            </html>

            """
    }

    private static let style = """
        :root{color-scheme:light dark;--text:#1c2024;--dim:#5b6470;--line:#d9dde2;--ground:#fff;--panel:#f6f7f9;
        --critical:#a3123a;--high:#c8391b;--medium:#9a6700;--low:#2f6f9f;--info:#6b7280}
        @media (prefers-color-scheme:dark){:root{--text:#e6e8ea;--dim:#9aa4af;--line:#333a42;--ground:#14171a;
        --panel:#1c2024;
        --critical:#ff6b8f;--high:#ff8a6b;--medium:#e3b341;--low:#79b8e8;--info:#9aa4af}}
        body{margin:0;background:var(--ground);color:var(--text);font:15px/1.5 system-ui,sans-serif}
        main{max-width:1100px;margin:0 auto;padding:24px}footer{max-width:1100px;margin:0 auto;padding:0 24px 24px;
        color:var(--dim)}
        h1{font-size:22px;overflow-wrap:anywhere;margin:0 0 4px}h2{font-size:17px;margin:28px 0 8px}
        .facts,.id{color:var(--dim)}
        table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:6px 10px 6px 0;
        border-bottom:1px solid var(--line)}
        th{color:var(--dim);font-weight:600}.number{text-align:right}thead th:nth-child(n+2){white-space:nowrap}
        code{font:13px/1.4 ui-monospace,monospace;overflow-wrap:anywhere}.excerpt{color:var(--dim)}
        summary{cursor:pointer}details p{margin:4px 0}svg{max-width:100%;height:auto;margin-top:12px}
        svg text{fill:currentColor;font-size:13px}
        .mark{font-weight:600}.mark.critical{color:var(--critical)}.mark.high{color:var(--high)}
        .mark.medium{color:var(--medium)}
        .mark.low{color:var(--low)}.mark.info{color:var(--info)}rect.critical{fill:var(--critical)}
        rect.high{fill:var(--high)}
        rect.medium{fill:var(--medium)}rect.low{fill:var(--low)}rect.info{fill:var(--info)}
        .filter{display:flex;gap:16px;flex-wrap:wrap;background:var(--panel);padding:8px 12px;border-radius:6px;
        margin-bottom:8px}
        body:has(#show-critical:not(:checked)) tr.critical,body:has(#show-high:not(:checked)) tr.high,
        body:has(#show-medium:not(:checked)) tr.medium,body:has(#show-low:not(:checked)) tr.low,
        body:has(#show-info:not(:checked)) tr.info{display:none}
        @media print{.filter{display:none}body{font-size:11px}main{max-width:none;padding:0}tr{break-inside:avoid}}
        """
}
