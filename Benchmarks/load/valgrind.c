// Lets a program whose main function is asynchronous run under valgrind, which 3.19 ends with a fault of its own when the
// main thread calls sigsuspend after it has given up its thread-specific data. LD_PRELOAD brings this in.
#include <signal.h>
#include <unistd.h>

int sigsuspend(const sigset_t *mask) {
    (void)mask;
    for (;;) pause();
}
