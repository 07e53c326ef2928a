-- `pandoc lua convert.lua`: one Markdown, read once, to several formats. The order comes as JSON on standard input:
-- { source, reader, filter, targets: [ { format, output, template, variables, options, metadata } ] }

local function content_of(path)
  local file = assert(io.open(path, "rb"))
  local content = file:read("a")
  file:close()
  return content
end

-- The filter asks for the format when it is read, so it is read for each.
local function filtered(document, format, filter)
  FORMAT = format:match("^%w+")
  Figure, Link, Div, Span = nil, nil, nil, nil
  dofile(filter)
  local rules = { Figure = Figure, Link = Link, Div = Div, Span = Span }
  return next(rules) and document:walk(rules) or document
end

local order = pandoc.json.decode(io.read("a"), false)
local document = pandoc.read(content_of(order.source), order.reader)
for _, target in ipairs(order.targets) do
  local made = filtered(document, target.format, order.filter)
  for name, text in pairs(target.metadata or {}) do
    made.meta[name] = pandoc.MetaInlines({ pandoc.Str(text) })
  end
  local options = target.options or {}
  options.variables = target.variables
  if target.template then
    options.template = pandoc.template.compile(content_of(target.template))
  end
  local file = assert(io.open(target.output, "wb"))
  file:write(pandoc.write(made, target.format, options))
  file:close()
end
