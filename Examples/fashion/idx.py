"""Reads and writes IDX arrays of unsigned bytes, gzip-compressed."""

import gzip
import math
import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

UNSIGNED_BYTE = 0x08


def read(path: Path) -> NDArray[np.uint8]:
    """The array stored in a gzip-compressed IDX file."""
    data = gzip.decompress(path.read_bytes())
    zero, kind, rank = struct.unpack_from(">HBB", data)
    if zero != 0 or kind != UNSIGNED_BYTE:
        raise ValueError(f"{path}: not an IDX file of unsigned bytes")
    shape = struct.unpack_from(f">{rank}I", data, 4)
    start = 4 + 4 * rank
    if len(data) - start != math.prod(shape):
        raise ValueError(f"{path}: {len(data) - start} bytes of values, the header says {math.prod(shape)}")
    return np.frombuffer(data, np.uint8, offset=start).reshape(shape)


def write(path: Path, values: NDArray[np.uint8]) -> None:
    """Writes an array so that equal arrays give equal files (no time, no name in the gzip header)."""
    header = struct.pack(f">HBB{values.ndim}I", 0, UNSIGNED_BYTE, values.ndim, *values.shape)
    path.write_bytes(gzip.compress(header + values.tobytes(), compresslevel=9, mtime=0))
