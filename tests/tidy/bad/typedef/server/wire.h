/*
 * server/wire.h - an example of what the rule typedef refuses.
 */
typedef struct wire {
    int end;
} wire_t;
