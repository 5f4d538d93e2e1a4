/*
 * server/process.h - what the operating system says of this process and this machine.
 * Why:    process_* metrics, and the memory and descriptors a start may count on.
 * Reads:  /proc and /sys/fs/cgroup below a root folder, which tests replace.
 * Source: proc(5), cgroups(7); the kernel's cgroup-v1/memory.txt and cgroup-v2.txt.
 */
#ifndef SCR_SERVER_PROCESS_H
#define SCR_SERVER_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

#include "api/service.h"

/** Fills usage; what cannot be read is 0. Any thread; alloc none. */
void scr_process_usage(struct scr_process_usage *usage);

/* The memory a process may still take, and who says so. */
struct scr_memory_room {
    uint64_t bytes;       /* UINT64_MAX: nobody sets a limit */
    const char *who;      /* "this machine", "this container (cgroup)" ... */
    uint64_t group_bytes; /* limit that counts buffers of sockets too; UINT64_MAX: there is none */
};

/**
 * The least of: MemAvailable, the memory limit of this process's cgroup and of its parents
 * (version 2 or 1), and what RLIMIT_AS leaves. Only a cgroup of version 2 counts the buffers of
 * sockets with it; for a machine the kernel bounds them all together (tcp_mem).
 * in      root   "" for the real files
 */
struct scr_memory_room scr_memory_room(const char *root);

/**
 * Closes every descriptor above standard error. What a parent left open is not counted by any
 * budget, and takes low numbers by which tables are indexed.
 * thread  main, while nothing of ours is open there
 */
void scr_process_close_inherited(void);

/**
 * Raises the soft limit of open files as far as `wanted`, if the hard limit lets it.
 * returns the soft limit now
 */
uint64_t scr_open_files_raise(uint64_t wanted);

#endif
