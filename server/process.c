/*
 * server/process.c - small files of /proc and /sys, read without heap.
 * Why:    see process.h. A file that is missing or odd reads as 0: a metric must never stop us.
 */
#include "server/process.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/base/text.h"

#define PATH_BYTES_MAX 1024
#define FILE_BYTES_MAX 8192

/* Where closing one by one ends. */
#define INHERITED_MAX 65536

/* Reads the start of root + path as a string; false when it cannot be. */
static bool read_file(const char *root, const char *path, char content[FILE_BYTES_MAX])
{
    char chars[PATH_BYTES_MAX];
    struct scr_text full;
    size_t used = 0;
    scr_text_init(&full, chars, sizeof chars);
    scr_text_put(&full, root);
    scr_text_put(&full, path);
    int fd = full.overflow ? -1 : open(scr_text_view(&full), O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return false;
    }
    ssize_t got = 1;
    while (got > 0 && used < FILE_BYTES_MAX - 1) {
        got = read(fd, content + used, FILE_BYTES_MAX - 1 - used);
        used += got > 0 ? (size_t)got : 0;
    }
    (void)close(fd);
    content[used] = '\0';
    return got >= 0;
}

/* The number behind a label such as "MemAvailable:"; 0 when there is none. */
static uint64_t number_after(const char *content, const char *label)
{
    const char *at = strstr(content, label);
    return at == NULL ? 0 : strtoull(at + strlen(label), NULL, 10);
}

/* One entry as the kernel writes it (getdents64(2)); the name follows. */
struct folder_entry {
    uint64_t inode;
    int64_t offset;
    unsigned short bytes;
    unsigned char type;
};

/* opendir would take memory from the heap, and /metrics must not. */
static uint64_t count_open_files(void)
{
    _Alignas(struct folder_entry) char entries[4096];
    uint64_t count = 0;
    int fd = open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return 0;
    }
    long got = syscall(SYS_getdents64, fd, entries, sizeof entries);
    while (got > 0) {
        for (long at = 0; at < got; count += 1) {
            unsigned short bytes;
            memcpy(&bytes, entries + at + offsetof(struct folder_entry, bytes), sizeof bytes);
            at += bytes;
        }
        got = syscall(SYS_getdents64, fd, entries, sizeof entries);
    }
    (void)close(fd);
    /* Less ".", ".." and the folder's own descriptor. */
    return count > 3 ? count - 3 : 0;
}

/* Fields of /proc/self/stat behind the name, which may itself hold blanks and brackets. */
static void read_stat(struct scr_process_usage *usage)
{
    char content[FILE_BYTES_MAX];
    double ticks_per_second = (double)sysconf(_SC_CLK_TCK);
    if (!read_file("", "/proc/self/stat", content) || ticks_per_second <= 0) {
        return;
    }
    const char *at = strrchr(content, ')');
    uint64_t fields[32] = {0};
    if (at == NULL || strlen(at) < 4) {
        return;
    }
    /* Field 3 is the state, one letter; the numbers begin with field 4. */
    char *next = NULL;
    at += 3;
    for (unsigned field = 4; field < 25; field += 1) {
        fields[field] = (uint64_t)strtoll(at, &next, 10);
        at = next;
    }
    usage->cpu_seconds = (double)(fields[14] + fields[15]) / ticks_per_second;
    usage->threads = fields[20];
    usage->virtual_bytes = fields[23];
    usage->resident_bytes = fields[24] * (uint64_t)sysconf(_SC_PAGESIZE);
    if (read_file("", "/proc/stat", content)) {
        usage->start_time_seconds =
            (double)number_after(content, "btime ") + (double)fields[22] / ticks_per_second;
    }
}

void scr_process_usage(struct scr_process_usage *usage)
{
    struct rlimit files;
    memset(usage, 0, sizeof *usage);
    read_stat(usage);
    usage->open_fds = count_open_files();
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        usage->max_fds = files.rlim_cur;
    }
}

static void lower(struct scr_memory_room *room, uint64_t bytes, const char *who)
{
    if (bytes < room->bytes) {
        room->bytes = bytes;
        room->who = who;
    }
}

/* The name of the limit's file tells which version it is of. */
#define LIMIT_FILE_2 "memory.max"
#define LIMIT_FILE_1 "memory.limit_in_bytes"

/* One limit file; "max" and the huge number of version 1 mean that there is none. */
static void
lower_by_file(struct scr_memory_room *room, const char *root, const char *path, bool counts_sockets)
{
    char content[FILE_BYTES_MAX];
    if (!read_file(root, path, content) || content[0] < '0' || content[0] > '9') {
        return;
    }
    uint64_t bytes = strtoull(content, NULL, 10);
    if (bytes < UINT64_C(1) << 60) {
        lower(room, bytes, "this container (cgroup)");
        if (counts_sockets && bytes < room->group_bytes) {
            room->group_bytes = bytes;
        }
    }
}

/* The limits of a cgroup and of all above it, up to the mount. */
static void lower_by_group(struct scr_memory_room *room,
                           const char *root,
                           const char *mount,
                           const char *group,
                           const char *file)
{
    size_t length = strlen(group);
    bool more = true;
    while (more) {
        char chars[PATH_BYTES_MAX];
        struct scr_text path;
        while (length > 0 && group[length - 1] == '/') {
            length -= 1;
        }
        scr_text_init(&path, chars, sizeof chars);
        scr_text_put(&path, mount);
        scr_text_put_bytes(&path, group, length);
        scr_text_put(&path, "/");
        scr_text_put(&path, file);
        lower_by_file(room, root, scr_text_view(&path), strcmp(file, LIMIT_FILE_2) == 0);
        more = length > 0;
        while (length > 0 && group[length - 1] != '/') {
            length -= 1;
        }
    }
}

static bool has_word(const char *words, size_t bytes, const char *word)
{
    size_t at = 0;
    while (at < bytes) {
        size_t length = 0;
        while (at + length < bytes && words[at + length] != ',') {
            length += 1;
        }
        if (scr_text_equal(words + at, length, word)) {
            return true;
        }
        at += length + 1;
    }
    return false;
}

/* Lines "id:controllers:/path"; version 2 is the one with no controllers. */
static void lower_by_groups(struct scr_memory_room *room, const char *root)
{
    char content[FILE_BYTES_MAX];
    if (!read_file(root, "/proc/self/cgroup", content)) {
        return;
    }
    char *line = content;
    while (*line != '\0') {
        size_t bytes = strcspn(line, "\n");
        char *next = line + bytes + (line[bytes] == '\n' ? 1 : 0);
        line[bytes] = '\0';
        char *controllers = strchr(line, ':');
        char *group = controllers != NULL ? strchr(controllers + 1, ':') : NULL;
        if (group != NULL) {
            size_t controllers_bytes = (size_t)(group - controllers) - 1;
            if (controllers_bytes == 0) {
                lower_by_group(room, root, "/sys/fs/cgroup", group + 1, LIMIT_FILE_2);
                lower_by_group(room, root, "/sys/fs/cgroup/unified", group + 1, LIMIT_FILE_2);
            } else if (has_word(controllers + 1, controllers_bytes, "memory")) {
                lower_by_group(room, root, "/sys/fs/cgroup/memory", group + 1, LIMIT_FILE_1);
            }
        }
        line = next;
    }
}

struct scr_memory_room scr_memory_room(const char *root)
{
    struct scr_memory_room room = {UINT64_MAX, "nobody", UINT64_MAX};
    char content[FILE_BYTES_MAX];
    struct rlimit space;
    if (read_file(root, "/proc/meminfo", content)) {
        uint64_t kib = number_after(content, "MemAvailable:");
        if (kib > 0) {
            lower(&room, kib * 1024, "this machine");
        }
    }
    lower_by_groups(&room, root);
    if (getrlimit(RLIMIT_AS, &space) == 0 && space.rlim_cur != RLIM_INFINITY) {
        struct scr_process_usage usage = {0};
        scr_process_usage(&usage);
        uint64_t used = usage.virtual_bytes;
        lower(&room, space.rlim_cur > used ? space.rlim_cur - used : 0, "ulimit -v (RLIMIT_AS)");
    }
    return room;
}

uint64_t scr_open_files_raise(uint64_t wanted)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0) {
        return 0;
    }
    if (files.rlim_cur < wanted && files.rlim_cur < files.rlim_max) {
        struct rlimit raised = files;
        raised.rlim_cur = wanted < files.rlim_max ? wanted : files.rlim_max;
        if (setrlimit(RLIMIT_NOFILE, &raised) == 0) {
            return raised.rlim_cur;
        }
    }
    return files.rlim_cur;
}

void scr_process_close_inherited(void)
{
    if (close_range(STDERR_FILENO + 1, ~0U, 0) == 0) {
        return;
    }
    /* A kernel before 5.9, or a sandbox that forbids it: one by one, as far as numbers go today. */
    struct rlimit files;
    rlim_t end = getrlimit(RLIMIT_NOFILE, &files) == 0 ? files.rlim_cur : INHERITED_MAX;
    for (rlim_t fd = STDERR_FILENO + 1; fd < end && fd < INHERITED_MAX; fd += 1) {
        (void)close((int)fd);
    }
}
