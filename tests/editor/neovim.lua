-- Opens plan.yaml in Neovim without a screen, waits for diagnostics, asks for the actions at the first repeated hashtag,
-- applies the preferred one and prints what it saw as JSON.
local seen = { before = {}, after = {} }
local command = vim.split(os.getenv("COACH_SERVER"), " ")
vim.cmd("edit plan.yaml")
local buffer = vim.api.nvim_get_current_buf()
local client = vim.lsp.start_client({ name = "tiktok-coach", cmd = command, root_dir = vim.fn.getcwd() })
vim.lsp.buf_attach_client(buffer, client)

local function codes()
  local all = {}
  for _, one in ipairs(vim.diagnostic.get(buffer)) do
    table.insert(all, one.code or one.message)
  end
  return all
end

local function ask(method, params)
  local answers = vim.lsp.buf_request_sync(buffer, method, params, 20000) or {}
  return answers[client] and answers[client].result
end

vim.wait(30000, function() return #codes() > 0 end, 50)
seen.before = codes()

for _, one in ipairs(vim.diagnostic.get(buffer)) do
  if one.code == "T809" then
    local position = { line = one.lnum, character = one.col }
    local params = {
      textDocument = vim.lsp.util.make_text_document_params(buffer),
      range = { start = position, ["end"] = position },
      context = { diagnostics = {} },
    }
    for _, action in ipairs(ask("textDocument/codeAction", params) or {}) do
      if action.isPreferred then
        seen.action = action.title
        vim.lsp.util.apply_workspace_edit(action.edit, vim.lsp.get_client_by_id(client).offset_encoding)
      end
    end
    break
  end
end

vim.wait(30000, function() return not vim.tbl_contains(codes(), "T809") end, 50)
seen.after = codes()
seen.line = vim.api.nvim_buf_get_lines(buffer, 3, 4, false)[1]
local symbols = ask("textDocument/documentSymbol", { textDocument = vim.lsp.util.make_text_document_params(buffer) })
seen.symbols = #(symbols or {})
io.stdout:write(vim.json.encode(seen))
vim.cmd("qall!")
