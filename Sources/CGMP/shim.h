#ifndef DOVETAIL_CGMP_SHIM_H
#define DOVETAIL_CGMP_SHIM_H
#include <gmp.h>
#endif
