// For TIOCGWINSZ under a strict C standard.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "Terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

int martlet_terminal_columns(int file) {
  struct winsize size;
  if (!isatty(file)) return -1;
  return ioctl(file, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}
