// The request to end a program: Ctrl-C (SIGINT) or SIGTERM.

#ifndef MARTLET_INTERRUPTION_H
#define MARTLET_INTERRUPTION_H

// From now on the first SIGINT or SIGTERM of each kind is only noted; the second ends the program as usual. A signal
// that the program ignores, as in the background of a shell script, stays ignored. Forgets an earlier request.
void martlet_catch_interruptions(void);

// The signal that arrived, or 0.
int martlet_interruption(void);

#endif
