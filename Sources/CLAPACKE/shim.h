#ifndef DOVETAIL_CLAPACKE_SHIM_H
#define DOVETAIL_CLAPACKE_SHIM_H
#include <cblas.h>
#include <lapacke.h>
#endif
