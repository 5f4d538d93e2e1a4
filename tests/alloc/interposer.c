/*
 * tests/alloc/interposer.c - stands between the program and the heap, and keeps books.
 * Why:    "no allocation by our code after the first request" is proven on the real program, by
 *         counting who calls; nothing of it is built in.
 * Flow:   LD_PRELOAD -> constructor finds out which addresses are whose -> every call looks up the
 *         nearest caller that is not the C library -> destructor writes the books to a file.
 * Owners: the program itself; libmicrohttpd; any other library; the C library for its own sake.
 * Armed:  by the first accepted connection, or from the start when SCR_INTERPOSER_ARMED is set.
 * Memory: static: a table of the blocks that are alive, one mutex.
 */
#include <execinfo.h>
#include <fcntl.h>
#include <link.h>
#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "tests/alloc/interposer.h"

#define OBJECTS_MAX 64
#define FRAMES_MAX 24
#define BLOCKS_MAX (1U << 17)

/* What is interposed here, under glibc's own names: no search for it, which would allocate. */
void *scr_heap_malloc(size_t bytes) __asm__("__libc_malloc");
void *scr_heap_calloc(size_t count, size_t bytes) __asm__("__libc_calloc");
void *scr_heap_realloc(void *block, size_t bytes) __asm__("__libc_realloc");
void *scr_heap_memalign(size_t alignment, size_t bytes) __asm__("__libc_memalign");
void scr_heap_free(void *block) __asm__("__libc_free");

enum owner {
    OWNER_OURS,
    OWNER_LIBRARY,
    OWNER_OTHER,
    OWNER_SYSTEM,
    OWNER_COUNT
};

/* Where an object's code lies. */
struct object {
    uintptr_t first;
    uintptr_t end;
    enum owner owner;
};

struct block {
    void *address; /* NULL: free place */
    size_t bytes;
    enum owner owner;
};

struct book {
    uint64_t boot_calls; /* allocations before arming */
    uint64_t calls;      /* allocations since */
    uint64_t frees;      /* calls of free since, by this caller */
    uint64_t live_blocks;
    uint64_t live_bytes;
    uint64_t live_bytes_max;
};

static struct object objects[OBJECTS_MAX];
static size_t object_count;
static struct block blocks[BLOCKS_MAX];
static struct book books[OWNER_COUNT];
static uint64_t accepted;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static atomic_bool armed;
static atomic_bool knows_objects;
static char report_path[256];
static _Thread_local bool inside;

/* ---- Who calls ---- */

static enum owner owner_of_name(const char *name)
{
    const char *slash = strrchr(name, '/');
    const char *base = slash == NULL ? name : slash + 1;
    if (base[0] == '\0') {
        return OWNER_OURS;
    }
    if (strncmp(base, "libmicrohttpd.", 14) == 0) {
        return OWNER_LIBRARY;
    }
    bool is_system = strncmp(base, "libc.", 5) == 0 || strncmp(base, "ld-", 3) == 0 ||
                     strncmp(base, "libpthread", 10) == 0 || strstr(base, "interposer") != NULL;
    return is_system ? OWNER_SYSTEM : OWNER_OTHER;
}

static int note_object(struct dl_phdr_info *info, size_t bytes, void *context)
{
    (void)bytes;
    (void)context;
    for (unsigned i = 0; i < info->dlpi_phnum && object_count < OBJECTS_MAX; i += 1) {
        const ElfW(Phdr) *header = &info->dlpi_phdr[i];
        if (header->p_type == PT_LOAD && (header->p_flags & PF_X) != 0) {
            uintptr_t first = info->dlpi_addr + header->p_vaddr;
            objects[object_count] =
                (struct object){first, first + header->p_memsz, owner_of_name(info->dlpi_name)};
            object_count += 1;
        }
    }
    return 0;
}

static enum owner owner_of_address(const void *address)
{
    for (size_t i = 0; i < object_count; i += 1) {
        if ((uintptr_t)address >= objects[i].first && (uintptr_t)address < objects[i].end) {
            return objects[i].owner;
        }
    }
    return OWNER_OTHER;
}

/* The nearest caller outside the C library: who calls strdup() allocates, not the C library. */
static enum owner owner_of_caller(void)
{
    void *frames[FRAMES_MAX];
    int count = backtrace(frames, FRAMES_MAX);
    for (int i = 0; i < count; i += 1) {
        enum owner owner = owner_of_address(frames[i]);
        if (owner != OWNER_SYSTEM) {
            return owner;
        }
    }
    return OWNER_SYSTEM;
}

/* ---- The table of living blocks: linear probing, gaps closed on removal ---- */

static size_t place_of(const void *address)
{
    uint64_t hash = (uint64_t)(uintptr_t)address * UINT64_C(0x9e3779b97f4a7c15);
    return (size_t)(hash >> 40) % BLOCKS_MAX;
}

static void remember(void *address, size_t bytes, enum owner owner)
{
    size_t at = place_of(address);
    if (books[owner].live_blocks > BLOCKS_MAX / 2) {
        /* That many at once is a leak already; the books say so. */
        return;
    }
    while (blocks[at].address != NULL) {
        at = (at + 1) % BLOCKS_MAX;
    }
    blocks[at] = (struct block){address, bytes, owner};
    struct book *book = &books[owner];
    book->live_blocks += 1;
    book->live_bytes += bytes;
    if (book->live_bytes > book->live_bytes_max) {
        book->live_bytes_max = book->live_bytes;
    }
}

/* Moves later blocks of the chain into the gap, so that every block is still found. */
static void close_gap(size_t gap)
{
    size_t at = (gap + 1) % BLOCKS_MAX;
    while (blocks[at].address != NULL) {
        size_t home = place_of(blocks[at].address);
        size_t from_home = (at - home) % BLOCKS_MAX;
        size_t from_gap = (at - gap) % BLOCKS_MAX;
        if (from_home >= from_gap) {
            blocks[gap] = blocks[at];
            gap = at;
        }
        at = (at + 1) % BLOCKS_MAX;
    }
    blocks[gap].address = NULL;
}

static void forget(const void *address)
{
    for (size_t at = place_of(address); blocks[at].address != NULL; at = (at + 1) % BLOCKS_MAX) {
        if (blocks[at].address == address) {
            books[blocks[at].owner].live_blocks -= 1;
            books[blocks[at].owner].live_bytes -= blocks[at].bytes;
            close_gap(at);
            return;
        }
    }
}

/* ---- The books ---- */

/* One call: what it took away, what it gave. Calls made while keeping books are not kept. */
static void keep(const void *freed, void *made, size_t bytes)
{
    if (!atomic_load(&knows_objects) || inside || (freed == NULL && made == NULL)) {
        return;
    }
    inside = true;
    enum owner owner = owner_of_caller();
    (void)pthread_mutex_lock(&mutex);
    if (freed != NULL) {
        books[owner].frees += atomic_load(&armed) && made == NULL ? 1 : 0;
        forget(freed);
    }
    if (made != NULL && atomic_load(&armed)) {
        books[owner].calls += 1;
        remember(made, bytes, owner);
    } else if (made != NULL) {
        books[owner].boot_calls += 1;
    }
    (void)pthread_mutex_unlock(&mutex);
    inside = false;
}

void *malloc(size_t bytes)
{
    void *made = scr_heap_malloc(bytes);
    keep(NULL, made, bytes);
    return made;
}

void *calloc(size_t count, size_t bytes)
{
    void *made = scr_heap_calloc(count, bytes);
    keep(NULL, made, count * bytes);
    return made;
}

void *realloc(void *block, size_t bytes)
{
    void *made = scr_heap_realloc(block, bytes);
    keep(made != NULL || bytes == 0 ? block : NULL, made, bytes);
    return made;
}

void *aligned_alloc(size_t alignment, size_t bytes)
{
    void *made = scr_heap_memalign(alignment, bytes);
    keep(NULL, made, bytes);
    return made;
}

void *memalign(size_t alignment, size_t bytes)
{
    return aligned_alloc(alignment, bytes);
}

int posix_memalign(void **block, size_t alignment, size_t bytes)
{
    void *made = scr_heap_memalign(alignment, bytes);
    if (made == NULL) {
        return 12; /* ENOMEM; errno belongs to the caller */
    }
    keep(NULL, made, bytes);
    *block = made;
    return 0;
}

void free(void *block)
{
    /* Before: afterwards another thread may get the same address. */
    keep(block, NULL, 0);
    scr_heap_free(block);
}

/* By another name in C: the declaration in sys/socket.h has a union for its address. */
int scr_interposed_accept4(int listener, void *address, void *bytes, int flags) __asm__("accept4");

int scr_interposed_accept4(int listener, void *address, void *bytes, int flags)
{
    int fd = (int)syscall(SYS_accept4, listener, address, bytes, flags);
    if (fd >= 0) {
        (void)pthread_mutex_lock(&mutex);
        accepted += 1;
        (void)pthread_mutex_unlock(&mutex);
        atomic_store(&armed, true);
    }
    return fd;
}

/* ---- Begin and end ---- */

__attribute__((constructor)) static void begin(void)
{
    void *frames[4];
    const char *path = getenv(SCR_INTERPOSER_REPORT);
    (void)snprintf(report_path, sizeof report_path, "%s", path == NULL ? "" : path);
    /* The first backtrace loads the unwinder, which allocates. */
    inside = true;
    (void)backtrace(frames, 4);
    (void)dl_iterate_phdr(note_object, NULL);
    /* The C library reads the time zone once, at the first Date header, and keeps it for ever. */
    tzset();
    inside = false;
    atomic_store(&armed, getenv(SCR_INTERPOSER_ARMED) != NULL);
    atomic_store(&knows_objects, true);
}

__attribute__((destructor)) static void end(void)
{
    static const char *const names[OWNER_COUNT] = {"ours", "library", "other", "system"};
    char text[2048];
    int used = snprintf(text, sizeof text, "accepted %llu\n", (unsigned long long)accepted);
    atomic_store(&knows_objects, false);
    for (unsigned i = 0; i < OWNER_COUNT; i += 1) {
        const struct book *book = &books[i];
        used += snprintf(text + used,
                         sizeof text - (size_t)used,
                         "%s %llu %llu %llu %llu %llu %llu\n",
                         names[i],
                         (unsigned long long)book->boot_calls,
                         (unsigned long long)book->calls,
                         (unsigned long long)book->frees,
                         (unsigned long long)book->live_blocks,
                         (unsigned long long)book->live_bytes,
                         (unsigned long long)book->live_bytes_max);
    }
    int fd = open(report_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd >= 0) {
        ssize_t written = write(fd, text, (size_t)used);
        (void)written;
        (void)close(fd);
    }
}
