/*
 * server/http/peer.h - who is at the other end of a connection.
 * Why:    the kernel tells it in its own forms; limits, logs and trusted proxies want one.
 * Thread: any; alloc none.
 */
#ifndef SCR_SERVER_HTTP_PEER_H
#define SCR_SERVER_HTTP_PEER_H

#include <sys/socket.h>

#include "core/base/address.h"

/** An IPv4 or IPv6 address as ours; any other family is "::", the address of nobody. */
struct scr_address scr_peer_address(const struct sockaddr_storage *address);

#endif
