// Lets the program run under valgrind, and the same each time. LD_PRELOAD brings this in.
#include <signal.h>
#include <unistd.h>

// Valgrind 3.19 ends with a fault of its own when the main thread of a program with an asynchronous main function waits
// for ever, which it does here after it has given up its thread-specific data.
int sigsuspend(const sigset_t *mask) {
    pthread_sigmask(SIG_SETMASK, mask, NULL);
    for (;;) pause();
}

// How long the disk takes decides how many commands share the next batch, and with that what each costs.
int fdatasync(int file) {
    (void)file;
    return 0;
}

int fsync(int file) {
    (void)file;
    return 0;
}
