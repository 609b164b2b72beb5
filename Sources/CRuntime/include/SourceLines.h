// The source line of a caller, from the line table (DWARF 2 to 5) in the program's file.

#ifndef MARTLET_SOURCE_LINES_H
#define MARTLET_SOURCE_LINES_H

#include <stdint.h>

#pragma clang assume_nonnull begin

// Returns the source line of the first of these return addresses whose function's symbol `isSkipped` does not skip.
// Writes the name of its file, without folders, to `file`. Returns 0 if there is none: the program was stripped, its
// file cannot be read, or the system is not Linux. Each call reads the program's file anew. It keeps nothing, takes no
// lock and starts no thread.
intptr_t martlet_source_line(
    const uintptr_t *addresses, intptr_t count, int (*isSkipped)(const char *symbol), char *file, intptr_t capacity);

#pragma clang assume_nonnull end

#endif
