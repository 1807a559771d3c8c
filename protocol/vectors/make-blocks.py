#!/usr/bin/env python3
"""Makes blocks.tsv from ../dictionary.txt and the plain lines below: run it in this folder, it prints the table."""
import pathlib
import zlib

WORDS = pathlib.Path(__file__).parent.parent.joinpath("dictionary.txt").read_bytes()
ENDING = b" put q2w8rt5n.1/1 1 01hcd4g9s0000 0 - p1"
PUT = "3 put q2w8rt5n.7/1 1 01hcd4gam0000 0 h4m7xk2v.31/1 p15.张百万村 progress 待补合同\n".encode()
LINE = ("+ 1831 01hcd4f2k0000 dangzheng " + PUT[6:].decode() + "= 1831 g1.e5f2a90c41d7b366.1831\n").encode()


def stream(plain, ending=b"", level=9, strategy=zlib.Z_DEFAULT_STRATEGY):
    maker = zlib.compressobj(level, zlib.DEFLATED, -15, 8, strategy, WORDS + ending)
    return maker.compress(plain) + maker.flush()


def length(size):
    octets = bytearray()
    while size > 127:
        octets.append(size & 127 | 128)
        size >>= 7
    return bytes(octets) + bytes([size])


def block(plain, ending=b"", **how):
    deflated = stream(plain, ending, **how)
    return length(len(deflated)) + deflated


def hexadecimal(octets):
    return "".join(f"%{octet:02X}" for octet in octets)


def cell(octets):
    return "".join(chr(o) if 32 <= o < 127 and o != 37 else f"%{o:02X}" for o in octets)


print("# Blocks with their length. Made by make-blocks.py.")
print("# block\tplain, or ! when it is none\tending\twhy it is none")
for plain, ending in ((PUT, ENDING), (PUT, b""), (LINE, b""), (PUT * 10, ENDING), (b"9 ping\n", ENDING), (b"9 pi", b"")):
    print(hexadecimal(block(plain, ending)), cell(plain), cell(ending), "-", sep="\t")
for how in ({"level": 0}, {"strategy": zlib.Z_FIXED}, {"strategy": zlib.Z_HUFFMAN_ONLY}):
    print(hexadecimal(block(PUT, ENDING, **how)), cell(PUT), cell(ENDING), "-", sep="\t")
whole = stream(PUT, ENDING)
for octets, why in (
    (b"\x00", "length"),
    (b"\x80\x00", "length"),
    (b"\x81\x84\x04", "length"),
    (b"\xff\xff\xff", "length"),
    (length(len(whole) - 1) + whole[:-1], "damaged"),
    (length(len(whole) + 1) + whole + b"\x00", "damaged"),
    (length(len(stream(b""))) + stream(b""), "damaged"),
    (b"\x01\x07", "damaged"),
    (b"\x04abcd", "damaged"),
    (block(b"\n" * 65537, ENDING), "expanded"),
    (block(b"\n" * 1000000, ENDING), "expanded"),
):
    print(hexadecimal(octets), "!", cell(ENDING), why, sep="\t")
