#pragma once
// Debian: libvectorscan-dev. pkg-config gives the folder.
#include <hs.h>
