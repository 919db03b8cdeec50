#pragma once
#include <microhttpd.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

// MHD_get_connection_info and MHD_set_connection_option are variadic, which Swift cannot call.

static inline const union MHD_ConnectionInfo *martlet_connection_info(struct MHD_Connection *connection,
                                                                      enum MHD_ConnectionInfoType type) {
    return MHD_get_connection_info(connection, type);
}

static inline const union MHD_DaemonInfo *martlet_daemon_info(struct MHD_Daemon *daemon, enum MHD_DaemonInfoType type) {
    return MHD_get_daemon_info(daemon, type);
}
