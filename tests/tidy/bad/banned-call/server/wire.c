/*
 * server/wire.c - an example of what the rule banned-call refuses.
 */
#include <stdlib.h>

static void *make(void)
{
    return malloc(1);
}

static void say(void)
{
    /* Not found: printf("in a comment"), nor in text: */
    const char *text = "strcpy(a, b)";
    printf ("%s", text);
}
