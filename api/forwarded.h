/*
 * api/forwarded.h - the client behind trusted proxies.
 * Why:    behind a proxy every connection has the proxy's address; limits and logs mean the client.
 * Reads:  X-Forwarded-For. Each proxy appends who spoke to it, so from the right the list is true
 *         as far as the proxies are ours; the first hop that is none of them is the client, and
 *         what stands left of it is its own claim.
 */
#ifndef SCR_API_FORWARDED_H
#define SCR_API_FORWARDED_H

#include "api/request.h"
#include "core/base/address.h"

/**
 * Who sent a request.
 * in      request  peer and headers are set; several lines of the field are one list
 * in      trusted  proxies that are believed; nobody else's field is read
 * returns the peer when it is no trusted proxy or names nobody; else the first hop from the right
 *         that is not trusted. Where a trusted proxy wrote what is no address (nothing, "unknown",
 *         a name), that proxy is the last hop that can be believed, and is the client.
 * thread  the request's; alloc none
 */
struct scr_address scr_forwarded_client(const struct scr_request *request,
                                        const struct scr_network_list *trusted);

#endif
