#pragma once
#include <errno.h>
#include <malloc.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <linux/sockios.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/vfs.h>

// Calls of Linux that the C library declares for _GNU_SOURCE alone, which Swift's view of it is built without.

extern int syncfs(int descriptor);
extern int renameat2(int from_directory, const char *from, int to_directory, const char *to, unsigned int flags);

// Waits until the whole file system that the descriptor is on has reached the disk; -1 and errno if something did not.
static inline int martlet_sync_file_system(int descriptor) { return syncfs(descriptor); }

// Renames a file unless there is one of the new name: EEXIST. EINVAL where the file system cannot do that.
static inline int martlet_rename_new(int directory, const char *from, const char *to) {
    enum { no_replace = 1 };
    return renameat2(directory, from, directory, to, no_replace);
}

// The magic number of the file system that a path is on; 0 when that cannot be told.
static inline long martlet_file_system(const char *path) {
    struct statfs status;
    return statfs(path, &status) == 0 ? (long)status.f_type : 0;
}

extern int accept4(int socket, struct sockaddr *address, socklen_t *size, int flags);

// Takes a connection that waits: not blocking, closed on exec.
static inline int martlet_accept(int listener, struct sockaddr_storage *address) {
    socklen_t size = sizeof *address;
    return accept4(listener, (struct sockaddr *)address, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

// How many bytes the other side has acknowledged, or 0 when the kernel does not say. The field stands behind those that
// the C library's struct tcp_info declares; its place is fixed by the kernel's interface.
static inline unsigned long long martlet_bytes_acknowledged(int socket) {
    enum { place = 120 };
    unsigned char information[256];
    socklen_t size = sizeof information;
    unsigned long long bytes = 0;
    if (getsockopt(socket, IPPROTO_TCP, TCP_INFO, information, &size) != 0 || size < place + sizeof bytes) return 0;
    memcpy(&bytes, information + place, sizeof bytes);
    return bytes;
}

// How many bytes were written to a socket and not sent yet, because the other side's room is full; 0 when the kernel does
// not say.
static inline int martlet_bytes_unsent(int socket) {
    int bytes = 0;
    return ioctl(socket, SIOCOUTQNSD, &bytes) == 0 ? bytes : 0;
}
