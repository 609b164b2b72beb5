// Calls that a Swift test cannot make in its own process: fork, and computing before `main`.

#ifndef MARTLET_CPROCESS_H
#define MARTLET_CPROCESS_H

#include <stdint.h>

// Runs `body` in a forked process, which exits with the number that `body` returns, and returns that number. Returns −1
// if the process ends in another way or runs longer than `seconds`.
int martlet_in_child(int (*_Nonnull body)(void), unsigned seconds);

// The sum of 1, 2 and 3 that the loops computed before `main`, or 0 if there was no loop yet.
float martlet_sum_before_main(void);

// The result of the program's Swift function `martlet_compute` before `main`.
float martlet_swift_before_main(void);

// Limits the process to `bytes` more bytes of address space than it has. Returns 0 on success.
int martlet_leave_addresses(int64_t bytes);

// Ends the process if it runs longer than `seconds`.
void martlet_end_after(unsigned seconds);

#endif
