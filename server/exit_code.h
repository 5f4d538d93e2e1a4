/*
 * server/exit_code.h - how the program ends, one number per reason.
 * Why:    scripts and service managers react to the number, people to the sentence on stderr.
 * Reads:  the numbers are those of sysexits(3); a stop that was asked for by a signal is
 *         SCR_EXIT_OK, also when a second signal cut streams off (the log tells how many).
 */
#ifndef SCR_SERVER_EXIT_CODE_H
#define SCR_SERVER_EXIT_CODE_H

enum scr_exit {
    SCR_EXIT_OK = 0,
    SCR_EXIT_USAGE = 64,       /* the command line is wrong */
    SCR_EXIT_UNAVAILABLE = 69, /* the address is taken, a thread or memory refused, not ready */
    SCR_EXIT_INTERNAL = 70,    /* our own mistake: the self-test failed */
    SCR_EXIT_CANNOT_CREATE = 73,
    SCR_EXIT_IO = 74,    /* writing failed: disk full, pipe closed */
    SCR_EXIT_CONFIG = 78 /* wrong, or more than this machine's limits allow */
};

#endif
