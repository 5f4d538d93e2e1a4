/*
 * server/signals.c - sigwait first, a flag later.
 * Why:    see signals.h. While main drains it cannot wait for a signal, so a handler sets a flag.
 */
#include "server/signals.h"

#include <errno.h>
#include <signal.h>
#include <time.h>

#include <pthread.h>

#include "core/base/assert.h"

#define NS_PER_S INT64_C(1000000000)

static volatile bool hurry;

static void stop_signals(sigset_t *set)
{
    (void)sigemptyset(set);
    (void)sigaddset(set, SIGTERM);
    (void)sigaddset(set, SIGINT);
}

void scr_signals_block(void)
{
    sigset_t set;
    stop_signals(&set);
    int failed = pthread_sigmask(SIG_BLOCK, &set, NULL);
    SCR_ASSERT(failed == 0);
    (void)signal(SIGHUP, SIG_IGN);
    (void)signal(SIGPIPE, SIG_IGN);
}

int scr_signals_wait(void)
{
    sigset_t set;
    int number = 0;
    stop_signals(&set);
    while (sigwait(&set, &number) != 0) {
    }
    return number;
}

bool scr_signals_pause(int64_t duration_ns)
{
    sigset_t set;
    struct timespec until;
    stop_signals(&set);
    SCR_ASSERT(duration_ns >= 0);
    until.tv_sec = (time_t)(duration_ns / NS_PER_S);
    until.tv_nsec = (long)(duration_ns % NS_PER_S);
    /* Interrupted by nothing but a debugger or a stop and continue: then the pause is shorter. */
    return duration_ns > 0 && sigtimedwait(&set, NULL, &until) > 0;
}

static void on_signal(int number)
{
    (void)number;
    hurry = true;
}

const volatile bool *scr_signals_hurry(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    sigset_t set;
    hurry = false;
    (void)sigemptyset(&action.sa_mask);
    int failed = sigaction(SIGTERM, &action, NULL);
    failed |= sigaction(SIGINT, &action, NULL);
    stop_signals(&set);
    failed |= pthread_sigmask(SIG_UNBLOCK, &set, NULL);
    SCR_ASSERT(failed == 0);
    return &hurry;
}

const char *scr_signal_name(int number)
{
    return number == SIGINT ? "SIGINT" : "SIGTERM";
}
