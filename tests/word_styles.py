"""The styles of the board paper as a Word or OpenDocument file: A4 landscape, small type in tables, lines between the rows.

`styles.docx` and `styles.odt` in `tools/kpi/store/word/` are made of these texts, so that what they hold can be read and reviewed:
`.venv/bin/python -m pytest --update tests/test_paper.py` writes them anew.
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
<Override PartName="/word/footer1.xml" ContentType="{MEDIA}.footer+xml"/>
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
<Relationship Id="rId2" Type="{OFFICE}/footer" Target="footer1.xml"/>
</Relationships>
"""
DOCUMENT = f"""\
<w:document xmlns:w="{WORD}" xmlns:r="{OFFICE}"><w:body>
<w:p><w:r><w:t>Styles for the board paper. pandoc takes the page and the styles from this file.</w:t></w:r></w:p>
<w:sectPr>
<w:footerReference w:type="default" r:id="rId2"/>
<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>
<w:pgMar w:top="850" w:right="1020" w:bottom="850" w:left="1020" w:header="567" w:footer="567" w:gutter="0"/>
</w:sectPr>
</w:body></w:document>
"""
FOOTER = f"""\
<w:ftr xmlns:w="{WORD}"><w:p><w:pPr><w:jc w:val="right"/></w:pPr>
<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>
</w:p></w:ftr>
"""
"""Lengths are in twentieths of a point: A4, with margins of 15 and 18 mm: the summary has to stand on one page."""


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
{_paragraph("Compact", 17, 10, 10)}\
{_paragraph("footnote text", 16, 0, 20)}\
{_paragraph("Title", 36, 0, 80)}\
{_paragraph("heading 1", 28, 240, 80)}\
{_paragraph("heading 2", 24, 120, 60)}\
{_paragraph("heading 3", 21, 200, 80)}\
{_paragraph("heading 4", 20, 160, 60)}\
{_paragraph("heading 5", 20, 160, 60)}\
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

WORD_PARTS = {
    "[Content_Types].xml": TYPES,
    "_rels/.rels": TO_DOCUMENT,
    "word/document.xml": DOCUMENT,
    "word/_rels/document.xml.rels": TO_STYLES,
    "word/styles.xml": STYLES,
    "word/footer1.xml": FOOTER,
}

OASIS = "urn:oasis:names:tc:opendocument:xmlns"
ODT = "application/vnd.oasis.opendocument.text"
ODT_MANIFEST = f"""\
<manifest:manifest xmlns:manifest="{OASIS}:manifest:1.0" manifest:version="1.3">
<manifest:file-entry manifest:media-type="{ODT}" manifest:full-path="/" manifest:version="1.3"/>
<manifest:file-entry manifest:media-type="application/xml" manifest:full-path="styles.xml"/>
<manifest:file-entry manifest:media-type="application/xml" manifest:full-path="meta.xml"/>
</manifest:manifest>
"""


def _odt_paragraph(name: str, size: float, before: float, after: float, look: str = "") -> str:
    """A style of paragraphs; all lengths in points. A heading stays with what follows."""
    level = f' style:default-outline-level="{name[-1]}"' if name.startswith("Heading") else ""
    keep = ' fo:keep-with-next="always"' if name.startswith(("Heading", "First")) else ""
    return (
        f'<style:style style:name="{name.replace(" ", "_20_")}" style:display-name="{name}" style:family="paragraph"'
        f' style:parent-style-name="Standard"{level}>'
        f'<style:paragraph-properties fo:margin-top="{before}pt" fo:margin-bottom="{after}pt"{keep}/>'
        f'<style:text-properties fo:font-size="{size}pt"{look}/></style:style>\n'
    )


BOLD = ' fo:font-weight="bold"'
ODT_STYLES = f"""\
<office:document-styles xmlns:office="{OASIS}:office:1.0" xmlns:style="{OASIS}:style:1.0" xmlns:text="{OASIS}:text:1.0" \
xmlns:fo="{OASIS}:xsl-fo-compatible:1.0" xmlns:svg="{OASIS}:svg-compatible:1.0" office:version="1.3">
<office:font-face-decls><style:font-face style:name="Arial" svg:font-family="Arial"/></office:font-face-decls>
<office:styles>
<style:default-style style:family="paragraph"><style:text-properties style:font-name="Arial" fo:font-size="10pt" \
fo:language="en" fo:country="GB"/></style:default-style>
<style:style style:name="Standard" style:family="paragraph"/>
{_odt_paragraph("Text body", 10, 3, 4)}\
{_odt_paragraph("First paragraph", 10, 3, 4)}\
{_odt_paragraph("Table Contents", 8.5, 0.5, 0.5)}\
{_odt_paragraph("Table Heading", 8.5, 1, 1, BOLD)}\
{_odt_paragraph("Footnote", 8, 0, 1)}\
{_odt_paragraph("Footer", 8, 0, 0)}\
{_odt_paragraph("Title", 18, 0, 4, BOLD)}\
{_odt_paragraph("Heading 1", 14, 12, 4, BOLD)}\
{_odt_paragraph("Heading 2", 12, 6, 3, BOLD)}\
{_odt_paragraph("Heading 3", 10.5, 10, 4, BOLD)}\
{_odt_paragraph("Heading 4", 10, 8, 3, BOLD)}\
{_odt_paragraph("Heading 5", 10, 8, 3, BOLD)}\
<style:style style:name="Page_20_break" style:family="paragraph" style:parent-style-name="Standard">\
<style:paragraph-properties fo:break-before="page" fo:line-height="1pt"/>\
<style:text-properties fo:font-size="1pt"/></style:style>
<style:style style:name="Definition" style:family="text"><style:text-properties fo:color="#0645ad" \
style:text-underline-style="solid"/></style:style>
<style:style style:name="Footnote_20_anchor" style:family="text"><style:text-properties \
style:text-position="super 58%"/></style:style>
<text:notes-configuration text:note-class="footnote" text:citation-body-style-name="Footnote_20_anchor" \
text:start-numbering-at="document" style:num-format="1" text:footnotes-position="page"/>
</office:styles>
<office:automatic-styles>
<style:page-layout style:name="A4"><style:page-layout-properties fo:page-width="297mm" fo:page-height="210mm" \
style:print-orientation="landscape" fo:margin-top="13mm" fo:margin-bottom="8mm" fo:margin-left="18mm" \
fo:margin-right="18mm"><style:footnote-sep style:width="0.5pt" style:rel-width="25%" style:color="#808080" \
style:distance-before-sep="1mm" style:distance-after-sep="1mm"/></style:page-layout-properties>
<style:footer-style><style:header-footer-properties fo:min-height="6mm"/></style:footer-style></style:page-layout>
<style:style style:name="Right" style:family="paragraph" style:parent-style-name="Footer">\
<style:paragraph-properties fo:text-align="end"/></style:style>
</office:automatic-styles>
<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="A4"><style:footer>\
<text:p text:style-name="Right"><text:page-number text:select-page="current"/></text:p></style:footer>\
</style:master-page></office:master-styles>
</office:document-styles>
"""
ODT_META = f'<office:document-meta xmlns:office="{OASIS}:office:1.0" office:version="1.3"/>\n'
"""pandoc writes its own, but lists it only where one was here; LibreOffice reads nothing with a file that isn't listed."""

ODT_PARTS = {"META-INF/manifest.xml": ODT_MANIFEST, "meta.xml": ODT_META, "styles.xml": ODT_STYLES}


def styles(form: str) -> bytes:
    """The file's bytes: the parts as they are, without compression, which differs from one machine to the next."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        if form == ".odt":
            archive.writestr(zipfile.ZipInfo("mimetype"), ODT)
        for name, text in (ODT_PARTS if form == ".odt" else WORD_PARTS).items():
            archive.writestr(zipfile.ZipInfo(name), XML + text)
    return made.getvalue()
