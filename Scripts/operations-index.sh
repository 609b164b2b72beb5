#!/bin/sh
# Prints the index of operations: for each subject of Core/Ops a table of the public names with the first sentence of
# their documentation. The names in PyTorch and NumPy are taken over from the page as it is.
# operations-index.sh <page>
set -eu
cd "$(dirname "$0")/.."

for subject in Elementwise Movement Reductions Products LinearAlgebra Convolution Normalization Attention Losses \
  Random; do
  for file in Sources/Core/Ops/$subject/*.swift; do echo "$subject $file"; done
done | awk -v page="$1" '
  function title(subject) {
    if (subject == "Elementwise") return "Element by element"
    if (subject == "Movement") return "Creation, shape, indexing and joining"
    if (subject == "LinearAlgebra") return "Linear algebra"
    if (subject == "Convolution") return "Convolutions, pools, windows and resampling"
    if (subject == "Random") return "Random numbers"
    return subject
  }
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
  BEGIN {
    while ((getline line < page) > 0) {
      if (line !~ /^\| `/) { if (line ~ /^## Overview/) isBody = 1; if (line ~ /^### /) isBody = 2; if (isBody < 2) head = head line "\n"; continue }
      numbers = split(line, cell, / \| /)
      name = cell[1]; sub(/^\| /, "", name)
      sub(/ \|$/, "", cell[numbers])
      others[name] = cell[numbers - 1] " | " cell[numbers]
    }
    printf "%s", head
  }
  {
    subject = $1; file = $2
    if (subject != last) { printf "%s### %s\n\n| Martlet | | PyTorch | NumPy |\n|---|---|---|---|\n", last == "" ? "" : "\n", title(subject); last = subject }
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
          printf "| %s | %s | %s |\n", key, sentence(comment), key in others ? others[key] : "– | –"
        }
      }
      comment = ""; isDone = 0
    }
    close(file)
  }'
