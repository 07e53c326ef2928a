-- Makes one Markdown serve HTML, Word and PDF: shades the merged municipality's column, gives figures
-- their alternative text in PDF, and leaves out what has no meaning on paper.

local typst = FORMAT:match("typst") ~= nil
local word = FORMAT:match("docx") ~= nil or FORMAT:match("pptx") ~= nil

local function raw(text)
  return pandoc.RawBlock("typst", text)
end

-- Text inside a Typst string.
local function quoted(text)
  return '"' .. text:gsub("\\", "\\\\"):gsub('"', '\\"') .. '"'
end

function Figure(figure)
  local image = nil
  figure:walk({ Image = function(found) image = found end })
  if image == nil then return nil end
  if typst then
    local caption = pandoc.write(pandoc.Pandoc(figure.caption.long), "typst")
    return raw("#figure(image(" .. quoted(image.src) .. ", width: 100%, alt: " .. quoted(image.attributes.alt or "")
      .. "), caption: [" .. caption .. "])")
  end
  if word then
    return figure:walk({ Image = function(found)
      found.src = found.src:gsub("%.svg$", ".png")
      found.caption = pandoc.Inlines(found.attributes.alt or "")
      found.attributes.alt = nil
      return found
    end })
  end
end

function Link(link)
  if not link.classes:includes("fil") then return nil end
  if typst or word then return {} end
end

function Div(div)
  if typst then
    if div.classes:includes("tabell") then
      local fill = "none"
      if div.attributes.merged then
        fill = "(x, y) => if x == " .. (tonumber(div.attributes.merged) - 1) .. ' { rgb("#eaf0f6") }'
      end
      -- a table that fits on a page is not torn in two
      local rows, columns = 0, 0
      div:walk({ Table = function(found)
        for _, body in ipairs(found.bodies) do rows = rows + #body.body end
        columns = #found.colspecs
      end })
      local whole = rows <= 14 and "#show figure: set block(breakable: false)" or ""
      local small = columns > 12 and "#show table: set text(size: 5.4pt)\n"
        .. "#show table.cell.where(y: 0): set text(size: 5.2pt, hyphenate: true)\n#set table(inset: (x: 1.5pt))\n" or ""
      return { raw("#[#set table(fill: " .. fill .. ")" .. "\n" .. small .. whole), div, raw("]") }
    elseif div.classes:includes("kort") then
      return { raw("#kort["), div, raw("]") }
    elseif div.classes:includes("ett-kort") then
      return { raw("#ett-kort["), div, raw("]") }
    elseif div.classes:includes("kilde") then
      return { raw("#kilde["), div, raw("]") }
    elseif div.classes:includes("funn") then
      return { raw("#funn["), div, raw("]") }
    elseif div.classes:includes("ingress") then
      return { raw("#ingress["), div, raw("]") }
    elseif div.classes:includes("merknader") then
      return { raw("#merknader()") }
    elseif div.classes:includes("sideskift") then
      return { raw("#pagebreak(weak: true)") }
    end
  elseif word then
    if div.classes:includes("sideskift") then
      return { pandoc.RawBlock("openxml", '<w:p><w:r><w:br w:type="page"/></w:r></w:p>') }
    end
    local styles = { kilde = "Kilde", ["ett-kort"] = "Kort", funn = "Funn" }
    for class, style in pairs(styles) do
      if div.classes:includes(class) then
        div.attributes["custom-style"] = style
        return div
      end
    end
    if div.classes:includes("merknader") then
      local blank = pandoc.Div(pandoc.Para({ pandoc.Str("\u{00a0}") }), { ["custom-style"] = "Merknad" })
      return { pandoc.Div(div.content, { ["custom-style"] = "Merknad tittel" }), blank, blank:clone(), blank:clone() }
    end
  end
end

function Span(span)
  if span.classes:includes("id") then
    if typst then
      return { pandoc.RawInline("typst", "#indikator-id["), span, pandoc.RawInline("typst", "]") }
    end
    if word then return pandoc.Emph(span.content) end
  end
end

-- a page on the screen is left as it is
if not (typst or word) then Figure, Link, Div, Span = nil, nil, nil, nil end
