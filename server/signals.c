/*
 * server/signals.c - sigwait first, a flag later.
 * Why:    see signals.h. While main drains it cannot wait for a signal, so a handler sets a flag.
 * Trap:   the kernel spares process 1, as which a container runs us, the default action of a
 *         signal; so even to end at once takes a handler.
 * Hangup: SIGHUP is what people send to make a server read its settings again. There is nothing
 *         to read again yet, and it must not end us: main takes it, and says so once.
 */
#include "server/signals.h"

#include <errno.h>
#include <signal.h>
#include <time.h>

#include <pthread.h>
#include <unistd.h>

#include "core/base/assert.h"
#include "core/base/clock.h"
#include "core/base/log.h"
#include "server/exit_code.h"

#define NS_PER_S INT64_C(1000000000)

static volatile bool hurry;

static void stop_signals(sigset_t *set)
{
    (void)sigemptyset(set);
    (void)sigaddset(set, SIGTERM);
    (void)sigaddset(set, SIGINT);
}

/* Those, and the one that is only taken. */
static void waited_signals(sigset_t *set)
{
    stop_signals(set);
    (void)sigaddset(set, SIGHUP);
}

static void take_hangup(void)
{
    static bool told;
    if (!told) {
        told = true;
        SCR_LOG_EVENT(INFO,
                      "signal ignored",
                      scr_log_text("signal", "SIGHUP"),
                      scr_log_text("detail", "settings are read at the start only"));
    }
}

void scr_signals_block(void)
{
    sigset_t set;
    waited_signals(&set);
    int failed = pthread_sigmask(SIG_BLOCK, &set, NULL);
    SCR_ASSERT(failed == 0);
    /* Blocked, it is kept for sigwait; wherever it is not, it must not be the end either. */
    (void)signal(SIGHUP, SIG_IGN);
    (void)signal(SIGPIPE, SIG_IGN);
}

/* Lets the calling thread be interrupted by the stop signals, from the pending ones on. */
static void unblock_with(void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler};
    sigset_t set;
    (void)sigemptyset(&action.sa_mask);
    int failed = sigaction(SIGTERM, &action, NULL);
    failed |= sigaction(SIGINT, &action, NULL);
    stop_signals(&set);
    failed |= pthread_sigmask(SIG_UNBLOCK, &set, NULL);
    SCR_ASSERT(failed == 0);
}

static void on_early_signal(int number)
{
    (void)number;
    _exit(SCR_EXIT_OK);
}

void scr_signals_end_at_once(void)
{
    unblock_with(on_early_signal);
}

int scr_signals_wait(void)
{
    sigset_t set;
    waited_signals(&set);
    for (;;) {
        int number = 0;
        if (sigwait(&set, &number) != 0) {
            continue;
        }
        if (number != SIGHUP) {
            return number;
        }
        take_hangup();
    }
}

bool scr_signals_pause(int64_t duration_ns)
{
    sigset_t set;
    waited_signals(&set);
    SCR_ASSERT(duration_ns >= 0);
    int64_t until_ns = scr_clock_now_ns(scr_clock_monotonic()) + duration_ns;
    /* A stop and continue interrupts the wait (EINTR); the rest of it is still owed. */
    for (int64_t left_ns = duration_ns; left_ns > 0;
         left_ns = until_ns - scr_clock_now_ns(scr_clock_monotonic())) {
        struct timespec rest = {.tv_sec = (time_t)(left_ns / NS_PER_S),
                                .tv_nsec = (long)(left_ns % NS_PER_S)};
        int number = sigtimedwait(&set, NULL, &rest);
        if (number == SIGHUP) {
            take_hangup();
        } else if (number > 0) {
            return true;
        }
    }
    return false;
}

static void on_signal(int number)
{
    (void)number;
    hurry = true;
}

const volatile bool *scr_signals_hurry(void)
{
    hurry = false;
    unblock_with(on_signal);
    return &hurry;
}

const char *scr_signal_name(int number)
{
    return number == SIGINT ? "SIGINT" : "SIGTERM";
}
