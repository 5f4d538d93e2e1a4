/*
 * tests/unit/server/process_test.c - what the operating system says.
 * Aim:    the memory room is the least of machine, container and limits, for both versions of
 *         cgroups and for parents; process usage is plausible; open files can be raised.
 * Method: made-up /proc and /sys below a folder of its own; the real /proc for usage.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "server/process.h"

#define MIB (UINT64_C(1) << 20)

static char root[] = "/tmp/scream-process-XXXXXX";

/* Writes root/path, making its folders; NULL removes it. */
static void put(const char *path, const char *content)
{
    char full[512];
    snprintf(full, sizeof full, "%s%s", root, path);
    for (char *at = full + strlen(root) + 1; *at != '\0'; at += 1) {
        if (*at == '/') {
            *at = '\0';
            (void)mkdir(full, 0755);
            *at = '/';
        }
    }
    if (content == NULL) {
        unlink(full);
        return;
    }
    FILE *file = fopen(full, "w");
    assert_non_null(file);
    fputs(content, file);
    fclose(file);
}

static int set_up(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(root));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -r %s", root);
    return system(command);
}

static void the_machine_is_asked_first(void **state)
{
    (void)state;
    put("/proc/meminfo", "MemTotal:  1000 kB\nMemFree: 1 kB\nMemAvailable:   1024 kB\n");
    put("/proc/self/cgroup", "0::/\n");
    struct scr_memory_room room = scr_memory_room(root);
    assert_int_equal(room.bytes, MIB);
    assert_string_equal(room.who, "this machine");
    assert_true(room.group_bytes == UINT64_MAX);
}

static void nothing_known_is_no_limit(void **state)
{
    (void)state;
    put("/proc/meminfo", NULL);
    put("/proc/self/cgroup", NULL);
    assert_true(scr_memory_room(root).bytes == UINT64_MAX);
    put("/proc/meminfo", "MemTotal: 5 kB\n");
    assert_true(scr_memory_room(root).bytes == UINT64_MAX);
    put("/proc/self/cgroup", "nonsense\n0:\n::\n0::\n");
    assert_true(scr_memory_room(root).bytes == UINT64_MAX);
}

static void version_2_counts_parents(void **state)
{
    (void)state;
    put("/proc/meminfo", "MemAvailable: 1048576 kB\n");
    put("/proc/self/cgroup", "0::/pod/container\n");
    put("/sys/fs/cgroup/pod/container/memory.max", "max\n");
    put("/sys/fs/cgroup/pod/memory.max", "67108864\n");
    struct scr_memory_room room = scr_memory_room(root);
    assert_int_equal(room.bytes, 64 * MIB);
    assert_int_equal(room.group_bytes, 64 * MIB);
    assert_string_equal(room.who, "this container (cgroup)");
    put("/sys/fs/cgroup/pod/container/memory.max", "33554432\n");
    assert_int_equal(scr_memory_room(root).bytes, 32 * MIB);
    /* Inside a namespace the path is / and the limit lies at the mount. */
    put("/proc/self/cgroup", "0::/\n");
    put("/sys/fs/cgroup/memory.max", "16777216\n");
    assert_int_equal(scr_memory_room(root).bytes, 16 * MIB);
    put("/sys/fs/cgroup/memory.max", NULL);
}

static void version_1_has_a_controller(void **state)
{
    (void)state;
    put("/proc/self/cgroup", "5:cpu,cpuacct:/a\n4:memory:/docker/abc\n0::/\n");
    put("/sys/fs/cgroup/memory/docker/abc/memory.limit_in_bytes", "8388608\n");
    assert_int_equal(scr_memory_room(root).bytes, 8 * MIB);
    /* This one leaves sockets out. */
    assert_true(scr_memory_room(root).group_bytes == UINT64_MAX);
    put("/sys/fs/cgroup/memory/docker/abc/memory.limit_in_bytes", "9223372036854771712\n");
    assert_int_equal(scr_memory_room(root).bytes, 1024 * MIB);
    put("/sys/fs/cgroup/memory/memory.limit_in_bytes", "4194304\n");
    assert_int_equal(scr_memory_room(root).bytes, 4 * MIB);
    put("/sys/fs/cgroup/memory/memory.limit_in_bytes", NULL);
}

static void usage_is_plausible(void **state)
{
    (void)state;
    struct scr_process_usage before;
    struct scr_process_usage after;
    scr_process_usage(&before);
    int fd = open("/dev/null", O_RDONLY);
    scr_process_usage(&after);
    close(fd);
    assert_int_equal(after.open_fds, before.open_fds + 1);
    assert_int_equal(after.threads, 1);
    assert_true(after.max_fds >= after.open_fds);
    assert_true(after.resident_bytes > 100000 && after.resident_bytes < after.virtual_bytes);
    assert_true(after.cpu_seconds >= 0.0 && after.cpu_seconds < 1e6);
    assert_true(after.start_time_seconds > 1e9);
}

static void open_files_are_raised_up_to_the_hard_limit(void **state)
{
    (void)state;
    struct rlimit before;
    struct rlimit lowered = {.rlim_cur = 64, .rlim_max = 0};
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    lowered.rlim_max = before.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &lowered), 0);
    assert_int_equal(scr_open_files_raise(32), 64);
    assert_int_equal(scr_open_files_raise(100), 100);
    assert_int_equal(scr_open_files_raise(UINT64_MAX), before.rlim_max);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
}

/* In a child: the standard ones stay, whatever is above goes, wherever it lies. */
static void inherited_descriptors_are_closed(void **state)
{
    (void)state;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        int low = open("/dev/null", O_RDONLY);
        int high = fcntl(low, F_DUPFD, 60);
        scr_process_close_inherited();
        bool kept = fcntl(STDIN_FILENO, F_GETFD) >= 0 && fcntl(STDERR_FILENO, F_GETFD) >= 0;
        bool closed = fcntl(low, F_GETFD) < 0 && fcntl(high, F_GETFD) < 0;
        _exit(low > STDERR_FILENO && high >= 60 && kept && closed ? 0 : 1);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_machine_is_asked_first),
        cmocka_unit_test(nothing_known_is_no_limit),
        cmocka_unit_test(version_2_counts_parents),
        cmocka_unit_test(version_1_has_a_controller),
        cmocka_unit_test(usage_is_plausible),
        cmocka_unit_test(inherited_descriptors_are_closed),
        cmocka_unit_test(open_files_are_raised_up_to_the_hard_limit),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
