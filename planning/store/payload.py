"""The files a network came in, kept to the byte and packed."""

import zlib

import pyarrow as pa

#: How a Zstandard frame begins (RFC 8878, 3.1.1); what zlib packed, as earlier versions did,
#: begins with 0x78.
_ZSTANDARD = b"\x28\xb5\x2f\xfd"


#: Bytes packed at once, so that packing takes little memory; each time makes a frame.
_FRAME = 16 * 2**20


def packed(data: bytes) -> bytes:
    """A file as the workspace keeps it: Zstandard frames one after the other."""
    codec = _packing()
    starts = range(0, max(len(data), 1), _FRAME)
    return b"".join(codec.compress(data[start : start + _FRAME], asbytes=True) for start in starts)


def unpacked(kept: bytes, size: int) -> bytes:
    """The file again.

    Parameters
    ----------
    kept : what `packed`, or an earlier version, made of it.
    size : bytes of the file.

    Raises
    ------
    ValueError
        It is not as long as it was: the workspace was damaged.
    """
    newer = kept.startswith(_ZSTANDARD)
    data = _packing().decompress(kept, size, asbytes=True) if newer else zlib.decompress(kept)
    if len(data) != size:
        raise ValueError(f"a file of {size} bytes comes back with {len(data)}")
    return bytes(data)


def _packing() -> pa.Codec:
    """Level 1 packs orders ten times as fast as zlib, and smaller."""
    return pa.Codec("zstd", compression_level=1)
