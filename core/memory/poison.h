/*
 * core/memory/poison.h - tells AddressSanitizer which memory nobody may touch now.
 * Why:    our own pools hide use-after-release from it; this makes it see again.
 */
#ifndef SCR_MEMORY_POISON_H
#define SCR_MEMORY_POISON_H

#if defined(__SANITIZE_ADDRESS__)
#define SCR_HAS_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SCR_HAS_ASAN 1
#endif
#endif

#ifdef SCR_HAS_ASAN
#include <sanitizer/asan_interface.h>
#define SCR_POISON(memory, bytes) __asan_poison_memory_region((memory), (bytes))
#define SCR_UNPOISON(memory, bytes) __asan_unpoison_memory_region((memory), (bytes))
#else
#define SCR_POISON(memory, bytes) ((void)(memory), (void)(bytes))
#define SCR_UNPOISON(memory, bytes) ((void)(memory), (void)(bytes))
#endif

#endif
