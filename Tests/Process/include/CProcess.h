// The calls that a Swift test cannot make of its own process: fork, and compute before `main`.

#ifndef MARTLET_CPROCESS_H
#define MARTLET_CPROCESS_H

#include <stdint.h>

// Runs `body` in a forked process, which ends with the number that it returns; -1 when it ends otherwise, after
// `seconds` at the latest.
int martlet_in_child(int (*_Nonnull body)(void), unsigned seconds);

// The sum of 1, 2 and 3 as the loops computed it before `main`; 0 if there was no loop yet.
float martlet_sum_before_main(void);

// The same for a Swift function of the program, `martlet_compute`.
float martlet_swift_before_main(void);

// Leaves the process so many bytes of addresses beyond those that it has; 0 when that is done.
int martlet_leave_addresses(int64_t bytes);

// Lets the process end if it lasts longer.
void martlet_end_after(unsigned seconds);

#endif
