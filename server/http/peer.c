/*
 * server/http/peer.c - who is at the other end of a connection.
 * Why:    see peer.h. The zone of a link-local address is left out: it is this machine's own name
 *         for a wire, and no two clients are told apart by it.
 */
#include "server/http/peer.h"

#include <netinet/in.h>
#include <string.h>

/* ::ffff:0:0/96, where IPv4 lies in IPv6. */
static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

struct scr_address scr_peer_address(const struct sockaddr_storage *address)
{
    struct scr_address peer = {{0}};
    if (address->ss_family == AF_INET) {
        struct sockaddr_in four;
        memcpy(&four, address, sizeof four);
        memcpy(peer.bytes, mapped, sizeof mapped);
        memcpy(peer.bytes + sizeof mapped, &four.sin_addr, sizeof four.sin_addr);
    } else if (address->ss_family == AF_INET6) {
        struct sockaddr_in6 six;
        memcpy(&six, address, sizeof six);
        memcpy(peer.bytes, &six.sin6_addr, sizeof peer.bytes);
    }
    return peer;
}
