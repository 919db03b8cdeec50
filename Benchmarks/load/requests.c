#include "requests.h"

#include "common.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct WireRequests requests_read(const char *path) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    struct stat status;
    if (file < 0 || fstat(file, &status) || status.st_size == 0) die("cannot read %s", path);
    const char *bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0);
    if (bytes == MAP_FAILED) die("cannot map %s", path);
    close(file);
    const char *end = bytes + status.st_size;
    struct WireRequests requests = {0};
    size_t room = 0;
    while (bytes < end) {
        struct WireRequest request = {.kind = (uint8_t)*bytes};
        memcpy(&request.size, bytes + 1, 4);
        request.bytes = bytes + 5;
        bytes += 5 + request.size;
        if (bytes > end || request.kind >= KINDS) die("%s is damaged", path);
        if (requests.count == room) {
            room = 2 * room + 1024;
            requests.list = allocate(requests.list, room * sizeof *requests.list);
        }
        requests.list[requests.count++] = request;
    }
    return requests;
}
