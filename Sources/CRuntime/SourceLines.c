// A reader of DWARF line tables. Swift's own module for this, Runtime, takes seconds and 150 MB for the first line and
// keeps that memory. It also needs a thread that never ends, and cannot be linked into a fully static program.

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "SourceLines.h"

#if defined(__linux__) && defined(__LP64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <stddef.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

// MARK: Bytes that may be damaged: reads after the end return zeros

typedef struct Bytes {
  const uint8_t *at, *end;
} Bytes;

static Bytes part(Bytes whole, uint64_t offset, uint64_t count) {
  const uint64_t size = (uint64_t)(whole.end - whole.at);
  if (offset > size || count > size - offset) return (Bytes){whole.end, whole.end};
  return (Bytes){whole.at + offset, whole.at + offset + count};
}

static Bytes from(Bytes whole, uint64_t offset) {
  const uint64_t size = (uint64_t)(whole.end - whole.at);
  return part(whole, offset, offset > size ? 0 : size - offset);
}

static void skip(Bytes *bytes, uint64_t count) { *bytes = from(*bytes, count); }

static uint64_t fixed(Bytes *bytes, int count) {
  uint64_t value = 0;
  if (bytes->end - bytes->at < count) {
    bytes->at = bytes->end;
    return 0;
  }
  memcpy(&value, bytes->at, (size_t)count);
  bytes->at += count;
  return value;
}

static uint64_t unsignedNumber(Bytes *bytes) {
  uint64_t value = 0;
  for (int shift = 0; bytes->at < bytes->end; shift += 7) {
    const uint8_t byte = *bytes->at++;
    if (shift < 64) value |= (uint64_t)(byte & 0x7f) << shift;
    if (byte < 0x80) break;
  }
  return value;
}

static int64_t signedNumber(Bytes *bytes) {
  uint64_t value = 0;
  int shift = 0;
  while (bytes->at < bytes->end) {
    const uint8_t byte = *bytes->at++;
    if (shift < 64) value |= (uint64_t)(byte & 0x7f) << shift;
    shift += 7;
    if (byte >= 0x80) continue;
    if ((byte & 0x40) && shift < 64) value |= ~(uint64_t)0 << shift;
    break;
  }
  return (int64_t)value;
}

// Reads a text that ends in a zero within the bytes, or returns an empty text if there is no zero.
static const char *text(Bytes *bytes) {
  const uint8_t *start = bytes->at, *end = start < bytes->end ? memchr(start, 0, (size_t)(bytes->end - start)) : NULL;
  bytes->at = end == NULL ? bytes->end : end + 1;
  return end == NULL ? "" : (const char *)start;
}

// MARK: The program's file

typedef struct Object {
  uintptr_t base;
  Bytes file, symbols, names, lines, lineNames, texts;
} Object;

static Bytes section(Bytes file, const Elf64_Shdr *header) {
  const int isThere = header->sh_type != SHT_NOBITS && !(header->sh_flags & SHF_COMPRESSED);
  return part(file, header->sh_offset, isThere ? header->sh_size : 0);
}

static void findSections(Object *object) {
  const Bytes file = object->file;
  Elf64_Ehdr head;
  if (file.end - file.at < (ptrdiff_t)sizeof head) return;
  memcpy(&head, file.at, sizeof head);
  if (memcmp(head.e_ident, ELFMAG, SELFMAG) != 0 || head.e_ident[EI_CLASS] != ELFCLASS64) return;
  const Bytes table = part(file, head.e_shoff, (uint64_t)head.e_shnum * sizeof(Elf64_Shdr));
  if (head.e_shoff % _Alignof(Elf64_Shdr) != 0 || table.at == table.end || head.e_shstrndx >= head.e_shnum) return;
  const Elf64_Shdr *headers = (const Elf64_Shdr *)table.at;
  const Bytes names = section(file, &headers[head.e_shstrndx]);
  for (int i = 0; i < head.e_shnum; i++) {
    Bytes rest = from(names, headers[i].sh_name);
    const char *name = text(&rest);
    const Bytes bytes = section(file, &headers[i]);
    if (headers[i].sh_type == SHT_SYMTAB && headers[i].sh_link < head.e_shnum) {
      object->symbols = bytes;
      object->names = section(file, &headers[headers[i].sh_link]);
    }
    if (strcmp(name, ".debug_line") == 0) object->lines = bytes;
    if (strcmp(name, ".debug_line_str") == 0) object->lineNames = bytes;
    if (strcmp(name, ".debug_str") == 0) object->texts = bytes;
  }
}

static void openObject(Object *object, const char *path) {
  int descriptor = open(*path ? path : "/proc/self/exe", O_RDONLY | O_CLOEXEC);
  const char *start = (const char *)getauxval(AT_EXECFN);
  if (descriptor < 0 && *path == 0 && start != NULL) descriptor = open(start, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return;
  struct stat status;
  if (fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0) {
    void *bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, descriptor, 0);
    if (bytes != MAP_FAILED) object->file = (Bytes){bytes, (uint8_t *)bytes + status.st_size};
  }
  close(descriptor);
  findSections(object);
}

static void closeObject(Object *object) {
  if (object->file.at != NULL) munmap((void *)object->file.at, (size_t)(object->file.end - object->file.at));
  *object = (Object){0};
}

typedef struct Place {
  uintptr_t address, base;
  const char *path;
} Place;

static int findObject(struct dl_phdr_info *info, size_t size, void *context) {
  (void)size;
  Place *place = context;
  for (int i = 0; i < info->dlpi_phnum; i++) {
    const ElfW(Phdr) *header = &info->dlpi_phdr[i];
    if (header->p_type != PT_LOAD || place->address - info->dlpi_addr - header->p_vaddr >= header->p_memsz) continue;
    place->base = info->dlpi_addr;
    place->path = info->dlpi_name == NULL ? "" : info->dlpi_name;
    return 1;
  }
  return 0;
}

// The symbol of the function that contains an address, or null if the file has none. `start` is the function's
// beginning.
static const char *function(const Object *object, uint64_t address, uint64_t *start) {
  const char *found = NULL;
  Bytes symbols = object->symbols;
  for (Elf64_Sym symbol; symbols.end - symbols.at >= (ptrdiff_t)sizeof symbol; symbols.at += sizeof symbol) {
    memcpy(&symbol, symbols.at, sizeof symbol);
    if (ELF64_ST_TYPE(symbol.st_info) != STT_FUNC || address - symbol.st_value >= symbol.st_size) continue;
    Bytes name = from(object->names, symbol.st_name);
    found = text(&name);
    *start = symbol.st_value;
  }
  return found;
}

// MARK: The line table

typedef struct Unit {
  Bytes tables, program;
  int version, offsetSize, shortest, lineBase, lineRange, opcodeBase;
  Bytes opcodeLengths;
} Unit;

typedef struct Row {
  uint64_t address, file, line;
} Row;

static Unit nextUnit(Bytes *lines) {
  Unit unit = {.offsetSize = 4};
  uint64_t length = fixed(lines, 4);
  if (length == 0xffffffff) {
    length = fixed(lines, 8);
    unit.offsetSize = 8;
  }
  Bytes rest = part(*lines, 0, length);
  *lines = from(*lines, length);
  unit.version = (int)fixed(&rest, 2);
  if (unit.version >= 5) skip(&rest, 2);
  const uint64_t headLength = fixed(&rest, unit.offsetSize);
  unit.program = from(rest, headLength);
  unit.shortest = (int)fixed(&rest, 1);
  skip(&rest, unit.version >= 4 ? 2 : 1);
  unit.lineBase = (int8_t)fixed(&rest, 1);
  unit.lineRange = (int)fixed(&rest, 1);
  unit.opcodeBase = (int)fixed(&rest, 1);
  unit.opcodeLengths = part(rest, 0, unit.opcodeBase > 0 ? (uint64_t)unit.opcodeBase - 1 : 0);
  unit.tables = from(rest, unit.opcodeBase > 0 ? (uint64_t)unit.opcodeBase - 1 : 0);
  if (unit.version < 2 || unit.version > 5 || unit.lineRange == 0) unit.program.at = unit.program.end;
  return unit;
}

// A search through the rows of a unit. A row is valid up to the address of the next row.
typedef struct Search {
  uint64_t address, start;  // the address to find, and the start of its function
  Row last, lastWithLine;
  enum { between, within, discarded } sequence;
} Search;

// Adds a row, and returns 1 if the row before it was the one. Line 0 marks code that the compiler generated; it counts
// to the last row with a line in the same function. A sequence that begins at 0 is of a function that the linker left
// out.
static int passes(Search *search, Row row, int endsSequence, Row *found) {
  const Row last = search->last;
  const int hits = search->sequence == within && last.address <= search->address && search->address < row.address;
  if (hits) *found = search->lastWithLine;
  if (search->sequence == between) search->sequence = row.address == 0 ? discarded : within;
  search->last = row;
  if (row.line != 0) search->lastWithLine = row;
  if (endsSequence) {
    search->sequence = between;
    search->lastWithLine = (Row){0};
  }
  return hits && found->line != 0 && found->address >= search->start;
}

// Runs an extended opcode, which may change the row's address. Returns 1 if it ends the sequence.
static int extended(Bytes *program, Row *row) {
  const uint64_t length = unsignedNumber(program);
  Bytes operands = part(*program, 0, length);
  skip(program, length);
  const int opcode = (int)fixed(&operands, 1);
  if (opcode == 2) row->address = fixed(&operands, operands.end - operands.at >= 8 ? 8 : 4);
  return opcode == 1;
}

static void advance(const Unit *unit, Row *row, int opcode) {
  row->address += (uint64_t)((opcode - unit->opcodeBase) / unit->lineRange * unit->shortest);
}

// Runs a standard opcode other than the copy of a row.
static void standard(const Unit *unit, Bytes *program, Row *row, int opcode) {
  switch (opcode) {
    case 2: row->address += unsignedNumber(program) * (uint64_t)unit->shortest; break;
    case 3: row->line += (uint64_t)signedNumber(program); break;
    case 4: row->file = unsignedNumber(program); break;
    case 8: advance(unit, row, 255); break;
    case 9: row->address += fixed(program, 2); break;
    default: {
      Bytes length = from(unit->opcodeLengths, (uint64_t)opcode - 1);
      for (int count = (int)fixed(&length, 1); count > 0; count--) unsignedNumber(program);
    }
  }
}

static int findRow(const Unit *unit, uint64_t address, uint64_t start, Row *found) {
  Search search = {.address = address, .start = start};
  const Row first = {.file = 1, .line = 1};
  Row row = first;
  for (Bytes program = unit->program; program.at < program.end;) {
    const int opcode = (int)fixed(&program, 1);
    if (opcode >= unit->opcodeBase) {
      advance(unit, &row, opcode);
      row.line += (uint64_t)(int64_t)(unit->lineBase + (opcode - unit->opcodeBase) % unit->lineRange);
      if (passes(&search, row, 0, found)) return 1;
    } else if (opcode == 1) {
      if (passes(&search, row, 0, found)) return 1;
    } else if (opcode != 0) {
      standard(unit, &program, &row, opcode);
    } else if (extended(&program, &row)) {
      if (passes(&search, row, 1, found)) return 1;
      row = first;
    }
  }
  return 0;
}

// Reads a field of a version 5 table. Returns its text, or an empty text if it has none.
static const char *field(const Object *object, const Unit *unit, Bytes *tables, uint64_t form) {
  Bytes texts;
  switch (form) {
    case 0x08: return text(tables);
    case 0x0e: texts = from(object->texts, fixed(tables, unit->offsetSize)); return text(&texts);
    case 0x1f: texts = from(object->lineNames, fixed(tables, unit->offsetSize)); return text(&texts);
    case 0x0b: skip(tables, 1); break;
    case 0x05: skip(tables, 2); break;
    case 0x06: skip(tables, 4); break;
    case 0x07: skip(tables, 8); break;
    case 0x1e: skip(tables, 16); break;
    case 0x0f: unsignedNumber(tables); break;
    case 0x09: skip(tables, unsignedNumber(tables)); break;
    default: tables->at = tables->end;
  }
  return "";
}

// The path of entry `wanted` in the table at this position. Reads the table to its end if it has no such entry.
static const char *entry(const Object *object, const Unit *unit, Bytes *tables, uint64_t wanted) {
  const uint64_t formats = fixed(tables, 1);
  Bytes format = *tables;
  for (uint64_t i = 0; i < 2 * formats; i++) unsignedNumber(tables);
  const uint64_t count = unsignedNumber(tables);
  for (uint64_t i = 0; i < count && tables->at < tables->end; i++) {
    Bytes kinds = format;
    const char *path = "";
    for (uint64_t j = 0; j < formats; j++) {
      const uint64_t kind = unsignedNumber(&kinds);
      const char *read = field(object, unit, tables, unsignedNumber(&kinds));
      if (kind == 1) path = read;
    }
    if (i == wanted) return path;
  }
  return "";
}

static const char *fileName(const Object *object, const Unit *unit, uint64_t wanted) {
  Bytes tables = unit->tables;
  const char *path = "";
  if (unit->version >= 5) {
    entry(object, unit, &tables, UINT64_MAX);
    path = entry(object, unit, &tables, wanted);
  } else {
    while (*text(&tables) != 0) {}
    for (uint64_t i = 1; tables.at < tables.end; i++) {
      const char *name = text(&tables);
      if (*name == 0 || i == wanted) {
        path = name;
        break;
      }
      for (int j = 0; j < 3; j++) unsignedNumber(&tables);
    }
  }
  const char *slash = strrchr(path, '/');
  return slash == NULL ? path : slash + 1;
}

static intptr_t lineOf(const Object *object, uint64_t address, uint64_t start, char *file, intptr_t capacity) {
  for (Bytes lines = object->lines; lines.at < lines.end;) {
    const Unit unit = nextUnit(&lines);
    Row row = {0};
    if (!findRow(&unit, address, start, &row)) continue;
    const char *name = fileName(object, &unit, row.file);
    if (*name == 0) return 0;
    strncpy(file, name, (size_t)capacity - 1);
    file[capacity - 1] = 0;
    return (intptr_t)row.line;
  }
  return 0;
}

intptr_t martlet_source_line(
    const uintptr_t *addresses, intptr_t count, int (*isSkipped)(const char *), char *file, intptr_t capacity) {
  Object object = {0};
  intptr_t line = 0;
  for (intptr_t i = 0; i < count && line == 0; i++) {
    // A return address points after the call.
    Place place = {.address = addresses[i] - 1};
    if (!dl_iterate_phdr(findObject, &place)) continue;
    if (object.file.at == NULL || object.base != place.base) {
      closeObject(&object);
      object.base = place.base;
      openObject(&object, place.path);
    }
    uint64_t start = 0;
    const char *symbol = function(&object, place.address - place.base, &start);
    if (symbol == NULL || isSkipped(symbol)) continue;
    line = lineOf(&object, place.address - place.base, start, file, capacity);
  }
  closeObject(&object);
  return line;
}

#else

intptr_t martlet_source_line(
    const uintptr_t *addresses, intptr_t count, int (*isSkipped)(const char *), char *file, intptr_t capacity) {
  (void)addresses, (void)count, (void)isSkipped, (void)file, (void)capacity;
  return 0;
}

#endif
