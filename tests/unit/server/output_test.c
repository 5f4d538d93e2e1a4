/*
 * tests/unit/server/output_test.c - files that appear whole or not at all.
 * Aim:    nothing stands under the name before the commit, nothing stays after an abandon or a
 *         signal; devices, pipes and ways to an open file are written directly; a link to nothing
 *         is refused; every failure leaves its errno.
 * Method: a folder of its own; signals are sent to a child.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
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

#include "core/crypto/blake2b.h"
#include "server/output.h"

static char folder[] = "/tmp/scream-output-XXXXXX";
static struct scr_output output;

static const char *in_folder(const char *name)
{
    static char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static unsigned files_in_folder(void)
{
    DIR *open_folder = opendir(folder);
    unsigned count = 0;
    assert_non_null(open_folder);
    for (struct dirent *entry = readdir(open_folder); entry != NULL; entry = readdir(open_folder)) {
        count += entry->d_name[0] == '.' && strncmp(entry->d_name, ".scream-", 8) != 0 ? 0 : 1;
    }
    closedir(open_folder);
    return count;
}

static void assert_content(const char *path, const char *expected)
{
    char bytes[64] = "";
    int fd = open(path, O_RDONLY);
    assert_true(fd >= 0);
    assert_true(read(fd, bytes, sizeof bytes - 1) >= 0);
    close(fd);
    assert_string_equal(bytes, expected);
}

static int set_up(void **state)
{
    (void)state;
    assert_int_equal(scr_crypto_init(), SCR_OK);
    assert_non_null(mkdtemp(folder));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    return rmdir(folder);
}

static void a_file_appears_at_the_commit(void **state)
{
    (void)state;
    const char *path = in_folder("a.ogg");
    assert_int_equal(scr_output_open(path, &output), SCR_OK);
    assert_false(output.is_direct);
    assert_int_equal(scr_output_write(&output, "abc", 3), SCR_OK);
    assert_int_not_equal(access(path, F_OK), 0);
    assert_int_equal(files_in_folder(), 1);
    assert_int_equal(scr_output_commit(&output), SCR_OK);
    assert_content(path, "abc");
    assert_int_equal(files_in_folder(), 1);
    scr_output_abandon(&output);
    unlink(path);
}

static void an_old_file_stays_until_then_and_keeps_its_rights(void **state)
{
    (void)state;
    const char *path = in_folder("a.ogg");
    struct stat status;
    int fd = open(path, O_WRONLY | O_CREAT, 0600);
    assert_int_equal(write(fd, "old", 3), 3);
    close(fd);
    assert_int_equal(scr_output_open(path, &output), SCR_OK);
    assert_int_equal(scr_output_write(&output, "new", 3), SCR_OK);
    assert_content(path, "old");
    scr_output_abandon(&output);
    assert_content(path, "old");
    assert_int_equal(files_in_folder(), 1);
    assert_int_equal(scr_output_open(path, &output), SCR_OK);
    assert_int_equal(scr_output_write(&output, "new", 3), SCR_OK);
    assert_int_equal(scr_output_commit(&output), SCR_OK);
    assert_content(path, "new");
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    unlink(path);
}

static void a_link_stays_a_link(void **state)
{
    (void)state;
    char target[512];
    struct stat status;
    snprintf(target, sizeof target, "%s", in_folder("target.ogg"));
    close(open(target, O_WRONLY | O_CREAT, 0644));
    const char *path = in_folder("link.ogg");
    assert_int_equal(symlink(target, path), 0);
    assert_int_equal(scr_output_open(path, &output), SCR_OK);
    assert_int_equal(scr_output_write(&output, "abc", 3), SCR_OK);
    assert_int_equal(scr_output_commit(&output), SCR_OK);
    assert_int_equal(lstat(path, &status), 0);
    assert_true(S_ISLNK(status.st_mode));
    assert_content(target, "abc");
    unlink(path);
    unlink(target);
}

static void a_link_to_nothing_is_refused(void **state)
{
    (void)state;
    char target[512];
    snprintf(target, sizeof target, "%s", in_folder("nothing.ogg"));
    const char *path = in_folder("link.ogg");
    assert_int_equal(symlink(target, path), 0);
    assert_int_equal(scr_output_open(path, &output), SCR_ERR_IO);
    assert_int_equal(output.error, ENOENT);
    assert_int_equal(files_in_folder(), 1);
    unlink(path);
}

/* The bytes must come to the file that is open, whatever its name is, or if it has none. */
static void a_way_to_an_open_file_is_written_directly(void **state)
{
    (void)state;
    char link[64];
    char bytes[8] = "";
    const char *path = in_folder("open.ogg");
    for (unsigned removed = 0; removed < 2; removed += 1) {
        int fd = open(path, O_RDWR | O_CREAT, 0644);
        assert_int_equal(write(fd, "older", 5), 5);
        if (removed != 0) {
            unlink(path);
        }
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        assert_int_equal(scr_output_open(link, &output), SCR_OK);
        assert_true(output.is_direct);
        assert_int_equal(scr_output_write(&output, "abc", 3), SCR_OK);
        assert_int_equal(scr_output_commit(&output), SCR_OK);
        assert_int_equal(pread(fd, bytes, sizeof bytes, 0), 3);
        assert_memory_equal(bytes, "abc", 3);
        close(fd);
    }
    assert_int_equal(files_in_folder(), 0);
}

static void standard_output_by_its_other_name_is_appended_to(void **state)
{
    (void)state;
    const char *path = in_folder("open.ogg");
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0644);
    int before = dup(STDOUT_FILENO);
    assert_int_equal(write(fd, "old", 3), 3);
    (void)fflush(stdout);
    assert_int_equal(dup2(fd, STDOUT_FILENO), STDOUT_FILENO);
    enum scr_err opened = scr_output_open("/dev/stdout", &output);
    enum scr_err written = scr_output_write(&output, "new", 3);
    enum scr_err committed = scr_output_commit(&output);
    assert_int_equal(dup2(before, STDOUT_FILENO), STDOUT_FILENO);
    close(before);
    close(fd);
    assert_int_equal(opened, SCR_OK);
    assert_int_equal(written, SCR_OK);
    assert_int_equal(committed, SCR_OK);
    assert_true(output.is_direct);
    assert_content(path, "oldnew");
    unlink(path);
}

static void failures_leave_their_reason(void **state)
{
    (void)state;
    char longer[2 * PATH_MAX];
    assert_int_equal(scr_output_open(folder, &output), SCR_ERR_IO);
    assert_int_equal(output.error, EISDIR);
    assert_int_equal(scr_output_open("/nowhere/at/all.ogg", &output), SCR_ERR_IO);
    assert_int_equal(output.error, ENOENT);
    memset(longer, 'x', sizeof longer);
    longer[sizeof longer - 1] = '\0';
    assert_int_equal(scr_output_open(longer, &output), SCR_ERR_IO);
    assert_int_equal(output.error, ENAMETOOLONG);
    scr_output_abandon(&output);
    assert_int_equal(scr_output_open("/dev/full", &output), SCR_OK);
    assert_true(output.is_direct);
    assert_int_equal(scr_output_write(&output, "abc", 3), SCR_ERR_IO);
    assert_int_equal(output.error, ENOSPC);
    scr_output_abandon(&output);
    assert_int_equal(access("/dev/full", F_OK), 0);
}

static void a_closed_pipe_is_a_failure(void **state)
{
    (void)state;
    int ends[2];
    char path[64];
    assert_int_equal(pipe(ends), 0);
    snprintf(path, sizeof path, "/proc/self/fd/%d", ends[1]);
    assert_int_equal(scr_output_open(path, &output), SCR_OK);
    assert_true(output.is_direct);
    close(ends[0]);
    assert_int_equal(scr_output_write(&output, "abc", 3), SCR_ERR_IO);
    assert_int_equal(output.error, EPIPE);
    scr_output_abandon(&output);
    close(ends[1]);
}

static void a_rename_that_fails_leaves_nothing(void **state)
{
    (void)state;
    const char *path = in_folder("a.ogg");
    assert_int_equal(scr_output_open(path, &output), SCR_OK);
    /* Somebody makes a folder of that name meanwhile. */
    assert_int_equal(mkdir(path, 0755), 0);
    assert_int_equal(scr_output_commit(&output), SCR_ERR_IO);
    assert_int_equal(output.error, EISDIR);
    assert_int_equal(files_in_folder(), 1);
    rmdir(path);
}

static void a_signal_removes_the_half_written_file(void **state)
{
    (void)state;
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGXCPU};
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i += 1) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            const struct rlimit no_core = {0, 0};
            (void)setrlimit(RLIMIT_CORE, &no_core);
            (void)signal(signals[i], SIG_DFL);
            if (scr_output_open(in_folder("a.ogg"), &output) == SCR_OK &&
                scr_output_write(&output, "abc", 3) == SCR_OK) {
                (void)raise(signals[i]);
            }
            _exit(1);
        }
        int status = 0;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status));
        assert_int_equal(WTERMSIG(status), signals[i]);
        assert_int_equal(files_in_folder(), 0);
    }
}

static void after_a_commit_signals_are_as_before(void **state)
{
    (void)state;
    struct sigaction action;
    const char *path = in_folder("a.ogg");
    (void)signal(SIGHUP, SIG_IGN);
    assert_int_equal(scr_output_open(path, &output), SCR_OK);
    assert_int_equal(sigaction(SIGHUP, NULL, &action), 0);
    assert_true(action.sa_handler == SIG_IGN);
    assert_int_equal(sigaction(SIGTERM, NULL, &action), 0);
    assert_true(action.sa_handler != SIG_DFL);
    assert_int_equal(scr_output_commit(&output), SCR_OK);
    assert_int_equal(sigaction(SIGTERM, NULL, &action), 0);
    assert_true(action.sa_handler == SIG_DFL);
    (void)signal(SIGHUP, SIG_DFL);
    unlink(path);
}

int main(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_appears_at_the_commit),
        cmocka_unit_test(an_old_file_stays_until_then_and_keeps_its_rights),
        cmocka_unit_test(a_link_stays_a_link),
        cmocka_unit_test(a_link_to_nothing_is_refused),
        cmocka_unit_test(a_way_to_an_open_file_is_written_directly),
        cmocka_unit_test(standard_output_by_its_other_name_is_appended_to),
        cmocka_unit_test(failures_leave_their_reason),
        cmocka_unit_test(a_closed_pipe_is_a_failure),
        cmocka_unit_test(a_rename_that_fails_leaves_nothing),
        cmocka_unit_test(a_signal_removes_the_half_written_file),
        cmocka_unit_test(after_a_commit_signals_are_as_before),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
