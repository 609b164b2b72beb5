// The source line of a caller, from the line table (DWARF 2 to 5) that the compiler put into the program's file.

#ifndef MARTLET_SOURCE_LINES_H
#define MARTLET_SOURCE_LINES_H

#include <stdint.h>

#pragma clang assume_nonnull begin

// The line of the first of these return addresses whose function `isSkipped` does not refuse by its symbol; its file's
// name, without folders, goes to `file`. 0 when there is none: the program was stripped, its file cannot be read, or
// the system is not Linux. Reads the program's file anew each time and keeps nothing, takes no lock, starts no thread.
intptr_t martlet_source_line(
    const uintptr_t *addresses, intptr_t count, int (*isSkipped)(const char *symbol), char *file, intptr_t capacity);

#pragma clang assume_nonnull end

#endif
