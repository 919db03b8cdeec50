#pragma once
#include <errno.h>
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
