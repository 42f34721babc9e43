"""Texts that could do harm somewhere: one list, which every output is tried with.

Markdown and HTML, pictures and their attributes, formulas, commands to GitHub's runner, escapes for a terminal, what can't be
seen, options of programs, and paths that lead out.
"""

from trials import FUZZING

HOSTILE = (
    "a | b", "\\|", "\\", "a\\", "`code`", "``", "```", "~~~", "~~gone~~", "*it*", "**b**", "_it_", "__b__", "***",
    "<script>alert(1)</script>", "<b>", "</table>", "</td></tr>", "<!--", "-->", "<!-- x -->",
    "<img src=x onerror=y>", "<?php", "<![CDATA[", "<a href=x>", "&lt;", "&amp;", "&#35;", "&", "&copy;", "&nbsp",
    "<https://example.org>", "[x](javascript:alert(1))", "[x]: /url", "[x]", "[x][y]",
    "![](http://beacon.example/p.gif)", "![x]", "!", "[^1]", "[^1]: note", "[ ] task", "[x] task",
    "https://example.org", "http://a.b", "HTTP://A.B", "ftp://a.b", "x://y", "www.example.org", "WWW.example.org",
    "awww.b.c", "mailto:a@b.org", "a@b.org", "xmpp:a@b.org", "@user", "@org/team", "#12", "GH-12", "org/repo#12",
    "deadbeef", "$x$", "$$x$$", "$`x`$", "US$ 5 and US$ 6", ":tada:", ":+1:", ":-1:", ":white_check_mark:",
    "12:30:45", "a:100:b", "::", "- ", "- item", "-", "--", "---", "- - -", "+ x", "+", "=", "===", "* x", "1. ",
    "1. x", "1) x", "12345678901. x", "1.", "0)", "# ", "# h", "#", "####### x", "x #", "> ", "> quote", "> [!NOTE]",
    "| a |", "|---|", "---|---", ": --- :", "\tcode", "    code", "a  b", "  a", "a\nb", "a\n\nb", "a\r\nb", "\n- x",
    "a\u2028b", "a\xa0b", "a\u3000b", "zero\u200bwidth", "\u202eevil", "a\x00b", "\x1b[31mred", "\ufeff", "a\xadb",
    "é", "ünïcode", "日本語", "😀", "é", "{{ x }}", "{% x %}", "%3Cscript%3E", "=SUM(A1)", "'", '"', "5 < 6 > 4",
    "100%", "£1,234", "(x)", "a_b_c", "snake_case_name", "2*3*4", "x^2", "H~2~O", "ends with \\", "",
    "\x1b[31mred\x1b[0m", "\x9b31m", "a\rb", "\x00", "\x07", "\x7f", "\u202eevil\u2066", "\u200b",
    "\u2028::error::x", "\n::error file=x::pwned", "::error::x", "##[error]x", "\n::set-output name=a::b",
    "%0A::error::x", "\t", "\ud800", "\udcff", "<script>", "x" * 5000, " ", "^^^", "\\n", "\U000e0041", "=1+1",
    "::pause::", "\n::pause::\n::error::x", "::stop-commands::x", "::add-mask::x", "a,line=9", "file=x::",
    "::endgroup::", "``` \n</code>", "`a` *b* _c_ ~~d~~", "![](http://beacon.example/p)", "1. item", "# heading",
    "www.example.org http://a.b a@b.org @user #1 GH-1", "$x$ :tada:", "<!-- gone", "a\n\n- b", "| a | b |",
    "&lt;b&gt;", "](x)", "a]", "{0}", "</details>", "  two  spaces  ", "www.example.org http://a.b a@b.org @user #1",
    "a\nb\n\n- c", "\u202eevil\u200b", "--output=x", "-c core.pager=x", "../../../etc/passwd", "..\\..\\x", "C:\\x",
    "kpis/../../x.yaml", "</svg><script>alert(1)</script>", '" onload="alert(1)', "+cmd|' /C calc'!A0", "-2+3",
    "@SUM(A1)", "＝1+1",
)  # fmt: skip

READABLE = tuple(text for text in HOSTILE if not any("\ud800" <= item <= "\udfff" for item in text))
"""Those that can be written as UTF-8."""

SHORT = tuple(text for text in READABLE if len(text) < 1_000)
TOGETHER = (*(SHORT[at::40] for at in range(40)), *((text,) for text in SHORT if FUZZING))
"""What the places for texts are filled with in turn: five texts at a time, and in `make fuzz` each alone too."""
