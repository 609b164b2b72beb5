#!/bin/sh
# Writes the index of operations: for each subject of Core/Ops a table of the public names with the first sentence of
# their documentation. The names in PyTorch and NumPy are taken over from the page as it is.
# operations-index.sh [check]: `check` writes nothing, and fails if the page is not as the sources give it.
set -eu
cd "$(dirname "$0")/.."

page=Sources/Martlet/Martlet.docc/Guides/OperationIndex.md
new=$(mktemp)
trap 'rm -f "$new"' EXIT

for folder in Sources/Core/Ops/*/; do
  grep -q "^$(basename "$folder")|" Scripts/subjects.txt || { echo "$folder has no title in Scripts/subjects.txt" >&2; exit 1; }
done
while IFS='|' read -r subject title; do
  for file in Sources/Core/Ops/"$subject"/*.swift; do printf '%s|%s\n' "$title" "$file"; done
done <Scripts/subjects.txt | awk -F '|' -v page=$page '
  # The first sentence of a comment, without its literature.
  function sentence(text,    end) {
    gsub(/ \([^()]*(19|20)[0-9][0-9][^()]*(\([^()]*\))?[^()]*\)/, "", text)
    end = match(text, /[.:;] |[.:]$/)
    if (end) text = substr(text, 1, end - 1)
    gsub(/``/, "`", text)
    gsub(/\([a-z:]*file:line:\)`/, "`", text)
    gsub(/\|/, "\\|", text)
    return text
  }
  # The page up to its first table, and the last two columns of its rows.
  BEGIN {
    while ((getline line < page) > 0) {
      if (line ~ /^### /) isBody = 1
      if (!isBody) { print line; continue }
      if (line !~ /^\| `/) continue
      numbers = split(line, cell, / \| /)
      name = cell[1]; sub(/^\| /, "", name)
      sub(/ \|$/, "", cell[numbers])
      others[name] = cell[numbers - 1] " | " cell[numbers]
    }
  }
  {
    title = $1; file = $2
    comment = ""; isDone = 0; isMeant = 0
    while ((getline line < file) > 0) {
      # Methods of tensors, operators and free functions.
      if (line ~ /^[a-z@]/) isMeant = line ~ /(extension Tensor([^A-Za-z]|$)|public func )/
      if (line ~ /^ *\/\/\//) {
        sub(/^ *\/\/\/ ?/, "", line)
        if (line == "") isDone = 1
        if (!isDone) comment = comment (comment == "" ? "" : " ") line
        continue
      }
      if (line ~ /^ *@/ && line !~ /(func|var) /) continue
      if (isMeant && line ~ /^ *public .*(func|var) / && comment != "") {
        name = line
        sub(/.*(func|var) `?/, "", name)
        if (name ~ /^[A-Za-z_]/) sub(/[^A-Za-z0-9_].*/, "", name); else sub(/(<[A-Z]| |[(]).*/, "", name)
        gsub(/\|/, "\\|", name)
        key = "`" name "`"
        if (!(key in seen)) {
          seen[key] = 1
          if (title != last) {
            printf "%s### %s\n\n| Martlet | | PyTorch | NumPy |\n|---|---|---|---|\n", last == "" ? "" : "\n", title
            last = title
          }
          printf "| %s | %s | %s |\n", key, sentence(comment), key in others ? others[key] : "– | –"
        }
      }
      comment = ""; isDone = 0
    }
    close(file)
  }' >"$new"
if [ "${1-}" != check ]; then
  cat "$new" >$page
elif ! diff $page "$new" >&2; then
  echo "run make operations, and fill in PyTorch's and NumPy's names" >&2
  exit 1
fi
