#ifndef MARTLET_TERMINAL_H
#define MARTLET_TERMINAL_H

// The number of columns of a terminal at this moment, 0 if the terminal does not tell, or −1 if the file is no terminal.
int martlet_terminal_columns(int file);

#endif
