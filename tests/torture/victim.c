/*
 * tests/torture/victim.c - the program with the saboteur inside.
 * Why:    see victim.h.
 */
#define _GNU_SOURCE
#include "tests/torture/victim.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#define SABOTEUR SCR_BINARY_DIR "/tests/torture/saboteur.so"

bool torture_is_long(void)
{
    return getenv("SCR_TORTURE_LONG") != NULL;
}

static void make_control(struct victim *victim)
{
    (void)snprintf(victim->control_path, sizeof victim->control_path, "/tmp/scream-torture-XXXXXX");
    int fd = mkostemp(victim->control_path, O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(ftruncate(fd, (off_t)sizeof *victim->control), 0);
    void *mapped = mmap(NULL, sizeof *victim->control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    assert_true(mapped != MAP_FAILED);
    victim->control = mapped;
    (void)close(fd);
}

void victim_start(struct victim *victim, const char *const words[], uint64_t first, uint64_t count)
{
    char control[128];
    make_control(victim);
    atomic_store(&victim->control->fail_first, first);
    atomic_store(&victim->control->fail_count, count);
    (void)snprintf(control, sizeof control, SABOTEUR_CONTROL "=%s", victim->control_path);
    const char *const environment[] = {"LD_PRELOAD=" SABOTEUR,
                                       control,
                                       "SCREAM_HTTP_PORT=0",
                                       "SCREAM_ARENA_BYTES=1MiB",
                                       "SCREAM_MAX_CONNECTIONS=32",
                                       NULL};
    program_start(&victim->program, words, environment);
}

void victim_arm(struct victim *victim, uint64_t nth, uint64_t count)
{
    struct saboteur_control *control = victim->control;
    atomic_store(&control->fail_count, 0);
    atomic_store(&control->failed, 0);
    atomic_store(&control->fail_first, atomic_load(&control->calls) + nth);
    atomic_store(&control->fail_count, count);
}

uint64_t victim_disarm(struct victim *victim)
{
    atomic_store(&victim->control->fail_count, 0);
    return atomic_load(&victim->control->failed);
}

void victim_wait(struct victim *victim, struct victim_end *end)
{
    program_wait(&victim->program, &end->program);
    end->failed = atomic_load(&victim->control->failed);
    memcpy(end->where, victim->control->where, sizeof end->where);
    (void)unlink(victim->control_path);
    (void)munmap(victim->control, sizeof *victim->control);
    victim->control = NULL;
}
