#pragma once
// Debian: libpcre2-dev. We match bytes.
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
