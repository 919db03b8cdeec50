#pragma once
#include <microhttpd.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

// The information and option calls of libmicrohttpd are variadic, which Swift cannot call.

static inline const union MHD_ConnectionInfo *martlet_connection_info(struct MHD_Connection *connection,
                                                                      enum MHD_ConnectionInfoType type) {
    return MHD_get_connection_info(connection, type);
}

static inline const union MHD_DaemonInfo *martlet_daemon_info(struct MHD_Daemon *daemon, enum MHD_DaemonInfoType type) {
    return MHD_get_daemon_info(daemon, type);
}

typedef void *(*martlet_uri_callback)(void *context, const char *uri, struct MHD_Connection *connection);

// A daemon without a thread of its own, over a socket that listens already. No idle timeout: each byte would reset it.
static inline struct MHD_Daemon *martlet_start_daemon(int listener, unsigned int connections, void *context,
                                                      MHD_NotifyConnectionCallback connection_changed,
                                                      martlet_uri_callback request_line,
                                                      MHD_AccessHandlerCallback handle,
                                                      MHD_RequestCompletedCallback completed) {
    return MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_TURBO, 0, NULL, NULL, handle, context,
                            MHD_OPTION_LISTEN_SOCKET, listener,
                            MHD_OPTION_CONNECTION_LIMIT, connections,
                            MHD_OPTION_CONNECTION_TIMEOUT, 0u,
                            MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1,
                            MHD_OPTION_NOTIFY_CONNECTION, connection_changed, context,
                            MHD_OPTION_URI_LOG_CALLBACK, request_line, context,
                            MHD_OPTION_NOTIFY_COMPLETED, completed, context, MHD_OPTION_END);
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
