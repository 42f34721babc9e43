"""The styles that pandoc gives a Word file: A4 landscape, small type in tables, lines between the rows.

`docs/word/styles.docx` is made of these texts, so that what it holds can be read and reviewed:
`.venv/bin/python -m pytest --update tests/test_paper.py` writes it anew.
"""

import io
import zipfile

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MEDIA = "application/vnd.openxmlformats-officedocument.wordprocessingml"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

TYPES = f"""\
<Types xmlns="{PACKAGE}/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/word/document.xml" ContentType="{MEDIA}.document.main+xml"/>
<Override PartName="/word/styles.xml" ContentType="{MEDIA}.styles+xml"/>
</Types>
"""
TO_DOCUMENT = f"""\
<Relationships xmlns="{PACKAGE}/relationships">
<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/>
</Relationships>
"""
TO_STYLES = f"""\
<Relationships xmlns="{PACKAGE}/relationships">
<Relationship Id="rId1" Type="{OFFICE}/styles" Target="styles.xml"/>
</Relationships>
"""
DOCUMENT = f"""\
<w:document xmlns:w="{WORD}"><w:body>
<w:p><w:r><w:t>Styles for the board paper. pandoc takes the page and the styles from this file.</w:t></w:r></w:p>
<w:sectPr>
<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>
<w:pgMar w:top="1020" w:right="1020" w:bottom="1020" w:left="1020" w:header="567" w:footer="567" w:gutter="0"/>
</w:sectPr>
</w:body></w:document>
"""
"""Lengths are in twentieths of a point: A4, with margins of 18 mm."""


def _paragraph(name: str, size: int, before: int, after: int) -> str:
    """A style of paragraphs; `size` in half points, the space around it in twentieths of a point.

    Word knows its own styles by a name in small letters; pandoc looks for the name without spaces and with capitals.
    """
    default = ' w:default="1"' if name == "Normal" else ""
    style_id = "".join(word[:1].upper() + word[1:] for word in name.split())
    own = ' w:customStyle="1"' if name in {"Compact", "First Paragraph"} else ""
    based = "" if default else '<w:basedOn w:val="Normal"/>'
    level, bold = "", ""
    # A heading stays with what follows, and so does the first paragraph below it: what is measured, above its table.
    keep = "<w:keepNext/><w:keepLines/>" if name.startswith(("heading", "First")) else ""
    if name.startswith(("heading", "Title")):
        bold = "<w:b/>"
    if name.startswith("heading"):
        level = f'<w:outlineLvl w:val="{int(name[-1]) - 1}"/>'
    return (
        f'<w:style w:type="paragraph"{default}{own} w:styleId="{style_id}"><w:name w:val="{name}"/>{based}<w:qFormat/>'
        f'<w:pPr>{keep}<w:spacing w:before="{before}" w:after="{after}"/>{level}</w:pPr>'
        f'<w:rPr>{bold}<w:sz w:val="{size}"/></w:rPr></w:style>\n'
    )


def _line(side: str) -> str:
    return f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="808080"/>'


STYLES = f"""\
<w:styles xmlns:w="{WORD}">
<w:docDefaults><w:rPrDefault><w:rPr>
<w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:cs="Arial" w:eastAsia="Arial"/><w:lang w:val="en-GB"/>
</w:rPr></w:rPrDefault></w:docDefaults>
{_paragraph("Normal", 20, 0, 80)}\
{_paragraph("Body Text", 20, 60, 80)}\
{_paragraph("First Paragraph", 20, 60, 80)}\
{_paragraph("Compact", 17, 20, 20)}\
{_paragraph("footnote text", 16, 0, 20)}\
{_paragraph("Title", 36, 0, 80)}\
{_paragraph("heading 1", 28, 360, 80)}\
{_paragraph("heading 2", 24, 240, 80)}\
{_paragraph("heading 3", 21, 200, 80)}\
<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/>\
<w:rPr><w:color w:val="0645AD"/><w:u w:val="single"/></w:rPr></w:style>
<w:style w:type="character" w:styleId="FootnoteReference"><w:name w:val="footnote reference"/>\
<w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>
<w:style w:type="table" w:default="1" w:customStyle="1" w:styleId="Table"><w:name w:val="Table"/>
<w:tblPr><w:tblBorders>{_line("top")}{_line("bottom")}{_line("insideH")}</w:tblBorders>
<w:tblCellMar><w:left w:w="80" w:type="dxa"/><w:right w:w="80" w:type="dxa"/></w:tblCellMar></w:tblPr>
<w:trPr><w:cantSplit/></w:trPr>
<w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr>\
<w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="EDEDED"/></w:tcPr></w:tblStylePr></w:style>
</w:styles>
"""

PARTS = {
    "[Content_Types].xml": TYPES,
    "_rels/.rels": TO_DOCUMENT,
    "word/document.xml": DOCUMENT,
    "word/_rels/document.xml.rels": TO_STYLES,
    "word/styles.xml": STYLES,
}


def word_styles() -> bytes:
    """The file's bytes: the parts as they are, without compression, which differs from one machine to the next."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name, text in PARTS.items():
            archive.writestr(zipfile.ZipInfo(name), XML + text)
    return made.getvalue()
