-- For pandoc: gives each column of a table its share of the page, by the length of what stands in it, puts pictures that
-- follow each other beside each other, begins each part behind the summary on a new page, and writes the words for a picture behind it where pandoc leaves them out.

local LONGEST = 45 -- characters; a longer text is broken into lines

local BREAKS = { -- a paragraph of no height that begins a page
  docx = {"openxml", '<w:p><w:pPr><w:pageBreakBefore/>'
    .. '<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/></w:pPr></w:p>'},
  odt = {"opendocument", '<text:p text:style-name="Page_20_break"/>'},
}

local function longest_word(text)
  local most = 0
  for word in text:gmatch("%S+") do
    most = math.max(most, utf8.len(word) or #word)
  end
  return most
end

function Table(table)
  local simple = pandoc.utils.to_simple_table(table)
  local needs, all = {}, 0
  for column, header in ipairs(simple.headers) do
    local name = pandoc.utils.stringify(header)
    local need = math.max(longest_word(name), math.min(utf8.len(name) or #name, LONGEST // 3)) + 3 -- bold is wider
    for _, row in ipairs(simple.rows) do
      local text = pandoc.utils.stringify(row[column])
      need = math.max(need, longest_word(text), math.min(utf8.len(text) or #text, LONGEST))
    end
    needs[column] = need
    all = all + need
  end
  for column, need in ipairs(needs) do
    simple.widths[column] = need / all
  end
  return pandoc.utils.from_simple_table(simple)
end

local function is_picture(block)
  return block ~= nil and block.t == "Para" and block.content[1].t == "Image"
    and (#block.content == 1 or block.content[2].t == "Space")
end

function Blocks(blocks)
  local joined = pandoc.List()
  for _, block in ipairs(blocks) do
    if is_picture(block) and is_picture(joined[#joined]) then
      joined[#joined].content:insert(pandoc.Space())
      joined[#joined].content:extend(block.content)
    else
      joined:insert(block)
    end
  end
  return joined
end

local parts = 0

function Header(header)
  if header.level == 2 then -- the title, which is the first level, is taken out afterwards
    parts = parts + 1
    if parts > 1 then
      return {pandoc.RawBlock(BREAKS[FORMAT][1], BREAKS[FORMAT][2]), header}
    end
  end
end

function Image(image)
  if FORMAT ~= "odt" then
    return nil
  end
  local words = pandoc.utils.stringify(image.caption):gsub("&", "&amp;"):gsub("<", "&lt;"):gsub(">", "&gt;")
  return {image, pandoc.RawInline("opendocument", "<svg:desc>" .. words .. "</svg:desc>")}
end
