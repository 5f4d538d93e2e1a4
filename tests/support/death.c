/*
 * tests/support/death.c - see death.h.
 */
#include "tests/support/death.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static _Noreturn void child(death_act_fn *act, void *context, int error_fd)
{
    const struct rlimit no_core = {0, 0};
    (void)setrlimit(RLIMIT_CORE, &no_core);
    /* cmocka may have its own handler for a failing test: the child wants the plain ending. */
    (void)signal(SIGABRT, SIG_DFL);
    (void)dup2(error_fd, STDERR_FILENO);
    act(context);
    _exit(0);
}

int death_of(death_act_fn *act, void *context, char *said, size_t capacity)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t process = fork();
    assert_true(process >= 0);
    if (process == 0) {
        (void)close(ends[0]);
        child(act, context, ends[1]);
    }
    (void)close(ends[1]);
    size_t used = 0;
    char spare[256];
    ssize_t got = 1;
    while (got > 0) {
        size_t room = capacity - 1 - used;
        got = room > 0 ? read(ends[0], said + used, room) : read(ends[0], spare, sizeof spare);
        if (got > 0 && room > 0) {
            used += (size_t)got;
        }
    }
    said[used] = '\0';
    (void)close(ends[0]);
    int status = 0;
    assert_int_equal(waitpid(process, &status, 0), process);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

void assert_dies(death_act_fn *act, void *context)
{
    char said[512];
    int ending = death_of(act, context, said, sizeof said);
    if (ending != SIGABRT || strstr(said, "assertion failed") == NULL) {
        print_error("ended by signal %d, saying: %s\n", ending, said);
        fail();
    }
}
