/*
 * tests/torture/saboteur.c - lets chosen allocations of a program fail.
 * Why:    memory that is not there must end in an answer or a sentence, never in a crash; so each
 *         allocation of the real program fails once, and nothing of that is built in.
 * Flow:   LD_PRELOAD -> constructor maps the control file -> every call is numbered; one whose
 *         number is chosen fails with ENOMEM (EAGAIN for a thread), all others go to glibc.
 * Limits: what glibc takes from the kernel by itself (heap growth, thread stacks) is seen only as
 *         the call that asked for it; calls before the constructor (the loader's) are not counted.
 * Memory: none of its own; the control file is one page.
 */
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/torture/saboteur.h"

#define FRAMES_MAX 16

/* What is interposed here, under glibc's own names: no search for it, which would allocate. */
void *scr_heap_malloc(size_t bytes) __asm__("__libc_malloc");
void *scr_heap_calloc(size_t count, size_t bytes) __asm__("__libc_calloc");
void *scr_heap_realloc(void *block, size_t bytes) __asm__("__libc_realloc");
void *scr_heap_memalign(size_t alignment, size_t bytes) __asm__("__libc_memalign");
void scr_heap_free(void *block) __asm__("__libc_free");

typedef int pthread_create_fn(pthread_t *thread,
                              const pthread_attr_t *attributes,
                              void *(*run)(void *),
                              void *context);

/* NULL before the constructor, and when there is no control file. */
static struct saboteur_control *control;
static pthread_create_fn *next_pthread_create;

/* ---- Which call fails ---- */

/* "malloc(24) < scream+0x1234 < libmicrohttpd.so.12+0x5678 ..." */
static void note_where(const char *what, size_t bytes)
{
    void *frames[FRAMES_MAX];
    int count = backtrace(frames, FRAMES_MAX);
    int used = snprintf(control->where, SABOTEUR_WHERE_BYTES, "%s(%zu)", what, bytes);
    /* The first two are this function and its caller. */
    for (int i = 2; i < count && used < SABOTEUR_WHERE_BYTES - 256; i += 1) {
        Dl_info info;
        if (dladdr(frames[i], &info) == 0 || info.dli_fname == NULL) {
            continue;
        }
        const char *slash = strrchr(info.dli_fname, '/');
        used += snprintf(control->where + used,
                         (size_t)(SABOTEUR_WHERE_BYTES - used),
                         " < %.60s+0x%zx",
                         slash == NULL ? info.dli_fname : slash + 1,
                         (size_t)((const char *)frames[i] - (const char *)info.dli_fbase));
    }
}

static bool must_fail(const char *what, size_t bytes)
{
    if (control == NULL) {
        return false;
    }
    uint64_t number = atomic_fetch_add(&control->calls, 1) + 1;
    uint64_t first = atomic_load(&control->fail_first);
    if (number < first || number - first >= atomic_load(&control->fail_count)) {
        return false;
    }
    note_where(what, bytes);
    atomic_fetch_add(&control->failed, 1);
    return true;
}

static void count_live(int64_t change)
{
    if (control != NULL) {
        atomic_fetch_add(&control->live, change);
    }
}

/* ---- The heap ---- */

static void *no_memory(void)
{
    errno = ENOMEM;
    return NULL;
}

void *malloc(size_t bytes)
{
    void *made = must_fail("malloc", bytes) ? no_memory() : scr_heap_malloc(bytes);
    count_live(made != NULL ? 1 : 0);
    return made;
}

void *calloc(size_t count, size_t bytes)
{
    void *made = must_fail("calloc", bytes) ? no_memory() : scr_heap_calloc(count, bytes);
    count_live(made != NULL ? 1 : 0);
    return made;
}

void *realloc(void *block, size_t bytes)
{
    if (block != NULL && bytes == 0) {
        count_live(-1);
        return scr_heap_realloc(block, 0);
    }
    void *made = must_fail("realloc", bytes) ? no_memory() : scr_heap_realloc(block, bytes);
    count_live(made != NULL && block == NULL ? 1 : 0);
    return made;
}

static void *aligned(const char *what, size_t alignment, size_t bytes)
{
    void *made = must_fail(what, bytes) ? no_memory() : scr_heap_memalign(alignment, bytes);
    count_live(made != NULL ? 1 : 0);
    return made;
}

void *aligned_alloc(size_t alignment, size_t bytes)
{
    return aligned("aligned_alloc", alignment, bytes);
}

void *memalign(size_t alignment, size_t bytes);

void *memalign(size_t alignment, size_t bytes)
{
    return aligned("memalign", alignment, bytes);
}

int posix_memalign(void **block, size_t alignment, size_t bytes)
{
    int before = errno;
    void *made = aligned("posix_memalign", alignment, bytes);
    errno = before;
    if (made == NULL) {
        return ENOMEM;
    }
    *block = made;
    return 0;
}

void free(void *block)
{
    count_live(block != NULL ? -1 : 0);
    scr_heap_free(block);
}

/* ---- Pages and threads ---- */

void *mmap(void *address, size_t bytes, int protection, int flags, int fd, off_t offset)
{
    if ((flags & MAP_ANONYMOUS) != 0 && must_fail("mmap", bytes)) {
        errno = ENOMEM;
        return MAP_FAILED;
    }
    return (void *)syscall(SYS_mmap, address, bytes, protection, flags, fd, offset);
}

int pthread_create(pthread_t *restrict thread,
                   const pthread_attr_t *restrict attributes,
                   void *(*run)(void *),
                   void *restrict context)
{
    if (must_fail("pthread_create", 0)) {
        return EAGAIN;
    }
    return next_pthread_create(thread, attributes, run, context);
}

/* ---- Begin ---- */

__attribute__((constructor)) static void begin(void)
{
    void *frames[4];
    const char *path = getenv(SABOTEUR_CONTROL);
    void *found = dlsym(RTLD_NEXT, "pthread_create");
    memcpy(&next_pthread_create, &found, sizeof next_pthread_create);
    /* The first backtrace loads the unwinder, which allocates. */
    (void)backtrace(frames, 4);
    int fd = path == NULL ? -1 : open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0) {
        return;
    }
    void *mapped =
        mmap(NULL, sizeof(struct saboteur_control), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    (void)close(fd);
    control = mapped == MAP_FAILED ? NULL : mapped;
}
