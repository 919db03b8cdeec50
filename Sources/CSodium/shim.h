#pragma once
// libsodium 1.0.18 (Debian package libsodium-dev), https://doc.libsodium.org
#include <sodium.h>

/// Takes the library's own generator of random bytes, which the kernel seeds, instead of a call to the kernel each time.
/// To be called before sodium_init().
static inline void martlet_sodium_use_internal_generator(void) {
    randombytes_set_implementation(&randombytes_internal_implementation);
}
